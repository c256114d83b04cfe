"""What an agent decides about a doubtful pair, and why they create a person who looks like another."""

from __future__ import annotations

from django import forms

from passerelles.core import identifiers
from passerelles.people.enums import IdentifierKind, Sex


class DecisionForm(forms.Form):
    """The same person, or not; `line`: which of the likely lines."""

    decision = forms.ChoiceField(
        choices=[("same", "C’est la même personne"), ("different", "Ce n’est pas la même personne")]
    )
    line = forms.UUIDField(required=False)

    @property
    def same(self) -> bool:
        """The decision, once the form is valid."""
        return self.cleaned_data["decision"] == "same"


class DescribedForm(forms.Form):
    """Somebody about to be recorded, as another screen or program describes them."""

    family_name = forms.CharField(max_length=120)
    given_names = forms.CharField(max_length=160)
    birth_date = forms.DateField()
    sex = forms.ChoiceField(choices=[("", ""), *Sex.choices], required=False)
    nationality = forms.CharField(max_length=2, required=False)
    foreigner_number = forms.CharField(max_length=20, required=False)

    def clean_foreigner_number(self) -> str:
        text = self.cleaned_data["foreigner_number"]
        checked = identifiers.foreigner_number(text)
        if checked.problem:
            raise forms.ValidationError(checked.problem)
        return checked.value

    @property
    def person_values(self) -> dict[str, object]:
        """The columns of the person, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "foreigner_number"}

    @property
    def person_identifiers(self) -> dict[str, str]:
        """The identifiers given, once the form is valid."""
        number = self.cleaned_data["foreigner_number"]
        return {IdentifierKind.AGDREF: number} if number else {}


class PairForm(forms.Form):
    """Two records of one person, or not, and why in a few words."""

    decision = forms.ChoiceField(choices=DecisionForm.base_fields["decision"].choices)
    why = forms.CharField(
        label="Pourquoi (facultatif)",
        max_length=300,
        required=False,
        help_text="Par exemple : « titre de séjour vu », « nom d’épouse », « deux frères »",
    )

    @property
    def same(self) -> bool:
        """The answer, once the form is valid."""
        return self.cleaned_data["decision"] == "same"


class UnlinkForm(forms.Form):
    """Why a link is taken back, and what is true instead."""

    why = forms.CharField(label="Pourquoi délier ces fiches", max_length=300)
    then = forms.ChoiceField(
        label="Que dire de ces deux fiches",
        choices=[
            ("different", "Ce sont deux personnes : ne plus poser la question"),
            ("waiting", "Je ne sais pas : poser la question de nouveau"),
        ],
        initial="different",
        widget=forms.RadioSelect,
    )


class DespiteForm(forms.Form):
    """Why a record is made although somebody looks very much like the person (C-021)."""

    despite = forms.CharField(
        label="Pourquoi créer quand même une fiche",
        max_length=200,
        required=False,
        help_text="Par exemple : « sœur jumelle », « pièce d’identité vérifiée, autre personne »",
    )
