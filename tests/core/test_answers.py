"""Three-valued answers: what is known is never undone by knowing more."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.core.answers import (
    Answer,
    Reason,
    Verdict,
    all_of,
    any_of,
    from_fact,
    negate,
    no,
    unknown,
    yes,
)

FACTS = ("majeur", "signataire", "inscrit", "en emploi")
Facts = Mapping[str, bool | None]
Rule = Callable[[Facts], Answer]

_leaf = st.sampled_from(FACTS).map(lambda name: lambda facts: from_fact(facts.get(name), name, Reason(name)))


def _grow(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(rules, max_size=3)
    return (
        several.map(lambda group: lambda facts: all_of(*(rule(facts) for rule in group)))
        | several.map(lambda group: lambda facts: any_of(*(rule(facts) for rule in group)))
        | rules.map(lambda rule: lambda facts: negate(rule(facts)))
    )


RULES = st.recursive(_leaf, _grow, max_leaves=10)
KNOWN = st.dictionaries(st.sampled_from(FACTS), st.booleans())
VERDICTS = st.sampled_from([yes(), no(), unknown(["a"]), unknown(["b"])])


@given(RULES, KNOWN, st.sampled_from(FACTS), st.booleans())
def test_adding_a_fact_never_turns_yes_into_no_nor_no_into_yes(rule, known, name, value):
    before, after = rule(known), rule({name: value, **known})
    if not before.is_unknown:
        assert after.verdict is before.verdict


@given(RULES, KNOWN, st.sampled_from(FACTS), st.booleans())
def test_adding_a_fact_never_asks_for_another_one(rule, known, name, value):
    before, after = rule(known), rule({name: value, **known})
    assert set(after.missing) <= set(before.missing)


@given(RULES, KNOWN, st.lists(st.booleans(), min_size=4, max_size=4))
def test_supplying_all_the_missing_facts_decides(rule, known, values):
    missing = rule(known).missing
    assert not rule({**known, **dict(zip(missing, values, strict=False))}).is_unknown


@given(RULES, KNOWN)
def test_a_known_fact_is_never_asked_again(rule, known):
    assert not set(rule(known).missing) & set(known)


@given(st.lists(VERDICTS, max_size=4))
def test_denying_that_all_hold_is_saying_that_one_fails(answers):
    assert negate(all_of(*answers)) == any_of(*(negate(answer) for answer in answers))


@given(st.lists(VERDICTS, max_size=4), st.randoms())
def test_the_order_of_the_answers_does_not_change_the_verdict(answers, random):
    shuffled = random.sample(answers, len(answers))
    assert all_of(*answers).verdict is all_of(*shuffled).verdict
    assert set(any_of(*answers).missing) == set(any_of(*shuffled).missing)


def test_one_no_is_enough_and_nothing_more_is_asked():
    answer = all_of(unknown(["date de naissance"]), no(Reason("Déjà en emploi.", "présentation", "L-021")))
    assert answer == no(Reason("Déjà en emploi.", "présentation", "L-021"))


def test_only_the_answers_that_carry_the_verdict_give_their_reasons():
    answer = any_of(no(Reason("trop jeune")), yes(Reason("signataire")), unknown(["titre"]))
    assert answer.reasons == (Reason("signataire"),)


def test_a_fact_missing_twice_is_asked_once():
    assert all_of(unknown(["sexe", "âge"]), unknown(["âge"])).missing == ("sexe", "âge")


def test_an_answer_cannot_be_taken_for_a_boolean():
    with pytest.raises(TypeError, match="three values"):
        bool(yes())


@pytest.mark.parametrize(
    ("verdict", "missing"), [(Verdict.UNKNOWN, ()), (Verdict.YES, ("âge",)), (Verdict.NO, ("âge",))]
)
def test_only_an_unknown_answer_misses_facts_and_it_always_does(verdict, missing):
    with pytest.raises(ValueError, match="misses"):
        Answer(verdict, missing=missing)
