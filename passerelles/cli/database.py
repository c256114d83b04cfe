"""Migrate, back up, restore. Always as the role that owns the tables."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from passerelles.cli import site
from passerelles.cli.french import confirm
from passerelles.core.errors import Impossible, Unknown
from passerelles.core.postgres import APP_ROLE, Binaries, DatabaseUrls, apply_grants, find_binaries

OBJECTS_OF_PUBLIC = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


class BackupFailed(Impossible):
    """pg_dump or pg_restore gave up."""


@click.command()
def migrate() -> None:
    """Crée ou met à jour les tables, puis renouvelle les droits du rôle de l’application."""
    with site.running(as_owner=True) as here:
        done = bring_up_to_date(here.urls)
    click.echo("Base à jour." if not done else f"Base mise à jour : {done} migration(s).")


def bring_up_to_date(urls: DatabaseUrls) -> int:
    """Apply the migrations that are missing and renew the grants; how many were applied. Django is set up."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    with site.owner_connection(urls):
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            _renew_grants(connection, urls)
    return len(missing)


def _renew_grants(connection: Any, urls: DatabaseUrls) -> bool:
    from passerelles.journal.models import APPEND_ONLY_TABLES

    return apply_grants(connection, app_role_of(urls), APPEND_ONLY_TABLES)


def app_role_of(urls: DatabaseUrls) -> str:
    """The role under which the application connects."""
    from passerelles.core.postgres import parse_url

    return parse_url(urls.app)["USER"] or APP_ROLE


@click.command()
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Remplacer le fichier s’il existe.")
def backup(file: Path, force: bool) -> None:
    """Sauvegarde la base dans FICHIER (format de pg_dump), lisible par son seul propriétaire.

    La clé secrète (PASSERELLES_SECRET_KEY) n’y est pas : conservez-la à part, sans elle les identifiants des
    personnes restent illisibles.
    """
    if file.exists() and not force:
        raise Impossible(f"Le fichier {file} existe déjà.", remedy="Choisissez un autre nom, ou ajoutez --force.")
    here = site.database()
    try:
        dump(here.urls, file)
    finally:
        here.leave()
    click.echo(f"Sauvegarde écrite : {file} ({file.stat().st_size / 1_000_000:.1f} Mo).")


def dump(urls: DatabaseUrls, file: Path) -> None:
    """Write the whole database beside `file`, then rename: an interrupted backup leaves no file that looks whole."""
    unfinished = file.with_name(f".{file.name}.partiel")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600))
    try:
        _run("pg_dump", urls.owner, "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


@click.command()
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Ne pas demander de confirmation.")
def restore(file: Path, yes: bool) -> None:
    """Restaure FICHIER dans une base vide, puis renouvelle les droits. Une base qui contient des tables est refusée."""
    if not file.is_file():
        raise Unknown(f"Le fichier {file} n’existe pas.")
    with site.running(as_owner=True) as here:
        if not yes:
            confirm(f"Restaurer {file} dans la base {_described(here.urls)} ?")
        refill(here.urls, file)
    click.echo("Base restaurée. Lancez « passerelles doctor » pour la contrôler.")


def refill(urls: DatabaseUrls, file: Path) -> None:
    """All of `file` into the empty database, in one transaction, then the grants. Raises `Impossible` if not empty."""
    import psycopg

    with closing(psycopg.connect(urls.owner, autocommit=True)) as connection:
        if connection.execute(OBJECTS_OF_PUBLIC).fetchone()[0]:
            raise Impossible(
                f"La base {_described(urls)} n’est pas vide : rien n’a été restauré.",
                remedy="Créez une base neuve et donnez son adresse par PASSERELLES_OWNER_DATABASE_URL.",
            )
        _run("pg_restore", urls.owner, "--no-owner", "--no-privileges", "--single-transaction", str(file))
        connection.execute("ANALYZE")
        with connection.transaction():
            _renew_grants(connection, urls)


def _run(tool: str, url: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL; the password goes by the environment, never on the command line."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})
    address = f"--dbname={make_conninfo('', **parts)}"
    program = _tools().tool(tool)
    done = subprocess.run(  # noqa: S603
        [program, address, *arguments], capture_output=True, text=True, errors="replace", env=environment
    )
    if done.returncode:
        raise BackupFailed(f"{tool} a échoué :\n{done.stderr.strip()[-2000:]}")


def _tools() -> Binaries:
    return find_binaries()


def _described(urls: DatabaseUrls) -> str:
    from passerelles.core.postgres import parse_url

    parts = parse_url(urls.owner)
    return f"« {parts['NAME']} » ({parts['HOST'] or 'locale'})"


def empty_embedded(here: site.Site) -> None:
    """Drop and create again the embedded database, whoever is connected to it."""
    from passerelles.core.postgres.location import DATABASE_NAME

    if here.server is None:
        raise Impossible("Seule la base embarquée peut être remise à zéro.")
    here.server.psql(f'DROP DATABASE IF EXISTS "{DATABASE_NAME}" WITH (FORCE)')
    here.server.ensure_database(DATABASE_NAME)
