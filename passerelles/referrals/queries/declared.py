"""What the diagnosis and the decision already say, so that a referral asks for nothing twice (C-055, D-035)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.orientation.models import Decision
from passerelles.orientation.queries.diagnosis import Item, diagnosis_of
from passerelles.people.models import Person
from passerelles.referrals.rules.transmission import HEALTH_BARRIER

HEALTH, NO_IMPACT = "frein.sante", "sans_impact"


def declared_by(actor: Actor, person: Person, on: dt.date) -> dict[str, Any]:
    """The items of `queries.transmission.DECLARED` that the diagnosis gives, of those this actor may read."""
    known = {item.code: item for item in diagnosis_of(actor, person, on).items if item.value is not None}
    level = known.get("etudes.niveau")
    return {
        "occupation": _shown(known, "metier.recherches"),
        "experience": _shown(known, "metier.exerces"),
        "qualifications": f"niveau d’études : {level.shown}" if level else "",
        "barriers": {
            HEALTH_BARRIER if code == HEALTH else code: item.label
            for code, item in known.items()
            if item.is_barrier and item.value != NO_IMPACT
        },
    }


def standing_decision(actor: Actor, person: Person) -> uuid.UUID | None:
    """The decision of orientation behind the referral, for whoever may read it."""
    found = policy.visible(actor, Decision.objects.standing().filter(person=person), Resource.ORIENTATION)
    return found.order_by("-number").values_list("pk", flat=True).first()


def _shown(known: dict[str, Item], code: str) -> str:
    return known[code].shown if code in known else ""
