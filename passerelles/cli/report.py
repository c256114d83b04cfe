"""`passerelles report`: the monthly return from the command line, stored or live."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from passerelles.cli import site

if TYPE_CHECKING:
    from passerelles.core.periods import Month

NOTHING_FOUND = 3


@click.group(name="report", help="Écrire une remontée : la version enregistrée, ou les chiffres du moment.")
def report() -> None:
    """The reports that the platform can write."""


@report.command("metz-monthly", help="La remontée mensuelle de l’expérimentation (REP-01).")
@click.option("--month", "month_text", required=True, metavar="AAAA-MM", help="Le mois, par exemple 2026-01.")
@click.option("--territory", required=True, metavar="DT", help="La direction territoriale, par exemple metz.")
@click.option(
    "--format", "suffix", type=click.Choice(["csv", "xlsx", "pdf"]), default="csv", show_default=True, help="Le format."
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Le fichier à écrire ; sinon la sortie standard."
)
@click.option(
    "--as-known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="AAAA-MM-JJ",
    help="Les chiffres tels que connus à la fin de ce jour.",
)
@click.option(
    "--version", type=click.IntRange(1), metavar="N", help="La version enregistrée, au lieu des chiffres du moment."
)
def metz_monthly(
    month_text: str,
    territory: str,
    suffix: str,
    output: Path | None,
    as_known_on: dt.datetime | None,
    version: int | None,
) -> None:
    """Write one return (F-001). Exit code 2: wrong usage; 3: nothing found."""
    if version is not None and as_known_on is not None:
        raise click.UsageError("Choisissez --version ou --as-known-on : une version dit déjà ce qui était connu.")
    with site.running():
        written = _written(month_text, territory, suffix, as_known_on, version)
    if output is None:
        click.echo(written, nl=False)
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise click.UsageError(f"Le fichier {output} ne peut pas être écrit : {error.strerror}.") from error
    click.echo(f"{output} : {len(written)} octets.", err=True)


def _written(
    month_text: str, territory: str, suffix: str, as_known_on: dt.datetime | None, version: int | None
) -> bytes:
    from passerelles.core.errors import Unknown
    from passerelles.core.periods import InvalidMonth, Month
    from passerelles.reference import territories
    from passerelles.reference.parameters import BeforeFirstDate, NotConfigured
    from passerelles.reference.tables import UnknownCode

    try:
        month = Month.parse(month_text)
        territories.direction(territory)
    except (InvalidMonth, UnknownCode) as error:
        raise click.UsageError(str(error)) from error
    try:
        if version is not None:
            return _stored(territory, month, version, suffix)
        return _live(territory, month, as_known_on, suffix)
    except (Unknown, NotConfigured, BeforeFirstDate) as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(NOTHING_FOUND) from error


def _stored(territory: str, month: Month, version: int, suffix: str) -> bytes:
    from passerelles.reports import exports, queries
    from passerelles.reports.catalogue import METZ_MONTHLY
    from passerelles.reports.exports import document
    from passerelles.reports.schedule import ReturnPeriod

    found = queries.find_version(METZ_MONTHLY.slug, f"dt:{territory}", ReturnPeriod(month, 1), version)
    past = queries.figures_of(found) if suffix != "csv" else None
    return exports.write(document.of_return(found, past), suffix)


def _live(territory: str, month: Month, as_known_on: dt.datetime | None, suffix: str) -> bytes:
    from passerelles.core import clock
    from passerelles.indicators.queries import NOW, Known
    from passerelles.network.policy import SYSTEM
    from passerelles.reports import exports, making, queries
    from passerelles.reports.exports import document

    known = Known.on(as_known_on.date()) if as_known_on else NOW
    figures = queries.live(SYSTEM, territory, month, known)
    operator = making.operator_name(territory, month)
    return exports.write(document.of_live(figures, operator, known.instant or clock.now(), inside=True), suffix)


@report.command("list", help="Les remontées que les textes demandent : code, nom, fréquence, expéditeur.")
def list_kinds() -> None:
    """The catalogue (F.8). No database."""
    from passerelles.reports.catalogue import CATALOGUE

    width = max(len(kind.slug) for kind in CATALOGUE)
    for kind in CATALOGUE:
        click.echo(f"{kind.code}  {kind.slug.ljust(width)}  {kind.name} ; {kind.frequency}, {kind.sender}")


@report.command("write", help="Une remontée du catalogue : la version enregistrée, ou les chiffres du moment (CSV).")
@click.argument("slug", metavar="REMONTÉE")
@click.option("--territory", required=True, metavar="TERRITOIRE", help="department:57, region:44, dt:metz, national.")
@click.option("--period", required=True, metavar="PÉRIODE", help="2026-01, 2026-T1, 2026-Q1, 2026-S1 ou 2026.")
@click.option("--version", type=click.IntRange(1), metavar="N", help="La version enregistrée.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["csv", "txt", "json", "xlsx", "ods", "pdf"]),
    default="csv",
    show_default=True,
    help="Le format ; sans --version, seul le CSV existe.",
)
@click.option(
    "--as-known-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="AAAA-MM-JJ",
    help="Les chiffres tels que connus à la fin de ce jour.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Le fichier à écrire ; sinon la sortie standard."
)
def write_return(
    slug: str,
    territory: str,
    period: str,
    version: int | None,
    suffix: str,
    as_known_on: dt.datetime | None,
    output: Path | None,
) -> None:
    """Write one return of the catalogue. What leaves is protected as on the screen."""
    if version is None and suffix != "csv":
        raise click.UsageError("Sans --version, seul le format csv existe : établissez d’abord la remontée.")
    with site.running():
        written = _of_catalogue(slug, territory, period, version, suffix, as_known_on)
    if output is None:
        click.echo(written, nl=False)
        return
    output.write_bytes(written)
    click.echo(f"{output} : {len(written)} octets.", err=True)


def _of_catalogue(
    slug: str, territory: str, period: str, version: int | None, suffix: str, as_known_on: dt.datetime | None
) -> bytes:
    from passerelles.core.errors import Unknown
    from passerelles.indicators.queries import NOW, Known
    from passerelles.reference.territory import Territory
    from passerelles.reports import exports, making, queries
    from passerelles.reports.catalogue import return_type
    from passerelles.reports.schedule import ReturnPeriod

    kind, place, span = return_type(slug), Territory.parse(territory), ReturnPeriod.parse(period)
    if version is None:
        return making.make(kind, place, span, Known.on(as_known_on.date()) if as_known_on else NOW).content
    found = queries.find_version(slug, territory, span, version)
    if suffix not in exports.formats_of(found):
        raise Unknown(f"Le format {suffix} n’existe pas pour cette remontée.")
    return exports.of_return(found, suffix, queries.figures_of(found) if suffix in ("xlsx", "pdf") else None)
