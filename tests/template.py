"""The tables made once: each session of tests copies a database whose migrations are already applied.

Applying every migration costs more than most sessions of tests. The model is named after the migrations themselves:
when one of them changes, another model is made.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.apps import apps
from psycopg import sql

PREFIX = "passerelles_model_"
LOCK = 57_000_000
PATIENCE = 120


def fingerprint() -> str:
    """Of the migrations of every installed application."""
    found = hashlib.sha256()
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(f"{app.label} {path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def ready() -> str:
    """The name of a migrated database that nobody uses, made now if there is none. One session makes it at a time."""
    name = PREFIX + fingerprint()
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        models = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        known = {row[0] for row in connection.execute(models, [PREFIX])}
        if name not in known:
            for former in known:
                with suppress(psycopg.Error):  # another session may be copying it
                    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(former)))
            _make(connection, name)
        deadline = time.monotonic() + PATIENCE
        while connection.execute("SELECT FROM pg_stat_activity WHERE datname = %s", [name]).rowcount:
            if time.monotonic() > deadline:
                raise RuntimeError(f"somebody has been connected to {name} for {PATIENCE} s: it cannot be copied")
            time.sleep(0.1)
    return name


def _make(connection: psycopg.Connection[Any], name: str) -> None:
    """Under another name until it is whole: a kill half-way leaves nothing that looks like a model."""
    unfinished = f"{PREFIX}unfinished"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(unfinished)))
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    url = _address(unfinished)
    environment = os.environ | {"PASSERELLES_DATABASE_URL": url, "PASSERELLES_OWNER_DATABASE_URL": url}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--no-input"]
    subprocess.run(command, env=environment, check=True)
    with psycopg.connect(url, autocommit=True) as tables:
        tables.execute("VACUUM ANALYZE")  # leaves nothing to the automatic one, whose presence forbids a copy
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
    )


def _address(database: str) -> str:
    """Another database of the server of the tests (`tests.plugin` has set its address)."""
    return urlsplit(os.environ["PASSERELLES_DATABASE_URL"])._replace(path=f"/{database}").geturl()
