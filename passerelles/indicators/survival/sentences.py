"""What a curve says, in plain French, with what censoring means for it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from passerelles.indicators.survival.counts import Durations
from passerelles.indicators.survival.curves import Curve, Point, aalen_johansen
from passerelles.indicators.survival.shares import Retention

if TYPE_CHECKING:
    from passerelles.indicators.survival.comparison import LogRank

LESS_THAN_A_THOUSANDTH = 0.001
USUAL_LEVEL = 0.05


def percent(value: float) -> str:
    """`0.331` → `33,1 %`, with the spaces of French typography."""
    return f"{100 * value:.1f} %".replace(".", ",").replace(" ", "\u00a0")


def whole(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def people(count: int) -> str:
    return "1 personne" if count == 1 else f"{whole(count)} personnes"


def at_horizon(counts: Durations, outcome: str, day: int, label: str) -> str:
    """The share that has had `outcome` (named `label`: « un emploi ») after `day` days, its interval and its base."""
    if not counts.people:
        return "Personne n’est dans ce groupe : il n’y a rien à estimer."
    point = aalen_johansen(counts)[outcome].at(day)
    return (
        f"Sur {people(counts.people)}, on estime que {percent(point.value)} ont eu {label} dans les {day} jours "
        f"({_between(point)}). {censoring(counts, day)}"
    )


def censoring(counts: Durations, day: int) -> str:
    """How many are not followed for `day` days, and what is done with them."""
    waiting = counts.not_followed(day)
    if not waiting:
        return f"Toutes ont été suivies pendant {day} jours, ou jusqu’à ce que leur attente prenne fin."
    subject = (
        "1 personne n’a pas encore été suivie" if waiting == 1 else f"{people(waiting)} n’ont pas encore été suivies"
    )
    return (
        f"{subject} pendant {day} jours : on ne sait pas si cela leur arrivera. Elles comptent pour le temps où on les "
        "a suivies, puis sortent du calcul ; les compter comme « non » ferait baisser le taux à tort."
    )


def competing(counts: Durations, outcome: str, day: int, labels: dict[str, str]) -> str:
    """What else ended the wait before `outcome`; empty when nothing else did."""
    curves = aalen_johansen(counts)
    others = [
        f"{labels[other]} ({percent(curves[other].at(day).value)})"
        for other in counts.outcomes
        if other != outcome and counts.by(day, other)
    ]
    if not others:
        return ""
    return (
        f"Pour d’autres, l’attente a pris fin autrement : {', '.join(others)}. Ces personnes restent au dénominateur : "
        "elles ne peuvent plus connaître l’événement attendu."
    )


def median(curve: Curve) -> str:
    """Half of the group waits less than…, from a Kaplan–Meier curve."""
    middle, low, high = curve.median()
    if middle is None:
        return "Moins de la moitié du groupe a connu l’événement : la durée médiane n’est pas encore connue."
    least = f"au moins {low:.0f}" if high is None and low is not None else f"entre {low or 0:.0f} et {high or 0:.0f}"
    return f"La moitié du groupe attend {middle:.0f} jours ou moins (intervalle à 95 % : {least} jours)."


def difference(test: LogRank) -> str:
    """Whether the groups differ more than chance would make them."""
    if not test.freedom:
        return "Les groupes ne peuvent pas être comparés : trop peu d’événements."
    chance = (
        "moins d’une chance sur 1 000"
        if test.probability < LESS_THAN_A_THOUSANDTH
        else f"{percent(test.probability)} de chances"
    )
    if test.probability < USUAL_LEVEL:
        return f"Les courbes diffèrent plus que par hasard ({chance} d’un tel écart sans différence réelle)."
    return f"L’écart entre les courbes peut être dû au hasard ({chance} d’un tel écart sans différence réelle)."


def kept(found: Retention) -> str:
    """Retention in a job, its base, and who is too recent to be counted."""
    share = found.share
    recent = (
        f" {people(found.too_recent).capitalize()} embauchées depuis moins de {found.months} mois ne sont pas comptées."
        if found.too_recent > 1
        else f" 1 personne embauchée depuis moins de {found.months} mois n’est pas comptée."
        if found.too_recent
        else ""
    )
    if share.value is None or share.low is None or share.high is None:
        return f"Aucune embauche n’a encore {found.months} mois.{recent}"
    return (
        f"{whole(share.count)} sur {whole(share.base)} toujours en poste à {found.months} mois, soit "
        f"{percent(share.value)} (intervalle à 95 % : {percent(share.low)} à {percent(share.high)}).{recent}"
    )


def _between(point: Point) -> str:
    return f"intervalle à 95 % : {percent(point.low)} à {percent(point.high)}"
