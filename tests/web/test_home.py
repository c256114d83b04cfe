"""“Ma journée”: each role finds what it has to do, and nothing it may not know."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.pathway.services import documents, trainings
from passerelles.reception.services import attendance, interviews
from passerelles.reception.services.appointment_words import person_says
from passerelles.reception.services.appointments import fix_appointment, record_result
from passerelles.referrals.queries import lists
from passerelles.referrals.services import answers, sending
from passerelles.referrals.services.places import default_service
from passerelles.reports.models import Return
from passerelles.web.queries.day import month_before
from tests.browsing import sign_in
from tests.world import ACTORS


def appointment(world, days: int, person=None, agency=None):
    """A first appointment fixed by the CIP, `days` after 10 March at 10:00."""
    person = (
        person or world.convoked(world.session(day=world.day + dt.timedelta(days=days % 5), half_day="pm"))[0].person
    )
    when = clock.paris(world.day + dt.timedelta(days=days), 10)
    with clock.frozen(min(when, clock.now()) - dt.timedelta(hours=1)):
        return fix_appointment(
            world.cip, person=person, organisation=agency or world.agency, fixed_for=when, session=None
        )


def draft(world, month: str = "2026-02", status: str = "drafted", **values) -> Return:
    return Return.objects.create(
        kind="metz-monthly", territory="dt:metz", period=month, version=1, definition="test", position=1,
        known_at=clock.now(), content=b"x", sha256="0" * 64, status=status, **values,
    )  # fmt: skip


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_every_role_has_a_day(client, world, short):
    sign_in(client, world, short)
    page = client.get("/")
    assert page.status_code == 200
    assert "<h1>Ma journée</h1>" in page.content.decode()


def test_the_cip_is_offered_to_open_the_session(client, world):
    session = world.session()
    world.convoked(session, 3)
    sign_in(client, world, "cip")
    page = client.get("/").content.decode()
    assert "Ouvrir la séance de 9" in page
    assert f"/{session.pk}" in page
    assert "<strong>3</strong> convoquées" in page


def test_the_cip_is_offered_to_go_on_with_the_interview_begun(client, world):
    convocation = world.convoked(world.session())[0]
    attendance.record_arrival(world.cip, convocation.pk)
    interviews.start_interview(world.cip, convocation.pk)
    sign_in(client, world, "cip")
    assert f"Reprendre l’entretien de {convocation.person}" in client.get("/").content.decode()
    sign_in(client, world, "cip_two")
    assert "Reprendre l’entretien" not in client.get("/").content.decode()


def test_the_cip_of_another_operator_sees_nothing_of_the_day(client, world):
    world.convoked(world.session())
    sign_in(client, world, "cip_elsewhere")
    assert "Aucune séance à tenir" in client.get("/").content.decode()


def test_the_cip_knows_that_the_return_of_last_month_is_due(client, world):
    sign_in(client, world, "cip")
    page = client.get("/").content.decode()
    assert "Février 2026" in page
    assert "À établir" in page
    draft(world)
    assert "Brouillon, à faire valider" in client.get("/").content.decode()


def test_the_return_due_is_that_of_the_month_before():
    assert month_before(dt.date(2026, 1, 31)) == "2025-12"
    assert month_before(dt.date(2026, 3, 1)) == "2026-02"


def test_the_agency_sees_who_is_expected_and_who_has_no_answer(client, world):
    person = world.convoked(world.session())[0].person
    appointment(world, 7, person)
    late = appointment(world, -2, world.person())
    sign_in(client, world, "ft")
    page = client.get("/").content.decode()
    assert str(person) in page
    assert str(late.person) in page
    assert set(Access.objects.get(role="spe_adviser", purpose="ma journée").people) == {person.pk, late.person_id}
    sign_in(client, world, "ft_elsewhere")
    assert str(person) not in client.get("/").content.decode()


def test_what_the_persons_said_of_their_appointment_is_counted(client, world):
    session = world.session()
    coming, past = (
        fix_appointment(
            world.cip, person=each.person, organisation=world.agency, fixed_for=clock.paris(day, 10), session=session
        )
        for each, day in zip(world.convoked(session, 2), (dt.date(2026, 3, 13), dt.date(2026, 3, 16)), strict=True)
    )
    sign_in(client, world, "ft")
    assert "Ce que les personnes ont dit" not in client.get("/").content.decode()
    person_says(coming.person_id, coming.pk, "cannot_come", reason="ill")
    for short in ("ft", "cip"):
        assert "1 personne ne peut pas venir" in sign_in(client, world, short).get("/").content.decode(), short
    with clock.frozen(clock.paris(dt.date(2026, 3, 17), 9)):
        record_result(world.ft, past.pk, result="missed")
        person_says(past.person_id, past.pk, "held")
        for short in ("ft", "cip"):
            page = sign_in(client, world, short).get("/").content.decode()
            assert "1 réponse que la personne contredit" in page and "ne peut pas venir" not in page, short
        assert "Ce que les personnes ont dit" not in sign_in(client, world, "ft_elsewhere").get("/").content.decode()


def test_an_appointment_far_ahead_is_not_yet_expected(client, world):
    appointment(world, 20, world.person())
    sign_in(client, world, "ft")
    assert "Aucun premier rendez-vous dans les quatorze jours" in client.get("/").content.decode()


def test_the_auditor_sees_the_sessions_that_follow_with_their_alerts(client, world):
    session = world.session(day=world.day + dt.timedelta(days=1), capacity=20)
    world.convoked(session, 13)
    sign_in(client, world, "auditor")
    page = client.get("/").content.decode()
    assert "13 personnes convoquées" in page
    assert "Aucun fichier déposé" in page


def test_the_manager_notes_what_arrived_and_sees_the_vacancies(client, world):
    draft(world)
    sign_in(client, world, "manager")
    assert "février 2026" not in client.get("/").content.decode(), "the operator validates it"
    draft(world, month="2026-01", status="sent", validated_at=clock.now(), sent_at=clock.now())
    page = client.get("/").content.decode()
    assert "janvier 2026" in page
    assert "France Travail Metz-Queuleu" in page


def test_the_region_receives_the_returns_and_no_draft_nor_name(client, world):
    person = world.convoked(world.session())[0].person
    draft(world)
    sign_in(client, world, "region")
    assert "Aucune remontée reçue" in client.get("/").content.decode()
    draft(world, month="2026-01", status="sent", validated_at=clock.now(), sent_at=clock.now())
    page = client.get("/").content.decode()
    assert "janvier 2026" in page
    assert person.family_name.upper() not in page


def test_the_administrator_counts_the_agents(client, world):
    sign_in(client, world, "admin")
    draft(world)
    page = client.get("/").content.decode()
    assert "<strong>4</strong> agents ont un accès" in page
    assert "février 2026" in page, "the return of the operator, to be validated"


@pytest.mark.parametrize("short", ["cip", "auditor", "manager", "ft"])
def test_the_day_costs_the_same_for_three_persons_and_for_thirty(client, world, short, django_assert_num_queries):
    session = world.session(capacity=40, desks=10)
    for each in world.convoked(session, 3):
        appointment(world, 3, each.person)
        appointment(world, -1, world.person())
    sign_in(client, world, short)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for each in world.convoked(session, 27):
        appointment(world, 3, each.person)
    world.session(day=world.day + dt.timedelta(days=1))
    for month in ("2025-11", "2025-12", "2026-01", "2026-02"):
        draft(world, month=month)
    with django_assert_num_queries(len(few)):
        client.get("/")


def waits(client, world, short) -> list[str]:
    """The lines of « Ce qui vous attend », in their order."""
    page = sign_in(client, world, short).get("/").content.decode()
    panel = re.search(r"Ce qui vous attend</h2>(.*?)</section>", page, re.DOTALL)
    return (
        []
        if panel is None
        else [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in panel[1].split("</li>")[:-1]]
    )


def test_what_waits_in_the_other_rooms_is_told_to_who_must_do_it(client, world):
    """A-054, C-035, D-035: the agency answers, the DT takes back, the school notes; to each its own."""
    given = {"purpose": "employment", "basis": "public_mission"}
    service = default_service(world.agency)
    mine, mute, dated = (
        sending.refer(world.auditor, person_id=world.person().pk, service_id=service.pk, **given) for _ in range(3)
    )
    sending.take_back(world.auditor, mute.pk, note="sans réponse")
    answers.accept(world.ft, dated.pk)
    person = world.person()
    for kind, more in (("language", {"path": "P100", "mode": "in_person"}), ("civic", {"days": 4})):
        taken_over = trainings.take_over_training(
            world.auditor, person.pk, kind=kind, prescribed_on=dt.date(2026, 2, 2), provider=world.training_body, **more
        )
    trainings.attend_civic(world.auditor, taken_over.pk, days=1, on=dt.date(2026, 2, 20))
    documents.note_document(world.auditor, person.pk, kind="cst", expires_on=dt.date(2026, 4, 1))

    assert mine.state == "sent"
    assert waits(client, world, "ft") == [
        "1 orientation reçue attend votre réponse",
        "1 personne attend son rendez-vous",
    ]
    assert waits(client, world, "auditor") == ["1 orientation à reprendre", "1 alerte de suivi"]
    assert waits(client, world, "trainer") == [
        "1 formation prescrite chez vous, à commencer",
        "1 formation en cours : présences et fin à noter",
    ]
    assert waits(client, world, "cip") == waits(client, world, "admin") == waits(client, world, "region") == []


def test_a_proposal_waits_for_the_dt_that_validates_it_and_not_for_the_agency_that_made_it(client, world):
    """B-045: the agency sees it in the list of what it sent; validating is the work of the OFII."""
    person = appointment(world, 1).person
    made = sending.refer(
        world.ft,
        person_id=person.pk,
        service_id=default_service(world.operator).pk,
        purpose="agir",
        basis="consent",
        consent_on=world.day,
    )
    assert made.state == "proposed"
    assert lists.sent(world.ft).filter(pk=made.pk).exists()
    assert waits(client, world, "ft") == []
    assert waits(client, world, "auditor") == ["1 orientation proposée à valider (AGIR)"]


def test_each_line_opens_the_list_that_it_counts(client, world):
    service = default_service(world.agency)
    for _ in range(2):
        sending.refer(
            world.auditor,
            person_id=world.person().pk,
            service_id=service.pk,
            purpose="employment",
            basis="public_mission",
        )
    page = sign_in(client, world, "ft").get("/").content.decode()
    (link,) = re.findall(r'href="([^"]+)">orientations reçues attendent votre réponse', page)
    assert "À répondre (2)" in " ".join(client.get(html.unescape(link)).content.decode().split())
