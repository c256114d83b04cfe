"""On which days the person is reminded of a date: the end of the residence document, the monthly update. Pure."""

from __future__ import annotations

import calendar
import datetime as dt


def stage_of(end: dt.date, on: dt.date, first: int | None, last: int | None) -> str:
    """`first` within `first` days of the end, `last` within `last` days, "" before, after, or when not configured."""
    left = (end - on).days
    if left < 0:
        return ""
    if last is not None and left <= last:
        return "last"
    return "first" if first is not None and left <= first else ""


def update_due(on: dt.date, last_day: int | None, before: int | None) -> dt.date | None:
    """The last day of the monthly update, from `before` days ahead of it; None on the other days.

    >>> update_due(dt.date(2026, 3, 10), 15, 5)
    datetime.date(2026, 3, 15)
    >>> update_due(dt.date(2026, 3, 9), 15, 5)
    """
    if last_day is None or before is None:
        return None
    due = on.replace(day=min(last_day, calendar.monthrange(on.year, on.month)[1]))
    return due if due - dt.timedelta(days=before) <= on <= due else None
