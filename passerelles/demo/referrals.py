"""A dozen people sent to partners in the weeks before today, each at another point of the way. Played by the verbs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from passerelles.core import clock
from passerelles.demo.agenda import Agenda
from passerelles.demo.partnership import Partnership
from passerelles.demo.people import DIRECTION
from passerelles.network.policy import SYSTEM
from passerelles.people.models import Person
from passerelles.reference.calendar import add_working_days
from passerelles.referrals.models import Service
from passerelles.referrals.rules.words import Channel, Party
from passerelles.referrals.services import answers, appointments, clocks, places, sending
from passerelles.referrals.speakers import Outsider

SCENES = 12
LONGEST = 45
"""Calendar days between the oldest referral and today."""
DEED = Callable[[uuid.UUID], object]


class Scenes:
    """The referrals of the demonstration: `put` writes them in the agenda, which lives them in order."""

    def __init__(self, partnership: Partnership, agenda: Agenda, today: dt.date) -> None:
        self.partnership, self.agenda, self.today = partnership, agenda, today
        self.auditor = partnership.actors["auditeur"]
        self._people: list[Person] = []
        self._made: dict[int, uuid.UUID] = {}

    def put(self) -> None:
        """Every event of every scene, and the clocks each night."""
        for days in range(LONGEST, -1, -1):
            night = self.today - dt.timedelta(days=days)
            self.agenda.add(clock.paris(night, 1, 7), lambda night=night: clocks.run(night))
        self._send(0, -1)
        self._send(1, -4)
        self._later(1, -2, lambda pk: answers.receive(self._partner(pk), pk))
        self._send(2, -9)
        self._later(2, -6, lambda pk: answers.study(self._partner(pk), pk))
        self._send(3, -8)
        self._later(3, -4, lambda pk: answers.accept(self._partner(pk), pk))
        self._meeting(4, -7, -5, 3)
        self._later(4, -2, lambda pk: appointments.confirm(self._person(pk), pk))
        self._meeting(5, -15, -12, -4)
        self._later(5, -3, lambda pk: appointments.declare_missed(self._partner(pk), pk, reason="no_news"))
        self._meeting(6, -18, -15, -8)
        self._later(6, -7, lambda pk: appointments.declare_attended(self._partner(pk), pk))
        self._later(6, -6, lambda pk: appointments.declare_attended(self._person(pk), pk))
        self._later(6, -3, lambda pk: answers.start(self._partner(pk), pk))
        self._meeting(7, -22, -20, -15)
        self._later(7, -14, lambda pk: appointments.declare_attended(self._partner(pk), pk))
        self._later(7, -5, lambda pk: answers.end(self._partner(pk), pk, outcome="training"))
        self._send(8, -6)
        self._later(8, -2, lambda pk: answers.decline(self._partner(pk), pk, reason="no_place"))
        self._send(9, -29)
        self._meeting(10, -9, -8, -3)
        self._later(10, -2, lambda pk: appointments.declare_missed(self._partner(pk), pk, reason="no_news"))
        self._later(10, -1, lambda pk: appointments.declare_attended(self._person(pk), pk))
        self._send(11, -5)
        self._later(11, -3, lambda pk: sending.withdraw(self._person(pk), pk, reason="not_needed"))
        self.agenda.add(self._at(-1, 16), self._publish)

    def _at(self, working_days: int, hour: int) -> dt.datetime:
        return clock.paris(add_working_days(self.today, working_days, f"dt:{DIRECTION}"), hour)

    def _send(self, scene: int, working_days: int) -> None:
        self.agenda.add(self._at(working_days, 10), lambda: self._refer(scene))

    def _later(self, scene: int, working_days: int, deed: DEED) -> None:
        def play() -> None:
            if scene in self._made:
                deed(self._made[scene])

        self.agenda.add(self._at(working_days, 15), play)

    def _meeting(self, scene: int, sent: int, given: int, on: int) -> None:
        self._send(scene, sent)
        start = self._at(on, 10)
        bring = "CIR, titre de séjour"
        self._later(scene, given, lambda pk: appointments.fix(self._partner(pk), pk, starts_at=start, bring=bring))

    def _refer(self, scene: int) -> None:
        person = self._person_of(scene)
        if person is None:
            return
        house = "mission_locale" if scene % 3 == 2 else "agency_moselle"
        made = sending.refer(
            self.auditor,
            person_id=person.pk,
            service_id=self._service(house).pk,
            purpose="employment",
            basis="public_mission",
            procedure_explained=True,
            advice_given=scene % 2 == 0,
        )
        self._made[scene] = made.pk

    def _person_of(self, scene: int) -> Person | None:
        """The people who had come to the platform when the first of them was sent; none for a scene too many."""
        if not self._people:
            came = Person.objects.filter(direction=DIRECTION, convocations__status="present", opt_outs=None)
            self._people = list(came.distinct().order_by("identity_key", "id")[:SCENES])
        return self._people[scene] if scene < len(self._people) else None

    def _service(self, house: str) -> Service:
        return places.default_service(self.partnership.houses[house])

    def _publish(self) -> None:
        """The agency has slots next week, and the mission locale places without hours."""
        starts = [self._at(days, hour) for days in (3, 4, 5) for hour in (9, 11, 14)]
        agency = self.partnership.adviser_of(self.partnership.houses["agency_moselle"])
        places.publish_slots(agency, self._service("agency_moselle").pk, starts=starts, places=2)
        week = self.today + dt.timedelta(days=7)
        places.publish_week(SYSTEM, self._service("mission_locale").pk, week_of=week, places=6)

    @staticmethod
    def _partner(pk: uuid.UUID) -> Outsider:
        return Outsider(Party.RECEIVER, pk)

    @staticmethod
    def _person(pk: uuid.UUID) -> Outsider:
        return Outsider(Party.PERSON, pk, Channel.PAGE)
