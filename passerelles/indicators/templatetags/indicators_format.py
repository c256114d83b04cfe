"""How the shares of the figures are written."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def in_percent(share: Decimal) -> str:
    """`0.330` → `33 %`, `0.335` → `33,5 %`."""
    return f"{(share * 100).normalize():f}".replace(".", ",") + "\u00a0%"
