"""The demonstration world: January's figures, accounts that sign in, a day ready to run, nothing added twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django_otp.oath import totp

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.periods import Month, age_on
from passerelles.demo import january, partnership, past, spreadsheet
from passerelles.demo import world as demo
from passerelles.demo.accounts import ACCOUNTS, SECOND_FACTOR_KEY
from passerelles.demo.people import PURPOSES, Crowd
from passerelles.exchange.readers.check import check_file
from passerelles.exchange.services import apply, check, receive
from passerelles.indicators.monthly import monthly
from passerelles.journal.models import Fact
from passerelles.linkage.models import WAITING, Check, CheckResult
from passerelles.messages.models import Message, MessageState
from passerelles.network.models import Agent, Delegation, Organisation
from passerelles.people.models import Person
from passerelles.reception.models import Convocation, FirstAppointment, Session
from passerelles.reception.services import interviews
from passerelles.reference.age_bands import Scheme, band
from passerelles.referrals.models import Referral
from passerelles.reports.models import Return
from passerelles.synthetic.models import Run, StoredChunk
from passerelles.synthetic.services.runs import ASIDE
from tests.world import SESSION_DAY

NEXT_DAY = SESSION_DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, folder):
    """Built once, on 10 March 2026 at 9:00, and forgotten at the end of the module."""
    with django_db_blocker.unblock(), clock.frozen(clock.paris(SESSION_DAY, 9)), transaction.atomic():
        yield demo.prepare(folder)
        transaction.set_rollback(True)


@pytest.fixture
def made(built, db, frozen):
    return built


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_the_27_january_is_the_day_of_reference(made):
    sessions = Session.objects.filter(held_on=january.DAY).order_by("half_day")
    convocations = Convocation.objects.filter(session__in=sessions)
    assert [session.convocations.filter(status="present").count() for session in sessions] == [11, 10]
    assert Counter(convocations.values_list("status", flat=True)) == {"present": 21, "absent": 3}
    held = Fact.objects.standing().filter(kind="interview_held", occurred_on=january.DAY)
    assert Counter(fact.data["category"] for fact in held) == {
        "cdi": 8,
        "cdd": 4,
        "training": 1,
        "rsa": 1,
        "ft": 3,
        "unregistered": 4,
    }
    assert sum(fact.data["registered"] for fact in held) == 4
    of_the_month = Session.objects.filter(held_on__year=2026, held_on__month=1)
    assert not of_the_month.exclude(held_on=january.DAY).exists()


def test_the_lists_of_january_find_exactly_the_persons_whom_the_day_finds_registered(made):
    found = Check.objects.filter(person__convocations__session__held_on=january.DAY, result=CheckResult.REGISTERED)
    day = Fact.objects.standing().filter(
        kind="interview_held", occurred_on=january.DAY, data__category__in=["ft", "rsa"]
    )
    known = {(check.person_id, check.register) for check in found}
    assert known == {(fact.person_id, fact.data["category"]) for fact in day}
    assert len(known) == 4


def test_both_sexes_and_every_age_band_are_received(made):
    received = Person.objects.filter(convocations__session__held_on=january.DAY, convocations__status="present")
    bands = {(p.sex, band(Scheme.METZ, p.birth_date, january.DAY).code) for p in received}
    assert {code for _, code in bands} == {"moins_25", "26_45", "46_64", "non_classe"}
    assert {sex for sex, _ in bands} == {"F", "H"}
    assert {25, 66} <= {age_on(p.birth_date, january.DAY) for p in received}


def test_the_january_return_holds_its_figures_and_was_sent(made):
    figures = {figure.definition.code: figure.total for figure in monthly("metz", Month(2026, 1)).official}
    assert list(figures.values()) == [8, 3, 1, 2], figures
    sent = Return.objects.get(period="2026-01")
    assert (sent.status, sent.version) == ("sent", 1)
    assert clock.paris_date(sent.created_at) == january.RETURN_DRAFTED
    assert clock.paris_date(sent.sent_at) == january.RETURN_SENT
    assert Return.objects.get(period="2026-02").status == "drafted"


def test_the_journal_is_written_in_the_order_in_which_things_became_known(made):
    of_the_past = StoredChunk.objects.aggregate(facts=Sum("facts"))["facts"]
    instants = list(Fact.objects.order_by("pk").values_list("recorded_at", flat=True)[of_the_past:])
    assert len(instants) > 800
    backwards = [a - b for a, b in zip(instants, instants[1:], strict=False)]
    assert max(backwards) < dt.timedelta(hours=4), "half-days overlap, days never do"


def test_first_appointments_have_every_fate(made):
    assert {"attended", "missed", "fixed"} <= set(FirstAppointment.objects.values_list("status", flat=True))
    silent = FirstAppointment.objects.filter(status="fixed", fixed_for__lt=clock.now())
    assert silent.exists()
    assert FirstAppointment.objects.filter(accompanied=True).exists()


def test_referrals_are_at_every_point_of_the_way(made):
    states = Counter(Referral.objects.values_list("state", flat=True))
    assert {"sent", "received", "accepted", "appointment_fixed", "missed", "started", "ended"} <= set(states)
    assert {"declined", "taken_over", "withdrawn"} <= set(states)
    assert not Referral.objects.adrift(SESSION_DAY).exists()


def test_today_and_tomorrow_are_ready_to_run(made):
    for day in (SESSION_DAY, NEXT_DAY):
        session = Session.objects.get(held_on=day)
        assert session.convocations.filter(status="convoked", slot__isnull=False).count() == 12
        assert session.desks.count() == 2
        assert session.languages
        results = Counter(Check.objects.filter(person__convocations__session=session).values_list("result", flat=True))
        assert results[CheckResult.REGISTERED] >= 2
        assert results[CheckResult.NOT_FOUND] >= 12
        assert sum(results.values()) == 36


def test_lists_written_by_others_leave_real_doubts(made):
    """E-018: nobody made these lines by hand; each body wrote the same persons with its own errors."""
    waiting = Check.objects.filter(person__convocations__session__held_on__gte=SESSION_DAY, result__in=WAITING)
    assert waiting.filter(result=CheckResult.TO_REVIEW).exists()


def test_the_years_before_give_volume_and_owe_nothing_to_the_experiment(made):
    run = Run.objects.get()
    assert run.finished_at is not None
    assert run.horizon == past.LAST_KNOWN < partnership.BEGINS
    stored = StoredChunk.objects.aggregate(people=Sum("people"), facts=Sum("facts"))
    assert stored["people"] >= 250
    before = Convocation.objects.filter(session__held_on__lt=partnership.BEGINS)
    assert before.values("person").distinct().count() >= 200
    of_the_past = Fact.objects.order_by("pk")[: stored["facts"]].values("kind", "occurred_on")
    assert not [fact for fact in of_the_past if fact["kind"] == "interview_held"]


def test_no_organisation_is_there_twice(made):
    """The houses that the past knows by the same name are those of the accounts."""
    names = [(name.lower(), kind) for name, kind in Organisation.objects.values_list("name", "kind")]
    assert len(names) == len(set(names))
    kinds = Counter(Organisation.objects.filter(direction="metz").values_list("kind", flat=True))
    assert kinds["ofii_dt"] == 1
    assert (
        Organisation.objects.filter(kind="dreets").count() == Organisation.objects.filter(kind="ministry").count() == 1
    )
    assert Delegation.objects.get(direction="metz").operator == partnership.load(SESSION_DAY).houses["operator"]
    assert not Organisation.objects.filter(name__contains=ASIDE).exists()


def test_two_crowds_never_share_a_foreigner_number(made):
    numbers = [
        number
        for day in (SESSION_DAY, NEXT_DAY, january.DAY, dt.date(2031, 5, 6))
        for purpose in PURPOSES
        for number in Crowd(day, purpose).people(12)["foreigner_number"]
        if number
    ]
    assert len(numbers) == len(set(numbers)) > 100


def test_nobody_is_written_to_about_the_past(made):
    """What waits is what an appointment of now still has to say: its reminder, or the question of the day after."""
    assert Message.objects.exists()
    assert not Message.objects.filter(state=MessageState.DEAD).exists()
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    assert not waiting.filter(next_attempt_at__lte=clock.now()).exists()
    assert set(waiting.values_list("kind", flat=True)) <= {"appointment_reminder", "appointment_question"}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.key)
def test_every_account_signs_in_with_its_password_and_the_common_second_factor(made, client, account):
    answer = client.post(reverse("network:login"), {"username": account.email, "password": account.password})
    assert answer.headers["Location"] == reverse("network:token")
    with clock.frozen(dt.datetime.now(dt.UTC)):
        code = f"{totp(SECOND_FACTOR_KEY):06d}"
        answer = client.post(reverse("network:token"), {"code": code})
    assert answer.headers["Location"] == reverse("web:home")


def test_one_account_has_two_roles_and_no_password_is_short(made):
    assert Agent.objects.get(email__startswith="polyvalent@").memberships.count() == 2
    assert min(len(account.password) for account in ACCOUNTS) >= 12
    assert len({account.password for account in ACCOUNTS}) == len(ACCOUNTS)


def test_a_second_run_adds_nothing(made, folder):
    before = counts()
    again = demo.prepare(folder)
    assert (again.founded, again.sessions) == (False, 0)
    assert counts() == before


def test_the_next_morning_has_its_session(made, tmp_path):
    with clock.frozen(clock.paris(NEXT_DAY, 8)):
        again = demo.prepare(tmp_path)
        assert (again.founded, again.sessions) == (False, 1)
        assert Session.objects.filter(held_on=NEXT_DAY + dt.timedelta(days=1)).count() == 1


def test_after_the_convention_the_day_runs_but_nobody_is_registered(made, tmp_path):
    day = dt.date(2026, 12, 2)
    with clock.frozen(clock.paris(day, 8)):
        demo.prepare(tmp_path)
        cip = partnership.load(day).actors["cip"]
        convocation = Convocation.objects.filter(session__held_on=day).order_by("slot").last()
        interview = interviews.start_interview(cip, convocation.pk)
        wish = {"situation": "none", "ft": False, "rsa": False, "agir": False, "registered": True, "consent": True}
        with pytest.raises(Impossible, match="hors de la période de la convention"):
            interviews.finish_interview(cip, interview.pk, version=interview.version, values=wish)


def test_the_file_to_try_has_two_bad_lines_and_convokes_twelve_people(made):
    result = check_file(made.file, made.file.name, "convocations", SESSION_DAY)
    assert (result.rows_read, result.rows_accepted, result.rows_rejected) == (spreadsheet.LINES, 12, 2)
    here = partnership.load(SESSION_DAY)
    received = receive(
        here.actors["auditeur"],
        kind="convocations",
        dt=here.houses["dt_metz"],
        filename=made.file.name,
        content=made.file.read_bytes(),
    )
    check(here.actors["auditeur"], received.pk)
    apply(here.actors["auditeur"], received.pk)
    assert Convocation.objects.filter(session__held_on=NEXT_DAY, session__half_day="pm").count() == 12


def test_the_same_day_always_meets_the_same_people(made):
    names = Person.objects.filter(convocations__session__held_on=SESSION_DAY).order_by("convocations__slot")
    drawn = {row["family_name"] for row in Crowd(SESSION_DAY, "am").rows(12)}
    assert set(names.values_list("family_name", flat=True)) == drawn
