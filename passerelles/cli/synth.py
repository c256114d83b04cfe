"""`passerelles synth`: a fictitious France, into the database or into files; and the report of its calibration."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from passerelles.cli import site
from passerelles.core import clock
from passerelles.core.errors import Unknown

if TYPE_CHECKING:
    from passerelles.synthetic.chunks import Order
    from passerelles.synthetic.frames import Chunk

SIZES = ("demo", "department", "region", "national")
Progress = Callable[[str, int, int], None]
AXES = {
    "sex": "Signataires par sexe",
    "prescribed": "Formation linguistique prescrite ou non",
    "hours": "Heures de formation linguistique prescrites",
    "schooling": "Niveau scolaire",
    "age": "Âge",
}
PLACES = {"haute_garonne": "Haute-Garonne", "occitanie": "Occitanie"}
ROWS = {
    "F": "Femmes",
    "H": "Hommes",
    "prescribed": "Prescrite",
    "dispensed": "Non prescrite",
    "1618": "16 à 18 ans",
    "1925": "19 à 25 ans",
    "2645": "26 à 45 ans",
    "4665": "46 à 65 ans",
    "plus_65": "Plus de 65 ans",
}
WHAT = {"chunks": "Population", "lists": "Listes et rapprochements"}


class Synth(click.Group):
    """`--to files DIR` is written in one piece: the word after `files` is the folder."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for place, word in enumerate(args):
            here = word == "--to=files" or (word == "files" and args[place - 1 : place] == ["--to"])
            if here and args[place + 1 : place + 2] and not args[place + 1].startswith("-"):
                args = [*args[: place + 1], "--folder", *args[place + 1 :]]
                break
        return super().parse_args(ctx, args)


def order_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is generated."""
    for option in reversed(
        [
            click.option(
                "--size",
                type=click.Choice(SIZES),
                metavar="TAILLE",
                help="demo (quelques centaines de personnes), department, region ou national.",
            ),
            click.option("--years", metavar="AAAA-AAAA", help="Années de signature, par exemple 2021-2026."),
            click.option("--year", metavar="AAAA", help="Une seule année de signature."),
            click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Graine du tirage."),
            click.option("--department", metavar="CODE", help="Le département, pour la taille department."),
            click.option("--region", metavar="CODE", help="La région (code INSEE), pour la taille region."),
            click.option(
                "--until",
                type=click.DateTime(["%Y-%m-%d"]),
                metavar="AAAA-MM-JJ",
                help="Rien n’est connu après ce jour (hier par défaut).",
            ),
        ]
    ):
        command = option(command)
    return command


@click.group(cls=Synth, invoke_without_command=True, subcommand_metavar="[report]")
@order_options
@click.option(
    "--to",
    "destination",
    type=click.Choice(["database", "files"]),
    default="database",
    metavar="DESTINATION",
    help="database (par défaut), ou files suivi du dossier à remplir.",
)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER", help="Dossier à remplir."
)
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    metavar="FORMAT",
    help="parquet ou csv.",
)
@click.option("--verbs", is_flag=True, help="Jouer chaque acte par les fonctions de la plateforme : lent, pour demo.")
@click.option("--beside-accounts", is_flag=True, help="Accepter une base qui contient de vrais comptes.")
@click.option("--report", "with_report", is_flag=True, help="Écrire aussi le rapport de calage, sous --docs.")
@click.option("--docs", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER", help="Dossier du rapport.")
@click.option("--json", "as_json", is_flag=True, help="Écrire le bilan en JSON.")
@click.pass_context
def synth(ctx: click.Context, **options: Any) -> None:
    """Crée une population fictive, calée sur les chiffres publiés ; les mêmes options donnent la même population.

    Interrompue, la commande se reprend en la relançant. Une base ou un dossier qui en contient une autre est refusé.
    """
    if ctx.invoked_subcommand is not None:
        return
    if options["verbs"] and options["size"] not in {"demo", None}:
        raise click.UsageError("--verbs est réservé à la taille demo : ce serait trop lent.")
    if options["destination"] == "files":
        _to_files(options)
    else:
        _to_database(options)


@synth.command("report")
@order_options
@click.option("--docs", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER", help="Dossier du rapport.")
@click.option("--json", "as_json", is_flag=True, help="Écrire les verdicts en JSON.")
def report(**options: Any) -> None:
    """Compare la population tirée aux chiffres publiés et écrit le rapport de calage (calibration.md)."""
    verdicts = _write_report(_order(options), options["docs"])
    if options["as_json"]:
        click.echo(json.dumps(verdicts, ensure_ascii=False))
    if verdicts.get("outside"):
        raise SystemExit(1)


def _to_database(options: dict[str, Any]) -> None:
    order = _order(options)
    with site.running() as here:
        from passerelles.cli.database import bring_up_to_date
        from passerelles.synthetic.services import runs, store

        if here.urls.embedded:
            bring_up_to_date(here.urls)
        if options["until"] is None:
            order = _same_horizon(order, runs.standing())
        with _bar(options["as_json"]) as progress:
            stored = store.to_database(
                order,
                verbs=options["verbs"],
                beside_accounts=options["beside_accounts"],
                as_owner=lambda: site.owner_connection(here.urls),
                progress=progress,
            )
    _tell(options, order, asdict(stored), "base de données")


def _same_horizon(order: Order, run: Any) -> Order:
    """A run begun yesterday is taken up with the horizon it had."""
    return order if run is None else replace(order, horizon=run.horizon)


def _to_files(options: dict[str, Any]) -> None:
    from passerelles.synthetic.services import files

    order, folder = _order(options), options["folder"]
    if folder is None:
        raise click.UsageError("Donnez le dossier à remplir : --to files DOSSIER.")
    if options["until"] is None and (known := files.horizon_of(folder)):
        order = replace(order, horizon=known)
    with _bar(options["as_json"]) as progress:
        written = files.to_files(order, folder, options["suffix"], progress=progress)
    _tell(options, order, asdict(written), str(folder))


def _tell(options: dict[str, Any], order: Order, summary: dict[str, Any], where: str) -> None:
    if options["with_report"]:
        summary["report"] = _write_report(order, options["docs"])
    tables = _tables(order)
    if options["as_json"]:
        summary |= {"seconds": round(summary["seconds"], 1), "horizon": order.horizon.isoformat(), "seed": order.seed}
        summary["tables"] = [
            {"code": found.table.code, "misplaced": found.misplaced, "rows": found.measured} for found in tables
        ]
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    for found in tables:
        _show(found)
    click.echo(
        f"{_amount(summary['people'])} personnes et {_amount(summary['facts'])} faits ({where}) ; "
        f"{summary['written_now']} lot(s) sur {summary['chunks']} en {summary['seconds']:.0f} s."
    )


def _amount(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _tables(order: Order) -> list[Any]:
    """The tables of J.1 that the order covers, counted on the people it draws."""
    from passerelles.synthetic.calibration import Measure, collect, people_alone, table_results
    from passerelles.synthetic.calibration.population import table_counts
    from passerelles.synthetic.chunks import signatories
    from passerelles.synthetic.population.territory import REGION_OF_TABLES, WITH_TABLES, YEAR_OF_TABLES

    in_years = order.first_year <= YEAR_OF_TABLES <= order.last_year
    if not in_years or not (order.department == WITH_TABLES or order.region == REGION_OF_TABLES):
        return []
    drawn = (people_alone(signatories(order, *task)) for task in order.chunks() if task[1] == YEAR_OF_TABLES)
    return table_results(collect(drawn, [Measure("", table_counts, lambda counts: None)]))


def _show(found: Any) -> None:
    table = found.table
    where, _, axis = table.code.rpartition(f"_{table.year}_")
    click.echo(f"\n{AXES[axis]} et motif, {PLACES[where]} {table.year} ({table.requirement})")
    rows = {_row_label(axis, name): cells for name, cells in found.measured.items()}
    width = max(map(len, rows))
    click.echo("  ".join([" " * width, *(column.rjust(10) for column in (*table.columns, "Total"))]))
    for name, cells in rows.items():
        click.echo("  ".join([name.ljust(width), *(str(n).rjust(10) for n in (*cells, sum(cells)))]))
    if found.misplaced:
        click.echo(click.style(f"{found.misplaced} personne(s) hors de la case publiée.", fg="red"))
    else:
        click.echo(click.style("À l’unité près : identique au tableau publié.", fg="green"))
    click.echo()


def _row_label(axis: str, name: str) -> str:
    from passerelles.reference.schooling import Schooling

    if axis == "schooling":
        return Schooling(name).label_fr
    return f"{name} h" if axis == "hours" else ROWS.get(name, name)


def _write_report(order: Order, docs: Path | None) -> dict[str, int]:
    """Write the report; the number of figures by verdict."""
    from collections import Counter

    from passerelles.synthetic import workers
    from passerelles.synthetic.calibration import write_report

    folder = docs or (Path("docs") if Path("docs").is_dir() else Path())
    tasks = order.chunks()

    def made() -> Iterable[Chunk]:
        with _bar(quiet=False) as progress:
            found = workers.in_order(workers.made_chunk, tasks, order, secret="", workers=2, ahead=3)
            for rank, chunk in enumerate(found, start=1):
                yield chunk
                progress("chunks", rank, len(tasks))

    years = f"{order.first_year}-{order.last_year}, known until {order.horizon:%d/%m/%Y}"
    what = f"{order.size} {order.territory}".strip() + f", {years}"
    verdicts = write_report(made(), docs=folder, run=what, seed=order.seed)
    click.echo(f"Rapport de calage : {folder / 'calibration.md'}", err=True)
    return dict(Counter(str(each.verdict) for each in verdicts))


def _order(options: dict[str, Any]) -> Order:
    """What is asked for. Mistakes of use in one sentence."""
    from passerelles.reference.tables import UnknownCode
    from passerelles.synthetic.chunks import Order
    from passerelles.synthetic.population import NoFigures, Size

    if options["size"] is None:
        raise click.UsageError("Donnez la taille : --size demo, department, region ou national.")
    first, last = _years(options["years"], options["year"])
    until = options["until"]
    horizon = until.date() if until else clock.today() - dt.timedelta(days=1)
    size = Size(options["size"])
    order = Order(
        seed=options["seed"],
        size=size,
        first_year=first,
        last_year=last,
        horizon=horizon,
        department=options["department"] if size is Size.DEPARTMENT else _unwanted(options, "department"),
        region=options["region"] if size is Size.REGION else _unwanted(options, "region"),
    )
    try:
        chunks = order.chunks()
    except NoFigures as error:
        raise click.UsageError(str(error)) from error
    except UnknownCode as error:
        raise Unknown(str(error)) from error
    if not chunks:
        raise click.UsageError(f"Personne n’a signé dans ces années avant le {horizon:%d/%m/%Y}.")
    return order


def _unwanted(options: dict[str, Any], name: str) -> None:
    if options[name]:
        raise click.UsageError(f"--{name} ne va qu’avec --size {name}.")


def _years(years: str | None, year: str | None) -> tuple[int, int]:
    if (years is None) == (year is None):
        raise click.UsageError("Donnez les années : --years 2021-2026, ou --year 2020.")
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", (years or year or "").strip())
    first = int(match[1]) if match else 0
    last = int(match[2] or match[1]) if match else 0
    if not match or first > last:
        raise click.UsageError(f"Années illisibles : « {years or year} ». Écrivez 2021-2026, la première d’abord.")
    return first, last


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    """A bar on the error output, which leaves the other for the result."""
    if quiet:
        yield lambda what, done, total: None
        return
    with click.progressbar(length=1, label=WHAT["chunks"], file=sys.stderr, show_pos=True) as bar:

        def advance(what: str, done: int, total: int) -> None:
            bar.length, bar.label = total, WHAT.get(what, f"Index {what}")
            bar.pos = 0
            bar.update(done)

        yield advance
