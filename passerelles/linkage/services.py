"""The verbs of linkage: load a list, check persons against the newest lists, settle a doubtful pair."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.bulk import copy_rows
from passerelles.core.errors import Impossible
from passerelles.core.text import ascii_key
from passerelles.journal import services as journal
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage.engine import ExactMatcher, Finding, Identity, Matcher, look_up
from passerelles.linkage.models import Check, CheckResult, ExternalList, ExternalRecord, NotSamePerson
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import Register
from passerelles.people.models import Identifier, Person
from passerelles.people.services import hash_of

MATCHER: Matcher = ExactMatcher()
HASH_COLUMNS = {"agdref": "agdref_hash", "nir": "nir_hash", "ft": "ft_hash"}
ANSWER_COLUMNS = "result list record source as_of reason settled_by settled_at".split()
RECORD_COLUMNS = (
    "id created_at list family_name birth_name given_names birth_date sex family_key given_key agdref_hash nir_hash "
    "ft_hash since until line sheet"
).split()


@transaction.atomic
def open_list(actor: Actor, *, register: str, direction: str, as_of: dt.date, filename: str) -> ExternalList:
    """A new list, empty and not yet complete: it counts only once `close_list` is called."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    return ExternalList.objects.create(
        register=register, direction=direction, as_of=as_of, filename=filename, loaded_by=actor.organisation
    )


@transaction.atomic
def add_records(actor: Actor, external_list: ExternalList, rows: Iterable[dict[str, Any]]) -> int:
    """Append lines to a list that is being loaded; lines already there are left as they are. The number added.

    Each row: family_name, given_names, birth_date, line, and optionally birth_name, sex, sheet, since, until,
    foreigner_number, nir, ft_identifier (checked values).
    """
    rows = list(rows)
    there = set(
        ExternalRecord.objects.filter(list=external_list, line__in=[row["line"] for row in rows]).values_list(
            "sheet", "line"
        )
    )
    instant = clock.now()

    def hashed(kind: str, value: str | None) -> bytes | None:
        return hash_of(kind, value) if value else None

    return copy_rows(
        ExternalRecord,
        RECORD_COLUMNS,
        (
            (
                uuid.uuid4(),
                instant,
                external_list.pk,
                row["family_name"],
                row.get("birth_name") or "",
                row["given_names"],
                row.get("birth_date"),
                row.get("sex") or "",
                ascii_key(row["family_name"]),
                ascii_key(row["given_names"]),
                hashed("agdref", row.get("foreigner_number")),
                hashed("nir", row.get("nir")),
                hashed("ft", row.get("ft_identifier")),
                row.get("since"),
                row.get("until"),
                row["line"],
                row.get("sheet") or "",
            )
            for row in rows
            if ((row.get("sheet") or ""), row["line"]) not in there
        ),
    )


@transaction.atomic
def close_list(actor: Actor, external_list: ExternalList) -> None:
    """The list is whole: from now on it is the one that counts for its register and DT."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    external_list.complete = True
    external_list.save(update_fields=["complete"])


def newest_lists(directions: Iterable[str]) -> dict[tuple[str, str], ExternalList]:
    """{(DT, register): the complete list with the latest date}."""
    newest = (
        ExternalList.objects.filter(direction__in=list(directions), complete=True)
        .order_by("direction", "register", "-as_of", "-created_at")
        .distinct("direction", "register")
    )
    return {(found.direction, found.register): found for found in newest}


@transaction.atomic
def check_people(actor: Actor, person_ids: Iterable[uuid.UUID]) -> int:
    """Compare persons with the newest list of each register (C-018, B-051); the number of answers that changed.

    An answer settled by an agent on a list at least as recent stays. Without a list there is no answer: the
    screen says so, and the interview asks.
    """
    policy.require(actor, Resource.CHECK, Action.EDIT)
    if not ExternalList.objects.filter(complete=True).exists():
        return 0
    # Locked, so that two checks of the same person at the same time write one answer.
    people = list(Person.objects.filter(pk__any=list(person_ids)).order_by("pk").select_for_update(no_key=True))
    if not people:
        return 0
    identities = _identities(people)
    lists = newest_lists({person.direction for person in people})
    standing = {(c.person_id, c.register): c for c in Check.objects.filter(person__in=people).select_for_update()}
    refused = _refused_pairs(people)
    facts: list[NewFact] = []
    new: list[Check] = []
    changed: list[Check] = []
    for (direction, register), newest in lists.items():
        here = [person for person in people if person.direction == direction]
        candidates = _candidates(newest, [identities[person.pk] for person in here])
        for person in here:
            kept = standing.get((person.pk, register))
            if kept and kept.settled_by and kept.as_of >= newest.as_of:
                continue
            pool = [
                candidate
                for candidate in candidates[person.pk]
                if (person.pk, register, _record_key(candidate)) not in refused
            ]
            finding = look_up(identities[person.pk], pool, MATCHER)
            before = (kept.result, kept.as_of) if kept else None
            check = _answer(person, register, newest, finding, kept)
            if check is None:
                continue
            (new if kept is None else changed).append(check)
            if before != (check.result, check.as_of):
                facts.append(_fact(person, register, finding.result, newest.as_of, decided=False))
    Check.objects.bulk_create(new, batch_size=1000)
    Check.objects.bulk_update(changed, ANSWER_COLUMNS, batch_size=1000)
    journal.record_many(facts, actor=actor)
    return len(facts)


def _answer(person: Person, register: str, newest: ExternalList, finding: Finding, kept: Check | None) -> Check | None:
    """The check as it must be written; None when the one that stands says exactly this."""
    values = {
        "result": finding.result,
        "list_id": newest.pk,
        "record_id": finding.record.key if finding.record else None,
        "source": f"Liste {Register(register).label} ({newest.filename})"[:200],
        "as_of": newest.as_of,
        "reason": " ; ".join(finding.reasons)[:300],
        "settled_by": None,
        "settled_at": None,
    }
    check = kept or Check(person=person, register=register)
    if kept is not None and all(getattr(kept, name) == value for name, value in values.items()):
        return None
    for name, value in values.items():
        setattr(check, name, value)
    return check


def _fact(person: Person, register: str, result: str, as_of: dt.date, *, decided: bool) -> NewFact:
    return NewFact(
        FactKind.CHECKED,
        occurred_on=clock.today(),
        person=person.pk,
        direction=person.direction,
        data={"register": register, "result": result, "as_of": as_of, "decided": decided},
    )


@transaction.atomic
def settle(actor: Actor, check_id: uuid.UUID, *, same: bool) -> Check:
    """An agent says whether the line is this person. "Not the same" is remembered for ever."""
    check = policy.get_or_404(
        actor, Check.objects.select_for_update(of=("self",)), Resource.CHECK, check_id, Action.EDIT
    )
    if check.result != CheckResult.TO_REVIEW:
        raise Impossible("Ce rapprochement a déjà été tranché.", remedy="Rechargez la page pour voir la décision.")
    if not same and check.record is not None:
        NotSamePerson.objects.get_or_create(
            person_id=check.person_id,
            register=check.register,
            record_key=_record_key(_as_identity(check.record)),
            defaults={"judged_by": actor.agent_id},
        )
    return _settle_as(
        actor,
        check,
        CheckResult.REGISTERED if same else CheckResult.NOT_FOUND,
        reason=f"{check.reason} ; {'même personne' if same else 'personne différente'} selon {actor.agent}",
    )


@transaction.atomic
def declare_check(actor: Actor, person: Person, *, register: str, known: bool, source: str) -> Check:
    """What the agent verified by hand or the person showed, dated (E-006)."""
    policy.require(actor, Resource.CHECK, Action.EDIT)
    result = CheckResult.REGISTERED if known else CheckResult.NOT_FOUND
    check = Check.objects.select_for_update().filter(person=person, register=register).first()
    if check is None:
        check = Check(person=person, register=register, as_of=clock.today(), source=source)
    if check.pk and check.settled_by and check.result == result:
        return check
    check.source, check.as_of = source[:200], clock.today()
    return _settle_as(actor, check, result, reason=f"vérifié par {actor.agent}")


def _settle_as(actor: Actor, check: Check, result: str, *, reason: str) -> Check:
    check.result, check.reason = result, reason[:300]
    check.settled_by, check.settled_at = actor.agent_id, clock.now()
    check.save()
    journal.record_many([_fact(check.person, check.register, result, check.as_of, decided=True)], actor=actor)
    journal.note_access(actor, [check.person_id], action="write", purpose=f"vérification {check.register}")
    return check


def _identities(people: Sequence[Person]) -> dict[uuid.UUID, Identity]:
    hashes: dict[uuid.UUID, set[tuple[str, bytes]]] = defaultdict(set)
    rows = Identifier.objects.filter(person__in=people, kind__in=HASH_COLUMNS).values_list(
        "person_id", "kind", "search_hash"
    )
    for person_id, kind, value in rows:
        hashes[person_id].add((kind, bytes(value)))
    return {
        person.pk: Identity(
            key=person.pk,
            family_name=person.family_name,
            birth_name=person.birth_name,
            given_names=person.given_names,
            birth_date=person.birth_date,
            sex=person.sex,
            identifiers=frozenset(hashes[person.pk]),
        )
        for person in people
    }


def _as_identity(record: ExternalRecord) -> Identity:
    identifiers = {(kind, bytes(value)) for kind, column in HASH_COLUMNS.items() if (value := getattr(record, column))}
    return Identity(
        key=record.pk,
        family_name=record.family_name,
        birth_name=record.birth_name,
        given_names=record.given_names,
        birth_date=record.birth_date,
        sex=record.sex,
        identifiers=frozenset(identifiers),
    )


def _candidates(newest: ExternalList, people: Sequence[Identity]) -> dict[object, list[Identity]]:
    """For each person, the lines that share an identifier, the birth date, or both names (either order)."""
    found: dict[object, list[Identity]] = {person.key: [] for person in people}
    for start in range(0, len(people), 1000):
        batch = people[start : start + 1000]
        hashes = {column: [] for column in HASH_COLUMNS.values()}
        for person in batch:
            for kind, value in person.identifiers:
                hashes[HASH_COLUMNS[kind]].append(value)
        same = Q(birth_date__in={p.birth_date for p in batch if p.birth_date})
        same |= Q(family_key__in={k for p in batch for k in (p.family_key, ascii_key(p.birth_name)) if k})
        for column, values in hashes.items():
            if values:
                same |= Q(**{f"{column}__in": values})
        lines = [_as_identity(record) for record in ExternalRecord.objects.filter(same, list=newest)]
        by_day: dict[object, list[Identity]] = defaultdict(list)
        by_name: dict[str, list[Identity]] = defaultdict(list)
        by_identifier: dict[tuple[str, bytes], list[Identity]] = defaultdict(list)
        for line in lines:
            by_day[line.birth_date].append(line)
            by_name[line.family_key].append(line)
            for identifier in line.identifiers:
                by_identifier[identifier].append(line)
        for person in batch:
            pool = {line.key: line for identifier in person.identifiers for line in by_identifier[identifier]}
            if person.birth_date:
                pool |= {line.key: line for line in by_day[person.birth_date]}
            for name in {person.family_key, ascii_key(person.birth_name)} - {""}:
                pool |= {line.key: line for line in by_name[name]}
            found[person.key] = list(pool.values())
    return found


def _record_key(record: Identity) -> str:
    """Names a line across successive lists, so that a judged pair is not asked again next month."""
    return f"{record.family_key}|{record.given_key}|{record.birth_date or '?'}"[:400]


def _refused_pairs(people: Sequence[Person]) -> set[tuple[uuid.UUID, str, str]]:
    return set(NotSamePerson.objects.filter(person__in=people).values_list("person_id", "register", "record_key"))
