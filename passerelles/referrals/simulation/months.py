"""Day after day: people are referred, some answer, the clocks run at midnight, and the invariant is asked.

At random nights the clocks are stopped in the middle and run again, or some nights do not run at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import heapq
import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network import services as network
from passerelles.network.enums import OrganisationKind, Role
from passerelles.network.models import Organisation
from passerelles.network.policy import SYSTEM, Actor
from passerelles.people.models import Person
from passerelles.people.services import record_person
from passerelles.referrals.models import Dispute, Referral, Service
from passerelles.referrals.rules.words import CLOSED, Channel, Event, Party, State
from passerelles.referrals.services import answers, appointments, clocks, places, sending
from passerelles.referrals.simulation.chance import Chance, Deed
from passerelles.referrals.speakers import By, Outsider

DIRECTION, DEPARTMENT, REGION = "metz", "57", "44"
RECEIVERS = (
    ("france_travail", "employment", 7),
    ("mission_locale", "employment", 4),
    ("cap_emploi", "employment", 2),
    ("operator", "agir", 2),
    ("association", "childcare", 5),
)


@dataclass(frozen=True)
class Plan:
    """What is simulated. `broken_nights`: share of nights when the clocks are stopped in the middle."""

    first_day: dt.date
    months: int
    mute: float
    seed: int
    per_day: int = 4
    broken_nights: float = 0.15
    jumps: int = 3


@dataclass
class Findings:
    """What the simulation saw. `adrift`: open cases found without owner or date at a midnight, whatever the night."""

    nights: int = 0
    referrals: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    jumped: int = 0
    restarts: int = 0
    adrift: int = 0
    disputes: int = 0
    mute_organisations: int = 0
    organisations: int = 0
    lags: list[int] = field(default_factory=list)
    silences: list[int] = field(default_factory=list)
    taken_over: list[int] = field(default_factory=list)

    def percentile(self, values: list[int], share: float) -> float:
        """NaN when nothing was seen."""
        return float(np.percentile(values, share * 100)) if values else float("nan")


class Stopped(Exception):
    """The worker dies here."""


@dataclass
class Region:
    """Who takes part: the DTs that send, partners that answer each in their own way, and who is sent next.

    `auditors` by organisation; `services` with what each is asked for and the DT it answers; `next_person` gives a
    person, by identifier, and the DT that follows them.
    """

    auditors: dict[uuid.UUID, Actor]
    services: list[tuple[Service, str, str]]
    tempers: dict[uuid.UUID, str]
    advisers: dict[uuid.UUID, Actor]
    next_person: Callable[[dt.date], tuple[uuid.UUID, str]]

    def auditor_of(self, direction: str) -> Actor:
        return next(each for each in self.auditors.values() if direction in each.directions)

    def purposes(self, direction: str) -> list[str]:
        """What may be asked in a DT, each as often as it has services."""
        return [meant for _, meant, at in self.services if at == direction]

    def service_for(
        self, chance: Chance, purpose: str, direction: str, other_than: uuid.UUID | None = None
    ) -> Service | None:
        fit = [
            each for each, meant, at in self.services if (meant, at) == (purpose, direction) and each.pk != other_than
        ]
        return fit[int(chance.rng.integers(len(fit)))] if fit else None


def found_region(chance: Chance) -> Region:
    """A small partnership of one DT, and persons recorded as they come."""
    office = _organisation("ofii_dt", "DT OFII de la simulation", "dt")
    bodies = [
        _organisation(kind, f"{OrganisationKind(kind).label} {rank + 1} de la simulation", f"{kind}-{rank + 1}")
        for kind, _, number in RECEIVERS
        for rank in range(number)
    ]
    auditor = Actor(agent=None, organisation=office, role=Role.OFII_AUDITOR, directions=frozenset({DIRECTION}))
    numbers = itertools.count(1)

    def next_person(day: dt.date) -> tuple[uuid.UUID, str]:
        number = next(numbers)
        person = record_person(
            auditor,
            direction=DIRECTION,
            recorded_on=day,
            family_name=f"Simulée{number}",
            given_names="Personne",
            birth_date=dt.date(1990, 1, 1) + dt.timedelta(days=number % 9000),
            sex="F" if number % 2 else "H",
        )
        return person.pk, DIRECTION

    return _region(chance, [office], bodies, next_person)


def region_of_base(chance: Chance, region: str) -> Region:
    """The DTs, the partners and the persons that the base holds for a region (code of the INSEE)."""
    here = Organisation.objects.filter(region_code=region).order_by("name", "id")
    offices = list(here.filter(kind=OrganisationKind.OFII_DT))
    bodies = list(here.filter(kind__in=[kind for kind, _, _ in RECEIVERS]))
    followed = Person.objects.filter(direction__in=[office.direction for office in offices])
    known = list(followed.order_by("id").values_list("id", "direction"))
    order = itertools.cycle(chance.rng.permutation(len(known)).tolist())
    return _region(chance, offices, bodies, lambda day: known[next(order)])


def _organisation(kind: str, name: str, mailbox: str) -> Organisation:
    return network.found_organisation(
        SYSTEM,
        name=name,
        kind=kind,
        direction=DIRECTION,
        department_code=DEPARTMENT,
        region_code=REGION,
        mailbox=f"{mailbox}@simulation.example",
    )


def _region(
    chance: Chance,
    offices: Sequence[Organisation],
    bodies: Sequence[Organisation],
    next_person: Callable[[dt.date], tuple[uuid.UUID, str]],
) -> Region:
    """Each partner with its queue and its temper, the tempers in the same shares whatever the draw."""
    shares = [(rank + 0.5) / len(bodies) for rank in range(len(bodies))]
    chance.rng.shuffle(shares)
    purposes = {kind: purpose for kind, purpose, _ in RECEIVERS}
    return Region(
        auditors={
            office.pk: Actor(
                agent=None, organisation=office, role=Role.OFII_AUDITOR, directions=frozenset({office.direction})
            )
            for office in offices
        },
        services=[(places.default_service(body), purposes[body.kind], body.direction) for body in bodies],
        tempers={body.pk: chance.temper(share) for body, share in zip(bodies, shares, strict=True)},
        advisers={body.pk: Actor(agent=None, organisation=body, role=Role.SPE_ADVISER) for body in bodies},
        next_person=next_person,
    )


class Simulation:
    """The state of one run. `restart` is called at random nights when given: the database goes down and up."""

    def __init__(
        self,
        plan: Plan,
        *,
        found: Callable[[Chance], Region] = found_region,
        restart: Callable[[], None] | None = None,
    ) -> None:
        self.plan = plan
        self.chance = Chance(np.random.default_rng(plan.seed), plan.mute)
        self.findings = Findings()
        self.found = found
        self.restart = restart
        self._agenda: list[tuple[dt.datetime, int, uuid.UUID, Deed]] = []
        self._order = itertools.count()
        self._seen: dict[uuid.UUID, tuple[str, int]] = {}
        self._due: dict[uuid.UUID, dt.date] = {}

    def run(self, *, tell: Callable[[dt.date], None] = lambda day: None) -> Findings:
        """Every day of the plan; then the last figures."""
        with clock.at(clock.paris(self.plan.first_day, 6)):
            self.region = self.found(self.chance)
        self.findings.organisations = len(self.region.tempers)
        self.findings.mute_organisations = sum(temper == "mute" for temper in self.region.tempers.values())
        for day in self._days():
            tell(day)
            with clock.at(clock.paris(day, 0)):
                self._midnight(day)
            if day.weekday() < 5:
                with clock.at(clock.paris(day, 8)):
                    self._refer(day)
            with clock.at(clock.paris(day, 9)):
                self._look()
            self._act(until=clock.paris(day, 22))
        self._measure()
        return self.findings

    def _days(self) -> Iterator[dt.date]:
        """The days lived; at each jump a few nights do not exist for the platform, which was down."""
        length = round(self.plan.months * 30.44)
        jumps = {int(self.chance.rng.integers(10, max(length - 10, 11))) for _ in range(self.plan.jumps)}
        number = 0
        while number < length:
            yield self.plan.first_day + dt.timedelta(days=number)
            number += 1
            if number in jumps:
                number += int(self.chance.rng.integers(2, 9))
                self.findings.jumped += 1

    def _midnight(self, day: dt.date) -> None:
        if self.restart is not None and self.chance.happens(0.02):
            self.restart()
            self.findings.restarts += 1
        if self.chance.happens(self.plan.broken_nights):
            with contextlib.suppress(Stopped):
                clocks.run(day, batch=3, after_batch=_stop_after(int(self.chance.rng.integers(0, 3))))
            self.findings.stopped += 1
        clocks.run(day)
        again = clocks.run(day)
        if again.cases or again.messages:
            raise AssertionError(f"the second run of {day} did something")
        clocks.run(day - dt.timedelta(days=5))
        self.findings.nights += 1
        self.findings.adrift += Referral.objects.adrift(day).count()

    def _refer(self, day: dt.date) -> None:
        for _ in range(int(self.chance.rng.poisson(self.plan.per_day))):
            person_id, direction = self.region.next_person(day)
            sender = self.region.auditor_of(direction)
            purpose = self.chance.one(self.region.purposes(direction))
            service = self.region.service_for(self.chance, purpose, direction)
            assert service is not None
            try:
                made = sending.draft(
                    sender,
                    person_id=person_id,
                    service_id=service.pk,
                    purpose=purpose,
                    basis="consent",
                    consent_on=day,
                )
                if self.chance.happens(0.95):
                    sending.send(sender, made.pk)
            except UserError as error:
                self.findings.refused[f"sender draft: {type(error).__name__}"] += 1
            else:
                self.findings.referrals += 1

    def _look(self) -> None:
        """Each party finds the cases that changed since yesterday and decides what it will do."""
        rows = Referral.objects.exclude(state__in=[s.value for s in CLOSED])
        for row in rows.only("id", "state", "attempts", "receiver_id", "next_on", "appointment_at").order_by("id"):
            if self._seen.get(row.pk) == (row.state, row.attempts):
                continue
            self._seen[row.pk] = (row.state, row.attempts)
            if row.state == State.SENT and row.next_on is not None:
                self._due.setdefault(row.pk, row.next_on)
            ahead = (row.appointment_at - clock.now()).total_seconds() / 3600 if row.appointment_at else 0.0
            for deed in self.chance.deeds(State(row.state), self.region.tempers[row.receiver_id], ahead):
                at = clock.now() + dt.timedelta(hours=deed.hours)
                heapq.heappush(self._agenda, (at, next(self._order), row.pk, deed))

    def _act(self, until: dt.datetime) -> None:
        while self._agenda and self._agenda[0][0] <= until:
            at, _, pk, deed = heapq.heappop(self._agenda)
            with clock.at(max(at, until - dt.timedelta(hours=14))):
                try:
                    self._do(pk, deed)
                except UserError as error:
                    self.findings.refused[f"{deed.by} {deed.event.value}: {type(error).__name__}"] += 1
                else:
                    self.findings.deeds[f"{deed.by} {deed.event.value}"] += 1

    def _do(self, pk: uuid.UUID, deed: Deed) -> None:
        referral = Referral.objects.only("id", "sender_id", "receiver_id", "service_id", "purpose").get(pk=pk)
        sender = self.region.auditors[referral.sender_id]
        by = self._speaker(referral, deed)
        day = clock.today()
        soon = clock.paris(day + dt.timedelta(days=int(self.chance.rng.integers(2, 16))), 10)
        verbs: dict[Event, Callable[[], object]] = {
            Event.RECEIVE: lambda: answers.receive(by, pk),
            Event.STUDY: lambda: answers.study(by, pk),
            Event.ACCEPT: lambda: answers.accept(by, pk),
            Event.DECLINE: lambda: answers.decline(by, pk, reason=self.chance.one(["no_place", "out_of_area"])),
            Event.FIX: lambda: appointments.fix(by, pk, starts_at=soon),
            Event.RESCHEDULE: lambda: appointments.fix(by, pk, starts_at=soon),
            Event.POSTPONE: lambda: appointments.postpone(by, pk, reason="transport"),
            Event.CONFIRM: lambda: appointments.confirm(by, pk),
            Event.ATTEND: lambda: appointments.declare_attended(by, pk),
            Event.MISS: lambda: appointments.declare_missed(by, pk, reason="no_news"),
            Event.START: lambda: answers.start(by, pk),
            Event.REVIEW: lambda: answers.review(by, pk),
            Event.END: lambda: answers.end(by, pk, outcome=self.chance.one(["job", "training", "need_met"])),
            Event.SEND: lambda: sending.send(sender, pk),
            Event.WITHDRAW: lambda: sending.withdraw(by, pk, reason="refused"),
            Event.HOLD: lambda: sending.hold(sender, pk, until=day + dt.timedelta(days=10)),
            Event.REDIRECT: lambda: self._redirect(referral),
        }
        verbs[deed.event]()

    def _speaker(self, referral: Referral, deed: Deed) -> By:
        if deed.by == "sender":
            return self.region.auditors[referral.sender_id]
        if deed.by == "person":
            return Outsider(Party.PERSON, referral.pk, Channel.PAGE)
        if self.chance.happens(0.5):
            return Outsider(Party.RECEIVER, referral.pk)
        return self.region.advisers[referral.receiver_id]

    def _redirect(self, referral: Referral) -> None:
        sender = self.region.auditors[referral.sender_id]
        (direction,) = sender.directions
        other = self.region.service_for(self.chance, referral.purpose, direction, other_than=referral.service_id)
        if other is not None:
            sending.redirect(sender, referral.pk, service_id=other.pk)

    def _measure(self) -> None:
        found = self.findings
        found.referrals = Referral.objects.count()
        found.states = Counter(Referral.objects.values_list("state", flat=True))
        found.disputes = Dispute.objects.count()
        sent = dict(Fact.objects.filter(kind=FactKind.REFERRAL_SENT).values_list("subject_id", "occurred_on"))
        told: set[uuid.UUID] = set()
        silent = Fact.objects.filter(kind=FactKind.REFERRAL_SILENT, data__state__in=["sent", "received"])
        for subject, on in silent.order_by("id").values_list("subject_id", "occurred_on"):
            if subject in told:
                continue
            told.add(subject)
            found.silences.append((on - sent[subject]).days)
            if subject in self._due:
                found.lags.append((on - self._due[subject]).days)
        taken = Fact.objects.filter(
            kind=FactKind.REFERRAL_TAKEN_OVER, data__reason="silence", data__state__in=["sent", "received"]
        )
        for subject, on in taken.order_by("id").values_list("subject_id", "occurred_on"):
            found.taken_over.append((on - sent[subject]).days)


def _stop_after(batches: int) -> Callable[[], None]:
    left = itertools.count(batches, -1)

    def stop() -> None:
        if next(left) <= 0:
            raise Stopped

    return stop
