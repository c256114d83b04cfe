"""Search for a person, and correct their identity and contact details."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core import clock, identifiers
from passerelles.core.text import ascii_key
from passerelles.people.enums import Motive, Sex
from passerelles.people.models import Person
from passerelles.reception.forms.fields import (
    CheckedField,
    TidyField,
    day_input,
    language_choices,
    refuse_unlikely_birth,
)
from passerelles.reference import countries, territories


class SearchForm(forms.Form):
    """Words of the name, a birth date, or one whole identifier."""

    q = forms.CharField(
        label="Nom, prénom, date de naissance ou numéro",
        help_text="Numéro complet : AGDREF, NIR, France Travail ou dossier OFII.",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autofocus": True}),
    )


class PersonForm(forms.Form):
    """What an auditor or the DT may correct; every correction is kept (K-004)."""

    family_name = TidyField(label="Nom de famille", max_length=120)
    birth_name = TidyField(label="Nom de naissance (facultatif)", max_length=120, required=False)
    given_names = TidyField(label="Prénoms", max_length=160)
    birth_date = forms.DateField(label="Date de naissance", widget=day_input())
    sex = forms.ChoiceField(label="Sexe", choices=Sex.choices)
    nationality = forms.ChoiceField(label="Nationalité (pays)", required=False)
    motive = forms.ChoiceField(
        label="Motif d’admission", required=False, choices=[("", "Non renseigné"), *Motive.choices]
    )
    language = forms.ChoiceField(label="Langue de contact", required=False)
    needs_interpreter = forms.BooleanField(label="Un interprète est nécessaire", required=False)
    phone = CheckedField(identifiers.phone, label="Téléphone (facultatif)", max_length=40)
    email = CheckedField(identifiers.email, label="Courriel (facultatif)", max_length=200)
    address = TidyField(label="Adresse (facultatif)", max_length=300, required=False)
    postcode = CheckedField(identifiers.postcode, label="Code postal (facultatif)", max_length=10)
    city = TidyField(label="Commune (facultatif)", max_length=120, required=False)

    IDENTITY = "family_name birth_name given_names birth_date sex nationality motive".split()
    CONTACT = "language needs_interpreter phone email address postcode city".split()

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        initial = {name: getattr(person, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.person = person
        by_name = sorted(countries.all_countries(), key=lambda country: ascii_key(country.name))
        known = [("", "Non renseignée"), *((each.iso2, each.name) for each in by_name)]
        self.fields["nationality"].choices = with_current(known, person.nationality)
        self.fields["language"].choices = with_current(language_choices("Non renseignée"), person.language)

    def clean_birth_date(self) -> Any:
        day = self.cleaned_data["birth_date"]
        refuse_unlikely_birth(day, clock.today())
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.errors:
            if found["birth_date"] != self.person.birth_date:
                found["birth_date_precision"] = "day"
            if (found["postcode"], found["city"]) != (self.person.postcode, self.person.city):
                found["commune_code"] = commune_code(found["postcode"], found["city"])
        return found

    def identity_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.IDENTITY]

    def contact_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CONTACT]


def with_current(choices: list[tuple[str, str]], current: str) -> list[tuple[str, str]]:
    """`choices`, and the value already stored when the reference does not know it: correcting a name keeps it."""
    return choices if any(code == current for code, _ in choices) else [*choices, (current, current)]


def commune_code(postcode: str, city: str) -> str:
    """The INSEE code of the commune so named at this postcode; empty when none or several answer."""
    key = ascii_key(city)
    found = [each.code for each in territories.communes_by_postcode(postcode) if ascii_key(each.name) == key]
    return found[0] if len(found) == 1 else ""
