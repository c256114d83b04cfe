"""The first appointment seen from both sides: to move, contradicted, settled (C-020, C-036). Pictures to look at."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from passerelles.core import clock
from passerelles.reception.services import appointment_words, appointments

pytestmark = pytest.mark.browser
DAY = dt.date(2026, 3, 13)


def test_the_operator_sees_what_the_person_says_and_settles_it(desk, shared_world):
    world = shared_world
    session = world.session()
    first, other = (
        appointments.fix_appointment(
            world.cip,
            person=convocation.person,
            organisation=world.agency,
            fixed_for=clock.paris(DAY + dt.timedelta(days=days), 14, 30),
            session=session,
        )
        for days, convocation in zip((0, 7), world.convoked(session, 2), strict=True)
    )
    with clock.frozen(clock.paris(DAY, 18)):
        appointment_words.person_says(first.person_id, first.pk, "held")
        appointment_words.person_says(other.person_id, other.pk, "cannot_come", reason="work")
        appointments.record_result(world.ft, first.pk, result="missed")
        here = desk("cip")
        page = here.page
        page.goto("/accueil/rendez-vous?etat=a_deplacer")
        expect(page.get_by_text("La personne ne peut pas venir")).to_be_visible()
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto("/accueil/rendez-vous?etat=contradictions")
            expect(page.get_by_text("La personne dit qu’il a eu lieu")).to_be_visible()
            here.check("premier-rendez-vous-contradiction")
        page.get_by_role("button", name="Il a eu lieu").click()
        expect(page.get_by_text("Contradiction tranchée : rendez-vous honoré")).to_be_visible()
        expect(page.get_by_text("disent la même chose")).to_be_visible()
    first.refresh_from_db()
    assert (first.status, first.asserted_for) == ("attended", world.operator)
