"""The nomenclature of occupations in force: the newest imported, else the one that is shipped."""

from __future__ import annotations

import uuid
from functools import lru_cache

from passerelles.orientation.models import Nomenclature
from passerelles.reference.occupations import Occupations, shipped


def nomenclature() -> Occupations:
    """One small query; the list itself is read once by each process."""
    newest = Nomenclature.objects.order_by("-created_at", "-id").values_list("pk", flat=True).first()
    return shipped() if newest is None else _imported(newest)


@lru_cache(maxsize=2)
def _imported(pk: uuid.UUID) -> Occupations:
    entries = Nomenclature.objects.values_list("entries", flat=True).get(pk=pk)
    return Occupations((code, label) for code, label in entries)
