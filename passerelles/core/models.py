"""Base classes of the tables: random public identifiers, creation instant, classified columns."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from passerelles.core import clock


class Record(models.Model):
    """A row with a random identifier that may stand in an address.

    Every concrete model lists its columns in `retention` (column -> "keep" | "pseudonymise" | "erase"); a house
    test fails on a column that is not classified (K-005).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField("créé le", default=clock.now, editable=False)

    retention: ClassVar[dict[str, str]] = {}

    class Meta:
        abstract = True


RETENTION_CHOICES = frozenset({"keep", "pseudonymise", "erase"})


def retention(*, keep: str = "", pseudonymise: str = "", erase: str = "") -> dict[str, str]:
    """Write a classification as three blank-separated lists of columns."""
    table = {"id": "keep", "created_at": "keep"}
    for fate, columns in (("keep", keep), ("pseudonymise", pseudonymise), ("erase", erase)):
        table.update(dict.fromkeys(columns.split(), fate))
    return table
