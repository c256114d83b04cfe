"""What France Travail is told of appointments: with the change, in order, never twice, never a no-show as cancelled."""

from __future__ import annotations

import datetime as dt
import json
import threading

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from passerelles.cli import health
from passerelles.cli.health import Context, State
from passerelles.cli.main import main
from passerelles.core import clock
from passerelles.core.postgres import DatabaseUrls
from passerelles.exchange import tasks
from passerelles.exchange.france_travail import client
from passerelles.exchange.france_travail.client import FranceTravail
from passerelles.exchange.models import PartnerAppointment
from passerelles.exchange.services import partner_appointments
from passerelles.exchange.services.partner_appointments import LOST_AFTER, MAX_ATTEMPTS
from passerelles.journal.models import Access
from passerelles.people.services import add_identifier
from passerelles.reception.models import FirstAppointment
from passerelles.reception.services import appointments as first
from passerelles.referrals.services import answers, appointments, places, sending
from tests.exchange.france_travail.conftest import NUMBER
from tests.exchange.france_travail.server import SECRET


def test_nothing_is_kept_nor_called_while_it_is_not_configured(case, settings):
    settings.FT_CLIENT_SECRET = ""
    appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    assert case.states == []
    assert case.told() == 0
    assert case.server.state.seen == []


def test_an_appointment_given_is_told_once_without_a_name(case):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3), where="Bureau 4", bring="CIR")
    assert case.states == ["queued"], "kept with the change, not called in it"
    assert case.server.state.seen == []
    assert (case.told(), case.told()) == (1, 0)
    (known,) = case.server.state.appointments.values()
    assert (known["statut"], known["date"], known["motif"]) == ("PRIS", "2026-03-13T10:00:00", "ACC")
    assert known["organisme"] == {
        "code": "ML",
        "libelleStructure": "Mission locale de Metz",
        "emailContact": "ml@exemple.example",
    }
    assert "Zadranovitch" not in json.dumps(known)
    assert "Agent" not in json.dumps(known)
    receipt = Access.objects.filter(purpose__startswith="rendez-vous dit à France Travail").get()
    assert receipt.people == [referral.person_id]
    assert "RDV-1" in receipt.purpose


def test_a_refused_secret_kills_nothing_and_stops_the_round(case, settings):
    for _ in range(3):
        appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    settings.FT_CLIENT_SECRET = "échue"
    assert case.told() == 0
    assert case.states == ["queued"] * 3
    assert [method for method, _ in case.server.state.seen] == ["POST"], "one refusal is enough to know"
    assert set(PartnerAppointment.objects.values_list("attempts", flat=True)) == {0}
    settings.FT_CLIENT_SECRET = SECRET
    with clock.at(clock.now() + dt.timedelta(minutes=20)):
        assert case.told() == 3


def test_a_service_that_is_down_is_not_called_for_each_of_the_queue(case):
    for _ in range(3):
        appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    case.server.state.troubles = ["503"]
    assert case.told() == 0
    assert sorted(PartnerAppointment.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_one_creation_in_doubt_is_enough_when_the_service_falls(case):
    for _ in range(3):
        appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    case.server.state.troubles = ["500"]
    assert case.told() == 0
    assert sorted(case.states) == ["doubtful", "queued", "queued"]


def test_looking_for_somebody_who_is_not_found_is_in_the_access_log(case):
    person = case.person(number="99999999999")
    appointments.fix(case.by, case.refer(person).pk, starts_at=case.at(3))
    case.told()
    assert Access.objects.get(purpose__startswith="recherche").people == [person.pk]


def test_a_change_that_fails_tells_nothing(case):
    referral = case.refer()
    with pytest.raises(OSError, match="coupure"), transaction.atomic():
        appointments.fix(case.by, referral.pk, starts_at=case.at(3))
        raise OSError("coupure")
    assert case.states == []


def test_the_life_of_an_appointment_in_the_words_of_france_travail(case):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    case.told()
    appointments.fix(case.by, referral.pk, starts_at=case.at(4))
    case.told()
    assert case.statuses == ["MODIFIE"], "the same appointment, moved"
    assert case.server.state.appointments["RDV-1"]["date"] == "2026-03-14T10:00:00"
    with clock.at(case.at(4, 12)):
        appointments.declare_missed(case.by, referral.pk, reason="ill")
        case.told()
        assert case.statuses == ["ABSENT"]
        appointments.fix(case.by, referral.pk, starts_at=case.at(8))
        case.told()
        assert case.statuses == ["ABSENT", "PRIS"], "after a no-show it is another appointment"
    with clock.at(case.at(8, 12)):
        appointments.declare_attended(case.by, referral.pk)
        case.told()
    assert case.statuses == ["ABSENT", "EFFECTUE"]
    assert "ill" not in json.dumps(case.server.state.appointments), "why somebody did not come is not told"


@pytest.mark.parametrize("reason", ["no_news", "excused", "ill", "transport", "other"])
def test_a_no_show_is_never_cancelled_whatever_follows(case, reason):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(1))
    with clock.at(case.at(2)):
        appointments.declare_missed(case.by, referral.pk, reason=reason)
        answers.decline(case.by, referral.pk, reason="no_place")
        sending.withdraw(case.world.auditor, referral.pk, reason="lost")
        case.told()
    assert case.statuses == ["ABSENT"]


def test_called_off_before_the_hour_is_cancelled_after_it_is_left_open(case):
    before, after, untold = (case.refer() for _ in range(3))
    for each in (before, after):
        appointments.fix(case.by, each.pk, starts_at=case.at(3))
    case.told()
    appointments.postpone(case.by, before.pk, reason="service")
    appointments.fix(case.by, untold.pk, starts_at=case.at(3))
    appointments.postpone(case.by, untold.pk, reason="service")
    case.told()
    with clock.at(case.at(4)):
        sending.take_back(case.world.auditor, after.pk, note="sans nouvelles")
        case.told()
    latest = [each.appointments.get().pk for each in (before, after, untold)]
    assert [case.statut(each) for each in latest] == ["ANNULE", "PRIS", ""]
    assert case.states == ["told"] * 3, "what was called off before being told is not created"


def test_what_france_travail_gives_or_says_is_never_sent_back(case):
    world = case.world
    own, booked = (case.refer(receiver=world.agency) for _ in range(2))
    appointments.fix(world.ft, own.pk, starts_at=case.at(2))
    service = places.default_service(world.agency)
    places.publish_slots(world.ft, service.pk, starts=[case.at(3)], places=1)
    places.book_slot(world.auditor, booked.pk, starts_at=case.at(3))
    case.told()
    assert case.statuses == ["PRIS"], "only the place that we have taken"
    assert case.server.state.appointments["RDV-1"]["organisme"]["code"] == "FT"
    with clock.at(case.at(4)):
        appointments.declare_attended(world.ft, own.pk)
        appointments.declare_missed(world.ft, booked.pk, reason="no_news")
        assert case.told() == 0
    assert case.statuses == ["PRIS"]


@pytest.mark.parametrize("purpose", ["housing", "health", "women_support", "agir"])
def test_only_employment_in_the_network_is_told(case, purpose):
    referral = case.refer(purpose=purpose, basis="consent", consent_on=case.world.day)
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    agir = case.refer(receiver=case.world.operator)
    appointments.fix(case.world.agir, agir.pk, starts_at=case.at(3))
    assert case.states == []


def fixed(case, session):
    return first.fix_appointment(
        case.world.cip,
        person=case.person(),
        organisation=case.world.agency,
        session=session,
        fixed_for=case.at(2),
    )


def test_the_first_appointment_follows_the_same_words(case):
    session = case.world.session()
    moved, excused, said_by_ft, mistaken, dropped = (fixed(case, session) for _ in range(5))
    assert case.told() == 5
    first.reschedule(case.world.cip, moved.pk, fixed_for=case.at(6))
    first.cancel_appointment(case.world.cip, mistaken.pk, reason="mistake")
    first.cancel_appointment(case.world.cip, dropped.pk, reason="employed")
    with clock.at(case.at(3)):
        first.record_result(case.world.cip, excused.pk, result="excused")
        first.record_result(case.world.ft, said_by_ft.pk, result="attended")
        case.told()
        replaced = FirstAppointment.objects.get(replaces=moved)
        told = [case.statut(each.pk) for each in (replaced, excused, said_by_ft, mistaken, dropped)]
        assert told == ["MODIFIE", "ABSENT", "PRIS", "", "ANNULE"]
        assert len(case.server.state.deleted) == 1, "entered by mistake: it never existed"
        again = first.reschedule(case.world.cip, excused.pk, fixed_for=case.at(9))
        case.told()
    assert (case.statut(excused.pk), case.statut(again.pk)) == ("ABSENT", "PRIS")


def test_a_person_without_number_waits_until_it_arrives(case):
    person = case.person(number="")
    appointments.fix(case.by, case.refer(person).pk, starts_at=case.at(3))
    case.told()
    assert (case.states, case.server.state.seen) == (["waiting"], [])
    add_identifier(person, "ft", NUMBER, source="liste")
    assert case.told() == 1
    assert case.statuses == ["PRIS"]


def test_a_person_unknown_there_is_tried_another_day(case):
    appointments.fix(case.by, case.refer(case.person("55555555555")).pk, starts_at=case.at(3))
    case.told()
    row = PartnerAppointment.objects.get()
    assert (row.state, row.next_attempt_at - clock.now()) == ("queued", dt.timedelta(hours=24))
    assert "S002" in row.last_error


def test_refusals_that_pass_are_tried_again_and_the_quota_is_obeyed(case):
    appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    case.server.state.troubles = ["503"]
    assert case.told() == 0
    row = PartnerAppointment.objects.get()
    assert (row.state, row.attempts, row.next_attempt_at) == ("queued", 1, clock.now() + dt.timedelta(minutes=1))
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        case.server.state.quota = 1
        assert case.told() == 0
        row.refresh_from_db()
        assert row.next_attempt_at == clock.now() + dt.timedelta(seconds=7)
    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        assert case.told() == 1
    assert case.statuses == ["PRIS"]


def test_given_up_after_several_attempts_then_revived(case):
    appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    row = PartnerAppointment.objects.get()
    for day in range(MAX_ATTEMPTS):
        case.server.state.troubles = ["503"]
        with clock.at(case.at(day, 9)):
            case.told()
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("dead", "HTTP 503 INDISPONIBLE")
    listed = CliRunner().invoke(main, ["france-travail", "dead"])
    assert listed.exit_code == 1
    assert "PRIS 2026-03-13T10:00:00 Mission locale de Metz" in listed.output
    assert CliRunner().invoke(main, ["france-travail", "revive", str(row.pk)]).exit_code == 0
    assert "1 rendez-vous reçu(s)" in CliRunner().invoke(main, ["france-travail", "send"]).output
    assert CliRunner().invoke(main, ["france-travail", "dead"]).exit_code == 0


@pytest.mark.parametrize("trouble", ["lost", "slow", "500"])
def test_a_creation_whose_reply_is_lost_is_never_made_twice(case, trouble):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    case.server.state.troubles = [trouble]
    case.told()
    case.told()
    with case.server.turn:
        made = len(case.server.state.appointments)
    assert made <= 1
    assert case.states == ["doubtful"]
    row = PartnerAppointment.objects.get()
    if made:
        partner_appointments.revive(row.pk, remote_id="RDV-1")
    else:
        partner_appointments.revive(row.pk)
    assert case.told() == 1
    assert len(case.server.state.appointments) == 1


@pytest.mark.parametrize("trouble", ["lost", "500", "twice"])
def test_a_change_may_be_said_again(case, trouble):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    case.told()
    appointments.fix(case.by, referral.pk, starts_at=case.at(4))
    case.server.state.troubles = [trouble]
    case.told()
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        case.told()
    assert (case.statuses, case.states) == (["MODIFIE"], ["told"])


def test_an_identifier_that_died_with_a_merged_file_is_made_anew(case):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    case.told()
    case.server.state.appointments.clear()
    case.server.state.deleted.append("fusion")
    with clock.at(case.at(4)):
        appointments.declare_attended(case.by, referral.pk)
        case.told()
    assert case.server.state.appointments.keys() == {"RDV-2"}
    assert case.statuses == ["EFFECTUE"]


def test_a_worker_killed_during_a_call(case):
    new, changed = case.refer(), case.refer()
    appointments.fix(case.by, changed.pk, starts_at=case.at(3))
    case.told()
    appointments.fix(case.by, changed.pk, starts_at=case.at(4))
    appointments.fix(case.by, new.pk, starts_at=case.at(5))
    for _ in range(2):
        assert partner_appointments._claim() is not None
    assert case.told() == 0, "under way: nobody else takes them"
    with clock.at(clock.now() + LOST_AFTER + dt.timedelta(seconds=1)):
        assert case.told() == 1
    assert sorted(case.states) == ["doubtful", "told"]
    assert case.statuses == ["MODIFIE"]


def test_what_changes_during_a_call_is_told_next(case, monkeypatch):
    referral = case.refer()
    appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    creates = FranceTravail.create

    def moved_meanwhile(self, usager, body):
        appointments.fix(case.by, referral.pk, starts_at=case.at(5))
        return creates(self, usager, body)

    monkeypatch.setattr(FranceTravail, "create", moved_meanwhile)
    assert case.told() == 2
    assert (case.statuses, case.states) == (["MODIFIE"], ["told"])
    assert case.server.state.appointments["RDV-1"]["date"] == "2026-03-15T10:00:00"


def test_the_same_thing_twice_calls_once(case):
    referral = case.refer()
    for _ in range(2):
        appointments.fix(case.by, referral.pk, starts_at=case.at(3))
    case.told()
    with clock.at(case.at(4)):
        for _ in range(2):
            appointments.declare_attended(case.by, referral.pk)
        case.told()
    assert [path for method, path in case.server.state.seen if "rendez-vous/" in path or method == "PUT"] == [
        "/rendez-vous-partenaire/v1/rendez-vous"
    ]


def test_the_worker_tells_what_is_due(case):
    appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    assert tasks.tell_france_travail(0) == 1


def test_doctor_says_whether_it_is_configured(case, settings):
    context = Context(DatabaseUrls("", "", embedded=False), clock.today(), clock.now())

    def finding():
        (found,) = health.france_travail(context)
        return found

    assert (finding().state, finding().detail) == (State.OK, "configuré, rien en retard")
    appointments.fix(case.by, case.refer().pk, starts_at=case.at(3))
    PartnerAppointment.objects.update(state="doubtful")
    assert finding().state is State.ATTENTION
    settings.FT_API_URL = "http://ailleurs.example"
    assert finding().state is State.PROBLEM
    settings.FT_CLIENT_SECRET = ""
    assert "PASSERELLES_FT_CLIENT_SECRET" in finding().detail
    settings.FT_CLIENT_ID = settings.FT_AUTH_URL = settings.FT_API_URL = ""
    assert finding().detail.startswith("non configuré")
    assert "Non configuré" in CliRunner().invoke(main, ["france-travail", "send"]).output
    assert len(client.missing()) == len(client.NEEDED)


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_appointment_once(case):
    for day in range(3, 15):
        appointments.fix(case.by, case.refer().pk, starts_at=case.at(day))

    def work() -> None:
        try:
            case.told()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert case.states == ["told"] * 12
    assert len(case.server.state.appointments) == 12
