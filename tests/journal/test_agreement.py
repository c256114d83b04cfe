"""State and journal are compared; a row changed behind the verbs is told (architecture, first idea)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.db import connection

from passerelles.cli.main import OK, PROBLEM, main
from passerelles.core import clock
from passerelles.core.errors import Refused
from passerelles.journal.agreement import compare
from passerelles.journal.tasks import JournalDisagrees, check_journal
from passerelles.network.policy import SYSTEM
from passerelles.pathway.services import documents, exams, recognitions, trainings
from passerelles.pathway.services import meetings as interviews_of_ofii
from passerelles.people.services import sign_contract
from passerelles.reception.services import appointment_words, appointments, attendance, interviews, planning
from passerelles.reception.services.convocations import convoke_rows
from passerelles.referrals.rules.words import Channel, Party
from passerelles.referrals.services import answers, clocks, sending
from passerelles.referrals.services import appointments as meetings
from passerelles.referrals.services.places import default_service
from passerelles.referrals.speakers import Outsider

CONVOCATIONS, INTERVIEWS, REGISTRATIONS = "Convocations et présences", "Entretiens terminés", "Inscriptions"
APPOINTMENTS, SESSIONS, PERSONS = "Premiers rendez-vous", "Séances", "Personnes"
REFERRALS, WORDS = "Orientations", "Paroles sur les rendez-vous des orientations"


@pytest.fixture
def lived(world):
    """A day in which every verb of the reception was used once."""
    session = world.session()
    first, second, third, fourth = world.convoked(session, 4)
    attendance.hold_collective(world.cip, session.pk, minutes=12, messages=["update_rights"])
    attendance.record_absence(world.cip, second.pk, reason="ill", excused=True)
    attendance.record_arrival(world.cip, third.pk)
    attendance.undo_attendance(world.cip, third.pk)
    walk_in = attendance.welcome_walk_in(world.cip, session.pk, family_name="Nazari", given_names="Omid", sex="H")
    mistake = attendance.welcome_walk_in(world.cip, session.pk, family_name="Erreur", given_names="Anne", sex="F")
    attendance.withdraw_walk_in(world.cip, mistake.pk, reason="saisie par erreur")
    interview = interviews.start_interview(world.cip, first.pk)
    values = {
        "situation": "none",
        "ft": False,
        "rsa": False,
        "agir": False,
        "consent": True,
        "registered": True,
        "appointment_with": world.agency,
        "appointment_at": clock.paris(world.day + dt.timedelta(days=3), 14, 30),
        "accompaniment": True,
    }
    interview = interviews.finish_interview(world.cip, interview.pk, version=1, values=values)
    corrected = {"opted_out": True, "opt_out_reason": "projet", "registered": False}
    interviews.finish_interview(world.cip, interview.pk, version=interview.version, values=corrected)
    other = interviews.start_interview(world.cip, walk_in.pk)
    interviews.finish_interview(world.cip, other.pk, version=1, values=values | {"accompaniment": False})
    mine = first.person.first_appointments.get()
    again = appointments.reschedule(world.ft, mine.pk, fixed_for=mine.fixed_for + dt.timedelta(days=7))
    appointments.cancel_appointment(world.cip, again.pk, reason="slot_closed")
    third_one = appointments.fix_again(
        world.cip, again.pk, organisation=world.other_agency, fixed_for=again.fixed_for + dt.timedelta(days=1)
    )
    with clock.frozen(third_one.fixed_for + dt.timedelta(hours=1)):
        appointments.record_result(world.cip, third_one.pk, result="missed")
        appointments.record_result(world.cip, third_one.pk, result="attended", accompanied=True)
        appointment_words.person_says(third_one.person_id, third_one.pk, "held")
    doomed = world.session(half_day="pm")
    excused = world.convoked(doomed, 3)[0]
    attendance.record_absence(world.cip, excused.pk, reason="work", excused=True)
    planning.cancel_session(world.auditor, doomed.pk, reason="panne")
    tomorrow = world.day + dt.timedelta(days=1)
    row = {"family_name": "Kone", "given_names": "Awa", "birth_date": dt.date(1990, 1, 1), "sex": "F", "line": 2}
    for day in (tomorrow, tomorrow + dt.timedelta(days=1)):
        rows = [row | {"session_date": day}]
        convoke_rows(world.auditor, rows, organisation=world.dt_metz, source="liste.xlsx")
    refer(world, fourth.person)
    follow(world, fourth.person)
    return fourth


def follow(world, person):
    """What comes after the day: courses taken over, an exam, an interview, a request, a document."""
    auditor, then = world.auditor, dt.date(2026, 1, 12)
    sign_contract(auditor, person, signed_on=then)
    elsewhere = {"prescribed_on": then, "hours": 100}
    course = trainings.take_over_training(auditor, person.pk, kind="language", path="P100", **elsewhere)
    trainings.start_training(auditor, course.pk, on=dt.date(2026, 1, 20))
    civic = trainings.take_over_training(auditor, person.pk, kind="civic", days=4, **elsewhere)
    trainings.attend_civic(auditor, civic.pk, days=4, on=dt.date(2026, 2, 2))
    exams.note_exam(auditor, person.pk, purpose="multi_year_card", taken_on=dt.date(2026, 2, 20), passed=True)
    review = interviews_of_ofii.fix_meeting(
        auditor, person.pk, kind="end_of_cir", fixed_for=clock.now() + dt.timedelta(days=1)
    )
    with clock.frozen(review.fixed_for):
        interviews_of_ofii.hold_end_of_cir(auditor, review.pk, situation="cdd", level="A2")
    asked = recognitions.request_recognition(
        auditor, person.pk, procedure="enic_naric", requested_on=then, regulated=False
    )
    recognitions.answer_recognition(auditor, asked.pk, result="partly", answered_on=dt.date(2026, 3, 2))
    documents.note_document(auditor, person.pk, kind="cst", expires_on=dt.date(2026, 9, 1))


def refer(world, person):
    """A referral that both sides speak of, and one that a mute partner leaves to its sender."""
    given = {"purpose": "employment", "basis": "public_mission", "service_id": default_service(world.agency).pk}
    met = sending.refer(world.auditor, person_id=person.pk, **given)
    mute = sending.refer(world.auditor, person_id=world.person().pk, **given)
    hour = clock.paris(world.day + dt.timedelta(days=2), 10)
    meetings.fix(world.ft, met.pk, starts_at=hour)
    with clock.frozen(hour + dt.timedelta(hours=2)):
        meetings.declare_missed(world.ft, met.pk, reason="no_news")
        meetings.declare_attended(Outsider(Party.PERSON, met.pk, Channel.PAGE), met.pk)
        meetings.declare_attended(world.ft, met.pk)
        answers.start(world.ft, met.pk)
        answers.end(world.ft, met.pk, outcome="job")
    for days in range(60):
        night = world.day + dt.timedelta(days=days)
        with clock.frozen(clock.paris(night, 1)):
            clocks.run(night)
    mute.refresh_from_db()
    assert mute.state == "taken_over"


def wrong() -> dict[str, list[str]]:
    """{subject: sentences} of what does not agree."""
    return {found.name: [each.sentence for each in found.first] for found in compare(SYSTEM) if found.found}


def behind_the_verbs(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


def test_after_every_verb_state_and_journal_agree(lived):
    assert wrong() == {}
    compared = {found.name: found.compared for found in compare(SYSTEM)}
    assert all(compared.values()), compared
    assert compared[CONVOCATIONS] == 4 + 1 + 3 + 2


def test_a_referral_or_a_word_changed_behind_the_verbs_is_told(lived):
    behind_the_verbs("UPDATE referrals_referral SET outcome = 'training' WHERE state = 'ended'")
    behind_the_verbs("UPDATE referrals_statement SET took_place = false WHERE party = 'person'")
    assert wrong() == {
        REFERRALS: ["issue : « training » dans les tables, « job » dans le journal"],
        WORDS: [
            "rang, côté, a eu lieu : « 1 person false, 1 receiver true » dans les tables, "
            "« 1 person true, 1 receiver true » dans le journal"
        ],
    }


@pytest.mark.parametrize(
    ("sql", "subject", "sentence"),
    [
        (
            "UPDATE reception_convocation SET status = 'absent', absence_reason = 'ill' WHERE id = %s",
            CONVOCATIONS,
            "présence : « absent » dans les tables, « convoked » dans le journal ; "
            "motif : « ill » dans les tables, « vide » dans le journal",
        ),
        ("DELETE FROM reception_convocation WHERE id = %s", CONVOCATIONS, "dans le journal, mais absent des tables"),
        (
            "UPDATE reception_interview SET category = 'cdi' WHERE registered AND %s IS NOT NULL",
            INTERVIEWS,
            "ligne de répartition : « cdi » dans les tables, « unregistered » dans le journal",
        ),
        (
            "UPDATE people_registration SET by = 'auto' WHERE %s IS NOT NULL",
            REGISTRATIONS,
            "par : « auto » dans les tables, « cip » dans le journal",
        ),
        (
            "UPDATE reception_firstappointment SET accompanied = false WHERE status = 'attended' AND %s IS NOT NULL",
            APPOINTMENTS,
            "accompagnement réalisé : « false » dans les tables, « true » dans le journal",
        ),
        (
            "UPDATE reception_firstappointment SET fixed_for = fixed_for + interval '1 day' "
            "WHERE status = 'cancelled' AND %s IS NOT NULL",
            APPOINTMENTS,
            "date et heure",
        ),
        (
            "UPDATE reception_session SET status = 'planned' WHERE status = 'cancelled' AND %s IS NOT NULL",
            SESSIONS,
            "annulée : « false » dans les tables, « true » dans le journal",
        ),
        (
            "UPDATE pathway_training SET status = 'dropped', ended_on = '2026-02-01' "
            "WHERE kind = 'language' AND %s IS NOT NULL",
            "Formations linguistiques",
            "état : « dropped » dans les tables, « started » dans le journal ; "
            "finie le : « 2026-02-01 » dans les tables, « vide » dans le journal",
        ),
        (
            "UPDATE pathway_training SET days_attended = 3 WHERE kind = 'civic' AND %s IS NOT NULL",
            "Formations civiques",
            "journées suivies : « 3 » dans les tables, « 4 » dans le journal",
        ),
        ("DELETE FROM pathway_exam WHERE %s IS NOT NULL", "Examens civiques", "absent des tables"),
        (
            "UPDATE pathway_meeting SET level = 'B1' WHERE %s IS NOT NULL",
            "Rendez-vous de l’OFII",
            "niveau : « B1 » dans les tables, « A2 » dans le journal",
        ),
        (
            "UPDATE pathway_recognition SET result = 'refused' WHERE %s IS NOT NULL",
            "Demandes de reconnaissance",
            "réponse : « refused » dans les tables, « partly » dans le journal",
        ),
        (
            "UPDATE pathway_document SET expires_on = '2027-01-01' WHERE %s IS NOT NULL",
            "Documents",
            "valable jusqu’au : « 2027-01-01 » dans les tables, « 2026-09-01 » dans le journal",
        ),
        (
            "UPDATE people_person SET direction = 'strasbourg' WHERE family_name = 'Nazari' AND %s IS NOT NULL",
            PERSONS,
            "direction : « strasbourg » dans les tables, « metz » dans le journal",
        ),
    ],
)
def test_a_state_changed_behind_the_verbs_is_told(lived, sql, subject, sentence):
    behind_the_verbs(sql, str(lived.pk))
    found = wrong()
    assert list(found) == [subject]
    assert len(found[subject]) == 1
    assert sentence in found[subject][0]


FACT = (
    "INSERT INTO journal_fact (kind, subject_id, person_id, direction, occurred_on, recorded_at, data) "
    "SELECT %s, subject_id, person_id, direction, occurred_on, now(), data FROM journal_fact f WHERE kind = %s "
    "AND NOT EXISTS (SELECT FROM journal_fact r WHERE r.retracts_id = f.id) ORDER BY id LIMIT 1"
)


def test_a_fact_told_twice_is_seen(lived):
    behind_the_verbs(FACT, "registered", "registered")
    assert wrong() == {"Faits en double": ["« registered » 2 fois"]}


def test_a_fact_that_follows_nothing_is_seen(lived):
    behind_the_verbs(FACT, "attendance", "registered")
    assert wrong() == {"Faits sans celui qu’ils suivent": ["« attendance » sans « convoked »"]}


def test_a_row_without_its_fact_is_seen(lived):
    behind_the_verbs(
        "INSERT INTO people_registration (id, created_at, person_id, register, starts_on, by, place, declared) "
        "SELECT gen_random_uuid(), now(), person_id, 'rsa', '2026-01-01', 'self', '', '{}' FROM reception_convocation "
        "WHERE id = %s",
        str(lived.pk),
    )
    assert wrong() == {REGISTRATIONS: ["dans les tables, mais aucun fait ne le dit"]}


def test_the_command_tells_and_answers_by_its_exit_code(lived):
    answer = CliRunner().invoke(main, ["check-journal"])
    assert answer.exit_code == OK, answer.output
    assert "aucun écart" in answer.output
    behind_the_verbs("UPDATE reception_convocation SET walk_in = true WHERE id = %s", str(lived.pk))
    answer = CliRunner().invoke(main, ["check-journal", "--json"])
    assert answer.exit_code == PROBLEM
    found = {each["name"]: each for each in json.loads(answer.stdout)}
    assert found[CONVOCATIONS]["found"] == 1
    assert found[CONVOCATIONS]["first"][0]["subject"] == str(lived.pk)
    told = CliRunner().invoke(main, ["check-journal"])
    assert str(lived.person) not in answer.output + told.output
    assert "1 écart(s)" in told.output


def test_the_night_job_fails_when_they_disagree(lived):
    check_journal(timestamp=0)
    behind_the_verbs("UPDATE reception_convocation SET walk_in = true WHERE id = %s", str(lived.pk))
    with pytest.raises(JournalDisagrees, match=f"{CONVOCATIONS} : 1"):
        check_journal(timestamp=0)


def test_only_the_platform_compares(world):
    with pytest.raises(Refused):
        compare(world.auditor)


def test_the_number_of_queries_does_not_grow(lived, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        compare(SYSTEM)
