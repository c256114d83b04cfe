"""Nothing happens before it can: order of facts, working days, one place at a time, the horizon."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.reference.calendar import is_working_day
from passerelles.synthetic.frames import Chunk
from tests.synthetic.pathways.makers import HORIZON, chunk_of, in_paris, of_kind, people_of, told

PLACES = [("57", 2026), ("31", 2021), ("93", 2024), ("51", 2025), ("976", 2025)]
WORLD = [pytest.param(*place, id=f"{place[0]}-{place[1]}") for place in PLACES]
DATED = {
    "assessments": ("assessed_on", "known_at"),
    "situations": ("observed_on", "known_at"),
    "registrations": ("starts_on", "known_at"),
    "opt_outs": ("since", "known_at"),
    "events": ("occurred_on", "known_at"),
}


def of_people(chunk: Chunk, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.join(chunk.people.select(person="number", entered="entered_on", signed="signed_on"), on="person")


def departed(chunk: Chunk) -> pl.DataFrame:
    return of_kind(chunk, "departed").select("person", left="occurred_on")


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_a_fact_is_known_on_or_after_the_day_it_happened_and_by_the_horizon(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    for name, (on, known) in DATED.items():
        frame: pl.DataFrame = getattr(chunk, name)
        assert len(frame) or name == "opt_outs"
        assert frame.filter(pl.col(on) > in_paris(known)).is_empty(), name
        assert frame.filter(in_paris(known) > HORIZON).is_empty(), name
    assert chunk.sessions.filter(pl.col("held_on") > HORIZON).is_empty()


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_nobody_acts_before_entering_france_or_after_leaving_the_territory(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    gone = departed(chunk)
    assert len(gone) or year == 2026
    for name, (on, _) in DATED.items():
        frame = of_people(chunk, getattr(chunk, name))
        assert frame.filter(pl.col(on) < pl.col("entered")).is_empty(), name
        assert frame.join(gone, on="person").filter(pl.col(on) > pl.col("left")).is_empty(), name
    letters = of_people(chunk, chunk.convocations)
    assert letters.filter(in_paris("convoked_at") < pl.col("entered")).is_empty()


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_everybody_is_received_on_the_day_of_signature_when_it_is_worked(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    held = chunk.sessions.select(session="number", held_on="held_on", starts="starts_at", planned="planned_at")
    rows = of_people(chunk, chunk.convocations.join(held, on="session"))
    territory = f"dt:{chunk.people['direction'][0]}"
    worked = {day: is_working_day(day, territory) for day in rows["signed"].unique()}
    came = rows.filter(pl.col("status") == "present")
    assert came["person"].is_unique().all()
    on_worked = came.filter(pl.col("signed").replace_strict(worked))
    assert (on_worked["held_on"] == on_worked["signed"]).all()
    due = chunk.people.filter(pl.col("signed_on") <= HORIZON - dt.timedelta(days=4))
    assert set(due["number"]) <= set(came["person"])


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_who_missed_a_session_is_convoked_again_afterwards(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    held = chunk.sessions.select(session="number", held_on="held_on")
    rows = chunk.convocations.join(held, on="session")
    missed = rows.filter(pl.col("status") != "present").select("person", missed_on="held_on", told="known_at")
    assert 0.05 < len(missed) / len(chunk.people) < 0.2
    assert missed["person"].is_unique().all()
    again = rows.filter(pl.col("status") == "present").join(missed, on="person")
    assert again.filter(
        (pl.col("held_on") <= pl.col("missed_on")) | (pl.col("convoked_at") <= pl.col("told"))
    ).is_empty()
    reasons = rows.filter(pl.col("status") != "present")["reason"]
    assert (reasons != "").all()


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_a_session_holds_twelve_people_at_two_desks_in_slots_of_fifteen_minutes(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    seats = chunk.convocations.group_by("session").len()
    assert seats["len"].max() <= 12
    assert set(seats["session"]) == set(chunk.sessions["number"])
    assert chunk.convocations.select("session", "desk", "slot_at").is_unique().all()
    assert set(chunk.convocations["desk"]) <= {1, 2}
    rows = chunk.convocations.join(chunk.sessions.select(session="number", starts="starts_at"), on="session")
    minutes = rows.select((pl.col("slot_at") - pl.col("starts")).dt.total_minutes()).to_series()
    assert set(minutes) <= {15, 30, 45, 60, 75, 90}
    assert rows.filter(pl.col("arrived_at") > pl.col("slot_at")).is_empty()


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_sessions_and_appointments_are_on_working_days(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    territory = f"dt:{chunk.people['direction'][0]}"
    assert all(is_working_day(day, territory) for day in chunk.sessions["held_on"].unique())
    local = f"department:{department}"
    days = chunk.appointments.select(in_paris("fixed_for")).to_series().unique()
    assert all(is_working_day(day, local) for day in days)
    attended = of_kind(chunk, "referral_appointment_attended")["occurred_on"].unique()
    assert len(attended)
    assert all(is_working_day(day, local) for day in attended)


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_a_session_is_planned_before_the_letters_leave_and_one_room_serves_once_a_half_day(
    department: str, year: int
) -> None:
    chunk = chunk_of(department, year)
    assert chunk.sessions.select("held_on", "half_day", "place").is_unique().all()
    rows = chunk.convocations.join(chunk.sessions.select(session="number", planned="planned_at"), on="session")
    assert rows.filter(pl.col("planned") > pl.col("convoked_at")).is_empty()
    assert rows.filter(pl.col("convoked_at") >= pl.col("slot_at")).is_empty()


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_the_facts_of_one_chain_become_known_in_the_order_in_which_they_happened(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    chains = chunk.events.filter(pl.col("subject").is_not_null()).sort("subject", "occurred_on", "known_at")
    back = chains.with_columns(before=pl.col("known_at").shift(1).over("subject")).filter(
        pl.col("known_at") < pl.col("before")
    )
    assert back.is_empty(), back
    first = chains.group_by("subject", maintain_order=True).first()["kind"].unique()
    answers = {kind for kind in first if kind.endswith(("_ended", "_attended", "_accepted", "_declined", "_silent"))}
    assert not answers


@pytest.mark.parametrize(("department", "year"), WORLD)
def test_nobody_is_in_training_while_in_a_job_nor_in_two_jobs(department: str, year: int) -> None:
    chunk = chunk_of(department, year)
    spells = {
        name: of_kind(chunk, f"{name}_started")
        .select("subject", "person", start="occurred_on")
        .join(of_kind(chunk, f"{name}_ended").select("subject", end="occurred_on"), on="subject", how="left")
        .with_columns(pl.col("end").fill_null(dt.date(2100, 1, 1)))
        for name in ("job", "training")
    }
    assert all(len(frame) for frame in spells.values())
    both = pl.concat(spells.values()).sort("person", "start")
    overlap = both.with_columns(last=pl.col("end").shift(1).over("person")).filter(pl.col("start") < pl.col("last"))
    assert overlap.is_empty(), overlap


@given(seed=st.integers(0, 10_000), n=st.integers(1, 40), cut=st.integers(0, 900))
@settings(max_examples=25)
def test_any_small_world_cut_at_any_day_holds_together(seed: int, n: int, cut: int) -> None:
    horizon = dt.date(2025, 1, 2) + dt.timedelta(days=cut)
    chunk = told(people_of("57", 2025, n, seed), seed, horizon)
    for name, (on, known) in DATED.items():
        frame: pl.DataFrame = getattr(chunk, name)
        assert frame.filter((pl.col(on) > in_paris(known)) | (in_paris(known) > horizon)).is_empty()
    assert set(chunk.convocations["session"]) == set(chunk.sessions["number"])
    assert set(chunk.interviews["session"]) <= set(chunk.sessions["number"])
    assert chunk.registrations["person"].is_unique().all()


def test_the_same_seed_tells_the_same_story_and_another_one_does_not() -> None:
    one, two = told(people_of("57", 2025, 300), 3), told(people_of("57", 2025, 300), 3)
    other = told(people_of("57", 2025, 300), 4)
    for name in ("sessions", "convocations", "events", "registrations", "assessments", "situations"):
        assert getattr(one, name).equals(getattr(two, name)), name
    assert not one.events.equals(other.events)
