"""Is everything set as it should be? One line per subject, and how to mend what is not."""

from __future__ import annotations

import json as json_text
from dataclasses import asdict

import click

from passerelles.cli import site
from passerelles.cli.health import QUESTIONS, Context, Finding, State, ask
from passerelles.core import clock

COLOURS = {State.OK: "green", State.ATTENTION: "yellow", State.PROBLEM: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")
def doctor(as_json: bool) -> None:
    """Contrôle l’installation. Code 1 s’il y a un problème ; « attention » ne change pas le code."""
    found = examine()
    if as_json:
        click.echo(json_text.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        _tell(found)
    if any(finding.state is State.PROBLEM for finding in found):
        raise SystemExit(1)


def examine() -> list[Finding]:
    """Every finding; a database that cannot be reached is the only one when it happens."""
    from django.db import DatabaseError, connection

    with site.running() as here:
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            remedy = "Vérifiez PASSERELLES_DATABASE_URL et que le serveur est en marche."
            return [Finding("PostgreSQL", State.PROBLEM, f"injoignable : {str(error).splitlines()[0]}", remedy)]
        return ask(QUESTIONS, Context(here.urls, clock.today(), clock.now()))


def _tell(found: list[Finding]) -> None:
    width = max(len(finding.subject) for finding in found)
    for finding in found:
        state = click.style(finding.state.value.ljust(9), fg=COLOURS[finding.state])
        click.echo(f"{state}  {finding.subject.ljust(width)}  {finding.detail}")
        if finding.remedy and finding.state is not State.OK:
            click.echo(f"{' ' * (width + 13)}→ {finding.remedy}")
