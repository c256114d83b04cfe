"""A frame of records prepared at once: names through Python once per distinct spelling, the rest by columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from passerelles.linkage.engine import names
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import WEIGHTED, glued, name_keys, whole_keys

RECORD_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "family_name": pl.String,
    "given_names": pl.String,
    "birth_name": pl.String,
    "birth_date": pl.Date,
    "birth_date_estimated": pl.Boolean,
    "sex": pl.String,
    "country": pl.String,
    "postcode": pl.String,
    "city": pl.String,
    "address": pl.String,
    "email": pl.String,
    "phone": pl.String,
    "foreigner_number": pl.String,
    "nir": pl.String,
    "ft_number": pl.String,
}
"""The columns of `engine.records.Record`; any may be missing from a frame."""


def prepare_frame(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The columns of `engine.records.prepare` and of `Model.weigh`, in the order of `frame`, plus `row` (0…)."""
    told = _complete(frame)
    family, given = _glued(told["family_name"], names.family), _glued(told["given_names"], names.given)
    alone = (given != "") & ((family == "") | (family == given))
    told = told.with_columns(
        family_name=pl.when(alone).then(told["given_names"]).otherwise(told["family_name"]),
        given_names=pl.when(alone).then(pl.lit("")).otherwise(told["given_names"]),
    )
    born, md = pl.col("birth_date"), pl.col("birth_date").dt.strftime("%m-%d")
    prepared = told.select(
        *_family("family_name", "family", told),
        *_family("birth_name", "birth", told),
        *_given(told),
        born=born.dt.strftime("%Y-%m-%d").fill_null(""),
        born_md=md.fill_null(""),
        born_dm=born.dt.strftime("%d-%m").fill_null(""),
        born_year=born.dt.year().cast(pl.String).fill_null(""),
        estimated=(born.is_not_null() & (pl.col("birth_date_estimated") | md.is_in(["01-01", "12-31"]))).fill_null(
            False
        ),
        sex="sex",
        country="country",
        postcode="postcode",
        department=pl.when(pl.col("postcode").str.contains("^(97|98)"))
        .then(pl.col("postcode").str.slice(0, 3))
        .otherwise(pl.col("postcode").str.slice(0, 2)),
        city=_mapped(told["city"], glued, pl.String),
        address=_mapped(told["address"], glued, pl.String),
        email=pl.col("email").str.to_lowercase(),
        phone="phone",
        agdref="foreigner_number",
        nir=pl.col("nir").str.slice(0, 13),
        ft="ft_number",
    )
    rarities = {
        bits: _mapped(prepared[column], partial(model.rarity, column), pl.Float64) for column, bits in WEIGHTED.items()
    }
    return prepared.with_columns(**rarities).with_row_index("row")


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    there = set(frame.columns)
    columns = []
    for name, dtype in RECORD_COLUMNS.items():
        column = pl.col(name).cast(dtype) if name in there else pl.lit(None, dtype=dtype).alias(name)
        if dtype == pl.String:
            column = column.fill_null("")
        elif dtype == pl.Boolean:
            column = column.fill_null(False)
        columns.append(column)
    return frame.select(columns)


def _mapped(column: pl.Series, function: Callable[[str], Any], dtype: Any) -> pl.Series:
    """`function` applied once per distinct value."""
    values = column.unique()
    results = pl.Series([function(value) for value in values], dtype=dtype)
    return column.replace_strict(values, results, return_dtype=dtype)


def _glued(column: pl.Series, function: Callable[[str], names.Name]) -> pl.Series:
    return _mapped(column, lambda text: function(text).glued, pl.String)


def _derived(column: pl.Series, dtypes: dict[str, Any], function: Callable[[str], tuple[Any, ...]]) -> list[pl.Series]:
    """Several columns at once, `function` applied once per distinct value."""
    values = column.unique()
    found = zip(*map(function, values), strict=True) if len(values) else [()] * len(dtypes)
    table = pl.DataFrame(
        {"key": values}
        | {
            name: _lists(results, dtype.inner) if isinstance(dtype, pl.List) else pl.Series(results, dtype=dtype)
            for (name, dtype), results in zip(dtypes.items(), found, strict=True)
        }
    ).with_row_index("at")
    at = pl.DataFrame({"key": column}).join(table.select("key", "at"), on="key", how="left", maintain_order="left")[
        "at"
    ]
    return [table[name].gather(at).alias(name) for name in dtypes]


def _lists(values: Sequence[Sequence[Any]], dtype: Any) -> pl.Series:
    """A column of lists; polars would build one series for each."""
    lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    flat = pl.DataFrame(
        {
            "at": pl.Series(np.repeat(np.arange(len(values)), lengths)),
            "value": pl.Series(list(chain.from_iterable(values)), dtype=dtype),
        }
    )
    grouped = flat.group_by("at", maintain_order=True).agg("value")
    every = pl.DataFrame({"at": pl.Series(np.arange(len(values)))})
    return every.join(grouped, on="at", how="left", maintain_order="left")["value"].fill_null(
        pl.Series([[]], dtype=pl.List(dtype))
    )


def _family(source: str, name: str, told: pl.DataFrame) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = names.family(text)
        return found.glued, sorted(name_keys(found)), _tokens(found)

    dtypes = {name: pl.String(), f"{name}_keys": pl.List(pl.Int64), f"{name}_tokens": pl.List(pl.String)}
    columns = _derived(told[source], dtypes, derived)
    return columns if name == "family" else columns[:2]


def _given(told: pl.DataFrame) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = names.given(text)
        return found.glued, found.first, _tokens(found), sorted(name_keys(found)), sorted(whole_keys(found.first))

    dtypes = {
        "given": pl.String(),
        "first": pl.String(),
        "given_tokens": pl.List(pl.String),
        "given_keys": pl.List(pl.Int64),
        "first_keys": pl.List(pl.Int64),
    }
    return _derived(told["given_names"], dtypes, derived)


def _tokens(name: names.Name) -> list[str]:
    return sorted({token for token in name.tokens if len(token) > 1})
