"""What the screens of the checks read: the queue to review, a pair side by side, the lists loaded."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Model, Q, QuerySet

from passerelles.linkage.engine.answers import among
from passerelles.linkage.engine.model import Model as Weights
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.score import Contribution, Score, Scorer
from passerelles.linkage.models import (
    PREPARED,
    WAITING,
    Check,
    CheckResult,
    ExternalList,
    ExternalRecord,
    PairState,
    PersonPair,
)
from passerelles.linkage.queries.fields import (
    FieldPair,
    agent_name,
    chances,
    day,
    hidden_pair,
    row_of,
    sex_label,
    signed,
    text_pair,
)
from passerelles.linkage.services import profiles
from passerelles.linkage.services.checks import likely_lines, prior_of
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, Register
from passerelles.people.models import Person

ORDER = ("as_of", "created_at", "pk")
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the list beside the person: each field, what no field shows, and the sum in bits."""

    line: ExternalRecord
    fields: tuple[FieldPair, ...]
    other_reasons: tuple[str, ...]
    start: str
    total: str
    chances: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A check with the lines it may rest on, the likeliest first."""

    check: Check
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]
    settled_by: str
    mine: bool
    """The first reader, while a second one is awaited, is the actor."""
    next_id: uuid.UUID | None
    left: int

    @property
    def to_review(self) -> bool:
        return self.check.result in WAITING

    @property
    def first_answer(self) -> int | None:
        """The line that a first reader chose, by its number in the file."""
        said = (self.check.second or {}).get("line")
        return next((each.line.line for each in self.candidates if str(each.line.pk) == said), None)

    @property
    def can_be_undone(self) -> bool:
        return not self.to_review and self.check.asked is not None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the agent chose to see of the queue; unknown words mean everything."""

    register: str = ""
    result: str = ""

    @classmethod
    def of(cls, words: dict[str, str]) -> Narrowed:
        register, result = words.get("registre", ""), words.get("reponse", "")
        return cls(register if register in Register.values else "", result if result in WAITING else "")

    @property
    def query(self) -> str:
        """The words as they stand in an address, with `?`; "" for everything."""
        words = {"registre": self.register, "reponse": self.result}
        found = "&".join(f"{name}={value}" for name, value in words.items() if value)
        return f"?{found}" if found else ""


EVERYTHING = Narrowed()


def to_review(actor: Actor, narrowed: Narrowed = EVERYTHING) -> QuerySet[Check]:
    """The checks waiting for somebody to settle them, oldest first."""
    waiting = Check.objects.filter(result__in=[narrowed.result] if narrowed.result else WAITING)
    if narrowed.register:
        waiting = waiting.filter(register=narrowed.register)
    return policy.visible(actor, waiting.select_related("person", "list"), Resource.CHECK).order_by(*ORDER)


def pair(actor: Actor, pk: uuid.UUID, narrowed: Narrowed = EVERYTHING) -> Pair:
    """Both records of one check, field by field; `Unknown` when the actor may not see it."""
    check = policy.get_or_404(actor, Check.objects.select_related("person", "record", "list"), Resource.CHECK, pk)
    waiting = to_review(actor, narrowed).exclude(pk=check.pk)
    after = (
        Q(as_of__gt=check.as_of)
        | Q(as_of=check.as_of, created_at__gt=check.created_at)
        | Q(as_of=check.as_of, created_at=check.created_at, pk__gt=check.pk)
    )
    ids = waiting.values_list("pk", flat=True)
    return Pair(
        check=check,
        candidates=tuple(_candidates(check)),
        reasons=tuple(part.strip() for part in check.reason.split(";") if part.strip()),
        settled_by=agent_name(check.settled_by),
        mine=bool(check.second and check.second["by"] == str(actor.agent_id)),
        next_id=ids.filter(after).first() or ids.first(),
        left=waiting.count(),
    )


def derived(person: Person) -> list[Model]:
    """What linkage keeps of a person by itself, that follows the record when it is withdrawn."""
    rows: list[Model] = list(person.checks.filter(settled_by=None))
    rows += PersonPair.objects.filter(Q(first=person) | Q(second=person)).exclude(state=PairState.SAME).order_by("pk")
    return rows + [row for name in ("profile", "created_anyway") if (row := getattr(person, name, None)) is not None]


def lists_loaded(actor: Actor) -> QuerySet[ExternalList]:
    """The lists of one's own DTs with their number of lines, newest first."""
    found = policy.visible(actor, ExternalList.objects.select_related("loaded_by"), Resource.IMPORT)
    return found.annotate(lines=Count("records")).order_by("-as_of", "-created_at", "pk")


def registers_without_list(actor: Actor) -> list[str]:
    """The registers for which no complete list was ever loaded in the DTs of the actor."""
    seen = policy.visible(actor, ExternalList.objects.filter(complete=True), Resource.IMPORT)
    there = set(seen.order_by().values_list("register", flat=True).distinct())
    return [register.label for register in Register if register not in there]


def _candidates(check: Check) -> list[Candidate]:
    """The likely lines while the question is open, the line retained once it is settled."""
    if check.list is None or check.record is None:
        return []
    ids = [check.record_id]
    if check.result == CheckResult.AMBIGUOUS:
        ids = [each.pk for each in likely_lines(check)][:MOST_CANDIDATES]
    lines = ExternalRecord.objects.in_bulk(ids)
    hashes = {each.kind: bytes(each.search_hash).hex() for each in check.person.identifiers.all()}
    known = {kind: value for kind, value in hashes.items() if kind in profiles.KINDS}
    mine = row_of(profiles.prepared(profiles.record_of(check.person, known)))
    weights = load().expecting(prior_of(check.list))
    scorer = Scorer(weights)
    there = [lines[pk] for pk in ids if pk in lines]
    scores = [scorer.score_rows(mine, row_of({name: getattr(line, name) for name in PREPARED})) for line in there]
    shares = among([score.bits for score in scores])
    return [
        _candidate(check.person, hashes, line, score, weights, share)
        for line, score, share in zip(there, scores, shares, strict=True)
    ]


def _candidate(
    person: Person, hashes: dict[str, str], line: ExternalRecord, score: Score, weights: Weights, share: float
) -> Candidate:
    said = {each.comparison: each for each in score.contributions}
    shown = dict(_compare(person, hashes, line, said))
    rest = sorted((each for code, each in said.items() if code not in shown), key=lambda each: -abs(each.bits))
    return Candidate(
        line=line,
        fields=tuple(shown.values()),
        other_reasons=tuple(each.sentence() for each in rest),
        start=signed(weights.prior_bits),
        total=signed(score.bits),
        chances=chances(share),
    )


def _compare(
    person: Person, hashes: dict[str, str], line: ExternalRecord, said: dict[str, Contribution]
) -> Iterable[tuple[str, FieldPair]]:
    """(code of the comparison, both values): what the line says, in the order of a form."""
    yield "family", text_pair("Nom de famille", person.family_name, line.family_name, said.get("family"))
    if person.birth_name or line.birth_name:
        yield "birth", text_pair("Nom de naissance", person.birth_name, line.birth_name)
    yield "given", text_pair("Prénoms", person.given_names, line.given_names, said.get("given"))
    yield "born", text_pair("Date de naissance", day(person.birth_date), day(line.birth_date), said.get("born"))
    yield "sex", text_pair("Sexe", person.get_sex_display(), sex_label(line.sex), said.get("sex"))
    if line.country:
        yield "country", text_pair("Nationalité", person.nationality, line.country, said.get("country"))
    if line.postcode:
        yield "place", text_pair("Code postal", person.postcode, line.postcode, said.get("place"))
    for kind in ("agdref", "nir", "ft"):
        theirs = getattr(line, kind)
        if theirs or kind in hashes:
            yield kind, hidden_pair(IdentifierKind(kind).label, hashes.get(kind, ""), theirs, said.get(kind))
