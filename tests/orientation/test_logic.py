"""The logic of docs/rules-logic.md: what unknown does in and, or, not, exception, at least; the fewest questions."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.core import answers
from passerelles.core.answers import Verdict
from passerelles.orientation.engine import conditions as c
from passerelles.orientation.engine.facts import NEVER
from passerelles.orientation.rules import BOOK
from tests.orientation.kit import DAY, book, version

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
A, B = (c.true(name, f"{name} oui", f"{name} non") for name in ("a", "b"))
COLOURS = ("r", "v", "b")
DOMAIN = {**dict.fromkeys("abcd", (True, False)), "couleur": COLOURS}

leaves = st.one_of(
    st.sampled_from("abcd").map(lambda name: c.true(name, f"{name} oui", f"{name} non")),
    st.sampled_from("abcd").map(lambda name: c.false(name, f"{name} non", f"{name} oui")),
    st.lists(st.sampled_from(COLOURS), min_size=1, max_size=2).map(lambda some: c.among("couleur", some, "oui", "non")),
)


def grown(parts: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
    several = st.lists(parts, min_size=1, max_size=3)
    return (
        several.map(lambda some: c.all_of(*some))
        | several.map(lambda some: c.any_of(*some))
        | parts.map(c.negate)
        | st.tuples(parts, parts).map(lambda pair: c.unless(*pair))
        | st.tuples(st.integers(1, 3), several).map(lambda pair: c.at_least(pair[0], *pair[1]))
    )


trees = st.recursive(leaves, grown, max_leaves=7)
known = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in DOMAIN.items()})


def verdict(condition: c.Condition, facts, on: dt.date = DAY) -> Verdict:
    return book(version(condition)).evaluate(facts, on)["essai"].verdict


@pytest.mark.parametrize(
    ("a", "b", "both", "either", "save"),
    [
        (True, True, YES, YES, NO),
        (True, False, NO, YES, YES),
        (True, None, UNKNOWN, YES, UNKNOWN),
        (False, False, NO, NO, NO),
        (False, None, NO, UNKNOWN, NO),
        (None, None, UNKNOWN, UNKNOWN, UNKNOWN),
        (None, True, UNKNOWN, YES, NO),
        (None, False, NO, UNKNOWN, UNKNOWN),
    ],
)
def test_what_unknown_does_in_and_or_and_exception(a, b, both, either, save):
    facts = {name: value for name, value in (("a", a), ("b", b)) if value is not None}
    assert verdict(c.all_of(A, B), facts) is both
    assert verdict(c.any_of(A, B), facts) is either
    assert verdict(c.unless(A, B), facts) is save


@pytest.mark.parametrize(
    ("yes", "no", "expected"), [(2, 0, YES), (1, 0, UNKNOWN), (1, 1, UNKNOWN), (0, 2, NO), (1, 2, NO), (0, 1, UNKNOWN)]
)
def test_at_least_two_of_three(yes, no, expected):
    values = [True] * yes + [False] * no
    facts = dict(zip("abc", values, strict=False))
    assert verdict(c.at_least(2, *(c.true(name, "", "") for name in "abc")), facts) is expected


def plainly(tree: c.Condition, facts) -> answers.Answer:
    """The logic of `core.answers` applied part by part, nothing left out."""
    match tree:
        case c.All(parts):
            return answers.all_of(*(plainly(part, facts) for part in parts))
        case c.Any_(parts):
            return answers.any_of(*(plainly(part, facts) for part in parts))
        case c.Not(part):
            return answers.negate(plainly(part, facts))
        case c.AtLeast(count, parts):
            return answers.at_least(count, *(plainly(part, facts) for part in parts))
    holds = tree.holds(facts[tree.fact], DAY) if tree.fact in facts else None
    return answers.from_fact(holds, tree.fact, answers.Reason(tree.yes if holds else tree.no))


@settings(deadline=None, max_examples=200)
@given(trees, known)
def test_the_plan_answers_as_the_logic_does(tree, facts):
    """The verdict on bits, the verdict with reasons, and the reasons themselves."""
    evaluation, expected = book(version(tree)).evaluate(facts, DAY), plainly(tree, facts)
    assert evaluation.verdict("essai") is evaluation["essai"].verdict is expected.verdict
    if not expected.is_unknown:
        assert {reason.text for reason in evaluation["essai"].reasons} == {reason.text for reason in expected.reasons}
    else:
        assert set(evaluation["essai"].missing) <= set(expected.missing)


@settings(deadline=None, max_examples=150)
@given(trees, known, known)
def test_knowing_more_never_undoes_an_answer(tree, facts, more):
    before, after = verdict(tree, facts), verdict(tree, {**more, **facts})
    assert before is UNKNOWN or after is before


def decides(tree: c.Condition, facts, asked) -> bool:
    """Whatever is answered to these questions, by trying every answer."""
    rules = book(version(tree))
    every = itertools.product(*(DOMAIN[name] for name in asked))
    return all(
        rules.evaluate({**facts, **dict(zip(asked, answers, strict=True))}, DAY).verdict("essai") is not UNKNOWN
        for answers in every
    )


@settings(deadline=None, max_examples=120)
@given(trees, known)
def test_the_questions_always_decide_and_no_smaller_set_does(tree, facts):
    missing = book(version(tree)).evaluate(facts, DAY)["essai"].missing
    assert decides(tree, facts, missing)
    open_ = [name for name in DOMAIN if name not in facts]
    assert not any(
        decides(tree, facts, asked) for asked in itertools.combinations(open_, max(len(missing) - 1, 0)) if missing
    )


def test_a_question_that_another_makes_useless_is_not_asked():
    absorbed = c.any_of(A, c.all_of(A, B))
    assert book(version(absorbed)).evaluate({}, DAY)["essai"].missing == ("a",)


def test_the_reasons_kept_are_those_of_the_questions():
    absorbed = c.any_of(A, c.all_of(A, B))
    reasons = book(version(absorbed)).evaluate({}, DAY)["essai"].reasons
    assert {fact for reason in reasons for fact in reason.facts} == {"a"}


@pytest.mark.parametrize("shift", range(-3, 4))
@pytest.mark.parametrize("start", [dt.date(2024, 2, 29), dt.date(2024, 1, 15), dt.date(2023, 12, 31)])
def test_less_than_two_years_ago_ends_on_the_anniversary(start, shift):
    condition = c.within_years("debut", 2, "", "")
    end = dt.date(start.year + 2, start.month, 28 if (start.month, start.day) == (2, 29) else start.day)
    on = end + dt.timedelta(days=shift)
    assert verdict(condition, {"debut": start}, on) is (YES if on < end else NO)


def test_what_never_happened_is_known_and_is_within_no_period():
    for condition in (c.within_years("debut", 5, "", ""), c.past("debut", "", ""), c.within_days("debut", 9, "", "")):
        assert verdict(condition, {"debut": NEVER}) is NO
    assert verdict(c.not_expired("debut", "", ""), {"debut": NEVER}) is YES


every_date_test = [
    c.within_years("debut", 2, "", ""),
    c.within_months("debut", 6, "", ""),
    c.within_days("debut", 15, "", ""),
    c.past("debut", "", ""),
    c.not_expired("debut", "", ""),
    c.between("debut", dt.date(2024, 3, 26), dt.date(2025, 6, 30), "", ""),
    c.between("debut", dt.date(2025, 7, 1), None, "", ""),
    c.age_from("debut", 16, "", ""),
    c.age_under("debut", 26, "", ""),
]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(every_date_test),
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 12, 31)),
    st.dates(dt.date(1980, 1, 1), dt.date(2030, 1, 1)),
)
def test_the_edges_of_a_date_test_show_every_outcome(test, on, day):
    """The dates tried by the search of questions reach each outcome that some date reaches."""
    reached = {test.holds(value, on) for value in c.representatives(test.edges(on))}
    assert test.holds(day, on) in reached


def test_a_rule_that_is_not_in_force_counts_as_no():
    old = version(A, "ancienne")
    later = version(c.negate(c.rule_says("absente")), "essai")
    assert book(old, later).evaluate({}, DAY)["essai"].is_yes


def test_two_versions_on_the_same_day_are_refused():
    with pytest.raises(ValueError, match="hold on the same day"):
        book(version(A), version(B))


def test_the_trace_tells_each_test_with_its_fact_and_its_value():
    step = book(version(c.all_of(A, c.negate(B)))).evaluate({"a": True, "b": True}, DAY).trace("essai")
    assert step.answer.is_no
    found = []

    def walk(at):
        if at.kind == "test":
            found.append((at.fact, at.value, at.answer.verdict))
        for part in at.parts:
            walk(part)

    walk(step)
    assert found == [("a", True, YES), ("b", True, YES)]


def test_the_book_of_the_trade_has_no_rule_that_refers_to_itself():
    on = dt.date(2026, 1, 15)
    assert len(BOOK.evaluate({}, on)) == len(BOOK.in_force(on))
