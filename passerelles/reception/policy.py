"""How scopes narrow the tables of the reception day, and the persons seen through them."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows
from passerelles.people.models import Person
from passerelles.reception.models import Convocation, FirstAppointment
from passerelles.referrals.models import Referral
from passerelles.referrals.policy import not_sensitive


def _own_people(actor: Actor) -> Q:
    convoked = Convocation.objects.filter(
        session__operator_id=actor.organisation_id, session__direction__in=actor.directions
    )
    return Q(pk__in=convoked.order_by().values("person_id"))


@narrows("people.Person", Resource.PERSON, Scope.OWN_SESSIONS)
def persons_of_own_sessions(actor: Actor) -> Q:
    """CIP: the persons convoked to sessions held by one's organisation (A-053)."""
    return _own_people(actor)


@narrows("people.Person", Resource.PERSON, Scope.TRANSMITTED)
def persons_transmitted(actor: Actor) -> Q:
    """Partner: the persons whose first appointment is with one's organisation, or who are sent to it (A.6)."""
    given = FirstAppointment.objects.filter(organisation_id=actor.organisation_id)
    sent = Referral.objects.known_to_receiver().filter(receiver_id=actor.organisation_id)
    # One list of persons: of two, the database would read every person to ask whether they are in one or the other.
    return Q(pk__in=given.order_by().values("person_id").union(sent.order_by().values("person_id")))


@narrows("referrals.Referral", Resource.REFERRAL, Scope.OWN_SESSIONS)
def referrals_of_own_sessions(actor: Actor) -> Q:
    """CIP: the referrals of the persons of one's own sessions; health and violence are not among them."""
    convoked = Convocation.objects.filter(
        session__operator_id=actor.organisation_id, session__direction__in=actor.directions
    )
    return Q(person_id__in=convoked.order_by().values("person_id")) & not_sensitive()


@narrows("reception.Session", Resource.SESSION, Scope.OWN_DT)
def sessions_of_own_dt(actor: Actor) -> Q:
    return Q(direction__in=actor.directions)


@narrows("reception.Session", Resource.SESSION, Scope.OWN_SESSIONS)
def sessions_of_own_operator(actor: Actor) -> Q:
    return Q(operator_id=actor.organisation_id, direction__in=actor.directions)


@narrows("reception.Convocation", Resource.SESSION, Scope.OWN_DT)
@narrows("reception.Interview", Resource.SESSION, Scope.OWN_DT)
def of_own_dt(actor: Actor) -> Q:
    return Q(person__direction__in=actor.directions)


@narrows("reception.Convocation", Resource.SESSION, Scope.OWN_SESSIONS)
def convocations_of_own_operator(actor: Actor) -> Q:
    return Q(session__operator_id=actor.organisation_id, session__direction__in=actor.directions)


@narrows("reception.Interview", Resource.SESSION, Scope.OWN_SESSIONS)
def interviews_of_own_operator(actor: Actor) -> Q:
    return Q(
        convocation__session__operator_id=actor.organisation_id,
        convocation__session__direction__in=actor.directions,
    )


@narrows("reception.FirstAppointment", Resource.APPOINTMENT, Scope.OWN_DT)
def appointments_of_own_dt(actor: Actor) -> Q:
    return Q(direction__in=actor.directions)


@narrows("reception.FirstAppointment", Resource.APPOINTMENT, Scope.OWN_SESSIONS)
def appointments_of_own_sessions(actor: Actor) -> Q:
    return Q(session__operator_id=actor.organisation_id)


@narrows("reception.FirstAppointment", Resource.APPOINTMENT, Scope.TRANSMITTED)
def appointments_with_us(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id)


@narrows("linkage.Check", Resource.CHECK, Scope.OWN_SESSIONS)
def checks_of_own_sessions(actor: Actor) -> Q:
    convoked = Convocation.objects.filter(session__operator_id=actor.organisation_id)
    return Q(person_id__in=convoked.order_by().values("person_id"))


@narrows("linkage.PersonPair", Resource.CHECK, Scope.OWN_SESSIONS)
def pairs_of_own_sessions(actor: Actor) -> Q:
    """CIP: both records are of persons convoked to one's sessions."""
    mine = _own_people(actor)
    people = Person.objects.filter(mine).order_by().values("pk")
    return Q(first__in=people, second__in=people)
