"""The demonstration: an embedded base, a fictitious territory, pages and worker in one foreground tree."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click

from passerelles.cli import site
from passerelles.cli.processes import Family, module_command, refuse_busy_port, wait_for_port
from passerelles.cli.serving import GUNICORN, address
from passerelles.core.errors import Refused

HOST = "127.0.0.1"
OWN_DATABASE = ("PASSERELLES_DATABASE_URL", "PASSERELLES_OWNER_DATABASE_URL")


@click.command()
@click.option("--reset", is_flag=True, help="Repartir d’une base neuve.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port d’écoute.")
@click.option("--no-serve", is_flag=True, help="Préparer la base et s’arrêter là.")
def demo(reset: bool, port: int, no_serve: bool) -> None:
    """Lance la plateforme sur un territoire fictif : base embarquée, comptes, données, pages et tâches de fond.

    La première fois crée tout ; les suivantes gardent les données et préparent la séance du jour. Ctrl-C arrête tout.
    """
    _refuse_real_database()
    os.environ["PASSERELLES_DEMO"] = "1"
    os.environ.setdefault("PASSERELLES_ADDRESS", f"http://localhost:{port}")
    if not no_serve:
        refuse_busy_port(HOST, port)
    if reset:
        _reset()
    with site.running() as here:
        file = _prepare(here)
        _show_accounts()
        _show_addresses()
        if no_serve:
            return
        raise SystemExit(_serve(port, file))


def _refuse_real_database() -> None:
    if any(os.environ.get(name) for name in OWN_DATABASE):
        raise Refused(
            "La démonstration crée des comptes aux mots de passe connus : il lui faut la base embarquée.",
            remedy=f"Retirez {' et '.join(OWN_DATABASE)} de l’environnement, puis relancez.",
        )


def _reset() -> None:
    """A fresh base, unless the one there holds real accounts."""
    from passerelles.cli.database import empty_embedded

    here = site.database()
    try:
        _refuse_to_forget_real_accounts(here)
        empty_embedded(here)
    finally:
        here.leave()


def _refuse_to_forget_real_accounts(here: site.Site) -> None:
    from passerelles.core.postgres.location import DATABASE_NAME

    if not here.server.psql("SELECT to_regclass('network_agent')", DATABASE_NAME)[0][0]:
        return
    count = "SELECT count(*), count(*) FILTER (WHERE email LIKE '%@demo.example') FROM network_agent"
    accounts, of_demo = here.server.psql(count, DATABASE_NAME)[0]
    if accounts and not of_demo:
        raise Refused(
            "Cette base contient de vrais comptes : elle n’est pas remise à zéro.",
            remedy="Donnez un autre dossier par PASSERELLES_VAR.",
        )


def _prepare(here: site.Site) -> Path:
    from django.conf import settings
    from django.db import connections

    from passerelles.cli.database import bring_up_to_date
    from passerelles.core.postgres.location import var_dir

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    click.echo("Préparation de la base…", err=True)
    bring_up_to_date(here.urls)
    from passerelles.demo import partnership, world

    if not partnership.exists():
        click.echo("Création du territoire fictif (moins d’une minute)…", err=True)
    made = world.prepare(var_dir() / "demo")
    if made.founded or made.sessions:
        _analyze(here)
    connections.close_all()
    click.echo(f"Base prête en {time.monotonic() - begun:.0f} s.", err=True)
    return made.file


def _analyze(here: site.Site) -> None:
    """Fresh statistics: name search needs them to use its index."""
    from django.db import connection

    with site.owner_connection(here.urls), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _show_accounts() -> None:
    from passerelles.demo.accounts import ACCOUNTS

    lines = [
        (" + ".join(role.label for role in account.roles), account.email, account.password, account.to_try)
        for account in ACCOUNTS
    ]
    titles = ("Rôle", "Adresse", "Mot de passe", "À essayer")
    widths = [max(len(line[column]) for line in [titles, *lines]) for column in range(3)]
    click.echo()
    for line in (titles, tuple("-" * width for width in (*widths, 9)), *lines):
        first = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False))
        click.echo(f"  {first}  {line[3]}")
    click.echo("\n  Le code du second facteur s’affiche sur la page de connexion : c’est une démonstration.")


def _show_addresses() -> None:
    """What can be tried without account."""
    from passerelles.core import clock
    from passerelles.demo.without_account import addresses

    found = addresses(clock.today())
    if found is not None:
        click.echo("\n  Sans compte, depuis un téléphone aussi :")
        click.echo(f"    page d’une personne (en arabe)    {found.person}")
        click.echo(f"    réponse de la mission locale      {found.partner}")


def _serve(port: int, file: Path) -> int:
    family = Family(
        {"pages": GUNICORN, "tâches de fond": module_command("passerelles.cli.main", "worker")},
        environment={"PASSERELLES_BIND": address(HOST, port), "PASSERELLES_DEMO": "1"},
        restarted=frozenset({"tâches de fond"}),
    )

    def announce() -> None:
        wait_for_port(HOST, port, lambda: family.alive("pages"))
        click.echo(f"  Fichier à importer pour essayer : {file}")
        click.echo(f"\n  Passerelles est prête : http://localhost:{port}/   (Ctrl-C pour arrêter)\n")
        sys.stdout.flush()

    return family.run(announce)
