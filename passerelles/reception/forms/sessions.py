"""Plan a session, change it, cancel it."""

from __future__ import annotations

import datetime as dt

from django import forms

from passerelles.network.enums import Resource, Scope
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor, scope_of
from passerelles.reception.enums import HalfDay
from passerelles.reception.forms.fields import LinesField, TidyField, day_input, language_choices, time_input
from passerelles.reception.models import Session
from passerelles.reception.queries.week import operators_of, own_platforms


class SessionForm(forms.Form):
    """What may change after the session was planned (C-011, D-028)."""

    place = TidyField(label="Lieu", max_length=200, required=False, help_text="Adresse ou salle")
    capacity = forms.IntegerField(label="Places", min_value=1, max_value=100, initial=12)
    desks = forms.IntegerField(label="Bureaux", min_value=1, max_value=12, initial=1)
    languages = forms.MultipleChoiceField(
        label="Langues des interprètes", required=False, choices=language_choices, widget=forms.CheckboxSelectMultiple
    )
    partners = LinesField(
        label="Partenaires présents", required=False, help_text="Un par ligne : France Travail, mission locale…"
    )

    @classmethod
    def of(cls, session: Session, data: object = None) -> SessionForm:
        """The form filled with the session; desks can be added, not removed."""
        there = session.desks.count()
        form = cls(
            data,
            initial={
                "place": session.place,
                "capacity": session.capacity,
                "desks": there,
                "languages": session.languages,
                "partners": session.partners,
            },
        )
        form.fields["desks"] = forms.IntegerField(
            label="Bureaux", min_value=there, max_value=12, help_text="Un bureau peut être ajouté, pas retiré."
        )
        return form


class PlanForm(SessionForm):
    """A new session (C-001, C-014)."""

    organisation = forms.ModelChoiceField(label="Direction territoriale", queryset=Organisation.objects.none())
    held_on = forms.DateField(label="Date", widget=day_input())
    half_day = forms.ChoiceField(label="Demi-journée", choices=HalfDay.choices, widget=forms.RadioSelect)
    starts_at = forms.TimeField(
        label="Heure de début", required=False, widget=time_input(), help_text="9 h ou 13 h 30 si rien n’est indiqué"
    )
    operator = forms.ModelChoiceField(
        label="Opérateur", queryset=Organisation.objects.none(), required=False, empty_label="Sans opérateur"
    )
    field_order = ("organisation", "operator", "held_on", "half_day", "starts_at", "place", "capacity", "desks")

    def __init__(self, actor: Actor, today: dt.date, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        platforms = own_platforms(actor)
        self.fields["organisation"].queryset = platforms
        operators = operators_of(actor.directions, today)
        if scope_of(actor, Resource.SESSION, "edit") is Scope.OWN_SESSIONS:
            operators = operators.filter(pk=actor.organisation_id)
            self.fields["operator"].required = True
        self.fields["operator"].queryset = operators
        for name, found in (("organisation", list(platforms[:2])), ("operator", list(operators[:2]))):
            if len(found) == 1:
                self.fields[name].initial = found[0].pk

    def clean(self) -> dict[str, object]:
        values = super().clean()
        time, half_day = values.get("starts_at"), values.get("half_day")
        if time and half_day and (time.hour >= 12) != (half_day == HalfDay.AFTERNOON):
            self.add_error("starts_at", "L’heure de début ne correspond pas à la demi-journée choisie.")
        return values


class CancelForm(forms.Form):
    """Why a session is cancelled."""

    reason = TidyField(label="Motif de l’annulation", max_length=200)
