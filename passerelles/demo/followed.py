"""What a few persons of past reception days follow afterwards: trainings, an interview, a request, an alert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from passerelles.core import clock
from passerelles.demo.agenda import Agenda
from passerelles.demo.partnership import Partnership
from passerelles.pathway.enums import TrainingKind
from passerelles.pathway.models import Training
from passerelles.pathway.queries.known import evaluation_of
from passerelles.pathway.rules import prescriptions
from passerelles.pathway.services import documents, meetings, recognitions, trainings
from passerelles.people.models import Person
from passerelles.people.services import record_assessment
from passerelles.reception.enums import Attendance
from passerelles.reception.models import Session
from passerelles.reference.calendar import add_working_days

PERSONS = 3
"""Of each day followed: enough for a list and a timeline worth reading."""
LITERATE = {"langue.lecteur_scripteur": True}
HOUR, MORNING = 17, 10


class Followed:
    """The pathway of the first persons received on a day, written on the days on which it happened."""

    def __init__(self, partnership: Partnership, agenda: Agenda, today: dt.date) -> None:
        self.auditor = partnership.actors["auditeur"]
        self.agenda, self.today = agenda, today
        self.school = partnership.houses["training"]

    def after(self, session: Session) -> None:
        """Prescribe on the evening of the session, then let the weeks pass."""
        received = session.convocations.filter(status=Attendance.PRESENT).order_by("slot", "desk__number")
        people = [convocation.person for convocation in received.select_related("person")[:PERSONS]]
        for rank, person in enumerate(people):
            self._at(session.held_on, 0, partial(self._prescribe, person))
            self._at(session.held_on, 21, partial(self._begin, person))
            self._at(session.held_on, 40, partial(self._civic, person, 4 if rank else 3))
            self._at(session.held_on, 15, partial(self._request, person, rank))
        if people:
            self._at(session.held_on, 1, partial(self._document, people[0]))
            self._at(session.held_on, 120, partial(self._end, people[-1]))
            self._at(session.held_on, 125, partial(self._review, people[-1]))

    def _at(self, start: dt.date, days: int, event: Callable[[], Any]) -> None:
        day = _worked(start + dt.timedelta(days=days))
        if day < self.today:
            self.agenda.add(clock.paris(day, HOUR), event)

    def _prescribe(self, person: Person) -> None:
        on = clock.today()
        record_assessment(self.auditor, person, assessed_on=on, written="A1.1", oral="A1", overall="A1.1")
        found = prescriptions.language(evaluation_of(person, on, LITERATE))
        for option in found.options[:1]:
            trainings.prescribe_language(
                self.auditor,
                person.pk,
                rule=option.rule,
                prescribed_on=on,
                hours=option.hours[0] if option.hours else None,
                provider=self.school,
                answers=LITERATE,
            )
        trainings.prescribe_civic(self.auditor, person.pk, prescribed_on=on, provider=self.school)

    def _begin(self, person: Person) -> None:
        for training in self._open(person, TrainingKind.LANGUAGE):
            trainings.start_training(self.auditor, training.pk, on=clock.today())

    def _civic(self, person: Person, days: int) -> None:
        for training in self._open(person, TrainingKind.CIVIC):
            trainings.attend_civic(self.auditor, training.pk, days=days, on=clock.today())

    def _request(self, person: Person, rank: int) -> None:
        procedure = ("enic_naric", "vae", "regulated_profession")[rank]
        recognitions.request_recognition(
            self.auditor,
            person.pk,
            procedure=procedure,
            requested_on=clock.today(),
            regulated=procedure == "regulated_profession",
        )

    def _document(self, person: Person) -> None:
        """It ends in the weeks that follow today, so that there is an alert to look at."""
        documents.note_document(self.auditor, person.pk, kind="cst", expires_on=self.today + dt.timedelta(days=24))

    def _end(self, person: Person) -> None:
        for training in self._open(person, TrainingKind.LANGUAGE):
            trainings.end_language(self.auditor, training.pk, on=clock.today(), written="A2", oral="A2", attained=True)
        day = _worked(clock.today() + dt.timedelta(days=3))
        meetings.fix_meeting(self.auditor, person.pk, kind="end_of_cir", fixed_for=clock.paris(day, MORNING))

    def _review(self, person: Person) -> None:
        for meeting in person.meetings.filter(status="fixed", fixed_for__lte=clock.now()):
            meetings.hold_end_of_cir(self.auditor, meeting.pk, situation="cdd", level="A2", wants_orientation=False)

    def _open(self, person: Person, kind: str) -> list[Training]:
        return list(Training.objects.filter(person=person, kind=kind, status__in=("prescribed", "started")))


def _worked(day: dt.date) -> dt.date:
    """The day itself, or the next one that is worked."""
    return add_working_days(day - dt.timedelta(days=1), 1, "dt:metz")
