"""Doubtful pairs settled with the keyboard alone, on a wide screen and on a telephone; already known? at the door."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from passerelles.core.periods import Month
from passerelles.exchange import services as exchange
from passerelles.linkage.models import Check, PersonPair
from passerelles.linkage.services import check_people, find_doubles, profiles
from passerelles.linkage.services.worth import account
from passerelles.reception.models import Convocation
from passerelles.reception.services import attendance, interviews
from tests.exchange.files import workbook
from tests.linkage.lists import NUMBER, doubtful, load, namesake, twin_lines

pytestmark = pytest.mark.browser


def begin(page) -> None:
    """Open the first question of the queue; the keys answer once its page is there."""
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("link", name="Commencer").press("Enter")


def compare(page) -> None:
    """Open the only pair of the queue; the keys answer once its page is there."""
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("link", name="Comparer").click()


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
    begin(page)
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
    begin(page)
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


# A whole day: a convocation list against three lists, then the month

HEADERS = ["Nom", "Prénoms", "Né(e) le", "Sexe", "N° étranger"]
TWICE = {"family_name": "Rakotomalala", "birth_date": dt.date(1988, 7, 23), "sex": "F", "nationality": "MG"}


def convoked_by_file(world):
    """Five persons of one file; the file writes one of them twice, with two spellings, in two half-days."""
    rows = [
        ["9999999999", "Petrosyan", "Armen", dt.date(1990, 6, 2), "M", "Arménienne", "", world.day, "9h00"],
        ["", "Diallo", "Fatoumata", dt.date(1990, 1, 1), "F", "Guinéenne", "", world.day, "9h00"],
        ["", "Traoré", "Mariam", dt.date(1985, 1, 1), "F", "Malienne", "", world.day, "9h00"],
        ["", "Rakotomalala", "Voahangy", TWICE["birth_date"], "F", "Malgache", "", world.day, "9h00"],
        ["", "Rakotomalala", "Voahangi", TWICE["birth_date"], "F", "Malgache", "", world.day, "14h00"],
    ]
    apply_file(world, "convocations", workbook(rows))


def three_lists(world):
    """France Travail surely knows one and perhaps two; RSA perhaps one; AGIR nobody."""
    ft = [
        ["Petrossian", "Armen", dt.date(1990, 6, 2), "M", "9999999999"],
        ["Diallo", "Fatoumata", dt.date(1990, 5, 3), "F", ""],
        ["Traore", "Mariam", dt.date(1985, 4, 9), "F", ""],
    ]
    rsa = [["Diallo", "Fatoumata", dt.date(1990, 8, 21), "F", ""]]
    agir = [["Nguyen", "Thi Hoa", dt.date(1979, 3, 3), "F", ""]]
    for kind, rows in (("france-travail", ft), ("rsa", rsa), ("agir", agir)):
        apply_file(world, kind, workbook(rows, HEADERS), as_of=dt.date(2026, 3, 1))


def apply_file(world, kind, content, **values):
    received = exchange.receive(
        world.auditor, kind=kind, dt=world.dt_metz, filename=f"{kind}.xlsx", content=content, **values
    )
    exchange.check(world.auditor, received.pk)
    exchange.apply(world.auditor, received.pk)


def interviewed(world):
    """Everybody who is expected is received, with what the day's screens say of them."""
    for convocation in Convocation.objects.exclude(status="moved").order_by("pk"):
        attendance.record_arrival(world.cip, convocation.pk)
        interview = interviews.start_interview(world.cip, convocation.pk)
        known = {name: bool(getattr(interview, name)) for name in ("ft", "rsa", "agir")}
        values = {"situation": "none", "not_registered_reason": "refused" if not any(known.values()) else "", **known}
        interviews.finish_interview(world.cip, interview.pk, version=interview.version, values=values)


def figure(page, name):
    """The total of an official figure of March, read on the page of the month."""
    page.goto(reverse("reports:live") + "?mois=2026-03&dt=metz")
    table = page.get_by_role("table", name=name)
    return int(table.locator(".reports-whole td").last.inner_text().split()[0])


NEXT_PAIR = """seen => {
  const title = document.querySelector("h1");
  return title !== null && title.innerText + location.href !== seen;
}"""
KNOWN_TO_FT = "Personnes déjà inscrites à France Travail"
ACCOMPANIED = "Personnes accompagnées"


def test_a_day_from_the_file_to_the_month_and_back(desk, shared_world):
    """The lists answer, the doubts are settled by keyboard, the day and the month follow; undone, all is as before."""
    convoked_by_file(shared_world)
    three_lists(shared_world)
    auditor = desk("auditor")
    page = auditor.page
    page.goto(reverse("linkage:review"))
    expect(page.get_by_text("3 vérifications à trancher")).to_be_visible()
    begin(page)
    for _ in range(3):
        person = page.get_by_role("heading", level=1).inner_text()
        before = person + page.url
        page.keyboard.press("s" if "TRAORÉ" in person else "d")
        page.wait_for_function(NEXT_PAIR, arg=before)
    expect(page.get_by_text("Rien à trancher")).to_be_visible()
    known = set(Check.objects.filter(result="registered").values_list("register", flat=True))
    assert Check.objects.filter(register="ft", result="registered").count() == 2
    assert known == {"ft"}

    page.goto(reverse("linkage:pairs"))
    auditor.check("fiches-en-double")
    begin(page)
    auditor.check("deux-fiches")
    page.keyboard.press("s")
    expect(page.get_by_text("les deux fiches sont reliées")).to_be_visible()

    session = Convocation.objects.filter(person__family_name="Diallo").get().session
    page.goto(reverse("reception:session", args=[session.pk]))
    expect(page.locator(".rec-check--info", has_text="Connu")).to_have_count(2)
    interviewed(shared_world)
    assert figure(page, KNOWN_TO_FT) == 2
    assert figure(page, ACCOMPANIED) == 4

    pair = PersonPair.objects.get()
    page.goto(reverse("web:person", args=[pair.first_id]))
    auditor.check("fiche-reliee")
    page.get_by_role("link", name="voir le lien").click()
    auditor.check("fiches-reliees")
    page.get_by_label("Pourquoi délier").fill("deux sœurs")
    page.get_by_role("button", name="Délier les deux fiches").click()
    expect(page.get_by_text("Les fiches sont déliées")).to_be_visible()
    assert figure(page, ACCOMPANIED) == 5
    page.goto(reverse("web:person", args=[pair.first_id]))
    expect(page.get_by_text("Autres fiches de la même personne")).to_have_count(0)


def test_two_readers_for_what_tells_a_protection(desk, shared_world):
    one, other = (shared_world.person(**TWICE, given_names=name, motive="ASILE") for name in ("Voahangy", "Voahangi"))
    find_doubles([one.pk, other.pk])
    first = desk("auditor").page
    first.goto(reverse("linkage:pairs"))
    begin(first)
    first.keyboard.press("s")
    expect(first.get_by_text("un second avis est demandé")).to_be_visible()
    second = desk("manager", 360)
    second.page.goto(reverse("linkage:pairs"))
    second.check("second-avis-file")
    begin(second.page)
    second.check("second-avis")
    second.page.keyboard.press("s")
    expect(second.page.get_by_text("les deux fiches sont reliées")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_two_directorates_settle_a_pair_each_from_its_own_record(desk, shared_world, width):
    mine = shared_world.person(**TWICE, given_names="Voahangy")
    shared_world.person(
        shared_world.auditor_elsewhere, direction="strasbourg", **TWICE, given_names="Voahangi", motive="ASILE"
    )
    find_doubles([mine.pk])
    here = desk("auditor", width)
    here.page.goto(reverse("linkage:pairs"))
    here.check("fiches-entre-dt")
    compare(here.page)
    here.check("fiche-entre-dt")
    here.page.keyboard.press("s")
    expect(here.page.get_by_text("un second avis est demandé")).to_be_visible()
    there = desk("auditor_elsewhere", width)
    there.page.goto(reverse("linkage:pairs"))
    compare(there.page)
    there.check("fiche-entre-dt-second-avis")
    there.page.keyboard.press("s")
    expect(there.page.get_by_text("les deux fiches sont reliées")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_is_found_by_ear(desk, shared_world, width):
    shared_world.person(family_name="Shevchenko", given_names="Oleksandr", birth_date=dt.date(1991, 11, 3))
    shared_world.person(family_name="Chevchenko", given_names="Olena", birth_date=dt.date(1987, 2, 1))
    profiles.refresh_all()
    here = desk("auditor", width)
    page = here.page
    page.goto(reverse("web:persons") + "?q=chevtchenko")
    expect(page.get_by_role("link", name="SHEVCHENKO Oleksandr")).to_be_visible()
    here.check("recherche-noms-proches")


@pytest.mark.parametrize("width", [1280, 360])
def test_what_the_answers_of_the_month_were_worth(desk, shared_world, width):
    questions(shared_world)
    account("metz", Month(2026, 3))
    here = desk("manager", width)
    here.page.goto(reverse("linkage:worth"))
    expect(here.page.get_by_text("Liste : France Travail")).to_be_visible()
    here.check("bilan-du-mois")
