"""What an agent decides about a doubtful pair, and why they create a person who looks like another."""

from __future__ import annotations

from django import forms


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
