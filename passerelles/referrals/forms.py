"""What is typed about a referral: one form per event, and the form that sends a person."""

from __future__ import annotations

import datetime as dt

from django import forms

from passerelles.core import clock
from passerelles.core.text import clean
from passerelles.network.policy import Actor
from passerelles.reference import languages
from passerelles.referrals.queries.receivers import receivers_for
from passerelles.referrals.rules.words import (
    Basis,
    DeclineReason,
    Event,
    MissReason,
    Mode,
    Outcome,
    Party,
    PostponeReason,
    Purpose,
    WithdrawReason,
    Word,
)

NOTHING_SENSITIVE = "Ne notez rien sur la santé, les violences ni les opinions."


class TidyField(forms.CharField):
    """Text without invisible characters nor double blanks."""

    def clean(self, value: object) -> str:
        return super().clean(clean(str(value or "")))


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _time() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "300"})


def _reason(words: type[Word], *left_out: Word, label: str = "Motif") -> forms.ChoiceField:
    choices = [(value, name) for value, name in words.choices() if value not in left_out]
    return forms.ChoiceField(
        label=label, choices=[("", "Choisir…"), *choices], error_messages={"required": "Choisissez le motif."}
    )


def _note(label: str = "Précision", *, required: bool = False) -> TidyField:
    return TidyField(label=label, max_length=300, required=required, help_text=NOTHING_SENSITIVE)


class Nothing(forms.Form):
    """A button is enough."""


class DeclineForm(forms.Form):
    reason = _reason(DeclineReason, label="Motif du refus")
    note = _note()


class AppointmentForm(forms.Form):
    """An appointment to give or to move."""

    date = forms.DateField(label="Date", widget=_day())
    time = forms.TimeField(label="Heure", widget=_time())
    minutes = forms.TypedChoiceField(
        label="Durée",
        coerce=int,
        initial=45,
        choices=[(number, f"{number} minutes") for number in (15, 30, 45, 60, 90, 120, 180)],
    )
    mode = forms.ChoiceField(label="Forme", choices=Mode.choices())
    where = TidyField(label="Lieu ou lien", max_length=300, required=False, help_text="Vide : l’adresse du service.")
    interpreter = forms.ChoiceField(label="Interprète", required=False)
    bring = TidyField(label="À apporter", max_length=300, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(((each.iso639_3, each.name) for each in languages.all_languages()), key=lambda pair: pair[1])
        self.fields["interpreter"].choices = [("", "Sans interprète"), *known]

    @property
    def values(self) -> dict[str, object]:
        """The arguments of the verb, once the form is valid."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"date", "time"}}
        time: dt.time = self.cleaned_data["time"]
        return found | {"starts_at": clock.paris(self.cleaned_data["date"], time.hour, time.minute)}


class PostponeForm(forms.Form):
    reason = _reason(PostponeReason)


class AttendForm(forms.Form):
    on = forms.DateField(label="Jour de la rencontre", widget=_day(), required=False)


class MissForm(forms.Form):
    reason = _reason(MissReason, MissReason.NOT_HELD)


class EndForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Issue", choices=[("", "Choisir…"), *((v, n) for v, n in Outcome.choices() if v != Outcome.UNTOLD)]
    )


class WithdrawForm(forms.Form):
    reason = _reason(WithdrawReason, WithdrawReason.NOT_VALIDATED)
    note = _note()


class NoteForm(forms.Form):
    note = _note("Pourquoi", required=True)


class HoldForm(forms.Form):
    until = forms.DateField(label="Nouvelle échéance", widget=_day())


FORMS: dict[Event, type[forms.Form]] = {
    Event.DECLINE: DeclineForm,
    Event.FIX: AppointmentForm,
    Event.RESCHEDULE: AppointmentForm,
    Event.POSTPONE: PostponeForm,
    Event.ATTEND: AttendForm,
    Event.MISS: MissForm,
    Event.END: EndForm,
    Event.WITHDRAW: WithdrawForm,
    Event.REJECT: NoteForm,
    Event.TAKE_OVER: NoteForm,
    Event.HOLD: HoldForm,
}


def form_of(event: Event, party: Party, data: object = None) -> forms.Form:
    """The form of an event; the buttons of several forms share a page, hence the prefix."""
    return FORMS.get(event, Nothing)(data, prefix=event.value)


class ReferForm(forms.Form):
    """To whom, why, on what ground, and what was done with the person (C-008, D-035)."""

    purpose = forms.ChoiceField(label="Besoin", choices=[("", "Choisir…"), *Purpose.choices()])
    receiver = forms.ChoiceField(label="Organisme ou service")
    basis = forms.ChoiceField(label="Fondement de la transmission", choices=Basis.choices(), widget=forms.RadioSelect)
    consent_on = forms.DateField(label="Accord recueilli le", widget=_day(), required=False)
    message = TidyField(
        label="Message à l’organisme",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NOTHING_SENSITIVE,
    )
    health_agreed = forms.BooleanField(
        label="La personne accepte que soit signalé un frein de santé, sans détail", required=False
    )
    procedure_explained = forms.BooleanField(label="Démarches pratiques expliquées", required=False)
    online_access_helped = forms.BooleanField(label="Aide à l’accès aux services en ligne", required=False)
    advice_given = forms.BooleanField(label="Conseils pour le premier rendez-vous", required=False)

    def __init__(self, actor: Actor, direction: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        groups = receivers_for(direction, besides=actor.organisation_id)
        choices = [(kind, [(each.value, each.label) for each in found]) for kind, found in groups]
        self.fields["receiver"].choices = [("", "Choisir…"), *choices]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("basis") == Basis.CONSENT and not values.get("consent_on") and "consent_on" not in self.errors:
            self.add_error("consent_on", "Indiquez la date à laquelle la personne a donné son accord.")
        return values


class WeekForm(forms.Form):
    """Places of one week."""

    week_of = forms.DateField(label="Semaine du", widget=_day())
    places = forms.IntegerField(label="Places", min_value=0, max_value=400)


class SlotsForm(forms.Form):
    """Dated slots of one day."""

    date = forms.DateField(label="Jour", widget=_day())
    first = forms.TimeField(label="Premier créneau", widget=_time())
    count = forms.IntegerField(label="Nombre de créneaux", min_value=1, max_value=20, initial=1)
    minutes = forms.TypedChoiceField(
        label="Durée", coerce=int, initial=45, choices=[(n, f"{n} minutes") for n in (15, 30, 45, 60, 90, 120)]
    )
    places = forms.IntegerField(label="Places par créneau", min_value=1, max_value=50, initial=1)

    @property
    def starts(self) -> list[dt.datetime]:
        """The instants of the slots, once the form is valid."""
        time: dt.time = self.cleaned_data["first"]
        first = clock.paris(self.cleaned_data["date"], time.hour, time.minute)
        step = dt.timedelta(minutes=self.cleaned_data["minutes"])
        return [first + step * rank for rank in range(self.cleaned_data["count"])]
