"""Impact benchmarks (F-037): declared before an experiment starts, measured from the day that was announced."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.indicators import comparisons
from passerelles.indicators.impact import declaration as rules
from passerelles.indicators.impact import protocol
from passerelles.indicators.impact.findings import Finding
from passerelles.indicators.models import Declaration, Measurement, Progress
from passerelles.indicators.services import lines
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory


def may_declare(actor: Actor, place: Territory) -> bool:
    """May this actor declare, and measure, an experiment of this territory?"""
    scope = policy.scope_of(actor, Resource.IMPACT, Action.EDIT)
    match scope, place.kind:
        case None, _:
            return False
        case Scope.NATION, _:
            return True
        case Scope.OWN_DT, Kind.DIRECTION:
            return place.code in actor.directions
        case Scope.DEPARTMENT, Kind.DEPARTMENT:
            return place.code in actor.departments
        case Scope.REGION, Kind.REGION:
            return place.code in actor.regions
        case Scope.REGION, Kind.DEPARTMENT:
            return territories.department(place.code).region_code in actor.regions
    return False


@transaction.atomic
def declare_benchmark(
    actor: Actor,
    *,
    name: str,
    territory: str,
    help_: str,
    outcome: str,
    days: int,
    baseline: Decimal,
    target: Decimal,
    starts_on: dt.date,
    ends_on: dt.date,
    measured_on: dt.date,
    compared_with: str = "",
    minimum: int | None = None,
) -> Declaration:
    """Say what an experiment must show, before it starts; never edited afterwards.

    Raises Refused outside the actor's territory, Impossible for what could show nothing (`impact.declaration`,
    `impact.protocol`).
    """
    policy.require(actor, Resource.IMPACT, Action.EDIT)
    place = Territory.parse(territory)
    if not may_declare(actor, place):
        raise Refused(f"Vous ne déclarez pas de repère d’impact pour ce territoire : {place.label_fr}.")
    if not name.strip():
        raise Impossible("L’expérimentation n’a pas de nom.", remedy="Donnez celui sous lequel elle est connue.")
    _check_comparison(help_, place, compared_with)
    protocol.check(help_, outcome, days, starts_on, ends_on, measured_on)
    benchmark = rules.declare(
        protocol.outcome_name(outcome, days),
        baseline=float(baseline),
        target=float(target),
        declared_on=clock.today(),
        starts_on=starts_on,
        measured_on=measured_on,
        minimum=minimum,
    )
    declared = Declaration.objects.create(
        name=name.strip(),
        territory=territory,
        help=help_,
        compared_with=compared_with,
        outcome=outcome,
        days=days,
        baseline=baseline,
        target=target,
        minimum=benchmark.minimum,
        starts_on=starts_on,
        ends_on=ends_on,
        measured_on=measured_on,
        declared_on=benchmark.declared_on,
        declared_by=actor.agent_id,
        organisation_id=actor.organisation_id,
    )
    _journal(
        actor,
        FactKind.IMPACT_DECLARED,
        declared,
        outcome=outcome,
        baseline=str(baseline),
        target=str(target),
        minimum=benchmark.minimum,
        starts_on=starts_on.isoformat(),
        measured_on=measured_on.isoformat(),
    )
    return declared


@transaction.atomic
def measure_benchmark(actor: Actor, declaration_id: uuid.UUID) -> Measurement:
    """Compare as was declared, and store what was found. Refused before the day that was declared."""
    found = policy.get_or_404(
        actor, Declaration.objects.select_for_update(), Resource.IMPACT, declaration_id, Action.EDIT
    )
    if not may_declare(actor, found.place):
        raise Refused("Vous ne mesurez pas les expérimentations de ce territoire.")
    if clock.today() < found.measured_on:
        raise Impossible(
            f"La mesure est prévue le {found.measured_on:%d/%m/%Y} : regarder avant permettrait de s’arrêter au moment "
            "qui arrange.",
            remedy="Revenez à cette date.",
        )
    from passerelles.indicators.impact.comparison import compared
    from passerelles.indicators.impact.verdict import found as finding_of

    lines.refresh()
    position = Progress.objects.get().position  # what was read; the journal may have gone on since
    groups = comparisons.groups(found)
    effect = compared(groups)
    finding = Finding.TOO_FEW if effect is None else finding_of(found.benchmark, effect)
    measured = Measurement.objects.create(
        declaration=found,
        number=found.measurements.count() + 1,
        position=position,
        finding=finding.code,
        content={
            "helped": len(groups.helped),
            "others": len(groups.others),
            "too_recent": groups.too_recent,
            "already": groups.already,
            "effect": asdict(effect) if effect else None,
        },
        measured_on=clock.today(),
        measured_by=actor.agent_id,
    )
    _journal(actor, FactKind.IMPACT_MEASURED, found, number=measured.number, finding=finding.code)
    return measured


def _check_comparison(help_: str, place: Territory, compared_with: str) -> None:
    if help_ != protocol.EVERYBODY:
        if compared_with:
            raise Impossible(
                "Les personnes accompagnées sont comparées aux autres signataires du même territoire.",
                remedy="Laissez vide le territoire de comparaison.",
            )
        return
    if place.kind is Kind.NATIONAL:
        raise Impossible("La France entière n’a pas de territoire de comparaison.")
    if not compared_with or _departments(place) & _departments(Territory.parse(compared_with)):
        raise Impossible(
            "Il manque un territoire de comparaison, qui n’ait rien de commun avec celui de l’expérimentation.",
            remedy="Choisissez-en un autre, où l’expérimentation n’a pas lieu.",
        )


def _departments(place: Territory) -> frozenset[str]:
    """Every department of a place."""
    match place.kind:
        case Kind.DEPARTMENT:
            return frozenset({place.code})
        case Kind.DIRECTION:
            return frozenset(each.code for each in territories.departments_of_direction(place.code))
        case Kind.REGION:
            return frozenset(each.code for each in territories.departments_of_region(place.code))
        case _:
            return frozenset(each.code for each in territories.departments())


def _journal(actor: Actor, kind: FactKind, found: Declaration, **data: object) -> None:
    place = found.place
    journal.record(
        kind,
        actor=actor,
        occurred_on=clock.today(),
        subject=found.pk,
        direction=place.code if place.kind is Kind.DIRECTION else "",
        data={"territory": found.territory} | data,
    )
