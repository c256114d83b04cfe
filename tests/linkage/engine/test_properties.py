"""What a score promises whatever the records: symmetry, deaf to accents and case, monotonic, silent on the unknown."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import asdict, fields, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.linkage.batch.link import Engine, one_to_one
from passerelles.linkage.batch.prepare import RECORD_COLUMNS, prepare_frame
from passerelles.linkage.engine.blocking import block_keys
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.records import ARRAYS, Record, prepare
from passerelles.linkage.engine.score import Scorer, against_both
from tests.linkage.engine.executors import pairs_of

MODEL = load()
SCORER = Scorer(MODEL)
SAME = 1e-9
EXACT = ("email", "phone", "foreigner_number", "nir", "ft_number")
"""Details that two records of one list never share when they are given: no telephone of a shelter here."""

words = st.sampled_from(
    "Diallo Fatoumata Mamadou Ben Salem Oleksandr Shevchenko Ахмад محمد Nguyễn Thị Hương Özdemir Ayşe Gonçalves XXX "
    "O’Neil Jean-Baptiste El Idrissi Md Kaur Tchaïkovski Guiorgadze Łukasz".split()
)
names = st.lists(words, max_size=3).map(" ".join)
dates = st.dates(dt.date(1940, 1, 1), dt.date(2010, 12, 31)) | st.builds(
    dt.date, st.integers(1950, 2005), st.just(1), st.just(1)
)


def number(digits: int) -> st.SearchStrategy[str]:
    return st.sampled_from(["", "1" * digits, "1" * (digits - 1) + "2", "9" * digits])


records = st.builds(
    Record,
    family_name=names,
    given_names=names,
    birth_name=st.just("") | names,
    birth_date=st.none() | dates,
    birth_date_estimated=st.booleans(),
    sex=st.sampled_from(["", "F", "H"]),
    country=st.sampled_from(["", "GN", "UA", "AF"]),
    postcode=st.sampled_from(["", "57000", "57070", "97400"]),
    city=st.sampled_from(["", "Metz", "Saint-Denis"]),
    address=st.sampled_from(["", "12, rue de l’Église", "12 RUE DE L EGLISE", "3 place d’Armes"]),
    email=st.sampled_from(["", "a@example.org", "b@example.org"]),
    phone=number(10),
    foreigner_number=number(10),
    nir=number(13),
    ft_number=number(11),
)


def bits(left: Record, right: Record) -> float:
    return SCORER.score(left, right).bits


@given(records, records)
def test_the_score_does_not_know_which_record_came_first(left, right):
    there, back = SCORER.score(left, right), SCORER.score(right, left)
    assert there.bits == pytest.approx(back.bits, abs=SAME)
    assert {c.level for c in there.contributions} == {c.level for c in back.contributions}


@given(records, records)
def test_the_contributions_add_up_to_the_score(left, right):
    score = SCORER.score(left, right)
    assert MODEL.prior_bits + sum(c.bits for c in score.contributions) == pytest.approx(score.bits, abs=0.1)


NAMES = ("family_name", "given_names", "birth_name", "city", "address")


def rewritten(record: Record, how) -> Record:
    return replace(record, **{name: how(getattr(record, name)) for name in NAMES})


@given(records, records)
def test_accents_and_case_do_not_count(left, right):
    """Letters of the Latin script: a diacritic lost or a capital gained changes nothing."""

    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFD", text)
        latin = all("LATIN" in unicodedata.name(c, "LATIN") for c in text if c.isalpha())
        return "".join(c for c in apart if not unicodedata.combining(c)).upper() if latin else text

    assert bits(rewritten(left, bare), right) == pytest.approx(bits(left, right), abs=SAME)


@given(records, records)
def test_blanks_and_hyphens_do_not_count(left, right):
    def spaced(text: str) -> str:
        return f"  {text.replace(' ', ' - ')} "

    assert bits(rewritten(left, spaced), right) == pytest.approx(bits(left, right), abs=SAME)


@given(records, st.lists(words, min_size=2, max_size=3, unique=True))
def test_given_names_in_another_order_are_still_given_names_in_common(record, given_names):
    """Their order is not free (the first is the one in use), but exchanging them never tells two persons apart."""
    one = replace(record, family_name="Ouedraogo", given_names=" ".join(given_names))
    other = replace(one, given_names=" ".join(reversed(given_names)))
    told = {c.level for c in SCORER.score(one, other).contributions if c.comparison == "given"}
    assert told <= {"same", "first", "token", "first_key", "key"}


@given(records, records)
def test_an_unknown_value_weighs_nothing(left, right):
    """A field emptied on one side leaves the score of the other fields alone."""
    known = SCORER.score(left, right)
    for comparison, emptied in (("sex", "sex"), ("country", "country"), ("email", "email"), ("nir", "nir")):
        alone = SCORER.score(replace(left, **{emptied: ""}), right)
        assert comparison not in {c.comparison for c in alone.contributions}
        kept = [c for c in known.contributions if c.comparison not in {comparison, "kin"}]
        assert [c for c in alone.contributions if c.comparison != "kin"] == kept


def test_two_records_that_say_nothing_are_judged_by_the_prior():
    score = SCORER.score(Record(), Record())
    assert score.contributions == ()
    assert score.bits == pytest.approx(against_both(MODEL.prior_bits, 0.0))


@given(records, records)
def test_agreeing_never_says_less_than_disagreeing(left, right):
    """The promise on evidence: a field brought from its last level to its first never lowers the score."""
    for comparison, changed in (
        ("sex", "sex"),
        ("country", "country"),
        ("email", "email"),
        ("phone", "phone"),
        ("nir", "nir"),
        ("agdref", "foreigner_number"),
        ("ft", "ft_number"),
        ("born", "birth_date"),
    ):
        value = getattr(left, changed)
        if value and bits(left, right) > bits(left, replace(right, **{changed: value})) + SAME:
            disagreed = {c.level for c in SCORER.score(left, right).contributions if c.comparison == comparison}
            assert disagreed != {"other"}


def test_the_first_level_of_every_field_outweighs_its_last():
    """Against strangers and against kin, so that the two classes cannot pull apart."""
    for comparison in COMPARISONS:
        first, last = (MODEL.weights[comparison.code][comparison.levels[n].code] for n in (0, -1))
        assert first.bits > last.bits
        assert first.kin_bits > last.kin_bits
        assert last.bits < 0


@given(records, st.sampled_from(EXACT), records)
def test_two_records_with_one_identifier_always_share_a_block(left, column, right):
    value = getattr(left, column)
    if value:
        right = replace(right, **{column: value})
        assert set(block_keys(prepare(left))) & set(block_keys(prepare(right)))


@given(st.lists(records, max_size=8))
def test_a_frame_is_prepared_as_its_records_are(people):
    frame = pl.DataFrame([asdict(record) for record in people], schema=RECORD_COLUMNS)
    found = prepare_frame(frame, MODEL)
    for n, record in enumerate(people):
        row = MODEL.weigh(prepare(record))
        wanted = {name: sorted(value) if name in ARRAYS else value for name, value in row.items()}
        assert found.row(n, named=True) == {**wanted, "row": n}


@pytest.fixture(scope="module")
def lists():
    pairs = pairs_of(150)
    left = list(dict.fromkeys(pair[0] for pair in pairs))
    right = list(dict.fromkeys(pair[1] for pair in pairs))
    return left, right


def prepared(people: list[Record]) -> pl.DataFrame:
    return prepare_frame(pl.DataFrame([asdict(record) for record in people], schema=RECORD_COLUMNS), MODEL)


def linked(left: list[Record], right: list[Record]) -> set[tuple[Record, Record, float]]:
    engine = Engine(prepared(left), prepared(right))
    try:
        engine.find_candidates()
        pairs = engine.score(MODEL, at_least=0).pairs
        return {(left[x], right[y], round(weight, 6)) for x, y, weight in pairs.iter_rows()}
    finally:
        engine.close()


def test_candidates_of_the_batch_are_those_that_share_a_key(lists):
    left, right = lists
    engine = Engine(prepared(left), prepared(right))
    try:
        engine.find_candidates()
        found = set(engine.frame("SELECT p.left, p.right FROM pair p").iter_rows())
    finally:
        engine.close()
    keys = [[set(block_keys(prepare(record))) for record in side] for side in lists]
    wanted = {(x, y) for x, one in enumerate(keys[0]) for y, other in enumerate(keys[1]) if one & other}
    assert wanted
    assert found == wanted


def test_the_order_of_the_lines_and_of_the_lists_changes_nothing(lists):
    left, right = lists
    found = linked(left, right)
    assert found
    assert linked(left[::-1], right[::-1]) == found
    assert {(one, other, weight) for other, one, weight in linked(right, left)} == found


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(-5, 40, allow_nan=False)),
        unique_by=lambda pair: pair[:2],
    )
)
def test_one_to_one_keeps_each_record_once_and_never_the_lighter_of_two(pairs):
    frame = pl.DataFrame(pairs, schema={"left": pl.UInt32, "right": pl.UInt32, "bits": pl.Float64}, orient="row")
    kept = one_to_one(frame.sort("bits", "left", "right", descending=[True, False, False]))
    assert kept["left"].is_unique().all()
    assert kept["right"].is_unique().all()
    weights = {(left, right): weight for left, right, weight in kept.iter_rows()}
    for left, right, weight in pairs:
        rivals = [w for (x, y), w in weights.items() if left == x or right == y]
        assert rivals
        assert max(rivals) >= weight


def test_every_column_of_a_record_is_prepared_from_a_frame():
    assert set(RECORD_COLUMNS) == {field.name for field in fields(Record)}
