"""The newcomer's page: read in their language, answered with one tap, printed. A GET writes the access log only."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passerelles.core.errors import UserError
from passerelles.journal.services import note_access
from passerelles.messages.models import Link, LinkPurpose
from passerelles.network.policy import Actor
from passerelles.portal import wording
from passerelles.portal.calendars import write_calendar
from passerelles.portal.doors import opened_by
from passerelles.portal.forms import ContactForm
from passerelles.portal.plan import write_plan
from passerelles.portal.queries import person_page
from passerelles.portal.services import correct_contact, person_says

HERSELF = Actor(agent=None, organisation=None, role=None)


@opened_by(LinkPurpose.PERSON_PAGE)
@require_safe
def page(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    return _shown(request, link, token)


@opened_by(LinkPurpose.PERSON_PAGE)
@require_POST
def answer(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """One word of the person on one step; said twice it is said once."""
    try:
        step = uuid.UUID(request.POST.get("step", ""))
        person_says(link, step, request.POST.get("said", ""), reason=request.POST.get("reason", ""))
    except (UserError, ValueError):
        return _shown(request, link, token, problem="impossible", status=409)
    return _back(request, token)


@opened_by(LinkPurpose.PERSON_PAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The telephone, the e-mail, the language: corrected by the person."""
    if request.method != "POST":
        return redirect("portal:person", token)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _shown(request, link, token, form=form, status=422)
    correct_contact(link, **form.cleaned_data)
    return _back(request, token)


@opened_by(LinkPurpose.PERSON_PAGE)
@require_safe
def plan(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """One page to print, in the script of the person."""
    found = person_page(link.subject_id)
    texts = wording.texts_in(wording.asked(request) or found.person.language)
    note_access(HERSELF, [link.subject_id], action="read", purpose=f"plan imprimé par la personne (lien {link.pk})")
    return pdf(write_plan(found, texts, link))


@opened_by(LinkPurpose.PERSON_PAGE)
@require_safe
def calendar(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The appointments to come, for the calendar of the telephone."""
    found = person_page(link.subject_id)
    texts = wording.texts_in(wording.asked(request) or found.person.language)
    note_access(HERSELF, [link.subject_id], action="read", purpose=f"agenda lu par la personne (lien {link.pk})")
    response = HttpResponse(write_calendar(found, texts), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


def pdf(content: bytes) -> HttpResponse:
    """A plan as a file: its name says nothing of anybody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return response


def _back(request: HttpRequest, token: str) -> HttpResponse:
    language = wording.asked(request)
    query = "?ok=1" + (f"&{wording.PARAMETER}={language}" if language else "")
    return redirect(reverse("portal:person", args=[token]) + query)


def _shown(
    request: HttpRequest,
    link: Link,
    token: str,
    *,
    problem: str = "",
    form: ContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = person_page(link.subject_id)
    chosen = wording.asked(request)
    texts = wording.texts_in(chosen or found.person.language)
    note_access(HERSELF, [link.subject_id], action="read", purpose=f"page lue par la personne (lien {link.pk})")
    context = {
        "page": found,
        "person": found.person,
        "texts": texts,
        "token": token,
        "chosen": chosen,
        "languages": wording.offered(),
        "messages_language": wording.texts_in(found.person.language).language,
        "saved": "ok" in request.GET,
        "problem": problem,
        "form": form,
        "reasons": ("ill", "work", "childcare", "transport", "other"),
        "rights": ("monthly", "permit", "address", "free", "data"),
    }
    return render(request, "portal/person.html", context, status=status)
