"""Past events in the order of time: each runs at its own instant and may call for later ones."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from collections.abc import Callable

from passerelles.core import clock

Event = Callable[[], object]


class Agenda:
    """A journal is written in the order in which things became known: so is a demonstration."""

    def __init__(self) -> None:
        self._heap: list[tuple[dt.datetime, int, Event]] = []
        self._order = itertools.count()

    def add(self, instant: dt.datetime, event: Event) -> None:
        heapq.heappush(self._heap, (instant, next(self._order), event))

    def run(self, until: dt.datetime) -> int:
        """Live every event up to `until`, each at its instant; how many. Later ones are left undone."""
        count = 0
        while self._heap and self._heap[0][0] <= until:
            instant, _, event = heapq.heappop(self._heap)
            with clock.at(instant):
                event()
            count += 1
        return count
