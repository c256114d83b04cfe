"""The exact normalised identity of a person: family name, given names, birth date. Pure."""

from __future__ import annotations

import datetime as dt

from passerelles.core.text import ascii_key


def identity_key(family_name: str, given_names: str, birth_date: dt.date | None) -> str:
    """`el amrani|fatima zahra|1990-05-17`: equal exactly when the normalised identities are equal."""
    day = birth_date.isoformat() if birth_date else "?"
    return f"{ascii_key(family_name)}|{ascii_key(given_names)}|{day}"
