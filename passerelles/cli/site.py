"""Make the platform ready in this process: the database started and reachable, Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from passerelles.core.postgres import DatabaseUrls, EmbeddedServer, database_urls, embedded_server, parse_url
from passerelles.core.postgres.location import DATABASE_NAME


@dataclass(frozen=True)
class Site:
    """Where the data is. `server` is the embedded one, None when the environment names a database."""

    urls: DatabaseUrls
    server: EmbeddedServer | None
    started_here: bool

    def leave(self) -> None:
        """Stop the embedded server if this process started it."""
        if self.server is not None and self.started_here:
            self.server.stop()


def database() -> Site:
    """The database of this installation, started and created when it is the embedded one. No Django."""
    urls = database_urls()
    if not urls.embedded:
        return Site(urls, None, started_here=False)
    server = embedded_server()
    started = server.start()
    server.ensure_database(DATABASE_NAME)
    return Site(urls, server, started_here=started)


def ready(*, as_owner: bool = False) -> Site:
    """`database()`, then Django; `as_owner` connects as the role that owns the tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelles.config.settings")
    site = database()
    if as_owner:
        os.environ["PASSERELLES_CONNECT_AS_OWNER"] = "1"
    try:
        import django

        django.setup()
    except BaseException:
        site.leave()
        raise
    return site


@contextmanager
def running(*, as_owner: bool = False) -> Iterator[Site]:
    """`ready`, and at the end the embedded server is left as it was found."""
    site = ready(as_owner=as_owner)
    try:
        yield site
    finally:
        site.leave()


@contextmanager
def owner_connection(urls: DatabaseUrls) -> Iterator[None]:
    """Django's connection is the owner's inside the block: to migrate from a process that then works as `app`."""
    from django.db import connection

    wanted = parse_url(urls.owner)
    former = {name: connection.settings_dict[name] for name in wanted}
    if {name: former[name] for name in ("USER", "HOST", "NAME")} == {
        name: wanted[name] for name in ("USER", "HOST", "NAME")
    }:
        yield
        return
    connection.close()
    connection.settings_dict.update(wanted)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(former)
