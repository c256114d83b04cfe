"""The roles of the database and what the application's role may do.

The owner migrates; the application connects as an ordinary role, so that row-level security and append-only
tables hold for it (a superuser and an owner would walk past both).
"""

from collections.abc import Iterable
from contextlib import closing
from typing import Any, Protocol

SUPERUSER = "postgres"
OWNER_ROLE = "passerelles_owner"
APP_ROLE = "passerelles_app"


class Connection(Protocol):
    """Anything that gives DB-API cursors: Django's connection or psycopg's."""

    def cursor(self) -> Any: ...


def apply_grants(
    connection: Connection,
    app_role: str = APP_ROLE,
    append_only_tables: Iterable[str] = (),
    schema: str = "public",
) -> bool:
    """Lets `app_role` read and write every table of `schema`, but only read and insert in append-only ones.

    To be called by the owner after each migration; safe to repeat. The caller commits, if need be.
    Returns False, having changed nothing, when there is no such role or when it is the one connected (a
    single-role installation): nothing can then be withheld from it.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s) AND current_user <> %s",
            [app_role, app_role],
        )
        if not cursor.fetchone()[0]:
            return False
        for statement in _statements(_quoted(app_role), _quoted(schema), [_quoted(t) for t in append_only_tables]):
            cursor.execute(statement)
    return True


def _statements(role: str, schema: str, append_only_tables: list[str]) -> Iterable[str]:
    rights = {
        "TABLES": "SELECT, INSERT, UPDATE, DELETE",
        "SEQUENCES": "USAGE, SELECT",
        "FUNCTIONS": "EXECUTE",
    }
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for kind, right in rights.items():
        yield f"GRANT {right} ON ALL {kind} IN SCHEMA {schema} TO {role}"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {right} ON {kind} TO {role}"
    for table in append_only_tables:
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {schema}.{table} FROM {role}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
