"""The transition table, walked whole: no dead end, no illegal edge, every edge with an actor and a test (Shows 1)."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.errors import Impossible, UserError
from passerelles.network.enums import OrganisationKind
from passerelles.referrals.models import Referral
from passerelles.referrals.queries.outside import outsider_of
from passerelles.referrals.rules import clocks, drawing, transitions
from passerelles.referrals.rules.transitions import TABLE
from passerelles.referrals.rules.transmission import SETS
from passerelles.referrals.rules.words import CLOSED, OPEN, Channel, Event, Party, Stage, State
from passerelles.referrals.services import answers, appointments, sending
from passerelles.referrals.services import clocks as clock_verbs
from passerelles.referrals.services.moves import move
from passerelles.referrals.services.places import default_service
from passerelles.referrals.speakers import Outsider, Speaker, party_of

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 3, 10)
SOON = clock.paris(dt.date(2026, 3, 13), 14)
AFTER = clock.paris(dt.date(2026, 3, 13), 17)


def test_every_open_state_leads_to_a_close_with_and_without_the_parties():
    for parties in (set(Party), {Party.SENDER}, {Party.SYSTEM, Party.SENDER}):
        for state in OPEN:
            reached, frontier = {state}, [state]
            while frontier:
                here = frontier.pop()
                for edge in TABLE:
                    if edge.source is here and edge.party in parties and edge.target not in reached:
                        reached.add(edge.target)
                        frontier.append(edge.target)
            alone = parties == {Party.SENDER} and state in {State.ATTENDED, State.STARTED}
            assert reached & CLOSED or alone, f"{state} is a dead end for {parties}"


def test_every_state_is_reached_from_the_draft_and_nothing_leaves_a_closed_one():
    reached, frontier = {State.DRAFT}, [State.DRAFT]
    while frontier:
        here = frontier.pop()
        for edge in TABLE:
            if edge.source is here and edge.target not in reached:
                reached.add(edge.target)
                frontier.append(edge.target)
    assert reached == set(State)
    assert all(edge.target is edge.source for edge in TABLE if edge.source in CLOSED)


def test_every_open_state_has_an_owner_a_delay_and_a_ladder_that_ends():
    for state in OPEN:
        assert transitions.owner_side(state) is not None
        assert state in clocks.DELAYS
        for stage in Stage:
            event = clocks.rung(state, stage)
            assert transitions.edge(state, event, Party.SYSTEM), f"{state} {stage}"
    assert all(transitions.owner_side(state) is None for state in CLOSED)


@pytest.mark.parametrize("state", list(State), ids=str)
def test_whatever_is_not_in_the_table_is_refused_in_a_sentence(state):
    lines = {(edge.event, edge.party) for edge in TABLE if edge.source is state}
    for event in Event:
        for party in Party:
            if (event, party) in lines:
                assert transitions.require(state, event, party)
            else:
                with pytest.raises(Impossible, match="ne peut pas"):
                    transitions.require(state, event, party)


def test_every_kind_that_receives_is_a_kind_of_organisation():
    assert set(SETS) <= set(OrganisationKind.values)


def test_the_page_of_the_documentation_is_drawn_from_the_table():
    page = (ROOT / "docs" / "referral-states.md").read_text(encoding="utf-8")
    assert page == drawing.page(), "run `passerelles clocks draw > docs/referral-states.md`"


@contextlib.contextmanager
def set_aside():
    """What is done inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Stagehand:
    """Brings a referral to any state by the verbs, then plays one line of the table."""

    def __init__(self, world) -> None:
        self.world = world
        self.person = world.convoked(world.session())[0].person
        self.agency = default_service(world.agency)

    def draft(self) -> Referral:
        """An agency proposes AGIR to the operator: the OFII validates. Otherwise the OFII sends to the agency."""
        return sending.draft(
            self.world.auditor,
            person_id=self.person.pk,
            service_id=self.agency.pk,
            purpose="employment",
            basis="public_mission",
        )

    def proposal(self) -> Referral:
        sending.refer(
            self.world.auditor,
            person_id=self.person.pk,
            service_id=self.agency.pk,
            purpose="employment",
            basis="public_mission",
        )
        return sending.refer(
            self.world.ft,
            person_id=self.person.pk,
            service_id=default_service(self.world.operator).pk,
            purpose="agir",
            basis="public_mission",
        )

    def at(self, state: State) -> Referral:
        world = self.world
        if state is State.PROPOSED:
            return self.proposal()
        referral = self.draft()
        if state is State.DRAFT:
            return referral
        pk = referral.pk
        sending.send(world.auditor, pk)
        path = {
            State.SENT: [],
            State.RECEIVED: [lambda: answers.receive(world.ft, pk)],
            State.UNDER_STUDY: [lambda: answers.study(world.ft, pk)],
            State.ACCEPTED: [lambda: answers.accept(world.ft, pk)],
            State.DECLINED: [lambda: answers.decline(world.ft, pk, reason="no_place")],
            State.TAKEN_OVER: [lambda: sending.take_back(world.auditor, pk, note="sans nouvelles")],
            State.WITHDRAWN: [lambda: sending.withdraw(world.auditor, pk, reason="departed")],
            State.REDIRECTED: [
                lambda: sending.redirect(world.auditor, pk, service_id=default_service(world.other_agency).pk)
            ],
        }
        if state in path:
            for step in path[state]:
                step()
        else:
            appointments.fix(world.ft, pk, starts_at=SOON)
            if state is State.RESCHEDULED:
                appointments.postpone(world.ft, pk, reason="service")
            with clock.frozen(AFTER):
                if state is State.MISSED:
                    appointments.declare_missed(world.ft, pk, reason="no_news")
                if state in {State.ATTENDED, State.STARTED, State.ENDED}:
                    appointments.declare_attended(world.ft, pk)
                if state is State.STARTED:
                    answers.start(world.ft, pk)
                if state is State.ENDED:
                    answers.end(world.ft, pk, outcome="job")
        referral = Referral.objects.get(pk=pk)
        assert referral.state == state
        return referral

    def by(self, party: Party, referral: Referral):
        world = self.world
        if party is Party.PERSON:
            return Outsider(Party.PERSON, referral.pk, Channel.PAGE)
        if party is Party.SENDER and referral.sender == world.agency:
            return world.ft
        return {
            Party.SENDER: world.auditor,
            Party.VALIDATOR: world.auditor,
            Party.RECEIVER: world.ft,
            Party.ACCOMPANIER: world.cip,
        }[party]

    def play(self, event: Event, party: Party, referral: Referral) -> None:
        pk = referral.pk
        if party is Party.SYSTEM:
            self._silence(event, referral)
            return
        by = self.by(party, referral)
        later = clock.paris(dt.date(2026, 3, 20), 10)
        play = {
            Event.PROPOSE: lambda: sending.send(by, pk),
            Event.SEND: lambda: sending.send(by, pk),
            Event.VALIDATE: lambda: sending.validate(by, pk),
            Event.REJECT: lambda: sending.reject(by, pk, note="hors délai de deux ans"),
            Event.RECEIVE: lambda: answers.receive(by, pk),
            Event.STUDY: lambda: answers.study(by, pk),
            Event.ACCEPT: lambda: answers.accept(by, pk),
            Event.DECLINE: lambda: answers.decline(by, pk, reason="not_eligible"),
            Event.FIX: lambda: appointments.fix(by, pk, starts_at=later),
            Event.RESCHEDULE: lambda: appointments.fix(by, pk, starts_at=later),
            Event.POSTPONE: lambda: appointments.postpone(by, pk, reason="work"),
            Event.CONFIRM: lambda: appointments.confirm(by, pk),
            Event.ATTEND: lambda: appointments.declare_attended(by, pk),
            Event.MISS: lambda: appointments.declare_missed(by, pk, reason="ill"),
            Event.START: lambda: answers.start(by, pk),
            Event.REVIEW: lambda: answers.review(by, pk),
            Event.END: lambda: answers.end(by, pk, outcome="training"),
            Event.REDIRECT: lambda: sending.redirect(by, pk, service_id=default_service(self.world.other_agency).pk),
            Event.WITHDRAW: lambda: sending.withdraw(by, pk, reason="refused"),
            Event.HOLD: lambda: sending.hold(by, pk, until=dt.date(2026, 3, 30)),
            Event.TAKE_OVER: lambda: sending.take_back(by, pk, note="urgence"),
            Event.SETTLE_ATTENDED: lambda: self._settle(by, referral, took_place=True),
            Event.SETTLE_MISSED: lambda: self._settle(by, referral, took_place=False),
        }[event]
        told_after = {Event.ATTEND, Event.MISS, Event.START, Event.REVIEW, Event.END}
        settles = {Event.SETTLE_ATTENDED, Event.SETTLE_MISSED}
        held = {State.ATTENDED, State.STARTED, State.ENDED, State.MISSED}
        if event in told_after | settles or referral.state in held:
            with clock.frozen(AFTER):
                play()
        else:
            play()

    def _settle(self, by, referral: Referral, *, took_place: bool) -> None:
        """The person says the contrary of the receiver, then the sender settles."""
        person = Outsider(Party.PERSON, referral.pk, Channel.PAGE)
        if referral.state == State.MISSED:
            appointments.declare_attended(person, referral.pk)
        else:
            appointments.declare_missed(person, referral.pk, reason="not_held")
        dispute = referral.appointments.get(dispute__isnull=False).dispute
        appointments.settle(by, dispute.pk, took_place=took_place)

    def _silence(self, event: Event, referral: Referral) -> None:
        """Nobody says anything until the clock does `event`."""
        for _ in range(4):
            referral.refresh_from_db()
            done = clocks.rung(State(referral.state), Stage(referral.stage))
            midnight = referral.next_on + dt.timedelta(days=1)
            with clock.frozen(clock.paris(midnight)):
                report = clock_verbs.run(midnight)
            assert report.steps[done.value]
            if done is event:
                return
        raise AssertionError(f"silence never led to {event}")


PLAYED = [edge for edge in TABLE if edge.event is not Event.PROPOSE]
assert {edge.event for edge in TABLE} - {edge.event for edge in PLAYED} == {Event.PROPOSE}


@pytest.mark.parametrize("state", list(State), ids=str)
def test_each_line_of_the_table_is_walked_by_its_actor(world, state):
    hand = Stagehand(world)
    referral = hand.at(state)
    for edge in PLAYED:
        if edge.source is not state:
            continue
        with set_aside():
            again = Referral.objects.get(pk=referral.pk)
            if edge.party not in {Party.SYSTEM, Party.PERSON}:
                assert party_of(hand.by(edge.party, again), again) is edge.party
            hand.play(edge.event, edge.party, again)
            again.refresh_from_db()
            assert again.state == edge.target, edge
            assert not Referral.objects.adrift(DAY).exists(), edge


def test_the_proposal_is_sent_to_the_ofii(world):
    referral = Stagehand(world).proposal()
    assert (referral.state, referral.owner) == ("proposed", world.dt_metz)


@pytest.mark.parametrize("state", list(State), ids=str)
def test_no_verb_makes_a_step_that_the_table_does_not_have(world, state):
    hand = Stagehand(world)
    referral = hand.at(state)
    before = Referral.objects.filter(pk=referral.pk).values().get()
    lines = {(edge.event, edge.party) for edge in TABLE if edge.source is state}
    deeds = [event for event in Event if event not in {*clocks.LAST_RUNG.values(), Event.REMIND, Event.ESCALATE}]
    for event in deeds:
        for party in set(Party) - {Party.SYSTEM}:
            legal = (
                (event, party) in lines
                or event in {Event.FIX, Event.RESCHEDULE}
                and bool(lines & {(Event.FIX, party), (Event.RESCHEDULE, party)})
            )
            if legal or event in {Event.PROPOSE, Event.SEND} and (Event.SEND, party) in lines:
                continue
            if event in {Event.SETTLE_ATTENDED, Event.SETTLE_MISSED}:
                continue
            by = hand.by(party, referral)
            with contextlib.suppress(UserError):
                if isinstance(by, Outsider) or party_of(by, referral) is party:
                    hand.play(event, party, referral)
            assert Referral.objects.filter(pk=referral.pk).values().get() == before, f"{party} {event}"


def test_the_table_refuses_an_open_case_without_owner_or_date(world):
    referral = Stagehand(world).at(State.SENT)
    for wrong in ({"owner": None}, {"next_on": None}, {"alert": "x"}, {"state": "ended", "outcome": "job"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(**wrong)


def test_a_person_speaks_by_their_page_and_the_moves_ask_the_table(world):
    referral = Stagehand(world).at(State.SENT)
    assert outsider_of(referral.person_id, referral.pk).party is Party.PERSON
    with pytest.raises(Impossible):
        move(referral, Speaker(Party.PERSON, Channel.PAGE, world.ft), Event.ACCEPT)
    assert Referral.objects.filter(Q(state="sent")).count() == 1
