"""A batch of file rows on its way to the tables: who is known, who is new, which session, desk and slot.

Written only for `convocations.convoke_rows`, inside its transaction; `batch_tables` writes what is decided here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from psycopg.types.range import Range

from passerelles.core import clock
from passerelles.core.bulk import new_ids
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Delegation, Organisation, in_force
from passerelles.network.policy import Actor
from passerelles.people.models import Identifier, Person
from passerelles.people.services import apply_file_corrections
from passerelles.reception.enums import Attendance, SessionStatus
from passerelles.reception.models import Convocation, Desk, Session
from passerelles.reception.rules.file_rows import FileRow
from passerelles.reception.rules.planning import NOON, free_slots, same_half_day, session_span
from passerelles.reception.services.planning import USUAL_START

FILE_FIELDS = (
    "family_name birth_name given_names birth_date sex nationality motive language phone email address postcode city "
    "commune_code"
).split()


@dataclass(slots=True)
class RowOutcome:
    """What became of one row: created | known | corrected | moved | unchanged | refused, and a sentence if any."""

    line: int
    sheet: str
    what: str
    sentence: str = ""
    remedy: str = ""


@dataclass(slots=True, eq=False)
class NewPerson:
    """A person about to be written, as the file describes them."""

    pk: str
    row: FileRow


@dataclass(slots=True, eq=False)
class NewConvocation:
    """A convocation about to be written."""

    status: ClassVar[str] = Attendance.CONVOKED
    pk: str
    person_id: Any
    session: Session
    desk: Any = None
    slot: Range | None = None

    @property
    def during(self) -> Range:
        return self.session.during


@dataclass(slots=True)
class Convoked:
    """The result of a batch."""

    outcomes: list[RowOutcome] = field(default_factory=list)
    people: list[uuid.UUID] = field(default_factory=list)
    sessions: set[uuid.UUID] = field(default_factory=set)


class Batch:
    """One batch of rows on its way from the file to the tables."""

    def __init__(self, actor: Actor, organisation: Organisation, source: str, rows: Sequence[FileRow]) -> None:
        self.actor, self.organisation, self.source = actor, organisation, source
        self.direction = organisation.direction
        self.rows = rows
        self.result = Convoked()
        self.facts: list[NewFact] = []
        self.new_people: list[NewPerson] = []
        self.new_sessions: list[Session] = []
        self.new_desks: dict[uuid.UUID, str] = {}
        self.new_convocations: list[NewConvocation] = []
        self.instant, self.today = clock.now(), clock.today()
        self.by_hash: dict[tuple[str, bytes], Person | NewPerson] = {}
        self.by_identity: dict[str, list[Person | NewPerson]] = defaultdict(list)
        self.foreigner_hashes: dict[Any, set[bytes]] = defaultdict(set)
        self.person_of_row: list[Person | NewPerson] = []

    def find_known_people(self) -> None:
        """Two queries: by identifier hash, by exact identity."""
        hashes = list({number.search_hash for row in self.rows for number in row.numbers})
        found = Identifier.objects.filter(search_hash__any=hashes, person__direction=self.direction)
        for identifier in found.select_related("person").order_by("created_at", "pk"):
            self.by_hash.setdefault((identifier.kind, bytes(identifier.search_hash)), identifier.person)
        known = Person.objects.filter(
            identity_key__any=list({row.identity_key for row in self.rows}), direction=self.direction
        ).order_by("created_at", "pk")
        for person in known:
            self.by_identity[person.identity_key].append(person)
        people = [p.pk for ps in self.by_identity.values() for p in ps]
        for person_id, value in Identifier.objects.filter(person_id__any=people, kind="agdref").values_list(
            "person_id", "search_hash"
        ):
            self.foreigner_hashes[person_id].add(bytes(value))

    def _known(self, row: FileRow) -> Person | NewPerson | None:
        for kind, search_hash, _ in row.numbers:
            person = self.by_hash.get((kind, search_hash))
            if person is not None:
                return person
        same_identity = self.by_identity.get(row.identity_key)
        if same_identity is None:
            return None
        asked = next((number.search_hash for number in row.numbers if number.kind == "agdref"), None)
        for person in same_identity:
            theirs = self.foreigner_hashes.get(person.pk)
            if not theirs or asked is None or asked in theirs:
                return person
        return None

    def new_rows(self) -> list[FileRow]:
        """The rows that would make a record: nobody of the DT, nor of the rows before, has their number or identity."""
        found = []
        for row in self.rows:
            if self._known(row) is None:
                self._remember(NewPerson("", row))
                found.append(row)
        return found

    def decide_people(self) -> None:
        """Who is new; known persons are corrected one by one, only when the file says something else."""
        ids = iter(new_ids(len(self.rows)))
        seen: set[Any] = set()
        for row in self.rows:
            person = self._known(row)
            outcome = RowOutcome(row.line, row.sheet, "known")
            if person is None:
                person = NewPerson(next(ids), row)
                outcome.what = "created"
                self.new_people.append(person)
                self._remember(person)
            elif isinstance(person, Person) and person.pk not in seen:
                self._correct(person, row, outcome)
            seen.add(person.pk)
            self.result.outcomes.append(outcome)
            self.person_of_row.append(person)
            self.result.people.append(uuid.UUID(str(person.pk)))

    def _remember(self, person: NewPerson) -> None:
        for kind, search_hash, _ in person.row.numbers:
            self.by_hash.setdefault((kind, search_hash), person)
            if kind == "agdref":
                self.foreigner_hashes[person.pk].add(search_hash)
        self.by_identity[person.row.identity_key].append(person)

    def _correct(self, person: Person, row: FileRow, outcome: RowOutcome) -> None:
        """What the file says and the record does not, or says otherwise. A blank cell never erases."""
        values = row.values
        changes = {
            name: values[name] for name in FILE_FIELDS if values.get(name) and getattr(person, name) != values[name]
        }
        if changes:
            apply_file_corrections(self.actor, person, changes, source=self.source)
            outcome.what = "corrected"
        present = {number.kind for number in row.numbers} and set(
            Identifier.objects.filter(person=person).values_list("kind", flat=True)
        )
        for number in row.numbers:
            if number.kind not in present:
                Identifier.objects.get_or_create(
                    person=person,
                    kind=number.kind,
                    search_hash=number.search_hash,
                    defaults={"sealed": number.sealed, "source": self.source},
                )

    def decide_sessions(self) -> None:
        """The sessions of the rows, planned on the spot when nobody planned them."""
        self.keys = [_session_key(row.values) for row in self.rows]
        wanted = dict(zip(self.keys, self.rows, strict=True))
        there = Session.objects.filter(organisation=self.organisation, held_on__in={key[0] for key in wanted}).exclude(
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
        ids = iter(new_ids(len(wanted)))
        for key, row in wanted.items():
            if key in self.sessions:
                continue
            if not key[2] and by_half_day[key[:2]]:
                self.sessions[key] = by_half_day[key[:2]][0]
                continue
            session = self._new_session(next(ids), key, row, operator)
            self.sessions[key] = session
            by_half_day[key[:2]].append(session)
            self.new_sessions.append(session)
        desks = new_ids(len(self.new_sessions))
        self.new_desks = {session.pk: desk for session, desk in zip(self.new_sessions, desks, strict=True)}

    def _operator(self) -> Organisation | None:
        """The only operator delegated to this DT, who then holds the sessions."""
        delegated = Delegation.objects.filter(
            in_force(self.today), direction=self.direction, operator__kind=OrganisationKind.OPERATOR
        ).select_related("operator")
        operators = {delegation.operator for delegation in delegated}
        return operators.pop() if len(operators) == 1 else None

    def _new_session(
        self, pk: str, key: tuple[dt.date, str, str], row: FileRow, operator: Organisation | None
    ) -> Session:
        held_on, half_day, place = key
        time = row.values.get("session_time")
        start = clock.paris(held_on, *((time.hour, time.minute) if time else USUAL_START[half_day]))
        return Session(
            id=uuid.UUID(pk),
            organisation=self.organisation,
            operator=operator,
            direction=self.direction,
            held_on=held_on,
            half_day=half_day,
            during=Range(*session_span(start), "[)"),
            place=place,
        )

    def decide_convocations(self) -> None:
        """New convocations; conflicts are refused with a sentence, convocations not yet held are moved."""
        known = list({p.pk for p in self.person_of_row if isinstance(p, Person)})
        standing: dict[Any, list[Convocation | NewConvocation]] = defaultdict(list)
        for convocation in (
            Convocation.objects.filter(person_id__any=known)
            .exclude(status=Attendance.MOVED)
            .select_related("session")
            .select_for_update(of=("self",))
        ):
            standing[convocation.person_id].append(convocation)
        ids = iter(new_ids(len(self.rows)))
        for key, person, outcome in zip(self.keys, self.person_of_row, self.result.outcomes, strict=True):
            session = self.sessions[key]
            self.result.sessions.add(session.pk)
            theirs = standing[person.pk]
            if self._may_come(session, theirs, outcome):
                new = NewConvocation(next(ids), person.pk, session)
                theirs.append(new)
                self.new_convocations.append(new)

    def _may_come(self, session: Session, standing: list[Convocation | NewConvocation], outcome: RowOutcome) -> bool:
        for former in standing:
            if former.session.pk == session.pk:
                if outcome.what == "known":
                    outcome.what = "unchanged"
                return False
            already_there = isinstance(former, Convocation)
            if already_there and former.status == Attendance.CONVOKED and former.session.held_on >= self.today:
                self._move(former, session, outcome)
                continue
            if former.status not in {Attendance.EXCUSED, Attendance.MOVED} and _together(former.during, session.during):
                outcome.what = "refused"
                outcome.sentence = f"déjà attendue le {former.session} dans une autre séance"
                outcome.remedy = "Vérifiez la date et la demi-journée de la convocation."
                return False
        return True

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

    def give_slots(self) -> None:
        """A desk and a slot to each new convocation, in the order of the file."""
        by_session: dict[uuid.UUID, list[NewConvocation]] = defaultdict(list)
        for convocation in self.new_convocations:
            by_session[convocation.session.pk].append(convocation)
        sessions = [session_id for session_id in by_session if session_id not in self.new_desks]
        desks: dict[uuid.UUID, list[Any]] = defaultdict(list)
        for session_id, desk in self.new_desks.items():
            desks[session_id].append(desk)
        for session_id, desk_id in (
            Desk.objects.filter(session__any=sessions).order_by("number").values_list("session_id", "pk")
        ):
            desks[session_id].append(desk_id)
        taken: dict[uuid.UUID, set[tuple[object, dt.datetime]]] = defaultdict(set)
        for session_id, desk_id, slot in (
            Convocation.objects.filter(session__any=sessions, slot__isnull=False)
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
                convocation.desk, convocation.slot = desk_id, Range(instant, instant + length, "[)")


def _session_key(values: dict[str, Any]) -> tuple[dt.date, str, str]:
    time = values.get("session_time")
    half_day = "pm" if time and time >= NOON else "am"
    return (values["session_date"], half_day, (values.get("session_place") or "")[:200])


def _together(*spans: Range) -> bool:
    """Whether one person cannot be expected at both."""
    return same_half_day(*((each.lower.astimezone(clock.PARIS), each.upper.astimezone(clock.PARIS)) for each in spans))
