"""Fields of forms that every room shares."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core.periods import InvalidMonth, Month


class MonthField(forms.CharField):
    """A calendar month written `AAAA-MM`; gives a `Month`."""

    widget = forms.TextInput(attrs={"type": "month", "autocomplete": "off"})

    def to_python(self, value: Any) -> Month | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except InvalidMonth as error:
            raise forms.ValidationError(str(error)) from error
