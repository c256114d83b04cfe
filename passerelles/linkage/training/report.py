"""The report that stands beside a model: what it was trained on and what each level weighs, as Markdown."""

from __future__ import annotations

from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.model import OTHERS, Model


def report(model: Model) -> str:
    """In French."""
    lines = [
        f"# Modèle de rapprochement {model.version}",
        "",
        f"Entraîné sur : {model.trained_on or 'non dit'}. Probabilité a priori : {_number(model.prior, '.2e')} ; "
        f"{_number(model.kin, 'g')} paire(s) de proches pour une paire d’une même personne.",
        "",
        "m, u et k sont les parts d’un niveau parmi les paires d’une même personne, de deux inconnus et de deux "
        "proches ; les poids sont en bits, log2(m/u) face à des inconnus et log2(m/k) face à des proches. « Rare » : "
        "l’accord pèse log2(m) plus la rareté de la valeur.",
        "",
        "| champ | niveau | m | u | k | face à un inconnu | face à un proche |",
        "|---|---|---|---|---|---|---|",
    ]
    for comparison in COMPARISONS:
        for level in comparison.levels:
            weight = model.weights[comparison.code][level.code]
            rare = " (rare)" if model.is_rare(level) else ""
            lines.append(
                f"| {comparison.code} | {level.label} | {_number(weight.m, '.5f')} | {_number(weight.u, '.2e')} "
                f"| {_number(weight.k, '.4f')} | {_number(weight.bits, '+.1f')}{rare} "
                f"| {_number(weight.kin_bits, '+.1f')} |"
            )
    lines += ["", "| table de fréquences | valeurs nommées | toute autre valeur pèse |", "|---|---|---|"]
    for column, table in model.frequencies.items():
        named = len(table.keys() - {OTHERS})
        lines.append(f"| {column} | {named} | {_number(model.rarity(column, OTHERS), '.1f')} bits |")
    return "\n".join(lines) + "\n"


def _number(value: float, form: str) -> str:
    return f"{value:{form}}".replace(".", ",").replace("-", "−")
