"""Who hears of a fact in the very transaction that appends it: rooms above declare it, this one knows none of them.

Facts appended in bulk (past, simulation, imports of a night) are not heard: nobody outside is to be told of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind

Hearer = Callable[[Fact], None]
_hearers: dict[str, list[Hearer]] = defaultdict(list)


def hears(*kinds: FactKind) -> Callable[[Hearer], Hearer]:
    """The function is called with each fact of these kinds, its state already written. It must not fail."""

    def declare(hearer: Hearer) -> Hearer:
        for kind in kinds:
            _hearers[kind.value].append(hearer)
        return hearer

    return declare


def tell(fact: Fact) -> None:
    """Called by `services.record` only."""
    for hearer in _hearers.get(fact.kind, ()):
        hearer(fact)
