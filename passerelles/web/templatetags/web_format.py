"""How French screens write hours, months and directorates."""

from __future__ import annotations

import datetime as dt

from django import template

from passerelles.core import clock
from passerelles.core.periods import MONTHS_FR
from passerelles.core.text import in_sentence
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode

register = template.Library()


register.filter("in_sentence", in_sentence)


@register.filter
def hour(instant: dt.datetime | None) -> str:
    """`9 h`, `9 h 30`, in Paris."""
    if instant is None:
        return ""
    local = instant.astimezone(clock.PARIS)
    return f"{local.hour}\u00a0h" if not local.minute else f"{local.hour}\u00a0h\u00a0{local:%M}"


@register.filter
def month(code: str) -> str:
    """`2026-02` → `février 2026`."""
    try:
        year, number = code.split("-")
        return f"{MONTHS_FR[int(number) - 1]} {year}"
    except (ValueError, IndexError):
        return code


@register.filter
def directorate(slug: str) -> str:
    """`metz` → `DT OFII Metz`; the slug itself when unknown."""
    try:
        return territories.direction(slug).label_fr
    except UnknownCode:
        return slug
