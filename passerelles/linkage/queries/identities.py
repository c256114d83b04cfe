"""Records that may be, or are, one person: the queue of pairs, a pair side by side, who shares an identity."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from passerelles.core.together import read_together
from passerelles.linkage import lookup
from passerelles.linkage.effects import Depends, depending
from passerelles.linkage.engine.decision import DOUBLE
from passerelles.linkage.engine.identities import second_reader
from passerelles.linkage.engine.model import load, probability
from passerelles.linkage.engine.records import Row
from passerelles.linkage.engine.score import Contribution, Scorer
from passerelles.linkage.models import (
    OPEN_PAIRS,
    Check,
    CheckResult,
    IdentityMember,
    PairDecision,
    PairState,
    PairVerb,
    PersonPair,
)
from passerelles.linkage.queries.fields import FieldPair, chances, day, hidden_pair, row_of, signed, text_pair
from passerelles.linkage.queries.values import TRACKED, Value, timelines
from passerelles.linkage.services import profiles
from passerelles.linkage.stakes import stakes_of
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, Motive
from passerelles.people.models import Person, Registration
from passerelles.reference import countries
from passerelles.reference.tables import UnknownCode

COMPARED_KINDS = ("agdref", "nir", "ft")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records, and for each side where the value comes from and what it replaced."""

    field: FieldPair
    first: str
    second: str
    first_before: str
    second_before: str


@dataclass(frozen=True, slots=True)
class Gesture:
    """One line of the history of a pair."""

    at: dt.datetime
    agent: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class PairPage:
    """Two records side by side, what depends on the answer, and what was answered before."""

    pair: PersonPair
    lines: tuple[Line, ...]
    other_reasons: tuple[str, ...]
    start: str
    total: str
    chances: str
    second_reader: tuple[str, ...]
    depends: tuple[Depends, ...]
    history: tuple[Gesture, ...]
    mine: bool
    """The first reader, while a second one is awaited, is the actor."""
    next_id: uuid.UUID | None
    left: int

    @property
    def waiting(self) -> bool:
        return self.pair.state in OPEN_PAIRS


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """Another record of the same person. `pair`: the link that an agent may take back, if it is a direct one."""

    person: Person
    pair_id: uuid.UUID | None
    since: dt.datetime
    registrations: tuple[Registration, ...]


def open_pairs(actor: Actor) -> QuerySet[PersonPair]:
    """The pairs waiting for an answer, the likeliest first."""
    waiting = PersonPair.objects.filter(state__in=OPEN_PAIRS).select_related("first", "second")
    return policy.visible(actor, waiting, Resource.CHECK).order_by("-bits", "pk")


def next_of(queue: QuerySet[PersonPair], pair: PersonPair) -> uuid.UUID | None:
    """The pair after this one in a queue, the first when it is the last; None when there is no other. Two queries."""
    others = queue.exclude(pk=pair.pk).values_list("pk", flat=True)
    after = others.filter(Q(bits__lt=pair.bits) | Q(bits=pair.bits, pk__gt=pair.pk)).first()
    first = others.first()
    return after or first


def pair_page(actor: Actor, pk: uuid.UUID) -> PairPage:
    """The pair `pk`; `Unknown` when the actor may not see both records. A fixed number of queries."""
    pairs = PersonPair.objects.select_related("first", "second")
    pair = policy.get_or_404(actor, pairs, Resource.CHECK, pk)
    people = [pair.first, pair.second]
    hashes, rows = comparison_rows(people)
    weights = load().expecting(DOUBLE.prior(lookup.people_count()))
    score = Scorer(weights).score_rows(*rows)
    said = {each.comparison: each for each in score.contributions}
    shown = dict(fields_said(people, hashes, said))
    times = timelines(people)
    rest = sorted((each for code, each in said.items() if code not in shown), key=lambda each: -abs(each.bits))
    waiting = open_pairs(actor).exclude(pk=pair.pk)
    history = history_of(pair)
    first_reader = next((each for each in reversed(history) if each[0].verb == PairVerb.PROPOSED), None)
    return PairPage(
        pair=pair,
        lines=tuple(_lines(shown, [times[person.pk] for person in people])),
        other_reasons=tuple(each.sentence() for each in rest),
        start=signed(weights.prior_bits),
        total=signed(score.bits),
        chances=chances(probability(score.bits)),
        second_reader=second_reader(stakes_of(actor, pair)),
        depends=tuple(depending(actor, [person.pk for person in people])),
        history=tuple(gesture for _, gesture in history),
        mine=bool(pair.state == PairState.SECOND and first_reader and first_reader[0].decided_by == actor.agent_id),
        next_id=next_of(open_pairs(actor), pair),
        left=waiting.count(),
    )


def members_sharing(person_ids: Iterable[uuid.UUID]) -> QuerySet[IdentityMember]:
    """The members of the identities of these persons, themselves included."""
    identities = IdentityMember.objects.filter(person__any=list(person_ids)).order_by().values("identity")
    return IdentityMember.objects.filter(identity__in=identities).order_by("pk")


def others_of(
    person_ids: Iterable[uuid.UUID], members: Iterable[IdentityMember]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """{person: the other records of the same identity} among `members_sharing`."""
    groups: dict[uuid.UUID, set[uuid.UUID]] = {}
    for member in members:
        groups.setdefault(member.identity, set()).add(member.person_id)
    asked = set(person_ids)
    return {pk: frozenset(group - {pk}) for group in groups.values() for pk in group & asked}


def records_sharing(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """{person: the other records of the same identity}, whatever their scope: for rules, never for a screen."""
    wanted = list(person_ids)
    return others_of(wanted, members_sharing(wanted))


def answers_of_identity(
    person_ids: Iterable[uuid.UUID], sharing: Mapping[uuid.UUID, frozenset[uuid.UUID]] | None = None
) -> dict[uuid.UUID, dict[str, str]]:
    """{person: {register: where another record of theirs is known there}}; two queries more when some are linked.

    `sharing`: the answer of `records_sharing`, when the caller has read it.

    What one record of a person established holds for the person (B-051): registered under another record, found by
    an agent or by a list under another record.
    """
    sharing = records_sharing(person_ids) if sharing is None else sharing
    others = {other for group in sharing.values() for other in group}
    if not others:
        return {}
    found: dict[uuid.UUID, dict[str, str]] = {}
    checks = Check.objects.filter(person__any=list(others), result=CheckResult.REGISTERED).order_by("as_of", "pk")
    for person_id, register, source, as_of in checks.values_list("person_id", "register", "source", "as_of"):
        found.setdefault(person_id, {})[register] = f"{source}, {as_of:%d/%m/%Y}"
    standing = Registration.objects.filter(person__any=list(others), ends_on=None).order_by("starts_on", "pk")
    for person_id, register, starts_on in standing.values_list("person_id", "register", "starts_on"):
        found.setdefault(person_id, {})[register] = f"inscription du {starts_on:%d/%m/%Y}"
    return {
        pk: {register: text for other in sorted(group) for register, text in found.get(other, {}).items()}
        for pk, group in sharing.items()
    }


def registered_under_other_records(person_id: uuid.UUID, register: str) -> list[Registration]:
    """The standing registrations of the person in `register` under their other records."""
    others = records_sharing([person_id]).get(person_id, frozenset())
    if not others:
        return []
    standing = Registration.objects.filter(person__in=others, register=register, ends_on=None)
    return list(standing.order_by("starts_on", "pk"))


def linked_records(actor: Actor, person: Person) -> tuple[list[LinkedRecord], int]:
    """The other records of the person that the actor may see, and how many more there are that they may not.

    One query, and one more when there are some.
    """
    others = records_sharing([person.pk]).get(person.pk, frozenset())
    if not others:
        return [], 0
    seen = policy.visible(actor, Person.objects.filter(pk__in=others), Resource.PERSON)
    direct = Q(first=person, second__in=others) | Q(second=person, first__in=others)
    found = read_together(
        {
            "people": seen.order_by("created_at", "pk"),
            "pairs": PersonPair.objects.filter(direct, state=PairState.SAME).order_by("pk"),
            "members": IdentityMember.objects.filter(person__in=others).order_by("pk"),
            "registrations": Registration.objects.filter(person__in=others).order_by("-starts_on", "pk"),
        }
    )
    pairs = {each.second_id if each.first_id == person.pk else each.first_id: each.pk for each in found["pairs"]}
    since = {each.person_id: each.since for each in found["members"]}
    registrations: dict[uuid.UUID, list[Registration]] = {}
    for each in found["registrations"]:
        registrations.setdefault(each.person_id, []).append(each)
    records = [
        LinkedRecord(each, pairs.get(each.pk), since[each.pk], tuple(registrations.get(each.pk, ())))
        for each in found["people"]
    ]
    return records, len(others) - len(records)


def waiting_pairs_of(actor: Actor, person: Person) -> QuerySet[PersonPair]:
    """The open questions about this person that the actor may see."""
    return open_pairs(actor).filter(Q(first=person) | Q(second=person))


def _hashes(people: Sequence[Person]) -> dict[uuid.UUID, dict[str, str]]:
    found: dict[uuid.UUID, dict[str, str]] = {person.pk: {} for person in people}
    for kind, person_id, value in (
        people[0]
        .identifiers.model.objects.filter(person__in=people)
        .order_by("created_at", "pk")
        .values_list("kind", "person_id", "search_hash")
    ):
        found[person_id][kind] = bytes(value).hex()
    return found


def comparison_rows(people: Sequence[Person]) -> tuple[dict[uuid.UUID, dict[str, str]], list[Row]]:
    """({person: {kind: hash of an identifier}}, the prepared record of each)."""
    hashes = _hashes(people)
    return hashes, [_row(person, hashes[person.pk]) for person in people]


def _row(person: Person, hashes: dict[str, str]) -> Row:
    known = {kind: value for kind, value in hashes.items() if kind in profiles.KINDS}
    return row_of(profiles.prepared(profiles.record_of(person, known)))


def fields_said(
    people: Sequence[Person], hashes: dict[uuid.UUID, dict[str, str]], said: dict[str, Contribution]
) -> Iterator[tuple[str, FieldPair]]:
    """(code, field) of two records, in the order of the screen."""
    one, other = people
    texts = (
        ("family", "Nom de famille", "family_name"),
        ("birth", "Nom de naissance", "birth_name"),
        ("given", "Prénoms", "given_names"),
        ("born", "Date de naissance", "birth_date"),
        ("sex", "Sexe", "sex"),
        ("country", "Nationalité", "nationality"),
        ("phone", "Téléphone", "phone"),
        ("email", "Courriel", "email"),
        ("address", "Adresse", "address"),
        ("place", "Code postal", "postcode"),
        ("city", "Commune", "city"),
        ("motive", "Motif d’admission", "motive"),
    )
    for code, label, name in texts:
        mine, theirs = (in_words(name, getattr(each, name)) for each in (one, other))
        if mine or theirs or name in ("family_name", "given_names", "birth_date"):
            yield code, text_pair(label, mine, theirs, said.get(code))
    for kind in IdentifierKind:
        mine, theirs = (hashes[each.pk].get(kind, "") for each in (one, other))
        if mine or theirs:
            yield kind, hidden_pair(kind.label, mine, theirs, said.get(kind) if kind in COMPARED_KINDS else None)


FIELD_OF = {
    "family": "family_name",
    "birth": "birth_name",
    "given": "given_names",
    "born": "birth_date",
    "country": "nationality",
    "place": "postcode",
}


def _lines(shown: dict[str, FieldPair], times: Sequence[dict[str, tuple[Value, ...]]]) -> Iterator[Line]:
    for code, field in shown.items():
        name = FIELD_OF.get(code, code)
        values = [each.get(name, ()) if name in TRACKED else () for each in times]
        yield Line(field, *(_where(each) for each in values), *(_before(name, each) for each in values))


def _where(values: Sequence[Value]) -> str:
    """`convocations.xlsx, 03/02/2026`."""
    if not values:
        return ""
    source, since = values[0].source, f"{values[0].since:%d/%m/%Y}"
    return f"{source}, {since}" if source else f"depuis le {since}"


def _before(name: str, values: Sequence[Value]) -> str:
    return ", ".join(f"{in_words(name, each.value)} ({each.since:%d/%m/%Y})" for each in values[1:])


def in_words(name: str, value: object) -> str:
    """A value of a record as a person reads it."""
    if value in ("", None):
        return ""
    if isinstance(value, dt.date):
        return day(value)
    if name == "sex":
        return {"F": "Femme", "H": "Homme"}.get(str(value), str(value))
    if name == "motive":
        return Motive(value).label if value in Motive.values else str(value)
    if name == "nationality":
        try:
            return countries.get(str(value)).name
        except UnknownCode:
            return str(value)
    return str(value)


def history_of(pair: PersonPair) -> list[tuple[PairDecision, Gesture]]:
    """What was done with a pair, in order."""
    decisions = list(pair.decisions.order_by("id"))
    agents = Agent.objects.in_bulk({each.decided_by for each in decisions if each.decided_by})
    return [
        (
            each,
            Gesture(
                each.at,
                agents[each.decided_by].name if each.decided_by in agents else "la plateforme",
                each.get_verb_display(),
                each.why,
            ),
        )
        for each in decisions
    ]
