"""The orientation decided for a person: the last one, and those it replaced."""

from __future__ import annotations

from django.db.models import QuerySet

from passerelles.network.queries import name_of_agent
from passerelles.orientation.models import Decision
from passerelles.people.models import Person


def decision_of(person: Person) -> Decision | None:
    """The decision that stands for the person, None when nothing was decided. The caller has asked the policy."""
    return Decision.objects.standing().filter(person=person).select_related("organisation").first()


def decisions_of(person: Person) -> QuerySet[Decision]:
    """Every decision, the last one first, with `by_name`: who decided. The caller has asked the policy."""
    made = Decision.objects.filter(person=person).annotate(by_name=name_of_agent("by"))
    return made.select_related("organisation").order_by("-number")
