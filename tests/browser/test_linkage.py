"""Doubtful pairs settled with the keyboard alone, on a wide screen and on a telephone; already known? at the door."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from passerelles.linkage.models import Check
from passerelles.linkage.services import check_people
from tests.linkage.lists import NUMBER, doubtful, load, namesake, twin_lines

pytestmark = pytest.mark.browser


def questions(world):
    """Two doubtful namesakes in the list of France Travail, and somebody whom two lines of the RSA list are."""
    session = world.session()
    names = ("Diallo", "Traore")
    namesakes = [world.convoked(session, **namesake(family_name=name))[0].person for name in names]
    twice = world.convoked(session, identifiers={"agdref": NUMBER})[0].person
    load(world.auditor, *map(doubtful, namesakes), as_of=dt.date(2026, 1, 1))
    load(world.auditor, *twin_lines(twice), register="rsa", as_of=dt.date(2026, 2, 1))
    check_people(world.auditor, [person.pk for person in [*namesakes, twice]])
    return session


@pytest.mark.parametrize("width", [1280, 360])
def test_a_queue_is_settled_with_the_keyboard_alone(desk, shared_world, width):
    questions(shared_world)
    here = desk("cip", width)
    page = here.page
    page.goto(reverse("linkage:review"))
    here.check("file-de-verification")
    page.get_by_role("link", name="Commencer").press("Enter")
    first = page.get_by_role("heading", level=1).inner_text()
    here.check("paire")

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    page.keyboard.press("d")
    expect(page.get_by_text("2 lignes de la liste ressemblent")).to_be_visible()
    here.check("paire-ambigue")
    page.keyboard.press("2")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    page.keyboard.press("s")
    expect(page.get_by_text("Rien à trancher")).to_be_visible()
    assert sorted(Check.objects.exclude(settled_by=None).values_list("register", "result")) == [
        ("ft", "not_found"),
        ("ft", "registered"),
        ("rsa", "registered"),
    ]


def test_the_last_decision_is_taken_back_with_a_key(desk, shared_world):
    questions(shared_world)
    here = desk("cip")
    page = here.page
    page.goto(reverse("linkage:review") + "?registre=ft")
    page.get_by_role("link", name="Commencer").press("Enter")
    first = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    here.check("derniere-decision")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    assert not Check.objects.exclude(settled_by=None).exists()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_door_says_who_is_already_known(desk, shared_world, width):
    known = {"family_name": "Rakotomalala", "given_names": "Voahangy", "birth_date": dt.date(1988, 7, 23), "sex": "F"}
    person = shared_world.convoked(shared_world.session(), **known)[0].person
    session = shared_world.session(half_day="pm")
    here = desk("cip", width)
    page = here.page
    page.goto(reverse("reception:walk-in", args=[session.pk]))
    page.get_by_label("Nom de famille").fill("Rakotomalala")
    page.get_by_label("Prénoms").last.fill("Voahangi")
    page.get_by_label("Date de naissance").last.fill("1988-07-23")
    page.get_by_text("Femme").click()
    page.get_by_role("button", name="Recevoir cette personne").click()
    expect(page.get_by_text("peut-être déjà connue")).to_be_visible()
    here.complaints.clear()  # the console notes the answer 400
    here.check("deja-connue")
    page.get_by_role("button", name=f"Recevoir {person}").click()
    expect(page.get_by_text("est reçue sans convocation")).to_be_visible()
