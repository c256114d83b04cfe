"""This engine on labelled lists: scored pairs, with the time and memory of each phase."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import polars as pl

from benchmarks.linkage.data import Labelled
from passerelles.linkage.batch.groups import groups
from passerelles.linkage.batch.link import Engine, one_to_one, with_probability
from passerelles.linkage.batch.prepare import prepare_frame
from passerelles.linkage.engine.decision import STUDY
from passerelles.linkage.engine.model import Model
from passerelles.linkage.training.weights import train

RELATIVES_IN_FEBRL = 0.001
"""FEBRL draws each person alone: nobody is kin to anybody."""
KNOWN = "<> ''"
DETERMINISTIC = (
    f"l.family = r.family AND l.given = r.given AND l.born = r.born AND l.family {KNOWN} AND l.born {KNOWN}",
    f"l.address = r.address AND l.family = r.family AND l.address {KNOWN} AND l.family {KNOWN}",
    f"l.address = r.address AND l.born = r.born AND l.address {KNOWN} AND l.born {KNOWN}",
)
BLOCKINGS = (
    f"l.born = r.born AND l.born {KNOWN}",
    f"l.family = r.family AND l.first = r.first AND l.family {KNOWN} AND l.first {KNOWN}",
    f"l.address = r.address AND l.address {KNOWN}",
)


@dataclass
class Clock:
    """Seconds of the wall and of processors (this process: both engines run in it) by phase."""

    phases: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        wall, used = time.perf_counter(), time.process_time()
        yield
        self.phases[name] = time.perf_counter() - wall, time.process_time() - used

    @property
    def total(self) -> tuple[float, float]:
        return sum(wall for wall, _ in self.phases.values()), sum(used for _, used in self.phases.values())


def on_febrl(base: Labelled) -> list[tuple[int, int, float]]:
    """Weights learnt on the lists themselves, without labels; every candidate that weighs −20 bits, one to one."""
    model = train(
        base.left,
        base.right,
        version=base.name,
        trained_on=base.name,
        deterministic=DETERMINISTIC,
        blockings=BLOCKINGS,
        recall=0.8,
        kin=RELATIVES_IN_FEBRL,
    ).model
    frames = [prepare_frame(frame, model) for frame in (base.left, base.right) if frame is not None]
    engine = Engine(*frames)
    engine.find_candidates(wide=True)
    pairs = engine.score(model, at_least=-20).pairs
    engine.close()
    return list((pairs if base.right is None else one_to_one(pairs)).iter_rows())


def gathered(scored: list[tuple[int, int, float]], at_least: float) -> set[tuple[int, int]]:
    """The pairs of one list once its records are gathered by person."""
    return {(x, y) for rows in groups(scored, at_least=at_least) for n, x in enumerate(rows) for y in rows[n + 1 :]}


def on_lists(base: Labelled, model: Model, clock: Clock, plain: Callable[[Engine], None] | None = None) -> pl.DataFrame:
    """left, right, bits, probability: one to one, as `passerelles link` does.

    `plain` is called on the candidates, untimed here.
    """
    assert base.right is not None
    with clock.phase("preparation"):
        frames = [prepare_frame(frame, model) for frame in (base.left, base.right)]
    model = model.expecting(STUDY.prior(base.right.height))
    with clock.phase("loading"):
        engine = Engine(*frames)
    del frames
    with clock.phase("candidates"):
        engine.find_candidates()
    with clock.phase("scores"):
        scored = engine.score(model, at_least=-8)
    with clock.phase("assignment"):
        pairs = one_to_one(with_probability(scored.pairs, rivals=True))
    print(f"{scored.candidates:,} candidates")
    if plain:
        plain(engine)
    engine.close()
    return pairs


def plain_join(engine: Engine) -> None:
    """The same candidates with the bare equality of names and date: what no linkage can do without."""
    engine.base.execute(
        "CREATE OR REPLACE TEMP TABLE plain AS SELECT p.left, p.right, "
        "(l.family = r.family)::int + (l.given = r.given)::int + (l.born = r.born)::int AS equal "
        "FROM pair p JOIN a l ON l.row = p.left JOIN b r ON r.row = p.right"
    )
