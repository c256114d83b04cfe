"""What the forms of the pages without account accept. Sentences are texts of the page, by name, or in French."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.dates import parse_date
from passerelles.core.identifiers import email as email_address
from passerelles.core.identifiers import phone as phone_number
from passerelles.core.text import clean
from passerelles.messages import catalogue
from passerelles.referrals.rules.words import DeclineReason, MissReason, Mode


class ContactForm(forms.Form):
    """Telephone, e-mail, language and wish of the person (A.6). Errors are names of texts."""

    phone = forms.CharField(required=False, max_length=30)
    email = forms.CharField(required=False, max_length=200)
    language = forms.ChoiceField(choices=[(code, code) for code in catalogue.LANGUAGES])
    messages = forms.BooleanField(required=False)

    def clean_phone(self) -> str:
        checked = phone_number(self.cleaned_data["phone"])
        if checked.problem:
            raise forms.ValidationError("wrong_phone")
        return checked.value or ""

    def clean_email(self) -> str:
        checked = email_address(self.cleaned_data["email"])
        if checked.problem:
            raise forms.ValidationError("wrong_email")
        return checked.value or ""


class FixForm(forms.Form):
    """An appointment given by an organisation: the day, the hour, where, what to bring."""

    day = forms.CharField(max_length=20, error_messages={"required": "Indiquez la date du rendez-vous."})
    hour = forms.RegexField(
        r"^\s*(\d{1,2})\s*[:hH]\s*(\d{2})?\s*$",
        error_messages={"required": "Indiquez l’heure.", "invalid": "Écrivez l’heure ainsi : 14:30."},
    )
    mode = forms.ChoiceField(choices=Mode.choices(), required=False)
    where = forms.CharField(max_length=300, required=False)
    bring = forms.CharField(max_length=300, required=False)

    def clean_day(self) -> dt.date:
        day = parse_date(self.cleaned_data["day"], pivot_year=clock.today().year).day
        if day is None:
            raise forms.ValidationError("Écrivez la date ainsi : 24/03/2026.")
        return day

    def clean_hour(self) -> dt.time:
        hours, _, minutes = self.cleaned_data["hour"].lower().replace("h", ":").replace(" ", "").partition(":")
        try:
            return dt.time(int(hours), int(minutes or 0))
        except ValueError as error:
            raise forms.ValidationError("Écrivez l’heure ainsi : 14:30.") from error

    def given(self) -> dict[str, Any]:
        """The arguments of the verb that gives an appointment."""
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        return {
            "starts_at": clock.paris(day, hour.hour, hour.minute),
            "mode": self.cleaned_data["mode"] or Mode.PLACE.value,
            "where": clean(self.cleaned_data["where"]),
            "bring": clean(self.cleaned_data["bring"]),
        }


class DeclineForm(forms.Form):
    """A refusal has a reason (D-035)."""

    reason = forms.ChoiceField(
        choices=DeclineReason.choices(), error_messages={"required": "Choisissez le motif du refus."}
    )
    note = forms.CharField(max_length=300, required=False)

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "note": clean(self.cleaned_data["note"])}


class MissForm(forms.Form):
    """Why the appointment was not held."""

    reason = forms.ChoiceField(
        choices=MissReason.choices(), error_messages={"required": "Choisissez pourquoi la personne n’est pas venue."}
    )

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


ANSWER_FORMS: dict[str, type[forms.Form]] = {"fix": FixForm, "decline": DeclineForm, "miss": MissForm}
