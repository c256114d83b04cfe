"""What the tables of the pathway say to the rules: levels reached, civic days, civic exam (B-027, D-026).

A training prescribed and not followed says nothing; nobody is known not to have passed an exam for want of a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from passerelles.orientation.queries.facts import Row, Told, columns, tells
from passerelles.pathway.enums import ExamPurpose, TrainingKind
from passerelles.pathway.models import Exam, Training
from passerelles.reference import levels

MENTIONS = {
    ExamPurpose.MULTI_YEAR_CARD: "csp",
    ExamPurpose.RESIDENT_CARD: "cr",
    ExamPurpose.NATURALISATION: "naturalisation",
}
NONE_PASSED = "aucun"


@tells(
    "training",
    lambda ids, on: columns(
        Training.objects.filter(ended_on__isnull=False),
        ids,
        "training",
        "ended_on",
        a="kind",
        b="days_attended",
        c="written",
        d="oral",
    ),
)
def of_training(row: Row, on: dt.date) -> Iterator[Told]:
    """The days of a civic training once all are attended; the levels shown at the end of a language training."""
    if row.a == TrainingKind.CIVIC:
        if row.b:
            yield Told("civique.jours", int(row.b), "formation civique suivie", row.since, rank=2)
        return
    for code, text in (("langue.ecrit", row.c), ("langue.oral", row.d)):
        level = levels.find(text) if text else None
        if level is not None:
            yield Told(code, level, "fin de la formation linguistique", row.since, rank=2)


@tells("exam", lambda ids, on: columns(Exam.objects.counting(on), ids, "exam", "taken_on", a="purpose", b="passed"))
def of_exam(row: Row, on: dt.date) -> Iterator[Told]:
    """The highest exam passed; failed, when no success is known, even one only stated at an interview before."""
    passed = row.b == "true"
    said = MENTIONS[ExamPurpose(row.a)] if passed else NONE_PASSED
    yield Told("civique.examen", said, "examen civique noté sur la plateforme", row.since, rank=2, gives_way=not passed)
