"""What is asked of a figure: a period, a place, how it is cut, as known when. Everything is in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.periods import Month, Period
from passerelles.reference.territory import Territory

STEPS = (("", "En une fois"), ("month", "Par mois"), ("quarter", "Par trimestre"), ("year", "Par an"))
LONGEST_YEARS = 10


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class FigureForm(forms.Form):
    """`?du=2026-01-01&au=2026-01-31&territoire=dt:metz&par=sexe&et_par=tranche`."""

    du = _day("Du")
    au = _day("Au")
    territoire = forms.ChoiceField(label="Territoire")
    par = forms.ChoiceField(label="Par", required=False)
    et_par = forms.ChoiceField(label="Et par", required=False)
    pas = forms.ChoiceField(label="Découpage", choices=STEPS, required=False)
    connu_au = _day("Tel que connu au", required=False, help_text="Vide : tel que connu maintenant.")

    def __init__(
        self, places: tuple[Territory, ...], dimensions: dict[str, str], whole_months: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.whole_months = whole_months
        self.fields["territoire"].choices = [(str(place), place.label_fr) for place in places]
        for name, nothing in (("par", "Ensemble"), ("et_par", "—")):
            self.fields[name].choices = [("", nothing), *dimensions.items()]

    def clean_connu_au(self) -> dt.date | None:
        day = self.cleaned_data["connu_au"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("Cette date est à venir : choisissez aujourd’hui ou une date passée.")
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("du"), found.get("au")
        if start and end and end < start:
            self.add_error("au", "La période finit avant son début : corrigez l’une des deux dates.")
        elif start and end and end.year - start.year > LONGEST_YEARS:
            self.add_error("au", f"La période dépasse {LONGEST_YEARS} ans : raccourcissez-la.")
        elif start and end and self.whole_months and (start.day != 1 or end != Month.of(end).last):
            self.add_error("au", "Choisissez des mois entiers : du premier jour d’un mois au dernier jour d’un mois.")
        if found.get("par") and found.get("par") == found.get("et_par"):
            found["et_par"] = ""
        return found

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])

    @property
    def by(self) -> tuple[str, ...]:
        return tuple(code for code in (self.cleaned_data["par"], self.cleaned_data["et_par"]) if code)


def opening(places: tuple[Territory, ...], first: str) -> dict[str, str]:
    """What the form shows before anything is asked: the last twelve whole months, the widest place, by `first`."""
    last = Month.of(clock.today().replace(day=1) - dt.timedelta(days=1)).last
    start = (last + dt.timedelta(days=1)).replace(year=last.year - (last.month != 12))
    return {
        "du": start.isoformat(),
        "au": last.isoformat(),
        "territoire": str(places[0]) if places else "",
        "par": first,
        "et_par": "",
        "pas": "",
        "connu_au": "",
    }
