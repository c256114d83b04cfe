"""Whose standing decision would be another one today, and why."""

from __future__ import annotations

from django.db.models import QuerySet

from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.orientation.models import Review
from passerelles.orientation.rules.proposals import BY_CODE


def changed(actor: Actor) -> QuerySet[Review]:
    """The reviews that differ, among the standing decisions the actor may see; the newest found first."""
    rows = policy.visible(actor, Review.objects.filter(differs=True), Resource.ORIENTATION)
    return (
        rows.standing()
        .select_related("decision__person", "decision__organisation")
        .order_by("-reviewed_at", "decision")
    )


def titles(codes: list[str]) -> str:
    """The proposals by their titles, in one line."""
    return ", ".join(BY_CODE[code].title for code in codes if code in BY_CODE)
