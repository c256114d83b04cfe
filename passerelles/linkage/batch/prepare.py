"""A frame of records prepared at once: names through Python once per distinct spelling, the rest by columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

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
    return column.replace_strict(values, results, return_dtype=dtype) if dtype != pl.List else results


def _glued(column: pl.Series, function: Callable[[str], names.Name]) -> pl.Series:
    return _mapped(column, lambda text: function(text).glued, pl.String)


def _joined(column: pl.Series, columns: dict[str, tuple[Any, Callable[[str], Any]]]) -> list[pl.Series]:
    """Several derived columns, computed once per distinct value and joined back in order."""
    values = column.unique()
    table = pl.DataFrame({"key": values}).with_columns(
        *(pl.Series(name, [function(v) for v in values], dtype=dtype) for name, (dtype, function) in columns.items())
    )
    back = pl.DataFrame({"key": column}).join(table, on="key", how="left", maintain_order="left")
    return [back[name] for name in columns]


def _family(source: str, name: str, told: pl.DataFrame) -> list[pl.Series]:
    columns: dict[str, tuple[Any, Callable[[str], Any]]] = {
        name: (pl.String, lambda text: names.family(text).glued),
        f"{name}_keys": (pl.List(pl.Int64), lambda text: _sorted(name_keys(names.family(text)))),
    }
    if name == "family":
        columns["family_tokens"] = (pl.List(pl.String), lambda text: _tokens(names.family(text)))
    return _joined(told[source], columns)


def _given(told: pl.DataFrame) -> list[pl.Series]:
    return _joined(
        told["given_names"],
        {
            "given": (pl.String, lambda text: names.given(text).glued),
            "first": (pl.String, lambda text: names.given(text).first),
            "given_tokens": (pl.List(pl.String), lambda text: _tokens(names.given(text))),
            "given_keys": (pl.List(pl.Int64), lambda text: _sorted(name_keys(names.given(text)))),
            "first_keys": (pl.List(pl.Int64), lambda text: _sorted(whole_keys(names.given(text).first))),
        },
    )


def _tokens(name: names.Name) -> list[str]:
    return _sorted(token for token in name.tokens if len(token) > 1)


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(set(values))
