"""The dated parameters of the reception day, read on a given date for a given DT."""

from __future__ import annotations

import datetime as dt

from passerelles.reception.rules.planning import Limits
from passerelles.reference import parameters
from passerelles.reference.parameters import BeforeFirstDate, NotConfigured


def _int(key: str, on: dt.date, direction: str) -> int:
    return parameters.value(key, on, f"dt:{direction}").as_int()


def limits(on: dt.date, direction: str) -> Limits | None:
    """The limits of the protocol on that date; None where no agreement gives any (no alert is then raised)."""
    try:
        return Limits(
            sessions_per_week=_int("metz_sessions_week", on, direction),
            sessions_per_week_max=_int("metz_sessions_week_max", on, direction),
            capacity=_int("metz_convoked_per_session", on, direction),
            slot_minutes=_int("metz_individual", on, direction),
            collective_max=_int("metz_collective_max", on, direction),
            session_minutes_max=_int("metz_session_minutes_max", on, direction),
        )
    except (NotConfigured, BeforeFirstDate):
        return None


def convention_in_force(on: dt.date, direction: str) -> bool:
    """Is `on` inside the dates of the agreement with the operator (B-052)?"""
    try:
        return parameters.value("metz_convention", on, f"dt:{direction}").as_bool()
    except (NotConfigured, BeforeFirstDate):
        return False


def automatic_registration(on: dt.date, direction: str) -> bool:
    """Has the registration become automatic (B-032)? No date known means not yet (L-051)."""
    try:
        start = parameters.value("auto_ft_registration_date", on, f"dt:{direction}")
    except (NotConfigured, BeforeFirstDate):
        return False
    return start.as_date() <= on
