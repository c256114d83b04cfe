"""The monthly account of linkage: answers contradicted, doubts and how often they held, drift of the lists."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction

from passerelles.core.periods import Month
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage.engine.comparisons import COMPARISONS
from passerelles.linkage.engine.drift import FieldDrift, levels_of
from passerelles.linkage.engine.model import load, probability
from passerelles.linkage.engine.quality import bands
from passerelles.linkage.engine.records import ARRAYS
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.engine.worth import Answered, worth
from passerelles.linkage.models import (
    PREPARED,
    Check,
    CheckResult,
    ExternalList,
    ExternalRecord,
    MonthlyWorth,
    PairDecision,
    PairVerb,
    Profile,
)
from passerelles.people.enums import Register, Sex
from passerelles.people.models import Person
from passerelles.reference import countries
from passerelles.reference.tables import UnknownCode

EDGES = (0.0, 0.2, 0.5, 0.8, 1.01)
MOST_PAIRS = 5_000
"""Linked pairs of one register from which the levels are counted."""
MOST_COUNTRIES = 6


@transaction.atomic
def account(direction: str, month: Month) -> MonthlyWorth:
    """The account of one DT and one month, written or written again."""
    content = {
        "worth": [_line(each) for each in worth(_answers(direction, month))],
        "reliability": [
            {**asdict(each), "interval": each.interval} for each in bands(_decided(direction, month), EDGES)
        ],
        "drift": [
            {"register": register, **asdict(field), "distance": field.distance, "drifted": field.drifted}
            for register in Register
            for field in _drift(direction, register)
        ],
    }
    found, _ = MonthlyWorth.objects.update_or_create(
        month=month.first, direction=direction, defaults={"content": content, "model": load().version}
    )
    return found


def directions_with_lists() -> list[str]:
    """The DTs for which some list was ever loaded."""
    lists = ExternalList.objects.filter(complete=True).order_by("direction")
    return list(lists.values_list("direction", flat=True).distinct())


def _line(each: Any) -> dict[str, Any]:
    return asdict(each) | {
        name: {"part": share.part, "whole": share.whole, "interval": share.interval}
        for name, share in (("precision", each.precision), ("recall", each.recall))
    }


def _answers(direction: str, month: Month) -> Iterator[Answered]:
    """The automatic answers of the month, and what agents said of the same persons until now."""
    facts = Fact.objects.standing().filter(kind=FactKind.CHECKED, direction=direction)
    of_month = facts.filter(occurred_on__range=(month.first, month.last))
    people = set(of_month.values_list("person_id", flat=True))
    rows = list(
        facts.filter(person_id__in=people, occurred_on__gte=month.first)
        .order_by("id")
        .values_list("person_id", "occurred_on", "data")
    )
    groups = _groups(people)
    for person, day, data in rows:
        decided = bool(data.get("decided"))
        if decided or day <= month.last:
            register = data.get("register", "")
            named = Register(register).label if register in Register.values else register
            yield Answered(
                person, register, data.get("result", ""), decided, (*groups.get(person, ()), ("Liste", named))
            )


def _groups(people: set[Any]) -> dict[Any, tuple[tuple[str, str], ...]]:
    rows = list(Person.objects.filter(pk__any=list(people)).order_by().values_list("pk", "sex", "nationality"))
    common = {code for code, _ in Counter(code for _, _, code in rows if code).most_common(MOST_COUNTRIES)}
    estimated = set(
        Profile.objects.filter(pk__any=list(people), estimated=True).order_by().values_list("pk", flat=True)
    )
    return {
        pk: (
            ("Sexe", Sex(sex).label),
            ("Nationalité", _country(code) if code in common else "Autres"),
            ("Date de naissance", "Estimée" if pk in estimated else "Précise"),
        )
        for pk, sex, code in rows
    }


def _country(code: str) -> str:
    try:
        return countries.get(code).name
    except UnknownCode:
        return code


def _decided(direction: str, month: Month) -> Iterator[tuple[float, bool]]:
    """(probability told, was it the same person?) of the doubts that agents settled in the month."""
    checks = Check.objects.filter(person__direction=direction, settled_at__date__range=(month.first, month.last))
    for asked, result in checks.exclude(asked=None).order_by("pk").values_list("asked", "result"):
        if asked.get("bits") is not None:
            yield probability(asked["bits"]), result == CheckResult.REGISTERED
    pairs = PairDecision.objects.filter(
        pair__first__direction=direction,
        at__date__range=(month.first, month.last),
        verb__in=(PairVerb.LINKED, PairVerb.REFUSED),
    )
    for bits, verb in pairs.order_by("id").values_list("pair__bits", "verb"):
        yield probability(bits), verb == PairVerb.LINKED


def _drift(direction: str, register: str) -> list[FieldDrift]:
    """The levels of the pairs that stand as known in the newest list, against those of the training."""
    model = load()
    pairs = list(
        Check.objects.filter(person__direction=direction, register=register, result=CheckResult.REGISTERED)
        .exclude(record=None)
        .order_by("-as_of", "pk")
        .values_list("person_id", "record_id")[:MOST_PAIRS]
    )
    mine = _rows(Profile, [person for person, _ in pairs], model.version)
    theirs = _rows(ExternalRecord, [line for _, line in pairs], model.version)
    scorer = Scorer(model)
    counts = levels_of(
        scorer.score_rows(mine[person], theirs[line]) for person, line in pairs if person in mine and line in theirs
    )
    return [
        FieldDrift(comparison.code, sum(levels.values()), _shares(levels), dict(model.linked[comparison.code]))
        for comparison in COMPARISONS
        if (levels := counts.get(comparison.code)) and comparison.code in model.linked
    ]


def _shares(levels: dict[str, int]) -> dict[str, float]:
    total = sum(levels.values())
    return {level: count / total for level, count in levels.items()}


def _rows(table: Any, keys: list[Any], version: str) -> dict[Any, dict[str, Any]]:
    found = table.objects.filter(pk__any=keys, model=version).order_by().values("pk", *PREPARED)
    return {row["pk"]: row | {name: frozenset(row[name]) for name in ARRAYS} for row in found}


def previous_month(day: dt.date) -> Month:
    """The month that ended before `day`."""
    return Month.of(day.replace(day=1) - dt.timedelta(days=1))
