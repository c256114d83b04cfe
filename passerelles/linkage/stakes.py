"""What depends on two records being one person, read from the base for the rule of the second reader."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from passerelles.linkage.engine.identities import Stakes
from passerelles.linkage.models import PersonPair
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import Motive
from passerelles.people.models import Contract, OptOut, Person, Registration


def stakes_of(actor: Actor, pair: PersonPair) -> Stakes:
    """Two queries. `owned` is asked of the policy: may this actor correct the records that they follow?"""
    crossed = bool(side_of(actor, pair))
    both = Person.objects.filter(pk__in=(pair.first_id, pair.second_id)).order_by("pk")
    found = list(
        both.annotate(
            registered=Exists(Registration.objects.filter(person=OuterRef("pk"), ends_on=None)),
            signed=Exists(Contract.objects.filter(person=OuterRef("pk"))),
            exempt=Exists(OptOut.objects.filter(person=OuterRef("pk"), reversed_on=None)),
        ).values("motive", "registered", "signed", "exempt")
    )
    return Stakes(
        protected=any(each["motive"] == Motive.ASYLUM for each in found),
        registered=any(each["registered"] for each in found),
        engaged=all(each["signed"] for each in found) or any(each["exempt"] for each in found),
        owned=policy.visible(actor, both, Resource.PERSON, Action.EDIT).count() == len(found) - crossed,
        crossed=crossed,
    )


def side_of(actor: Actor, pair: PersonPair) -> str:
    """The DT for which this actor reads one record of a pair between two DTs; "" when they read both."""
    there = {pair.first.direction, pair.second.direction}
    mine = there & actor.directions
    return mine.pop() if not actor.system and len(there) == 2 and len(mine) == 1 else ""
