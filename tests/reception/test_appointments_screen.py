"""The list of first appointments, for the operator, the DT and the agency."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.people.services import register
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments
from tests.browsing import sign_in

LIST = "reception:appointments"


def fixed(world, session, days=3, agency=None, **person):
    convocation = world.convoked(session, **person)[0]
    return appointments.fix_appointment(
        world.cip,
        person=convocation.person,
        organisation=agency or world.agency,
        fixed_for=clock.paris(world.day + dt.timedelta(days=days), 14, 30),
        session=session,
        accompaniment_agreed=True,
    )


@pytest.fixture
def session(world):
    return world.session(desks=4)


@pytest.mark.parametrize(
    ("short", "status", "seen"),
    [
        ("cip", 200, True),
        ("auditor", 200, True),
        ("manager", 200, True),
        ("ft", 200, True),
        ("ft_elsewhere", 200, False),
        ("cip_elsewhere", 200, False),
        ("auditor_elsewhere", 200, False),
        ("region", 403, False),
        ("nation", 403, False),
        ("agir", 403, False),
        ("tester", 403, False),
        ("admin", 403, False),
    ],
)
def test_the_list_shows_each_role_its_own_appointments(client, world, session, short, status, seen):
    appointment = fixed(world, session)
    page = sign_in(client, world, short).get(reverse(LIST))
    assert page.status_code == status
    assert (str(appointment.person) in page.content.decode()) is seen


@pytest.mark.parametrize(
    ("short", "status"),
    [("cip", 200), ("auditor", 200), ("manager", 200), ("ft", 403), ("region", 403), ("admin", 403)],
)
def test_the_export_follows_the_export_of_sessions(client, world, session, short, status):
    fixed(world, session)
    visitor = sign_in(client, world, short)
    assert visitor.get(reverse("reception:appointments-export")).status_code == status
    shown = visitor.get(reverse(LIST))
    if shown.status_code == 200:
        assert ("Exporter" in shown.content.decode()) is (status == 200)


def test_the_tabs_sort_what_is_coming_from_what_had_no_answer(client, world, session):
    coming, attended, missed, silent = (fixed(world, session, days) for days in (30, 1, 1, 1))
    with clock.frozen(clock.paris(world.day + dt.timedelta(days=2), 9)):
        appointments.record_result(world.cip, attended.pk, result="attended")
        appointments.record_result(world.cip, missed.pk, result="missed")
        visitor = sign_in(client, world, "cip")
        for state, expected in {
            "a_venir": {coming.pk},
            "sans_reponse": {silent.pk},
            "honores": {attended.pk},
            "manques": {missed.pk},
            "tous": {coming.pk, silent.pk, attended.pk, missed.pk},
        }.items():
            page = visitor.get(reverse(LIST), {"etat": state})
            assert {line.pk for line in page.context["page"]} == expected
            assert {code: total for code, _, total in page.context["tabs"]}[state] == len(expected)


def test_the_list_is_filtered_by_agency(client, world, session):
    fixed(world, session)
    there = fixed(world, session, agency=world.other_agency)
    visitor = sign_in(client, world, "cip")
    page = visitor.get(reverse(LIST), {"agence": str(world.other_agency.pk)})
    assert [line.pk for line in page.context["page"]] == [there.pk]
    assert visitor.get(reverse(LIST), {"agence": "x", "etat": "x"}).status_code == 200


def test_the_agency_reads_what_the_person_declared(client, world, session):
    appointment = fixed(world, session)
    declared = {"phone": "+33612345678", "occupation": "Soudeuse"}
    register(world.cip, appointment.person, starts_on=world.day, by="cip", place="pfa", declared=declared)
    page = sign_in(client, world, "ft").get(reverse(LIST)).content.decode()
    assert "Les personnes qui nous sont adressées" in page
    assert "Soudeuse" in page
    assert "+33612345678" in page


def test_the_result_and_the_accompaniment_are_answered_apart(client, world, session):
    appointment = fixed(world, session)
    address = reverse("reception:appointment-result", args=[appointment.pk])
    visitor = sign_in(client, world, "cip")
    refused = visitor.post(address, {"result": "attended"}, follow=True)
    assert "pas encore eu lieu" in refused.content.decode()
    with clock.frozen(appointment.fixed_for + dt.timedelta(hours=1)):
        visitor.post(address, {"result": "attended", "accompanied": "non"})
        appointment.refresh_from_db()
        assert (appointment.status, appointment.accompanied) == ("attended", False)
        visitor.post(address, {"result": "attended", "accompanied": "oui", "retour": f"{reverse(LIST)}?etat=tous"})
        page = sign_in(client, world, "ft").get(reverse(LIST), {"etat": "honores"}).content.decode()
        assert "Les Ponts de Moselle" in page
        assert "Réalisé" in page
        sign_in(client, world, "ft").post(address, {"result": "attended"})
    appointment.refresh_from_db()
    assert (appointment.accompanied, appointment.asserted_for) == (True, world.agency)


def test_no_answer_leads_out_of_the_platform(client, world, session):
    appointment = fixed(world, session)
    address = reverse("reception:appointment-result", args=[appointment.pk])
    answer = sign_in(client, world, "cip").post(address, {"result": "missed", "retour": "https://ailleurs.example/"})
    assert answer.url == reverse(LIST)


def test_another_date_is_given_from_the_list(client, world, session):
    appointment = fixed(world, session)
    address = reverse("reception:appointment-reschedule", args=[appointment.pk])
    visitor = sign_in(client, world, "ft")
    assert visitor.post(address, {"date": "2026-01-05", "time": "10:00"}).status_code == 400
    assert visitor.post(address, {"date": "2026-03-20", "time": "10:00"}).status_code == 302
    assert FirstAppointment.objects.get(status="fixed").replaces == appointment
    assert sign_in(client, world, "ft_elsewhere").get(address).status_code == 404
    assert sign_in(client, world, "auditor").get(address).status_code == 403


def test_no_cell_of_an_export_is_a_formula(client, world, session):
    appointment = fixed(world, session, family_name="=cmd|'/C calc'!A0", given_names="+33")
    visitor = sign_in(client, world, "cip")
    address = reverse("reception:appointments-export")
    text = visitor.get(address, {"format": "csv"}).content.decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert (header[0], row[0], row[1]) == ("Nom", "'=cmd|'/C calc'!A0", "'+33")
    content = visitor.get(address, {"format": "xlsx"}).content
    cells = openpyxl.load_workbook(io.BytesIO(content)).active
    assert cells["A2"].value == "'=cmd|'/C calc'!A0"
    assert cells["A2"].data_type == "s"
    assert Access.objects.filter(action="export", people__contains=[appointment.person_id]).count() == 2


def test_the_number_of_queries_does_not_depend_on_the_number_of_appointments(client, world, session):
    visitor = sign_in(client, world, "ft")
    for _ in range(2):
        fixed(world, session)
    few = _queries(visitor)
    for _ in range(10):
        fixed(world, session)
    assert _queries(visitor) == few


def _queries(visitor):
    visitor.get(reverse(LIST))
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(reverse(LIST)).status_code == 200
    return len(captured)


CANCEL = "reception:appointment-cancel"
AGAIN = "reception:appointment-again"


@pytest.mark.parametrize(
    ("short", "status"),
    [
        ("cip", 200),
        ("ft", 200),
        ("auditor", 403),
        ("manager", 403),
        ("region", 403),
        ("agir", 403),
        ("admin", 403),
        ("ft_elsewhere", 404),
        ("cip_elsewhere", 404),
        ("auditor_elsewhere", 403),
    ],
)
def test_the_screens_of_a_cancellation_answer_each_role(client, world, session, short, status):
    appointment = fixed(world, session)
    visitor = sign_in(client, world, short)
    assert visitor.get(reverse(CANCEL, args=[appointment.pk])).status_code == status
    shown = visitor.get(reverse(LIST)).content.decode()
    assert (reverse(CANCEL, args=[appointment.pk]) in shown) is (status == 200)
    answer = visitor.post(reverse(CANCEL, args=[appointment.pk]), {"reason": "slot_closed"})
    assert answer.status_code == (302 if status == 200 else status)
    appointment.refresh_from_db()
    assert appointment.status == ("cancelled" if status == 200 else "fixed")
    assert visitor.get(reverse(AGAIN, args=[appointment.pk])).status_code == status


def test_a_cancellation_without_a_reason_keeps_what_was_typed(client, world, session):
    appointment = fixed(world, session)
    visitor = sign_in(client, world, "cip")
    address = reverse(CANCEL, args=[appointment.pk])
    answer = visitor.post(address, {"note": "agence en travaux"})
    assert answer.status_code == 400
    assert "Choisissez le motif" in answer.content.decode()
    assert 'value="agence en travaux"' in answer.content.decode()
    assert visitor.post(address, {"reason": "other"}).status_code == 400
    assert visitor.post(address, {"reason": "no_show"}).status_code == 400
    appointment.refresh_from_db()
    assert appointment.status == "fixed"


def test_a_cancelled_appointment_leaves_the_lists_of_what_is_awaited(client, world, session):
    appointment = fixed(world, session)
    visitor = sign_in(client, world, "cip")
    data = {"reason": "other", "note": "agence en travaux"}
    visitor.post(reverse(CANCEL, args=[appointment.pk]), data)
    with clock.frozen(appointment.fixed_for + dt.timedelta(days=1)):
        shown = {}
        for state in ("a_venir", "sans_reponse", "manques", "honores", "annules", "tous"):
            page = visitor.get(reverse(LIST), {"etat": state})
            shown[state] = [line.pk for line in page.context["page"]]
        assert shown == {
            "a_venir": [],
            "sans_reponse": [],
            "manques": [],
            "honores": [],
            "annules": [appointment.pk],
            "tous": [appointment.pk],
        }
        row = visitor.get(reverse(LIST), {"etat": "annules"}).content.decode()
        assert "Annulé" in row
        assert "Autre motif : agence en travaux" in row
        assert "Agent cip" in row
        assert "Honoré<" not in row
    text = visitor.get(reverse("reception:appointments-export"), {"etat": "annules"}).content.decode("utf-8-sig")
    header, line = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert dict(zip(header, line, strict=True))["Motif de l’annulation"] == "Autre motif : agence en travaux"


def test_once_the_date_has_passed_the_screen_offers_only_the_reasons_of_the_service(client, world, session):
    appointment = fixed(world, session)
    address = reverse(CANCEL, args=[appointment.pk])
    with clock.frozen(appointment.fixed_for + dt.timedelta(hours=1)):
        visitor = sign_in(client, world, "cip")
        page = visitor.get(address).content.decode()
        assert "manqué ou excusé, pas annulé" in page
        assert "Créneau fermé" in page and "dispensée" not in page
        assert visitor.post(address, {"reason": "opted_out"}).status_code == 400


def test_a_new_appointment_is_fixed_from_the_cancelled_one(client, world, session):
    appointment = fixed(world, session)
    appointments.cancel_appointment(world.cip, appointment.pk, reason="slot_closed")
    address = reverse(AGAIN, args=[appointment.pk])
    visitor = sign_in(client, world, "cip")
    assert address in visitor.get(reverse(LIST), {"etat": "annules"}).content.decode()
    typed = {"agency": str(world.other_agency.pk), "date": "2026-03-20", "time": "10:00"}
    past = visitor.post(address, typed | {"date": "2026-01-05"})
    assert past.status_code == 400
    assert 'value="10:00"' in past.content.decode()
    assert visitor.post(address, typed).status_code == 302
    new = FirstAppointment.objects.get(status="fixed")
    assert (new.replaces, new.organisation) == (appointment, world.other_agency)
    assert address not in visitor.get(reverse(LIST), {"etat": "annules"}).content.decode()


def test_an_adviser_is_offered_only_their_own_agency(client, world, session):
    appointment = fixed(world, session)
    appointments.cancel_appointment(world.ft, appointment.pk, reason="slot_closed")
    address = reverse(AGAIN, args=[appointment.pk])
    visitor = sign_in(client, world, "ft")
    assert str(world.other_agency.pk) not in visitor.get(address).content.decode()
    typed = {"agency": str(world.other_agency.pk), "date": "2026-03-20", "time": "10:00"}
    assert visitor.post(address, typed).status_code == 400
    assert visitor.post(address, typed | {"agency": str(world.agency.pk)}).status_code == 302
