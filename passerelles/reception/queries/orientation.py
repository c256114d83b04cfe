"""The orientation inside the interview: the next question that decides, then what is recommended, then the decision.

What the form of the interview establishes (situation, the three checks, the exemption) is not asked a second time: it
is laid over what the platform knows, before anything is saved.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import Known
from passerelles.orientation.engine.recommendation import Standing
from passerelles.orientation.forms import QuestionsForm, sources_of
from passerelles.orientation.models import Decision
from passerelles.orientation.queries.page import Line, OrientationPage, orientation_page
from passerelles.orientation.queries.recommendation import outlook_of
from passerelles.orientation.rules import interview as goals
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.reception.models import Interview
from passerelles.reception.rules.scope import FACT_NAMES, Facts, values_of

SOURCE = "entretien en cours"
ASKED_ABOVE = frozenset({*FACT_NAMES, "spe.dispense", "metz.autre_motif"})
"""The facts that the form of the interview asks itself."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the interview shows of the orientation. `question`: the next one, `left`: how many at most with it."""

    page: OrientationPage
    question: dict[str, Any] | None
    left: int
    waiting: tuple[str, ...]
    answered: tuple[tuple[str, str], ...]

    @property
    def decided(self) -> bool:
        """Nothing is left to ask."""
        return self.left == 0 and not self.waiting

    @property
    def lines(self) -> tuple[Line, ...]:
        """What may be chosen here: who accompanies the person first, then the rest of what is recommended."""
        wanted = (Standing.RECOMMENDED, Standing.TO_WEIGH)
        found = [line for line in self.page.lines if line.standing in wanted]
        return tuple(sorted(found, key=lambda line: line.code not in goals.GOALS))

    @property
    def fingerprint(self) -> str:
        """Changes when anything shown changes: an autosave does not redraw what somebody is filling."""
        standing = self.page.standing
        shown = (
            self.question["code"] if self.question else "",
            self.left,
            self.waiting,
            self.answered,
            [(line.code, line.standing) for line in self.lines],
            standing.decision.pk if standing else None,
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def typed_facts(facts: Facts, interview: Interview) -> dict[str, Known]:
    """What the form of the interview says, as the rules of orientation read it."""
    day = interview.convocation.session.held_on
    return {code: Known(value, SOURCE, day) for code, value in values_of(facts).items()}


def panel_of(
    actor: Actor,
    interview: Interview,
    facts: Facts,
    data: Any = None,
    *,
    decisions: Sequence[Decision] | None = None,
    consents: bool | None = None,
) -> Panel | None:
    """None for who may not read the orientation. `data`: what is typed, so that an answer not sent yet is kept.

    `decisions`, `consents`: of the person, when the caller has read them.
    """
    if not actor.may(Resource.ORIENTATION, Action.VIEW):
        return None
    person, day = interview.person, interview.convocation.session.held_on
    outlook = outlook_of(actor, person, day, typed=typed_facts(facts, interview), consents=consents)
    page, stated = orientation_page(actor, outlook, decisions), outlook.stated
    waiting = tuple(code for code in page.next_questions if code in ASKED_ABOVE)
    asked = [code for code in page.next_questions if code not in ASKED_ABOVE] if page.may_state else []
    first = asked[0] if asked and "emploi.situation" not in waiting else None
    read = {code: row.pk for code, row in stated.items()}
    return Panel(
        page=page,
        question=_question(first, read, data) if first else None,
        left=len(asked),
        waiting=tuple(FACT_NAMES.get(code, ITEMS[code].label) for code in waiting),
        answered=tuple(
            (ITEMS[code].label, ITEMS[code].shown(ITEMS[code].read(row.value)))
            for code, row in sorted(stated.items(), key=lambda pair: pair[1].created_at)
            if row.created_at >= interview.started_at
            and row.value is not None
            and code in outlook.seen
            and code not in ASKED_ABOVE
        ),
    )


def _question(code: str, read: Mapping[str, uuid.UUID], data: Any) -> dict[str, Any]:
    known = {code: read[code]} if code in read else {}
    form = QuestionsForm([code], read=known)
    field, never, seen = form.parts(code)
    if data is not None and field.html_name in data:
        field = QuestionsForm([code], data)[field.html_name]
    return {"code": code, "field": field, "never": never, "read": seen, "sources": sources_of(code)}
