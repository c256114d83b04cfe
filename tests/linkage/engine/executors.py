"""The pairs on which the executors must agree, and each executor as a function of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from passerelles.linkage.batch.link import Engine
from passerelles.linkage.batch.prepare import RECORD_COLUMNS, prepare_frame
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.conditions import Dialect
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import ARRAYS, FLAGS, KEY_ARRAYS, RARITIES, TEXTS, Record, prepare
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.engine.sql import columns_sql, total_sql
from passerelles.synthetic.lists import linkage_base

COLUMNS = [*TEXTS, *ARRAYS, *FLAGS, *RARITIES.values()]
LEVELS = {f"{comparison.code}.{level.code}" for comparison in COMPARISONS for level in comparison.levels}
Pairs = list[tuple[Record, Record]]

_ONE = Record(
    family_name="Konaté",
    given_names="Issouf Moussa",
    birth_name="Traoré",
    birth_date=dt.date(1991, 5, 24),
    sex="H",
    country="CI",
    postcode="57000",
    city="Metz",
    address="12 rue des Jardins",
    email="konate@example.org",
    phone="+33600000001",
    foreigner_number="9901234567",
    nir="1910599326001",
    ft_number="12345678901",
)
_RARELY_MET: tuple[dict[str, Any], ...] = (
    {"birth_name": "", "family_name": "Traoré"},
    {"birth_name": "", "family_name": "Trahoré"},
    {"birth_name": "", "family_name": "Konaté Issouf"},
    {"birth_name": "", "family_name": "Issouf"},
    {"birth_name": "", "family_name": "Kolaté"},
    {"birth_name": "", "family_name": "Rolaté"},
    {"given_names": "Issouf"},
    {"given_names": "Moussa"},
    {"given_names": "Yssouf Mousa"},
    {"given_names": "Ali Mousa"},
    {"given_names": "Issour Moussa"},
    {"given_names": "Isso"},
    {"given_names": "Konaté", "family_name": "Issouf"},
    {"given_names": "Connaté", "family_name": "Moussa"},
    {"given_names": "Connaté", "family_name": "Mousa"},
    {"given_names": "I."},
    {"given_names": "Ali", "family_name": "Konaté Issouf"},
    {"given_names": "Ali", "family_name": "Konaté Yssouf"},
    {"given_names": "Ali", "family_name": "Mousa", "birth_name": ""},
    {"given_names": "", "family_name": "Moussa", "birth_name": ""},
    {"given_names": "", "family_name": "Issouf", "birth_name": ""},
    {"given_names": "", "family_name": "Yssouf", "birth_name": ""},
    {"given_names": "", "family_name": "Bekele", "birth_name": ""},
    {"birth_date": dt.date(1991, 1, 1)},
    {"birth_date": dt.date(1992, 1, 1)},
    {"birth_date": dt.date(1992, 5, 24)},
    {"birth_date": dt.date(1991, 5, 25)},
    {"birth_date": dt.date(1978, 5, 24)},
    {"birth_date": dt.date(1991, 11, 2)},
    {"postcode": "57070"},
    {"postcode": "57070", "city": "Woippy"},
    {"address": "12 rue des Jardin"},
    {"foreigner_number": "9901234568"},
    {"ft_number": "98765432109", "nir": "2910599326001"},
    {"nir": "7910599326001"},
)


def pairs_of(synthetic: int) -> Pairs:
    """Two fictitious lists, each line with its like and with two strangers, and pairs for the levels rarely met."""
    left, right, truth = linkage_base(synthetic, 2 * synthetic, 0.6, 57)
    mine, theirs = (
        {row["record"]: Record.of({**row, "country": row["nationality"]}) for row in frame.iter_rows(named=True)}
        for frame in (left, right)
    )
    found = [(mine[a], theirs[b]) for a, b in truth.iter_rows()]
    others = list(theirs.values())
    found += [(one, others[(7 * n + shift) % len(others)]) for n, one in enumerate(mine.values()) for shift in (0, 1)]
    found += [(_ONE, replace(_ONE, **changes)) for changes in _RARELY_MET]
    inverted, estimated = dt.date(1991, 4, 3), dt.date(1991, 1, 1)
    two_letters = {"birth_name": "", "family_name": "Sy Camara"}
    found.append((replace(_ONE, family_name="Sy Konaté"), replace(_ONE, **two_letters)))
    found.append((replace(_ONE, birth_date=inverted), replace(_ONE, birth_date=dt.date(1991, 3, 4))))
    found.append((replace(_ONE, birth_date=estimated), replace(_ONE, birth_date=estimated)))
    return found


def frames_of(pairs: Pairs, model: Model) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both sides prepared; the pair number n is row n of each."""
    return tuple(  # type: ignore[return-value]
        prepare_frame(pl.DataFrame([asdict(pair[side]) for pair in pairs], schema=RECORD_COLUMNS), model)
        for side in (0, 1)
    )


def in_python(pairs: Pairs, model: Model) -> list[float]:
    scorer = Scorer(model)
    return [scorer.score(left, right).bits for left, right in pairs]


def levels_in_python(pairs: Pairs, model: Model) -> list[set[str]]:
    scorer = Scorer(model)
    return [
        {f"{c.comparison}.{c.level}" for c in scorer.score(left, right).contributions} & LEVELS for left, right in pairs
    ]


def query(model: Model, dialect: Dialect) -> str:
    columns, total = columns_sql(model, dialect), total_sql(model, dialect=dialect)
    pairs = f"SELECT l.row AS row, {columns} FROM one_side l JOIN other_side r ON l.row = r.row"
    return f"SELECT row, {total} AS bits FROM ({pairs}) weighed ORDER BY row"


def in_duckdb(pairs: Pairs, model: Model) -> list[float]:
    engine = Engine(*frames_of(pairs, model))
    try:
        engine.base.execute("CREATE VIEW one_side AS SELECT * FROM a; CREATE VIEW other_side AS SELECT * FROM b")
        return [bits for _, bits in engine.base.execute(query(model, Dialect.DUCKDB)).fetchall()]
    finally:
        engine.close()


def prepared_rows(pairs: Pairs, model: Model) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Both sides as rows (number, then `COLUMNS`), arrays as sorted lists."""
    sides: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = ([], [])
    for number, pair in enumerate(pairs):
        for side, record in zip(sides, pair, strict=True):
            row = model.weigh(prepare(record))
            side.append((number, *(sorted(row[name]) if name in ARRAYS else row[name] for name in COLUMNS)))
    return sides


def in_postgresql(pairs: Pairs, model: Model, cursor: Any) -> list[float]:
    kinds = (
        dict.fromkeys(TEXTS, "text")
        | {name: "bigint[]" if name in KEY_ARRAYS else "text[]" for name in ARRAYS}
        | dict.fromkeys(FLAGS, "boolean")
        | dict.fromkeys(RARITIES.values(), "double precision")
    )
    columns = ", ".join(f"{name} {kinds[name]}" for name in COLUMNS)
    places = ", ".join(["%s", *(f"%s::{kinds[name]}" for name in COLUMNS)])
    for name, rows in zip(("one_side", "other_side"), prepared_rows(pairs, model), strict=True):
        cursor.execute(f"CREATE TEMP TABLE {name} (row integer, {columns}) ON COMMIT DROP")
        cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
    cursor.execute(query(model, Dialect.POSTGRESQL))
    return [bits for _, bits in cursor.fetchall()]


def in_spark(pairs: Pairs, model: Model) -> list[float]:
    """On this machine, two threads; Spark must be importable and find a Java."""
    from pyspark.sql import SparkSession
    from pyspark.sql.types import (
        ArrayType,
        BooleanType,
        DataType,
        DoubleType,
        IntegerType,
        LongType,
        StringType,
        StructField,
        StructType,
    )

    kinds: dict[str, DataType] = {
        **dict.fromkeys(TEXTS, StringType()),
        **{name: ArrayType(LongType() if name in KEY_ARRAYS else StringType()) for name in ARRAYS},
        **dict.fromkeys(FLAGS, BooleanType()),
        **dict.fromkeys(RARITIES.values(), DoubleType()),
    }
    schema = StructType([StructField("row", IntegerType()), *(StructField(name, kinds[name]) for name in COLUMNS)])
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        session.sparkContext.setLogLevel("ERROR")
        for name, rows in zip(("one_side", "other_side"), prepared_rows(pairs, model), strict=True):
            session.createDataFrame(rows, schema).createOrReplaceTempView(name)
        return [row["bits"] for row in session.sql(query(model, Dialect.SPARK)).collect()]
    finally:
        session.stop()
