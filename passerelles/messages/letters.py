"""A letter as a tagged PDF, in the script of the person, the French text below, the link as a QR code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Protocol

import segno

from passerelles.core import clock
from passerelles.core.typesetting import typeset
from passerelles.messages import catalogue

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "letter.typ"
FONTS = {
    "ara": "Noto Sans Arabic",
    "prs": "Noto Sans Arabic",
    "pus": "Noto Sans Arabic",
    "tam": "Noto Sans Tamil",
    "cmn": "Passerelles Hans",
}
"""The font of a script that Noto Sans does not hold."""


class Letter(Protocol):
    language: str
    recipient: str
    subject: str
    body: str
    address: str
    written_at: dt.datetime


def fonts_of(language: str) -> list[str]:
    """The fonts to look into, in order."""
    special = FONTS.get(language)
    return ["Noto Sans", special] if special else ["Noto Sans"]


def qr_svg(address: str) -> str:
    """The QR code of an address as an SVG drawing."""
    return (
        segno.make(address, error="m", micro=False)
        .svg_inline(border=2, omitsize=True)
        .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def write_letter(letter: Letter) -> bytes:
    """The bytes of the PDF, the same for the same letter."""
    texts = catalogue.load(HERE / "texts")[letter.language]
    french = catalogue.load(HERE / "texts")[catalogue.ORIGINAL]
    said, _, in_french = letter.body.partition("\f")
    day = clock.paris_date(letter.written_at)
    return typeset(
        TEMPLATE,
        {
            "tag": texts.tag.split("-")[0],
            "rtl": texts.is_rtl,
            "fonts": fonts_of(letter.language),
            "recipient": letter.recipient.split(", "),
            "date": texts.date(day),
            "subject": letter.subject,
            "body": _lines(said),
            "scan": texts("common.scan"),
            "ending": texts("common.ending"),
            "address": letter.address,
            "qr": qr_svg(letter.address) if letter.address else "",
            "french_title": texts("common.french") + (f" / {french('common.french')}" if in_french else ""),
            "french": _lines(in_french),
        },
        known_at=letter.written_at,
    )


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
