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


class DespiteForm(forms.Form):
    """Why a record is made although somebody looks very much like the person (C-021)."""

    despite = forms.CharField(
        label="Pourquoi créer quand même une fiche",
        max_length=200,
        required=False,
        help_text="Par exemple : « sœur jumelle », « pièce d’identité vérifiée, autre personne »",
    )
