"""Invitations and feeds of appointments in iCalendar (RFC 5545, RFC 7986 for the refresh), without personal data. Pure.

An event keeps its identifier when its date moves and its sequence number grows, so that a calendar moves it; an event
that has no object any more is sent with the status CANCELLED, which is the word of the format and is shown to nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

_MOST_OCTETS = 75


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One appointment. `uid` is stable from one date to the next; instants are aware."""

    uid: str
    sequence: int
    starts_at: dt.datetime
    minutes: int
    summary: str
    location: str
    description: str
    stamped_at: dt.datetime
    dropped: bool = False


def calendar(name: str, events: Iterable[CalendarEvent], *, method: str = "PUBLISH") -> str:
    """The whole file, lines ended by CRLF and folded at 75 octets. `method`: PUBLISH (feed) or REQUEST (invitation)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Passerelles//Orientations//FR",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_text(name)}",
        f"NAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(event.uid)}",
            f"SEQUENCE:{event.sequence}",
            f"DTSTAMP:{_instant(event.stamped_at)}",
            f"DTSTART:{_instant(event.starts_at)}",
            f"DURATION:PT{event.minutes}M",
            f"SUMMARY:{_text(event.summary)}",
            f"LOCATION:{_text(event.location)}",
            f"DESCRIPTION:{_text(event.description)}",
            f"STATUS:{'CANCELLED' if event.dropped else 'CONFIRMED'}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(at: dt.datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant of a calendar is aware")
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for sign, escape in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(sign, escape)
    return "".join(sign for sign in value if sign >= " ")


def _folded(line: str) -> str:
    """Cut every 75 octets, never inside a character."""
    parts, length = [""], 0
    for character in line:
        octets = len(character.encode())
        if length + octets > _MOST_OCTETS:
            parts.append(" ")
            length = 1
        parts[-1] += character
        length += octets
    return "\r\n".join(parts)
