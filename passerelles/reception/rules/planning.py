"""Capacity, slots and alerts of the sessions (C-014 to C-017). Alerts inform; only the database forbids. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COLLECTIVE_MINUTES = 15
SESSION_LENGTH = dt.timedelta(hours=3, minutes=15)
NOON = dt.time(12, 30)
"""Where the day is cut: a person is expected once before, once after, once only by a session that lasts over it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The dated parameters of the place, read by the caller on the date of the session."""

    sessions_per_week: int
    sessions_per_week_max: int
    capacity: int
    slot_minutes: int
    collective_max: int
    session_minutes_max: int


def week_alerts(sessions_that_week: int, limits: Limits) -> list[str]:
    """What to tell about the number of sessions of one operator in one ISO week (C-014)."""
    if sessions_that_week > limits.sessions_per_week_max:
        return [
            f"{sessions_that_week} séances cette semaine : le plafond est de "
            f"{limits.sessions_per_week_max} par opérateur."
        ]
    if sessions_that_week > limits.sessions_per_week:
        return [
            f"{sessions_that_week} séances cette semaine : au-delà des {limits.sessions_per_week} prévues "
            f"(extension possible jusqu’à {limits.sessions_per_week_max})."
        ]
    return []


def session_alerts(convoked: int, desks: int, limits: Limits) -> list[str]:
    """What to tell about one session: more people than convoked by the protocol, or too long a half-day."""
    alerts = []
    if convoked > limits.capacity:
        alerts.append(f"{convoked} personnes convoquées : la séance est prévue pour {limits.capacity}.")
    minutes = session_minutes(convoked, desks, limits.slot_minutes)
    if minutes > limits.session_minutes_max:
        alerts.append(
            f"Durée prévue de {minutes} minutes : le maximum est de {limits.session_minutes_max}. Ajoutez un bureau."
        )
    return alerts


def session_minutes(convoked: int, desks: int, slot_minutes: int) -> int:
    """Collective presentation, then the interviews shared between the desks (C-017)."""
    rounds = -(-convoked // max(desks, 1))
    return COLLECTIVE_MINUTES + rounds * slot_minutes


def collective_alert(minutes: int, limits: Limits) -> str:
    """A sentence when the presentation lasted more than the maximum (C-015, D-029): 15 does not warn, 16 does."""
    if minutes <= limits.collective_max:
        return ""
    return f"La présentation a duré {minutes} minutes : le maximum est de {limits.collective_max}."


def session_span(start: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From `start` (aware, on the clock of the place) to the usual end, the same day at the latest."""
    return start, min(start + SESSION_LENGTH, start.replace(hour=23, minute=59, second=0, microsecond=0))


def same_half_day(left: tuple[dt.datetime, dt.datetime], right: tuple[dt.datetime, dt.datetime]) -> bool:
    """Whether one person cannot be expected at both: same day, both before noon or both after (on their clock)."""
    if left[0].date() != right[0].date():
        return False
    return max(left[0], right[0]).time() < NOON or min(left[1], right[1]).time() > NOON


def free_slots(
    starts_at: dt.datetime, desks: Sequence[object], taken: Iterable[tuple[object, dt.datetime]], slot_minutes: int
) -> Iterator[tuple[object, dt.datetime]]:
    """The next free (desk, instant) pairs in order of time, after the collective presentation. Endless."""
    busy = set(taken)
    step = dt.timedelta(minutes=slot_minutes)
    instant = starts_at + dt.timedelta(minutes=COLLECTIVE_MINUTES)
    while desks:
        for desk in desks:
            if (desk, instant) not in busy:
                yield desk, instant
        instant += step
