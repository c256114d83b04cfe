"""What the screens of the checks read: the queue to review, a pair side by side, the lists loaded."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from passerelles.core.text import ascii_key
from passerelles.linkage.models import WAITING, Check, ExternalList, ExternalRecord
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, Register, Sex
from passerelles.people.models import Person


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both records. `verdict`: same, different, or missing on one side."""

    label: str
    person: str
    record: str
    verdict: str

    @property
    def verdict_label(self) -> str:
        return {"same": "identique", "different": "différent", "missing": "absent d’un côté"}[self.verdict]


@dataclass(frozen=True, slots=True)
class Pair:
    """A check with both records side by side."""

    check: Check
    fields: tuple[FieldPair, ...]
    reasons: tuple[str, ...]
    settled_by: str
    next_id: uuid.UUID | None
    left: int

    @property
    def to_review(self) -> bool:
        return self.check.result in WAITING


def to_review(actor: Actor) -> QuerySet[Check]:
    """The checks waiting for somebody to settle them, oldest first."""
    waiting = Check.objects.filter(result__in=WAITING).select_related("person", "list")
    return policy.visible(actor, waiting, Resource.CHECK).order_by("as_of", "created_at", "pk")


def pair(actor: Actor, pk: uuid.UUID) -> Pair:
    """Both records of one check, field by field; `Unknown` when the actor may not see it."""
    check = policy.get_or_404(actor, Check.objects.select_related("person", "record", "list"), Resource.CHECK, pk)
    waiting = to_review(actor).exclude(pk=check.pk)
    return Pair(
        check=check,
        fields=tuple(_compare(check.person, check.record)),
        reasons=tuple(part.strip() for part in check.reason.split(";") if part.strip()),
        settled_by=_agent_name(check.settled_by),
        next_id=waiting.values_list("pk", flat=True).first(),
        left=waiting.count(),
    )


def lists_loaded(actor: Actor) -> QuerySet[ExternalList]:
    """The lists of one's own DTs with their number of lines, newest first."""
    found = policy.visible(actor, ExternalList.objects.select_related("loaded_by"), Resource.IMPORT)
    return found.annotate(lines=Count("records")).order_by("-as_of", "-created_at", "pk")


def registers_without_list(actor: Actor) -> list[str]:
    """The registers for which no complete list was ever loaded in the DTs of the actor."""
    seen = policy.visible(actor, ExternalList.objects.filter(complete=True), Resource.IMPORT)
    there = set(seen.order_by().values_list("register", flat=True).distinct())
    return [register.label for register in Register if register not in there]


def _compare(person: Person, record: ExternalRecord | None) -> list[FieldPair]:
    if record is None:
        return []
    fields = [
        _text("Nom de famille", person.family_name, record.family_name),
        _text("Nom de naissance", person.birth_name, record.birth_name),
        _text("Prénoms", person.given_names, record.given_names),
        _text("Date de naissance", _day(person.birth_date), _day(record.birth_date)),
        _text("Sexe", person.get_sex_display(), _sex(record.sex)),
    ]
    mine = {each.kind: bytes(each.search_hash).hex() for each in person.identifiers.all()}
    for kind in ("agdref", "nir", "ft"):
        theirs = getattr(record, kind)
        if theirs or kind in mine:
            fields.append(_identifier(IdentifierKind(kind).label, mine.get(kind, ""), theirs))
    return fields


def _text(label: str, mine: str, theirs: str) -> FieldPair:
    if not mine or not theirs:
        return FieldPair(label, mine, theirs, "same" if mine == theirs else "missing")
    return FieldPair(label, mine, theirs, "same" if ascii_key(mine) == ascii_key(theirs) else "different")


def _identifier(label: str, mine: str, theirs: str) -> FieldPair:
    """Identifiers are compared by their keyed hashes; their values are not shown (K-004)."""
    verdict = "missing" if not mine or not theirs else "same" if mine.startswith(theirs) else "different"
    return FieldPair(label, "connu" if mine else "", "connu" if theirs else "", verdict)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _sex(code: str) -> str:
    return Sex(code).label if code in Sex.values else code


def _agent_name(agent_id: uuid.UUID | None) -> str:
    return Agent.objects.filter(pk=agent_id).values_list("name", flat=True).first() or "" if agent_id else ""
