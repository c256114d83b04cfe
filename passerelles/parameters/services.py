"""The verbs on parameters: decide a value for a territory, withdraw it. Nothing is ever edited (K-012, K-013)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.locks import Turn, take_turn
from passerelles.core.periods import Period, date_fr
from passerelles.journal.services import record
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.parameters import rules, snapshot
from passerelles.parameters.models import Override
from passerelles.parameters.policy import require_decision
from passerelles.reference import parameters as register
from passerelles.reference.register import Parameter, Value
from passerelles.reference.territory import Kind, Territory


class AlreadyDecided(Impossible):
    """Another decision holds on one of these days."""


@transaction.atomic
def decide(
    actor: Actor,
    *,
    key: str,
    territory: str,
    value: Value | None,
    unit: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    reference: str,
) -> Override:
    """Give the parameter this value in this territory; None: no value there (« non configuré »).

    Raises Refused outside the territories of the actor, the errors of `rules` for a value, a unit, dates or a
    reference that cannot be, AlreadyDecided when another decision holds on one of the days.
    """
    policy.require(actor, Resource.PARAMETER, Action.EDIT)
    parameter, place = register.parameter(key), Territory.parse(territory)
    require_decision(actor, place)
    rules.check_value(parameter, value, unit)
    period = rules.check_dates(valid_from, valid_to)
    sentence = rules.check_sentence(reference, "Il manque la référence de la décision")
    take_turn(Turn.DECIDE_PARAMETER, f"{parameter.key} {place}")
    _refuse_overlap(parameter, place, period)
    decided = Override.objects.create(
        parameter=parameter.key,
        territory=str(place),
        valid_from=valid_from,
        valid_to=valid_to,
        value=rules.to_json(value),
        unit=unit,
        reference=sentence,
        decided_by=actor.agent,
        organisation=actor.organisation,
    )
    _journal(
        actor,
        FactKind.PARAMETER_DECIDED,
        decided,
        valid_from=valid_from,
        valid_to=valid_to,
        value=decided.value,
        unit=unit,
    )
    snapshot.forget()
    return decided


@transaction.atomic
def withdraw(actor: Actor, override_id: uuid.UUID, *, withdrawn_from: dt.date, reason: str) -> Override:
    """The decision no longer holds from `withdrawn_from` on; on or before its first day, it has never held.

    Raises Refused outside the territories of the actor, Impossible when it no longer holds on that day.
    """
    found: Override = policy.get_or_404(
        actor, Override.objects.select_for_update(of=("self",)), Resource.PARAMETER, override_id, Action.EDIT
    )
    require_decision(actor, Territory.parse(found.territory))
    if found.withdrawn_at is not None:
        raise Impossible(f"Cette décision est déjà retirée à partir du {date_fr(found.withdrawn_from)}.")
    if found.valid_to is not None and withdrawn_from > found.valid_to:
        raise Impossible(
            f"Cette décision s’arrête d’elle-même le {date_fr(found.valid_to)}.", remedy="Choisissez une date avant."
        )
    rules.check_dates(withdrawn_from, None)
    found.withdrawal_reason = rules.check_sentence(reason, "Il manque le motif du retrait")
    found.withdrawn_from = max(withdrawn_from, found.valid_from)
    found.withdrawn_at, found.withdrawn_by = clock.now(), actor.agent
    found.save(update_fields=["withdrawal_reason", "withdrawn_from", "withdrawn_at", "withdrawn_by"])
    _journal(actor, FactKind.PARAMETER_WITHDRAWN, found, withdrawn_from=found.withdrawn_from)
    snapshot.forget()
    return found


def _refuse_overlap(parameter: Parameter, territory: Territory, period: Period) -> None:
    for row in Override.objects.filter(parameter=parameter.key, territory=str(territory)).order_by("valid_from", "id"):
        entry = snapshot.decision_of(row).standing()
        if entry is not None and entry.period.overlaps(period):
            raise AlreadyDecided(
                f"Une décision vaut déjà {entry.period.label_fr} pour ce territoire ({row.reference}).",
                remedy="Retirez-la d’abord, ou choisissez d’autres dates.",
            )


def _journal(actor: Actor, kind: FactKind, found: Override, **data: object) -> None:
    place = Territory.parse(found.territory)
    record(
        kind,
        actor=actor,
        occurred_on=clock.today(),
        subject=found.pk,
        direction=place.code if place.kind is Kind.DIRECTION else "",
        data={"parameter": found.parameter, "territory": found.territory} | data,
    )
