"""Lists received, and persons checked against the newest ones."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.core.bulk import copy_rows
from passerelles.core.text import ascii_key
from passerelles.journal import services as journal
from passerelles.journal.services import NewFact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage import lookup
from passerelles.linkage.engine.answers import Finding, answer
from passerelles.linkage.engine.decision import CHECK
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.records import ARRAYS, Record
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.models import (
    MOST_REASON,
    PREPARED,
    Check,
    ExternalList,
    ExternalRecord,
    NotSamePerson,
    Profile,
)
from passerelles.linkage.services import profiles
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import Register
from passerelles.people.models import Person
from passerelles.people.services import hash_of

LEAST_BITS = math.log2(CHECK.thresholds.review / (1 - CHECK.thresholds.review))
NOT_FOUND_REASON = "aucune ligne ressemblante dans la liste"
ANSWER_COLUMNS = "result list record source as_of reason bits settled_by settled_at asked second".split()
RECORD_COLUMNS = [
    "id",
    "created_at",
    "list",
    "family_name",
    "birth_name",
    "given_names",
    "birth_date",
    "since",
    "until",
    "line",
    "sheet",
    *PREPARED,
]


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
    return copy_rows(
        ExternalRecord,
        RECORD_COLUMNS,
        (
            (uuid.uuid4(), instant, external_list.pk, *_line(row))
            for row in rows
            if ((row.get("sheet") or ""), row["line"]) not in there
        ),
    )


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    """The columns of a line after its list: what the file says, then what the comparison needs."""

    def hashed(kind: str, value: str | None) -> str:
        return hash_of(kind, value).hex() if value else ""

    record = Record(
        family_name=row["family_name"],
        given_names=row["given_names"],
        birth_name=row.get("birth_name") or "",
        birth_date=row.get("birth_date"),
        birth_date_estimated=(row.get("birth_date_precision") or "day") != "day",
        sex=row.get("sex") or "",
        country=row.get("nationality") or "",
        postcode=row.get("postcode") or "",
        city=row.get("city") or "",
        address=row.get("address") or "",
        email=profiles.hidden("email", (row.get("email") or "").lower()),
        phone=profiles.hidden("phone", row.get("phone") or ""),
        foreigner_number=hashed("agdref", row.get("foreigner_number")),
        nir=hashed("nir", row.get("nir")),
        ft_number=hashed("ft", row.get("ft_identifier")),
    )
    prepared = profiles.prepared(record)
    return (
        record.family_name,
        record.birth_name,
        record.given_names,
        record.birth_date,
        row.get("since"),
        row.get("until"),
        row["line"],
        row.get("sheet") or "",
        *(prepared[name] for name in PREPARED),
    )


@transaction.atomic
def close_list(actor: Actor, external_list: ExternalList) -> None:
    """The list is whole: from now on it is the one that counts for its register and DT."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    external_list.complete = True
    external_list.save(update_fields=["complete"])


def newest_lists(directions: Iterable[str]) -> dict[tuple[str, str], ExternalList]:
    """{(DT, register): the complete list with the latest date}."""
    return {(found.direction, found.register): found for found in lists_that_count(directions)}


def lists_that_count(directions: Iterable[str]) -> QuerySet[ExternalList]:
    """Of each DT and register, the complete list with the latest date."""
    complete = ExternalList.objects.filter(direction__in=list(directions), complete=True)
    return complete.order_by("direction", "register", "-as_of", "-created_at").distinct("direction", "register")


def prior_of(external_list: ExternalList) -> float:
    """What is expected of a person and one line of this list before any comparison."""
    return CHECK.prior(external_list.records.count())


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
    profiles.refresh([person.pk for person in people])
    lists = newest_lists({person.direction for person in people})
    standing = {(c.person_id, c.register): c for c in Check.objects.filter(person__in=people).select_for_update()}
    refused = _refused_pairs(people)
    facts: list[NewFact] = []
    new: list[Check] = []
    changed: list[Check] = []
    for (direction, register), newest in lists.items():
        here = [person for person in people if person.direction == direction]
        profiles.prepare_again(newest.pk)
        prior = prior_of(newest)
        lines = lookup.lines_like(newest.pk, [person.pk for person in here], prior=prior, least_bits=LEAST_BITS)
        keys = _record_keys({found.pk for candidates in lines.values() for found in candidates})
        findings = {}
        for person in here:
            kept = standing.get((person.pk, register))
            if kept and kept.settled_by and kept.as_of >= newest.as_of:
                continue
            findings[person.pk] = answer(
                [
                    (found.pk, found.bits)
                    for found in lines.get(person.pk, ())
                    if (person.pk, register, keys[found.pk]) not in refused
                ],
                CHECK.thresholds,
            )
        reasons = reasons_for({pk: finding.line for pk, finding in findings.items() if finding.line}, prior)
        for person in here:
            if person.pk not in findings:
                continue
            finding, kept = findings[person.pk], standing.get((person.pk, register))
            before = (kept.result, kept.as_of) if kept else None
            check = _answer(person, register, newest, finding, reasons.get(person.pk, NOT_FOUND_REASON), kept)
            if check is None:
                continue
            (new if kept is None else changed).append(check)
            if before != (check.result, check.as_of):
                facts.append(check_fact(person, register, finding.result, newest.as_of, decided=False))
    Check.objects.bulk_create(new, batch_size=1000)
    Check.objects.bulk_update(changed, ANSWER_COLUMNS, batch_size=1000)
    journal.record_many(facts, actor=actor)
    return len(facts)


def _answer(
    person: Person,
    register: str,
    newest: ExternalList,
    finding: Finding[uuid.UUID],
    reason: str,
    kept: Check | None,
) -> Check | None:
    """The check as it must be written; None when the one that stands says exactly this."""
    values = {
        "result": finding.result,
        "list_id": newest.pk,
        "record_id": finding.line,
        "source": f"Liste {Register(register).label} ({newest.filename})"[:200],
        "as_of": newest.as_of,
        "reason": reason,
        "bits": finding.bits,
        "settled_by": None,
        "settled_at": None,
        "asked": None,
    }
    still_asked = kept is not None and (kept.result, kept.record_id) == (finding.result, finding.line)
    values["second"] = kept.second if still_asked and kept is not None else None
    check = kept or Check(person=person, register=register)
    if kept is not None and all(getattr(kept, name) == value for name, value in values.items()):
        return None
    for name, value in values.items():
        setattr(check, name, value)
    return check


def check_fact(person: Person, register: str, result: str, as_of: dt.date, *, decided: bool) -> NewFact:
    """The fact of an answer; `decided` by an agent or found by the platform."""
    return NewFact(
        FactKind.CHECKED,
        occurred_on=clock.today(),
        person=person.pk,
        direction=person.direction,
        data={"register": register, "result": result, "as_of": as_of, "decided": decided},
    )


def likely_lines(check: Check) -> list[lookup.Found]:
    """The lines that the question of a check is about: the one retained, then its rivals in the list, heaviest first.

    Reads only: the profile is that of the last comparison.
    """
    retained = [lookup.Found(check.record_id, check.bits or 0.0)] if check.record_id else []
    if check.list is None:
        return retained
    found = lookup.lines_like(check.list_id, [check.person_id], prior=prior_of(check.list), least_bits=LEAST_BITS)
    others = [each for each in found.get(check.person_id, ()) if each.pk != check.record_id]
    refused = _refused_pairs([check.person])
    keys = _record_keys({each.pk for each in others})
    return retained + [each for each in others if (check.person_id, check.register, keys[each.pk]) not in refused]


def reasons_for(lines: dict[uuid.UUID, uuid.UUID], prior: float) -> dict[uuid.UUID, str]:
    """{person: what each field contributes}, for the line retained for each."""
    scorer = Scorer(load().expecting(prior))
    theirs = {row["pk"]: row for row in _rows(ExternalRecord.objects.filter(pk__any=list(lines.values())))}
    mine = {row["pk"]: row for row in _rows(Profile.objects.filter(pk__any=list(lines)))}
    return {
        person_id: " ; ".join(scorer.score_rows(mine[person_id], theirs[line]).reasons)[:MOST_REASON]
        for person_id, line in lines.items()
    }


def _rows(records: QuerySet) -> Iterator[dict[str, Any]]:
    for row in records.order_by().values("pk", *PREPARED):
        yield row | {name: frozenset(row[name]) for name in ARRAYS}


def _record_keys(line_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    lines = ExternalRecord.objects.filter(pk__any=list(line_ids)).only("family_name", "given_names", "birth_date")
    return {line.pk: record_key(line) for line in lines}


def record_key(line: ExternalRecord) -> str:
    """Names a line across successive lists, so that a judged pair is not asked again next month."""
    return f"{ascii_key(line.family_name)}|{ascii_key(line.given_names)}|{line.birth_date or '?'}"[:400]


def _refused_pairs(people: Sequence[Person]) -> set[tuple[uuid.UUID, str, str]]:
    return set(NotSamePerson.objects.filter(person__in=people).values_list("person_id", "register", "record_key"))
