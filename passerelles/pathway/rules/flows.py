"""The states of what a person follows, one transition table each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """`edges`: (state, event) → state. `first`: where a thing is born. `final`: where nothing more is awaited."""

    name: str
    first: str
    edges: Mapping[tuple[str, str], str]
    final: frozenset[str]

    def after(self, state: str, event: str) -> str | None:
        """The state after the event, None when the table has no such edge."""
        return self.edges.get((state, event))

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.first, *(state for state, _ in self.edges), *self.edges.values()})

    @property
    def events(self) -> frozenset[str]:
        return frozenset(event for _, event in self.edges)

    def events_from(self, state: str) -> frozenset[str]:
        return frozenset(event for where, event in self.edges if where == state)


TRAINING = Flow(
    "training",
    "prescribed",
    {
        ("prescribed", "start"): "started",
        ("prescribed", "drop"): "dropped",
        ("prescribed", "cancel"): "cancelled",
        ("started", "attend"): "started",
        ("started", "complete"): "completed",
        ("started", "drop"): "dropped",
        ("dropped", "resume"): "started",
    },
    frozenset({"completed", "dropped", "cancelled"}),
)
MEETING = Flow(
    "meeting",
    "fixed",
    {
        ("fixed", "attend"): "attended",
        ("fixed", "miss"): "missed",
        ("fixed", "excuse"): "excused",
        ("fixed", "reschedule"): "rescheduled",
        ("fixed", "cancel"): "cancelled",
        ("missed", "reschedule"): "rescheduled",
        ("excused", "reschedule"): "rescheduled",
    },
    frozenset({"attended", "missed", "excused", "rescheduled", "cancelled"}),
)
RECOGNITION = Flow(
    "recognition",
    "requested",
    {
        ("requested", "answer"): "answered",
        ("requested", "abandon"): "abandoned",
        ("answered", "answer"): "answered",
        ("abandoned", "resume"): "requested",
    },
    frozenset({"answered", "abandoned"}),
)
FOLLOW_UP = Flow(
    "follow_up",
    "open",
    {
        ("open", "take"): "open",
        ("open", "postpone"): "open",
        ("open", "treat"): "treated",
        ("open", "resolve"): "resolved",
    },
    frozenset({"treated", "resolved"}),
)
FLOWS = (TRAINING, MEETING, RECOGNITION, FOLLOW_UP)
