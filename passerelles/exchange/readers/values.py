"""A cell as text: what a person would read on the screen of a spreadsheet."""

from __future__ import annotations

import datetime as dt


def text_of(cell: object) -> str:
    """Dates in the French order, whole numbers without decimals, booleans as VRAI and FAUX."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, dt.datetime):
        return _french(cell) + ("" if cell.time() == dt.time() else f" {cell:%H:%M}")
    if isinstance(cell, dt.date):
        return _french(cell)
    if isinstance(cell, dt.time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _french(day: dt.date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
