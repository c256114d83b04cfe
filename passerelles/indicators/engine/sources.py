"""The flat journal as a query of each engine: standing facts, `data` spread in columns of text. Pure text."""

from __future__ import annotations

from passerelles.indicators.engine.relations import DATA_KEYS, FLAT, FLAT_TABLE

Touched = str
"""A condition on `f` that keeps the facts of some persons and subjects only."""


def postgres(known: str = "true", touched: Touched = "true") -> str:
    """`known`: a condition on a fact `{fact}`; a retraction counts only if it was known as well."""
    keys = ", ".join(f"f.data->>'{key}' AS data_{key}" for key in DATA_KEYS)
    return (
        f"SELECT f.id AS position, f.kind, f.person_id, f.subject_id, f.organisation_id::text AS organisation_id, "
        f"f.direction, f.occurred_on, {keys} FROM journal_fact f "
        f"WHERE {known.format(fact='f')} AND {touched} AND NOT EXISTS "
        f"(SELECT FROM journal_fact r WHERE r.retracts_id = f.id AND {known.format(fact='r')})"
    )


def duckdb(files: str) -> str:
    """Over the Parquet files of `passerelles synth` (folder `facts`), where nothing is retracted."""
    keys = ", ".join(f"json_extract_string(data, '$.{key}') AS data_{key}" for key in DATA_KEYS)
    return (
        f"SELECT epoch_us(recorded_at) AS position, kind, person_id, subject_id, organisation_id, direction, "
        f"occurred_on, {keys} FROM read_parquet('{files}', hive_partitioning = false)"
    )


def with_flat(query: str, source: str, *, hint: str = "") -> str:
    """`query` over `journal_flat`, given as the first common table expression."""
    head = f'WITH "{FLAT_TABLE}" AS {hint} ({source})'
    return f"{head}, {query[len('WITH ') :]}" if query.startswith("WITH ") else f"{head} {query}"


COLUMNS = tuple(FLAT)
