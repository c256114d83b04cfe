"""What holds in any synthetic world, whatever the seed, the department, the year and the size of the chunk."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from passerelles.synthetic.chunks import Order, chunk, whole_network
from passerelles.synthetic.frames import Chunk, Network
from passerelles.synthetic.population import Size
from passerelles.synthetic.population.territory import departments

HORIZON = dt.date(2026, 6, 30)


@lru_cache(maxsize=2)
def network(seed: int) -> Network:
    return whole_network(seed, HORIZON)


def world(department: str, year: int, count: int, seed: int) -> Chunk:
    order = Order(seed, Size.NATIONAL, year, year, HORIZON)
    return chunk(order, department, year, count, network(1))


WORLDS = st.tuples(
    st.sampled_from(departments()),
    st.integers(2021, 2026),
    st.integers(1, 60),
    st.integers(0, 2**32 - 1),
)


@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(WORLDS)
def test_the_promises_of_the_generator(asked: tuple[str, int, int, int]) -> None:
    made = world(*asked)
    nobody_attends_before_being_convoked(made)
    nobody_registers_after_leaving(made)
    no_permit_starts_after_it_ends(made)
    every_person_has_exactly_one_truth_identity(made)


def nobody_attends_before_being_convoked(made: Chunk) -> None:
    letters = made.convocations
    came = letters.filter(pl.col("arrived_at").is_not_null())
    assert came.filter(pl.col("convoked_at") >= pl.col("arrived_at")).is_empty()
    held = made.interviews.join(
        letters.select("person", "session", "convoked_at"), on=["person", "session"], how="left"
    )
    assert held.filter(pl.col("convoked_at").is_null()).is_empty()
    assert held.filter(pl.col("convoked_at") >= pl.col("started_at")).is_empty()


def nobody_registers_after_leaving(made: Chunk) -> None:
    gone = made.events.filter(pl.col("kind") == "departed").select("person", left="occurred_on")
    late = made.registrations.join(gone, on="person").filter(pl.col("starts_on") > pl.col("left"))
    assert late.is_empty()


def no_permit_starts_after_it_ends(made: Chunk) -> None:
    assert made.people.filter(pl.col("permit_starts_on") >= pl.col("permit_ends_on")).is_empty()


def every_person_has_exactly_one_truth_identity(made: Chunk) -> None:
    """A person is one row of `people`; a line of a list is theirs or a stranger's, and one at most in each list."""
    for name in ("number", "id", "foreigner_number", "ofii_number"):
        assert made.people.filter(pl.col(name).cast(pl.String) != "")[name].is_unique().all(), name
    known = made.records.drop_nulls("person")
    assert set(known["person"]) <= set(made.people["number"])
    assert not made.records.select("list", "record").is_duplicated().any()
    assert not known.select("list", "person").is_duplicated().any()
    signed = made.people.filter(pl.col("signed_on") <= HORIZON)
    assert set(signed["number"]) == set(known.filter(pl.col("list") == "ofii")["person"])
