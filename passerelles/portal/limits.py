"""Rate limits of the pages without account: per visitor for wrong links, per link for answers.

Counted in each process: with several processes the limit is as many times higher, still far from what guessing a
128-bit identifier or a 96-bit signature would need.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 600
"""Seconds."""
WRONG_LINKS = 20
ANSWERS = 40


class TooMany(Exception):
    """The visitor must wait."""


def visitor(request: HttpRequest) -> str:
    """The address of who asks; behind a proxy, the one that the proxy adds last."""
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or "?"
    return request.META.get("REMOTE_ADDR", "?")


def count(what: str, who: str) -> int:
    """One more of `what` by `who` in this window; how many so far."""
    key = f"portal:{what}:{who}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def refuse_guesser(request: HttpRequest) -> None:
    """Raises `TooMany` when this visitor has opened too many wrong links."""
    if cache.get(f"portal:wrong:{visitor(request)}", 0) >= WRONG_LINKS:
        raise TooMany


def note_wrong(request: HttpRequest) -> None:
    count("wrong", visitor(request))


def note_answer(link_id: object) -> None:
    """Raises `TooMany` when a link answers more often than anybody would by hand."""
    if count("answer", str(link_id)) > ANSWERS:
        raise TooMany
