"""What the screens of the returns look up while they are drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    """The value of a key, empty when there is none."""
    return values.get(key, "")


@register.filter
def days_to(due_on: dt.date, today: dt.date) -> str:
    """`dans 3 jours`, `aujourd’hui`, `en retard de 2 jours`."""
    left = (due_on - today).days
    if left == 0:
        return "aujourd’hui"
    unit = "jour" if abs(left) == 1 else "jours"
    return f"dans {left} {unit}" if left > 0 else f"en retard de {-left} {unit}"


@register.filter
def signed(change: str) -> str:
    """`-3,2` → `−3,2`, `12` → `+12`; the rest as it is."""
    if change.startswith("-"):
        return f"−{change[1:]}"
    return f"+{change}" if change[:1].isdigit() and change.strip("0,") else change
