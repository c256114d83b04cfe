"""What became of a first appointment, and its new date."""

from __future__ import annotations

import datetime as dt

from django import forms

from passerelles.core import clock
from passerelles.network.enums import Role
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.reception.enums import REASONS_OF_THE_SERVICE, AppointmentStatus, CancelReason
from passerelles.reception.forms.fields import TidyField, day_input, time_input
from passerelles.reception.models import FirstAppointment
from passerelles.reception.queries.interview import agencies_of

RESULTS = [
    (status.value, status.label)
    for status in (AppointmentStatus.ATTENDED, AppointmentStatus.MISSED, AppointmentStatus.EXCUSED)
]


class ResultForm(forms.Form):
    """Attended, missed or excused; accompanied or not is told apart (C-020, D-032)."""

    result = forms.ChoiceField(choices=RESULTS)
    accompanied = forms.TypedChoiceField(
        choices=[("oui", "Oui"), ("non", "Non")], coerce=lambda text: text == "oui", empty_value=None, required=False
    )


class RescheduleForm(forms.Form):
    """Another date for the same agency."""

    date = forms.DateField(label="Nouvelle date", widget=day_input())
    time = forms.TimeField(label="Heure", widget=time_input())

    @property
    def fixed_for(self) -> dt.datetime:
        """The new instant, once the form is valid."""
        time = self.cleaned_data["time"]
        return clock.paris(self.cleaned_data["date"], time.hour, time.minute)


class AgainForm(RescheduleForm):
    """A new appointment after one that was cancelled: an agency of the DT, one's own for its adviser."""

    agency = forms.ModelChoiceField(label="Agence", queryset=Organisation.objects.none(), empty_label=None)
    field_order = ("agency", "date", "time")

    def __init__(self, actor: Actor, appointment: FirstAppointment, data: object = None) -> None:
        super().__init__(data, initial={"agency": appointment.organisation_id})
        agencies = agencies_of(appointment.direction)
        if actor.role == Role.SPE_ADVISER:
            agencies = agencies.filter(pk=actor.organisation_id)
        self.fields["agency"].queryset = agencies
        self.fields["date"].label = "Date"


class CancelForm(forms.Form):
    """Why the appointment will not take place; `passed` leaves only what the service may say afterwards."""

    reason = forms.ChoiceField(
        label="Motif de l’annulation",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le motif de l’annulation."},
    )
    note = TidyField(
        label="Précision",
        max_length=200,
        required=False,
        help_text="À remplir pour un autre motif. Ne notez rien sur la santé ni sur les opinions.",
    )

    def __init__(self, *, passed: bool, data: object = None) -> None:
        super().__init__(data)
        self.fields["reason"].choices = [
            (reason.value, reason.label) for reason in CancelReason if not passed or reason in REASONS_OF_THE_SERVICE
        ]

    def clean(self) -> dict[str, str]:
        values = super().clean()
        if values.get("reason") == CancelReason.OTHER and not values.get("note") and "note" not in self.errors:
            self.add_error("note", "Précisez le motif de l’annulation.")
        return values
