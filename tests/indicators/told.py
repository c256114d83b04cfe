"""A journal written by hand: each fact is known at noon of the day it happened, a day after the one before it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import polars as pl

from tests.indicators import made

FIRST = dt.date(2025, 1, 1)


class Told:
    """Facts appended one by one."""

    def __init__(self) -> None:
        self.count = 0

    def tell(
        self,
        kind: str,
        person: UUID | None,
        /,
        *,
        subject: UUID | None = None,
        on: dt.date | None = None,
        retracts: int | None = None,
        **data: Any,
    ) -> int:
        """Append a fact; its rank, by which another may retract it."""
        known = FIRST + dt.timedelta(self.count)
        frame = pl.DataFrame(
            {
                "kind": [kind],
                "person_id": [str(person) if person else None],
                "subject_id": [str(subject or UUID(int=1000 + self.count, version=4))],
                "organisation_id": [None],
                "direction": ["metz"],
                "actor_id": [None],
                "occurred_on": [on or known],
                "recorded_at": [dt.datetime.combine(known, dt.time(12), dt.UTC)],
                "data": [json.dumps(data)],
                "retracts_id": [retracts],
            },
            schema_overrides={
                "person_id": pl.String,
                "organisation_id": pl.String,
                "actor_id": pl.String,
                "retracts_id": pl.Int64,
            },
        )
        made.append(frame, first=self.count)
        self.count += 1
        return self.count

    @property
    def day(self) -> dt.date:
        """The day on which the last fact became known."""
        return FIRST + dt.timedelta(self.count - 1)
