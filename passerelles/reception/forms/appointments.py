"""What became of a first appointment, and its new date."""

from __future__ import annotations

import datetime as dt

from django import forms

from passerelles.core import clock
from passerelles.reception.enums import AppointmentStatus
from passerelles.reception.forms.fields import day_input, time_input

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
