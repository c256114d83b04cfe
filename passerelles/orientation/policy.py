"""Who may read and write which item of a diagnosis, and how the scopes of persons narrow this room's tables (A.6).

Health is shown as a barrier only, and only to the roles of the requirement; restricted facts (violence, trafficking,
detention) are shown to nobody here (D-049). What a role may not see is unknown to it: neither shown, nor asked, nor
used for what is recommended to it.
"""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Q

from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Role, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.orientation.engine.facts import Sensitivity
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.people.models import Person

BARRIER = frozenset({"frein.sante", "handicap.boe"})
"""What the partner who accompanies may know: that there is a barrier, that a status opens rights."""
APPOINTMENT = frozenset(
    {"handicap.boe", "sante.vulnerable", "sante.visite_ofii", "agir.vulnerable", "civique.dispense_certificat"}
)
"""What the OFII needs to propose the health appointment and the bodies its status opens."""
ORDINARY = frozenset(code for code, spec in ITEMS.items() if spec.sensitivity is Sensitivity.ORDINARY)
NEEDS_CONSENT = frozenset({Role.SPE_ADVISER})
"""The roles that know of the barrier only if the person agrees."""


@narrows("orientation.Statement", Resource.DIAGNOSIS, Scope.OWN_DT, Scope.OWN_SESSIONS, Scope.TRANSMITTED)
@narrows("orientation.Decision", Resource.ORIENTATION, Scope.OWN_DT, Scope.OWN_SESSIONS, Scope.TRANSMITTED)
def of_persons_seen(actor: Actor) -> Q:
    """Exactly the persons whom the role sees."""
    return Q(person__in=policy.visible(actor, Person.objects.order_by(), Resource.PERSON).values("pk"))


@narrows("orientation.Review", Resource.ORIENTATION, Scope.OWN_DT, Scope.OWN_SESSIONS, Scope.TRANSMITTED)
def of_decisions_seen(actor: Actor) -> Q:
    return Q(decision__person__in=policy.visible(actor, Person.objects.order_by(), Resource.PERSON).values("pk"))


def items(actor: Actor, action: Action, *, consents: bool) -> frozenset[str]:
    """The items of a diagnosis that this actor may `action`. `consents`: the person agrees to the mention of health."""
    return frozenset(ITEMS) if actor.system else items_of_role(actor.role, action, consents)


@lru_cache(maxsize=64)
def items_of_role(role: Role | None, action: Action, consents: bool) -> frozenset[str]:
    """The same for a role, whoever holds it."""
    actor = Actor(agent=None, organisation=None, role=role)
    if not actor.may(Resource.DIAGNOSIS, action):
        return frozenset()
    found = ORDINARY
    if actor.may(Resource.HEALTH_BARRIER, action) and (consents or role not in NEEDS_CONSENT):
        found |= BARRIER
    if actor.may(Resource.HEALTH_APPOINTMENT, action):
        found |= APPOINTMENT
    return found
