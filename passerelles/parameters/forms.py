"""Forms of a decision on a parameter and of its withdrawal."""

from __future__ import annotations

from typing import Any

from django import forms

from passerelles.core import clock
from passerelles.core.errors import UserError
from passerelles.network.forms import DateInput
from passerelles.network.policy import Actor
from passerelles.parameters import rules
from passerelles.parameters.queries import territories_decidable
from passerelles.reference.levels import Level
from passerelles.reference.register import Parameter, ValueType

NOTHING = "Aucune valeur : le paramètre redevient « non configuré » sur ce territoire"


class DecisionForm(forms.Form):
    """Value, territory, dates and reference. What may be said is decided by `rules`."""

    value = forms.CharField(label="Valeur", max_length=200, required=False)
    nothing = forms.BooleanField(label=NOTHING, required=False)
    territory = forms.ChoiceField(
        label="Territoire", help_text="La valeur du territoire le plus petit l’emporte sur celle du plus grand."
    )
    valid_from = forms.DateField(label="À partir du", widget=DateInput)
    valid_to = forms.DateField(label="Jusqu’au (inclus, facultatif)", required=False, widget=DateInput)
    reference = forms.CharField(
        label="Référence",
        help_text="Le texte ou la décision, et sa date. Par exemple : arrêté préfectoral du 12 mars 2026, article 2.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, actor: Actor, parameter: Parameter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.fields["value"] = value_field(parameter)
        self.fields["territory"].choices = territories_decidable(actor)
        self.fields["valid_from"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        nothing, typed = found.pop("nothing", False), found.get("value", "")
        if nothing and typed:
            self.add_error("value", "Donnez une valeur, ou cochez « aucune valeur » : pas les deux.")
        elif nothing:
            found["value"] = None
        elif not typed:
            self.add_error("value", "Donnez une valeur, ou cochez « aucune valeur ».")
        else:
            try:
                found["value"] = rules.read_value(self.parameter, typed)
            except UserError as error:
                self.add_error("value", str(error))
        return found

    def decision(self) -> dict[str, Any]:
        """What the verb asks for; the form is valid."""
        return self.cleaned_data | {"key": self.parameter.key, "unit": self.parameter.unit}


def value_field(parameter: Parameter) -> forms.Field:
    """The field that suits the type; all give a text, read by `rules.read_value`."""
    choices: list[tuple[str, str]] = []
    match parameter.type:
        case ValueType.BOOL:
            choices = [("oui", "oui"), ("non", "non")]
        case ValueType.LEVEL:
            choices = [(level.value, level.label_fr) for level in Level]
        case ValueType.STR:
            choices = list(parameter.choices.items())
        case ValueType.DATE:
            return forms.CharField(label="Valeur", max_length=10, required=False, widget=DateInput)
    if choices:
        return forms.ChoiceField(label="Valeur", required=False, choices=[("", "À choisir"), *choices])
    unit = rules.unit_shown(parameter)
    several = parameter.type is ValueType.INT_LIST
    return forms.CharField(
        label=f"Valeur, en {unit}" if unit and not unit.startswith("%") else f"Valeur {unit}".rstrip(),
        help_text="Plusieurs nombres, séparés par des virgules." if several else "",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"} | ({} if several else {"inputmode": "numeric"})),
    )


class WithdrawalForm(forms.Form):
    """From when on, and why."""

    withdrawn_from = forms.DateField(
        label="Ne s’applique plus à partir du",
        help_text="Le premier jour de la décision, ou avant : elle n’aura jamais eu d’effet.",
        widget=DateInput,
    )
    reason = forms.CharField(label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_from"].initial = clock.today
