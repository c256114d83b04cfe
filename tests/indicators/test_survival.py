"""Curves, intervals and tests equal to the outputs of R 4.2.2, survival 3.5-3, on its classic data sets (F-031).

Reference figures printed by `summary(survfit(...))`, `survdiff(...)` and `print(survfit(...))` with 12 digits or more.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.indicators.survival import sentences
from passerelles.indicators.survival.comparison import log_rank
from passerelles.indicators.survival.counts import CENSORED, Durations
from passerelles.indicators.survival.curves import aalen_johansen, kaplan_meier
from passerelles.indicators.survival.shares import retention, wilson
from tests.indicators.classics import AML, LUNG, MGUS2, VETERAN, read

NA = None


def of(data: dict[str, str]) -> dict[str, Durations]:
    return {name: read(text, "death") for name, text in data.items()}


LUNG_BY_SEX = {
    "men": [
        (50, 0.9275362318841, 0.0220691880472, 0.8852744958160, 0.971815482682),
        (100, 0.8260869565217, 0.0322655755879, 0.7652075661852, 0.891809869494),
        (300, 0.4410888930886, 0.0439385870130, 0.3628562538586, 0.536188668480),
        (600, 0.1450875980673, 0.0353328215110, 0.0900200600982, 0.233841335920),
        (900, 0.0357138702935, 0.0215977664663, 0.0109163504469, 0.116841295774),
    ],
    "women": [
        (5, 0.9888888888889, 0.0110492102890, 0.9674682402092, 1.0),
        (100, 0.9220883534137, 0.0282794136527, 0.8682946833224, 0.979214715732),
        (300, 0.6742025860489, 0.0522880818522, 0.5791287150944, 0.784884456922),
        (600, 0.3432595794926, 0.0634202519921, 0.2389767391885, 0.493048567461),
        (800, 0.0832144435134, 0.0499212744378, 0.0256775389571, 0.269677075393),
    ],
}


@pytest.mark.parametrize("group", LUNG_BY_SEX)
def test_lung_values_errors_and_log_intervals(group):
    curve = kaplan_meier(of(LUNG)[group])
    for day, value, error, low, high in LUNG_BY_SEX[group]:
        point = curve.at(day)
        found = (point.value, point.low, point.high)
        assert found == pytest.approx((value, low, high), abs=1e-12)
        assert curve.errors[np.searchsorted(curve.days, day, side="right") - 1] == pytest.approx(error, abs=1e-12)


def test_lung_log_log_intervals():
    men, women = (kaplan_meier(counts, scale="log-log") for counts in of(LUNG).values())
    expected = [
        (men, 50, 0.8695089069883, 0.960339509261),
        (men, 300, 0.3538078957324, 0.524763050656),
        (women, 5, 0.9237434778671, 0.998427343805),
        (women, 600, 0.2230727059509, 0.466688937096),
        (women, 800, 0.0185052512122, 0.212363854832),
    ]
    for curve, day, low, high in expected:
        assert (curve.at(day).low, curve.at(day).high) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize(
    ("data", "scale", "expected"),
    [
        (LUNG, "log", [(270, 212, 310), (426, 348, 550)]),
        (LUNG, "log-log", [(270, 210, 306), (426, 345, 524)]),
        (AML, "log", [(31, 18, NA), (23, 8, NA)]),
        (AML, "log-log", [(31, 13, NA), (23, 5, 33)]),
        (VETERAN, "log", [(118, 82, 314), (51, 25, 63), (51, 35, 92), (156, 105, 231)]),
    ],
)
def test_medians_and_their_intervals(data, scale, expected):
    assert [kaplan_meier(counts, scale=scale).median() for counts in of(data).values()] == expected


def test_leukaemia_ends_at_zero_without_an_interval():
    curve = kaplan_meier(of(AML)["nonmaintained"])
    assert curve.at(43).value == pytest.approx(0.0972222222222, abs=1e-12)
    assert curve.at(43).high == pytest.approx(0.619548629119, abs=1e-12)
    last = curve.at(45)
    assert last.value == 0 and np.isnan(last.low) and np.isnan(last.high)


@pytest.mark.parametrize(
    ("data", "statistic", "expected", "seen"),
    [
        (LUNG, 10.3267419548856, (91.5817390295728, 73.4182609704272), (112, 53)),
        (
            VETERAN,
            25.4037003457854,
            (47.6546776724754, 30.1020793268148, 15.6937646143605, 34.5494783863493),
            (31, 45, 26, 26),
        ),
        (AML, 3.3963886989776, None, (7, 11)),
    ],
)
def test_log_rank(data, statistic, expected, seen):
    test = log_rank(list(of(data).values()))
    assert test.statistic == pytest.approx(statistic, abs=1e-10)
    assert test.seen == seen and test.freedom == len(seen) - 1
    if expected:
        assert test.expected == pytest.approx(expected, abs=1e-10)


def test_competing_outcomes_values_jackknife_errors_and_intervals():
    columns = "month progressed died error death_error low high".split()
    expected = {
        "women": """
            12  0.0127018820398 0.0936093186248 0.00446218625045 0.0116027238919 0.00638028328482 0.0252869347880
            120 0.0738856643759 0.4804900457747 0.01076979737649 0.0208049145180 0.05552473283251 0.0983181930247
            360 0.1573903869344 0.7602817447883 0.03174283782725 0.0323686906322 0.10600003586481 0.2336955237540
        """,
        "men": """
            12  0.0066401062417 0.1460823373174 0.00295967031625 0.0128709132965 0.00277186497933 0.0159066228802
            240 0.0956507550310 0.7481278892657 0.01352583094919 0.0206688669280 0.07249720422744 0.1261988932607
        """,
    }
    for group, table in expected.items():
        curves = aalen_johansen(read(MGUS2[group], "progression", "death"))
        progression, death = curves["progression"], curves["death"]
        for line in table.strip().splitlines():
            row = dict(zip(columns, map(float, line.split()), strict=True))
            point = progression.at(int(row["month"]))
            step = np.searchsorted(death.days, row["month"], side="right") - 1
            assert point.value == pytest.approx(row["progressed"], abs=1e-12)
            assert (point.low, point.high) == pytest.approx((row["low"], row["high"]), abs=1e-12)
            assert death.values[step] == pytest.approx(row["died"], abs=1e-12)
            assert progression.errors[step] == pytest.approx(row["error"], abs=1e-12)
            assert death.errors[step] == pytest.approx(row["death_error"], abs=1e-12)


def test_counts_of_territories_add_up_to_the_nation():
    together = read(" ".join(VETERAN.values()), "death")
    added = reduce(add, of(VETERAN).values())
    assert np.array_equal(added.events, together.events) and np.array_equal(added.censored, together.censored)


durations = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["job", "left", CENSORED])), min_size=1, max_size=40)


@given(durations)
def test_shares_of_all_outcomes_and_of_those_who_wait_make_one(histories):
    counts = Durations.of((day for day, _ in histories), (kind for _, kind in histories), ("job", "left"))
    curves = aalen_johansen(counts)
    any_outcome = Durations(("any",), counts.events.sum(axis=0, keepdims=True), counts.censored)
    waiting = kaplan_meier(any_outcome)
    assert curves["job"].values + curves["left"].values + waiting.values == pytest.approx(1)


@given(durations)
def test_without_competitor_or_censoring_the_curve_is_the_plain_share(histories):
    days = [day for day, _ in histories]
    counts = Durations.of(days, ["job"] * len(days), ("job",))
    curve = aalen_johansen(counts)["job"]
    assert curve.at(10).value == pytest.approx(sum(day <= 10 for day in days) / len(days))
    assert 1 - kaplan_meier(counts).at(10).value == pytest.approx(curve.at(10).value)


def test_fresh_cohorts_do_not_lower_the_rate():
    """F-031: truth 37 % at a year; half of the people have been followed for less. The naive share is far below."""
    rng = np.random.default_rng(12)
    size = 20_000
    until_job = np.where(rng.random(size) < 0.37, rng.integers(0, 366, size), 10_000)
    followed = rng.integers(0, 731, size)
    days = np.minimum(until_job, followed)
    kinds = np.where(until_job <= followed, "job", CENSORED)
    counts = Durations.of(days.tolist(), kinds.tolist(), ("job",))
    point = aalen_johansen(counts)["job"].at(365)
    assert counts.by(365, "job") / size < 0.30
    assert point.value == pytest.approx(0.37, abs=0.01) and point.low < 0.37 < point.high


def test_dates_give_durations_the_first_outcome_counts_and_the_unknown_future_does_not():
    start, until = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    found = Durations.between(
        [
            (start, {"job": dt.date(2025, 3, 2), "left": dt.date(2025, 2, 1)}, until),
            (start, {"job": dt.date(2026, 1, 5), "left": None}, until),
            (start, {"job": dt.date(2024, 12, 1), "left": None}, until),
            (dt.date(2026, 2, 1), {}, until),
        ],
        ("job", "left"),
    )
    assert found.people == 3, "somebody who starts after the last day known is not in the cohort yet"
    assert found.by(31, "left") == 1 and found.by(0, "job") == 1 and found.not_followed(365) == 1


def test_wilson_intervals_as_published_for_a_third():
    for base, low, high in [(50, 20.8, 45.8), (200, 26.9, 39.8), (1_000, 30.2, 36.0), (5_000, 31.7, 34.3)]:
        share = wilson(round(0.33 * base) if base != 50 else 16, base)
        if base == 50:
            assert share.low == pytest.approx(0.2076, abs=5e-4)
        else:
            assert (100 * share.low, 100 * share.high) == pytest.approx((low, high), abs=0.06)
    assert wilson(0, 0).value is None


def test_retention_at_six_months_counts_only_jobs_old_enough():
    jobs = [
        (dt.date(2025, 1, 10), None),
        (dt.date(2025, 1, 10), dt.date(2025, 7, 10)),
        (dt.date(2025, 1, 10), dt.date(2025, 7, 9)),
        (dt.date(2025, 9, 1), None),
    ]
    found = retention(jobs, dt.date(2025, 12, 31))
    assert (found.share.count, found.share.base, found.too_recent) == (2, 3, 1)
    said = sentences.kept(found).replace("\u00a0", " ")
    assert said.startswith("2 sur 3 toujours en poste à 6 mois, soit 66,7 %")
    assert said.endswith("1 personne embauchée depuis moins de 6 mois n’est pas comptée.")


def test_sentences_say_what_censoring_means():
    counts = Durations.of([100, 200, 365, 365, 365], ["job", CENSORED, CENSORED, CENSORED, CENSORED], ("job",))
    said = sentences.at_horizon(counts, "job", 300, "un emploi").replace("\u00a0", " ")
    assert said.startswith("Sur 5 personnes, on estime que 20,0 % ont eu un emploi dans les 300 jours")
    assert "1 personne n’a pas encore été suivie pendant 300 jours" in said
    assert "les compter comme « non » ferait baisser le taux à tort" in said
    assert sentences.median(kaplan_meier(counts)).startswith("Moins de la moitié du groupe")
    assert "Personne n’est dans ce groupe" in sentences.at_horizon(
        Durations.of([], [], ("job",)), "job", 30, "un emploi"
    )


def test_sentences_compare_groups_and_name_competing_outcomes():
    men, women = of(LUNG).values()
    assert "plus que par hasard" in sentences.difference(log_rank([men, women]))
    assert "peut être dû au hasard" in sentences.difference(log_rank(list(of(AML).values())))
    counts = Durations.of([1, 2, 3], ["job", "left", "job"], ("job", "left"))
    assert "un départ (33,3" in sentences.competing(counts, "job", 10, {"left": "un départ"})
    assert sentences.median(kaplan_meier(men)).endswith("entre 212 et 310 jours).")
