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

    def tell(self, kind: str, person: UUID | None, /, **values: Any) -> int:
        """Append a fact (`frame`); its rank, by which another may retract it."""
        made.append(self.frame(kind, person, **values), first=self.count)
        self.count += 1
        return self.count

    def frame(
        self,
        kind: str,
        person: UUID | None,
        /,
        *,
        subject: UUID | None = None,
        on: dt.date | None = None,
        direction: str = "metz",
        retracts: int | None = None,
        **data: Any,
    ) -> pl.DataFrame:
        """The fact that would come next."""
        known = FIRST + dt.timedelta(self.count)
        return pl.DataFrame(
            {
                "kind": [kind],
                "person_id": [str(person) if person else None],
                "subject_id": [str(subject or UUID(int=1000 + self.count, version=4))],
                "organisation_id": [None],
                "direction": [direction],
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

    @property
    def day(self) -> dt.date:
        """The day on which the last fact became known."""
        return FIRST + dt.timedelta(self.count - 1)
