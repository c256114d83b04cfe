"""The texts sent to people: one file per language, the same situations and placeholders in each. Pure.

A file holds its language, how it was translated and by whom it was read again, the words of the calendar and the
texts. A text that lacks a placeholder of the French original, or has another, makes the file refused.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

ORIGINAL = "fra"
LANGUAGES = ("fra", "eng", "ara", "prs", "pus", "ukr", "rus", "spa", "por", "tam", "cmn", "tur")
"""ISO 639-3, in the order in which they are offered (K-010)."""
NEAREST = {"pes": "prs"}
"""Languages served by the text of a neighbour that their readers read."""
SAMPLE = dt.date(2026, 3, 10)


class WrongText(ValueError):
    """A text file is not what the platform can send; says the file and the text."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language, by dotted name (`appointment_fixed.sms`)."""

    language: str
    tag: str
    direction: str
    endonym: str
    translation: str
    review: str
    version: str
    pattern: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    texts: Mapping[str, str]

    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, name: str, /, **values: str) -> str:
        """The text `name` with its placeholders filled; raises KeyError when one is missing."""
        return self.texts[name].format(**values).strip()

    @property
    def is_rtl(self) -> bool:
        return self.direction == "rtl"

    @property
    def comma(self) -> str:
        """What separates two pieces of a line."""
        return "، " if self.is_rtl else "，" if self.language == "cmn" else ", "

    def date(self, day: dt.date) -> str:
        """The day in words: “mardi 10 mars 2026”."""
        return self.pattern.format(
            weekday=self.weekdays[day.weekday()], day=day.day, month=self.months[day.month - 1], year=day.year
        )


def short_date(day: dt.date) -> str:
    """10/03/2026, as on every French ticket."""
    return f"{day:%d/%m/%Y}"


def hour(instant: dt.datetime) -> str:
    """09:30, read in every script."""
    return f"{instant:%H:%M}"


def language_of(code: str) -> str:
    """The language in which somebody whose language is `code` (ISO 639-3) is written to; French when none is near."""
    code = NEAREST.get(code, code)
    return code if code in LANGUAGES else ORIGINAL


def placeholders(text: str) -> frozenset[str]:
    """The names between braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


@lru_cache(maxsize=8)
def load(folder: Path) -> Mapping[str, Texts]:
    """The texts of `folder` (`<language>.yaml`), by language. Raises `WrongText` on the first file that differs."""
    loaded = {language: _read(folder / f"{language}.yaml", language) for language in LANGUAGES}
    original = loaded[ORIGINAL].texts
    for texts in loaded.values():
        _same_texts(original, texts)
    return loaded


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(dotted name, text) of every leaf."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _read(path: Path, language: str) -> Texts:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if data["language"] != language:
        raise WrongText(f"{path.name}: language {data['language']}")
    calendar = data["calendar"]
    if (len(calendar["weekdays"]), len(calendar["months"])) != (7, 12):
        raise WrongText(f"{path.name}: a week has 7 days and a year 12 months")
    return Texts(
        language=language,
        tag=data["tag"],
        direction=data["direction"],
        endonym=data["endonym"],
        translation=data["translation"],
        review=data.get("review", ""),
        version=str(data["version"]),
        pattern=calendar["pattern"],
        weekdays=tuple(calendar["weekdays"]),
        months=tuple(calendar["months"]),
        texts=dict(flat(data["texts"])),
    )


def _same_texts(original: Mapping[str, str], texts: Texts) -> None:
    if missing := set(original) ^ set(texts.texts):
        raise WrongText(f"{texts.language}.yaml: {', '.join(sorted(missing))} in one language only")
    for name, text in texts.texts.items():
        if placeholders(text) != placeholders(original[name]):
            raise WrongText(
                f"{texts.language}.yaml, {name}: {sorted(placeholders(text) ^ placeholders(original[name]))}"
            )
        if not text.strip():
            raise WrongText(f"{texts.language}.yaml, {name}: empty")
