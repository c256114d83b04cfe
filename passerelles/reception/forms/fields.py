"""Fields shared by the forms of this room: identifiers and contact details checked by `core.identifiers`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django import forms

from passerelles.core.identifiers import Checked
from passerelles.core.text import clean
from passerelles.reference import languages


class CheckedField(forms.CharField):
    """Text brought to its kept form by a check of `core.identifiers`, or refused with its sentence."""

    def __init__(self, check: Callable[[object], Checked], **options: object) -> None:
        self.check = check
        super().__init__(required=False, **options)

    def clean(self, value: object) -> str:
        found = self.check(super().clean(value))
        if found.problem:
            raise forms.ValidationError(f"{found.problem[0].upper()}{found.problem[1:]}.")
        return found.value


class TidyField(forms.CharField):
    """Text without invisible characters nor double blanks."""

    def clean(self, value: object) -> str:
        return super().clean(clean(str(value or "")))


class LinesField(forms.CharField):
    """One item per line, blank lines left out."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: object) -> list[str]:
        lines = [clean(line) for line in str(super().clean(value) or "").splitlines()]
        if any(len(line) > 40 for line in lines):
            raise forms.ValidationError("Quarante caractères au plus par ligne.")
        return [line for line in lines if line]


def day_input() -> forms.DateInput:
    """The date picker of the browser."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    """The time picker of the browser, by five minutes."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "300"})


def language_choices(blank: str = "") -> list[tuple[str, str]]:
    """(code, name) of every language of the reference, in order of name."""
    found = sorted(((each.iso639_3, each.name) for each in languages.all_languages()), key=lambda pair: pair[1])
    return [("", blank), *found] if blank else found


def refuse_unlikely_birth(day: dt.date | None, today: dt.date) -> None:
    """A birth date is not in the future, and nobody is older than 120."""
    if day is not None and not (today.year - 120 <= day.year and day <= today):
        raise forms.ValidationError(f"Date de naissance impossible : {day:%d/%m/%Y}.")
