"""Forms of the sign-in and of the administration of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from passerelles.core import clock
from passerelles.core.identifiers import phone
from passerelles.network.enums import Role
from passerelles.network.models import Agent, Membership, Organisation
from passerelles.network.policy import Actor
from passerelles.network.queries import roles_offered


class DateInput(forms.DateInput):
    """The date picker of the browser; the value travels as ISO."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LoginForm(AuthenticationForm):
    """E-mail and password. The address is lower-cased so that the lock-out counts one account once."""

    username = forms.CharField(
        label="Adresse de messagerie",
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "L’adresse ou le mot de passe n’est pas reconnu. Vérifiez les deux, puis recommencez.",
        "inactive": "Ce compte est fermé. Adressez-vous à l’administrateur de votre organisme.",
    }

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Adresse de messagerie"

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class CodeForm(forms.Form):
    """The six digits of the authenticator application."""

    code = forms.CharField(
        label="Code à 6 chiffres",
        max_length=9,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not code.isascii() or not code.isdigit():
            raise forms.ValidationError("Le code est fait de 6 chiffres.")
        return code


class InvitationForm(forms.Form):
    """A new agent of one's organisation, or another role for one already known."""

    name = forms.CharField(label="Nom et prénom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Adresse de messagerie professionnelle",
        max_length=200,
        help_text="Format attendu : nom@organisme.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle")
    starts_on = forms.DateField(label="À partir du", widget=DateInput)
    ends_on = forms.DateField(label="Jusqu’au (facultatif)", required=False, widget=DateInput)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(actor)
        self.fields["starts_on"].initial = clock.today


class RoleForm(forms.Form):
    """Another role for an agent of the organisation."""

    role = forms.ChoiceField(label="Rôle")
    starts_on = forms.DateField(label="À partir du", widget=DateInput)
    ends_on = forms.DateField(label="Jusqu’au (facultatif)", required=False, widget=DateInput)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(actor)
        self.fields["starts_on"].initial = clock.today


class EndForm(forms.Form):
    """The last day of an access or of a référent, included."""

    ends_on = forms.DateField(label="Dernier jour (inclus)", widget=DateInput)


class OrganisationForm(forms.ModelForm):
    """How partners reach the organisation."""

    class Meta:
        model = Organisation
        fields = ("mailbox", "phone", "address")
        labels = {
            "mailbox": "Boîte fonctionnelle (facultatif)",
            "phone": "Téléphone (facultatif)",
            "address": "Adresse (facultatif)",
        }
        help_texts = {"mailbox": "Elle reçoit les avis de la plateforme, toujours sans donnée personnelle."}

    def clean_phone(self) -> str:
        checked = phone(self.cleaned_data["phone"])
        if checked.problem:
            raise forms.ValidationError(f"{checked.problem[:1].upper()}{checked.problem[1:]}.")
        return checked.value


class ReferentForm(forms.Form):
    """The named contact for newcomers."""

    function = forms.CharField(
        label="Fonction", max_length=150, help_text="Par exemple : conseillère référente primo-arrivants."
    )
    agent = forms.ModelChoiceField(
        label="Agent (facultatif)",
        queryset=Agent.objects.none(),
        required=False,
        empty_label="Sans compte sur la plateforme",
    )
    mailbox = forms.EmailField(label="Boîte fonctionnelle (facultatif)", required=False)
    starts_on = forms.DateField(label="À partir du", widget=DateInput)
    trained_on = forms.DateField(label="Formation suivie le (facultatif)", required=False, widget=DateInput)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Membership.objects.in_force(clock.today()).filter(organisation=actor.organisation)
        self.fields["agent"].queryset = Agent.objects.filter(pk__in=own.order_by().values("agent_id"))
        self.fields["starts_on"].initial = clock.today


def role_choices(actor: Actor) -> list[tuple[str, str]]:
    """The roles an administrator may give, in French."""
    return [(role.value, Role(role).label) for role in roles_offered(actor.organisation)]
