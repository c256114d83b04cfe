"""Is this the same person? Sure, doubtful, or different; never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.linkage.engine import ExactMatcher, Identity, Zone, look_up

BORN = dt.date(1990, 5, 7)
MATCHER = ExactMatcher()
NUMBER, OTHER_NUMBER = ("agdref", b"1"), ("agdref", b"2")


def identity(key="person", family="El Amrani", given_names="Fatima Zahra", born=BORN, **values):
    numbers = frozenset(values.pop("numbers", ()))
    return Identity(key, family, given_names, born, identifiers=numbers, **values)


@pytest.mark.parametrize(
    ("other", "zone", "reason"),
    [
        (identity(), Zone.SAME, "même nom, mêmes prénoms, même date de naissance"),
        (identity(family="EL-AMRANI", given_names="Fatima-Zahra"), Zone.SAME, "même nom"),
        (identity(family="Fatima Zahra", given_names="El Amrani"), Zone.REVIEW, "inversés"),
        (identity(born=dt.date(1990, 7, 5)), Zone.REVIEW, "dates de naissance différentes"),
        (identity(born=dt.date(1990, 9, 1)), Zone.REVIEW, "dates de naissance différentes"),
        (identity(born=None), Zone.REVIEW, "inconnue d’un côté"),
        (identity(given_names="Fatima"), Zone.REVIEW, "prénoms différents"),
        (identity(family="Benali"), Zone.REVIEW, "nom différent"),
        (identity(sex="H"), Zone.REVIEW, "sexe différent"),
        (identity(family="Benali", birth_name="El Amrani"), Zone.SAME, "même nom"),
        (identity(born=dt.date(1985, 1, 2)), Zone.DIFFERENT, "aucun élément"),
        (identity(family="Benali", given_names="Sara"), Zone.DIFFERENT, "aucun élément"),
    ],
)
def test_what_two_records_have_in_common_decides(other, zone, reason):
    found = MATCHER.compare(identity(sex="F"), other)
    assert found.zone is zone
    assert reason in " ; ".join(found.reasons)


def test_a_shared_number_confirms_the_same_identity():
    assert MATCHER.compare(identity(numbers=[NUMBER]), identity(numbers=[NUMBER])).zone is Zone.SAME


def test_a_shared_number_with_another_name_is_for_a_person_to_settle():
    found = MATCHER.compare(identity(numbers=[NUMBER]), identity(family="Benali", numbers=[NUMBER]))
    assert (found.zone, found.reasons[0]) == (Zone.REVIEW, "même identifiant")


def test_contradictory_numbers_are_never_a_sure_match():
    found = MATCHER.compare(identity(numbers=[NUMBER]), identity(numbers=[OTHER_NUMBER]))
    assert (found.zone, found.reasons[-1]) == (Zone.REVIEW, "identifiants différents")


names = st.sampled_from(["El Amrani", "Benali", "Fatima", "Sara", ""])
identities = st.builds(
    lambda family, given_names, born, numbers, sex: identity("x", family, given_names, born, numbers=numbers, sex=sex),
    names,
    names,
    st.sampled_from([BORN, dt.date(1990, 7, 5), None]),
    st.sets(st.sampled_from([NUMBER, OTHER_NUMBER]), max_size=1),
    st.sampled_from(["F", "H", ""]),
)


@given(identities, identities)
def test_the_comparison_is_symmetrical(left, right):
    assert MATCHER.compare(left, right).zone is MATCHER.compare(right, left).zone


def test_two_identical_lines_are_for_a_person_to_settle():
    finding = look_up(identity(), [identity("a"), identity("b")], MATCHER)
    assert (finding.result, finding.reasons) == ("to_review", ("plusieurs lignes identiques dans la liste",))


def test_one_sure_line_wins_over_doubtful_ones():
    finding = look_up(identity(), [identity("a", born=None), identity("b")], MATCHER)
    assert (finding.result, finding.record.key) == ("registered", "b")


def test_a_shared_number_is_the_first_doubt_shown():
    finding = look_up(
        identity(numbers=[NUMBER]),
        [identity("a", born=None), identity("b", family="Benali", numbers=[NUMBER])],
        MATCHER,
    )
    assert (finding.result, finding.record.key) == ("to_review", "b")


def test_nobody_in_the_list_is_not_found():
    assert look_up(identity(), [], MATCHER).result == "not_found"
