"""The person's timeline: what the journal holds of them, in plain French, cut to what the role may read (A.6)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.models import Agent, Organisation
from passerelles.network.policy import Actor
from passerelles.orientation.policy import ORDINARY
from passerelles.pathway.sentences import SENTENCES, Theme, Told
from passerelles.people.models import Person
from passerelles.referrals.models import Referral

MOST_FACTS = 500
CITED = ("with",)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. `agent` is told only inside the DT. `retracted` gives the reason of the correction."""

    on: dt.date
    recorded_on: dt.date
    theme: Theme
    sentence: str
    organisation: str
    agent: str
    retracted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """`themes`: those that have lines, with how many; `lines`: of the theme asked for, the newest first."""

    person: Person
    themes: tuple[tuple[Theme, int], ...]
    theme: Theme | None
    lines: tuple[Line, ...]
    whole: bool
    cut: bool
    with_corrections: bool


def timeline(actor: Actor, person_id: uuid.UUID, theme: str = "") -> Timeline:
    """Raises Unknown for a person that does not exist for this actor. A fixed number of queries.

    A receiver reads what was transmitted to their organisation; corrections are shown, struck, to those who correct.
    """
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    scope = policy.scope_of(actor, Resource.PERSON, Action.VIEW)
    corrects = scope is Scope.OWN_DT and actor.may(Resource.PERSON, Action.EDIT)
    facts = list(Fact.objects.filter(person_id=person_id).order_by("-id")[: MOST_FACTS + 1])
    cut, facts = len(facts) > MOST_FACTS, facts[:MOST_FACTS]
    hidden = _hidden(actor, facts)
    retracted = {fact.retracts_id: str(fact.data.get("reason") or "") for fact in facts if fact.retracts_id}
    readable = [
        fact
        for fact in facts
        if fact.kind != FactKind.RETRACTION
        and fact.subject_id not in hidden
        and may_read(actor, scope, fact)
        and (corrects or fact.pk not in retracted)
    ]
    names = _organisations(readable)
    agents = _agents(readable) if scope is Scope.OWN_DT else {}
    lines = [_line(fact, names, agents, retracted) for fact in readable]
    lines.sort(key=lambda line: line.on, reverse=True)
    chosen = Theme(theme) if theme in set(Theme) else None
    counts = {each: sum(line.theme is each for line in lines) for each in Theme}
    return Timeline(
        person=person,
        themes=tuple((each, count) for each, count in counts.items() if count),
        theme=chosen,
        lines=tuple(line for line in lines if chosen in (None, line.theme)),
        whole=scope is Scope.OWN_DT,
        cut=cut,
        with_corrections=corrects,
    )


def _hidden(actor: Actor, facts: Iterable[Fact]) -> set[uuid.UUID]:
    """The referrals that the policy keeps from this actor: health and violence, outside the parties (A.6, C-030)."""
    subjects = {fact.subject_id for fact in facts if fact.kind.startswith("referral_")}
    known = Referral.objects.filter(pk__in=subjects).order_by()
    seen = policy.visible(actor, known, Resource.REFERRAL) if actor.may(Resource.REFERRAL, Action.VIEW) else ()
    return set(known.values_list("pk", flat=True)) - {referral.pk for referral in seen}


def may_read(actor: Actor, scope: Scope | None, fact: Fact) -> bool:
    """The cell of the table for this kind of fact; outside the DT, what is `own` must concern one's organisation.

    Of a diagnosis, only the ordinary items: health and restricted facts are read nowhere but in the diagnosis (A.6).
    """
    sentence = SENTENCES[FactKind(fact.kind)]
    if not actor.may(sentence.reads, Action.VIEW):
        return False
    if fact.kind == FactKind.FACT_STATED and fact.data.get("code") not in ORDINARY:
        return False
    if scope is Scope.OWN_DT or not sentence.own:
        return True
    concerned = {str(fact.organisation_id), *(str(fact.data.get(key)) for key in CITED)}
    return str(actor.organisation_id) in concerned


def _organisations(facts: Sequence[Fact]) -> dict[str, str]:
    wanted = {fact.organisation_id for fact in facts} | {
        _uuid(fact.data.get(key)) for fact in facts for key in CITED if fact.data.get(key)
    }
    found = Organisation.objects.filter(pk__in=wanted - {None}).order_by().values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _agents(facts: Iterable[Fact]) -> dict[uuid.UUID, str]:
    wanted = {fact.actor_id for fact in facts} - {None}
    return dict(Agent.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def _line(fact: Fact, names: dict[str, str], agents: dict[uuid.UUID, str], retracted: dict[int, str]) -> Line:
    sentence = SENTENCES[FactKind(fact.kind)]
    return Line(
        on=fact.occurred_on,
        recorded_on=clock.paris_date(fact.recorded_at),
        theme=sentence.theme,
        sentence=sentence.says(Told(fact.data, names)),
        organisation=names.get(str(fact.organisation_id), ""),
        agent=agents.get(fact.actor_id, ""),
        retracted=fact.pk in retracted,
        reason=retracted.get(fact.pk, ""),
    )
