"""How scopes narrow the tables of the pathway (A.6): one's own DT, the persons one may see, one's own queue."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.pathway.enums import TrainingStatus
from passerelles.people.models import Person


@narrows("pathway.Training", Resource.PRESCRIPTION, Scope.OWN_DT)
@narrows("pathway.Exam", Resource.PRESCRIPTION, Scope.OWN_DT)
@narrows("pathway.Meeting", Resource.PRESCRIPTION, Scope.OWN_DT)
@narrows("pathway.Recognition", Resource.REFERRAL, Scope.OWN_DT)
@narrows("pathway.Document", Resource.PERSON, Scope.OWN_DT)
@narrows("pathway.FollowUp", Resource.FOLLOW_UP, Scope.OWN_DT)
def of_own_dt(actor: Actor) -> Q:
    return Q(person__direction__in=actor.directions)


@narrows("pathway.Training", Resource.PRESCRIPTION, Scope.TRANSMITTED)
@narrows("pathway.Exam", Resource.PRESCRIPTION, Scope.TRANSMITTED)
@narrows("pathway.Meeting", Resource.PRESCRIPTION, Scope.TRANSMITTED)
@narrows("pathway.Recognition", Resource.REFERRAL, Scope.TRANSMITTED, Scope.OWN_SESSIONS)
def of_persons_seen(actor: Actor) -> Q:
    """Of the persons transmitted to one's organisation, or convoked to its sessions."""
    return Q(person__in=policy.visible(actor, Person.objects.order_by(), Resource.PERSON))


@narrows("pathway.Training", Resource.LEARNER, Scope.OWN_ORGANISATION)
def own_learners(actor: Actor) -> Q:
    """Training body: what was prescribed to it, unless the prescription was a mistake."""
    return Q(provider_id=actor.organisation_id) & ~Q(status=TrainingStatus.CANCELLED)


def follows_as(actor: Actor) -> Resource:
    """As what this role writes what became of a training: OFII its prescription, the training body its learners."""
    writes = actor.may(Resource.PRESCRIPTION, Action.EDIT)
    return Resource.PRESCRIPTION if writes or not actor.may(Resource.LEARNER, Action.EDIT) else Resource.LEARNER


@narrows("pathway.FollowUp", Resource.FOLLOW_UP, Scope.OWN_ORGANISATION)
def own_queue(actor: Actor) -> Q:
    """What one's own organisation has to do, for the persons it may see."""
    seen = policy.visible(actor, Person.objects.order_by(), Resource.PERSON)
    return Q(organisation_id=actor.organisation_id, person__in=seen)
