"""The one page of the interview: every field optional while it is being filled, checked together at the end."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core import clock, identifiers
from passerelles.network.models import Organisation
from passerelles.people.enums import SituationKind
from passerelles.reception.enums import Barrier, NotRegisteredReason
from passerelles.reception.forms.fields import CheckedField, TidyField, day_input, time_input
from passerelles.reception.models import Interview
from passerelles.reception.queries.interview import agencies_of
from passerelles.reception.rules.scope import Facts

THREE_ANSWERS = (("oui", "Oui"), ("non", "Non"), ("", "À vérifier"))
DECLARED = ("phone", "email", "address", "postcode", "city")
OF_REGISTRATION = ("consent", "registered", "not_registered_reason")
OF_APPOINTMENT = ("appointment_with", "appointment_date", "appointment_time", "accompaniment")


class NumberedRadios(forms.RadioSelect):
    """Radio buttons that answer to the keys 1, 2, 3…"""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        option["attrs"] |= {"accesskey": str(index + 1), "data-key": str(index + 1)}
        return option


def _answer(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=THREE_ANSWERS,
        coerce=lambda text: text == "oui",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class InterviewForm(forms.Form):
    """D-030, C-018, C-019, B-050, B-051."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    situation = forms.ChoiceField(
        label="Situation aujourd’hui", choices=SituationKind.choices, required=False, widget=NumberedRadios
    )
    out_reason = TidyField(
        label="Autre motif de sortie du champ",
        max_length=200,
        required=False,
        help_text="À remplir seulement si la personne est hors champ pour une autre raison.",
    )
    ft = _answer("Inscrite à France Travail")
    rsa = _answer("Bénéficiaire du RSA")
    agir = _answer("Accompagnée par AGIR, ou en attente de l’être")
    opted_out = forms.BooleanField(
        label="La personne demande expressément à être dispensée de l’accompagnement",
        required=False,
        help_text="Ce choix est sans conséquence sur le CIR. La personne peut changer d’avis à tout moment.",
    )
    opt_out_reason = TidyField(label="Motif de la dispense", max_length=300, required=False)
    told_first_appointment = forms.BooleanField(label="Venir au premier rendez-vous", required=False)
    told_rights = forms.BooleanField(label="Mettre à jour ses droits régulièrement", required=False)
    occupation = TidyField(label="Métier recherché", max_length=120, required=False)
    barriers = forms.MultipleChoiceField(
        label="Freins signalés", choices=Barrier.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(
        label="La personne accepte que le CIP l’inscrive à France Travail avec les éléments qu’elle déclare",
        required=False,
    )
    registered = forms.BooleanField(
        label="Inscription faite dans le système d’information de France Travail", required=False
    )
    declared_phone = CheckedField(identifiers.phone, label="Téléphone", max_length=40)
    declared_email = CheckedField(identifiers.email, label="Courriel", max_length=200)
    declared_address = TidyField(label="Adresse", max_length=300, required=False)
    declared_postcode = CheckedField(identifiers.postcode, label="Code postal", max_length=10)
    declared_city = TidyField(label="Commune", max_length=120, required=False)
    not_registered_reason = forms.ChoiceField(
        label="Si l’inscription n’est pas faite, pourquoi",
        choices=[("", "Sans objet"), *NotRegisteredReason.choices],
        required=False,
    )
    appointment_with = forms.ModelChoiceField(
        label="Agence", queryset=Organisation.objects.none(), required=False, empty_label="Pas de rendez-vous fixé"
    )
    appointment_date = forms.DateField(label="Date", required=False, widget=day_input())
    appointment_time = forms.TimeField(label="Heure", required=False, widget=time_input())
    accompaniment = forms.BooleanField(label="Le CIP accompagnera la personne au rendez-vous", required=False)

    def __init__(self, interview: Interview, data: object = None, *, may_register: bool = True) -> None:
        super().__init__(data, initial=initial_of(interview))
        self.interview, self.may_register = interview, may_register
        self.fields["appointment_with"].queryset = agencies_of(interview.convocation.session.direction)
        if not may_register:
            for name in (*OF_REGISTRATION, *OF_APPOINTMENT, *(f"declared_{key}" for key in DECLARED)):
                self.fields[name].disabled = True

    def read_only(self) -> InterviewForm:
        """The same form, to read."""
        for field in self.fields.values():
            field.disabled = True
        return self

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("registered") and not values.get("consent"):
            self.add_error("consent", "L’inscription demande l’accord de la personne.")
        parts = ("appointment_with", "appointment_date", "appointment_time")
        given = [name for name in parts if values.get(name)]
        if given and not any(name in self.errors for name in parts):
            for name in parts:
                if name not in given:
                    self.add_error(name, "Le rendez-vous demande une agence, une date et une heure.")
        return values

    @property
    def values(self) -> dict[str, Any]:
        """What can be written: the fields without a mistake. A half-filled appointment is left as it was stored."""
        typed, wrong = self.cleaned_data, set(self.errors)
        plain = (
            "situation out_reason ft rsa agir opted_out opt_out_reason told_first_appointment told_rights occupation "
            "barriers not_registered_reason"
        ).split()
        found = {name: typed[name] for name in plain if name in typed}
        if not wrong & {"consent", "registered"}:
            found |= {name: typed[name] for name in ("consent", "registered")}
        if not wrong & {"appointment_with", "appointment_date", "appointment_time"}:
            found |= self._appointment(typed)
        found["declared"] = self._declared(typed)
        if not self.may_register:
            for name in (*OF_REGISTRATION, "declared", "appointment_with", "appointment_at", "accompaniment"):
                found.pop(name, None)
        return found

    @staticmethod
    def _appointment(typed: dict[str, Any]) -> dict[str, Any]:
        fixed = None
        if typed.get("appointment_date"):
            time = typed["appointment_time"]
            fixed = clock.paris(typed["appointment_date"], time.hour, time.minute)
        return {
            "appointment_with": typed.get("appointment_with"),
            "appointment_at": fixed,
            "accompaniment": bool(typed.get("accompaniment")) and fixed is not None,
        }

    def _declared(self, typed: dict[str, Any]) -> dict[str, str]:
        stored = self.interview.declared or {}
        found = {key: typed.get(f"declared_{key}", stored.get(key, "")) for key in DECLARED}
        found["occupation"] = typed.get("occupation", "")
        return {key: value for key, value in found.items() if value}

    @property
    def facts(self) -> Facts:
        """What the rules need, as typed."""
        typed = self.cleaned_data
        return Facts(
            situation=typed.get("situation", ""),
            ft=typed.get("ft"),
            rsa=typed.get("rsa"),
            agir=typed.get("agir"),
            opted_out=bool(typed.get("opted_out")),
            out_for_other_reason=bool(typed.get("out_reason")),
        )

    @property
    def labels(self) -> dict[str, str]:
        """The label of each field, and of the columns made of several fields."""
        return {name: field.label for name, field in self.fields.items()} | {
            "appointment_at": "Premier rendez-vous",
            "occupation": "Métier recherché",
        }

    @property
    def mistakes(self) -> list[str]:
        """The fields in error, in words, for the line that says what was saved."""
        return [str(self.fields[name].label).lower() for name in self.errors if name in self.fields]


def known_contacts(interview: Interview) -> dict[str, str]:
    """The contact details the platform knows already: shown filled, never asked again (C-055)."""
    person = interview.person
    return {key: getattr(person, key) for key in DECLARED if getattr(person, key)}


def initial_of(interview: Interview) -> dict[str, Any]:
    """The interview as it stands, in the words of the form."""
    found: dict[str, Any] = {
        name: getattr(interview, name)
        for name in (
            "version situation out_reason opted_out opt_out_reason told_first_appointment told_rights occupation "
            "barriers consent registered not_registered_reason appointment_with accompaniment"
        ).split()
    }
    found |= {name: {True: "oui", False: "non", None: ""}[getattr(interview, name)] for name in ("ft", "rsa", "agir")}
    contacts = known_contacts(interview) | (interview.declared or {})
    found |= {f"declared_{key}": contacts.get(key, "") for key in DECLARED}
    if interview.appointment_at:
        when = interview.appointment_at.astimezone(clock.PARIS)
        found |= {"appointment_date": when.date(), "appointment_time": when.time().replace(second=0)}
    return found
