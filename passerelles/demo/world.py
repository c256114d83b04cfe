"""The whole demonstration: set up once, then brought to the present day at each start."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl
from django.db import transaction

from passerelles.core import clock
from passerelles.core.locks import Turn, take_turn
from passerelles.demo import days, experiment, january, lists, orientation, partnership, past, spreadsheet
from passerelles.demo.agenda import Agenda
from passerelles.demo.days import Stage
from passerelles.demo.followed import Followed
from passerelles.demo.people import DIRECTION, Crowd
from passerelles.demo.referrals import Scenes
from passerelles.demo.returns import Returns
from passerelles.linkage import services as linkage
from passerelles.linkage.models import Check, CheckResult
from passerelles.messages.models import Message
from passerelles.messages.services import send_due
from passerelles.pathway.services import follow_ups
from passerelles.people.models import Person
from passerelles.reception.enums import SessionStatus
from passerelles.reception.models import Session
from passerelles.reference.calendar import add_working_days, is_working_day
from passerelles.reports.services import dashboards

FIRST_WEEK = dt.date(2026, 2, 3)
MOST_WEEKS = 45
"""Of weekly sessions before today; an older past is left out so that the demonstration stays quick to set up."""
RECENT = dt.timedelta(weeks=8)
CONVOKED, CONVOKED_LONG_AGO = 12, 8
BEFORE = 5
"""Working days between the convocation and the session."""
FILE_NAME = "convocations-a-importer.xlsx"
MOST_DRAWS = 12
NOON = 12
FOLLOWED_WEEKS = 9
OTHERS = 50
"""People of January's lists who were never convoked."""


@dataclass(frozen=True, slots=True)
class Made:
    """What `prepare` did."""

    founded: bool
    sessions: int
    file: Path


class _Silent:
    """The messages of the past have left: nobody is written to."""

    def send(self, message: Message) -> None:
        return None


def prepare(folder: Path) -> Made:
    """Found the demonstration if it is not there, plan today and the next working day; twice changes nothing.

    `folder` receives the convocation file to try.
    """
    today = clock.today()
    with transaction.atomic():
        take_turn(Turn.FOUND_DEMONSTRATION)
        founding = not partnership.exists()
        if founding:
            partnership.refuse_real_accounts()
            past.store()
            partnership.found()
        partnership.keep_open(today)
        world = _World(today)
        if founding:
            world.past()
            dashboards.refresh()
        planned = world.present()
    file = spreadsheet.write(folder / FILE_NAME, next_working_day(today))
    return Made(founding, planned, file)


def next_working_day(day: dt.date) -> dt.date:
    return add_working_days(day, 1, f"dt:{DIRECTION}")


class _World:
    """One start of the demonstration, on one day."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.agenda = Agenda()
        self.partnership = partnership.load(today)
        self.stage = Stage(self.partnership, self.agenda)
        self.auditor = self.partnership.actors["auditeur"]

    def past(self) -> None:
        """January's day of reference, a session a week, then what is ready for today: each event at its time."""
        self._january()
        for day in weekly_days(self.today):
            self._reception_day(day)
        for instant, event in Returns(self.partnership).calendar(self.today):
            self.agenda.add(instant, event)
        for instant, event in experiment.calendar(self.partnership):
            self.agenda.add(instant, event)
        for day, half_day in self._wanted():
            self._convoke(day, half_day, Crowd(day, half_day).rows(CONVOKED))
        self.agenda.add(clock.paris(self._yesterday, 18), self._present_lists)
        Scenes(self.partnership, self.agenda, self.today).put()
        self.agenda.run(clock.now())
        orientation.tell(self.partnership)
        follow_ups.refresh_all()
        _let_messages_go()

    def _january(self) -> None:
        before = january.DAY - dt.timedelta(days=1)
        for half_day in january.HALF_DAYS:
            self._convoke(january.DAY, half_day, january.rows(half_day))
        self.agenda.add(clock.paris(before, 17), self._january_lists)
        for half_day, hour in (("am", 9), ("pm", 13)):
            visits = january.visits(half_day)
            self.agenda.add(clock.paris(january.DAY, hour, 30), partial(self._hold, january.DAY, half_day, visits))

    def _january_lists(self) -> None:
        """Known the evening before: exactly the persons whom the day finds at France Travail and RSA."""
        lines = lists.written(Crowd(january.DAY, "others").people(OTHERS), clock.today())
        for half_day, part in january.HALF_DAYS.items():
            for row, (_, _, visit) in zip(january.rows(half_day), part, strict=True):
                if visit.case in lines:
                    lines[visit.case] += lists.exact([row], clock.today())
        self._compare(lines, Person.objects.filter(convocations__session__held_on=january.DAY), clock.today())

    def _reception_day(self, day: dt.date) -> None:
        count = CONVOKED if self.today - day < RECENT else CONVOKED_LONG_AGO
        self._convoke(day, "am", Crowd(day).rows(count))
        self.agenda.add(clock.paris(day, 9, 30), partial(self._hold, day, "am", None))

    def _convoke(self, day: dt.date, half_day: str, rows: list) -> None:
        """Planned and convoked a week before, as the Monday file does."""
        sent = clock.paris(add_working_days(day, -BEFORE, f"dt:{DIRECTION}"), 10)
        self.agenda.add(sent, lambda: self._plan(day, half_day, rows))

    def _plan(self, day: dt.date, half_day: str, rows: list) -> None:
        languages = sorted({row["interpreter_language"] for row in rows} - {""})
        self.stage.plan(day, half_day, languages=languages[:3])
        self.stage.convoke(day, half_day, rows)

    def _hold(self, day: dt.date, half_day: str, visits: list[days.Visit] | None) -> None:
        session = Session.objects.get(direction=DIRECTION, held_on=day, half_day=half_day)
        draw = random.Random(f"{day.isoformat()} {half_day}")  # noqa: S311
        minutes = 15 if visits else draw.choice((12, 14, 15, 15, 15, 16))
        self.stage.hold(session, visits or days.usual_visits(session, draw), minutes=minutes, draw=draw)
        with clock.at(session.during.upper):
            _let_messages_go()
        if day in followed_days(self.today):
            Followed(self.partnership, self.agenda, self.today).after(session)

    def present(self) -> int:
        """Today's session and that of the next working day, ready to run; how many had to be planned now."""
        operator = self.partnership.houses["operator"]
        there = Session.objects.filter(direction=DIRECTION, operator=operator).exclude(status=SessionStatus.CANCELLED)
        missing = [(day, half_day) for day, half_day in self._wanted() if not there.filter(held_on=day).exists()]
        for day, half_day in missing:
            self._plan(day, half_day, Crowd(day, half_day).rows(CONVOKED))
        if missing:
            self._present_lists()
        return len(missing)

    def _wanted(self) -> list[tuple[dt.date, str]]:
        """This half-day, and the morning of the next working day."""
        half_day = "am" if clock.now().astimezone(clock.PARIS).hour < NOON else "pm"
        return [(self.today, half_day), (next_working_day(self.today), "am")]

    @property
    def _yesterday(self) -> dt.date:
        return self.today - dt.timedelta(days=1)

    def _present_lists(self) -> None:
        """The lists of the day before, for everybody who is expected or in the file to try.

        Drawn again while they count and leave nothing to review: on many days two dozen persons raise no doubt.
        """
        following = next_working_day(self.today)
        crowds = [Crowd(day, half_day).people(CONVOKED) for day in (self.today, following) for half_day in ("am", "pm")]
        crowds.append(Crowd(following, "file").people(spreadsheet.LINES))
        expected = Person.objects.filter(convocations__session__held_on__gte=self.today, direction=DIRECTION)
        for draw in range(MOST_DRAWS):
            before = transaction.savepoint()
            self._compare(lists.written(pl.concat(crowds), self._yesterday, draw), expected, self._yesterday)
            results = set(Check.objects.filter(as_of=self._yesterday).values_list("result", flat=True))
            if not results or CheckResult.TO_REVIEW in results:
                break
            if draw < MOST_DRAWS - 1:
                transaction.savepoint_rollback(before)

    def _compare(self, lines: lists.Lines, convoked: Iterable[Person], as_of: dt.date) -> None:
        """Load the three lists of one date, then check the persons convoked against them."""
        lists.load(self.auditor, lines, as_of)
        linkage.check_people(self.auditor, [person.pk for person in convoked])


def weekly_days(today: dt.date) -> list[dt.date]:
    """One day a week since February 2026 and before today: Tuesday, or Thursday when Tuesday is not worked."""
    found = []
    tuesday = FIRST_WEEK
    while tuesday < today:
        day = tuesday if is_working_day(tuesday, f"dt:{DIRECTION}") else tuesday + dt.timedelta(days=2)
        if day < today and is_working_day(day, f"dt:{DIRECTION}") and day not in (today, next_working_day(today)):
            found.append(day)
        tuesday += dt.timedelta(days=7)
    return found[-MOST_WEEKS:]


def followed_days(today: dt.date) -> list[dt.date]:
    """The reception days whose persons are followed afterwards: the oldest, and one of two months ago."""
    weeks = weekly_days(today)
    return sorted({*weeks[:1], *weeks[-FOLLOWED_WEEKS:][:1]})


def _let_messages_go() -> None:
    while send_due(limit=500, backend=_Silent()):
        pass
