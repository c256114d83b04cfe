"""The lists of France Travail, RSA and AGIR as received: the same persons as other bodies wrote them, and strangers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl

from passerelles.demo.people import DIRECTION, SEED
from passerelles.linkage import services as linkage
from passerelles.network.policy import Actor
from passerelles.people.enums import Register
from passerelles.synthetic.lists import records

Line = dict[str, Any]
Lines = dict[str, list[Line]]
KNOWN_SINCE = dt.timedelta(days=120)


def load(actor: Actor, lines: Lines, as_of: dt.date) -> None:
    """One list per register, through the verbs of an import."""
    for register, found in lines.items():
        opened = linkage.open_list(
            actor, register=register, direction=DIRECTION, as_of=as_of, filename=f"{register}-{as_of:%Y-%m-%d}.csv"
        )
        linkage.add_records(actor, opened, [line | {"line": number} for number, line in enumerate(found, 2)])
        linkage.close_list(actor, opened)


def written(people: pl.DataFrame, as_of: dt.date, draw: int = 0) -> Lines:
    """What the three bodies wrote of those they know among `people`, each with its own errors (E-006, E-007, E-018).

    Another `draw` gives other errors.
    """
    registers = [str(register) for register in Register]
    rng = np.random.default_rng([SEED, as_of.toordinal(), draw])
    found = records(people, dict.fromkeys(registers, as_of), rng).drop("person")
    return {
        register: [
            line | {"ft_identifier": line["ft_number"]}
            for line in found.filter(pl.col("list") == register).iter_rows(named=True)
        ]
        for register in registers
    }


def exact(rows: Iterable[dict[str, Any]], as_of: dt.date) -> list[Line]:
    """Lines without an error about the persons of these rows."""
    return [row | {"since": as_of - KNOWN_SINCE} for row in rows]
