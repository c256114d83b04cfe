"""`passerelles rules simulate`: what a rule or a parameter would change for a year of fictitious signatories."""

from __future__ import annotations

import datetime as dt
import json as json_text
import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from passerelles.cli.days import Day
from passerelles.core.errors import Unknown, UserError

if TYPE_CHECKING:
    from passerelles.orientation.engine.simulation import World
    from passerelles.reference.register import Value
    from passerelles.reference.territory import Territory
    from passerelles.synthetic.chunks import Order

YES, NO = {"oui", "yes", "true", "vrai"}, {"non", "no", "false", "faux"}


@click.command(
    epilog="Sans --set ni --without, la veille est comparée au jour. Aucune base de données : les personnes sont "
    "fictives. Codes de retour : 0 simulation faite, 1 valeur refusée, 2 commande mal écrite, 3 élément introuvable."
)
@click.option("--on", type=Day(), required=True, help="Jour où le changement prend effet.")
@click.option("--set", "settings", multiple=True, metavar="CLÉ=VALEUR", help="Valeur donnée à un paramètre ce jour-là.")
@click.option("--without", multiple=True, metavar="RÈGLE", help="Règle retirée ce jour-là.")
@click.option("--in", "territory", metavar="TERRITOIRE", help="Territoire de --set, par exemple region:44.")
@click.option("--year", type=click.IntRange(2019, 2026), default=2026, show_default=True, help="Année des signataires.")
@click.option("--department", metavar="CODE", help="Seulement ce département.")
@click.option("--region", metavar="CODE", help="Seulement cette région (code INSEE).")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Graine du tirage.")
@click.option("--title", metavar="TEXTE", help="Nom de la simulation.")
@click.option(
    "--write",
    "written",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Écrire aussi le résultat, en .md ou en .json.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")
def simulate(**options: Any) -> None:
    """Dit qui serait concerné par un changement de règle ou de paramètre, vers quels organismes, et combien de places.

    Chaque signataire fictif de l’année est lu deux fois, comme s’il signait ce jour-là : sans puis avec le changement.
    """
    from passerelles.orientation.engine.simulation_report import as_json, as_markdown
    from passerelles.orientation.rules import BOOK
    from passerelles.orientation.rules.proposals import PROPOSALS
    from passerelles.synthetic.cohort import RECEIVERS
    from passerelles.synthetic.cohort import simulate as run

    for path in options["written"]:
        if path.suffix not in {".md", ".json"}:
            raise click.BadParameter(f"« {path.name} » : terminez le nom par .md ou .json.", param_hint="--write")
    order = _order(options)
    before, after = _worlds(options)
    began = time.monotonic()
    with _bar(options["as_json"]) as progress:
        found = run(order, before, after, progress=progress)
    seconds = time.monotonic() - began
    told = as_json(
        options["title"] or _title(options),
        {"years": str(options["year"]), "seed": order.seed, "territory": order.territory or "national"},
        before,
        after,
        found.tally,
        book=BOOK,
        proposals=PROPOSALS,
        receivers=RECEIVERS,
    )
    page = as_markdown(told, _command(options))
    for path in options["written"]:
        plain = json_text.dumps(told, ensure_ascii=False, indent=1) + "\n"
        path.write_text(page if path.suffix == ".md" else plain, encoding="utf-8")
    if options["as_json"]:
        click.echo(json_text.dumps({**told, "seconds": round(seconds, 1)}, ensure_ascii=False))
        return
    click.echo(page)
    click.echo(f"{found.tally.persons.total()} personnes lues en {seconds:.0f} s.", err=True)


def _order(options: dict[str, Any]) -> Order:
    from passerelles.reference.tables import UnknownCode
    from passerelles.synthetic.chunks import Order
    from passerelles.synthetic.population import NoFigures, Size

    department, region, year = options["department"], options["region"], options["year"]
    if department and region:
        raise click.UsageError("Donnez un département ou une région, pas les deux.")
    size = Size.DEPARTMENT if department else Size.REGION if region else Size.NATIONAL
    order = Order(options["seed"], size, year, year, dt.date(year, 12, 31), department, region)
    try:
        order.chunks()
    except NoFigures as error:
        raise click.UsageError(str(error)) from error
    except UnknownCode as error:
        raise Unknown(str(error)) from error
    return order


def _worlds(options: dict[str, Any]) -> tuple[World, World]:
    """Without and with the change, both checked against the book."""
    from passerelles.orientation.engine.simulation import World
    from passerelles.orientation.rules import BOOK

    on, values = options["on"], dict(_setting(text) for text in options["settings"])
    known = {version.code for version in BOOK.versions}
    if foreign := set(options["without"]) - known:
        raise Unknown(f"Aucune règle « {min(foreign)} ».", remedy="« passerelles rules » les donne toutes.")
    after = World(on, values, _territory(options["territory"]), frozenset(options["without"]))
    after.decisions()
    changed = values or options["without"]
    return World(on if changed else on - dt.timedelta(days=1)), after


def _setting(text: str) -> tuple[str, Value]:
    from passerelles.reference import parameters

    name, sign, raw = text.partition("=")
    if not sign:
        raise click.BadParameter(f"« {text} » : écrivez clé=valeur.", param_hint="--set")
    asked = parameters.parameter(name.strip())
    return asked.key, _value(asked.type.value, raw.strip(), text)


def _value(kind: str, raw: str, text: str) -> Value:
    from passerelles.reference import levels

    try:
        match kind:
            case "int":
                return int(raw)
            case "date":
                return dt.date.fromisoformat(raw)
            case "bool" if raw.lower() in YES | NO:
                return raw.lower() in YES
            case "int_list":
                return tuple(int(each) for each in raw.split(","))
            case "level" if level := levels.find(raw):
                return level
            case "str":
                return raw
    except ValueError:
        pass
    raise click.BadParameter(f"« {text} » : la valeur n’est pas de la nature attendue ({kind}).", param_hint="--set")


def _territory(text: str | None) -> Territory:
    from passerelles.reference.tables import UnknownCode
    from passerelles.reference.territory import NATIONAL, Territory

    if not text:
        return NATIONAL
    try:
        return Territory.parse(text)
    except (UnknownCode, ValueError, UserError):
        raise click.BadParameter(
            f"« {text} » n’est pas un territoire. Écrivez region:44, department:57 ou dt:metz.", param_hint="--in"
        ) from None


def _title(options: dict[str, Any]) -> str:
    changes = [*options["settings"], *(f"sans {code}" for code in options["without"])]
    return f"{', '.join(changes) or 'la veille et le jour'}, au {options['on']:%d/%m/%Y}"


def _command(options: dict[str, Any]) -> str:
    """The command that gives the same figures again."""
    words = ["passerelles", "rules", "simulate", "--on", options["on"].isoformat(), "--year", str(options["year"])]
    for name, option in (("settings", "--set"), ("without", "--without")):
        words += [word for each in options[name] for word in (option, each)]
    for name, option in (("territory", "--in"), ("department", "--department"), ("region", "--region")):
        words += [option, options[name]] if options[name] else []
    words += ["--seed", str(options["seed"])] if options["seed"] != 1 else []
    words += ["--title", options["title"]] if options["title"] else []
    return shlex.join(words)


class _Quiet:
    def __enter__(self) -> Callable[[int, int], None]:
        return lambda done, total: None

    def __exit__(self, *_: object) -> None:
        return None


class _Bar:
    """On the error output, which leaves the other for the result."""

    def __enter__(self) -> Callable[[int, int], None]:
        self._bar = click.progressbar(length=1, label="Signataires", file=sys.stderr, show_pos=True)
        self._bar.__enter__()
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._bar.__exit__(None, None, None)

    def _advance(self, done: int, total: int) -> None:
        self._bar.length, self._bar.pos = total, 0
        self._bar.update(done)


def _bar(quiet: bool) -> _Quiet | _Bar:
    return _Quiet() if quiet else _Bar()
