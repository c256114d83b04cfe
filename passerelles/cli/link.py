"""Link two lists, compare two persons, train and describe the model. No server and no database."""

from __future__ import annotations

import json as json_text
import sys
from pathlib import Path
from typing import Any

import click

from passerelles.core.errors import Impossible, Unknown

LIST = click.Path(path_type=Path)


class _LinkGroup(click.Group):
    """`link LEFT RIGHT` is the usual call: a first word that is not a subcommand is a file."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["lists", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_LinkGroup)
def link() -> None:
    """Rapproche deux listes : « link GAUCHE DROITE --output paires.csv » ; « link train », « link report »."""


@link.command("lists")
@click.argument("left", type=LIST)
@click.argument("right", type=LIST)
@click.option("--output", type=LIST, required=True, help="Fichier csv des paires.")
@click.option("--linked", type=float, default=0.95, show_default=True, help="Probabilité à partir de laquelle relier.")
@click.option(
    "--review", type=float, default=0.05, show_default=True, help="Probabilité à partir de laquelle vérifier."
)
@click.option("--all-pairs", is_flag=True, help="Une personne peut figurer plusieurs fois dans une liste.")
@click.option("--json", "as_json", is_flag=True, help="Écrire le bilan en JSON.")
def lists(left: Path, right: Path, output: Path, linked: float, review: float, all_pairs: bool, as_json: bool) -> None:
    """Rapproche LEFT et RIGHT (csv, parquet, xlsx, ods) : probabilité, zone et raisons de chaque paire."""
    from passerelles.linkage.batch import run
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.engine.decision import Thresholds
    from passerelles.linkage.engine.model import load

    if not 0 <= review <= linked <= 1:
        raise Impossible(
            "Les seuils vont de 0 à 1, et « à vérifier » ne dépasse pas « relier ».",
            remedy="Par exemple : --review 0.05 --linked 0.95.",
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


@link.command()
@click.argument("folder", type=LIST)
@click.option("--output", type=LIST, required=True, help="Fichier du modèle (json).")
@click.option("--version", "name", required=True, help="Nom de version du modèle.")
def train(folder: Path, output: Path, name: str) -> None:
    """Entraîne les poids sur les listes left et right de FOLDER (csv ou parquet). Demande requirements/bench.txt."""
    from passerelles.linkage.batch.files import read_list
    from passerelles.linkage.training.weights import train as learn

    sides = [_side(folder, side) for side in ("left", "right")]
    left, right = (read_list(side).frame for side in sides)
    trained = learn(left, right, version=name, trained_on=f"{left.height} × {right.height} personnes fictives")
    output.write_text(json_text.dumps(trained.model.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"Modèle {name} écrit dans {output.name} ; niveaux jamais vus : {', '.join(trained.unseen) or 'aucun'}.")


@link.command()
def report() -> None:
    """Décrit le modèle en service : chaque niveau, sa fréquence chez une même personne et chez deux, son poids."""
    from passerelles.linkage.engine.comparisons import COMPARISONS
    from passerelles.linkage.engine.model import load

    model = load()
    click.echo(f"Modèle {model.version}, entraîné sur {model.trained_on}. Probabilité a priori : {model.prior:.2e}.")
    for comparison in COMPARISONS:
        for level in comparison.levels:
            weight = model.weights[comparison.code][level.code]
            line = f"{level.label:<60} m {weight.m:8.5f}   u {weight.u:9.2e}   {weight.bits:+6.1f} bits"
            click.echo(line.replace(".", ","))


@click.command("same-person")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
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
