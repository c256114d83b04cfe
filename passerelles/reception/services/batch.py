"""A batch of file rows on its way to the tables: who is known, who is new, which session, desk and slot.

Written only for `convocations.convoke_rows`, inside its transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.range import Range

from passerelles.core import clock
from passerelles.core.bulk import copy_rows
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Delegation, Organisation, in_force
from passerelles.network.policy import Actor
from passerelles.people.identity import identity_key
from passerelles.people.models import Contract, Identifier, Person
from passerelles.people.services import apply_file_corrections, hash_of, profile, seal
from passerelles.reception.enums import Attendance, SessionStatus
from passerelles.reception.models import Convocation, Desk, Session
from passerelles.reception.rules.planning import free_slots
from passerelles.reception.services.planning import SESSION_LENGTH, USUAL_START

NEW_COLUMNS = (
    "family_name birth_name given_names birth_date birth_date_precision sex nationality motive language "
    "needs_interpreter phone email address postcode city commune_code direction identity_key source"
).split()
PERSON_COLUMNS = ["id", "created_at", *NEW_COLUMNS]
NOT_TEXT = frozenset({"birth_date", "needs_interpreter"})
FILE_FIELDS = (
    "family_name birth_name given_names birth_date sex nationality motive language phone email address postcode city "
    "commune_code"
).split()
SESSION_COLUMNS = (
    "id created_at organisation operator direction held_on half_day during place capacity slot_minutes languages "
    "partners status collective_messages tools_shown"
).split()
NOON = dt.time(12, 30)


@dataclass(slots=True)
class RowOutcome:
    """What became of one row: created | known | corrected | moved | unchanged | refused, and a sentence if any."""

    line: int
    sheet: str
    what: str
    sentence: str = ""
    remedy: str = ""


@dataclass(slots=True, eq=False)
class _New:
    """A person or a convocation about to be written by COPY: the columns and nothing of the ORM."""

    pk: str
    values: tuple[Any, ...] = ()
    person_id: Any = None
    session: Session | None = None
    during: Any = None
    status: str = Attendance.CONVOKED
    desk: Any = None
    slot: str | None = None


@dataclass(slots=True)
class Convoked:
    """The result of a batch."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    people: list[uuid.UUID] = field(default_factory=list)
    sessions: set[uuid.UUID] = field(default_factory=set)


class Batch:
    """One batch of rows on its way from the file to the tables."""

    def __init__(self, actor: Actor, organisation: Organisation, source: str, rows: Sequence[dict[str, Any]]) -> None:
        self.actor, self.organisation, self.source = actor, organisation, source
        self.direction = organisation.direction
        self.rows = [dict(row, motive=row.get("admission_motive") or "") for row in rows]
        self.result = Convoked()
        self.facts: list[NewFact] = []
        self.instant, self.today = clock.now(), clock.today()
        self.by_hash: dict[tuple[str, bytes], Person | _New] = {}
        self.by_identity: dict[str, list[Person | _New]] = defaultdict(list)
        self.foreigner_hashes: dict[Any, set[bytes]] = defaultdict(set)
        self.person_of_row: list[Person | _New] = []
        self.seen: set[Any] = set()

    def find_known_people(self) -> None:
        """Two queries: by identifier hash, by exact identity."""
        for row in self.rows:
            row["_hashes"] = [
                (kind, hash_of(kind, row[column]))
                for kind, column in (("agdref", "foreigner_number"), ("ofii", "ofii_number"))
                if row.get(column)
            ]
            row["_identity"] = identity_key(row["family_name"], row["given_names"], row.get("birth_date"))
        hashes = list({value for row in self.rows for _, value in row["_hashes"]})
        found = Identifier.objects.filter(search_hash__any=hashes, person__direction=self.direction)
        for identifier in found.select_related("person").order_by("created_at", "pk"):
            self.by_hash.setdefault((identifier.kind, bytes(identifier.search_hash)), identifier.person)
        known = Person.objects.filter(
            identity_key__any=list({row["_identity"] for row in self.rows}), direction=self.direction
        ).order_by("created_at", "pk")
        for person in known:
            self.by_identity[person.identity_key].append(person)
        people = [p.pk for ps in self.by_identity.values() for p in ps]
        for person_id, value in Identifier.objects.filter(person_id__any=people, kind="agdref").values_list(
            "person_id", "search_hash"
        ):
            self.foreigner_hashes[person_id].add(bytes(value))

    def _known(self, row: dict[str, Any]) -> Person | _New | None:
        for pair in row["_hashes"]:
            if pair in self.by_hash:
                return self.by_hash[pair]
        number = next((value for kind, value in row["_hashes"] if kind == "agdref"), None)
        for person in self.by_identity.get(row["_identity"], ()):
            theirs = self.foreigner_hashes.get(person.pk)
            if not theirs or number is None or number in theirs:
                return person
        return None

    def write_people(self) -> None:
        """New persons by COPY; known persons corrected one by one, only when the file says something else."""
        people: list[tuple[Any, ...]] = []
        identifiers: list[tuple[Any, ...]] = []
        contracts: list[tuple[Any, ...]] = []
        for row in self.rows:
            person = self._known(row)
            outcome = RowOutcome(row["line"], row.get("sheet") or "", "known")
            self.result.outcomes.append(outcome)
            if person is None:
                person = self._new_person(row)
                outcome.what = "created"
                people.append(person.values)
                self.facts.append(
                    NewFact(
                        FactKind.PERSON_RECORDED,
                        self.today,
                        person=person.pk,
                        direction=self.direction,
                        data=profile(row),
                    )
                )
                self._remember(person, row)
                identifiers += [self._identifier(person, row, kind, value) for kind, value in row["_hashes"]]
                contracts += self._contract(person, row)
            elif isinstance(person, Person) and person.pk not in self.seen:
                self._correct(person, row, outcome)
            self.seen.add(person.pk)
            self.person_of_row.append(person)
            self.result.people.append(person.pk)
        copy_rows(Person, PERSON_COLUMNS, people)
        copy_rows(Identifier, "id created_at person kind sealed search_hash source".split(), identifiers)
        copy_rows(Contract, "id created_at person kind number signed_on direction lot".split(), contracts)

    def _new_person(self, row: dict[str, Any]) -> _New:
        pk = str(uuid.uuid4())
        row["direction"], row["identity_key"], row["source"] = self.direction, row["_identity"], self.source
        row["needs_interpreter"] = bool(row.get("interpreter_language"))
        row["birth_date_precision"] = row.get("birth_date_precision") or "day"
        get = row.get
        return _New(
            pk, (pk, self.instant, *(get(name) if name in NOT_TEXT else get(name) or "" for name in NEW_COLUMNS))
        )

    def _remember(self, person: _New, row: dict[str, Any]) -> None:
        for pair in row["_hashes"]:
            self.by_hash.setdefault(pair, person)
            if pair[0] == "agdref":
                self.foreigner_hashes[person.pk].add(pair[1])
        self.by_identity[row["_identity"]].append(person)

    def _identifier(self, person: _New, row: dict[str, Any], kind: str, value: bytes) -> tuple[Any, ...]:
        clear = row["foreigner_number" if kind == "agdref" else "ofii_number"]
        return (str(uuid.uuid4()), self.instant, person.pk, kind, seal(clear), value, self.source)

    def _contract(self, person: _New, row: dict[str, Any]) -> list[tuple[Any, ...]]:
        signed_on = row.get("cir_signed_on")
        if not signed_on:
            return []
        contract_id = str(uuid.uuid4())
        self.facts.append(
            NewFact(
                FactKind.CONTRACT_SIGNED,
                signed_on,
                person=person.pk,
                subject=contract_id,
                direction=self.direction,
                data={"kind": "cir"},
            )
        )
        number = row.get("cir_number") or ""
        return [(contract_id, self.instant, person.pk, "cir", number, signed_on, self.direction, "")]

    def _correct(self, person: Person, row: dict[str, Any], outcome: RowOutcome) -> None:
        """What the file says and the record does not, or says otherwise. A blank cell never erases."""
        changes = {name: row[name] for name in FILE_FIELDS if row.get(name) and getattr(person, name) != row[name]}
        if changes:
            apply_file_corrections(self.actor, person, changes, source=self.source)
            outcome.what = "corrected"
        present = {kind for kind, _ in row["_hashes"]} and set(
            Identifier.objects.filter(person=person).values_list("kind", flat=True)
        )
        for kind, value in row["_hashes"]:
            if kind not in present:
                clear = row["foreigner_number" if kind == "agdref" else "ofii_number"]
                Identifier.objects.get_or_create(
                    person=person,
                    kind=kind,
                    search_hash=value,
                    defaults={"sealed": seal(clear), "source": self.source},
                )

    def find_sessions(self) -> None:
        """The sessions of the rows, planned on the spot when nobody planned them."""
        wanted = {self._session_key(row): row for row in self.rows}
        days = {key[0] for key in wanted}
        there = Session.objects.filter(organisation=self.organisation, held_on__in=days).exclude(
            status=SessionStatus.CANCELLED
        )
        places = {key[2] for key in wanted}
        if "" not in places:
            there = there.filter(place__in=places)
        self.sessions: dict[tuple[dt.date, str, str], Session] = {}
        by_half_day: dict[tuple[dt.date, str], list[Session]] = defaultdict(list)
        for session in there.order_by("created_at", "pk"):
            self.sessions[(session.held_on, session.half_day, session.place)] = session
            by_half_day[(session.held_on, session.half_day)].append(session)
        operator = self._operator()
        new: list[Session] = []
        for key, row in wanted.items():
            if key in self.sessions:
                continue
            if not key[2] and by_half_day[key[:2]]:
                self.sessions[key] = by_half_day[key[:2]][0]
                continue
            session = self._new_session(key, row, operator)
            self.sessions[key] = session
            by_half_day[key[:2]].append(session)
            new.append(session)
        copy_rows(Session, SESSION_COLUMNS, (_session_row(session) for session in new))
        copy_rows(
            Desk,
            "id created_at session number label".split(),
            ((uuid.uuid4(), self.instant, session.pk, 1, "Bureau 1") for session in new),
        )
        self.facts += [
            NewFact(
                FactKind.SESSION_PLANNED,
                session.held_on,
                subject=session.pk,
                direction=session.direction,
                organisation=session.operator_id,
                data={"capacity": session.capacity, "half_day": session.half_day},
            )
            for session in new
        ]

    def _session_key(self, row: dict[str, Any]) -> tuple[dt.date, str, str]:
        time = row.get("session_time")
        half_day = "pm" if time and time >= NOON else "am"
        return (row["session_date"], half_day, (row.get("session_place") or "")[:200])

    def _operator(self) -> Organisation | None:
        """The only operator delegated to this DT, who then holds the sessions."""
        delegated = Delegation.objects.filter(
            in_force(self.today), direction=self.direction, operator__kind=OrganisationKind.OPERATOR
        ).select_related("operator")
        operators = {delegation.operator for delegation in delegated}
        return operators.pop() if len(operators) == 1 else None

    def _new_session(
        self, key: tuple[dt.date, str, str], row: dict[str, Any], operator: Organisation | None
    ) -> Session:
        held_on, half_day, place = key
        time = row.get("session_time")
        start = clock.paris(held_on, *((time.hour, time.minute) if time else USUAL_START[half_day]))
        return Session(
            organisation=self.organisation,
            operator=operator,
            direction=self.direction,
            held_on=held_on,
            half_day=half_day,
            during=Range(start, start + SESSION_LENGTH, "[)"),
            place=place,
        )

    def write_convocations(self) -> None:
        """New convocations by COPY, each with its desk and slot; conflicts are refused with a sentence."""
        known = list({p.pk for p in self.person_of_row if isinstance(p, Person)})
        standing: dict[Any, list[Convocation | _New]] = defaultdict(list)
        for convocation in (
            Convocation.objects.filter(person_id__any=known)
            .exclude(status=Attendance.MOVED)
            .select_related("session")
            .select_for_update(of=("self",))
        ):
            standing[convocation.person_id].append(convocation)
        accepted: list[_New] = []
        for row, person, outcome in zip(self.rows, self.person_of_row, self.result.outcomes, strict=True):
            session = self.sessions[self._session_key(row)]
            self.result.sessions.add(session.pk)
            new = self._place(person.pk, session, standing[person.pk], outcome)
            if new is not None:
                standing[person.pk].append(new)
                accepted.append(new)
        self._give_slots(accepted)
        columns = "id created_at session person during desk slot status walk_in source absence_reason note".split()
        during = {c.session.pk: _as_text(c.during) for c in accepted}
        copy_rows(
            Convocation,
            columns,
            (
                (
                    c.pk,
                    self.instant,
                    c.session.pk,
                    c.person_id,
                    during[c.session.pk],
                    c.desk,
                    c.slot,
                    "convoked",
                    False,
                    self.source,
                    "",
                    "",
                )
                for c in accepted
            ),
        )
        self.facts += [
            NewFact(
                FactKind.CONVOKED,
                c.session.held_on,
                person=c.person_id,
                subject=c.pk,
                direction=self.direction,
                organisation=c.session.operator_id,
                data={"session": str(c.session.pk), "walk_in": False},
            )
            for c in accepted
        ]

    def _place(
        self, person_id: Any, session: Session, standing: list[Convocation | _New], outcome: RowOutcome
    ) -> _New | None:
        for former in standing:
            if former.session.pk == session.pk:
                if outcome.what == "known":
                    outcome.what = "unchanged"
                return None
            already_there = isinstance(former, Convocation)
            if already_there and former.status == Attendance.CONVOKED and former.session.held_on >= self.today:
                self._move(former, session, outcome)
                continue
            if former.status not in {Attendance.EXCUSED, Attendance.MOVED} and _overlap(former.during, session.during):
                outcome.what = "refused"
                outcome.sentence = f"déjà attendue le {former.session} dans une autre séance"
                outcome.remedy = "Vérifiez la date et la demi-journée de la convocation."
                return None
        return _New(str(uuid.uuid4()), person_id=person_id, session=session, during=session.during)

    def _move(self, former: Convocation, session: Session, outcome: RowOutcome) -> None:
        """A newer file gives another date for a convocation not yet held."""
        former.status, former.desk, former.slot = Attendance.MOVED, None, None
        former.save(update_fields=["status", "desk", "slot"])
        self.facts.append(
            NewFact(
                FactKind.CONVOCATION_MOVED,
                self.today,
                person=former.person_id,
                subject=former.pk,
                direction=self.direction,
                data={"to": str(session.pk)},
            )
        )
        outcome.what = "moved"
        outcome.sentence = f"convocation du {former.session} reportée au {session}"

    def _give_slots(self, convocations: list[_New]) -> None:
        by_session: dict[uuid.UUID, list[_New]] = defaultdict(list)
        for convocation in convocations:
            by_session[convocation.session.pk].append(convocation)
        desks: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for session_id, desk_id in (
            Desk.objects.filter(session__in=by_session).order_by("number").values_list("session_id", "pk")
        ):
            desks[session_id].append(desk_id)
        taken: dict[uuid.UUID, set[tuple[object, dt.datetime]]] = defaultdict(set)
        for session_id, desk_id, slot in (
            Convocation.objects.filter(session__in=by_session, slot__isnull=False)
            .exclude(status=Attendance.MOVED)
            .order_by()
            .values_list("session_id", "desk_id", "slot")
        ):
            taken[session_id].add((desk_id, slot.lower))
        for session_id, waiting in by_session.items():
            session = waiting[0].session
            length = dt.timedelta(minutes=session.slot_minutes)
            slots = free_slots(session.during.lower, desks[session_id], taken[session_id], session.slot_minutes)
            for convocation, (desk_id, instant) in zip(waiting, slots, strict=False):
                convocation.desk = desk_id
                convocation.slot = _as_text(Range(instant, instant + length, "[)"))


def _session_row(session: Session) -> tuple[Any, ...]:
    values = {
        "organisation": session.organisation_id,
        "operator": session.operator_id,
        "during": _as_text(session.during),
        "status": session.status.value,
    }
    empty = dict.fromkeys(("languages", "partners", "collective_messages", "tools_shown"), "{}")
    values |= empty
    return tuple(values[name] if name in values else getattr(session, name) for name in SESSION_COLUMNS)


def _overlap(left: Range, right: Range) -> bool:
    return left.lower < right.upper and right.lower < left.upper


def _as_text(span: Range) -> str:
    """A range as PostgreSQL writes it: ten times as fast to copy as the object."""
    return f"[{span.lower.isoformat()},{span.upper.isoformat()})"
