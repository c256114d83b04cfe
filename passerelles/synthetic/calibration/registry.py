"""Every measure of the stream, whichever part of it they read."""

from __future__ import annotations

from passerelles.synthetic.calibration import population
from passerelles.synthetic.calibration.measures import Measure


def measures() -> list[Measure]:
    """Those of people, then those of pathways. Pathways take `Measure` from here: they are imported when asked for."""
    from passerelles.synthetic.pathways import measures as pathways

    return [*population.measures(), *pathways.measures()]
