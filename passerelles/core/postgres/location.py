"""Which database to use: the one named by the environment, else the embedded server.

Reading an address never starts a server: the command line does.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from passerelles.core.postgres.errors import PostgresError
from passerelles.core.postgres.roles import APP_ROLE, OWNER_ROLE
from passerelles.core.postgres.server import EmbeddedServer

DATABASE_NAME = "passerelles"


class InvalidDatabaseUrl(PostgresError):
    """An address of database that cannot be read."""


@dataclass(frozen=True)
class DatabaseUrls:
    """The same database seen by its two roles: `app` at work, `owner` to migrate."""

    app: str
    owner: str
    embedded: bool


def var_dir() -> Path:
    """Where the installation keeps what it writes: `PASSERELLES_VAR`, else `var` in the checkout or here."""
    asked = os.environ.get("PASSERELLES_VAR")
    if asked:
        return Path(asked).absolute()
    checkout = Path(__file__).resolve().parents[3]
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


def embedded_server() -> EmbeddedServer:
    """The server of the demonstration, not started; its data survives between runs."""
    return EmbeddedServer(var_dir() / "postgres")


def database_urls() -> DatabaseUrls:
    """`PASSERELLES_DATABASE_URL` and `PASSERELLES_OWNER_DATABASE_URL`, else the embedded server's addresses.

    With the first only, one role is both application and owner.
    """
    app = os.environ.get("PASSERELLES_DATABASE_URL")
    if app:
        return DatabaseUrls(app=app, owner=os.environ.get("PASSERELLES_OWNER_DATABASE_URL") or app, embedded=False)
    server = embedded_server()
    return DatabaseUrls(
        app=server.dsn(DATABASE_NAME, APP_ROLE), owner=server.dsn(DATABASE_NAME, OWNER_ROLE), embedded=True
    )


def parse_url(url: str) -> dict[str, Any]:
    """The keys of a Django DATABASES entry; what they do not name (`sslmode`, …) goes to OPTIONS.

    >>> parse_url("postgresql://marie@/passerelles?host=/run/pg")["HOST"]
    '/run/pg'
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error as error:
        # The address holds a password: it must not appear in the message.
        raise InvalidDatabaseUrl(
            "Adresse de base de données illisible : la forme attendue est "
            "postgresql://rôle:mot-de-passe@machine:5432/base (PASSERELLES_DATABASE_URL)."
        ) from error
    if not parts.get("dbname"):
        raise InvalidDatabaseUrl(
            "L'adresse de base de données ne nomme pas de base : ajoutez « /nom_de_la_base » après la "
            "machine (PASSERELLES_DATABASE_URL)."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": str(parts.pop("dbname")),
        "USER": str(parts.pop("user", "")),
        "PASSWORD": str(parts.pop("password", "")),
        "HOST": str(parts.pop("host", "")),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": dict(parts),
    }
