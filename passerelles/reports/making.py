"""What a return holds, made as the journal knew it at a position: the same question gives the same bytes for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from passerelles.core.errors import Impossible
from passerelles.core.periods import Month
from passerelles.indicators.monthly import monthly
from passerelles.indicators.queries import Known
from passerelles.network.models import Delegation
from passerelles.reference.territory import Territory
from passerelles.reports import content
from passerelles.reports.catalogue import ReturnType, Template
from passerelles.reports.schedule import ReturnPeriod

DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes, the definition that made them, the operator they name, the certificate of what was hidden."""

    content: bytes
    definition: str
    operator: str = ""
    certificate: dict[str, Any] | None = None


def make(
    kind: ReturnType,
    territory: Territory,
    period: ReturnPeriod,
    known: Known,
    *,
    text: str = "",
    definition: str = "",
    operator: str | None = None,
    certificate: dict[str, Any] | None = None,
) -> Made:
    """The content of a return. `definition`, `operator`, `certificate`: those that a stored version remembers.

    With its certificate a version hides what it hid; without one, what has to be hidden is worked out.
    """
    if kind.template is Template.METZ:
        found = monthly(territory.code, period.first, known, definition=definition)
        named = operator_name(territory.code, period.first) if operator is None else operator
        heading = content.heading(territory.code, period.first, named)
        return Made(content.canonical(heading, found.official), found.definitions.code, named)
    if kind.template is Template.DOCUMENT:
        if not text.strip():
            raise Impossible("Le texte de la remontée est vide.", remedy="Écrivez-le, puis établissez la version.")
        return Made(text.strip().replace("\r\n", "\n").encode(), DOCUMENT)
    from passerelles.reports import figures

    written, version, proof = figures.build(
        kind, territory, period, known, definition=definition, certificate=certificate
    )
    return Made(written, version, certificate=proof)


def operator_name(direction: str, month: Month) -> str:
    """The operator, or operators, delegated to the DT during the month (A-053)."""
    delegated = Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=month.first), direction=direction, starts_on__lte=month.last
    )
    return " / ".join(sorted(set(delegated.values_list("operator__name", flat=True))))
