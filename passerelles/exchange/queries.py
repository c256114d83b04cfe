"""What the screens of the files received read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from passerelles.exchange.models import Import, ImportProblem
from passerelles.exchange.readers.rows import preview
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor

LABELS = {
    "created": "nouvelles",
    "known": "déjà connues, nouvellement convoquées",
    "corrected": "corrigées",
    "moved": "reportées à une autre date",
    "unchanged": "inchangées",
    "refused": "refusées",
}


@dataclass(frozen=True)
class ColumnGuess:
    """The headers seen and the field each one seems to hold."""

    headers: list[str]
    guessed: dict[str, str]
    missing: list[str]
    sample: list[list[str]]
    sheet: str


def imports(actor: Actor) -> QuerySet[Import]:
    """The files this actor may see, newest first, without their content."""
    return (
        policy.visible(actor, Import.objects.all(), Resource.IMPORT)
        .defer("content")
        .select_related("dt", "organisation", "agent")
        .order_by("-created_at", "pk")
    )


def problems(received: Import) -> QuerySet[ImportProblem]:
    """The problems of a file in the order of its lines."""
    return received.problems.order_by("sheet", "row", "severity", "pk")


def column_guess(received: Import) -> ColumnGuess:
    """What the reader understands of the columns; raises `FileProblem` when it understands nothing."""
    seen = preview(bytes(received.content), received.filename, received.kind, received.mapping or None)
    sheet = next((s for s in seen.sheets if s.mapping is not None), None) or seen.sheets[0]
    if sheet.mapping is None:
        return ColumnGuess([], {}, [], sheet.sample, sheet.name)
    headers = [header for header in sheet.mapping.headers if header]
    guessed = {name: sheet.mapping.headers[index] for name, index in sheet.mapping.columns.items()}
    return ColumnGuess(headers, guessed, list(sheet.mapping.missing), sheet.sample, sheet.name)


def summary_lines(received: Import) -> list[tuple[str, int]]:
    """What became of the lines applied, in words."""
    if received.kind == "convocations":
        return [(LABELS[key], received.summary[key]) for key in LABELS if received.summary.get(key)]
    return [("lignes chargées", received.summary.get("created", 0))]
