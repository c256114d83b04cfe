"""Language and civic training follow the rules in force on the day of signature and in the territory."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest

from passerelles.reference.levels import Level
from passerelles.synthetic.frames import Chunk
from tests.synthetic.pathways.makers import chunk_of, of_kind, value

NEW_MARKET = dt.date(2025, 7, 1)


def prescriptions(chunk: Chunk) -> pl.DataFrame:
    columns = {name: value(name) for name in ("path", "mode", "hours", "target", "compulsory")}
    signed = chunk.people.select("signed_on", "hours", "level", person="number")
    return (
        of_kind(chunk, "language_prescribed")
        .with_columns(**columns)
        .join(signed.rename({"hours": "at_signature"}), on="person")
    )


def first(chunk: Chunk) -> pl.DataFrame:
    return prescriptions(chunk).filter(~pl.col("path").is_in(["A2", "B1"]))


def test_before_july_2025_hours_to_a1_are_those_of_the_positioning() -> None:
    """B-019."""
    found = first(chunk_of("31", 2022))
    assert set(found["hours"]) == {"100", "200", "400", "600"}
    assert (found["hours"].cast(pl.Int64) == found["at_signature"].cast(pl.Int64)).all()
    assert set(found["target"]) == {"A1"}
    needed = chunk_of("31", 2022).people.filter(pl.col("hours") > 0)
    assert set(found["person"]) == set(needed["number"])


def test_since_july_2025_the_target_is_a2_without_hours_and_mostly_digital() -> None:
    """B-025, L-043."""
    found = first(chunk_of("31", 2025))
    new = found.filter(pl.col("signed_on") >= NEW_MARKET + dt.timedelta(days=3))
    old = found.filter(pl.col("signed_on") < NEW_MARKET - dt.timedelta(days=3))
    assert new["hours"].is_null().all()
    assert old["hours"].is_not_null().all()
    assert set(new["target"]) == {"A2"}
    assert set(new["path"]) == {"digital", "face_to_face"}
    optional = new.filter(pl.col("occurred_on") >= dt.date(2025, 7, 16))
    assert set(optional["compulsory"]) == {"false"}


@pytest.mark.parametrize(("department", "concerned"), [("21", True), ("94", True), ("31", False), ("75", False)])
def test_the_pilot_towards_a2_holds_in_burgundy_and_creteil_from_march_2024(department: str, concerned: bool) -> None:
    """B-022: whoever is below A2 gets 200 to 800 hours."""
    chunk = chunk_of(department, 2024)
    pilot = first(chunk).filter(pl.col("path") == "pilot_a2")
    assert bool(len(pilot)) is concerned
    if not concerned:
        return
    assert pilot["occurred_on"].min() >= dt.date(2024, 3, 26)
    hours = pilot["hours"].cast(pl.Int64)
    assert hours.min() == 200
    assert hours.max() == 800
    a1 = chunk.people.filter((pl.col("level") == "A1") & (pl.col("signed_on") > dt.date(2024, 4, 2)))
    assert set(a1["number"]) <= set(pilot["person"])


def test_vocational_french_is_prescribed_in_grand_est_and_occitanie_in_2024() -> None:
    """B-023."""
    assert len(first(chunk_of("57", 2024)).filter(pl.col("path") == "pilot_vocational"))
    assert first(chunk_of("75", 2024)).filter(pl.col("path") == "pilot_vocational").is_empty()


def test_the_module_towards_b1_lasts_fifty_hours_in_haute_garonne_and_a_hundred_elsewhere() -> None:
    """B-020."""
    here = prescriptions(chunk_of("31", 2022)).filter(pl.col("path") == "B1")
    there = prescriptions(chunk_of("93", 2022)).filter(pl.col("path") == "B1")
    assert set(here.filter(pl.col("occurred_on") >= dt.date(2021, 10, 15))["hours"]) == {"50"}
    assert set(there["hours"]) == {"100"}
    assert there["occurred_on"].max() <= dt.date(2025, 6, 30)


@pytest.mark.parametrize(("department", "hours"), [("31", 24), ("976", 12)])
def test_civic_training_is_four_days_then_hours_since_august_2025(department: str, hours: int) -> None:
    """B-030, and the order of 22 July 2025."""
    facts = of_kind(chunk_of(department, 2025), "civic_prescribed").select("occurred_on", hours=value("hours"))
    before = facts.filter(pl.col("occurred_on") < dt.date(2025, 8, 1))
    after = facts.filter(pl.col("occurred_on") >= dt.date(2025, 8, 1))
    assert before["hours"].is_null().all()
    assert set(after["hours"]) == {str(hours)}


def test_no_civic_exam_before_2026() -> None:
    """B-027."""
    exams = pl.concat([of_kind(chunk_of("31", year), "civic_exam_taken") for year in (2022, 2024, 2025)])
    assert len(exams)
    assert exams["occurred_on"].min() >= dt.date(2026, 1, 1)


def test_a_final_level_is_never_below_the_first_one_and_attained_means_reached() -> None:
    chunk = chunk_of("93", 2022)
    ranks = {level.value: level.rank for level in Level}
    initial = chunk.assessments.filter(pl.col("kind") == "initial").select("person", "written", "oral", "overall")
    final = chunk.assessments.filter(pl.col("kind") == "final").join(initial, on="person", suffix="_first")
    for skill in ("written", "oral", "overall"):
        assert (final[skill].replace_strict(ranks) >= final[f"{skill}_first"].replace_strict(ranks)).all(), skill
    targets = prescriptions(chunk).select("subject", "target")
    for row in of_kind(chunk, "language_ended").join(targets, on="subject").iter_rows(named=True):
        data = json.loads(row["data"])
        if data["reason"] == "dropped":
            assert data["attained"] is None
            continue
        reached = all(Level(data[skill]) >= Level(row["target"]) for skill in ("written", "oral"))
        assert data["attained"] is reached


def test_data_are_json_with_the_keys_the_vocabulary_announces() -> None:
    """Keys sorted, no other key than those written beside the kind."""
    import re
    from pathlib import Path

    import passerelles.journal.vocabulary as vocabulary

    text = Path(vocabulary.__file__).read_text(encoding="utf-8")
    announced = {
        kind: {key.strip() for key in re.split("[;:]", re.sub(r"\(.*?\)", "", comment))[0].split(",")} - {""}
        for kind, comment in re.findall(r'^    [A-Z_]+ = "(\w+)"(?:  # (.*))?$', text, re.M)
    }
    chunks = [chunk_of("57", 2025), chunk_of("93", 2024), chunk_of("31", 2022)]
    seen: dict[str, set[str]] = {}
    for chunk in chunks:
        for kind, data in chunk.events.select("kind", "data").unique().iter_rows():
            keys = list(json.loads(data))
            assert keys == sorted(keys)
            seen.setdefault(kind, set()).update(keys)
    assert len(seen) >= 30
    assert {kind: keys for kind, keys in seen.items() if keys != announced[kind]} == {}
