"""The house budget of pages: fifteen SQL queries at most, however much there is to show (quality: speed)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.core import clock
from passerelles.linkage.services import answer_pair, ask_about
from passerelles.orientation import services as orientation
from passerelles.parameters import snapshot
from passerelles.pathway.services import documents, meetings, recognitions, trainings
from passerelles.people import services as people
from passerelles.people.models import Person
from passerelles.reception.services import attendance, interviews
from passerelles.reception.services.appointments import fix_appointment
from passerelles.reference import parameters
from passerelles.referrals.services import answers, sending
from passerelles.referrals.services import appointments as referral_appointments
from passerelles.referrals.services.places import default_service
from tests.browsing import sign_in
from tests.world import World

BUDGET = 15
OPENED = {"cip": 32, "auditor": 41, "manager": 42, "ft": 20, "agir": 12, "region": 9, "admin": 9, "trainer": 6}
"""A page that opens for nobody would cost nothing, and prove nothing."""
OF_A_PERSON = (
    "web:person",
    "web:person-edit",
    "web:person-figures",
    "orientation-person:orientation",
    "orientation-person:diagnosis",
    "pathway:pathway",
    "pathway:timeline",
    "pathway:prescribe",
    "pathway:prescribe-civic",
    "pathway:fix-meeting",
    "pathway:note-exam",
    "pathway:request-recognition",
    "pathway:note-document",
    "portal:page-link",
    "referrals:new",
)
LISTS = (
    "web:home",
    "web:parameters",
    "reception:sessions",
    "reception:appointments",
    "referrals:received",
    "referrals:sent",
    "referrals:disputes",
    "referrals:referents",
    "referrals:places",
    "pathway:follow-ups",
    "pathway:learners",
    "orientation-person:changes",
    "exchange:imports",
    "exchange:upload",
    "reports:returns",
    "reports:live",
    "reports:dashboard",
    "reports:calendar",
    "indicators:catalogue",
    "network:organisation",
)


@pytest.fixture(autouse=True)
def decisions_of_the_state() -> Iterator[None]:
    """As in production: the parameters decided by the State are read from the database, once per page."""
    former = parameters.use_overrides(snapshot.decided)
    yield
    parameters.use_overrides(former)


class Lives:
    """Persons of DT Metz with something in every table, and the addresses of the pages that show them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.session = world.session(capacity=40, desks=12)
        self.addresses: dict[str, str] = {name: reverse(name) for name in LISTS}
        self.one_more()

    def one_more(self) -> None:
        """One person more in every list. The addresses are those of the first one, whose own lists grow as well."""
        world, day = self.world, self.world.day
        convocation = world.convoked(self.session, postcode="57000", commune_code="57463", motive="FAMILIAL")[0]
        person, signed = convocation.person, day - dt.timedelta(days=20)
        people.sign_contract(world.auditor, person, signed_on=signed)
        attendance.record_arrival(world.cip, convocation.pk)
        interview = interviews.start_interview(world.cip, convocation.pk)
        training = trainings.prescribe_civic(world.auditor, person.pk, prescribed_on=day, provider=world.training_body)
        documents.note_document(world.auditor, person.pk, kind="api", expires_on=day + dt.timedelta(days=20))
        meetings.fix_meeting(world.auditor, person.pk, kind="assessment", fixed_for=self.at(9))
        fix_appointment(world.cip, person=person, organisation=world.agency, session=self.session, fixed_for=self.at(3))
        referral = sending.refer(
            world.auditor,
            person_id=person.pk,
            purpose="employment",
            basis="public_mission",
            service_id=default_service(world.agency).pk,
        )
        answers.accept(world.ft, referral.pk)
        referral_appointments.fix(world.ft, referral.pk, starts_at=self.at(4), bring="CIR")
        self.longer(person)
        if len(self.addresses) == len(LISTS):
            self.first = person
            self.addresses |= {
                "interview": reverse("reception:interview", args=[interview.pk]),
                "session": reverse("reception:session", args=[self.session.pk]),
                "sheet": reverse("reception:sheet", args=[self.session.pk]),
                "slot": reverse("reception:slot", args=[convocation.pk]),
                "walk-in": reverse("reception:walk-in", args=[self.session.pk]) + "?q=kadirov",
                "persons": reverse("web:persons") + "?q=kadirov",
                "referral": reverse("referrals:referral", args=[referral.pk]),
                "civic": reverse("pathway:attend-civic", args=[training.pk]),
                "figure": reverse("indicators:figure", args=["signataires"]),
                **{name: reverse(name, args=[person.pk]) for name in OF_A_PERSON},
            }
            self.linked(person)
        else:
            self.longer(self.first)

    def longer(self, person: Person) -> None:
        """One line more in each list of the person."""
        world, day = self.world, self.world.day
        people.record_assessment(world.auditor, person, assessed_on=day, written="A1.1", oral="A1", overall="A1.1")
        people.observe_situation(world.auditor, person, kind="cdi", observed_on=day, source="essai")
        stated = {"emploi.recherche": "cherche", "frein.mobilite": "fort"}
        orientation.state(world.auditor, person.pk, stated, source="personne", as_of=day)
        orientation.decide(world.cip, person.pk, chosen=["adie"], reason="projet")
        asked = recognitions.request_recognition(
            world.auditor, person.pk, procedure="vae", requested_on=day, regulated=False
        )
        recognitions.abandon_recognition(world.auditor, asked.pk)

    def linked(self, person: Person) -> None:
        """Another record of the same person, registered at France Travail."""
        world = self.world
        other = world.convoked(self.session)[0].person
        people.register(world.cip, other, starts_on=world.day, by="cip", place="pfa")
        pair = ask_about(world.auditor, person.pk, other.pk)
        for reader in (world.auditor, world.manager):
            answer_pair(reader, pair.pk, same=True)

    def at(self, days: int) -> dt.datetime:
        return clock.paris(self.world.day + dt.timedelta(days=days), 10)


def cost(visitor: Client, address: str) -> int | None:
    """The queries of the page when it has been opened before; None for who may not open it."""
    if visitor.get(address).status_code != 200:
        return None
    snapshot.forget()
    with CaptureQueriesContext(connection) as found:
        assert visitor.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("short", sorted(OPENED))
def test_no_page_costs_more_than_the_budget_nor_more_when_there_is_more_to_show(client, world, short):
    lives = Lives(world)
    visitor = sign_in(client, world, short)
    few = {name: cost(visitor, address) for name, address in lives.addresses.items()}
    for _ in range(2):
        lives.one_more()
    many = {name: cost(visitor, address) for name, address in lives.addresses.items()}
    assert sum(count is not None for count in few.values()) == OPENED[short], "pages that this role opens"
    assert {name: count for name, count in many.items() if count is not None and count > BUDGET} == {}
    assert many == few
