"""What happened: each act of the pathway, on its own small page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.pathway import forms
from passerelles.pathway.models import Meeting, Recognition, Training
from passerelles.pathway.queries.pathway import path_of
from passerelles.pathway.services import documents, meetings, recognitions, trainings
from passerelles.pathway.views.form_page import form_page, posted
from passerelles.people.models import Person

BOTH = ["GET", "HEAD", "POST"]
page = require_http_methods(BOTH)
prescribes = asks(Resource.PRESCRIPTION, Action.EDIT)
recognises = asks(Resource.REFERRAL, Action.EDIT)


@never_cache
@page
@prescribes
def fix_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An appointment of assessment, or the end-of-CIR interview."""
    form = forms.MeetingForm(posted(request))
    return form_page(
        request,
        person=_person(request, pk),
        form=form,
        title="Fixer un rendez-vous",
        button="Fixer le rendez-vous",
        do=lambda data: meetings.fix_meeting(
            request.actor, pk, kind=data["kind"], fixed_for=form.fixed_for, place=data["place"]
        ),
        done="Le rendez-vous est fixé.",
    )


@never_cache
@page
@recognises
def request_recognition(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A request to ENIC-NARIC, of VAE, or to exercise a regulated profession."""
    return form_page(
        request,
        person=_person(request, pk),
        form=forms.RecognitionForm(posted(request)),
        title="Noter une demande de reconnaissance",
        button="Noter la demande",
        do=lambda data: recognitions.request_recognition(request.actor, pk, **data),
        done="La demande est notée.",
        note="L’information sur les équivalences est due dès la signature du CIR (B-056). "
        "L’attestation est gratuite pour les bénéficiaires d’une protection.",
    )


@never_cache
@page
@asks(Resource.PERSON, Action.EDIT)
def note_document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A document and its last day."""
    return form_page(
        request,
        person=policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk, Action.EDIT),
        form=forms.DocumentForm(posted(request)),
        title="Relever un document",
        button="Relever",
        do=lambda data: documents.note_document(request.actor, pk, **data),
        done="Le document est relevé. Une alerte sera donnée avant son échéance.",
    )


@never_cache
@page
@prescribes
def start_training(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _of_training(
        request, pk, forms.DayForm, trainings.start_training, "Commencer la formation", "La formation a commencé."
    )


@never_cache
@page
@prescribes
def resume_language(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _of_training(
        request, pk, forms.DayForm, trainings.resume_language, "Reprendre la formation", "La formation a repris."
    )


@never_cache
@page
@prescribes
def cancel_training(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _of_training(
        request, pk, forms.ReasonForm, trainings.cancel_training, "Annuler la prescription", "Prescription annulée."
    )


@never_cache
@page
@prescribes
def attend_civic(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How many days of the civic training were attended in all."""
    training = _training(request, pk)
    return form_page(
        request,
        person=training.person,
        form=forms.CivicDaysForm(training, posted(request)),
        title="Journées de formation civique",
        button="Enregistrer",
        do=lambda data: trainings.attend_civic(request.actor, pk, **data),
        done="Les journées sont notées.",
    )


@never_cache
@page
@prescribes
def end_language(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Followed to the end with its levels, or given up."""
    training = _training(request, pk)

    def end(data: dict[str, Any]) -> object:
        if data["result"] == "dropped":
            return trainings.drop_language(request.actor, pk, on=data["on"], hours_attended=data["hours_attended"])
        told = {name: data[name] for name in ("on", "hours_attended", "written", "oral", "attained")}
        return trainings.end_language(request.actor, pk, **told)

    return form_page(
        request,
        person=training.person,
        form=forms.LanguageEndForm(posted(request)),
        title="Fin de la formation linguistique",
        button="Enregistrer",
        do=end,
        done="La fin de la formation est notée.",
        note=f"{path_of(training)}, prescrite le {training.prescribed_on:%d/%m/%Y}. "
        "La raison d’un abandon n’est pas demandée.",
    )


@never_cache
@page
@prescribes
def meeting_result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Held, missed or excused."""
    meeting = _meeting(request, pk)
    return form_page(
        request,
        person=meeting.person,
        form=forms.MeetingResultForm(meeting.kind, posted(request)),
        title="Suite du rendez-vous",
        button="Enregistrer",
        do=lambda data: meetings.record_meeting(request.actor, pk, **data),
        done="La suite du rendez-vous est notée.",
    )


@never_cache
@page
@prescribes
def hold_end_of_cir(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The end-of-CIR interview and what it observed."""
    meeting = _meeting(request, pk)
    return form_page(
        request,
        person=meeting.person,
        form=forms.EndOfCirForm(posted(request)),
        title="Entretien de bilan de fin de CIR",
        button="Enregistrer le bilan",
        do=lambda data: meetings.hold_end_of_cir(request.actor, pk, **data),
        done="Le bilan est enregistré.",
        note="Le bilan constate une nouvelle situation datée ; les précédentes restent lisibles.",
    )


@never_cache
@page
@prescribes
def move_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another date."""
    meeting = _meeting(request, pk)
    form = forms.MoveForm(posted(request))
    return form_page(
        request,
        person=meeting.person,
        form=form,
        title="Reporter le rendez-vous",
        button="Reporter",
        do=lambda data: meetings.reschedule_meeting(request.actor, pk, fixed_for=form.fixed_for),
        done="Le rendez-vous est reporté.",
    )


@require_POST
@prescribes
def cancel_meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _at_once(request, lambda: meetings.cancel_meeting(request.actor, pk), _meeting(request, pk).person_id)


@never_cache
@page
@recognises
def answer_recognition(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The answer to a request."""
    recognition = _recognition(request, pk)
    return form_page(
        request,
        person=recognition.person,
        form=forms.AnswerForm(posted(request)),
        title="Réponse à la demande de reconnaissance",
        button="Enregistrer la réponse",
        do=lambda data: recognitions.answer_recognition(request.actor, pk, **data),
        done="La réponse est notée.",
    )


@require_POST
@recognises
def abandon_recognition(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = _recognition(request, pk).person_id
    return _at_once(request, lambda: recognitions.abandon_recognition(request.actor, pk), person)


@require_POST
@recognises
def resume_recognition(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    person = _recognition(request, pk).person_id
    return _at_once(request, lambda: recognitions.resume_recognition(request.actor, pk), person)


def _at_once(request: HttpRequest, do: Any, person_id: uuid.UUID) -> HttpResponse:
    """An act without a form."""
    try:
        do()
    except (Refused, Unknown):
        raise
    except UserError as error:
        tell(request, error)
    else:
        messages.success(request, "C’est enregistré.")
    return redirect("pathway:pathway", person_id)


def _of_training(request: HttpRequest, pk: uuid.UUID, form: Any, verb: Any, title: str, done: str) -> HttpResponse:
    training = _training(request, pk)
    return form_page(
        request,
        person=training.person,
        form=form(posted(request)),
        title=title,
        button="Enregistrer",
        do=lambda data: verb(request.actor, pk, **data),
        done=done,
        note=f"{path_of(training)}, prescrite le {training.prescribed_on:%d/%m/%Y}.",
    )


def _person(request: HttpRequest, pk: uuid.UUID) -> Person:
    return policy.get_or_404(request.actor, Person.objects, Resource.PERSON, pk)


def _training(request: HttpRequest, pk: uuid.UUID) -> Training:
    rows = Training.objects.select_related("person")
    return policy.get_or_404(request.actor, rows, Resource.PRESCRIPTION, pk, Action.EDIT)


def _meeting(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    rows = Meeting.objects.select_related("person", "organisation")
    return policy.get_or_404(request.actor, rows, Resource.PRESCRIPTION, pk, Action.EDIT)


def _recognition(request: HttpRequest, pk: uuid.UUID) -> Recognition:
    rows = Recognition.objects.select_related("person")
    return policy.get_or_404(request.actor, rows, Resource.REFERRAL, pk, Action.EDIT)
