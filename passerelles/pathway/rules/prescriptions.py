"""The trainings that the rules in force allow: hours, target, article (C-004, D-020). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import Evaluation
from passerelles.reference import parameters
from passerelles.reference.parameters import Status
from passerelles.reference.territory import NATIONAL

COMPULSORY, DISPENSED, CIVIC = "langue.obligatoire", "langue.dispense", "civique.formation"
STEP_HOURS = 100


@dataclass(frozen=True, slots=True)
class Option:
    """A language course that may be prescribed. `hours`: the lengths allowed, none when no document gives a number.

    `path` is written as the journal writes it; a length of its own makes it (`P200`), or the level where no text gives
    a length.
    """

    rule: str
    title: str
    path: str
    mode: str
    hours: tuple[int, ...]
    target: str
    compulsory: bool
    reference: str
    sentence: str

    def path_for(self, hours: int | None) -> str:
        if self.path != "P":
            return self.path
        return f"P{hours}" if hours else "A1"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be prescribed, why nothing is when nothing is, and the facts still to ask."""

    options: tuple[Option, ...]
    dispensed: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Path:
    rule: str
    path: str
    mode: str
    target: str
    hours: Callable[[Evaluation], tuple[int, ...]]


def _no_number(evaluation: Evaluation) -> tuple[int, ...]:
    return ()


def _allowed(evaluation: Evaluation) -> tuple[int, ...]:
    found = _value(evaluation, "a1_hours_allowed")
    return tuple(int(each) for each in found) if isinstance(found, tuple) else ()


def _pilot_a2(evaluation: Evaluation) -> tuple[int, ...]:
    read = evaluation.parameters("langue.experimentation_a2")
    low, high = (read[key].setting for key in ("a2_pilot_hours_min", "a2_pilot_hours_max"))
    if low is None or high is None:
        return ()
    return tuple(range(low.as_int(), high.as_int() + 1, STEP_HOURS))


def _one(key: str) -> Callable[[Evaluation], tuple[int, ...]]:
    def hours(evaluation: Evaluation) -> tuple[int, ...]:
        found = _value(evaluation, key)
        return (found,) if isinstance(found, int) else ()

    return hours


def _value(evaluation: Evaluation, key: str) -> object:
    """In the territory of the person, None when it is not configured."""
    state = parameters.state(key, evaluation.on, evaluation.territory or NATIONAL)
    return state.setting.value if state.status is Status.CONFIGURED and state.setting is not None else None


PATHS = (
    _Path("langue.parcours_2016", "P", "in_person", "A1", _allowed),
    _Path("langue.parcours_2019", "P", "in_person", "A1", _allowed),
    _Path("langue.experimentation_a2", "pilot_a2", "in_person", "A2", _pilot_a2),
    _Path("langue.experimentation_pro", "pilot_vocational", "in_person", "A1", _allowed),
    _Path("langue.numerique_2025", "digital", "digital", "A2", _no_number),
    _Path("langue.presentiel_2025", "face_to_face", "in_person", "A2", _one("market_2025_onsite_hours")),
    _Path("langue.complement_a2", "A2", "in_person", "A2", _one("a2_complement_hours")),
    _Path("langue.complement_b1", "B1", "in_person", "B1", _one("b1_complement_hours")),
)


def language(evaluation: Evaluation) -> Suggestion:
    """The courses whose rule says yes; the questions of those that could still say yes."""
    options = []
    asked: list[str] = []
    for each in PATHS:
        said = evaluation.says(each.rule)
        if said is Verdict.YES:
            version = evaluation.version(each.rule)
            options.append(
                Option(
                    rule=each.rule,
                    title=version.title,
                    path=each.path,
                    mode=each.mode,
                    hours=each.hours(evaluation),
                    target=each.target,
                    compulsory=evaluation.says(COMPULSORY) is Verdict.YES,
                    reference=version.reference.label,
                    sentence=evaluation.conclusion(each.rule),
                )
            )
        elif said is Verdict.UNKNOWN:
            asked += evaluation[each.rule].missing
    dispensed = ""
    if evaluation.says(DISPENSED) is Verdict.YES:
        dispensed = f"{evaluation.conclusion(DISPENSED)} ({evaluation.version(DISPENSED).reference.label})"
    return Suggestion(tuple(options), dispensed, evaluation.plan.registry.in_order(asked))


@dataclass(frozen=True, slots=True)
class Civic:
    """The civic training that is due: days, hours where a text gives them, its article."""

    days: int
    hours: int | None
    reference: str
    sentence: str


def civic(evaluation: Evaluation) -> Civic | None:
    """None when the rule in force does not say yes, or when the days are not configured."""
    days = _value(evaluation, "civic_training_days")
    if evaluation.says(CIVIC) is not Verdict.YES or not isinstance(days, int):
        return None
    hours = _value(evaluation, "civic_training_hours")
    return Civic(
        days=days,
        hours=hours if isinstance(hours, int) else None,
        reference=evaluation.version(CIVIC).reference.label,
        sentence=evaluation.conclusion(CIVIC),
    )
