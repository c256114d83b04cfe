"""What an agent fills in about the pathway. Reasons of health are never asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from passerelles.core import clock
from passerelles.network.models import Membership, Organisation
from passerelles.orientation.engine.facts import FactType, Value
from passerelles.orientation.rules import FACTS
from passerelles.pathway import enums
from passerelles.pathway.models import Training
from passerelles.pathway.queries.pathway import Prescribing, training_bodies
from passerelles.people.enums import SituationKind
from passerelles.reception.forms.fields import TidyField, day_input, time_input
from passerelles.reference.levels import Level

YES_NO = [("oui", "Oui"), ("non", "Non")]
LEVELS = [(level.value, level.label_fr) for level in Level]


def _day(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), **options)


class QuestionsForm(forms.Form):
    """The questions that the rules still ask, answered in the address: nothing is written before the prescription."""

    def __init__(self, asked: tuple[tuple[str, str], ...], data: Any = None) -> None:
        super().__init__(data)
        for fact, question in asked:
            if FACTS[fact].type is FactType.BOOL:
                self.fields[fact] = forms.ChoiceField(
                    label=question, choices=[("", "Pas encore répondu"), *YES_NO], required=False
                )


def answers_in(data: Any) -> dict[str, Value]:
    """The yes-or-no facts answered in an address or a form; anything else is left out."""
    return {
        code: data[code] == "oui"
        for code, spec in FACTS.items()
        if spec.type is FactType.BOOL and data.get(code) in ("oui", "non")
    }


class LanguageForm(forms.Form):
    """The course among those the rules allow, each with its length."""

    course = forms.ChoiceField(
        label="Parcours",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le parcours.", "invalid_choice": "Ce parcours n’est pas permis."},
    )
    provider = forms.ModelChoiceField(
        label="Organisme de formation", queryset=Organisation.objects.none(), required=False, empty_label="À préciser"
    )

    def __init__(self, found: Prescribing, data: Any = None) -> None:
        super().__init__(data)
        self.fields["course"].choices = [
            (f"{option.rule}|{hours or ''}", _told(option.sentence, hours))
            for option in found.language.options
            for hours in (option.hours or (None,))
        ]
        self.fields["provider"].queryset = training_bodies(found.person.direction)

    @property
    def chosen(self) -> tuple[str, int | None]:
        rule, _, hours = self.cleaned_data["course"].partition("|")
        return rule, int(hours) if hours else None


def _told(sentence: str, hours: int | None) -> str:
    """The sentence of the rule, and the length unless it says that one only."""
    return sentence if hours is None or f" {hours} heures en" in sentence else f"{sentence} Durée : {hours} heures."


class CivicForm(forms.Form):
    provider = forms.ModelChoiceField(
        label="Organisme de formation", queryset=Organisation.objects.none(), required=False, empty_label="À préciser"
    )

    def __init__(self, direction: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["provider"].queryset = training_bodies(direction)


class DayForm(forms.Form):
    """The day of what happened; today unless said otherwise."""

    on = _day("Date")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"on": clock.today()}, **options)


class CivicDaysForm(DayForm):
    days = forms.TypedChoiceField(label="Journées suivies en tout", coerce=int)

    def __init__(self, training: Training, data: Any = None) -> None:
        super().__init__(data)
        self.fields["on"].label = "Dernière journée suivie le"
        first = (training.days_attended or 0) + 1
        self.fields["days"].choices = [(n, f"{n} sur {training.days}") for n in range(first, (training.days or 0) + 1)]


class LanguageEndForm(DayForm):
    result = forms.ChoiceField(
        label="La formation est",
        choices=[("completed", "terminée"), ("dropped", "abandonnée")],
        widget=forms.RadioSelect,
    )
    hours_attended = forms.IntegerField(label="Heures suivies", min_value=0, max_value=2000, required=False)
    written = forms.ChoiceField(label="Niveau écrit atteint", choices=[("", "Non évalué"), *LEVELS], required=False)
    oral = forms.ChoiceField(label="Niveau oral atteint", choices=[("", "Non évalué"), *LEVELS], required=False)
    attained = forms.TypedChoiceField(
        label="Niveau visé atteint",
        choices=[("", "Non évalué"), *YES_NO],
        coerce=lambda text: text == "oui",
        empty_value=None,
        required=False,
    )


class ReasonForm(forms.Form):
    reason = TidyField(label="Pourquoi cette prescription est-elle annulée ?", max_length=200)


class ExamForm(forms.Form):
    purpose = forms.ChoiceField(label="Examen pour", choices=enums.ExamPurpose.choices, widget=forms.RadioSelect)
    taken_on = _day("Passé le", help_text="La date qui figure sur l’attestation de résultat.")
    passed = forms.TypedChoiceField(
        label="Résultat",
        choices=[("oui", "Réussi"), ("non", "Pas réussi")],
        coerce=lambda text: text == "oui",
        widget=forms.RadioSelect,
    )


class ExamWithdrawalForm(forms.Form):
    reason = TidyField(label="Pourquoi ce résultat est-il retiré ?", max_length=200)


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label="Rendez-vous", choices=enums.MeetingKind.choices, widget=forms.RadioSelect)
    date = _day("Date")
    time = forms.TimeField(label="Heure", widget=time_input())
    place = TidyField(label="Lieu", max_length=200, required=False, help_text="Vide : l’adresse de la DT.")


class MoveForm(MeetingForm):
    kind = place = None  # type: ignore[assignment]


def instant(date: dt.date, time: dt.time) -> dt.datetime:
    """The date and the time of `MeetingForm`, in Paris."""
    return clock.paris(date, time.hour, time.minute)


class MeetingResultForm(forms.Form):
    result = forms.ChoiceField(label="Suite du rendez-vous", widget=forms.RadioSelect)

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        held = [("attended", "Tenu")] if kind == enums.MeetingKind.ASSESSMENT else []
        self.fields["result"].choices = [*held, ("missed", "Manqué"), ("excused", "Excusé")]


class EndOfCirForm(forms.Form):
    """What the interview observes (D-023)."""

    situation = forms.ChoiceField(label="Situation professionnelle", choices=SituationKind.choices)
    level = forms.ChoiceField(label="Niveau de français", choices=[("", "Non précisé"), *LEVELS], required=False)
    wants_orientation = forms.TypedChoiceField(
        label="Une nouvelle orientation vers l’emploi est-elle souhaitée ?",
        choices=YES_NO,
        coerce=lambda text: text == "oui",
        widget=forms.RadioSelect,
    )


class RecognitionForm(forms.Form):
    procedure = forms.ChoiceField(label="Démarche", choices=enums.Procedure.choices, widget=forms.RadioSelect)
    regulated = forms.TypedChoiceField(
        label="Le diplôme mène-t-il à une profession réglementée en France (santé, droit, architecture…) ?",
        help_text="ENIC-NARIC ne s’en occupe pas : l’autorité de la profession décide.",
        choices=YES_NO,
        coerce=lambda text: text == "oui",
        widget=forms.RadioSelect,
    )
    title = TidyField(label="Diplôme ou expérience", max_length=200, required=False)
    requested_on = _day("Demande envoyée le")


class AnswerForm(forms.Form):
    result = forms.ChoiceField(label="Réponse", choices=enums.RecognitionResult.choices, widget=forms.RadioSelect)
    answered_on = _day("Reçue le")


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label="Document", choices=enums.DocumentKind.choices)
    expires_on = _day("Valable jusqu’au")


class TreatForm(forms.Form):
    treatment = forms.ChoiceField(label="Suite donnée", choices=enums.Treatment.choices, widget=forms.RadioSelect)


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        label="À qui",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="À la file de l’organisme",
        error_messages={"invalid_choice": "Choisissez un collègue en poste dans votre organisme."},
    )

    def __init__(self, colleagues: QuerySet[Membership], data: Any = None) -> None:
        super().__init__(data)
        self.fields["to"].queryset = colleagues
        self.fields["to"].label_from_instance = lambda each: f"{each.agent.name}, {each.get_role_display()}"


class PostponeForm(forms.Form):
    to = _day("À reprendre le", help_text="Dans les trois mois.")
