"""What an agent decides about a doubtful pair."""

from __future__ import annotations

from django import forms


class DecisionForm(forms.Form):
    """The same person, or not."""

    decision = forms.ChoiceField(
        choices=[("same", "C’est la même personne"), ("different", "Ce n’est pas la même personne")]
    )

    @property
    def same(self) -> bool:
        """The decision, once the form is valid."""
        return self.cleaned_data["decision"] == "same"
