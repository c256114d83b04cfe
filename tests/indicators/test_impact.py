"""Impact benchmarks (F-037): declared before, compared fairly, refused when nothing can be said.

Reference figures: R 4.2.2 (`glm`, `weighted.mean`, `power.prop.test`) on the drawn data set DRAWN.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from passerelles.core.errors import Impossible
from passerelles.indicators.impact.comparison import Effect, compare, design, unmeasured
from passerelles.indicators.impact.declaration import Benchmark, declare, people_needed, shown_by
from passerelles.indicators.impact.findings import Finding
from passerelles.indicators.impact.verdict import found, told

DRAWN = (
    "461100 510001 181200 511101 370101 390011 441101 300101 591111 200000 291000 340200 410210 350201 231111 "
    "190011 180200 201210 240000 591001 260001 451000 491110 270101 290100 361100 291100 581000 250110 550201 "
    "511111 531201 221011 340000 440010 381000 450000 460100 451010 201001 580000 411200 551010 290201 330101 "
    "541211 251010 201110 331211 460200 230000 540101 320210 271110 400201 550000 550200 541000 301111 180201 "
    "501000 470000 500001 180201 191201 390100 321210 360111 571110 260211 400111 310001 300101 511001 241101 "
    "310011 220001 240101 291100 470000 421110 361010 250011 510200 511101 270111 200200 311110 241200 510001 "
    "391110 390100 300001 391200 581210 270000 500100 180200 311000 571200 541011 211111 530100 530101 371000 "
    "330100 590111 570011 461200 341110 260111 571211 290000 410200 461000 281111 311201 490111 261100 460201 "
    "570011 461010 451010 371000 580111 270200 321200 440101 450000 220201 241110 470101 530210 441000 571111 "
    "331111 310000 510101 191200 260001 260200 340100 241200 510200 530211 331000 191111 471010 221200 431000 "
    "251000 571210 460101 591211 431000 481001 331110 510200 220100 240010 331201 471101 381100 530201 570201 "
    "341001 350000 410111 450100 381210 431000 580111 480011 310201 351010 341111 241201 180200 511001 351101 "
    "320200 440201 410210 570000 430100 561110 421000 310000 310211 591111 420200 250100 520200 521000 180200 "
    "241100 470201 351211 320100 210111 251000 541001 521011 520210 421001 230201 310001 400101 590211 280110 "
    "411200 380010 391100 410200 471100 221100 591110 540001 500200 291200 361111 360001 301001 200000 491200 "
    "180100 501211 261100 450211 321110 270200 560111 371110 551211 251111 380000 320001 370210 181000 461111 "
    "321100 540101 261100 321110 190211 510001 400100 341211 561201 421110 581211 480000 421101 391110 261200 "
    "471110 510100 471111 351100 180001 481111 191200 511100 241011 301200 260200 400000 261100 281100 200110 "
    "590111 270201 260200 431011 230000 550110 500011 321100 340100 330101 480101 350000 291110 461000 230200 "
    "501101 350011 570100 280210 331110 541010 471000 190100 321100 181200 521211 351100 270210 481201 541200 "
    "220100 391000 330000 480110 570101 401100 491111 311211 420201 381110 480211 201200 271200 190200 591210 "
    "400000 381201 381200 190200 520101 531000 180100 441210 410000 330000 380200 551211 431200 380201 480100 "
    "471101 400101 520000 410000 430211 380201 420000 431100 551101 281011 330201 411200 320000 460111 520110 "
    "260201 201100 590200 391200 491010 490011 580001 190000 301211 591201 361000 340200 281000 181110 190200 "
    "580001 180201 231001 281000 290000 541110 310200 240001 340210 460001 360200 281001 221210 201110 380111 "
    "261101 420101 460011 331200 390200 201010 410111 251100 371110 221110 291100 351100 381000 191001 561200 "
    "350211 260100 260000 481100 360001 281000 360210 261011 241000 310100 "
)
"""400 drawn people: age (2 digits), woman, motive (0 to 2), helped, outcome."""

BEFORE, START, AFTER = dt.date(2025, 11, 1), dt.date(2025, 12, 8), dt.date(2026, 12, 1)


def benchmark(**values) -> Benchmark:
    given = {"baseline": 0.33, "target": 0.43, "declared_on": BEFORE, "starts_on": START, "measured_on": AFTER}
    return declare("en emploi à 6 mois", **(given | values))


def drawn() -> Effect:
    rows = DRAWN.split()
    x, names = design(
        {
            "âge": [int(row[:2]) for row in rows],
            "femme": [int(row[2]) for row in rows],
            "motif": [row[3] for row in rows],
        }
    )
    return compare(np.array([row[4] == "1" for row in rows]), np.array([float(row[5]) for row in rows]), x, names)


def cohort(rng: np.random.Generator, size: int, effect: float = 0.05):
    """People helped the more often, the older and the more qualified they are; the truth is `effect`."""
    age, qualified = rng.normal(0, 1, size), rng.random(size) < 0.4
    helped = rng.random(size) < 1 / (1 + np.exp(0.3 - 0.5 * age - 0.6 * qualified))
    chance = 0.30 + 0.05 * age.clip(-2, 2) + 0.12 * qualified
    outcome = (rng.random(size) < chance + effect * helped).astype(float)
    return helped, outcome, np.column_stack([age, qualified]), ("âge", "qualification")


def test_weighting_gives_what_r_gives():
    effect = drawn()
    assert effect.share_helped == pytest.approx(0.529411764706, abs=1e-9)
    assert effect.share_others == pytest.approx(0.362960022867, abs=1e-7)
    assert effect.effect == pytest.approx(0.166451741839, abs=1e-7)
    assert effect.effective == pytest.approx(200.921861598, abs=1e-4)
    assert effect.robust == pytest.approx(0.165102323525, abs=1e-7)


def test_people_needed_as_power_prop_test():
    asked = [(0.33, 0.36), (0.33, 0.38), (0.33, 0.41), (0.33, 0.43), (0.27, 0.32)]
    assert [people_needed(*each) for each in asked] == [3941, 1437, 571, 369, 1305]
    assert shown_by(369, 0.33) == pytest.approx(0.43)
    assert shown_by(2, 0.33) is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"declared_on": START}, "avant le début"),
        ({"measured_on": START}, "date de mesure"),
        ({"target": 0.33}, "deux parts différentes"),
        ({"baseline": 0.0}, "deux parts différentes"),
        ({"minimum": 100}, "il en faut 369"),
    ],
)
def test_a_benchmark_that_proves_nothing_is_refused(values, sentence):
    with pytest.raises(Impossible, match=f"(?i){sentence}"):
        benchmark(**values)


def test_the_size_is_proposed_and_a_larger_one_accepted():
    assert benchmark().minimum == 369
    assert benchmark(minimum=500).minimum == 500


@pytest.mark.parametrize("size", [500, 2_000])
def test_the_interval_holds_the_truth_19_times_in_20_where_the_naive_gap_is_biased(size):
    rng = np.random.default_rng(57)
    runs = 400
    found = [compare(*cohort(rng, size)) for _ in range(runs)]
    # The truth is the effect on the helped: the same for all, 5 points.
    covered = sum(each.low <= 0.05 <= each.high for each in found) / runs
    assert 0.92 <= covered <= 0.975
    assert np.mean([each.effect for each in found]) == pytest.approx(0.05, abs=0.005)
    assert np.mean([each.robust for each in found]) == pytest.approx(0.05, abs=0.005)
    assert abs(np.mean([each.raw for each in found]) - 0.05) > 0.01


def test_weighting_makes_the_groups_alike():
    effect = compare(*cohort(np.random.default_rng(1), 4_000))
    assert max(abs(each.gap_before) for each in effect.balance) > 0.25
    assert effect.largest_gap < 0.03
    assert 0 < effect.effective < effect.others


def judged(asked, effect) -> tuple[Finding, str]:
    finding = found(asked, effect)
    return finding, " ".join(told(asked, effect, finding))


def test_too_few_people_give_no_verdict_whatever_the_effect():
    effect = compare(*cohort(np.random.default_rng(2), 200, effect=0.5))
    assert effect.low > 0
    finding, text = judged(benchmark(), effect)
    assert finding is Finding.TOO_FEW and not finding.concludes
    assert "On ne peut pas conclure" in text and "il en faut 369" in text
    assert "Ne publiez ni hausse ni baisse" in text


def test_groups_that_do_not_overlap_give_no_verdict():
    rng = np.random.default_rng(3)
    helped = np.arange(4_000) < 2_000
    age = np.where(helped, rng.normal(3, 0.5, 4_000), rng.normal(-3, 0.5, 4_000))
    effect = compare(helped, (rng.random(4_000) < 0.4).astype(float), age[:, None], ("âge",))
    finding, _ = judged(benchmark(minimum=369), effect)
    assert not finding.concludes


def test_groups_still_different_after_weighting_are_named():
    rng = np.random.default_rng(8)
    helped, outcome, x, names = cohort(rng, 6_000)
    effect = compare(helped, outcome, x, names)
    from dataclasses import replace

    unlike = replace(effect, balance=(replace(effect.balance[0], gap_after=0.3), *effect.balance[1:]))
    finding, text = judged(benchmark(), unlike)
    assert finding is Finding.NOT_ALIKE and "sur : âge" in text


@pytest.mark.parametrize(
    ("effect", "finding"),
    [
        (0.25, Finding.REACHED),
        (0.08, Finding.BETTER),
        (0.0, Finding.NOT_SHOWN),
        (-0.15, Finding.WORSE),
    ],
)
def test_the_verdict_follows_the_interval(effect, finding):
    said, text = judged(benchmark(), compare(*cohort(np.random.default_rng(11), 8_000, effect)))
    assert said is finding
    assert "tirés au sort" in text
    assert ("Une cause que l’on ne mesure pas" in text) == (finding in (Finding.REACHED, Finding.BETTER))


def test_a_benchmark_may_aim_at_a_fall():
    lower = benchmark(baseline=0.43, target=0.33)
    assert found(lower, compare(*cohort(np.random.default_rng(12), 8_000, -0.2))) is Finding.REACHED


def test_an_effect_of_nothing_is_explained_by_nothing():
    effect = compare(*cohort(np.random.default_rng(13), 20_000, 0.0))
    assert 1 <= unmeasured(effect) < 1.5


def test_an_empty_group_is_refused():
    with pytest.raises(ValueError, match="two groups"):
        compare(np.array([True, True]), np.array([1.0, 0.0]), np.zeros((2, 1)), ("âge",))
