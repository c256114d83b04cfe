"""Link two lists, compare two persons, train and describe the model. No server and no database."""

from __future__ import annotations

import json as json_text
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from passerelles.core.errors import Impossible, Unknown

LIST = click.Path(path_type=Path)
LEFT = click.argument("left", metavar="GAUCHE", type=LIST)
RIGHT = click.argument("right", metavar="DROITE", type=LIST)


class _LinkGroup(click.Group):
    """`link LEFT RIGHT` is the usual call: a first word that is not a subcommand is a file."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["lists", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_LinkGroup)
def link() -> None:
    """Rapproche deux listes : « link GAUCHE DROITE --output paires.csv » ; « link doubles »,
    « link drift », « link train », « link report »."""


@link.command("lists", short_help="Rapprocher deux listes.")
@LEFT
@RIGHT
@click.option("--output", metavar="FICHIER", type=LIST, required=True, help="Fichier csv des paires.")
@click.option(
    "--linked",
    metavar="P",
    type=float,
    default=0.99,
    show_default=True,
    help="Probabilité à partir de laquelle relier.",
)
@click.option(
    "--review",
    metavar="P",
    type=float,
    default=0.05,
    show_default=True,
    help="Probabilité à partir de laquelle vérifier.",
)
@click.option("--all-pairs", is_flag=True, help="Une personne peut figurer plusieurs fois dans une liste.")
@click.option("--json", "as_json", is_flag=True, help="Écrire le bilan en JSON.")
def lists(left: Path, right: Path, output: Path, linked: float, review: float, all_pairs: bool, as_json: bool) -> None:
    """Rapproche GAUCHE et DROITE (csv, parquet, xlsx, ods) : probabilité, zone et raisons de chaque paire."""
    from passerelles.linkage.batch import run
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.engine.decision import Thresholds
    from passerelles.linkage.engine.model import load

    if not 0 <= review <= linked <= 1:
        raise Impossible(
            "Les seuils vont de 0 à 1, et « à vérifier » ne dépasse pas « relier ».",
            remedy="Par exemple : --review 0.05 --linked 0.99.",
        )
    one, other = read_list(left), read_list(right)
    for sentence in (*one.warnings, *other.warnings):
        click.echo(sentence, err=True)
    pairs = run.link(
        one.frame,
        other.frame,
        load(),
        thresholds=Thresholds(linked, review),
        assign=not all_pairs,
        progress=None if as_json else _tell,
    )
    run.write_pairs(output, pairs, one.ids, other.ids)
    counts = {zone: int((pairs["zone"] == zone).sum()) for zone in ("linked", "review")}
    if as_json:
        click.echo(json_text.dumps({"left": len(one.ids), "right": len(other.ids), **counts, "model": load().version}))
    else:
        click.echo(f"{counts['linked']} paires reliées, {counts['review']} à vérifier, dans {output.name}.")


@link.command(short_help="Entraîner un modèle.")
@click.argument("folder", metavar="DOSSIER", type=LIST)
@click.option("--output", metavar="FICHIER", type=LIST, required=True, help="Fichier du modèle (json).")
@click.option("--version", "name", metavar="NOM", required=True, help="Nom de version du modèle.")
def train(folder: Path, output: Path, name: str) -> None:
    """Entraîne les poids sur les listes left et right de DOSSIER (csv ou parquet). Demande requirements/bench.txt."""
    from passerelles.linkage.batch.drift import linked_levels, shares
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.training.report import report as describe
    from passerelles.linkage.training.weights import train as learn

    sides = [_side(folder, side) for side in ("left", "right")]
    left, right = (read_list(side).frame for side in sides)
    trained = learn(left, right, version=name, trained_on=f"{left.height} × {right.height} personnes fictives")
    model = replace(trained.model, linked=shares(linked_levels(left, right, trained.model)))
    output.write_text(json_text.dumps(model.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told = output.with_suffix(".md")
    told.write_text(describe(model), encoding="utf-8")
    click.echo(f"Modèle {name} écrit dans {output.name}, son rapport dans {told.name}.")
    click.echo(f"Niveaux jamais vus : {', '.join(trained.unseen) or 'aucun'}.")


@link.command(short_help="Décrire le modèle en service.")
def report() -> None:
    """Décrit le modèle en service : chaque niveau, ses fréquences, son poids (Markdown)."""
    from passerelles.linkage.engine.model import load
    from passerelles.linkage.training.report import report as describe

    click.echo(describe(load()), nl=False)


@link.command(short_help="Comparer deux listes à l’entraînement.")
@LEFT
@RIGHT
@click.option("--json", "as_json", is_flag=True, help="Écrire la mesure en JSON.")
def drift(left: Path, right: Path, as_json: bool) -> None:
    """Mesure si GAUCHE et DROITE ressemblent encore aux listes de l’entraînement : niveaux des paires reliées."""
    from passerelles.linkage.batch.drift import drift as measure
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.engine.comparisons import BY_CODE
    from passerelles.linkage.engine.drift import FAR, LEAST_PAIRS
    from passerelles.linkage.engine.model import load

    one, other = read_list(left), read_list(right)
    for sentence in (*one.warnings, *other.warnings):
        click.echo(sentence, err=True)
    fields = measure(one.frame, other.frame, load(), progress=None if as_json else _tell)
    if as_json:
        told = [{**asdict(field), "distance": field.distance, "drifted": field.drifted} for field in fields]
        click.echo(json_text.dumps({"model": load().version, "fields": told}, ensure_ascii=False))
        return
    for field in fields:
        line = f"{field.comparison:<8} {field.pairs:>7} paires, écart {field.distance:.1%}"
        click.echo(line.replace(".", ",").replace("%", " %"))
        if field.drifted:
            for level, share in field.found.items():
                expected = field.expected[level]
                if abs(share - expected) >= FAR / 2:
                    label = BY_CODE[field.comparison].level(level).label
                    click.echo(f"  {label} : {share:.1%}, attendu {expected:.1%}".replace(".", ",").replace("%", " %"))
    drifted = [field.comparison for field in fields if field.drifted]
    if drifted:
        click.echo(f"À regarder : {', '.join(drifted)}. Si l’écart demeure le mois prochain, entraînez à nouveau.")
    elif any(field.pairs >= LEAST_PAIRS for field in fields):
        click.echo("Les listes ressemblent à celles de l’entraînement.")
    else:
        click.echo(f"Trop peu de paires reliées pour conclure (il en faut {LEAST_PAIRS}).")


@link.command(short_help="Chercher les doublons d’une liste.")
@click.argument("file", metavar="FICHIER", type=LIST)
@click.option("--output", metavar="FICHIER", type=LIST, required=True, help="Fichier csv des doublons.")
@click.option(
    "--linked",
    metavar="P",
    type=float,
    default=0.99,
    show_default=True,
    help="Probabilité à partir de laquelle réunir.",
)
def doubles(file: Path, output: Path, linked: float) -> None:
    """Cherche les doublons de FICHIER : une ligne du csv par enregistrement, un numéro par personne."""
    from passerelles.linkage.batch import run
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.batch.groups import groups
    from passerelles.linkage.engine.model import bits_of, load

    if not 0 < linked < 1:
        raise Impossible("Le seuil est entre 0 et 1, bornes exclues.", remedy="Par exemple : --linked 0.99.")
    people = read_list(file)
    for sentence in people.warnings:
        click.echo(sentence, err=True)
    with run.scored(people.frame, None, load(), progress=_tell) as found:
        told = groups(found.pairs.iter_rows(), at_least=bits_of(linked))
    run.write_groups(output, told, people.ids)
    click.echo(f"{len(told)} personnes inscrites plusieurs fois, {sum(map(len, told))} lignes, dans {output.name}.")


@click.command("same-person")
@click.argument("file", metavar="FICHIER", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Écrire la réponse en JSON.")
def same_person(file: Any, as_json: bool) -> None:
    """Compare les deux personnes d’un fichier JSON : une liste de deux objets, ou « left » et « right »."""
    from passerelles.linkage.batch.files import record_of
    from passerelles.linkage.engine.decision import CHECK, LEAST_SIZE
    from passerelles.linkage.engine.model import load
    from passerelles.linkage.engine.score import Scorer

    left, right = (record_of(each) for each in _two(file.read()))
    score = Scorer(load().expecting(CHECK.prior(LEAST_SIZE))).score(left, right)
    zone = CHECK.thresholds.zone(score.probability)
    if as_json:
        answer = {
            "probability": score.probability,
            "zone": zone.value,
            "bits": round(score.bits, 3),
            "reasons": list(score.reasons),
            "model": load().version,
        }
        click.echo(json_text.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{zone.label_fr} (probabilité {score.probability:.4f})".replace(".", ","))
        for reason in score.reasons:
            click.echo(f"  {reason}")


def _two(text: str) -> list[dict[str, Any]]:
    try:
        given = json_text.loads(text)
    except json_text.JSONDecodeError as error:
        raise Impossible(
            f"Le JSON est illisible, ligne {error.lineno}, colonne {error.colno}.",
            remedy='Donnez une liste de deux objets, par exemple [{"family_name": …}, {…}].',
        ) from error
    if isinstance(given, dict) and {"left", "right"} <= set(given):
        given = [given["left"], given["right"]]
    if not isinstance(given, list) or len(given) != 2 or not all(isinstance(each, dict) for each in given):
        raise Impossible(
            "Il faut exactement deux personnes.",
            remedy="Donnez une liste de deux objets, ou un objet avec « left » et « right ».",
        )
    return given


def _side(folder: Path, side: str) -> Path:
    for suffix in (".parquet", ".csv"):
        path = folder / f"{side}{suffix}"
        if path.is_file():
            return path
    raise Unknown(f"« {folder.name} » ne contient ni {side}.parquet ni {side}.csv.")


def _tell(step: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        click.echo(f"\r{step} : {100 * done // max(total, 1)} %", err=True, nl=done == total)
