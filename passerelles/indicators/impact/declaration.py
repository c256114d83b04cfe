"""What an experiment announces before it starts, and how many people it takes to show it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from passerelles.core.errors import Impossible


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One *repère d’impact*: `baseline` and `target` are shares (0 to 1) of `outcome`; `minimum`: people per arm."""

    outcome: str
    baseline: float
    target: float
    declared_on: dt.date
    starts_on: dt.date
    measured_on: dt.date
    minimum: int


def declare(
    outcome: str,
    *,
    baseline: float,
    target: float,
    declared_on: dt.date,
    starts_on: dt.date,
    measured_on: dt.date,
    minimum: int | None = None,
) -> Benchmark:
    """Declare a benchmark; `minimum` defaults to the size that shows the target.

    Raises Impossible when it comes after the start, has no outcome, announces no change, or a minimum that could not
    show the target.
    """
    if not outcome.strip():
        raise Impossible(
            "Le repère d’impact n’a pas de nom.", remedy="Dites ce qui est mesuré : « en emploi à 6 mois »."
        )
    if declared_on >= starts_on:
        raise Impossible(
            "Un repère d’impact se déclare avant le début de l’expérimentation.",
            remedy="Après coup, on choisirait le repère qui arrange : décrivez les résultats sans parler d’impact.",
        )
    if measured_on <= starts_on:
        raise Impossible("La date de mesure doit suivre le début de l’expérimentation.")
    if not (0 < baseline < 1 and 0 < target < 1) or baseline == target:
        raise Impossible(
            "La valeur de départ et la cible sont deux parts différentes, entre 0 % et 100 %.",
            remedy="Par exemple 33 % au départ, 40 % visés.",
        )
    needed = people_needed(baseline, target)
    size = needed if minimum is None else minimum
    if size < needed:
        raise Impossible(
            f"Avec {size} personnes par groupe, rien ne montrerait un passage de {baseline:.0%} à {target:.0%}. "
            f"Il en faut {needed}.",
            remedy="Visez un effectif plus grand, ou un effet plus grand.",
        )
    return Benchmark(outcome.strip(), baseline, target, declared_on, starts_on, measured_on, size)


def people_needed(baseline: float, target: float, *, power: float = 0.8, level: float = 0.05) -> int:
    """People per arm to show the passage from one share to the other (two-sided test; as R's `power.prop.test`)."""
    middle = (baseline + target) / 2
    z_level, z_power = NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(power)
    spread = z_level * sqrt(2 * middle * (1 - middle))
    spread += z_power * sqrt(baseline * (1 - baseline) + target * (1 - target))
    return ceil((spread / (target - baseline)) ** 2)


def shown_by(people: int, baseline: float) -> float | None:
    """The smallest share above `baseline` that `people` per arm can show, to the point; None when there is none."""
    for points in range(1, 100):
        target = baseline + points / 100
        if target >= 1:
            return None
        if people_needed(baseline, target) <= people:
            return target
    return None
