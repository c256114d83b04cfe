"""What happened: each act of the pathway, on its own small page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from passerelles.core.errors import Refused, Unknown, UserError
from passerelles.core.text import in_sentence
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.http import asks, tell
from passerelles.network.policy import Actor
from passerelles.pathway import forms
from passerelles.pathway.models import Exam, Meeting, Recognition, Training
from passerelles.pathway.policy import follows_as
from passerelles.pathway.queries.pathway import path_of
from passerelles.pathway.services import documents, exams, meetings, recognitions, trainings
from passerelles.pathway.views.form_page import form_page, posted
from passerelles.people.models import Person

View = Callable[..., HttpResponse]
Verb = Callable[..., Any]
prescribes = asks(Resource.PRESCRIPTION, Action.EDIT)
recognises = asks(Resource.REFERRAL, Action.EDIT)


def follows(view: View) -> View:
    """For OFII, and for the training body to which the training was prescribed."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        policy.require(request.actor, follows_as(request.actor), Action.EDIT)
        return view(request, *args, **kwargs)

    return asked


def page_of_act(
    may: Callable[[View], View],
    find: Callable[[Actor, uuid.UUID], Any],
    form: Callable[[Any, Any], django_forms.Form],
    verb: Verb,
    *,
    title: str,
    done: str,
    button: str = "Enregistrer",
    note: Callable[[Any], str] = lambda row: "",
) -> View:
    """The page of one act: `find` the row under the policy, fill `form(row, data)`, call `verb(actor, pk, **typed)`."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @may
    def act(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = find(request.actor, pk)
        return form_page(
            request,
            person=row if isinstance(row, Person) else row.person,
            form=form(row, posted(request)),
            title=title,
            button=button,
            do=lambda data: verb(request.actor, pk, **data),
            done=done,
            note=note(row),
        )

    return act


def act_at_once(may: Callable[[View], View], find: Callable[[Actor, uuid.UUID], Any], verb: Verb) -> View:
    """An act without a form, from a button of the pathway."""

    @require_POST
    @may
    def act(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        person_id = find(request.actor, pk).person_id
        try:
            verb(request.actor, pk)
        except (Refused, Unknown):
            raise
        except UserError as error:
            tell(request, error)
        else:
            messages.success(request, "C’est enregistré.")
        return redirect("pathway:pathway", person_id)

    return act


def blank(form: type[django_forms.Form]) -> Callable[[Any, Any], django_forms.Form]:
    """A form that needs nothing of the row."""
    return lambda row, data: form(data)


def person_seen(actor: Actor, pk: uuid.UUID) -> Person:
    return policy.get_or_404(actor, Person.objects, Resource.PERSON, pk)


def person_edited(actor: Actor, pk: uuid.UUID) -> Person:
    return policy.get_or_404(actor, Person.objects, Resource.PERSON, pk, Action.EDIT)


def training_followed(actor: Actor, pk: uuid.UUID) -> Training:
    return policy.get_or_404(actor, Training.objects.select_related("person"), follows_as(actor), pk, Action.EDIT)


def of_prescription(model: Any) -> Callable[[Actor, uuid.UUID], Any]:
    """A training, an exam or an appointment, for who prescribes."""
    return lambda actor, pk: policy.get_or_404(
        actor, model.objects.select_related("person"), Resource.PRESCRIPTION, pk, Action.EDIT
    )


def recognition_edited(actor: Actor, pk: uuid.UUID) -> Recognition:
    return policy.get_or_404(actor, Recognition.objects.select_related("person"), Resource.REFERRAL, pk, Action.EDIT)


def prescribed_when(training: Training) -> str:
    return f"{path_of(training)}, prescrite le {training.prescribed_on:%d/%m/%Y}."


def end_or_drop(actor: Actor, pk: uuid.UUID, *, result: str, **told: Any) -> Training:
    """Followed to the end with its levels, or given up."""
    if result == "dropped":
        return trainings.drop_language(actor, pk, on=told["on"], hours_attended=told["hours_attended"])
    return trainings.end_language(actor, pk, **told)


def fix_at(actor: Actor, pk: uuid.UUID, *, date: Any, time: Any, **told: Any) -> Meeting:
    return meetings.fix_meeting(actor, pk, fixed_for=forms.instant(date, time), **told)


def move_to(actor: Actor, pk: uuid.UUID, *, date: Any, time: Any) -> Meeting:
    return meetings.reschedule_meeting(actor, pk, fixed_for=forms.instant(date, time))


start_training = page_of_act(
    follows,
    training_followed,
    blank(forms.DayForm),
    trainings.start_training,
    title="Commencer la formation",
    done="La formation a commencé.",
    note=prescribed_when,
)
attend_civic = page_of_act(
    follows,
    training_followed,
    forms.CivicDaysForm,
    trainings.attend_civic,
    title="Journées de formation civique",
    done="Les journées sont notées.",
    note=prescribed_when,
)
end_language = page_of_act(
    follows,
    training_followed,
    blank(forms.LanguageEndForm),
    end_or_drop,
    title="Fin de la formation linguistique",
    done="La fin de la formation est notée.",
    note=lambda training: f"{prescribed_when(training)} La raison d’un abandon n’est pas demandée.",
)
resume_language = page_of_act(
    follows,
    training_followed,
    blank(forms.DayForm),
    trainings.resume_language,
    title="Reprendre la formation",
    done="La formation a repris.",
    note=prescribed_when,
)
cancel_training = page_of_act(
    prescribes,
    of_prescription(Training),
    blank(forms.ReasonForm),
    trainings.cancel_training,
    title="Annuler la prescription",
    done="Prescription annulée.",
    note=prescribed_when,
)
note_exam = page_of_act(
    prescribes,
    person_seen,
    blank(forms.ExamForm),
    exams.note_exam,
    title="Noter un examen civique",
    button="Noter le résultat",
    done="Le résultat est noté. Les règles de titre de séjour en tiennent compte.",
    note=lambda person: (
        "Le résultat se lit sur l’attestation que la personne présente. Un certificat de dispense se note dans le "
        "diagnostic, sans sa raison."
    ),
)
withdraw_exam = page_of_act(
    prescribes,
    of_prescription(Exam),
    blank(forms.ExamWithdrawalForm),
    exams.withdraw_exam,
    title="Retirer un résultat d’examen",
    button="Retirer le résultat",
    done="Le résultat est retiré.",
    note=lambda exam: f"{exam}, pour : {in_sentence(exam.get_purpose_display())}.",
)
fix_meeting = page_of_act(
    prescribes,
    person_seen,
    blank(forms.MeetingForm),
    fix_at,
    title="Fixer un rendez-vous",
    button="Fixer le rendez-vous",
    done="Le rendez-vous est fixé.",
)
meeting_result = page_of_act(
    prescribes,
    of_prescription(Meeting),
    lambda meeting, data: forms.MeetingResultForm(meeting.kind, data),
    meetings.record_meeting,
    title="Suite du rendez-vous",
    done="La suite du rendez-vous est notée.",
)
hold_end_of_cir = page_of_act(
    prescribes,
    of_prescription(Meeting),
    blank(forms.EndOfCirForm),
    meetings.hold_end_of_cir,
    title="Entretien de bilan de fin de CIR",
    button="Enregistrer le bilan",
    done="Le bilan est enregistré.",
    note=lambda meeting: "Le bilan constate une nouvelle situation datée ; les précédentes restent lisibles.",
)
move_meeting = page_of_act(
    prescribes,
    of_prescription(Meeting),
    blank(forms.MoveForm),
    move_to,
    title="Reporter le rendez-vous",
    button="Reporter",
    done="Le rendez-vous est reporté.",
)
cancel_meeting = act_at_once(prescribes, of_prescription(Meeting), meetings.cancel_meeting)
request_recognition = page_of_act(
    recognises,
    person_seen,
    blank(forms.RecognitionForm),
    recognitions.request_recognition,
    title="Noter une demande de reconnaissance",
    button="Noter la demande",
    done="La demande est notée.",
    note=lambda person: (
        "L’information sur les équivalences est due dès la signature du CIR. "
        "L’attestation est gratuite pour les bénéficiaires d’une protection."
    ),
)
answer_recognition = page_of_act(
    recognises,
    recognition_edited,
    blank(forms.AnswerForm),
    recognitions.answer_recognition,
    title="Réponse à la demande de reconnaissance",
    button="Enregistrer la réponse",
    done="La réponse est notée.",
)
abandon_recognition = act_at_once(recognises, recognition_edited, recognitions.abandon_recognition)
resume_recognition = act_at_once(recognises, recognition_edited, recognitions.resume_recognition)
note_document = page_of_act(
    asks(Resource.PERSON, Action.EDIT),
    person_edited,
    blank(forms.DocumentForm),
    documents.note_document,
    title="Relever un document",
    button="Relever",
    done="Le document est relevé. Une alerte sera donnée avant son échéance.",
)
