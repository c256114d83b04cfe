"""Reception days of the past: planned, convoked, held, and the first appointments that followed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.core import clock
from passerelles.demo.agenda import Agenda
from passerelles.demo.partnership import Partnership
from passerelles.demo.people import SIGNED_BEFORE, numbered
from passerelles.network.models import Organisation
from passerelles.reception.enums import Attendance, Barrier, Message, Tool
from passerelles.reception.models import Convocation, FirstAppointment, Session
from passerelles.reception.services import appointments, attendance, interviews, planning
from passerelles.reception.services.convocations import convoke_rows
from passerelles.reception.settings_on import convention_in_force
from passerelles.reference.calendar import add_working_days

PLACE = "Plateforme d’accueil de Metz"
AGENCY_OF_DEPARTMENT = {"57": "agency_moselle", "54": "agency_meurthe", "88": "agency_vosges"}
OCCUPATIONS = (
    "aide à domicile",
    "agent d’entretien",
    "préparatrice de commandes",
    "maçon",
    "soudeur",
    "commis de cuisine",
    "serveuse",
    "conducteur de ligne",
    "aide-soignante",
    "électricien du bâtiment",
    "couturière",
    "comptable",
)
SITUATIONS = (
    ("cdi", 17),
    ("cdd", 12),
    ("other_job", 5),
    ("training", 6),
    ("student", 3),
    ("rsa", 22),
    ("agir", 9),
    ("ft", 13),
    ("register", 12),
    ("opted_out", 1),
    ("refused", 1),
    ("technical_failure", 1),
    ("to_complete", 1),
)
MISSED = (("no_news", 9), ("ill", 3), ("work", 3), ("childcare", 2), ("transport", 2), ("letter", 2))


@dataclass(frozen=True, slots=True)
class Visit:
    """What happens to one person convoked. `case` is a key of SITUATIONS, or None for somebody who does not come."""

    case: str | None
    absence: str = "no_news"
    appointment_after: int | None = None
    """Working days until the first appointment; None for no appointment."""
    result: str = ""
    """attended | missed | rescheduled | "" for no answer."""
    accompanied: bool = False
    result_by_agency: bool = False


def draw_visit(draw: random.Random, *, may_register: bool) -> Visit:
    """A believable visit: three persons in four come, one first appointment in five gets no answer."""
    if draw.random() < 0.22:
        return Visit(None, absence=_weighted(draw, MISSED))
    case = _weighted(draw, SITUATIONS)
    if case == "register" and not may_register:
        case = "to_complete"
    if case != "register" and not (case == "ft" and draw.random() < 0.3):
        return Visit(case)
    result = _weighted(draw, (("attended", 60), ("missed", 14), ("rescheduled", 6), ("", 20)))
    accompanied = result == "attended" and draw.random() < 0.5
    return Visit(
        case,
        appointment_after=draw.randrange(4, 12),
        result=result,
        accompanied=accompanied,
        result_by_agency=not accompanied and draw.random() < 0.6,
    )


class Stage:
    """Where the scenes of one partnership are played, in the order of the agenda."""

    def __init__(self, partnership: Partnership, agenda: Agenda) -> None:
        self.partnership, self.agenda = partnership, agenda
        self.actors = partnership.actors

    def plan(self, day: dt.date, half_day: str, *, languages: Sequence[str] = ()) -> Session:
        """A session of two desks, held by the operator."""
        return planning.plan_session(
            self.actors["auditeur"],
            organisation=self.partnership.houses["dt_metz"],
            operator=self.partnership.houses["operator"],
            held_on=day,
            half_day=half_day,
            place=PLACE,
            desks=2,
            languages=languages,
            partners=[self.partnership.houses["agency_moselle"].name],
        )

    def convoke(self, day: dt.date, half_day: str, rows: list[dict[str, Any]]) -> None:
        """The persons of these rows, as the file of the week brings them."""
        time = dt.time(9) if half_day == "am" else dt.time(13, 30)
        common = {
            "session_date": day,
            "session_time": time,
            "cir_signed_on": min(add_working_days(day, -SIGNED_BEFORE, "dt:metz"), clock.today()),
        }
        convoke_rows(
            self.actors["auditeur"],
            numbered(rows, **common),
            organisation=self.partnership.houses["dt_metz"],
            source=f"convocations-{day:%Y-%m-%d}.xlsx",
        )

    def hold(self, session: Session, visits: Sequence[Visit], *, minutes: int, draw: random.Random) -> None:
        """The whole half-day: doors, collective presentation, one interview after the other, closing."""
        cips = (self.actors["cip"], self.actors["cip2"])
        convocations = list(session.convocations.select_related("person", "desk").order_by("slot", "desk__number"))
        start = session.during.lower
        for convocation, visit in zip(convocations, visits, strict=True):
            if visit.case is None:
                with clock.at(start + dt.timedelta(minutes=40)):
                    attendance.record_absence(
                        cips[0], convocation.pk, reason=visit.absence, excused=visit.absence in {"ill", "work"}
                    )
            else:
                arrival = start + dt.timedelta(minutes=draw.randrange(-20, 9))
                attendance.record_arrival(cips[0], convocation.pk, at=arrival)
        attendance.hold_collective(
            cips[0], session.pk, minutes=minutes, messages=list(Message), tools=list(Tool), started_at=start
        )
        for convocation, visit in zip(convocations, visits, strict=True):
            if visit.case is not None:
                cip = cips[(convocation.desk.number - 1) % 2]
                with clock.at(convocation.slot.lower):
                    self._interview(cip, convocation, visit, draw)
        with clock.at(session.during.upper):
            attendance.close_session(cips[0], session.pk)

    def _interview(self, cip: Any, convocation: Convocation, visit: Visit, draw: random.Random) -> None:
        interview = interviews.start_interview(cip, convocation.pk)
        values = answers(visit, draw)
        if visit.appointment_after is not None:
            values |= self._appointment(convocation, visit, draw)
        with clock.at(convocation.slot.lower + dt.timedelta(minutes=draw.randrange(9, 15))):
            interviews.finish_interview(cip, interview.pk, version=interview.version, values=values)
        if visit.appointment_after is not None and visit.result:
            waiting = FirstAppointment.objects.get(person=convocation.person_id, status="fixed")
            self._answer_later(waiting, visit, draw)

    def _appointment(self, convocation: Convocation, visit: Visit, draw: random.Random) -> dict[str, Any]:
        day = add_working_days(clock.today(), visit.appointment_after, "dt:metz")
        return {
            "appointment_with": self.agency_of(convocation.person.postcode),
            "appointment_at": clock.paris(day, draw.choice((9, 10, 11, 14, 15)), draw.choice((0, 30))),
            "accompaniment": visit.accompanied or draw.random() < 0.15,
        }

    def agency_of(self, postcode: str) -> Organisation:
        return self.partnership.houses[AGENCY_OF_DEPARTMENT.get(postcode[:2], "agency_moselle")]

    def _answer_later(self, appointment: FirstAppointment, visit: Visit, draw: random.Random) -> None:
        cip = self.actors["cip"]
        who = self.partnership.adviser_of(appointment.organisation) if visit.result_by_agency else cip
        known_at = appointment.fixed_for + dt.timedelta(hours=draw.randrange(1, 5))
        if visit.result == "rescheduled":
            later = add_working_days(clock.paris_date(appointment.fixed_for), 6, "dt:metz")
            self.agenda.add(
                known_at, lambda: appointments.reschedule(cip, appointment.pk, fixed_for=clock.paris(later, 10))
            )
            return
        self.agenda.add(
            known_at,
            lambda: appointments.record_result(who, appointment.pk, result=visit.result, accompanied=visit.accompanied),
        )


def answers(visit: Visit, draw: random.Random) -> dict[str, Any]:
    """What the interview writes for each case."""
    case = visit.case
    known = {register: case == register for register in ("ft", "rsa", "agir")}
    values: dict[str, Any] = {
        "situation": case if case in {"cdi", "cdd", "other_job", "training", "student"} else "none",
        "told_first_appointment": True,
        "told_rights": True,
        **known,
    }
    if values["situation"] != "none":
        return values
    values["occupation"] = draw.choice(OCCUPATIONS)
    values["barriers"] = sorted(draw.sample(list(Barrier.values), draw.randrange(0, 4)))
    if case == "register":
        values |= {"registered": True, "consent": True, "declared": {"phone": "+33639980100"}}
    elif case == "opted_out":
        values |= {"opted_out": True, "opt_out_reason": "garde de très jeunes enfants"}
    elif case in {"refused", "technical_failure", "to_complete"}:
        values["not_registered_reason"] = case
    return values


def usual_visits(session: Session, draw: random.Random) -> list[Visit]:
    """One visit drawn for each person convoked."""
    expected = session.convocations.exclude(status=Attendance.MOVED).count()
    may_register = convention_in_force(session.held_on, session.direction)
    return [draw_visit(draw, may_register=may_register) for _ in range(expected)]


def _weighted(draw: random.Random, options: Any) -> Any:
    values, weights = zip(*options, strict=True)
    return draw.choices(values, weights)[0]
