"""Three-valued answers: yes, no, or unknown with the facts that are missing (Kleene logic).

A rule never turns a missing fact into a default: it says which fact it needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def label_fr(self) -> str:
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {Verdict.YES: "oui", Verdict.NO: "non", Verdict.UNKNOWN: "à déterminer"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence in French, the text it rests on and the requirement it encodes (`B-043`).

    The rule kit of `orientation` also says which rule spoke, in which version (the ISO day from which it holds), the
    codes of the facts it used and the confidence one may have in it.
    """

    text: str
    reference: str = ""
    requirement: str = ""
    rule: str = ""
    version: str = ""
    facts: tuple[str, ...] = ()
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its reasons. Only UNKNOWN has missing facts, and it always has at least one."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.UNKNOWN) != bool(self.missing):
            raise ValueError("An unknown answer names the facts it misses, and only an unknown answer does.")

    @property
    def is_yes(self) -> bool:
        return self.verdict is Verdict.YES

    @property
    def is_no(self) -> bool:
        return self.verdict is Verdict.NO

    @property
    def is_unknown(self) -> bool:
        return self.verdict is Verdict.UNKNOWN

    def __bool__(self) -> NoReturn:
        raise TypeError("An answer has three values: test is_yes, is_no or is_unknown.")


def yes(*reasons: Reason) -> Answer:
    return Answer(Verdict.YES, reasons)


def no(*reasons: Reason) -> Answer:
    return Answer(Verdict.NO, reasons)


def unknown(missing: Iterable[str], *reasons: Reason) -> Answer:
    """Undecided for want of `missing`, the names of the facts as a person would ask for them."""
    return Answer(Verdict.UNKNOWN, reasons, tuple(dict.fromkeys(missing)))


def from_fact(value: bool | None, name: str, *reasons: Reason) -> Answer:
    """The answer a single recorded fact gives; None means it was never recorded."""
    if value is None:
        return unknown([name], *reasons)
    return Answer(Verdict.YES if value else Verdict.NO, reasons)


def all_of(*answers: Answer) -> Answer:
    """Yes when all are yes, no as soon as one is no, else unknown; with no answers, yes.

    Only the answers that carry the verdict give their reasons. A fact already known to be useless (another
    answer decides without it) is not asked for, and supplying all the missing facts always decides.
    """
    return _combine(answers, decisive=Verdict.NO, otherwise=Verdict.YES)


def any_of(*answers: Answer) -> Answer:
    """Yes as soon as one is yes, no when all are no, else unknown; with no answers, no. See `all_of`."""
    return _combine(answers, decisive=Verdict.YES, otherwise=Verdict.NO)


def at_least(count: int, *answers: Answer) -> Answer:
    """Yes when `count` of them are yes, no when the others can no longer be enough, else unknown. See `all_of`."""
    yeses = sum(answer.is_yes for answer in answers)
    if yeses >= count:
        verdict = Verdict.YES
    elif yeses + sum(answer.is_unknown for answer in answers) < count:
        verdict = Verdict.NO
    else:
        verdict = Verdict.UNKNOWN
    return _carried(verdict, answers)


def negate(answer: Answer) -> Answer:
    """Yes for no, no for yes; unknown stays unknown, for want of the same facts."""
    return Answer(_OPPOSITE[answer.verdict], answer.reasons, answer.missing)


_OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES, Verdict.UNKNOWN: Verdict.UNKNOWN}


def _combine(answers: tuple[Answer, ...], *, decisive: Verdict, otherwise: Verdict) -> Answer:
    found = {answer.verdict for answer in answers}
    for verdict in (decisive, Verdict.UNKNOWN):
        if verdict in found:
            return _carried(verdict, answers)
    return _carried(otherwise, answers)


def _carried(verdict: Verdict, answers: tuple[Answer, ...]) -> Answer:
    """This verdict, with the reasons and the missing facts of the answers that carry it."""
    carrying = [answer for answer in answers if answer.verdict is verdict]
    reasons = dict.fromkeys(reason for answer in carrying for reason in answer.reasons)
    missing = dict.fromkeys(fact for answer in carrying for fact in answer.missing)
    return Answer(verdict, tuple(reasons), tuple(missing))
