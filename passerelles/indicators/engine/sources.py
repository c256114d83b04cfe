"""The flat journal as a query of each engine: standing facts, `data` spread in columns of text. Pure text.

Records that share an identity are one person: their facts are told of the smallest of their identifiers.
"""

from __future__ import annotations

from passerelles.indicators.engine.relations import DATA_KEYS, FLAT, FLAT_TABLE, SAME_TABLE
from passerelles.journal.vocabulary import FactKind

Touched = str
"""A condition on `f` that keeps the facts of some persons and subjects only."""
_JOINED = FactKind.IDENTITY_JOINED.value
_STANDS = "first_value(person_id) OVER (PARTITION BY identity ORDER BY person_id)"


def postgres(known: str = "true", touched: Touched = "true", same: str = SAME_TABLE) -> str:
    """`known`: a condition on a fact `{fact}`; a retraction counts only if it was known as well.

    `same`: the relation that says which record stands for a person (`identities`).
    """
    keys = ", ".join(f"f.data->>'{key}' AS data_{key}" for key in DATA_KEYS)
    return (
        f"SELECT f.id AS position, f.kind, coalesce(one.stands_for, f.person_id) AS person_id, f.subject_id, "
        f"f.organisation_id::text AS organisation_id, f.direction, f.occurred_on, {keys} "
        f"FROM journal_fact f LEFT JOIN {same} one ON one.person_id = f.person_id "
        f"WHERE {known.format(fact='f')} AND {touched} AND NOT EXISTS "
        f"(SELECT FROM journal_fact r WHERE r.retracts_id = f.id AND {known.format(fact='r')})"
    )


def identities(known: str = "true", touched: Touched = "true") -> str:
    """person_id, identity, stands_for of each record that an agent linked to another, as `known`.

    `touched` must keep every record of an identity, or none.
    """
    return (
        f"SELECT person_id, identity, {_STANDS} AS stands_for FROM (SELECT DISTINCT ON (f.person_id) "
        f"f.person_id, (f.data->>'identity')::uuid AS identity FROM journal_fact f "
        f"WHERE f.kind = '{_JOINED}' AND f.person_id IS NOT NULL AND {known.format(fact='f')} AND {touched} "
        f"AND NOT EXISTS (SELECT FROM journal_fact r WHERE r.retracts_id = f.id AND {known.format(fact='r')}) "
        f"ORDER BY f.person_id, f.id DESC) AS linked"
    )


def duckdb(files: str) -> str:
    """Over the Parquet files of `passerelles synth` (folder `facts`), where nothing is retracted."""
    keys = ", ".join(f"json_extract_string(data, '$.{key}') AS data_{key}" for key in DATA_KEYS)
    return (
        f"SELECT epoch_us(f.recorded_at) AS position, f.kind, coalesce(one.stands_for, f.person_id) AS person_id, "
        f"f.subject_id, f.organisation_id, f.direction, f.occurred_on, {keys} "
        f"FROM read_parquet('{files}', hive_partitioning = false) f "
        f"LEFT JOIN {SAME_TABLE} one ON one.person_id = f.person_id"
    )


def duckdb_identities(files: str) -> str:
    """The same as `identities`, over the same files as `duckdb`."""
    return (
        f"SELECT person_id, identity, {_STANDS} AS stands_for FROM (SELECT DISTINCT ON (person_id) person_id, "
        f"json_extract_string(data, '$.identity') AS identity "
        f"FROM read_parquet('{files}', hive_partitioning = false) "
        f"WHERE kind = '{_JOINED}' AND person_id IS NOT NULL ORDER BY person_id, recorded_at DESC)"
    )


def preceded(query: str, *parts: tuple[str, str, str]) -> str:
    """`query` over relations given as its first common table expressions: name, hint, text."""
    head = "WITH " + ", ".join(f'"{name}" AS {hint} ({text})' for name, hint, text in parts)
    return f"{head}, {query[len('WITH ') :]}" if query.startswith("WITH ") else f"{head} {query}"


def with_flat(query: str, source: str, *, hint: str = "") -> str:
    """`query` over `journal_flat`."""
    return preceded(query, (FLAT_TABLE, hint, source))


COLUMNS = tuple(FLAT)
