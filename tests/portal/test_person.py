"""The newcomer's page: what it shows, what the person may say, in their language, without account."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pypdf import PdfReader

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.messages import catalogue
from passerelles.messages.models import LinkUse, Message
from passerelles.messages.services import has_stopped, links
from passerelles.pathway.enums import DocumentKind
from passerelles.pathway.services.documents import note_document
from passerelles.people.services import record_assessment, sign_contract
from passerelles.portal import wording
from passerelles.reception.services.appointments import fix_appointment, record_result, reschedule
from passerelles.referrals.models import Dispute, Statement
from passerelles.referrals.rules.words import Party
from passerelles.referrals.services import appointments
from passerelles.referrals.speakers import Outsider
from tests.browsing import sign_in
from tests.portal.conftest import writes

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 24)
MEETING = clock.paris(DAY, 9, 30)


@pytest.fixture
def given(story):
    """The mission locale has given an appointment."""
    referral = story.refer()
    appointments.fix(Outsider(Party.RECEIVER, referral.pk), referral.pk, starts_at=MEETING, bring="")
    return referral


def says(visitor, story, referral, said, **more):
    return visitor.post(f"{story.person_path()}/reponse", {"step": str(referral.pk), "said": said} | more)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_page_speaks_every_language_and_weighs_little(story, visitor, given, language):
    page = visitor.get(f"{story.person_path()}?l={language}")
    html = page.content.decode()
    texts = wording.texts_in(language)
    assert f'<html lang="{texts.tag}" dir="{texts.direction}">' in html
    for name in ("next", "when", "confirm", "rights", "contact", "right.monthly"):
        assert texts(name).replace("'", "&#x27;").replace('"', "&quot;") in html
    assert texts.date(DAY) in html
    assert "<script" not in html
    css = sum(path.stat().st_size for path in (wording.TEXTS.parent / "static" / "portal").glob("page.css"))
    assert len(page.content) + css < 100_000
    assert "{" not in re.sub(r"<[^>]*>", "", html)
    own = {escape(text) for text in texts.texts.values()}
    french = {escape(text) for text in wording.texts_in("fra").texts.values() if len(text) > 6} - own
    left_over = [text for text in french if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", html)]
    assert language == "fra" or left_over == []


def test_the_first_language_is_that_of_the_person(story, visitor, given):
    assert 'dir="rtl"' in visitor.get(story.person_path()).content.decode()


def test_the_steps_so_far_come_from_every_room_in_order(story, visitor, given, django_assert_max_num_queries):
    sign_contract(story.world.auditor, story.person, signed_on=dt.date(2026, 1, 5))
    record_assessment(story.world.auditor, story.person, assessed_on=dt.date(2026, 1, 6), oral="B2", written="B2")
    path = f"{story.person_path()}?l=fra"
    with django_assert_max_num_queries(18):
        html = visitor.get(path).content.decode()
    order = [
        html.index(text) for text in ("Contrat d’intégration (CIR) signé", "Niveau de français", "Demande envoyée")
    ]
    assert order == sorted(order)
    assert "B2" not in html, "the page does not judge"


def test_the_first_appointment_of_the_platform_is_a_step_too(story, visitor):
    fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    html = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "France Travail Metz-Queuleu" in html
    assert "mardi 24 mars 2026, 09:30" in html


def test_the_person_speaks_of_the_first_appointment_as_of_any_other(story, visitor):
    first = fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    french = f"{story.person_path()}?l=fra"
    assert says(visitor, story, first, "confirm").status_code == 302
    assert wording.texts_in("fra")("confirmed") in visitor.get(french).content.decode()
    assert says(visitor, story, first, "withdraw").status_code == 409
    with clock.frozen(clock.paris(DAY, 12)):
        record_result(story.world.ft, first.pk, result="missed")
        page = visitor.get(french).content.decode()
        assert "Le rendez-vous a-t-il eu lieu" in page, "the person may say otherwise"
        assert says(visitor, story, first, "attend").status_code == 302
        page = visitor.get(french).content.decode()
    assert "Le rendez-vous a-t-il eu lieu" not in page
    assert [word.said for word in first.words.order_by("rank")] == ["confirmed", "held"]
    assert LinkUse.objects.count() == 2


def test_the_person_cannot_come_to_the_first_appointment_and_the_agency_is_told(story, visitor):
    first = fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    assert says(visitor, story, first, "postpone", reason="ill").status_code == 302
    html = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "On va vous donner une autre date" in html and "09:30" not in html
    assert Message.objects.get(kind="appointment_to_move").recipient == story.world.agency.mailbox
    other = story.world.person()
    path = f"{story.person_path(other)}/reponse"
    assert visitor.post(path, {"step": str(first.pk), "said": "confirm"}).status_code == 409


def test_the_calendar_holds_what_is_to_come_in_the_language_of_the_person(story, visitor, given):
    fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    answer = visitor.get(f"{story.person_path()}/rendez-vous.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20260324T083000Z" in text
    assert "SUMMARY:Mission locale des Trois-Rives" in text and "SUMMARY:France Travail Metz-Queuleu" in text
    assert wording.texts_in("ara")("bring") in text
    assert story.person.family_name not in text and "Salma" not in text
    with clock.frozen(clock.paris(DAY, 12)):
        assert "VEVENT" not in visitor.get(f"{story.person_path()}/rendez-vous.ics").content.decode()


def events_of(visitor, story) -> list[dict[str, str]]:
    text = visitor.get(f"{story.person_path()}/rendez-vous.ics").content.decode().replace("\r\n ", "")
    return [
        dict(line.partition(":")[::2] for line in each.splitlines() if ":" in line)
        for each in text.split("BEGIN:VEVENT")[1:]
    ]


def test_a_first_appointment_that_moves_moves_in_the_calendar_too(story, visitor):
    first = fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    (before,) = events_of(visitor, story)
    reschedule(story.world.ft, first.pk, fixed_for=MEETING + dt.timedelta(days=2))
    (after,) = events_of(visitor, story)
    assert after["UID"] == before["UID"] and after["DTSTART"] != before["DTSTART"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_a_body_that_tells_a_violence_lived_is_not_named_in_a_calendar(story, visitor):
    referral = story.refer(purpose="women_support", basis="consent", consent_on=story.world.day)
    receiver = Outsider(Party.RECEIVER, referral.pk)
    appointments.fix(receiver, referral.pk, starts_at=MEETING, mode="phone")
    (event,) = events_of(visitor, story)
    assert "Mission locale" not in "".join(event.values()) and "03 87" not in "".join(event.values())
    assert event.get("LOCATION", "") == ""


def test_the_end_of_the_residence_document_is_told_without_its_nature(story, visitor):
    note_document(story.world.auditor, story.person.pk, kind=DocumentKind.TEMPORARY, expires_on=dt.date(2026, 9, 3))
    html = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "Votre titre de séjour finit le : <strong>jeudi 3 septembre 2026" in html
    assert "carte" not in html.lower()


def test_reading_writes_the_access_log_only(story, visitor, given):
    path = story.person_path()
    with CaptureQueriesContext(connection) as queries:
        visitor.get(path)
        visitor.get(f"{path}/plan.pdf")
    assert writes(queries) == []
    assert Access.objects.filter(people__contains=[story.person.pk], purpose__contains="lue par la personne").exists()
    assert LinkUse.objects.count() == 0


def test_the_person_confirms_then_says_it_took_place(story, visitor, given):
    assert says(visitor, story, given, "confirm").status_code == 302
    page = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert wording.texts_in("fra")("confirmed") in page
    assert says(visitor, story, given, "confirm").status_code == 302, "twice is once"
    with clock.frozen(clock.paris(DAY, 12)):
        assert "Le rendez-vous a-t-il eu lieu" in visitor.get(f"{story.person_path()}?l=fra").content.decode()
        assert says(visitor, story, given, "attend").status_code == 302
        page = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "Le rendez-vous a-t-il eu lieu" not in page
    assert "Rendez-vous fait" in page
    given.refresh_from_db()
    assert (given.state, given.attended_by) == ("attended", "person")
    assert Statement.objects.get().channel == "page"
    assert not Message.objects.filter(kind="appointment_question", state="queued").exists()


def test_the_person_cannot_come_and_the_organisation_is_told(story, visitor, given):
    assert says(visitor, story, given, "postpone", reason="childcare").status_code == 302
    given.refresh_from_db()
    assert given.state == "rescheduled"
    html = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "On va vous donner une autre date" in html
    told = list(Message.objects.filter(kind="referral_postponed"))
    assert [each.recipient for each in told] == [story.mission_locale.mailbox]
    assert not Message.objects.filter(kind="appointment_reminder", state="queued").exists()


@pytest.mark.parametrize("said", ["absent", "nobody"])
def test_a_contradiction_goes_to_the_review_list(story, visitor, given, said):
    with clock.frozen(clock.paris(DAY, 12)):
        appointments.declare_attended(Outsider(Party.RECEIVER, given.pk), given.pk)
        assert says(visitor, story, given, said).status_code == 302
    assert (Dispute.objects.get().receiver_says, Dispute.objects.get().person_says) == (True, False)


def test_the_person_may_refuse_and_nothing_follows_for_the_contract(story, visitor, given):
    html = visitor.get(f"{story.person_path()}?l=fra").content.decode()
    assert "Votre contrat d’intégration (CIR) ne change pas." in html
    assert says(visitor, story, given, "withdraw").status_code == 302
    given.refresh_from_db()
    assert (given.state, given.reason) == ("withdrawn", "refused")


@pytest.mark.parametrize("said", ["attend", "absent", "", "settle", "decline"])
def test_what_cannot_be_said_now_is_refused_in_the_language_of_the_person(story, visitor, given, said):
    page = says(visitor, story, given, said)
    assert page.status_code == 409
    assert wording.texts_in("ara")("impossible") in page.content.decode()
    assert LinkUse.objects.count() == 0


def test_nobody_answers_for_somebody_else(story, visitor, given):
    other = story.world.person(language="ara")
    path = story.person_path(other)
    for step in (str(given.pk), "pas-un-identifiant", ""):
        assert visitor.post(f"{path}/reponse", {"step": step, "said": "confirm"}).status_code == 409
    assert "Mission locale" not in visitor.get(path).content.decode()
    given.refresh_from_db()
    assert given.appointments.get().confirmed_at is None


def test_the_person_corrects_how_they_are_reached(story, visitor):
    path = f"{story.person_path()}/coordonnees"
    given = {"phone": "07 11 22 33 44", "email": "Salma@Exemple.example", "language": "tur"}
    assert visitor.post(path, given).status_code == 302
    story.person.refresh_from_db()
    assert (story.person.phone, story.person.email) == ("+33711223344", "salma@exemple.example")
    assert story.person.language == "tur"
    assert has_stopped(story.person.pk), "the box was not ticked"
    assert visitor.post(path, given | {"messages": "1"}).status_code == 302
    assert not has_stopped(story.person.pk)
    assert Access.objects.filter(people__contains=[story.person.pk], action="write", actor_id=None).exists()


def test_a_wrong_number_is_said_in_the_language_of_the_person_and_kept_on_the_screen(story, visitor):
    given = {"phone": "06 12", "email": "pas-une-adresse", "language": "ara", "l": "ukr"}
    page = visitor.post(f"{story.person_path()}/coordonnees", given)
    html = page.content.decode()
    assert page.status_code == 422
    assert wording.texts_in("ukr")("wrong_phone") in html and wording.texts_in("ukr")("wrong_email") in html
    assert 'value="06 12"' in html
    story.person.refresh_from_db()
    assert story.person.phone == "+33612345678"


def test_a_dead_link_is_told_in_the_language_of_the_browser(story, visitor):
    page = visitor.get(f"/m/{'A' * 38}", headers={"Accept-Language": "ps-AF,ps;q=0.9,en;q=0.5"})
    assert page.status_code == 404
    assert wording.texts_in("pus")("dead") in page.content.decode()


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_printed_plan_is_one_tagged_page_in_the_script(story, visitor, given, language):
    sign_contract(story.world.auditor, story.person, signed_on=dt.date(2026, 1, 5))
    page = visitor.get(f"{story.person_path()}/plan.pdf?l={language}")
    assert page["Content-Type"] == "application/pdf"
    assert story.person.family_name not in page["Content-Disposition"]
    reader = PdfReader(io.BytesIO(page.content))
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "12 rue des Ponts" in reader.pages[0].extract_text()


def test_an_agent_gives_sends_and_takes_back_the_page(client, story, given):
    visitor = sign_in(client, story.world, "auditor")
    address = f"/personnes/{story.person.pk}/page/"
    links.revoke_for(story.world.auditor, story.person.pk, "person_page", reason="essai")
    assert "Ouvrir la page de la personne" in visitor.get(address).content.decode()
    visitor.post(address, {"do": "make"})
    html = visitor.get(address).content.decode()
    assert "<svg" in html and "/m/" in html
    visitor.post(address, {"do": "send"})
    assert Message.objects.filter(kind="page_link").count() == 1
    path = story.person_path()
    assert client.get(path).status_code == 200
    visitor.post(address, {"do": "revoke"})
    assert client.get(path).status_code == 404
    purposes = list(Access.objects.filter(people__contains=[story.person.pk]).values_list("purpose", flat=True))
    assert any("créé" in purpose for purpose in purposes) and any("révoqué" in purpose for purpose in purposes)
    assert visitor.get(f"{address}plan.pdf?l=tam").content.startswith(b"%PDF")


@pytest.mark.parametrize(("short", "status"), [("cip", 404), ("auditor_elsewhere", 404), ("ft", 404), ("region", 403)])
def test_who_may_not_see_the_person_may_not_give_their_page(client, story, short, status):
    visitor = sign_in(client, story.world, short)
    for address in (f"/personnes/{story.person.pk}/page/", f"/personnes/{story.person.pk}/page/plan.pdf"):
        assert visitor.get(address).status_code == status


def test_the_receiver_reads_the_person_but_does_not_give_their_page(client, story):
    fix_appointment(story.world.cip, person=story.person, organisation=story.world.agency, fixed_for=MEETING)
    visitor = sign_in(client, story.world, "ft")
    assert visitor.get(f"/personnes/{story.person.pk}/").status_code == 200
    assert "code QR" not in visitor.get(f"/personnes/{story.person.pk}/").content.decode()
    assert visitor.get(f"/personnes/{story.person.pk}/page/").status_code == 403
