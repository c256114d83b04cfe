"""The same chunk played through the real verbs, each at its own instant: slow, and above suspicion.

The base it gives is the one `bulk` writes (tests/synthetic/test_two_paths.py).
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
from django.db import transaction

from passerelles.core import clock
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages.models import Message
from passerelles.messages.services import drop, send_due
from passerelles.network import services as network_verbs
from passerelles.network.enums import Role
from passerelles.network.models import Agent, Organisation
from passerelles.network.policy import SYSTEM, Actor
from passerelles.pathway.services import exams, meetings, recognitions, trainings
from passerelles.people import services as people
from passerelles.people.models import Person
from passerelles.reception.models import Convocation, FirstAppointment, Session
from passerelles.reception.services import appointments, attendance, interviews, planning
from passerelles.reception.services.convocations import convoke
from passerelles.synthetic.frames import Network
from passerelles.synthetic.tables.state import IDENTIFIERS
from passerelles.synthetic.tables.story import MESSAGES, SOURCE, TOOLS, Story

Row = dict[str, Any]
Act = Callable[[], object]

PERSON_COLUMNS = (
    "id family_name birth_name given_names birth_date birth_date_precision sex nationality motive language "
    "needs_interpreter phone email address postcode city commune_code"
).split()


class _Silent:
    """The messages of the past have left: nobody is written to."""

    def send(self, message: Message) -> None:
        return None


@transaction.atomic
def found_network(network: Network, founded_at: dt.datetime) -> None:
    """Found every organisation and open every account; nobody can sign in with them."""
    with clock.at(founded_at):
        organisations = {
            row["number"]: network_verbs.found_organisation(
                SYSTEM,
                **{name: row[name] or "" for name in ("name", "kind", "direction", "mailbox", "address", "phone")},
                id=row["id"],
                department_code=row["department"] or "",
                region_code=row["region"] or "",
            )
            for row in network.organisations.iter_rows(named=True)
        }
        agents: dict[int, Agent] = {}
        for row in network.agents.iter_rows(named=True):
            agents[row["number"]] = _account(row, organisations[row["organisation"]])
        for row in network.delegations.iter_rows(named=True):
            network_verbs.delegate(
                SYSTEM,
                operator=organisations[row["operator"]],
                **{name: row[name] for name in ("direction", "starts_on", "ends_on", "legal_basis")},
            )
        for row in network.referents.iter_rows(named=True):
            _referent(row, organisations[row["organisation"]], agents)


def actors(network: Network) -> dict[str, Actor]:
    """The actor of each agent, by its identifier in the stream."""
    agents = {agent.email: agent for agent in Agent.objects.filter(email__in=network.agents["email"].to_list())}
    organisations = Organisation.objects.in_bulk(network.organisations["id"].to_list())
    of_number = {
        number: organisations[uuid.UUID(pk)] for number, pk in network.organisations.select("number", "id").iter_rows()
    }
    return {
        row["id"]: Actor(
            agent=agents[row["email"]],
            organisation=of_number[row["organisation"]],
            role=Role(row["role"]),
            directions=frozenset({of_number[row["organisation"]].direction}),
        )
        for row in network.agents.iter_rows(named=True)
    }


def _account(row: Row, organisation: Organisation) -> Agent:
    agent = network_verbs.open_account(
        SYSTEM,
        organisation=organisation,
        name=row["name"],
        email=row["email"],
        password=None,
        roles=[row["role"]],
        starts_on=row["starts_on"],
    )
    if row["ends_on"]:
        post = agent.memberships.get()
        network_verbs.end_membership(_itself(organisation), post.pk, ends_on=row["ends_on"])
    return agent


def _referent(row: Row, organisation: Organisation, agents: dict[int, Agent]) -> None:
    itself = _itself(organisation)
    named = network_verbs.name_referent(
        itself,
        function=row["function"],
        starts_on=row["starts_on"],
        agent=agents.get(row["agent"]),
        mailbox=row["mailbox"] or "",
        trained_on=row["trained_on"],
    )
    if row["ends_on"]:
        network_verbs.end_referent(itself, named.pk, ends_on=row["ends_on"])


def _itself(organisation: Organisation | None) -> Actor:
    """The platform, in the name of an organisation."""
    return Actor(agent=None, organisation=organisation, role=None, system=True)


def play(told: Story, actors: dict[str, Actor]) -> int:
    """Every act of the story at its instant, in the order of time; how many."""
    acts = _Stage(told, actors).acts()
    acts.sort(key=lambda act: act[:2])
    for instant, _, act in acts:
        with clock.at(instant):
            act()
    if acts:
        with clock.at(acts[-1][0]):
            while send_due(limit=500, backend=_Silent()):
                pass
        with transaction.atomic():
            drop("appointment-of-person:")  # What would still be recalled or asked belongs to the past too.
    return len(acts)


class _Stage:
    """The acts of one story; records already written are found again by the identifiers of the stream."""

    def __init__(self, told: Story, actors: dict[str, Actor]) -> None:
        self.told, self.actors = told, actors
        self.persons: dict[int, Person] = {}
        self.sessions: dict[int, Session] = {}
        self.convocations: dict[tuple[int, int], Convocation] = {}
        self.interviews: dict[str, Any] = {}
        self.wishes: dict[str, Person] = {}
        self.appointments: dict[str, Any] = {}
        self.followed: dict[str, uuid.UUID] = {}
        self.organisations = {str(each.pk): each for each in Organisation.objects.all()}

    def acts(self) -> list[tuple[dt.datetime, int, Act]]:
        """(instant, rank at the same instant, act): what must be there first comes first."""
        told = self.told
        return [
            *self._each(told.sessions, "planned_at", 0, self.plan),
            *self._each(told.people, "recorded_at", 1, self.record),
            *self._each(told.convocations, "convoked_at", 2, self.convoke),
            *self._each(_known(told.convocations, "known_at"), "known_at", 3, self.attend),
            *self._each(told.contracts, "known_at", 4, self.sign),
            *self._each(told.assessments, "known_at", 5, self.assess),
            *self._each(_known(told.sessions, "collective_at"), "collective_at", 6, self.talk),
            *self._each(told.interviews, "started_at", 7, self.begin),
            *self._each(told.interviews, "ended_at", 8, self.finish),
            *self._each(told.situations, "known_at", 9, self.observe),
            *self._each(told.opt_outs, "known_at", 10, self.opt_out),
            *self._each(_known(told.opt_outs, "reversed_at"), "reversed_at", 11, self.reverse),
            *self._each(_known(told.interviews, "opt_out_reversed_at"), "opt_out_reversed_at", 11, self.reverse),
            *self._each(told.meetings, "fixed_at", 12, self.fix_interview),
            *self._each(told.meetings, "known_at", 12, self.hold_interview),
            *self._each(told.registrations, "known_at", 12, self.register),
            *self._each(_apart(told.appointments), "fixed_at", 13, self.fix),
            *self._each(_known(told.appointments, "asserted_at"), "asserted_at", 14, self.answer),
            *self._each(_known(told.sessions, "closed_at"), "closed_at", 15, self.close),
            *self._each(told.events, "known_at", 16, self.tell),
        ]

    def _each(
        self, frame: pl.DataFrame, at: str, rank: int, verb: Callable[[Row], object]
    ) -> list[tuple[dt.datetime, int, Act]]:
        return [(row[at], rank, partial(verb, row)) for row in frame.iter_rows(named=True)]

    def _actor(self, agent: str | None, organisation: str | None) -> Actor:
        if agent is not None:
            return self.actors[agent]
        return _itself(self.organisations.get(str(organisation)))

    def _auditor(self, row: Row) -> Actor:
        return self._actor(row["auditor_id"], row.get("office_id") or row.get("organisation_id"))

    def _clerk(self, row: Row) -> Actor:
        return self._actor(row["clerk_id"], row["operator_id"] or row["organisation_id"])

    def plan(self, row: Row) -> None:
        self.sessions[row["number"]] = planning.plan_session(
            self._actor(row["auditor_id"], row["organisation_id"]),
            organisation=self.organisations[row["organisation_id"]],
            operator=self.organisations[row["operator_id"]] if row["operator_id"] else None,
            held_on=row["held_on"],
            half_day=row["half_day"],
            starts_at=row["starts_at"].astimezone(clock.PARIS).time(),
            place=row["place"],
            desks=row["desks"],
        )

    def record(self, row: Row) -> None:
        numbers = {kind: row[column] for kind, column in IDENTIFIERS.items() if row[column]}
        values = {name: row[name] if name == "birth_date" else row[name] or "" for name in PERSON_COLUMNS}
        self.persons[row["number"]] = people.record_person(
            self._auditor(row),
            direction=row["direction"],
            recorded_on=clock.today(),
            identifiers=numbers,
            source=SOURCE,
            **values | {"needs_interpreter": bool(row["needs_interpreter"])},
        )

    def convoke(self, row: Row) -> None:
        actor = self._actor(row["planner_id"], row["organisation_id"])
        session = self.sessions[row["session"]]
        made = convoke(actor, session.pk, self.persons[row["person"]], source=SOURCE)
        desk = session.desks.get(number=row["desk"])
        self.convocations[row["person"], row["session"]] = planning.move_to_slot(
            actor, made.pk, desk_id=desk.pk, at=row["slot_at"]
        )

    def attend(self, row: Row) -> None:
        made, clerk = self.convocations[row["person"], row["session"]], self._clerk(row)
        if row["status"] == "present":
            attendance.record_arrival(clerk, made.pk, at=row["arrived_at"])
        else:
            attendance.record_absence(clerk, made.pk, reason=row["reason"], excused=row["status"] == "excused")

    def sign(self, row: Row) -> None:
        person = self.persons[row["person"]]
        people.sign_contract(self._auditor(row), person, signed_on=row["signed_on"], number=row["number"])

    def assess(self, row: Row) -> None:
        people.record_assessment(
            self._auditor(row),
            self.persons[row["person"]],
            provider=self.organisations.get(str(row["provider_id"])),
            **{name: row[name] or "" for name in ("written", "oral", "overall", "kind")},
            assessed_on=row["assessed_on"],
        )

    def talk(self, row: Row) -> None:
        attendance.hold_collective(
            self._clerk(row),
            self.sessions[row["number"]].pk,
            minutes=row["minutes"],
            messages=list(MESSAGES),
            tools=list(TOOLS),
            started_at=row["starts_at"],
        )

    def begin(self, row: Row) -> None:
        made = self.convocations[row["person"], row["session"]]
        self.interviews[row["id"]] = interviews.start_interview(self._clerk(row), made.pk)

    def finish(self, row: Row) -> None:
        interview = self.interviews[row["id"]]
        said = {name: row[name] or "" for name in ("situation", "occupation", "not_registered_reason")} | {
            name: row[name] for name in ("ft", "rsa", "agir", "opted_out", "registered", "appointment_at")
        }
        interviews.finish_interview(
            self._clerk(row),
            interview.pk,
            version=interview.version,
            values=said
            | {
                "consent": row["registered"],
                "opt_out_reason": row["opt_out_reason"] if row["opted_out"] else "",
                "barriers": row["barriers"] or [],
                "told_first_appointment": True,
                "told_rights": True,
                "appointment_with": self.organisations.get(str(row["appointment_organisation_id"])),
                "accompaniment": bool(row["accompaniment"]),
            },
        )
        if row["appointment"]:
            fixed = FirstAppointment.objects.get(person=self.persons[row["person"]], status="fixed")
            self.appointments[row["appointment"]] = fixed

    def observe(self, row: Row) -> None:
        people.observe_situation(
            self._auditor(row),
            self.persons[row["person"]],
            kind=row["kind"],
            observed_on=row["observed_on"],
            source=row["source"] or "",
        )

    def opt_out(self, row: Row) -> None:
        people.opt_out(self._auditor(row), self.persons[row["person"]], since=row["since"], reason=row["reason"])

    def reverse(self, row: Row) -> None:
        on = row["opt_out_reversed_on"] if "opt_out_reversed_on" in row else row["reversed_on"]
        people.reverse_opt_out(self._auditor(row), self.persons[row["person"]], on=on)

    def register(self, row: Row) -> None:
        people.register(
            SYSTEM,
            self.persons[row["person"]],
            **{name: row[name] for name in ("starts_on", "ends_on", "by", "register", "registered_at")},
            place=row["place"] or "",
        )

    def fix(self, row: Row) -> None:
        self.appointments[row["id"]] = appointments.fix_appointment(
            self._actor(row["fixer_id"], row["fixer_organisation_id"]),
            person=self.persons[row["person"]],
            organisation=self.organisations[row["organisation_id"]],
            fixed_for=row["fixed_for"],
            session=self.sessions.get(row["session"]),
            accompaniment_agreed=bool(row["accompaniment_agreed"]),
        )

    def answer(self, row: Row) -> None:
        actor = self._actor(row["answerer_id"], row["answerer_organisation_id"])
        known = self.appointments[row["id"]]
        if row["status"] == "rescheduled":
            (after,) = self.told.appointments.filter(pl.col("replaces") == row["id"]).iter_rows(named=True)
            self.appointments[after["id"]] = appointments.reschedule(actor, known.pk, fixed_for=after["fixed_for"])
        else:
            appointments.record_result(actor, known.pk, result=row["status"], accompanied=bool(row["accompanied"]))

    def close(self, row: Row) -> None:
        attendance.close_session(self._clerk(row), self.sessions[row["number"]].pk)

    def fix_interview(self, row: Row) -> None:
        fixed = meetings.fix_meeting(
            self._auditor(row),
            row["person_id"],
            kind="end_of_cir",
            fixed_for=row["known_at"],
            organisation=self.organisations[row["office_id"]],
        )
        self.followed[row["id"]] = fixed.pk

    def hold_interview(self, row: Row) -> None:
        meetings.hold_end_of_cir(
            self._auditor(row), self.followed[row["id"]], situation=row["situation"], level=row["level"]
        )

    @transaction.atomic
    def tell(self, row: Row) -> None:
        """By the verb of the room that keeps such things; what has no room is told to the journal alone."""
        data = json.loads(row["data"] or "{}")
        verb = FOLLOWED.get(row["kind"])
        if verb is not None:
            verb(self, row, data)
            return
        journal.record(
            FactKind(row["kind"]),
            actor=SYSTEM,
            occurred_on=row["occurred_on"],
            person=row["person_id"],
            subject=row["subject"],
            direction=row["direction"],
            organisation=row["organisation_id"],
            data=data,
        )

    def prescribe(self, row: Row, data: Row) -> None:
        taken_over = trainings.take_over_training(
            SYSTEM,
            row["person_id"],
            kind="language" if row["kind"] == FactKind.LANGUAGE_PRESCRIBED else "civic",
            prescribed_on=row["occurred_on"],
            provider=self.organisations.get(str(row["organisation_id"])),
            **data,
        )
        self.followed[row["subject"]] = taken_over.pk

    def start(self, row: Row, data: Row) -> None:
        trainings.start_training(SYSTEM, self.followed[row["subject"]], on=row["occurred_on"])

    def end(self, row: Row, data: Row) -> None:
        given: Row = {"on": row["occurred_on"], "hours_attended": data["hours_attended"]}
        if data["reason"] == "dropped":
            trainings.drop_language(SYSTEM, self.followed[row["subject"]], **given)
        else:
            levels = {name: data[name] for name in ("written", "oral", "attained")}
            trainings.end_language(SYSTEM, self.followed[row["subject"]], **given, **levels)

    def attend_civic(self, row: Row, data: Row) -> None:
        trainings.attend_civic(SYSTEM, self.followed[row["subject"]], days=data["days"], on=row["occurred_on"])

    def examine(self, row: Row, data: Row) -> None:
        exams.note_exam(
            SYSTEM, row["person_id"], purpose=data["purpose"], taken_on=row["occurred_on"], passed=data["passed"]
        )

    def request(self, row: Row, data: Row) -> None:
        asked = recognitions.request_recognition(
            _itself(self.organisations[row["organisation_id"]]),
            row["person_id"],
            procedure=data["procedure"],
            requested_on=row["occurred_on"],
            regulated=data["procedure"] == "regulated_profession",
        )
        self.followed[row["subject"]] = asked.pk

    def receive_answer(self, row: Row, data: Row) -> None:
        office = _itself(self.organisations[row["organisation_id"]])
        recognitions.answer_recognition(
            office, self.followed[row["subject"]], result=data["result"], answered_on=row["occurred_on"]
        )


FOLLOWED: dict[str, Callable[[_Stage, Row, Row], None]] = {
    FactKind.LANGUAGE_PRESCRIBED: _Stage.prescribe,
    FactKind.CIVIC_PRESCRIBED: _Stage.prescribe,
    FactKind.LANGUAGE_STARTED: _Stage.start,
    FactKind.LANGUAGE_ENDED: _Stage.end,
    FactKind.CIVIC_ATTENDED: _Stage.attend_civic,
    FactKind.CIVIC_EXAM_TAKEN: _Stage.examine,
    FactKind.RECOGNITION_REQUESTED: _Stage.request,
    FactKind.RECOGNITION_ANSWERED: _Stage.receive_answer,
}
"""The verb for each kind of event whose room keeps a row."""


def _known(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.filter(pl.col(column).is_not_null())


def _apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Fixed neither in an interview nor in the place of another."""
    return frame.filter(~pl.col("in_interview") & pl.col("replaces").is_null())
