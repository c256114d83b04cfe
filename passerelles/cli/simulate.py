"""`passerelles simulate`: months of referrals on a database of its own, to see whether anybody is ever lost."""

from __future__ import annotations

import datetime as dt
import json as json_text
import os
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from passerelles.core.postgres import EmbeddedServer
    from passerelles.referrals.simulation.months import Findings, Plan

FIRST_DAY = dt.date(2026, 1, 5)


@click.command()
@click.option("--months", type=click.IntRange(1, 60), default=24, show_default=True, help="Mois simulés.")
@click.option("--mute", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Part d’organismes muets.")
@click.option("--seed", type=int, default=1, show_default=True, help="Graine du hasard.")
@click.option("--per-day", type=click.IntRange(1, 200), default=4, show_default=True, help="Orientations par jour.")
@click.option("--region", metavar="CODE", default="44", show_default=True, help="Région fictive (code INSEE).")
@click.option("--small", is_flag=True, help="Un petit réseau d’une seule DT, au lieu de la région.")
@click.option("--restarts/--no-restarts", default=True, help="Couper et relancer la base, des nuits au hasard.")
@click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")
def simulate(
    months: int, mute: float, seed: int, per_day: int, region: str, small: bool, restarts: bool, as_json: bool
) -> None:
    """Simule des mois d’orientations sur une base jetable. Code 1 si une orientation est restée sans responsable.

    Organismes et personnes sont ceux de la région fictive (`passerelles synth`), signataires de l’année d’avant.
    """
    from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="passerelles-simulation-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder) / "postgres")
        server.start()
        try:
            server.ensure_database("simulation")
            url = server.dsn("simulation", OWNER_ROLE)
            os.environ["PASSERELLES_DATABASE_URL"] = os.environ["PASSERELLES_OWNER_DATABASE_URL"] = url
            planned = {"months": months, "mute": mute, "seed": seed, "per_day": per_day, "jumps": max(1, months // 3)}
            found, plan = _live(server, planned, None if small else region, restarts, as_json)
        finally:
            server.stop("immediate")
    if as_json:
        click.echo(json_text.dumps(_as_data(found, plan), ensure_ascii=False))
    else:
        _tell(found)
    if found.adrift:
        raise SystemExit(1)


def _live(
    server: EmbeddedServer, planned: dict[str, Any], region: str | None, restarts: bool, quiet: bool
) -> tuple[Findings, Plan]:
    from passerelles.cli import database, site

    here = site.ready()
    database.bring_up_to_date(here.urls)
    from django.db import connection

    from passerelles.referrals.simulation.months import Plan, Simulation, found_region, region_of_base

    def restart() -> None:
        connection.close()
        server.restart("kill")

    def tell(day: dt.date) -> None:
        if day.day == 1 and not quiet:
            click.echo(f"  {day:%m/%Y}", err=True)

    plan = Plan(FIRST_DAY, **planned)
    found = partial(region_of_base, region=region) if region else found_region
    try:
        if region:
            _populate(region, plan.seed)
        return Simulation(plan, found=found, restart=restart if restarts else None).run(tell=tell), plan
    finally:
        connection.close()


def _populate(region: str, seed: int) -> None:
    """The fictitious region and those who signed there the year before."""
    from passerelles.synthetic.chunks import Order
    from passerelles.synthetic.population import Size
    from passerelles.synthetic.services.store import to_database

    year = FIRST_DAY.year - 1
    to_database(Order(seed, Size.REGION, year, year, FIRST_DAY - dt.timedelta(days=1), region=region))


def _tell(found: Findings) -> None:
    silent, organisations = found.mute_organisations, found.organisations
    click.echo(f"{found.referrals} orientations, {organisations} organismes dont {silent} muets, {found.nights} nuits.")
    click.echo(
        f"{sum(found.deeds.values())} réponses et décisions, {sum(found.refused.values())} refusées par une phrase ; "
        f"{found.stopped} nuits interrompues, {found.jumped} sauts d’horloge, {found.restarts} coupures de la base, "
        f"{found.disputes} contradictions."
    )
    for state, count in sorted(found.states.items(), key=lambda each: -each[1]):
        click.echo(f"  {count:>6}  {state}")
    for name, values in (
        ("Silence constaté, jours après l’envoi", found.silences),
        ("Silence constaté, jours après l’échéance", found.lags),
        ("Reprise, jours après l’envoi", found.taken_over),
    ):
        low, high = found.percentile(values, 0.5), found.percentile(values, 0.95)
        click.echo(f"{name} : p50 {low:.0f}, p95 {high:.0f} ({len(values)} cas)")
    verdict = "aucune orientation à la dérive" if not found.adrift else f"{found.adrift} orientation(s) à la dérive"
    click.echo(click.style(f"À chaque minuit : {verdict}.", fg="red" if found.adrift else "green"))


def _as_data(found: Findings, plan: Plan) -> dict[str, object]:
    spread = {
        name: [found.percentile(values, 0.5), found.percentile(values, 0.95)]
        for name, values in (("silence", found.silences), ("lag", found.lags), ("takeover", found.taken_over))
    }
    return {
        "months": plan.months,
        "mute": plan.mute,
        "seed": plan.seed,
        "nights": found.nights,
        "referrals": found.referrals,
        "deeds": sum(found.deeds.values()),
        "refused": dict(found.refused),
        "states": dict(found.states),
        "stopped": found.stopped,
        "jumped": found.jumped,
        "restarts": found.restarts,
        "disputes": found.disputes,
        "adrift": found.adrift,
        "p50_p95_days": spread,
    }
