"""The rules on a day for a person: what the platform knows of them, completed by the answers given on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from passerelles.orientation.engine.evaluation import Evaluation
from passerelles.orientation.engine.facts import Value
from passerelles.orientation.queries.facts import facts_of, territory_of
from passerelles.orientation.rules import BOOK
from passerelles.people.models import Person


def evaluation_of(person: Person, on: dt.date, answers: Mapping[str, Value] | None = None) -> Evaluation:
    """`answers` decides only on what no table says."""
    facts = facts_of(person, on)
    return BOOK.evaluate({**(answers or {}), **facts.values_by_code}, on, territory_of(person, facts))
