"""What the alerts read, for a batch of persons: a fixed number of queries whatever the size of the batch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q

from passerelles.core import clock
from passerelles.core.answers import Verdict
from passerelles.journal.models import Fact
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.orientation.engine.evaluation import Session
from passerelles.orientation.engine.facts import Facts
from passerelles.orientation.queries.facts import facts_of_many, territory_of
from passerelles.orientation.rules import BOOK
from passerelles.pathway.enums import DocumentKind, MeetingKind, MeetingStatus, RecognitionStatus
from passerelles.pathway.models import Document, FollowUp, Meeting, Recognition, Training
from passerelles.pathway.queries import lost_contacts
from passerelles.pathway.queries.delays import delays_on
from passerelles.pathway.queries.expiries import ends_of, stated_ends
from passerelles.pathway.queries.lost_contacts import contacts_of
from passerelles.pathway.queries.steps import course_of
from passerelles.pathway.rules.follow_up import Delays, Known, history_before
from passerelles.people.models import Contract, Person

EXAM = "titre.csp_examen"
LASTING = (DocumentKind.RESIDENT, DocumentKind.MULTI_YEAR)
FIRST_YEAR = dt.timedelta(days=365)
"""Silence is looked for during the year that follows the signature, when contact is most often lost (D-017)."""


@dataclass(frozen=True, slots=True)
class Watched:
    """`owners`: who looks after a thing when it is not the DT. `office`: the DT of the person, if it is known."""

    known: Known
    delays: Delays
    office: uuid.UUID | None
    owners: dict[uuid.UUID, uuid.UUID]


def known(people: Sequence[uuid.UUID], on: dt.date) -> dict[uuid.UUID, Watched]:
    """By person, in the order given; persons who do not exist are left out."""
    directions = dict(Person.objects.filter(pk__in=people).order_by().values_list("pk", "direction"))
    delays = {direction: delays_on(on, direction) for direction in set(directions.values())}
    offices = dict(
        Organisation.objects.filter(kind=OrganisationKind.OFII_DT, direction__in=delays, closed_on=None)
        .order_by("-name", "-pk")
        .values_list("direction", "pk")
    )
    documents = ends_of(people, on)
    trainings = _by_person(Training.objects.filter(person__in=people))
    meetings = _by_person(Meeting.objects.filter(person__in=people))
    recognitions = _by_person(Recognition.objects.filter(person__in=people, status=RecognitionStatus.REQUESTED))
    silent = _last_news(people, on)
    contacts = contacts_of(people, directions, on)
    ending = [
        person
        for person in people
        if (delay := delays[directions[person]].civic_exam if person in directions else None) is not None
        and any(about == person and on <= end <= on + dt.timedelta(days=delay) for about, end in documents[person])
    ]
    to_pass = exams_to_pass(ending, on)
    found = {}
    for person in people:
        if person not in directions:
            continue
        direction = directions[person]
        found[person] = Watched(
            Known(
                person=person,
                documents=tuple(documents[person]),
                courses=tuple(course_of(each) for each in trainings[person]),
                waiting_meetings=tuple(
                    (each.pk, clock.paris_date(each.fixed_for))
                    for each in meetings[person]
                    if each.status == MeetingStatus.FIXED
                ),
                end_of_cir_known=any(
                    each.kind == MeetingKind.END_OF_CIR and each.status in (MeetingStatus.FIXED, MeetingStatus.ATTENDED)
                    for each in meetings[person]
                ),
                recognitions=tuple((each.pk, each.requested_on) for each in recognitions[person]),
                news_on=silent.get(person),
                no_shows=tuple(contacts[person].no_shows),
                lost=tuple(contacts[person].lost),
                met_on=contacts[person].met_on,
                exam_to_pass=person in to_pass,
            ),
            delays[direction],
            offices.get(direction),
            {each.pk: each.organisation_id for each in (*recognitions[person], *meetings[person])}
            | contacts[person].owners,
        )
    return found


def exams_to_pass(people: Sequence[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Of these persons, the signatories without a card of several years whom the rule in force on the day does not say
    to have passed the civic exam, nor to be exempt (B-027). Nobody before the rule.
    """
    if not people:
        return set()
    cards = Document.objects.filter(person=OuterRef("pk"), replaced_on=None, kind__in=LASTING)
    signed = Contract.objects.filter(person=OuterRef("pk"), signed_on__lte=on)
    found = list(Person.objects.filter(~Exists(cards), Exists(signed), pk__in=people).order_by("pk"))
    session, facts = Session(BOOK), facts_of_many(found, on)
    return {
        person.pk
        for person in found
        if not _holds_lasting(facts[person.pk])
        and session.evaluate(facts[person.pk], on, territory_of(person, facts[person.pk])).says(EXAM)
        not in (None, Verdict.YES)
    }


def _holds_lasting(facts: Facts) -> bool:
    """A card of several years stated in the diagnosis counts as one noted on the page."""
    held = facts.get("sejour.titre")
    return held is not None and (held.value == "carte_resident" or str(held.value).startswith("csp_"))


def candidates(on: dt.date) -> list[uuid.UUID]:
    """Everybody about whom an alert stands or could be raised, in a stable order."""
    found: set[uuid.UUID] = set(_in_first_year(on).values_list("person_id", flat=True))
    found.update(stated_ends(on).values_list("person_id", flat=True))
    history = Q(rule="", prescribed_on__lt=history_before(on))
    for rows in (
        Training.objects.exclude(history),
        Document.objects.filter(replaced_on=None),
        Meeting.objects.filter(status=MeetingStatus.FIXED),
        Recognition.objects.filter(status=RecognitionStatus.REQUESTED),
    ):
        found.update(rows.order_by().values_list("person_id", flat=True).distinct())
    found.update(lost_contacts.candidates())
    found.update(lost_contacts.missed_first())
    found.update(FollowUp.objects.filter(status="open").order_by().values_list("person_id", flat=True).distinct())
    return sorted(found)


def _in_first_year(on: dt.date):
    return Contract.objects.filter(signed_on__range=(on - FIRST_YEAR, on)).order_by()


def _last_news(people: Sequence[uuid.UUID], on: dt.date) -> dict[uuid.UUID, dt.date]:
    """The last fact of the persons who are in their first year."""
    young = _in_first_year(on).filter(person__in=people).values_list("person_id", flat=True)
    facts = Fact.objects.filter(person_id__in=list(young), occurred_on__lte=on).order_by()
    return dict(facts.values_list("person_id").annotate(last=Max("occurred_on")))


def _by_person(rows) -> defaultdict[uuid.UUID, list]:
    found: defaultdict[uuid.UUID, list] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found
