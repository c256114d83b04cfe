"""By which way somebody is written to, and when. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MOBILE_PREFIXES = ("+336", "+337", "+262692", "+262693", "+590690", "+590691", "+594694", "+596696", "+596697")
"""French mobiles, mainland and overseas; a number of another country is taken as a mobile."""


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known to reach a person. `stopped`: they asked for no more SMS nor e-mail."""

    phone: str = ""
    email: str = ""
    address: str = ""
    stopped: bool = False

    @property
    def has_mobile(self) -> bool:
        return bool(self.phone) and (not self.phone.startswith("+33") or self.phone.startswith(MOBILE_PREFIXES))


def channel_of(contact: Contact, *, by_letter: bool) -> Channel | None:
    """SMS to a mobile, else e-mail, else a letter when the situation is worth one (`by_letter`); None: no way."""
    if not contact.stopped:
        if contact.has_mobile:
            return Channel.SMS
        if contact.email:
            return Channel.EMAIL
    return Channel.LETTER if by_letter and contact.address else None


def after_quiet(instant: dt.datetime, begins: int | None, ends: int | None) -> dt.datetime:
    """`instant`, or the end of the quiet hours it falls in (`begins` h to `ends` h, Paris, over midnight or not).

    No hours given: never quiet.
    """
    if begins is None or ends is None or begins == ends:
        return instant
    local = instant.astimezone(PARIS)
    quiet = begins <= local.hour < ends if begins < ends else local.hour >= begins or local.hour < ends
    if not quiet:
        return instant
    day = local.date() + dt.timedelta(days=1) if begins > ends and local.hour >= begins else local.date()
    return dt.datetime.combine(day, dt.time(ends), PARIS)
