"""`passerelles clocks`: run the clocks of the referrals for a date, look at the invariant, draw the table of states."""

from __future__ import annotations

import datetime as dt
import json as json_text

import click

from passerelles.cli import site


@click.group()
def clocks() -> None:
    """Les échéances des orientations."""


@clocks.command()
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%d"]), metavar="AAAA-MM-JJ", help="Jour à traiter ; aujourd’hui par défaut."
)
@click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")
def run(at: dt.datetime | None, as_json: bool) -> None:
    """Traite les échéances passées. Peut être relancée sans effet ; code 1 si une orientation reste à la dérive."""
    with site.running():
        from passerelles.core import clock
        from passerelles.pathway.services import reminders
        from passerelles.referrals.models import Referral
        from passerelles.referrals.rules.words import Event
        from passerelles.referrals.services import clocks as verbs
        from passerelles.referrals.services import persons

        day = at.date() if at else clock.today()
        with clock.at(clock.paris(day)) if at else clock.at(clock.now()):
            report = verbs.run(day)
            persons.tell_given_back(day)
            reminded = reminders.run(day)
            adrift = Referral.objects.adrift(day).count()
        steps = [(event, report.steps[event.value]) for event in Event if report.steps[event.value]]
    if as_json:
        data = {
            "at": day,
            "steps": dict(report.steps),
            "messages": report.messages,
            "reminders": reminded,
            "adrift": adrift,
        }
        click.echo(json_text.dumps(data, ensure_ascii=False, default=str))
    else:
        click.echo(f"{report.cases} échéance(s) passée(s) au {day:%d/%m/%Y}.")
        for event, count in steps:
            click.echo(f"  {count:>9}  {event.label}")
        click.echo(f"  {report.messages:>9}  message(s) aux organismes")
        click.echo(f"  {reminded:>9}  rappel(s) aux personnes (titre de séjour, actualisation)")
        click.echo(f"Orientations sans responsable ni échéance : {adrift}")
    if adrift:
        raise SystemExit(1)


@clocks.command()
def draw() -> None:
    """Écrit la table des états, pour la documentation."""
    from passerelles.referrals.rules.drawing import page

    click.echo(page(), nl=False)
