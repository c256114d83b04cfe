"""Attendance, walk-ins, slots and the collective presentation."""

from __future__ import annotations

import datetime as dt

from django import forms

from passerelles.core import clock, identifiers
from passerelles.people.enums import IdentifierKind, Sex
from passerelles.reception.enums import AbsenceReason, Message, Tool
from passerelles.reception.forms.fields import (
    CheckedField,
    TidyField,
    day_input,
    language_choices,
    refuse_unlikely_birth,
)
from passerelles.reception.models import Desk
from passerelles.reference import countries


class AbsenceForm(forms.Form):
    """Why the person is not there, and whether they told beforehand."""

    reason = forms.ChoiceField(label="Motif", choices=AbsenceReason.choices)
    excused = forms.BooleanField(label="Excusée", required=False)
    note = TidyField(label="Précision", max_length=200, required=False)


class WithdrawForm(forms.Form):
    """Why somebody entered at the door is taken back."""

    reason = TidyField(label="Motif", max_length=200, initial="Saisie par erreur")


class CollectiveForm(forms.Form):
    """The collective presentation: how long, which messages, which tools (C-015, C-016)."""

    minutes = forms.IntegerField(
        label="Durée (minutes)", min_value=0, max_value=240, help_text="15 minutes au plus selon le protocole"
    )
    messages = forms.MultipleChoiceField(
        label="Messages délivrés", choices=Message.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    tools = forms.MultipleChoiceField(
        label="Outils présentés", choices=Tool.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class SlotForm(forms.Form):
    """Another desk or another time, among those that are free."""

    slot = forms.ChoiceField(label="Créneau et bureau")

    def __init__(self, slots: list[tuple[Desk, dt.datetime]], *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.slots = {f"{desk.pk}@{instant.isoformat()}": (desk, instant) for desk, instant in slots}
        self.fields["slot"].choices = [
            (key, f"{instant.astimezone(clock.PARIS):%H h %M}, {desk}") for key, (desk, instant) in self.slots.items()
        ]
        self.fields["slot"].error_messages["invalid_choice"] = (
            "Ce créneau vient d’être donné à une autre personne : choisissez-en un autre."
        )


class WalkInForm(forms.Form):
    """The short record of somebody whom nobody convoked (C-021)."""

    family_name = TidyField(label="Nom de famille", max_length=120)
    given_names = TidyField(label="Prénoms", max_length=160)
    birth_date = forms.DateField(label="Date de naissance", widget=day_input())
    sex = forms.ChoiceField(label="Sexe", choices=Sex.choices, widget=forms.RadioSelect)
    nationality = forms.ChoiceField(label="Nationalité", required=False)
    language = forms.ChoiceField(label="Langue", required=False)
    needs_interpreter = forms.BooleanField(label="Interprète nécessaire", required=False)
    phone = CheckedField(identifiers.phone, label="Téléphone", max_length=40)
    foreigner_number = CheckedField(
        identifiers.foreigner_number, label="Numéro étranger (AGDREF)", max_length=20, help_text="Dix chiffres"
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        named = sorted(
            (country.name, country.iso2) for country in countries.all_countries() if country.is_third_country
        )
        self.fields["nationality"].choices = [("", "Non précisée"), *((iso2, name) for name, iso2 in named)]
        self.fields["language"].choices = language_choices("Non précisée")

    def clean_birth_date(self) -> dt.date:
        day = self.cleaned_data["birth_date"]
        refuse_unlikely_birth(day, clock.today())
        return day

    @property
    def person_values(self) -> dict[str, object]:
        """The columns of the person, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "foreigner_number"}

    @property
    def person_identifiers(self) -> dict[str, str]:
        """The identifiers given, once the form is valid."""
        number = self.cleaned_data["foreigner_number"]
        return {IdentifierKind.AGDREF: number} if number else {}
