"""Prescribe: the rules in force say what is possible, their questions are answered in place, the auditor decides."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from passerelles.core import clock
from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.journal.services import note_access
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks
from passerelles.pathway.forms import CivicForm, LanguageForm, QuestionsForm, answers_in
from passerelles.pathway.queries.pathway import prescribing
from passerelles.pathway.services import trainings
from passerelles.pathway.views.form_page import form_page, posted

BOTH = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(BOTH)
@asks(Resource.PRESCRIPTION, Action.EDIT)
def prescribe(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A language course among those allowed today."""
    answers = answers_in(request.POST if request.method == "POST" else request.GET)
    today = clock.today()
    found = prescribing(request.actor, pk, today, answers)
    form = LanguageForm(found, posted(request))
    if request.method == "POST" and form.is_valid():
        rule, hours = form.chosen
        try:
            trainings.prescribe_language(
                request.actor,
                pk,
                rule=rule,
                prescribed_on=today,
                hours=hours,
                provider=form.cleaned_data["provider"],
                answers=answers,
            )
        except (Refused, Unknown):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "La formation linguistique est prescrite.")
            return redirect("pathway:pathway", pk)
    note_access(request.actor, [pk], action="read", purpose="prescription d’une formation")
    open_questions = prescribing(request.actor, pk, today).asked if answers else found.asked
    context = {
        "found": found,
        "person": found.person,
        "form": form,
        "questions": QuestionsForm(open_questions, {code: "oui" if yes else "non" for code, yes in answers.items()}),
        "unanswered": [question for fact, question in found.asked],
        "answers": [(code, "oui" if yes else "non") for code, yes in answers.items()],
    }
    return render(request, "pathway/prescribe.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(BOTH)
@asks(Resource.PRESCRIPTION, Action.EDIT)
def prescribe_civic(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The civic training in force today."""
    found = prescribing(request.actor, pk, clock.today())
    note = f"{found.civic.sentence} ({found.civic.reference})" if found.civic else ""
    return form_page(
        request,
        person=found.person,
        form=CivicForm(found.person.direction, posted(request)),
        title="Prescrire la formation civique",
        button="Prescrire",
        do=lambda data: trainings.prescribe_civic(
            request.actor, pk, prescribed_on=clock.today(), provider=data["provider"]
        ),
        done="La formation civique est prescrite.",
        note=note or "La formation civique ne s’impose pas à cette personne : vérifiez son contrat.",
    )
