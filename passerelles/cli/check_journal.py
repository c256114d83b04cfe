"""`passerelles check-journal`: do state and journal agree? Run every night by the worker too."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING

import click

from passerelles.cli import site

if TYPE_CHECKING:
    from passerelles.journal.agreement import Comparison


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")
def check_journal(as_json: bool) -> None:
    """Compare les tables et le journal, sans rien changer. Code 1 s’ils ne disent pas la même chose."""
    with site.running():
        from passerelles.journal.agreement import compare
        from passerelles.network.policy import SYSTEM

        found = compare(SYSTEM)
    if as_json:
        data = [comparison.as_data() for comparison in found]
        click.echo(json_text.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        _tell(found)
    if any(comparison.found for comparison in found):
        raise SystemExit(1)


def _tell(found: list[Comparison]) -> None:
    width = max(len(comparison.name) for comparison in found)
    for comparison in found:
        outcome = f"{comparison.found} écart(s)" if comparison.found else "aucun écart"
        colour = "red" if comparison.found else "green"
        click.echo(
            f"{comparison.name.ljust(width)}  {comparison.compared:>9} comparé(s)  {click.style(outcome, fg=colour)}"
        )
        for each in comparison.first:
            click.echo(f"{' ' * width}  → {each.subject} : {each.sentence}")
        if comparison.found > len(comparison.first):
            click.echo(f"{' ' * width}  … et {comparison.found - len(comparison.first)} autres")
