"""Alerts: raised on their day and not before, closed when the thing is done, owned, and never twice (C-035, D-017)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.core.errors import Impossible, Unknown
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.pathway.models import FollowUp
from passerelles.pathway.queries import follow_ups as queries
from passerelles.pathway.queries import watched
from passerelles.pathway.rules.follow_up import Course, Delays, Due, Known, due, urgency
from passerelles.pathway.services import documents, follow_ups, meetings, recognitions, trainings

TODAY = dt.date(2026, 3, 10)
DELAYS = Delays(
    document=60,
    document_last=30,
    licence_months=12,
    training_start=90,
    end_of_cir_months=3,
    recognition=120,
    no_news=180,
)
PERSON, THING = uuid.uuid4(), uuid.uuid4()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(when: dt.date, hour: int = 9):
    return clock.frozen(clock.paris(when, hour))


def course(**values) -> Course:
    defaults = {
        "id": THING,
        "kind": "language",
        "path": "P200",
        "status": "prescribed",
        "prescribed_on": day("2026-01-10"),
        "started_on": None,
        "ended_on": None,
    }
    return Course(**(defaults | values))


def kinds(known: Known, on: str, delays: Delays = DELAYS) -> set[tuple[str, dt.date]]:
    return {(each.kind, each.due_on) for each in due(known, delays, day(on))}


@pytest.mark.parametrize(("on", "raised"), [("2026-03-31", False), ("2026-04-01", True), ("2026-06-15", True)])
def test_a_document_is_watched_from_sixty_days_before_its_end(on, raised):
    known = Known(PERSON, documents=((THING, day("2026-05-31")),))
    assert (("document", day("2026-05-31")) in kinds(known, on)) is raised


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2026-04-30", "later"), ("2026-05-01", "soon"), ("2026-05-31", "soon"), ("2026-06-01", "late")],
)
def test_thirty_days_before_the_alert_presses(on, expected):
    assert urgency("document", day("2026-05-31"), DELAYS, day(on)) == expected


def test_a_licence_ends_twelve_months_after_the_course_began():
    followed = course(path="digital", status="started", started_on=day("2025-06-01"))
    assert kinds(Known(PERSON, courses=(followed,)), "2026-04-01") == {("language_licence", day("2026-05-31"))}
    assert kinds(Known(PERSON, courses=(followed,)), "2026-03-31") == set()
    over = course(path="digital", status="completed", started_on=day("2025-06-01"), ended_on=day("2026-02-01"))
    assert "language_licence" not in {kind for kind, _ in kinds(Known(PERSON, courses=(over,)), "2026-05-01")}


@pytest.mark.parametrize(("on", "raised"), [("2026-04-09", False), ("2026-04-10", True)])
def test_a_course_that_does_not_begin_is_seen(on, raised):
    known = Known(PERSON, courses=(course(),))
    assert (("not_started", day("2026-04-10")) in kinds(known, on)) is raised


@pytest.mark.parametrize(("on", "raised"), [("2027-01-10", True), ("2027-01-11", False)])
def test_what_was_prescribed_elsewhere_is_history_after_a_year(on, raised):
    here, elsewhere = course(), course(elsewhere=True)
    assert bool(kinds(Known(PERSON, courses=(elsewhere,)), on)) is raised
    over = course(elsewhere=True, status="completed", ended_on=day("2026-06-01"))
    assert bool(kinds(Known(PERSON, courses=(over,)), on)) is raised
    assert kinds(Known(PERSON, courses=(here,)), on), "one's own prescriptions are never forgotten"


def test_the_end_of_cir_interview_is_due_three_months_after_the_trainings():
    over = course(status="completed", started_on=day("2026-01-20"), ended_on=day("2026-02-10"))
    civic = course(kind="civic", path="", status="prescribed", id=PERSON, prescribed_on=day("2026-02-01"))
    assert ("end_of_cir", day("2026-05-10")) in kinds(Known(PERSON, courses=(over, civic)), "2026-02-10")
    assert "end_of_cir" not in {
        k for k, _ in kinds(Known(PERSON, courses=(over,), end_of_cir_known=True), "2026-06-01")
    }
    going_on = course(status="started", started_on=day("2026-01-20"))
    assert "end_of_cir" not in {k for k, _ in kinds(Known(PERSON, courses=(going_on,)), "2026-06-01")}
    alone = Known(PERSON, courses=(course(kind="civic", path="", status="completed", ended_on=day("2026-02-10")),))
    assert ("end_of_cir", day("2026-05-10")) in kinds(alone, "2026-02-10")


def test_a_meeting_without_an_answer_is_seen_the_day_after():
    known = Known(PERSON, waiting_meetings=((THING, day("2026-03-10")),))
    assert kinds(known, "2026-03-10") == set()
    assert kinds(known, "2026-03-11") == {("meeting", day("2026-03-11"))}


def test_what_is_not_configured_raises_nothing():
    nothing = Delays(None, None, None, None, None, None, None)
    known = Known(
        PERSON,
        documents=((THING, day("2020-01-01")),),
        courses=(course(), course(path="digital")),
        recognitions=((THING, day("2020-01-01")),),
        news_on=day("2020-01-01"),
    )
    assert due(known, nothing, TODAY) == []
    assert len(due(known, DELAYS, TODAY)) >= 3


def test_the_order_is_stable():
    known = Known(PERSON, recognitions=((THING, day("2025-01-01")),), news_on=day("2025-01-01"))
    assert due(known, DELAYS, TODAY) == sorted(due(known, DELAYS, TODAY))
    assert all(isinstance(each, Due) for each in due(known, DELAYS, TODAY))


@pytest.fixture
def expiring(world, signatory):
    """The alert about a document that ends in forty days, of somebody whose age exempts from the civic exam."""
    person = signatory(birth_date=dt.date(1955, 6, 1))
    documents.note_document(world.auditor, person.pk, kind="api", expires_on=TODAY + dt.timedelta(days=40))
    return FollowUp.objects.get(person=person)


def test_an_alert_has_an_owner_and_a_date_and_is_raised_once(world, expiring):
    assert (expiring.kind, expiring.organisation, expiring.status) == ("document", world.dt_metz, "open")
    assert (expiring.due_on, expiring.next_on) == (TODAY + dt.timedelta(days=40), TODAY)
    assert follow_ups.refresh_all() == 0
    assert FollowUp.objects.count() == 1


def test_renewing_the_document_closes_the_alert_by_itself(world, expiring):
    documents.note_document(world.auditor, expiring.person_id, kind="csp", expires_on=day("2030-03-01"))
    expiring.refresh_from_db()
    assert (expiring.status, expiring.closed_on) == ("resolved", TODAY)


def test_treating_it_is_told_to_the_journal_and_it_does_not_come_back(world, expiring):
    follow_ups.treat(world.auditor, expiring.pk, treatment="renewed")
    assert follow_ups.refresh_all() == 0
    fact = Fact.objects.get(kind=FactKind.FOLLOW_UP_TREATED)
    assert fact.data == {"follow_up": "document", "treatment": "renewed"}
    with pytest.raises(Impossible, match="on ne peut pas la traiter"):
        follow_ups.treat(world.auditor, expiring.pk, treatment="contacted")


def test_postponing_changes_when_one_looks_again_and_not_the_due_day(world, expiring):
    follow_ups.take(world.auditor, expiring.pk)
    later = follow_ups.postpone(world.auditor, expiring.pk, to=day("2026-03-20"))
    assert (later.next_on, later.due_on, later.agent) == (day("2026-03-20"), expiring.due_on, world.auditor.agent)
    assert not queries.follow_ups(world.auditor, "toutes", "", TODAY).exists()
    assert queries.totals(world.auditor, TODAY)["reportees"] == 1
    assert queries.follow_ups(world.auditor, "a_moi", "", day("2026-03-20")).count() == 1
    for wrong in (TODAY, day("2026-09-01")):
        with pytest.raises(Impossible, match="jour à venir"):
            follow_ups.postpone(world.auditor, expiring.pk, to=wrong)


def test_the_day_moves_with_the_document(world, expiring):
    documents.note_document(world.auditor, expiring.person_id, kind="api", expires_on=TODAY + dt.timedelta(days=50))
    (standing,) = FollowUp.objects.filter(status="open")
    assert standing.due_on == TODAY + dt.timedelta(days=50)


def test_the_night_sees_what_time_brings(world, signatory):
    """Not started, unanswered, no news: nobody wrote anything, the days passed."""
    person = signatory()
    with clock.frozen(clock.paris(TODAY, 9)):
        trainings.prescribe_language(
            world.auditor, person.pk, rule="langue.numerique_2025", prescribed_on=TODAY,
            answers={"langue.lecteur_scripteur": True},
        )  # fmt: skip
        recognitions.request_recognition(world.auditor, person.pk, procedure="vae", requested_on=TODAY, regulated=False)
        meetings.fix_meeting(world.auditor, person.pk, kind="assessment", fixed_for=clock.paris(day("2026-03-12"), 10))
    assert not FollowUp.objects.exists()
    with at(day("2026-09-20"), 4):
        assert follow_ups.refresh_all() == 4
        assert follow_ups.refresh_all() == 0
    assert set(FollowUp.objects.values_list("kind", flat=True)) == {"not_started", "meeting", "recognition", "no_news"}


def test_the_night_leaves_what_was_taken_over_long_ago_in_peace(world, signatory):
    recent, old = signatory(), signatory(dt.date(2021, 3, 1))
    for person, prescribed_on in ((recent, dt.date(2025, 11, 3)), (old, dt.date(2021, 3, 1))):
        trainings.take_over_training(
            world.auditor, person.pk, kind="language", prescribed_on=prescribed_on, path="P100", mode="in_person"
        )
    assert old.pk not in watched.candidates(world.day)
    follow_ups.refresh_all()
    assert list(FollowUp.objects.values_list("person", "kind")) == [(recent.pk, "not_started")]


def test_an_agency_reads_only_its_own_queue_and_the_dt_the_whole(world, signatory, expiring):
    assert not queries.follow_ups(world.ft, "toutes", "", TODAY).exists()
    assert not queries.follow_ups(world.cip, "toutes", "", TODAY).exists()
    assert queries.follow_ups(world.manager, "toutes", "", TODAY).count() == 1
    for actor in (world.auditor_elsewhere, world.ft, world.cip):
        with pytest.raises(Unknown):
            follow_ups.treat(actor, expiring.pk, treatment="contacted")


def test_a_batch_costs_the_same_whatever_its_size(world, signatory):
    """Reads do not grow with the number of persons (quality: fixed number of queries)."""
    follow_ups.refresh([signatory().pk])  # the decisions on parameters are read once
    counts = []
    for size in (1, 6):
        people = [signatory().pk for _ in range(size)]
        with CaptureQueriesContext(connection) as queries_made:
            follow_ups.refresh(people)
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


def test_missed_in_a_row_or_out_of_reach_raises_a_case_until_the_person_is_met():
    lost = Known(PERSON, no_shows=((THING, day("2026-03-01")),), lost=((PERSON, day("2026-03-02")),))
    contact = replace(DELAYS, contact=7)
    assert kinds(lost, "2026-03-02", contact) == {
        ("no_shows", day("2026-03-08")),
        ("lost_contact", day("2026-03-09")),
    }
    assert kinds(replace(lost, met_on=day("2026-03-02")), "2026-03-20", contact) == {
        ("lost_contact", day("2026-03-09"))
    }
    assert kinds(replace(lost, met_on=day("2026-03-05")), "2026-03-20", contact) == set()
    assert kinds(lost, "2026-03-20") == set(), "not configured"


def test_whoever_sent_the_person_owns_the_case_and_treats_it(world):
    from passerelles.referrals.services import answers, appointments, sending
    from passerelles.referrals.services.places import default_service

    person, other = world.person(), world.person()
    given = {"purpose": "employment", "basis": "public_mission", "service_id": default_service(world.agency).pk}
    referral = sending.refer(world.auditor, person_id=person.pk, **given)
    for first in (dt.date(2026, 3, 12), dt.date(2026, 3, 19)):
        with at(first - dt.timedelta(days=1)):
            appointments.fix(world.ft, referral.pk, starts_at=clock.paris(first, 14))
        with at(first, 16):
            appointments.declare_missed(world.ft, referral.pk, reason="no_news")
    away = sending.refer(world.auditor, person_id=other.pk, **given)
    answers.decline(world.ft, away.pk, reason="not_reached")
    with at(dt.date(2026, 3, 20)):
        follow_ups.refresh_all()
        follow_ups.refresh_all()
        found = FollowUp.objects.filter(status="open").order_by("kind")
        assert [(each.kind, each.person_id, each.organisation, each.due_on) for each in found] == [
            ("lost_contact", other.pk, world.dt_metz, dt.date(2026, 3, 17)),
            ("no_shows", person.pk, world.dt_metz, dt.date(2026, 3, 26)),
        ]
        assert found[1].next_on == dt.date(2026, 3, 20)
        follow_ups.treat(world.auditor, found[1].pk, treatment="contacted")
        follow_ups.refresh_all()
        assert not FollowUp.objects.filter(status="open", kind="no_shows").exists()


def test_a_first_appointment_missed_twice_is_a_case_of_the_dt(world):
    from passerelles.reception.services.appointments import fix_appointment, record_result, reschedule

    person = world.person()
    first = fix_appointment(
        world.cip, person=person, organisation=world.agency, fixed_for=clock.paris(dt.date(2026, 3, 12), 14)
    )
    with at(dt.date(2026, 3, 12), 16):
        record_result(world.ft, first.pk, result="missed")
        follow_ups.refresh([person.pk])
        assert not FollowUp.objects.exists()
        again = fix_appointment(
            world.cip, person=person, organisation=world.agency, fixed_for=clock.paris(dt.date(2026, 3, 17), 14)
        )
    with at(dt.date(2026, 3, 17), 16):
        record_result(world.ft, again.pk, result="missed")
        follow_ups.refresh([person.pk])
        assert [(each.kind, each.organisation) for each in FollowUp.objects.all()] == [("no_shows", world.dt_metz)]
        third = reschedule(world.ft, again.pk, fixed_for=clock.paris(dt.date(2026, 3, 20), 9))
    with at(dt.date(2026, 3, 20), 16):
        record_result(world.ft, third.pk, result="attended")
        follow_ups.refresh([person.pk])
        assert FollowUp.objects.get().status == "resolved"
