"""Facts of the journal gathered kind by kind, cut at the horizon and at departures, written as one frame. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.frames import EVENTS, MOMENT
from passerelles.synthetic.pathways.draws import Coded, Flags, Ints, Rng, uuids
from passerelles.synthetic.pathways.moments import day_of, number_of
from passerelles.synthetic.pathways.newcomers import NO_BODY, Newcomers

NO_SUBJECT = NO_PERSON = -1
KINDS = tuple(FactKind)
_KIND_NAMES = pl.Series([kind.value for kind in KINDS], dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Local:
    """An hour on the clocks of Paris, microseconds since 1970: written `2025-03-04T09:30`."""

    at: Ints


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value, null where `there` is false."""

    value: Ints | Flags | Coded
    there: Flags


Value = str | int | bool | None | Ints | Flags | Coded | Local | Maybe


@dataclass(frozen=True, slots=True)
class _Part:
    """Some facts of one kind; `data` is one text for all of them, or one each."""

    kind: int
    person: Ints
    organisation: Ints
    subject: Ints
    on: Ints
    known: Ints
    data: str | pl.Series


@dataclass(slots=True)
class Ledger:
    """`left` is the day on which each person leaves the territory: nothing happens to them after it."""

    newcomers: Newcomers
    horizon: dt.date
    left: Ints
    _parts: list[_Part] = field(default_factory=list)
    _subjects: int = 0

    def subjects(self, n: int) -> Ints:
        """What `n` chains of facts are about; each becomes a UUID in the frame."""
        self._subjects += n
        return np.arange(self._subjects - n, self._subjects)

    def standing(self, who: Ints, on: Ints, known: Ints) -> Flags:
        """Which facts about `who` are told: happened before the person left, and known by the horizon."""
        last = number_of(self.horizon)
        return (on <= last) & (day_of(known) <= last) & (on <= self.left[who])

    def add(
        self,
        kind: FactKind,
        who: Ints,
        on: Ints,
        known: Ints,
        *,
        subject: Ints | None = None,
        organisation: Ints | None = None,
        data: Mapping[str, Value] | None = None,
    ) -> None:
        """One fact per position of `who` (positions in the newcomers), with what its data hold."""
        rows = np.flatnonzero(self.standing(who, on, known))
        person = self.newcomers.number[who[rows]].astype(np.int64)
        self._append(kind, rows, person, on, known, subject, organisation, data or {})

    def add_without_person(
        self,
        kind: FactKind,
        on: Ints,
        known: Ints,
        *,
        subject: Ints,
        organisation: Ints,
        data: Mapping[str, Value],
    ) -> None:
        """Facts about an organisation alone."""
        last = number_of(self.horizon)
        rows = np.flatnonzero((on <= last) & (day_of(known) <= last))
        self._append(kind, rows, np.full(len(rows), NO_PERSON), on, known, subject, organisation, data)

    def _append(
        self,
        kind: FactKind,
        rows: Ints,
        person: Ints,
        on: Ints,
        known: Ints,
        subject: Ints | None,
        organisation: Ints | None,
        data: Mapping[str, Value],
    ) -> None:
        n = len(rows)
        if n:
            self._parts.append(
                _Part(
                    kind=KINDS.index(kind),
                    person=person,
                    organisation=np.full(n, NO_BODY) if organisation is None else organisation[rows],
                    subject=np.full(n, NO_SUBJECT) if subject is None else subject[rows],
                    on=on[rows],
                    known=known[rows],
                    data=as_json(data, rows),
                )
            )

    def frame(self, rng: Rng) -> pl.DataFrame:
        """EVENTS in the order in which they became known; `rng` names the subjects."""
        parts = self._parts
        if not parts:
            return pl.DataFrame(schema=EVENTS)
        sizes = np.array([len(part.person) for part in parts])
        names = uuids(rng, self._subjects) if self._subjects else pl.Series([""])
        data = [
            pl.repeat(part.data, len(part.person), dtype=pl.String, eager=True)
            if isinstance(part.data, str)
            else part.data
            for part in parts
        ]
        raw = pl.DataFrame(
            {
                "kind": np.repeat(np.array([part.kind for part in parts], dtype=np.uint32), sizes),
                "person": np.concatenate([part.person for part in parts]),
                "subject": np.concatenate([part.subject for part in parts]),
                "organisation": np.concatenate([part.organisation for part in parts]),
                "occurred_on": np.concatenate([part.on for part in parts]).astype(np.int32),
                "known_at": np.concatenate([part.known for part in parts]),
                "data": pl.concat(data),
            }
        )
        about = pl.col("subject") != NO_SUBJECT
        return (
            raw.lazy()
            .sort("known_at", "person", "occurred_on", maintain_order=True)
            .select(
                pl.lit(_KIND_NAMES).gather(pl.col("kind")).alias("kind"),
                pl.when(pl.col("person") != NO_PERSON).then(pl.col("person")).cast(EVENTS["person"]),
                pl.when(about).then(pl.lit(names).gather(pl.col("subject").clip(0))).alias("subject"),
                pl.when(pl.col("organisation") != NO_BODY).then(pl.col("organisation")).cast(EVENTS["organisation"]),
                pl.col("occurred_on").cast(pl.Date),
                pl.col("known_at").cast(MOMENT),
                "data",
            )
            .collect()
            .select(list(EVENTS))
        )


def as_json(data: Mapping[str, Value], rows: Ints) -> str | pl.Series:
    """A JSON object per position of `rows`, keys sorted; one text when all are the same. Texts are codes: no escape."""
    pieces: list[str | pl.Expr] = []
    columns: dict[str, npt.NDArray[np.int64] | npt.NDArray[np.bool_]] = {}
    for rank, key in enumerate(sorted(data)):
        value = data[key]
        pieces.append(("{" if rank == 0 else ", ") + f'"{key}": ')
        pieces += _text(value, key, rows, columns)
    pieces.append("}" if data else "{}")
    if not columns:
        return "".join(piece for piece in pieces if isinstance(piece, str))
    text = pl.concat_str([pl.lit(piece) if isinstance(piece, str) else piece for piece in pieces])
    return pl.DataFrame(columns).select(text.alias("data")).to_series()


def _text(
    value: Value, key: str, rows: Ints, columns: dict[str, npt.NDArray[np.int64] | npt.NDArray[np.bool_]]
) -> list[str | pl.Expr]:
    """How one value is written; what it needs is added to `columns`."""
    match value:
        case None:
            return ["null"]
        case bool():
            return ["true" if value else "false"]
        case int():
            return [str(value)]
        case str():
            return [f'"{value}"']
        case Coded():
            columns[key] = value.at[rows]
            return [pl.lit(value.quoted).gather(pl.col(key).cast(pl.UInt32))]
        case Local():
            columns[key] = value.at[rows]
            return [pl.col(key).cast(pl.Datetime("us")).dt.strftime('"%Y-%m-%dT%H:%M"')]
        case Maybe():
            inner = _text(value.value, key, rows, columns)[0]
            columns[f"{key} there"] = value.there[rows]
            known = pl.lit(inner) if isinstance(inner, str) else inner
            return [pl.when(pl.col(f"{key} there")).then(known).otherwise(pl.lit("null"))]
    columns[key] = value[rows]
    return [pl.col(key).cast(pl.String)]
