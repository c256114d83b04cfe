"""`passerelles figures`: any figure of the catalogue by dimensions, now or as it was known; the catalogue itself."""

from __future__ import annotations

import datetime as dt

import click

from passerelles.cli import site

DAY = click.DateTime(["%Y-%m-%d"])
CATALOGUE = "list"


@click.command(name="figures", help="Calculer un chiffre du catalogue ; « list » donne les codes.")
@click.argument("code", metavar="CODE")
@click.option("--from", "start", type=DAY, metavar="AAAA-MM-JJ", help="Premier jour de la période.")
@click.option("--to", "end", type=DAY, metavar="AAAA-MM-JJ", help="Dernier jour de la période.")
@click.option("--by", "by", default="", metavar="DIMENSIONS", help="Par exemple sexe,tranche,departement.")
@click.option(
    "--step", type=click.Choice(["month", "quarter", "year"]), help="Une valeur par mois, par trimestre ou par an."
)
@click.option(
    "--territory",
    default="national",
    show_default=True,
    metavar="TERRITOIRE",
    help="department:57, region:44, dt:metz.",
)
@click.option(
    "--as-known-on", "known_on", type=DAY, metavar="AAAA-MM-JJ", help="Le chiffre tel que connu à la fin de ce jour."
)
@click.option(
    "--format", "suffix", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="Le format."
)
def figures(
    code: str,
    start: dt.datetime | None,
    end: dt.datetime | None,
    by: str,
    step: str | None,
    territory: str,
    known_on: dt.datetime | None,
    suffix: str,
) -> None:
    """One figure, or the catalogue. Exit code 2: wrong usage; 3: no figure of that code."""
    with site.running():
        if code == CATALOGUE:
            _catalogue(suffix)
            return
        if start is None or end is None:
            raise click.UsageError("Donnez la période : --from et --to.")
        click.echo(_figure(code, start.date(), end.date(), by, step, territory, known_on, suffix), nl=False)


def _catalogue(suffix: str) -> None:
    import json

    from passerelles.indicators import exports, tables

    if suffix == "json":
        every = [exports.described(each) for found in tables.catalogue().values() for each in found]
        click.echo(json.dumps(every, ensure_ascii=False, indent=2))
        return
    for family, found in tables.catalogue().items():
        click.echo(f"\n{family}")
        for each in found:
            click.echo(f"  {each.code:<36} {each.name} [{each.unit}] ({each.requirement})")


def _figure(
    code: str,
    start: dt.date,
    end: dt.date,
    by: str,
    step: str | None,
    territory: str,
    known_on: dt.datetime | None,
    suffix: str,
) -> str:
    from passerelles.core.periods import InvalidPeriod, Period
    from passerelles.indicators import exports, services, tables
    from passerelles.indicators.engine.compute import NoSuchDimension
    from passerelles.indicators.experiment import OnlyAMonth
    from passerelles.indicators.queries import NOW, Known
    from passerelles.reference.tables import UnknownCode

    try:
        period = Period(start, end)
        known = Known.on(known_on.date()) if known_on else NOW
        if known == NOW:
            services.refresh()
        dims = [name.strip() for name in by.split(",") if name.strip()]
        table = tables.figure(code, period, by=dims, territory=territory, known=known, step=step)
    except (InvalidPeriod, UnknownCode, NoSuchDimension, OnlyAMonth) as error:
        raise click.UsageError(str(error)) from error
    return exports.as_csv(table) if suffix == "csv" else exports.as_json(table)
