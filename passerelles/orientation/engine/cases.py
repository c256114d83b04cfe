"""Test cases a lawyer can read, shipped with the rules and shown beside them in the rule book.

    - rule: agir.maintien
      name: Vingt-quatre mois au plus
      reference: instruction IOMV2403137J du 26/03/2024, §2.2
      facts: {agir.date_entree: 2024-01-15}
      days: {2026-01-14: oui, 2026-01-15: non}

One day is written `on` and `answer`. Answers: oui, non, à déterminer, absente (the rule is not in force).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.facts import BadFacts
from passerelles.orientation.engine.yaml_text import load

ANSWERS = {"oui": Verdict.YES, "non": Verdict.NO, "à déterminer": Verdict.UNKNOWN, "absente": None}
FIELDS = {"rule", "name", "reference", "facts", "on", "answer", "days", "because", "missing"}


@dataclass(frozen=True, slots=True)
class Case:
    """One expected answer on one day. `because`: fragments of its reasons. `answer` None: not in force."""

    rule: str
    name: str
    reference: str
    facts: Mapping[str, Any]
    on: dt.date
    answer: Verdict | None
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    file: str = ""

    @property
    def answer_fr(self) -> str:
        return next(word for word, verdict in ANSWERS.items() if verdict is self.answer)


def read(text: str, file: str = "") -> Iterator[Case]:
    """The cases of one file; raises BadFacts naming the case that cannot be read."""
    for entry in load(text):
        where = f"{file}, cas « {entry.get('name', '?')} »"
        if foreign := set(entry) - FIELDS:
            raise BadFacts(f"{where} : « {sorted(foreign)[0]} » n'est pas attendu.")
        days = entry.get("days") or {entry["on"]: entry["answer"]}
        for day, answer in days.items():
            if answer not in ANSWERS or not isinstance(day, dt.date):
                raise BadFacts(f"{where} : « {day}: {answer} » n'est pas « date: {' | '.join(ANSWERS)} ».")
            missing = entry.get("missing")
            yield Case(
                rule=entry["rule"],
                name=entry["name"],
                reference=entry["reference"],
                facts=entry.get("facts") or {},
                on=day,
                answer=ANSWERS[answer],
                because=tuple(entry.get("because", ())),
                missing=None if missing is None else tuple(missing),
                file=file,
            )


def shipped(package: str = "passerelles.orientation.cases") -> tuple[Case, ...]:
    """Every case of the package, by file name."""
    names = sorted(entry.name for entry in files(package).iterdir() if entry.name.endswith(".yaml"))
    return tuple(
        case for name in names for case in read(files(package).joinpath(name).read_text(encoding="utf-8"), name)
    )
