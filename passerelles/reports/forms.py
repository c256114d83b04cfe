"""What is asked of the reader: a month, a DT, a date of knowledge, a comment."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.periods import InvalidMonth, Month
from passerelles.reference import territories


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


class _OfDirection(forms.Form):
    """A form whose DT is chosen among those the reader may count; hidden when there is one."""

    def __init__(self, directions: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dt"]
        field.choices = [(code, territories.direction(code).name) for code in directions]
        if len(directions) == 1:
            field.widget = forms.HiddenInput()


class LiveForm(_OfDirection):
    """Which figures to compute: `?mois=2026-01&connu_au=2026-02-05`."""

    mois = MonthField(label="Mois")
    connu_au = forms.DateField(
        label="Tels que connus au",
        required=False,
        help_text="Vide : tels que connus maintenant.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    dt = forms.ChoiceField(label="Direction territoriale")

    def clean_connu_au(self) -> Any:
        day = self.cleaned_data["connu_au"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("Cette date est à venir : choisissez aujourd’hui ou une date passée.")
        return day


class DraftForm(_OfDirection):
    """Freeze a month."""

    mois = MonthField(label="Mois", widget=forms.HiddenInput())
    dt = forms.ChoiceField(label="Direction territoriale", widget=forms.HiddenInput())
    commentaire = forms.CharField(
        label="Commentaire joint à la remontée",
        required=False,
        max_length=2000,
        help_text="Facultatif. Aucun nom : la remontée ne contient que des nombres.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
