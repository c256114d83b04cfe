"""Impact benchmarks as the screens show them; rounded for readers who may open no list of persons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from passerelles.core import clock
from passerelles.indicators import access, comparisons
from passerelles.indicators.impact import verdict
from passerelles.indicators.impact.comparison import Balance, Effect, unmeasured
from passerelles.indicators.impact.declaration import people_needed
from passerelles.indicators.impact.verdict import points
from passerelles.indicators.models import Declaration, Measurement
from passerelles.indicators.survival.sentences import percent, whole
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.reference.territory import Territory

ROUNDED_TO = 10
FEW = 5
HIDDEN = "masqué"


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One characteristic in words: shares in both groups before and after weighting, and the gap that remains."""

    name: str
    helped: str
    others: str
    weighted: str
    gap: str
    wide: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement as it is read."""

    number: int
    on: Any
    finding: str
    concludes: bool
    sentences: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    balance: tuple[BalanceLine, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """A declaration, how many people there are so far, and what was found."""

    found: Declaration
    compared_with: str
    measured: tuple[Measured, ...]
    so_far: tuple[tuple[str, str], ...]
    may_measure: bool
    due: bool
    exact: bool
    needed: int


def reads_exactly(actor: Actor, found: Declaration) -> bool:
    """Exact counts are for those who may open the people behind them, of both groups."""
    reach = access.reach_of(actor)
    places = [found.place, *([Territory.parse(found.compared_with)] if found.compared_with else [])]
    return reach is not None and reach.lists and all(place in reach.territories for place in places)


def declared(actor: Actor) -> Sequence[Declaration]:
    """The benchmarks this actor may read, newest first, with what was last found."""
    rows = policy.visible(actor, Declaration.objects.all(), Resource.IMPACT)
    return list(rows.prefetch_related("measurements"))


def detail(actor: Actor, pk: uuid.UUID) -> Detail:
    """One of them; raises Unknown."""
    from passerelles.indicators.services import may_declare

    found = policy.get_or_404(actor, Declaration.objects.prefetch_related("measurements"), Resource.IMPACT, pk)
    exact = reads_exactly(actor, found)
    return Detail(
        found=found,
        compared_with=Territory.parse(found.compared_with).label_fr if found.compared_with else "",
        measured=tuple(_measured(each, found, exact) for each in found.measurements.all()),
        so_far=_so_far(found, exact) if found.starts_on <= clock.today() else (),
        may_measure=may_declare(actor, found.place),
        due=found.measured_on <= clock.today(),
        exact=exact,
        needed=people_needed(float(found.baseline), float(found.target)),
    )


def _so_far(found: Declaration, exact: bool) -> tuple[tuple[str, str], ...]:
    """People of each group, never what became of them: that is looked at on the day declared."""
    helped, others = comparisons.entered(found)
    return (
        ("Personnes accompagnées", _about(helped, exact)),
        ("Personnes de comparaison", _about(others, exact)),
    )


def _about(count: int, exact: bool) -> str:
    if exact:
        return whole(count)
    return f"au moins {whole(count // ROUNDED_TO * ROUNDED_TO)}" if count >= ROUNDED_TO else f"moins de {ROUNDED_TO}"


def _measured(row: Measurement, found: Declaration, exact: bool) -> Measured:
    finding = row.found
    effect = _effect(row.content)
    shown = Measured(
        row.number,
        row.measured_on,
        finding.value,
        finding.concludes,
        (),
        (),
        (),
        tuple(_left_out(row.content, found, exact)),
    )
    if effect is None:
        return replace(shown, sentences=("On ne peut pas conclure : l’un des deux groupes est vide.",))
    balance = tuple(_balance_line(each, effect, exact) for each in effect.balance)
    if not exact:
        if _small(effect):
            return replace(
                shown,
                sentences=("On ne peut pas conclure : trop peu de personnes. Leurs nombres ne sont pas montrés ici.",),
            )
        effect = _rounded(effect)
    ways: tuple[tuple[str, str], ...] = ()
    if shown.concludes:
        ways = (
            ("Différence brute, sans pondération", points(effect.raw)),
            ("Pondérée : le résultat retenu", points(effect.effect)),
            ("Intervalle à 95 %", f"{points(effect.low)} à {points(effect.high)}"),
            ("Pondérée et prédite (doublement robuste)", points(effect.robust)),
            ("Cause non mesurée qu’il faudrait pour tout expliquer", f"× {unmeasured(effect):.1f}".replace(".", ",")),
        )
    return replace(shown, sentences=verdict.told(found.benchmark, effect, finding), ways=ways, balance=balance)


def _effect(content: dict[str, Any]) -> Effect | None:
    stored = content["effect"]
    if stored is None:
        return None
    return Effect(**(stored | {"balance": tuple(Balance(**each) for each in stored["balance"])}))


def _small(effect: Effect) -> bool:
    """Would a count printed, or one that follows from it, be a small one?"""
    if min(effect.helped, effect.others) < 3 * ROUNDED_TO:
        return True
    groups = ((effect.helped, effect.share_helped), (effect.others, effect.share_helped - effect.raw))
    return any(_least(people, share) < FEW for people, share in groups)


def _least(people: int, share: float) -> int:
    """Those who have something, or those who have not: whichever are fewer."""
    having = round(people * share)
    return min(having, people - having)


def _rounded(effect: Effect) -> Effect:
    """Counts to the ten, shares to the point: two measurements do not tell one person apart."""

    def ten(count: float) -> int:
        return round(count / ROUNDED_TO) * ROUNDED_TO

    return replace(
        effect,
        helped=ten(effect.helped),
        others=ten(effect.others),
        effective=float(ten(effect.effective)),
        share_helped=round(effect.share_helped, 2),
        share_others=round(effect.share_others, 2),
        **{name: round(getattr(effect, name), 2) for name in ("raw", "effect", "low", "high", "robust")},
    )


def _balance_line(each: Balance, effect: Effect, exact: bool) -> BalanceLine:
    groups = ((effect.helped, each.helped), (effect.others, each.others))
    few = not exact and any(0 < _least(people, share) < FEW for people, share in groups)

    def share(value: float) -> str:
        return HIDDEN if few else percent(value) if exact else percent(round(value, 2))

    before, after = (round(gap, 2) + 0.0 for gap in (each.gap_before, each.gap_after))
    gap = f"{before:.2f} → {after:.2f}".replace(".", ",").replace("-", "−")
    return BalanceLine(
        each.name,
        share(each.helped),
        share(each.others),
        share(each.weighted),
        HIDDEN if few else gap,
        abs(each.gap_after) > verdict.LARGEST_GAP,
    )


def _left_out(content: dict[str, Any], found: Declaration, exact: bool) -> list[str]:
    said = []
    if content["too_recent"]:
        said.append(f"Pas encore suivies {found.days} jours : {_about(content['too_recent'], exact)}.")
    if content["already"]:
        said.append(
            "Avaient déjà obtenu ce qui est mesuré, ou étaient parties, avant le début de la comparaison : "
            f"{_about(content['already'], exact)}."
        )
    return said
