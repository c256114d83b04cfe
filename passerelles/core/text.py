"""Text as people type it: cleaned of what cannot be seen, and brought to a form in which two spellings compare."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_BLANKS = re.compile(r"\s+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}


def clean(text: str) -> str:
    """NFC, without control, zero-width, bidirectional or private characters; runs of blanks become one space."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip() if "  " not in text else _BLANKS.sub(" ", text).strip()
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    seen = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def ascii_key(text: str) -> str:
    """Lower-case ASCII, each run of punctuation or spaces one space: `Côte d’Ivoire` → `cote d ivoire`."""
    plain = text if text.isascii() else anyascii(text)
    return _NOT_ALPHANUMERIC.sub(" ", plain.lower()).strip()


def in_sentence(label: str) -> str:
    """A label inside a sentence: `À valider par l’OFII` → `à valider par l’OFII`; acronyms keep their capitals."""
    if label.startswith("France Travail") or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def safe_cell(text: str) -> str:
    """`text` for a spreadsheet cell that no program will take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
