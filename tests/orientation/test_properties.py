"""The algebra of the real rules: monotone, decided by their questions, and always resting on a text in force."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.conditions import Test as OneFact
from passerelles.orientation.engine.conditions import tests_of as single_facts
from passerelles.orientation.engine.evaluation import Session
from passerelles.orientation.engine.facts import NEVER, FactSpec, FactType
from passerelles.orientation.engine.plan import leaves_of
from passerelles.orientation.engine.rules import Context, resolve
from passerelles.orientation.rules import BOOK, FACTS
from passerelles.reference import parameters, territories
from passerelles.reference.levels import Level
from passerelles.reference.territory import Territory

DAY = dt.timedelta(days=1)
EDGES = sorted(
    {day for version in BOOK.versions for day in (version.since, version.since - DAY)}
    | {day for version in BOOK.versions if version.until for day in (version.until, version.until + DAY)}
)
days = st.sampled_from(EDGES) | st.dates(dt.date(2016, 1, 1), dt.date(2028, 12, 31))
events = days | st.dates(dt.date(1955, 1, 1), dt.date(2030, 1, 1)) | st.just(NEVER)


def values_of(spec: FactSpec) -> st.SearchStrategy:
    match spec.type:
        case FactType.BOOL:
            return st.booleans()
        case FactType.ENUM:
            return st.sampled_from(list(spec.values))
        case FactType.LEVEL:
            return st.sampled_from(list(Level))
        case FactType.INT:
            return st.integers(0, 100)
        case FactType.COUNTRY:
            return st.sampled_from(["AF", "DZ", "FR", "DE", "CH", "MC", "UA"])
        case FactType.DEPARTMENT:
            return st.sampled_from([department.code for department in territories.departments()])
        case FactType.CODES:
            return st.frozensets(st.sampled_from(list(spec.values)))
    return events


facts = st.fixed_dictionaries({}, optional={code: values_of(spec) for code, spec in FACTS.items()})
session = Session(BOOK, {})


@settings(deadline=None, max_examples=120)
@given(facts, facts, days)
def test_adding_facts_never_turns_yes_into_no_nor_no_into_yes(told, more, on):
    before = session.evaluate(told, on).verdicts()
    after = session.evaluate({**more, **told}, on).verdicts()
    undone = {code for code in before if before[code] is not Verdict.UNKNOWN and after[code] is not before[code]}
    assert undone == set()


@settings(deadline=None, max_examples=25)
@given(facts, days, st.data())
def test_asking_the_questions_it_lists_always_decides(told, on, data):
    evaluation = session.evaluate(told, on)
    for code in evaluation:
        missing = evaluation[code].missing
        assert set(missing).isdisjoint(told)
        if missing:
            answers = {fact: data.draw(values_of(FACTS[fact]), label=fact) for fact in missing}
            assert session.evaluate({**told, **answers}, on).verdict(code) is not Verdict.UNKNOWN, code


@settings(deadline=None, max_examples=60)
@given(facts, days)
def test_every_answer_gives_reasons_that_rest_on_a_text_in_force(told, on):
    evaluation = session.evaluate(told, on)
    for code, answer in evaluation.items():
        assert answer.reasons, code
        for reason in answer.reasons:
            assert reason.text and reason.reference and reason.confidence, code
            assert dt.date.fromisoformat(reason.version) <= on, (code, reason)
            assert on in periods()[reason.reference, reason.version], (code, reason)


@cache
def periods():
    """(reference, first day) → days on which the text is in force, for every text a rule or a parameter cites."""
    cited = {}
    for version in BOOK.versions:
        references = [version.reference]
        read = resolve(version, version.since, Territory.parse("department:57"), parameters.state)
        references += [test.reference for test in single_facts(version.write(Context(version, read))) if test.reference]
        for reference in references:
            cited[reference.label, reference.text.since.isoformat()] = reference.text.period
        for key in version.parameters:
            for entry in parameters.parameter(key).entries:
                cited[entry.reference, entry.valid_from.isoformat()] = entry.period
    return cited


@settings(deadline=None, max_examples=40)
@given(facts, days)
def test_a_session_that_knows_when_things_change_answers_as_one_that_reads_every_day(told, on):
    assert session.evaluate(told, on).verdicts() == BOOK.evaluate(told, on).verdicts()


@settings(deadline=None, max_examples=60)
@given(facts, days)
def test_the_verdict_alone_is_the_verdict_of_the_answer(told, on):
    evaluation = session.evaluate(told, on)
    assert evaluation.verdicts() == {code: answer.verdict for code, answer in evaluation.items()}


@pytest.mark.parametrize("on", EDGES, ids=str)
@pytest.mark.parametrize("place", [None, "department:57", "department:31", "department:976"])
def test_every_rule_in_force_can_be_written_on_every_day_on_which_something_changes(on, place):
    """No parameter is missing on a day on which a rule that needs it holds (error before the first date)."""
    territory = Territory.parse(place) if place else None
    prepared = BOOK.prepare(on, territory)
    assert set(prepared.plan.rules) == {version.code for version in BOOK.in_force(on)}


@pytest.mark.parametrize("version", BOOK.versions, ids=lambda version: version.name)
def test_the_texts_cited_inside_a_rule_hold_as_long_as_the_rule(version):
    for day in filter(None, (version.since, version.until)):
        read = resolve(version, day, Territory.parse("department:57"), parameters.state)
        condition = version.write(Context(version, read))
        for test in single_facts(condition):
            assert test.reference is None or day in test.reference.text.period


def test_every_test_reads_a_fact_of_the_registry_that_some_source_may_state():
    prepared = BOOK.prepare(dt.date(2026, 1, 15), None)
    read = {leaf.test.fact for ready in prepared.plan.rules.values() for leaf in leaves_of(ready.node)}
    assert read <= set(FACTS)
    assert all(spec.sources and spec.question.endswith("?") for spec in FACTS.values())


def test_every_fact_of_the_registry_serves_some_rule():
    used = set()
    for on in EDGES:
        for ready in BOOK.prepare(on, None).plan.rules.values():
            used |= {leaf.test.fact for leaf in leaves_of(ready.node)}
            used |= {fact for answer in [ready.version] for fact in fallback(answer, on)}
    assert set(FACTS) - used == set()


def fallback(version, on):
    """The facts asked for where a parameter is not set."""
    read = resolve(version, on, Territory.parse("department:2A"), parameters.state)
    return {test.fact for test in single_facts(version.write(Context(version, read))) if isinstance(test, OneFact)}
