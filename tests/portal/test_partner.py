"""The partner answers from its mailbox: every answer, traced, once; and what its link does not open."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.journal.models import Access, Fact
from passerelles.messages.models import Link, LinkUse, Message
from passerelles.messages.services import links
from passerelles.portal import limits
from passerelles.referrals.models import Appointment, Dispute
from tests.portal.conftest import messages_to

pytestmark = pytest.mark.django_db
MEETING = clock.paris(dt.date(2026, 3, 24), 9, 30)


def answer(visitor: Client, path: str, **given: str):
    return visitor.post(f"{path}/reponse", given)


def test_the_mailbox_receives_a_link_and_nothing_personal(story):
    story.refer(message="Cherche un poste de cuisinière.")
    path = story.partner_path()
    (mail,) = [each for each in story.post.sent if each.recipient == story.mission_locale.mailbox]
    assert story.person.family_name not in mail.body + mail.subject
    assert "Salma" not in mail.body
    assert path.startswith("/r/")
    assert path.removeprefix("/r/") not in Message.objects.get(pk=mail.pk).body


def test_the_partner_reads_the_least_and_reading_changes_nothing(story, visitor):
    referral = story.refer()
    path = story.partner_path()
    with CaptureQueriesContext(connection) as queries:
        page = visitor.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert story.person.family_name in html
    assert "Donner un rendez-vous" in html
    assert len(page.content) < 30_000
    written = [
        query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert written == []
    assert len(queries) <= 10
    referral.refresh_from_db()
    assert (referral.state, LinkUse.objects.count()) == ("sent", 0)
    assert Access.objects.filter(people__contains=[story.person.pk], purpose__contains="sans compte").count() == 1
    assert page["Cache-Control"].startswith("max-age=0")
    assert page["Referrer-Policy"] == "same-origin"


def test_an_appointment_given_by_the_link_reaches_the_person_in_arabic(story, visitor):
    referral = story.refer()
    path = story.partner_path()
    done = answer(visitor, path, answer="fix", day="2026-03-24", hour="09:30")
    assert done.status_code == 302
    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.where) == (MEETING, "12 rue des Ponts, 57000 Metz")
    referral.refresh_from_db()
    assert referral.state == "appointment_fixed"
    fact = Fact.objects.get(kind="referral_appointment_given")
    assert (fact.actor_id, fact.organisation_id) == (None, story.mission_locale.pk)
    (use,) = LinkUse.objects.all()
    assert (use.action, use.link.mailbox) == ("fix", story.mission_locale.mailbox)
    given, reminder, question = Message.objects.filter(
        kind__startswith="appointment", person_id=story.person.pk
    ).order_by("next_attempt_at")
    assert (given.language, given.channel) == ("ara", "sms")
    assert reminder.next_attempt_at == clock.paris(dt.date(2026, 3, 23), 10)
    assert question.next_attempt_at == clock.paris(dt.date(2026, 3, 25), 10)


def test_the_same_answer_twice_is_one(story, visitor):
    story.refer()
    path = story.partner_path()
    for _ in range(2):
        assert answer(visitor, path, answer="fix", day="24/03/2026", hour="9h30").status_code == 302
    assert Appointment.objects.count() == 1
    story.refer(story.world.person())
    path = story.partner_path()
    for _ in range(2):
        assert answer(visitor, path, answer="decline", reason="no_place").status_code == 302
    assert Fact.objects.filter(kind="referral_declined").count() == 1


def test_another_date_drops_what_was_still_to_be_said_of_the_former(story, visitor):
    story.refer()
    path = story.partner_path()
    answer(visitor, path, answer="fix", day="2026-03-24", hour="09:30")
    answer(visitor, path, answer="fix", day="2026-03-26", hour="14:00")
    states = list(Message.objects.filter(kind__startswith="appointment_").values_list("kind", "state"))
    assert sorted(states) == sorted(
        [("appointment_fixed", "dropped"), ("appointment_reminder", "dropped"), ("appointment_question", "dropped")]
        + [("appointment_moved", "queued"), ("appointment_reminder", "queued"), ("appointment_question", "queued")]
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"answer": "decline"}, "Choisissez le motif du refus."),
        ({"answer": "fix", "day": "", "hour": "10:00"}, "Indiquez la date du rendez-vous."),
        ({"answer": "fix", "day": "2026-03-24", "hour": "midi"}, "Écrivez l’heure ainsi"),
        ({"answer": "fix", "day": "2026-03-24", "hour": "25:10"}, "Écrivez l’heure ainsi"),
        ({"answer": "fix", "day": "demain", "hour": "10:00"}, "Écrivez la date ainsi"),
    ],
)
def test_an_answer_badly_filled_keeps_what_was_typed_and_says_how_to_mend(story, visitor, given, sentence):
    story.refer()
    page = answer(visitor, story.partner_path(), **given)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert LinkUse.objects.count() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "fix", "day": "2026-03-01", "hour": "10:00"},
        {"answer": "attend"},
        {"answer": "miss", "reason": "no_news"},
        {"answer": "decline", "reason": "other"},
    ],
)
def test_an_answer_that_the_table_does_not_admit_is_refused_with_a_sentence(story, visitor, given):
    story.refer()
    path = story.partner_path()
    if given["answer"] in {"attend", "miss"}:
        answer(visitor, path, answer="fix", day="2026-03-24", hour="09:30")
    before = LinkUse.objects.count()
    page = answer(visitor, path, **given)
    assert page.status_code == 409
    assert 'role="alert"' in page.content.decode()
    assert LinkUse.objects.count() == before


def test_no_show_declared_by_the_link_never_reads_as_cancelled(story, visitor):
    story.refer()
    path = story.partner_path()
    answer(visitor, path, answer="fix", day="2026-03-24", hour="09:30")
    with clock.frozen(clock.paris(dt.date(2026, 3, 24), 11)):
        assert answer(visitor, path, answer="miss", reason="no_news").status_code == 302
        assert "appointment_missed" in messages_to(story.person)
        assert "appointment_cancelled" not in messages_to(story.person)
        visitor.post(
            f"{story.person_path()}/reponse", {"step": str(Appointment.objects.get().referral_id), "said": "attend"}
        )
    assert (Dispute.objects.get().receiver_says, Dispute.objects.get().person_says) == (False, True)


def test_an_unknown_answer_is_refused(story, visitor):
    story.refer()
    path = story.partner_path()
    for given in ("withdraw", "validate", "", "start; DROP TABLE"):
        assert answer(visitor, path, answer=given).status_code == 409
    assert visitor.get(f"{path}/reponse").status_code == 405


def test_the_link_of_one_referral_says_nothing_of_another(story, visitor):
    first = story.refer()
    path = story.partner_path()
    other = story.refer(story.world.person(family_name="Autre"), message="autre message")
    html = visitor.get(path).content.decode()
    assert "autre message" not in html
    answer(visitor, path, answer="accept", step=str(other.pk), referral=str(other.pk))
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, other.state) == ("accepted", "sent")


def test_the_link_of_another_organisation_opens_only_its_own(story, visitor):
    referral = story.refer()
    foreign = links.partner_link(
        story.world.auditor, subject_id=uuid.uuid4(), person_id=story.person.pk, organisation=story.world.agency
    )
    path = f"/r/{links.token_of(foreign)}"
    assert visitor.get(path).status_code == 404
    assert answer(visitor, path, answer="accept").status_code in {404, 409}
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_a_dead_link_answers_nothing_whatever_killed_it(story, visitor):
    referral = story.refer()
    path = story.partner_path()
    link = Link.objects.get(purpose="partner_answer")
    with clock.frozen(link.expires_at):
        assert visitor.get(path).status_code == answer(visitor, path, answer="accept").status_code == 404
    story.mission_locale.mailbox = "autre@mission-locale.example"
    story.mission_locale.save()
    assert answer(visitor, path, answer="accept").status_code == 404
    story.mission_locale.mailbox = link.mailbox
    story.mission_locale.save()
    links.revoke(story.world.auditor, link, reason="essai")
    assert visitor.get(path).status_code == answer(visitor, path, answer="accept").status_code == 404
    assert visitor.get(path.replace("/r/", "/m/")).status_code == 404
    referral.refresh_from_db()
    assert referral.state == "sent"
    assert "ne marche plus" in visitor.get(path).content.decode()


def test_a_form_without_its_protection_is_refused(story):
    referral = story.refer()
    path = story.partner_path()
    assert Client(enforce_csrf_checks=True).post(f"{path}/reponse", {"answer": "accept"}).status_code == 403
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_who_tries_links_is_made_to_wait(story, visitor):
    story.refer()
    path = story.partner_path()
    codes = [visitor.get(f"/r/{'A' * links.TOKEN_LENGTH}").status_code for _ in range(limits.WRONG_LINKS + 5)]
    assert codes.count(404) == limits.WRONG_LINKS
    assert codes[-1] == 429
    assert visitor.get(path).status_code == 429, "even the right one, for a while"
    assert Client(REMOTE_ADDR="198.51.100.7").get(path).status_code == 200


def test_a_link_that_answers_without_end_is_made_to_wait(story, visitor, monkeypatch):
    monkeypatch.setattr(limits, "ANSWERS", 3)
    story.refer()
    path = story.partner_path()
    assert [answer(visitor, path, answer="study").status_code for _ in range(5)] == [302, 302, 302, 429, 429]
