"""`passerelles orient`, `passerelles rules`: what the rules answer for one person, and what they are. No database."""

from __future__ import annotations

import datetime as dt
import json as json_text
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from passerelles.cli.days import Day
from passerelles.cli.simulate_rules import simulate
from passerelles.core.errors import Unknown, UserError

if TYPE_CHECKING:
    from passerelles.orientation.engine.catalogue import Line, RuleEntry, VersionEntry
    from passerelles.orientation.engine.evaluation import Evaluation
    from passerelles.orientation.engine.facts import Facts
    from passerelles.orientation.engine.recommendation import Recommendation
    from passerelles.reference.territory import Territory

MOST_BYTES = 4_000_000


ON = click.option("--on", type=Day(), help="Jour où les règles sont lues (aujourd’hui par défaut).")
JSON = click.option("--json", "as_json", is_flag=True, help="Écrire le résultat en JSON.")


@click.command(
    epilog="FACTS est un fichier YAML ou JSON, « code : valeur », un fait par ligne ; « - » lit l’entrée standard. "
    "Un fait absent est inconnu. Codes de retour : 0 réponse donnée, 1 faits illisibles, 2 commande mal écrite, "
    "3 fichier introuvable."
)
@click.argument("facts", type=click.Path(path_type=Path, allow_dash=True), required=False)
@ON
@click.option("--territory", metavar="DÉPARTEMENT", help="Département de résidence, par exemple 57.")
@click.option("--schema", is_flag=True, help="Donner la liste des faits et des règles, sans répondre.")
@JSON
def orient(facts: Path | None, on: dt.date | None, territory: str | None, schema: bool, as_json: bool) -> None:
    """Répond, pour une personne décrite dans FACTS, à toutes les règles en vigueur, avec leurs raisons."""
    if schema:
        _tell_schema(as_json)
        return
    if facts is None:
        raise click.UsageError("Indiquez le fichier des faits, ou --schema pour savoir ce qu’il peut contenir.")
    from passerelles.core import clock
    from passerelles.orientation.engine.recommendation import recommend
    from passerelles.orientation.engine.report import evaluation_as_json
    from passerelles.orientation.rules import BOOK
    from passerelles.orientation.rules.consistency import contradictions
    from passerelles.orientation.rules.proposals import PROPOSALS

    where = _territory(territory)
    known = _read(facts)
    _refuse_two_places(known, where)
    evaluation = BOOK.evaluate(known, on or clock.today(), where)
    doubts = contradictions(evaluation.told, evaluation.on)
    lines = recommend(evaluation, PROPOSALS)
    if as_json:
        found = {**evaluation_as_json(evaluation, lines), "contradictions": list(doubts)}
        click.echo(json_text.dumps(found, ensure_ascii=False, indent=2))
        return
    _tell(evaluation, lines, doubts)


class RulesGroup(click.Group):
    """`passerelles rules [CODES]` reads the book; `passerelles rules simulate` is the one word kept for a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_help = args[:1] in (["--help"], ["-h"])
        return super().parse_args(ctx, args if args[:1] == ["simulate"] or asks_help else ["book", *args])


@click.group(cls=RulesGroup)
def rules() -> None:
    """Le livre des règles, et ce qu’un changement de règle ferait.

    Sans commande, « passerelles rules [CODES] » lit le livre.
    """


rules.add_command(simulate)


@rules.command(epilog="Codes de retour : 0 tout va bien, 2 commande mal écrite, 3 règle inconnue.")
@click.argument("codes", nargs=-1)
@ON
@JSON
def book(codes: tuple[str, ...], on: dt.date | None, as_json: bool) -> None:
    """Le livre des règles : chaque règle en français, ses textes, ses dates, ses paramètres et ses cas d’essai."""
    from passerelles.core import clock
    from passerelles.orientation.engine.cases import shipped
    from passerelles.orientation.engine.catalogue import catalogue
    from passerelles.orientation.engine.report import catalogue_as_json
    from passerelles.orientation.rules import BOOK

    day = on or clock.today()
    entries = catalogue(BOOK, day, shipped())
    if foreign := set(codes) - {entry.code for entry in entries}:
        raise Unknown(
            f"Aucune règle « {min(foreign)} ».", remedy="« passerelles rules », sans argument, les donne toutes."
        )
    chosen = [entry for entry in entries if not codes or entry.code in codes]
    if as_json:
        found = {"on": day.isoformat(), "rules": catalogue_as_json(chosen, BOOK.registry)}
        click.echo(json_text.dumps(found, ensure_ascii=False, indent=2))
        return
    _tell_rules(chosen, detailed=bool(codes))


def _territory(text: str | None) -> Territory | None:
    if text is None:
        return None
    from passerelles.reference.tables import UnknownCode
    from passerelles.reference.territory import Territory

    name = text.strip()
    try:
        return Territory.parse(name if name.startswith("department:") else f"department:{name.upper()}")
    except UnknownCode:
        raise click.BadParameter(
            f"« {text} » n’est pas un département. Écrivez son code, par exemple 57, 2A ou 974.",
            param_hint="--territory",
        ) from None


def _read(path: Path) -> Facts:
    """Raises `BadFacts` naming the file, `Unknown` when there is none."""
    from passerelles.orientation.engine.facts import BadFacts
    from passerelles.orientation.engine.yaml_text import load
    from passerelles.orientation.rules import FACTS

    standard = str(path) == "-"
    name = "entrée standard" if standard else path.name
    if not standard and not path.exists():
        raise Unknown(f"Le fichier {path} n’existe pas.")
    try:
        if standard:
            content = sys.stdin.buffer.read(MOST_BYTES)
        else:
            with path.open("rb") as stream:
                content = stream.read(MOST_BYTES)
        return FACTS.read(load(content.decode("utf-8-sig")))
    except OSError as error:
        raise BadFacts(f"{name} ne peut pas être lu : {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFacts(f"{name} n’est pas un texte UTF-8.", remedy="Enregistrez-le en UTF-8.") from None
    except UserError as error:
        raise BadFacts(f"{name} : {error.sentence}", remedy=error.remedy) from None


def _refuse_two_places(known: Facts, where: Territory | None) -> None:
    told = known.get("departement")
    if where is not None and told is not None and told.value != where.code:
        raise click.UsageError(
            f"Les faits disent « departement: {told.value} » et la commande --territory {where.code}. Gardez-en un."
        )


def _tell(evaluation: Evaluation, lines: tuple[Recommendation, ...], doubts: tuple[str, ...]) -> None:
    from passerelles.core.periods import date_fr

    place = evaluation.territory.label_fr if evaluation.territory else "territoire inconnu"
    click.echo(f"Au {date_fr(evaluation.on)}, {place}.")
    if not evaluation:
        click.echo("Aucune règle n’est en vigueur à cette date.")
    for doubt in doubts:
        click.echo(f"! {doubt}")
    if lines:
        click.echo("\nÀ proposer")
    for line in lines:
        click.echo(f"- {line.proposal.title} ({line.standing.label_fr})")
        for sign, reasons in (("+", line.reasons_for), ("−", line.reasons_against)):
            for reason in reasons:
                click.echo(f"    {sign} {reason.text} ({reason.reference})")
        for fact in line.questions:
            click.echo(f"    ? {evaluation.plan.registry[fact].question}")
    click.echo("\nRéponses")
    for code, answer in evaluation.items():
        click.echo(f"- {code} : {answer.verdict.label_fr}. {evaluation.conclusion(code)}")
        for reason in answer.reasons:
            click.echo(f"    {reason.text} ({reason.reference})")


def _tell_schema(as_json: bool) -> None:
    from passerelles.orientation.engine.report import schema_as_json
    from passerelles.orientation.rules import BOOK

    schema = schema_as_json(BOOK)
    if as_json:
        click.echo(json_text.dumps(schema, ensure_ascii=False, indent=2))
        return
    click.echo("Faits")
    for spec in BOOK.registry.values():
        values = f" : {', '.join(spec.values)}" if spec.values else ""
        click.echo(f"- {spec.code} ({spec.type.value}{values})\n    {spec.question}")
    click.echo("\nRègles")
    for answer in schema["answers"]:
        click.echo(f"- {answer['code']} ({answer['group']}) {answer['title']}")


def _tell_rules(entries: list[RuleEntry], *, detailed: bool) -> None:
    from passerelles.orientation.rules import GROUPS

    group = ""
    for entry in entries:
        if entry.group != group:
            group = entry.group
            click.echo(f"\n{group} {GROUPS[group]}")
        state = "en vigueur" if entry.in_force else "pas en vigueur"
        click.echo(f"- {entry.code} : {entry.title} ({state})")
        if detailed:
            for version in entry.versions:
                _tell_version(version)
            for case in entry.cases:
                click.echo(f"    cas du {case.on:%d/%m/%Y} : {case.name} → {case.answer_fr}")


def _tell_version(version: VersionEntry) -> None:
    told = version.version
    click.echo(f"    {version.period.label_fr}, {told.scope_fr} — {told.reference.label} (confiance {told.confidence})")
    for line in version.conditions:
        for depth, text in _flat(line, 0):
            click.echo(f"      {'  ' * depth}- {text}")
    for parameter in version.parameters:
        click.echo(f"      paramètre : {parameter.label} ({parameter.key})")
    if told.note:
        click.echo(f"      {told.note}")


def _flat(line: Line, depth: int) -> Iterator[tuple[int, str]]:
    yield depth, line.text
    for under in line.under:
        yield from _flat(under, depth + 1)
