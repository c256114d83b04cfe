"""Builds the dictionaries behind every `find(text)`: one normalised key, one meaning, no guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from passerelles.core.text import ascii_key

_T = TypeVar("_T")


def index_of(*layers: Iterable[tuple[_T, Iterable[str]]]) -> Mapping[str, _T]:
    """Key → item. An earlier layer wins over a later one; a key two items of a layer share finds nothing."""
    index: dict[str, _T | None] = {}
    for layer in layers:
        found: dict[str, list[_T]] = {}
        for item, spellings in layer:
            for key in {ascii_key(spelling) for spelling in spellings} - {""}:
                found.setdefault(key, []).append(item)
        for key, items in found.items():
            index.setdefault(key, items[0] if len(items) == 1 else None)
    return {key: item for key, item in index.items() if item is not None}
