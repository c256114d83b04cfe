"""The recommendation on the page of a person: lines to read, questions to answer in place, decisions and traces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.core.answers import Reason
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.orientation.engine.comparison import compare
from passerelles.orientation.engine.evaluation import Evaluation
from passerelles.orientation.engine.facts import Known
from passerelles.orientation.engine.recommendation import Kind, Recommendation, Standing
from passerelles.orientation.models import Decision
from passerelles.orientation.queries.decisions import decisions_of
from passerelles.orientation.queries.recommendation import Outlook
from passerelles.orientation.rules import interview
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.facts import FACTS
from passerelles.orientation.rules.proposals import BY_CODE

KINDS = {Kind.BODY: "Organisme", Kind.ACTION: "Action", Kind.RIGHT: "Droit"}


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as it was used: what it says, from whom, since when."""

    label: str
    value: str
    source: str
    since: dt.date | str | None


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with the facts it rests on."""

    text: str
    reference: str
    rule: str
    facts: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal. `questions`: what may be asked here; `hidden`: something is missing that this role may not ask."""

    code: str
    title: str
    kind: str
    standing: Standing
    reasons_for: tuple[Why, ...]
    reasons_against: tuple[Why, ...]
    questions: tuple[str, ...]
    hidden: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A decision as it is read afterwards."""

    decision: Decision
    by: str
    organisation: str
    chosen: tuple[str, ...]
    recommended: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Why, ...], tuple[Why, ...]], ...]
    facts: tuple[FactLine, ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OrientationPage:
    """All that stands on the page."""

    outlook: Outlook
    lines: tuple[Line, ...]
    next_questions: tuple[str, ...]
    traces: tuple[Trace, ...]
    may_decide: bool
    may_state: bool

    @property
    def standing(self) -> Trace | None:
        return self.traces[0] if self.traces else None

    def of(self, standing: Standing) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.standing is standing)

    @property
    def recommended(self) -> tuple[Line, ...]:
        return self.of(Standing.RECOMMENDED)

    @property
    def to_weigh(self) -> tuple[Line, ...]:
        return self.of(Standing.TO_WEIGH)

    @property
    def to_clarify(self) -> tuple[Line, ...]:
        return self.of(Standing.TO_CLARIFY)

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """(code, title) of the proposals that are not in the list: an override may still choose them."""
        listed = {line.code for line in self.lines}
        return tuple((code, proposal.title) for code, proposal in BY_CODE.items() if code not in listed)


def orientation_page(actor: Actor, outlook: Outlook, decisions: Sequence[Decision] | None = None) -> OrientationPage:
    """The page of an outlook that the actor may read. `decisions`: those of the person, when they have been read."""
    if decisions is None:
        decisions = list(decisions_of(outlook.person)) if actor.may(Resource.ORIENTATION, Action.VIEW) else []
    chosen = frozenset(decisions[0].chosen) if decisions else frozenset()
    return OrientationPage(
        outlook=outlook,
        lines=tuple(_line(line, outlook, chosen) for line in outlook.lines),
        next_questions=next_questions(outlook),
        traces=traces(decisions, outlook.seen),
        may_decide=actor.may(Resource.ORIENTATION, Action.EDIT),
        may_state=actor.may(Resource.DIAGNOSIS, Action.EDIT),
    )


def next_questions(outlook: Outlook) -> tuple[str, ...]:
    """What is still to be asked to know who accompanies the person, the most useful first."""
    told = [(code, known.value) for code, known in outlook.facts.items()]
    return interview.open_questions(outlook.lines, interview.goals(told), FACTS, outlook.askable)


def traces(decisions: Iterable[Decision], seen: frozenset[str]) -> tuple[Trace, ...]:
    """What each decision (of `decisions_of`) rested on, without what the reader may not know."""
    return tuple(_trace(decision, seen) for decision in decisions)


def fact_lines(facts: Mapping[str, Known], codes: Iterable[str]) -> tuple[FactLine, ...]:
    return tuple(
        FactLine(ITEMS[code].label, ITEMS[code].shown(facts[code].value), facts[code].source, facts[code].since)
        for code in codes
        if code in facts
    )


def why_it_changed(before: Evaluation, after: Evaluation, codes: Iterable[str]) -> tuple[str, ...]:
    """Sentences: of the rules of these proposals, which answer differs and because of which facts or texts."""
    rules = {rule for code in codes for rule in (*BY_CODE[code].when, *BY_CODE[code].needs, *BY_CODE[code].against)}
    found = []
    for change in compare(before, after):
        if change.code not in rules:
            continue
        if change.because:
            cause = "; ".join(_moved(before, after, fact) for fact in change.because)
        else:
            cause = "une date, un texte ou un paramètre a changé"
        side = after if change.code in after else before
        found.append(f"{side.version(change.code).title} : {_said(change.before)} puis {_said(change.after)} ({cause})")
    return tuple(found)


def _moved(before: Evaluation, after: Evaluation, fact: str) -> str:
    spec = ITEMS[fact]
    was, now = (spec.shown(side.told[fact]) if fact in side.told else "inconnu" for side in (before, after))
    return f"{spec.label} : {was} puis {now}"


def _said(verdict: Any) -> str:
    return verdict.label_fr if verdict is not None else "pas en vigueur"


def _line(line: Recommendation, outlook: Outlook, chosen: frozenset[str]) -> Line:
    askable = tuple(code for code in line.questions if code in outlook.askable)
    return Line(
        code=line.proposal.code,
        title=line.proposal.title,
        kind=KINDS[line.proposal.kind],
        standing=line.standing,
        reasons_for=tuple(_why(reason, outlook.facts) for reason in line.reasons_for),
        reasons_against=tuple(_why(reason, outlook.facts) for reason in line.reasons_against),
        questions=askable,
        hidden=len(askable) < len(line.questions),
        chosen=line.proposal.code in chosen,
    )


def _why(reason: Reason, facts: Mapping[str, Known]) -> Why:
    return Why(reason.text, reason.reference, reason.rule, fact_lines(facts, reason.facts))


def _trace(decision: Decision, seen: frozenset[str]) -> Trace:
    kept = {code: told for code, told in decision.facts.items() if code in seen and code in ITEMS}
    lines = [
        line for line in decision.recommended if line["standing"] != Standing.TO_CLARIFY and line["code"] in BY_CODE
    ]
    return Trace(
        decision=decision,
        by=decision.by_name or "agent inconnu",
        organisation=decision.organisation.name if decision.organisation else "",
        chosen=tuple(proposal.title for proposal in decision.proposals),
        recommended=tuple(BY_CODE[line["code"]].title for line in lines if line["standing"] == Standing.RECOMMENDED),
        lines=tuple(
            (BY_CODE[line["code"]].title, _kept_why(line["for"], kept, seen), _kept_why(line["against"], kept, seen))
            for line in lines
        ),
        facts=tuple(_kept_fact(code, told) for code, told in kept.items()),
        rules=tuple(decision.rules.items()),
    )


def _kept_why(reasons: Iterable[Mapping[str, Any]], kept: Mapping[str, Any], seen: frozenset[str]) -> tuple[Why, ...]:
    return tuple(
        Why(
            reason["text"],
            reason["reference"],
            reason["rule"],
            tuple(_kept_fact(code, kept[code]) for code in reason["facts"] if code in kept),
        )
        for reason in reasons
        if seen.issuperset(reason["facts"])
    )


def _kept_fact(code: str, told: Mapping[str, Any]) -> FactLine:
    spec = ITEMS[code]
    since = dt.date.fromisoformat(told["date"]) if told.get("date") else None
    return FactLine(spec.label, spec.shown(spec.read(told["valeur"])), told.get("source") or "", since)


def decided_from(decision: Decision) -> dict[str, Known]:
    """The facts a decision rested on, as the rules read them."""
    return {
        code: Known(
            ITEMS[code].read(told["valeur"]),
            told.get("source") or "",
            dt.date.fromisoformat(told["date"]) if told.get("date") else None,
        )
        for code, told in decision.facts.items()
        if code in ITEMS
    }
