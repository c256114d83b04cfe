"""Two addresses to try without account: the page of a fictitious newcomer in Arabic, the answer of a mission locale."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction

from passerelles.demo import partnership
from passerelles.demo.people import DIRECTION
from passerelles.messages.services import links
from passerelles.people.models import Person
from passerelles.portal.services import give_page
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import CLOSED
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service

ARABIC = "ara"


class Addresses(NamedTuple):
    person: str
    partner: str


@transaction.atomic
def addresses(today: dt.date) -> Addresses | None:
    """The two addresses, the same at each start as long as they live; None where nobody reads Arabic."""
    here = partnership.load(today)
    mission_locale = here.houses["mission_locale"]
    open_cases = Referral.objects.exclude(state__in=[state.value for state in CLOSED])
    referral = open_cases.filter(receiver=mission_locale, person__language=ARABIC).order_by("created_at", "id").first()
    if referral is None:
        person = _reader_of_arabic()
        if person is None:
            return None
        referral = sending.refer(
            here.actors["auditeur"],
            person_id=person.pk,
            service_id=default_service(mission_locale).pk,
            purpose="employment",
            basis="public_mission",
        )
    auditor = here.actors["auditeur"]
    page = give_page(auditor, referral.person_id)
    answer = links.partner_link(
        auditor, subject_id=referral.pk, person_id=referral.person_id, organisation=mission_locale
    )
    return Addresses(links.address_of(page), links.address_of(answer))


def _reader_of_arabic() -> Person | None:
    """Somebody received at the platform, who has not asked to be exempt and is not yet sent anywhere."""
    received = Person.objects.filter(direction=DIRECTION, language=ARABIC, interviews__status="done")
    return received.filter(opt_outs=None, referrals=None).order_by("-interviews__started_at", "id").first()
