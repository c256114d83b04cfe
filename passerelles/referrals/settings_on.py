"""The dated parameters of referrals, by kind of organisation and territory, read on a given date."""

from __future__ import annotations

import datetime as dt

from passerelles.reference import parameters
from passerelles.reference.parameters import UnknownParameter
from passerelles.reference.territory import NATIONAL, Territory
from passerelles.referrals.rules.clocks import Clock, parameters_needed

MISSED_LIMIT = "referral_missed_limit"
CAPACITY_AGE = "referral_capacity_age_days"


def territory_of(department: str, direction: str) -> Territory:
    """Where the clock of a case ticks: the department of the receiver, else the DT of the person."""
    if department:
        return Territory.parse(f"department:{department}")
    return Territory.parse(f"dt:{direction}") if direction else NATIONAL


def clock(on: dt.date, kind: str, territory: Territory) -> Clock:
    """The delays that hold on `on` for organisations of this kind: `<parameter>_<kind>` when the register has it."""
    return Clock({key: _days(key, kind, on, territory) for key in parameters_needed()}, territory)


def missed_limit(on: dt.date, territory: Territory) -> int:
    """Appointments missed in a row before the person goes back to whoever sent them."""
    return parameters.value(MISSED_LIMIT, on, territory).as_int()


def capacity_age(on: dt.date, territory: Territory) -> int:
    """Days after which a capacity figure is to be checked."""
    return parameters.value(CAPACITY_AGE, on, territory).as_int()


def _days(key: str, kind: str, on: dt.date, territory: Territory) -> int:
    own = f"{key}_{kind}"
    try:
        parameters.parameter(own)
    except UnknownParameter:
        own = key
    return parameters.value(own, on, territory).as_int()
