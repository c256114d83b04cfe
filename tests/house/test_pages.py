"""A GET never writes, but in the access log and the session store."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.reception.services.interviews import start_interview
from tests.browsing import sign_in

WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
ALLOWED = {"journal_access", "django_session", "otp_totp_totpdevice"}


@pytest.mark.parametrize("short", ["cip", "auditor", "manager", "ft", "region", "admin", "trainer"])
def test_a_get_never_writes(client, world, short):
    session = world.session()
    convocation = world.convoked(session, 2)[0]
    interview = start_interview(world.cip, convocation.pk)
    visitor = sign_in(client, world, short)
    pages = ["web:home", "web:persons", "web:parameters", "reception:sessions", "reception:appointments"]
    pages += ["linkage:review", "linkage:lists", "exchange:imports", "exchange:upload", "reports:returns"]
    pages += ["exchange:answers"]
    pages += ["pathway:follow-ups", "pathway:learners"]
    pages += ["reports:live", "network:organisation", "network:password"]
    pages += ["orientation-person:changes", "indicators:catalogue"]
    addresses = [reverse(name) for name in pages] + [reverse("exchange:answer-sheet", args=["xlsx"])]
    addresses += [reverse(f"reception:{name}", args=[session.pk]) for name in ("session", "sheet", "walk-in")]
    addresses += [
        reverse("reception:interview", args=[interview.pk]),
        reverse("web:person", args=[convocation.person_id]),
        reverse("pathway:pathway", args=[convocation.person_id]),
        reverse("pathway:timeline", args=[convocation.person_id]),
        reverse("pathway:note-exam", args=[convocation.person_id]),
        reverse("pathway:prescribe", args=[convocation.person_id]),
        reverse("portal:page-link", args=[convocation.person_id]),
        reverse("portal:agent-plan", args=[convocation.person_id]),
        reverse("orientation-person:orientation", args=[convocation.person_id]),
        reverse("orientation-person:diagnosis", args=[convocation.person_id]),
        reverse("indicators:figure", args=["signataires"]),
        reverse("web:person-figures", args=[convocation.person_id]),
    ]
    for address in addresses:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            visitor.get(address)
        written = {match[1] for query in queries if (match := WRITES.match(query["sql"]))}
        assert written <= ALLOWED, (address, written)
