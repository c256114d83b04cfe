"""The calibration report: counts that add up, verdicts that do not flatter, a page that says what is invented."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from passerelles.synthetic.calibration import (
    Measure,
    Verdict,
    collect,
    people_alone,
    population_measures,
    ratio,
    results,
    write_report,
)
from passerelles.synthetic.frames import Chunk
from passerelles.synthetic.population import people, plan, published


def chunks(*departments: str, year: int = 2023) -> list[Chunk]:
    return [people_alone(people(code, year, np.random.default_rng([2, i]))) for i, code in enumerate(departments)]


def test_counts_of_chunks_add_up():
    both = collect(chunks("55", "88"), population_measures())
    first, second = (collect([chunk], population_measures()) for chunk in chunks("55", "88"))
    assert both["2023:people"] == first["2023:people"] + second["2023:people"]
    assert both["2023:women"] == first["2023:women"] + second["2023:women"]


def test_a_count_shared_by_several_measures_is_made_once():
    seen: list[int] = []

    def count(chunk: Chunk) -> dict[str, float]:
        seen.append(len(chunk.people))
        return {"people": len(chunk.people)}

    measures = [
        Measure("cir_total_2023", count, lambda counts: None),
        Measure("women_2023", count, lambda counts: None),
    ]
    collect(chunks("55"), measures)
    assert len(seen) == 1


def test_a_share_of_nobody_is_not_zero():
    assert ratio("women", "people")({}) is None
    assert ratio("women", "people")({"women": 1, "people": 4}) == 25


def test_one_department_says_nothing_of_the_nation():
    verdicts = {result.figure.code: result for result in results(collect(chunks("57"), []), population_measures())}
    assert verdicts["cir_total_2023"].verdict is Verdict.NOT_COVERED
    assert verdicts["women_2023"].measured is None


def test_a_figure_missed_is_told_outside_and_a_contradicted_one_is_not_judged():
    def everyone(chunk: Chunk) -> dict[str, float]:
        return {}

    full = {
        f"{year}:department:{code}": count
        for year in (2021, 2022, 2023, 2024, 2025)
        for code, year, count in plan("national", [year])
    }
    measures = [
        Measure("women_2023", everyone, lambda counts: 47.0),
        Measure("cir_stock_2025", everyone, lambda counts: 562_786.0),
    ]
    found = {result.figure.code: result for result in results(full, measures)}
    assert found["women_2023"].verdict is Verdict.OUTSIDE
    assert found["women_2023"].difference == pytest.approx(1.5)
    assert found["cir_stock_2025"].verdict is Verdict.CONTRADICTED
    assert found["a1_attained_2023"].verdict is Verdict.NOT_MEASURED


def test_a_measure_without_a_published_figure_is_refused():
    stray = Measure("nothing_of_the_kind", lambda chunk: {}, lambda counts: None)
    with pytest.raises(ValueError, match="nothing_of_the_kind"):
        results({}, [stray])


def test_every_invented_value_says_how_it_was_chosen():
    assert all(figure.note for figure in published.figures().values() if figure.invented)
    assert all(assumption.why for assumption in published.assumptions().values())


def test_every_measure_has_its_figure_and_every_target_on_people_its_measure():
    measured = {measure.code for measure in population_measures()}
    targets = {code for code, figure in published.figures().items() if figure.role == "target"}
    assert targets <= measured


def test_the_report_is_written_with_its_drawings(tmp_path):
    verdicts = write_report(chunks("57", "31"), docs=tmp_path, run="two departments, 2023", seed=2)
    page = (tmp_path / "calibration.md").read_text(encoding="utf-8")
    assert "two departments, 2023" in page
    assert "every cell as published" in page
    for contradiction in published.contradictions():
        assert contradiction.choice in page
    drawings = sorted((tmp_path / "images" / "calibration").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        assert f"images/calibration/{drawing.name}" in page
        assert ElementTree.fromstring(drawing.read_text(encoding="utf-8")).attrib["role"] == "img"
    assert len(verdicts) == len(published.figures())


def test_the_pyramid_counts_everyone():
    frame = people("57", 2023, np.random.default_rng(1))
    counts = collect([people_alone(frame)], population_measures())
    women = sum(n for key, n in counts.items() if key.startswith("2023:age:F:"))
    assert women == frame.select((pl.col("sex") == "F").sum()).item()
