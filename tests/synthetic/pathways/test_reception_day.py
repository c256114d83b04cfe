"""The interviews of the experiment obey the rules of the room; elsewhere there is none."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from passerelles.people.enums import RegisteredBy, RegistrationPlace, SituationKind
from passerelles.reception.enums import (
    AbsenceReason,
    AppointmentStatus,
    Attendance,
    Barrier,
    HalfDay,
    NotRegisteredReason,
)
from passerelles.reception.rules.scope import Facts, outcome, to_register
from passerelles.reception.services.interviews import SOURCE
from passerelles.reception.settings_on import convention_in_force
from passerelles.synthetic.frames import Chunk
from tests.synthetic.pathways.makers import HORIZON, chunk_of, in_paris

BEGINS, ENDS = dt.date(2025, 12, 8), dt.date(2026, 11, 30)


def facts_of(row: dict[str, object]) -> Facts:
    return Facts(
        situation=str(row["situation"]),
        ft=bool(row["ft"]),
        rsa=bool(row["rsa"]),
        agir=bool(row["agir"]),
        opted_out=bool(row["opted_out"]),
    )


@pytest.fixture(scope="module")
def metz() -> Chunk:
    return chunk_of("57", 2026)


def test_interviews_are_held_at_metz_reims_and_strasbourg_while_the_agreement_lasts(metz: Chunk) -> None:
    for department in ("57", "51", "67"):
        chunk = chunk_of(department, 2026)
        days = chunk.interviews.join(chunk.sessions, left_on="session", right_on="number")["held_on"]
        assert len(days) > 500
        assert BEGINS <= days.min() <= days.max() <= min(ENDS, HORIZON)
        assert chunk.sessions.filter(pl.col("operator").is_null()).is_empty()
    assert chunk_of("57", 2024).interviews.is_empty()
    assert chunk_of("31", 2026).interviews.is_empty()
    winter = chunk_of("57", 2025)
    before = winter.sessions.filter(pl.col("held_on") < BEGINS)
    assert before["operator"].is_null().all()


def test_every_interview_comes_to_exactly_one_outcome(metz: Chunk) -> None:
    for row in metz.interviews.iter_rows(named=True):
        found = outcome(
            facts_of(row), registered=row["registered"], not_registered_reason=row["not_registered_reason"] or ""
        )
        assert found is not None, row


@pytest.mark.django_db
def test_the_cip_registers_only_whom_the_rules_let_them_register() -> None:
    registered = 0
    for department in ("57", "51", "67"):
        chunk = chunk_of(department, 2026)
        direction = chunk.people["direction"][0]
        held = chunk.sessions.select(session="number", held_on="held_on")
        for row in chunk.interviews.join(held, on="session").iter_rows(named=True):
            if not row["registered"]:
                continue
            registered += 1
            agreement = convention_in_force(row["held_on"], direction)
            assert to_register(facts_of(row), convention=agreement, automatic=False).is_yes
    assert registered > 50


def test_a_registration_by_the_cip_is_that_of_an_interview(metz: Chunk) -> None:
    by_cip = metz.registrations.filter(pl.col("by") == "cip")
    mine = metz.interviews.filter("registered")
    assert set(by_cip["person"]) == set(mine["person"])
    assert (by_cip["place"] == "pfa").all()


def test_interviews_stay_in_their_slot(metz: Chunk) -> None:
    slots = metz.convocations.filter(pl.col("status") == "present").select("person", "session", "slot_at")
    rows = metz.interviews.join(slots, on=["person", "session"])
    assert len(rows) == len(metz.interviews)
    length = pl.col("ended_at") - pl.col("slot_at")
    assert rows.filter((pl.col("started_at") < pl.col("slot_at")) | (length > dt.timedelta(minutes=15))).is_empty()


def test_a_person_has_one_open_appointment_and_answers_come_after_its_hour(metz: Chunk) -> None:
    found = metz.appointments
    assert set(found["status"]) >= {"attended", "missed", "fixed", "rescheduled"}
    standing = found.filter(pl.col("status") != "rescheduled")
    assert standing["person"].is_unique().all()
    answered = found.filter(pl.col("status") != "fixed")
    assert (answered["asserted_at"] > answered["fixed_for"]).all()
    assert answered["asserted_for"].is_not_null().all()
    waiting = found.filter(pl.col("status") == "fixed")
    assert waiting["asserted_at"].is_null().all()
    assert (found["fixed_for"] > found["fixed_at"]).all()
    assert found.filter(pl.col("accompanied") & (pl.col("status") != "attended")).is_empty()


def test_an_appointment_moved_is_replaced_at_the_same_instant(metz: Chunk) -> None:
    moved = metz.appointments.filter(pl.col("status") == "rescheduled").select(
        "person", "organisation", at="asserted_at"
    )
    after = metz.appointments.join(
        moved, left_on=["person", "organisation", "fixed_at"], right_on=["person", "organisation", "at"]
    )
    assert len(after) == len(moved) > 0


def test_the_situation_of_an_interview_is_written_once_with_the_source_of_the_verb(metz: Chunk) -> None:
    seen = metz.situations.filter(pl.col("source") == SOURCE)
    assert set(seen["person"]) == set(metz.interviews["person"])
    assert metz.situations.select("person", "observed_on", "source").is_unique().all()


def test_an_opt_out_said_in_an_interview_begins_that_day(metz: Chunk) -> None:
    said = metz.interviews.filter("opted_out").select("person", day=in_paris("ended_at"))
    wishes = metz.opt_outs.join(said, on="person")
    assert len(said) == len(wishes) > 0
    assert (wishes["since"] == wishes["day"]).all()
    assert set(metz.registrations["person"]).isdisjoint(metz.opt_outs["person"])


def test_codes_are_those_of_the_rooms(metz: Chunk) -> None:
    assert set(metz.convocations["status"]) <= set(Attendance.values)
    assert set(metz.convocations["reason"]) - {""} <= set(AbsenceReason.values)
    assert set(metz.sessions["half_day"]) == set(HalfDay.values)
    assert set(metz.appointments["status"]) <= set(AppointmentStatus.values)
    assert set(metz.interviews["not_registered_reason"]) - {""} <= set(NotRegisteredReason.values)
    assert set(metz.interviews["barriers"].explode().drop_nulls()) <= set(Barrier.values)
    assert set(metz.situations["kind"]) <= set(SituationKind.values)
    assert set(metz.registrations["by"]) <= set(RegisteredBy.values)
    assert set(metz.registrations["place"]) <= set(RegistrationPlace.values)
