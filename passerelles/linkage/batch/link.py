"""Candidates, scores and assignment of two prepared frames, in DuckDB.

Budget: 130,000 × 650,000 records in 30 s and 3 GiB on two cores. The weights are the same SQL as the look-up in
PostgreSQL; the parity is a test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from passerelles.linkage.engine.answers import MOST_BITS
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.conditions import Dialect
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.sql import columns_sql, level_sql, total_sql

MOST_IN_BLOCK = 300
"""A key shared by more records than this on the larger side (a shelter's telephone) proposes no pair by itself."""
SLICE = 2_000_000
"""Pairs scored at a time: each slice reads both lists again."""

_IDENTIFIERS = ("agdref", "nir", "ft", "email", "phone")


@dataclass(frozen=True, slots=True)
class Linked:
    """The pairs of one run: `left` and `right` rows, `bits`, one line per candidate kept."""

    pairs: pl.DataFrame
    candidates: int


def keys_sql(table: str, *, wide: bool = False) -> str:
    """(row, k) for every blocking key of a prepared table: the rules of `engine.blocking`, as columns.

    `wide` adds rules that cost more pairs than they are worth on large lists of one country, and that small lists with
    many mistakes need.
    """
    parts = [f"SELECT row, hash('{name}', {name}) AS k FROM {table} WHERE {name} <> ''" for name in _IDENTIFIERS]
    parts += [
        f"SELECT row, hash('year', least(f, g), greatest(f, g), born_year) FROM {table}_names WHERE born_year <> ''",
        f"SELECT row, hash('place', least(f, g), greatest(f, g), department) FROM {table}_names WHERE department <> ''",
        f"SELECT row, hash('born', born, sex, department) FROM {table} "
        "WHERE born <> '' AND NOT estimated AND sex <> '' AND department <> ''",
        f"SELECT row, hash('name', unnest(list_distinct(family_keys || birth_keys || given_keys)), born) "
        f"FROM {table} WHERE born <> ''",
    ]
    parts += [
        f"SELECT row, hash('home_{part}', postcode, address, {part}) FROM {table} "
        f"WHERE born <> '' AND postcode <> '' AND address <> ''"
        for part in ("born_year", "born_md")
    ]
    if wide:
        families = "list_distinct(family_keys || birth_keys)"
        parts += [
            f"SELECT row, hash('address', address) FROM {table} WHERE address <> ''",
            f"SELECT row, hash('family_post', unnest({families}), postcode) FROM {table} WHERE postcode <> ''",
            f"SELECT row, hash('first_post', unnest(first_keys), postcode) FROM {table} WHERE postcode <> ''",
            f"SELECT row, hash('first_day', unnest(first_keys), born_md) FROM {table} WHERE born_md <> ''",
            f"SELECT row, hash('family_city', unnest({families}), city) FROM {table} WHERE city <> ''",
            f"SELECT row, hash('first_city', unnest(first_keys), city) FROM {table} WHERE city <> ''",
            f"SELECT row, hash('family_year', unnest({families}), born_year) FROM {table} WHERE born_year <> ''",
            f"SELECT row, hash('names', least(f, g), greatest(f, g)) FROM {table}_names",
            f"SELECT row, hash('post_city', postcode, city) FROM {table} WHERE postcode <> '' AND city <> ''",
            f"SELECT row, hash('start', left(family, 3)) FROM {table} WHERE length(family) > 2",
            f"SELECT row, hash('city_year', city, born_year) FROM {table} WHERE city <> '' AND born_year <> ''",
            f"SELECT row, hash('post_year', postcode, born_year) FROM {table} WHERE postcode <> '' AND born_year <> ''",
            f"SELECT row, hash('post_street', postcode, right(address, 6)) FROM {table} "
            "WHERE postcode <> '' AND address <> ''",
            f"SELECT row, hash('born', born) FROM {table} WHERE born <> ''",
        ]
    return " UNION ALL ".join(parts)


class Engine:
    """One in-memory DuckDB, two prepared frames."""

    def __init__(self, left: pl.DataFrame, right: pl.DataFrame | None = None, *, threads: int = 2, memory: str = "2GB"):
        self.base = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory})
        self.base.execute("SET enable_progress_bar = false")
        self.alone = right is None
        self._load("a", left)
        if right is not None:
            self._load("b", right)

    def _load(self, name: str, frame: pl.DataFrame) -> None:
        # Through a file: handing a frame over in memory would need pyarrow, 170 MB for this one line.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "frame.parquet"
            frame.write_parquet(path, compression="uncompressed")
            self.base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")

    def frame(self, query: str) -> pl.DataFrame:
        """The result of a query, columns of numbers only."""
        columns = self.base.execute(query).fetchnumpy()
        return pl.DataFrame({name: pl.Series(values) for name, values in columns.items()})

    def find_candidates(self, *, wide: bool = False) -> int:
        """The table `pair` of candidates, each once; how many. A list against itself gives each pair in one order."""
        other = "a" if self.alone else "b"
        for table in dict.fromkeys(("a", other)):
            self.base.execute(
                f"""CREATE OR REPLACE TEMP TABLE {table}_names AS
                    SELECT * EXCLUDE first_keys, unnest(first_keys) AS g FROM (
                      SELECT row, born_year, department, first_keys,
                             unnest(list_distinct(family_keys || birth_keys)) AS f FROM {table})"""
            )
            # Only keys of the first list can pair: counting and undoubling all those of the other is half of the time.
            shared = "" if table == "a" else "WHERE k IN (SELECT k FROM a_keys)"
            self.base.execute(
                f"CREATE OR REPLACE TEMP TABLE {table}_keys AS "
                f"SELECT DISTINCT row, k FROM ({keys_sql(table, wide=wide)}) {shared}"
            )
            self.base.execute(f"DROP TABLE {table}_names")
        order = "AND l.row < r.row" if self.alone else ""
        self.base.execute(
            f"""CREATE OR REPLACE TABLE pair AS
                WITH crowded AS (SELECT k FROM {other}_keys GROUP BY k HAVING count(*) > {MOST_IN_BLOCK})
                SELECT DISTINCT l.row AS left, r.row AS right
                FROM a_keys l JOIN {other}_keys r ON l.k = r.k {order}
                WHERE l.k NOT IN (SELECT k FROM crowded)"""
        )
        for table in dict.fromkeys(("a", other)):
            self.base.execute(f"DROP TABLE {table}_keys")
        return self._number("SELECT count(*) FROM pair")

    def score(self, model: Model, *, at_least: float, progress: Callable[[int, int], None] | None = None) -> Linked:
        """Every candidate whose weight is `at_least` (bits), with its weight."""
        total = self._number("SELECT count(*) FROM pair")
        other = "a" if self.alone else "b"
        found = []
        for start in range(0, total, SLICE):
            found.append(
                self.frame(
                    f"""SELECT * FROM (
                          SELECT weighed.left, weighed.right, {total_sql(model)} AS bits FROM (
                          SELECT p.left, p.right, {columns_sql(model, Dialect.DUCKDB)}
                          FROM (SELECT * FROM pair WHERE rowid BETWEEN {start} AND {start + SLICE - 1}) p
                          JOIN a l ON l.row = p.left JOIN {other} r ON r.row = p.right) weighed)
                        WHERE bits >= {at_least!r}"""
                )
            )
            if progress:
                progress(min(start + SLICE, total), total)
        empty = pl.DataFrame(schema={"left": pl.UInt32, "right": pl.UInt32, "bits": pl.Float64})
        pairs = pl.concat(found) if found else empty
        return Linked(pairs.sort("bits", "left", "right", descending=[True, False, False]), total)

    def levels(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The level of each comparison for the given (left, right): what training counts and reasons tell."""
        other = "a" if self.alone else "b"
        self._load("asked", pairs.select("left", "right"))
        columns = ", ".join(f"{level_sql(c, Dialect.DUCKDB)} AS {c.code}" for c in COMPARISONS)
        found = self.frame(
            f"SELECT p.left, p.right, {columns} FROM asked p "
            f"JOIN a l ON l.row = p.left JOIN {other} r ON r.row = p.right"
        )
        self.base.execute("DROP TABLE asked")
        return found

    def _number(self, query: str) -> int:
        row = self.base.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self.base.close()


def with_probability(pairs: pl.DataFrame, *, rivals: bool) -> pl.DataFrame:
    """`pairs` (left, right, bits) with the probability of each.

    `rivals`: both lists are lists of persons, so that the likely partners of a record take from one another: two equal
    ones have half of the chances each. Measured on the labelled base, this is what makes a probability mean what it
    says; without it, the pairs told to be 0.7 hold in one case of two.
    """
    chances = pl.lit(2.0).pow(pl.col("bits").clip(upper_bound=MOST_BITS))
    if not rivals:
        return pairs.with_columns(probability=chances / (1 + chances))
    return (
        pairs.with_columns(odds=chances)
        .with_columns(all=pl.col("odds").sum().over("left") + pl.col("odds").sum().over("right") - pl.col("odds"))
        .with_columns(probability=pl.col("odds") / (1 + pl.col("all")))
        .drop("odds", "all")
    )


def one_to_one(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each record at most once on each side, the heaviest pair first; equal weights are settled by the row numbers.

    Greedy: on pairs sorted by weight a record's first pair that is free on both sides is kept.
    """
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    kept: list[bool] = []
    for left, right in zip(pairs["left"].to_list(), pairs["right"].to_list(), strict=True):
        free = left not in taken_left and right not in taken_right
        kept.append(free)
        if free:
            taken_left.add(left)
            taken_right.add(right)
    return pairs.filter(pl.Series(kept, dtype=pl.Boolean))
