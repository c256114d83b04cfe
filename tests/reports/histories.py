"""Days at the platform, made with the verbs of the reception, for the tests of the figures. Fictitious persons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from passerelles.core import clock
from passerelles.people.models import Person
from passerelles.reception.models import Interview, Session
from passerelles.reception.services import attendance, interviews
from tests.world import World

DAY = dt.date(2026, 1, 27)
NOT_KNOWN = {"ft": False, "rsa": False, "agir": False}
NO_JOB = {"situation": "none"} | NOT_KNOWN
REGISTERED = NO_JOB | {"registered": True, "consent": True}
GROUPS: tuple[tuple[int, dict[str, Any]], ...] = (
    (8, {"situation": "cdi"} | NOT_KNOWN),
    (4, {"situation": "cdd"} | NOT_KNOWN),
    (1, {"situation": "training"} | NOT_KNOWN),
    (1, NO_JOB | {"rsa": True}),
    (3, NO_JOB | {"ft": True}),
    (4, REGISTERED),
)
AGES = (dt.date(2003, 5, 1), dt.date(1992, 4, 12), dt.date(1975, 6, 3), dt.date(2000, 11, 2), None)


def interviewed(world: World, session: Session, values: dict[str, Any], **person: Any) -> Interview:
    """A person convoked to `session`, come and interviewed with these answers."""
    return received(world, session, world.person(**person), values)


def received(world: World, session: Session, person: Person, values: dict[str, Any]) -> Interview:
    """The same for a person who exists."""
    convocation = attendance.welcome_walk_in(world.cip, session.pk, person=person)
    opened = interviews.start_interview(world.cip, convocation.pk)
    return interviews.finish_interview(world.cip, opened.pk, version=opened.version, values=values)


def session_on(world: World, day: dt.date, half_day: str = "am") -> Session:
    with clock.frozen(clock.paris(day, 8)):
        return world.session(day=day, half_day=half_day)


def the_27_january(world: World) -> list[Interview]:
    """The day told in the return of the DT: 21 received, 8 CDI, 4 CDD, 1 in training, 1 RSA, 3 FT, 4 to register."""
    with clock.frozen(clock.paris(DAY, 9)):
        sessions = [world.session(day=DAY, half_day=half_day) for half_day in ("am", "pm")]
        found = []
        for count, values in GROUPS:
            for _ in range(count):
                number = len(found)
                sex, birth_date = "FH"[number % 2], AGES[number % len(AGES)]
                convocation = world.convoked(sessions[number // 12], sex=sex, birth_date=birth_date)[0]
                opened = interviews.start_interview(world.cip, convocation.pk)
                found.append(
                    interviews.finish_interview(world.cip, opened.pk, version=opened.version, values=dict(values))
                )
        for session in sessions:
            attendance.hold_collective(world.cip, session.pk, minutes=15, messages=["labour_market"])
    return found
