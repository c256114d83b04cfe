"""The agent gives a person their page: address, QR code, printed plan; and takes it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from passerelles.core import clock
from passerelles.journal.services import note_access
from passerelles.messages.letters import qr_svg
from passerelles.messages.models import Link, LinkPurpose
from passerelles.messages.services import links
from passerelles.network.enums import Resource
from passerelles.network.http import asks
from passerelles.portal import wording
from passerelles.portal.plan import write_plan
from passerelles.portal.queries import person_page
from passerelles.portal.services import close_page, give_page, require_giver, send_page
from passerelles.portal.views.person import pdf
from passerelles.reference import languages

SENT = {"sms": "par SMS", "email": "par courriel", "letter": "par courrier"}


def _live(person_id: uuid.UUID) -> Link | None:
    """The link that opens the page today."""
    return (
        Link.objects.filter(
            purpose=LinkPurpose.PERSON_PAGE, subject_id=person_id, revoked_at=None, expires_at__gt=clock.now()
        )
        .order_by("-expires_at", "id")
        .first()
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks(Resource.PERSON)
def page_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """See, make, send or revoke the link of a person's page."""
    if request.method == "POST":
        _done(request, pk)
        return redirect("portal:page-link", pk)
    person = require_giver(request.actor, pk)
    link = _live(pk)
    note_access(request.actor, [pk], action="read", purpose="lien de la page de la personne")
    address = links.address_of(link) if link else ""
    context = {
        "person": person,
        "link": link,
        "address": address,
        "qr": mark_safe(qr_svg(address)) if address else "",  # noqa: S308 - drawn by segno from our own address
        "language": languages.get(wording.texts_in(person.language).language).name,
        "languages": wording.offered(),
    }
    return render(request, "portal/page_link.html", context)


def _done(request: HttpRequest, pk: uuid.UUID) -> None:
    match request.POST.get("do"):
        case "make":
            give_page(request.actor, pk)
            messages.success(request, "La page de la personne est ouverte. Imprimez son plan ou envoyez-lui le lien.")
        case "send":
            channel = send_page(request.actor, pk)
            if channel:
                messages.success(request, f"Le lien part {SENT[channel]}.")
            else:
                messages.error(
                    request,
                    "Aucun moyen de joindre la personne : ni mobile, ni courriel, ni adresse. Imprimez son plan.",
                )
        case "revoke":
            close_page(request.actor, pk, reason="par un agent")
            messages.success(
                request, "Le lien ne marche plus. Les plans déjà imprimés restent lisibles, sans leur code."
            )


@never_cache
@require_safe
@asks(Resource.PERSON)
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The plan to print at the desk, with the code of the page when there is one."""
    person = require_giver(request.actor, pk)
    note_access(request.actor, [pk], action="read", purpose="plan de la personne imprimé")
    texts = wording.texts_in(wording.asked(request) or person.language)
    return pdf(write_plan(person_page(pk), texts, _live(pk)))
