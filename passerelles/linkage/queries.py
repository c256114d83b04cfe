"""What the screens of the checks read: the queue to review, a pair side by side, the lists loaded."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Model, Q, QuerySet

from passerelles.core.text import ascii_key
from passerelles.linkage.engine.model import Model as Weights
from passerelles.linkage.engine.model import load, probability
from passerelles.linkage.engine.records import ARRAYS
from passerelles.linkage.engine.score import Contribution, Scorer
from passerelles.linkage.models import PREPARED, WAITING, Check, CheckResult, ExternalList, ExternalRecord
from passerelles.linkage.services import profiles
from passerelles.linkage.services.checks import likely_lines, prior_of
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, Register, Sex
from passerelles.people.models import Person

ORDER = ("as_of", "created_at", "pk")
MOST_CANDIDATES = 5
NEARLY_SURE = 0.999


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both records. `verdict`: same, different, or missing on one side; what it says and weighs."""

    label: str
    person: str
    record: str
    verdict: str
    contribution: Contribution | None = None

    @property
    def verdict_label(self) -> str:
        if self.contribution is not None:
            return self.contribution.sentence()
        return {"same": "identique", "different": "différent", "missing": "absent d’un côté"}[self.verdict]


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
    next_id: uuid.UUID | None
    left: int

    @property
    def to_review(self) -> bool:
        return self.check.result in WAITING

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
        settled_by=_agent_name(check.settled_by),
        next_id=ids.filter(after).first() or ids.first(),
        left=waiting.count(),
    )


def derived(person: Person) -> list[Model]:
    """What linkage keeps of a person by itself, that follows the record when it is withdrawn."""
    rows: list[Model] = list(person.checks.filter(settled_by=None))
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
    mine = _row(profiles.prepared(profiles.record_of(check.person, known)))
    weights = load().expecting(prior_of(check.list))
    scorer = Scorer(weights)
    return [_candidate(check.person, hashes, mine, lines[pk], scorer, weights) for pk in ids if pk in lines]


def _candidate(
    person: Person, hashes: dict[str, str], mine: dict, line: ExternalRecord, scorer: Scorer, weights: Weights
) -> Candidate:
    score = scorer.score_rows(mine, _row({name: getattr(line, name) for name in PREPARED}))
    said = {each.comparison: each for each in score.contributions}
    shown = dict(_compare(person, hashes, line, said))
    rest = sorted((each for code, each in said.items() if code not in shown), key=lambda each: -abs(each.bits))
    return Candidate(
        line=line,
        fields=tuple(shown.values()),
        other_reasons=tuple(each.sentence() for each in rest),
        start=_signed(weights.prior_bits),
        total=_signed(score.bits),
        chances=_chances(probability(score.bits)),
    )


def _row(columns: dict) -> dict:
    return columns | {name: frozenset(columns[name]) for name in ARRAYS}


def _compare(
    person: Person, hashes: dict[str, str], line: ExternalRecord, said: dict[str, Contribution]
) -> Iterable[tuple[str, FieldPair]]:
    """(code of the comparison, both values): what the line says, in the order of a form."""
    yield "family", _text("Nom de famille", person.family_name, line.family_name, said.get("family"))
    if person.birth_name or line.birth_name:
        yield "birth", _text("Nom de naissance", person.birth_name, line.birth_name)
    yield "given", _text("Prénoms", person.given_names, line.given_names, said.get("given"))
    yield "born", _text("Date de naissance", _day(person.birth_date), _day(line.birth_date), said.get("born"))
    yield "sex", _text("Sexe", person.get_sex_display(), _sex(line.sex), said.get("sex"))
    if line.country:
        yield "country", _text("Nationalité", person.nationality, line.country, said.get("country"))
    if line.postcode:
        yield "place", _text("Code postal", person.postcode, line.postcode, said.get("place"))
    for kind in ("agdref", "nir", "ft"):
        theirs = getattr(line, kind)
        if theirs or kind in hashes:
            yield kind, _hidden(IdentifierKind(kind).label, hashes.get(kind, ""), theirs, said.get(kind))


def _text(label: str, mine: str, theirs: str, said: Contribution | None = None) -> FieldPair:
    if not mine or not theirs:
        return FieldPair(label, mine, theirs, "same" if mine == theirs else "missing", said)
    return FieldPair(label, mine, theirs, "same" if ascii_key(mine) == ascii_key(theirs) else "different", said)


def _hidden(label: str, mine: str, theirs: str, said: Contribution | None) -> FieldPair:
    """Identifiers are compared by their keyed hashes; their values are not shown (K-004)."""
    verdict = "missing" if not mine or not theirs else "same" if mine.startswith(theirs) else "different"
    return FieldPair(label, "connu" if mine else "", "connu" if theirs else "", verdict, said)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _sex(code: str) -> str:
    return Sex(code).label if code in Sex.values else code


def _signed(bits: float) -> str:
    return f"{'+' if bits >= 0 else '−'}{abs(bits):.1f}".replace(".", ",")


def _chances(share: float) -> str:
    """A probability in words: never 100 %, since it never is."""
    if share > NEARLY_SURE:
        return "plus de 99,9 %"
    return f"{100 * share:.0f} %" if share < 0.99 else f"{100 * share:.1f} %".replace(".", ",")


def _agent_name(agent_id: uuid.UUID | None) -> str:
    return Agent.objects.filter(pk=agent_id).values_list("name", flat=True).first() or "" if agent_id else ""
