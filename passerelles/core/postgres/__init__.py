"""The database, for whoever has none: an embedded PostgreSQL, its two roles and its addresses.

Nothing here knows Django or the trade. Demonstration and tests run on the embedded server; production gives
its own addresses through the environment (see `location`).
Decision: docs/decisions/0002-embedded-postgresql.md.
"""

from passerelles.core.postgres.binaries import Binaries, BinariesNotFound, find_binaries
from passerelles.core.postgres.errors import PostgresError
from passerelles.core.postgres.location import (
    DatabaseUrls,
    InvalidDatabaseUrl,
    database_urls,
    embedded_server,
    parse_url,
)
from passerelles.core.postgres.roles import APP_ROLE, OWNER_ROLE, SUPERUSER, apply_grants
from passerelles.core.postgres.server import EmbeddedServer

__all__ = [
    "APP_ROLE",
    "OWNER_ROLE",
    "SUPERUSER",
    "Binaries",
    "BinariesNotFound",
    "DatabaseUrls",
    "EmbeddedServer",
    "InvalidDatabaseUrl",
    "PostgresError",
    "apply_grants",
    "database_urls",
    "embedded_server",
    "find_binaries",
    "parse_url",
]
