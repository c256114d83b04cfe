"""A frame of records prepared at once: names through Python once per distinct spelling, the rest by columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from passerelles.core.cycles import without_cycle_collection
from passerelles.linkage.engine import names
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import SETTLED_NIR, department_of, glued, name_keys, whole_keys

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


@without_cycle_collection()
def prepare_frame(frame: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The columns of `engine.records.prepare` and of `Model.weigh`, in the order of `frame`, plus `row` (0…)."""
    told = _complete(frame)
    family, given = _glued(told["family_name"], names.family), _glued(told["given_names"], names.given)
    alone = (given != "") & ((family == "") | (family == given))
    told = told.with_columns(
        family_name=pl.when(alone).then(told["given_names"]).otherwise(told["family_name"]),
        given_names=pl.when(alone).then(pl.lit("")).otherwise(told["given_names"]),
    )
    return (
        told.select(
            *_family(told["family_name"], model),
            *_birth(told["birth_name"]),
            *_given(told["given_names"], model),
            *_dates(told.select("birth_date", "birth_date_estimated")),
            *_postcode(told["postcode"], model),
            *_address(told["address"], model),
            city=_mapped(told["city"], glued, pl.String),
            sex="sex",
            country="country",
            email=pl.col("email").str.to_lowercase(),
            phone="phone",
            agdref="foreigner_number",
            nir=pl.col("nir").str.slice(0, 13),
            nir_unsettled=~pl.col("nir").str.contains(f"^{SETTLED_NIR.pattern}"),
            ft="ft_number",
        )
        .with_columns(
            _unless_single("first_bits", "single_bits"), _unless_single("first_keys_bits", "single_keys_bits")
        )
        .drop("single_bits", "single_keys_bits")
        .with_columns(
            names_bits=pl.col("family_bits") + pl.col("first_bits"),
            names_keys_bits=pl.col("family_keys_bits") + pl.col("first_keys_bits"),
        )
        .with_row_index("row")
    )


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


_NUMBERS, _WORDS = pl.List(pl.Int64), pl.List(pl.String)


def _family(column: pl.Series, model: Model) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = names.family(text)
        keys = name_keys(found)
        bits = model.rarity("family", found.glued), model.rarity("family_keys", keys)
        single = model.rarity("first", found.glued), model.rarity("first_keys", keys)
        return found.glued, sorted(keys), _tokens(found), *bits, *single

    dtypes = {"family": pl.String(), "family_keys": _NUMBERS, "family_tokens": _WORDS}
    bits = ("family_bits", "family_keys_bits", "single_bits", "single_keys_bits")
    return _derived(column, dtypes | dict.fromkeys(bits, pl.Float64()), derived)


def _unless_single(bits: str, single: str) -> pl.Expr:
    """The only name of a person counts as a given name."""
    return pl.when(pl.col("given") == "").then(pl.col(single)).otherwise(pl.col(bits)).alias(bits)


def _birth(column: pl.Series) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = names.family(text)
        return found.glued, sorted(name_keys(found))

    return _derived(column, {"birth": pl.String(), "birth_keys": _NUMBERS}, derived)


def _given(column: pl.Series, model: Model) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = names.given(text)
        keys = whole_keys(found.first)
        bits = model.rarity("first", found.first), model.rarity("first_keys", keys)
        return found.glued, found.first, _tokens(found), sorted(name_keys(found)), sorted(keys), *bits

    dtypes = {
        "given": pl.String(),
        "first": pl.String(),
        "given_tokens": _WORDS,
        "given_keys": _NUMBERS,
        "first_keys": _NUMBERS,
        "first_bits": pl.Float64(),
        "first_keys_bits": pl.Float64(),
    }
    return _derived(column, dtypes, derived)


def _dates(told: pl.DataFrame) -> list[pl.Series]:
    """Once for each day: there are far fewer than records."""
    born = pl.col("birth_date")
    year, md = born.dt.year(), born.dt.strftime("%m-%d")
    days = told["birth_date"].unique().to_frame()
    texts = days.with_columns(
        born=born.dt.strftime("%Y-%m-%d").fill_null(""),
        born_md=md.fill_null(""),
        born_dm=born.dt.strftime("%d-%m").fill_null(""),
        born_year=year.cast(pl.String).fill_null(""),
        born_next=(year + 1).cast(pl.String).fill_null(""),
        attributed=md.is_in(["01-01", "12-31"]).fill_null(False),
    )
    found = told.join(texts, on="birth_date", how="left", nulls_equal=True, maintain_order="left")
    return found.select(
        "born", "born_md", "born_dm", "born_year", "born_next",
        estimated=born.is_not_null() & (pl.col("birth_date_estimated") | pl.col("attributed")),
    ).get_columns()  # fmt: skip


def _postcode(column: pl.Series, model: Model) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        department = department_of(text)
        return text, department, model.rarity("postcode", text), model.rarity("department", department)

    bits = dict.fromkeys(("postcode_bits", "department_bits"), pl.Float64())
    return _derived(column, {"postcode": pl.String(), "department": pl.String()} | bits, derived)


def _address(column: pl.Series, model: Model) -> list[pl.Series]:
    def derived(text: str) -> tuple[Any, ...]:
        found = glued(text)
        return found, model.rarity("address", found)

    return _derived(column, {"address": pl.String(), "address_bits": pl.Float64()}, derived)


def _tokens(name: names.Name) -> list[str]:
    return sorted({token for token in name.tokens if len(token) > 1})
