"""The signed reference of a line that an organisation fills in: which referral, for whom, seen when. Pure.

It cannot be made up, nor moved to the file of another organisation: the signature covers the organisation, the
referral and the instant at which the line was written. Letters and digits only, so that no spreadsheet changes it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import re
import uuid
from dataclasses import dataclass

from passerelles.core import crypto

SHAPE = re.compile(r"P[A-Z2-7]{55}")
_PURPOSE = "answer-row"
_INSTANT, _SIGNATURE = 6, 12


@dataclass(frozen=True, slots=True)
class Reference:
    """`subject`: the referral. `seen_at`: when the line was written, to the millisecond."""

    subject: uuid.UUID
    seen_at: dt.datetime


def written(subject: uuid.UUID, holder: uuid.UUID, seen_at: dt.datetime, *, secret: str) -> str:
    """The reference of `subject` in the file of the organisation `holder`."""
    said = subject.bytes + int(seen_at.timestamp() * 1000).to_bytes(_INSTANT, "big")
    return "P" + base64.b32encode(said + _signature(said, holder, secret)).decode().rstrip("=")


def tidy(text: str) -> str:
    """As written, whatever a spreadsheet or a mail did to it: blanks taken out, in capitals."""
    return "".join(text.split()).upper().strip("'’")


def unsigned(text: str) -> Reference | None:
    """What a reference says, its signature not looked at; None when it has not the shape of one."""
    return _read(text)[0] if SHAPE.fullmatch(text) else None


def read(text: str, holder: uuid.UUID, *, secret: str) -> Reference | None:
    """What a reference says, None unless it was written here for `holder`."""
    if not SHAPE.fullmatch(text):
        return None
    found, said, given = _read(text)
    return found if hmac.compare_digest(given, _signature(said, holder, secret)) else None


def _read(text: str) -> tuple[Reference | None, bytes, bytes]:
    try:
        raw = base64.b32decode(f"{text[1:]}=")
    except (binascii.Error, ValueError):
        return None, b"", b""
    if base64.b32encode(raw).decode().rstrip("=") != text[1:]:  # Another writing of the same bytes is not ours.
        return None, b"", b""
    said, given = raw[: 16 + _INSTANT], raw[16 + _INSTANT :]
    try:
        instant = dt.datetime.fromtimestamp(int.from_bytes(said[16:], "big") / 1000, dt.UTC)
    except (OverflowError, ValueError, OSError):
        return None, b"", b""
    return Reference(uuid.UUID(bytes=said[:16]), instant), said, given


def _signature(said: bytes, holder: uuid.UUID, secret: str) -> bytes:
    return crypto.signature(_PURPOSE, holder.bytes + said, secret=secret)[:_SIGNATURE]
