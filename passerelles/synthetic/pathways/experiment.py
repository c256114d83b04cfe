"""Where, when and by whom the experiment of reception days is held (C-013 to C-022), from the parameters. Pure."""

from __future__ import annotations

import datetime as dt

import polars as pl

from passerelles.reference import register
from passerelles.reference.territory import Territory

DIRECTIONS = ("metz", "reims", "strasbourg")
"""The DTs of the call for expressions of interest (C-022). Only Metz has its agreement in the documents."""


def period() -> tuple[dt.date, dt.date]:
    """First and last day of the agreement of Metz, taken for the two others as well (invented)."""
    (entry,) = register.parameters()["metz_convention"].entries_for(Territory.parse("dt:metz"))
    assert entry.valid_to is not None
    return entry.valid_from, entry.valid_to


def may_register(direction: str) -> tuple[dt.date, dt.date] | None:
    """When the CIP may register at France Travail: where the register of parameters says that an agreement is in force.

    The rules of the room refuse a registration elsewhere (B-052), so none is generated there.
    """
    entries = register.parameters()["metz_convention"].entries_for(Territory.parse(f"dt:{direction}"))
    in_force = [entry for entry in entries if entry.value is True and entry.valid_to is not None]
    if not in_force:
        return None
    return in_force[0].valid_from, in_force[0].valid_to or in_force[0].valid_from


def operator_of(organisations: pl.DataFrame, direction: str) -> int:
    """The operator of the department of the DT's seat, else the first of its departments; 0 when there is none."""
    seats = organisations.filter((pl.col("kind") == "ofii_dt") & (pl.col("direction") == direction))["department"]
    theirs = organisations.filter((pl.col("kind") == "operator") & (pl.col("direction") == direction))
    at_seat = theirs.filter(pl.col("department").is_in(seats.implode()))
    chosen = at_seat if len(at_seat) else theirs
    return int(chosen["number"][0]) if len(chosen) else 0
