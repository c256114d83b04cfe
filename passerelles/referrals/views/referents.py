"""The directory of référents, and what an administrator notes of immersions and trainings."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.network import policy
from passerelles.network import services as network
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Exchange, Organisation
from passerelles.reference.mailboxes import mailboxes
from passerelles.referrals.queries.referents import directory, hosts


class ExchangeForm(forms.Form):
    """An immersion, a training session or a meeting that took place."""

    kind = forms.ChoiceField(label="Nature", choices=Exchange.Kind.choices)
    host = forms.ModelChoiceField(
        label="Chez", queryset=Organisation.objects.none(), required=False, empty_label="Sans objet"
    )
    held_on = forms.DateField(label="Date", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    days = forms.IntegerField(label="Jours", min_value=1, max_value=60, initial=1)
    people = forms.IntegerField(label="Participants de notre organisme", min_value=1, max_value=500, initial=1)

    def __init__(self, choices: list[Organisation], *args: object) -> None:
        super().__init__(*args)
        self.fields["host"].queryset = Organisation.objects.filter(pk__in=[each.pk for each in choices])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referents(request: HttpRequest) -> HttpResponse:
    """Who to call in each partner; the vacancies first to be seen."""
    actor, today = request.actor, clock.today()
    entries = directory(actor, today)
    form = None
    if actor.may(Resource.MEMBERSHIP, Action.EDIT):
        form = ExchangeForm(hosts(actor), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        policy.require(actor, Resource.MEMBERSHIP, Action.EDIT)
        if form.is_valid():
            try:
                network.record_exchange(actor, **form.cleaned_data)
            except (Refused, Unknown):
                raise
            except UserError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "C’est noté dans l’annuaire.")
                return redirect("referrals:referents")
    context = {
        "entries": entries,
        "vacancies": [entry for entry in entries if entry.vacant],
        "mailboxes": mailboxes(),
        "form": form,
    }
    return render(request, "referrals/referents.html", context, status=400 if form and form.errors else 200)
