"""What the documents and the State say about one parameter, and for which territories an agent may decide."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.periods import date_fr
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor
from passerelles.parameters import rules
from passerelles.parameters.models import Override
from passerelles.parameters.policy import may_decide, places_of_region
from passerelles.parameters.snapshot import decision_of
from passerelles.reference import parameters, register, territories
from passerelles.reference.register import Parameter, Value
from passerelles.reference.territory import NATIONAL, OUTERMOST, Kind, Territory

NO_VALUE = "sans valeur (non configuré)"


@dataclass(frozen=True)
class DocumentLine:
    """What a document of the register says for one territory."""

    value: str
    territory: str
    period: str
    reference: str
    confidence: str
    note: str


@dataclass(frozen=True)
class DecisionLine:
    """One decision, from the day it was taken to its withdrawal."""

    id: uuid.UUID
    value: str
    territory: str
    period: str
    reference: str
    decided_by: str
    decided_at: dt.datetime
    state: str
    kind: str
    withdrawal: str
    may_withdraw: bool


@dataclass(frozen=True)
class ParameterFile:
    """The whole history of a parameter, as this actor may read it (K-013)."""

    parameter: Parameter
    unit: str
    documents: tuple[DocumentLine, ...]
    decisions: tuple[DecisionLine, ...]
    may_decide: bool


def parameter_file(actor: Actor, key: str, on: dt.date) -> ParameterFile:
    """One query. Raises UnknownParameter."""
    policy.require(actor, Resource.PARAMETER, Action.VIEW)
    parameter = parameters.parameter(key)
    rows = policy.visible(actor, Override.objects.filter(parameter=parameter.key), Resource.PARAMETER)
    rows = rows.select_related("decided_by", "withdrawn_by", "organisation").order_by(
        "-created_at", "-valid_from", "id"
    )
    return ParameterFile(
        parameter=parameter,
        unit=rules.unit_shown(parameter),
        documents=tuple(
            DocumentLine(
                value=value_shown(parameter, entry.value),
                territory=", ".join(each.territory.label_fr for each in row),
                period=entry.period.label_fr,
                reference=entry.reference,
                confidence=entry.confidence,
                note=entry.note,
            )
            for row in parameter.rows
            for entry in row[:1]
        ),
        decisions=tuple(_line(actor, parameter, row, on) for row in rows),
        may_decide=actor.may(Resource.PARAMETER, Action.EDIT),
    )


def value_shown(parameter: Parameter, value: Value | None) -> str:
    """The value and its unit in French."""
    if value is None:
        return NO_VALUE
    return f"{rules.in_french(value, parameter.choices)} {rules.unit_shown(parameter)}".rstrip()


def decision_line(actor: Actor, row: Override, on: dt.date) -> DecisionLine:
    """One decision on its own."""
    return _line(actor, parameters.parameter(row.parameter), row, on)


def territories_decidable(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(territory, label)]) among which the actor may decide (A.6)."""
    if policy.scope_of(actor, Resource.PARAMETER, Action.EDIT) is Scope.NATION:
        places = [
            NATIONAL,
            OUTERMOST,
            *(Territory(Kind.REGION, each.code) for each in territories.regions()),
            *(Territory(Kind.DIRECTION, each.code) for each in territories.directions()),
            *(Territory(Kind.DEPARTMENT, each.code) for each in territories.departments()),
            *lots_of_the_register(),
        ]
    else:
        places = [place for code in sorted(actor.regions) for place in places_of_region(code)]
    return [
        (label, [(str(place), place.label_fr) for place in places if place.kind in kinds])
        for label, kinds in GROUPS
        if any(place.kind in kinds for place in places)
    ]


GROUPS = (
    ("France", {Kind.NATIONAL, Kind.ZONE}),
    ("Régions", {Kind.REGION}),
    ("Directions territoriales de l’OFII", {Kind.DIRECTION}),
    ("Départements", {Kind.DEPARTMENT}),
    ("Marchés de formation", {Kind.LOT}),
)


def unreadable_decisions() -> list[Override]:
    """The decisions not withdrawn whose parameter, unit or type is no longer that of the register."""
    known = register.parameters()
    rows = Override.objects.filter(withdrawn_at=None).order_by("parameter", "territory", "valid_from", "id")
    return [
        row
        for row in rows
        if row.parameter not in known
        or row.unit != known[row.parameter].unit
        or not known[row.parameter].accepts(rules.from_json(known[row.parameter].type, row.value))
    ]


def lots_of_the_register() -> list[Territory]:
    """The lots that the register names: no other list of them is known."""
    named = {entry.territory for each in register.parameters().values() for entry in each.entries}
    return sorted((each for each in named if each.kind is Kind.LOT), key=lambda lot: int(lot.code))


def _line(actor: Actor, parameter: Parameter, row: Override, on: dt.date) -> DecisionLine:
    decision = decision_of(row)
    state, kind = _state(row, on)
    withdrawal = ""
    if row.withdrawn_at is not None:
        withdrawal = (
            f"Retirée par {row.withdrawn_by} le {date_fr(clock.paris_date(row.withdrawn_at))}, "
            f"ne s’applique plus à partir du {date_fr(row.withdrawn_from)}\u00a0: {row.withdrawal_reason}"
        )
    return DecisionLine(
        id=row.pk,
        value=value_shown(parameter, decision.entry.value),
        territory=decision.entry.territory.label_fr,
        period=decision.entry.period.label_fr,
        reference=row.reference,
        decided_by=f"{row.decided_by}, {row.organisation}",
        decided_at=row.created_at,
        state=state,
        kind=kind,
        withdrawal=withdrawal,
        may_withdraw=row.withdrawn_at is None and may_decide(actor, decision.entry.territory),
    )


def _state(row: Override, on: dt.date) -> tuple[str, str]:
    """(words, badge) of a decision on a day."""
    standing = decision_of(row).standing()
    if standing is None:
        return "retirée, sans effet", "new"
    if on < standing.valid_from:
        return "à venir", "info"
    if on in standing.period:
        return "en vigueur", "success"
    return ("retirée" if row.withdrawn_at else "échue"), "new"
