"""Text as people type it, brought to a form in which two spellings can be compared."""

from __future__ import annotations

import re

from anyascii import anyascii

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


def ascii_key(text: str) -> str:
    """Lower-case ASCII, each run of punctuation or spaces one space: `Côte d’Ivoire` → `cote d ivoire`."""
    return _NOT_ALPHANUMERIC.sub(" ", anyascii(text).lower()).strip()
