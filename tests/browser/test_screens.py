"""Every screen of the demonstration, as each role meets it, wide and on a telephone: axe, console, width."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from playwright.sync_api import Browser

from passerelles.core import clock
from passerelles.demo import world as demo
from passerelles.demo.accounts import DOMAIN
from passerelles.linkage.models import Check
from passerelles.network.models import Membership
from passerelles.reception.models import Interview, Session
from passerelles.reports.models import Return
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

WIDTHS = (1280, 360)
TODAY = dt.date(2026, 11, 18)


class Visitor(Desk):
    """A browser whose session is opened by the server: signing in has its own test."""

    def __init__(self, browser: Browser, base: str, membership: Membership, client, width: int) -> None:
        super().__init__(browser, base, None, membership.role, width)
        device = membership.agent.totpdevice_set.get()
        client.force_login(membership.agent, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session["membership"] = str(membership.pk)
        session.save()
        self.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": base}])


def visits() -> list[tuple[str, str, str]]:
    """(role, name of the picture, address), with the rows of the demonstration."""
    session = Session.objects.get(held_on=TODAY)
    done = Interview.objects.filter(status="done").order_by("-started_at").first()
    sent = Return.objects.filter(status="sent").order_by("period").first()
    check = Check.objects.filter(result="to_review").order_by("pk").first()
    return [
        ("cip", "ma-journee-cip", "/"),
        ("cip", "seances", "/accueil/seances"),
        ("cip", "seance-du-jour", f"/accueil/seances/{session.pk}"),
        ("cip", "feuille", f"/accueil/seances/{session.pk}/feuille"),
        ("cip", "venue", f"/accueil/seances/{session.pk}/venue"),
        ("cip", "entretien-termine", f"/accueil/seances/entretiens/{done.pk}"),
        ("cip", "premiers-rendez-vous", "/accueil/rendez-vous?etat=tous"),
        ("cip", "verifications", "/rapprochement/"),
        ("cip", "verification", f"/rapprochement/{check.pk}"),
        ("cip", "remontees", "/remontees/"),
        ("cip", "mois", "/remontees/mois/?mois=2026-01&dt=metz"),
        ("cip", "fichiers", "/fichiers/"),
        ("cip", "deposer", "/fichiers/deposer/"),
        ("ofii_auditor", "ma-journee-auditeur", "/"),
        ("ofii_auditor", "planifier", "/accueil/seances/planifier"),
        ("ofii_auditor", "personnes", "/personnes/?q=a"),
        ("ofii_auditor", "personne", f"/personnes/{done.person_id}/"),
        ("ofii_auditor", "corriger-personne", f"/personnes/{done.person_id}/corriger/"),
        ("ofii_auditor", "parametres", "/parametres/"),
        ("dt_manager", "ma-journee-dt", "/"),
        ("dt_manager", "remontee-envoyee", f"/remontees/{sent.pk}/"),
        ("spe_adviser", "ma-journee-france-travail", "/"),
        ("spe_adviser", "personnes-adressees", "/accueil/rendez-vous?etat=tous"),
        ("region_state", "ma-journee-dreets", "/"),
        ("region_state", "remontee-dreets", f"/remontees/{sent.pk}/"),
        ("organisation_admin", "organisme", "/compte/organisme"),
        ("department_state", "ma-journee-ddets", "/"),
        ("department_state", "regles", "/regles/"),
        ("department_state", "regle", "/regles/agir.eligible/"),
        ("department_state", "simulations", "/regles/simulations/"),
        ("department_state", "simulation", "/regles/simulations/inscription-automatique-2027/"),
    ]


def test_every_screen_is_accessible_silent_and_fits(chromium, live_server, transactional_db, tmp_path):
    with clock.frozen(clock.paris(TODAY, 8, 45)):
        demo.prepare(tmp_path)
        seen = []
        for width in WIDTHS:
            visitors: dict[str, Visitor] = {}
            for role, name, address in visits():
                if role not in visitors:
                    named = Membership.objects.filter(
                        role=role, organisation__direction__in=["metz", ""], agent__email__endswith=f"@{DOMAIN}"
                    ).select_related("agent")
                    membership = named.order_by("created_at", "pk").first()
                    visitors[role] = Visitor(chromium, live_server.url, membership, Client(), width)
                here = visitors[role]
                answer = here.page.goto(address)
                assert answer.status == 200, (role, address, answer.status)
                here.check(name)
                seen.append((name, width))
            for here in visitors.values():
                here.context.close()
        assert len(seen) == 2 * len(visits())
