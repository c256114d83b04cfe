"""The pages of the figures: a public catalogue, tables by role, people for those who may list them."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.indicators import services, tables
from passerelles.journal.services import record
from passerelles.journal.vocabulary import FactKind
from passerelles.network.policy import SYSTEM
from passerelles.people.services import sign_contract
from tests.browsing import sign_in

WINTER = {"du": "2026-01-01", "au": "2026-03-31", "territoire": "dt:metz"}
SIGNATORIES = reverse("indicators:figure", args=["signataires"])


def text(client, address, data=None, status=200):
    answer = client.get(address, data)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def signed(world):
    """Seven women and one man who signed in Metz this winter."""
    people = [world.person(sex="F", commune_code="57463") for _ in range(7)]
    people.append(world.person(sex="H", family_name="Diallo", commune_code="57463"))
    for rank, person in enumerate(people):
        sign_contract(world.auditor, person, signed_on=dt.date(2026, 1, 5 + rank))
    services.refresh()
    return people


def test_anybody_reads_the_catalogue_and_every_definition_but_no_number(client, db, frozen):
    page = text(client, "/chiffres/")
    for definitions in tables.catalogue().values():
        for each in definitions:
            address = reverse("indicators:figure", args=[each.code])
            assert address in page
            shown = text(client, address)
            assert each.population in shown and each.requirement in shown and "Calculer" not in shown
    assert "formule à valider" in text(client, reverse("indicators:figure", args=["couverture_metiers_en_tension"]))
    assert "n’existe pas" in text(client, "/chiffres/rien/", status=404)


def test_the_manager_reads_the_table_and_opens_the_people_behind_a_cell(client, world, signed):
    visitor = sign_in(client, world, "manager")
    page = text(visitor, SIGNATORIES, WINTER | {"par": "sexe"})
    assert "Femmes" in page and ">7<" in page and ">1<" in page and ">8<" in page
    men = text(
        visitor, reverse("web:figure-people", args=["signataires"]), WINTER | {"par": "sexe", "cellule.sexe": "H"}
    )
    assert "DIALLO" in men and "KADIROV" not in men and "1 personne" in men
    own = text(visitor, reverse("web:person-figures", args=[signed[-1].pk]))
    assert "Signataires du contrat" in own and "12/01/2026" in own


def test_two_records_of_one_person_are_one_line_behind_a_cell(client, world, signed):
    """Whichever of them this agent may see; each leads to the same figures."""
    first, second = signed[0], signed[1]
    away = world.actors["auditor_elsewhere"]
    elsewhere = world.person(away, sex="F", direction="strasbourg", family_name="Ailleurs")
    sign_contract(away, elsewhere, signed_on=dt.date(2026, 2, 3))
    for group in ((first, second), (signed[2], elsewhere)):
        identity = uuid.uuid4()
        for person in group:
            record(
                FactKind.IDENTITY_JOINED,
                actor=SYSTEM,
                occurred_on=world.day,
                person=person.pk,
                direction=person.direction,
                data={"identity": identity},
            )
    services.refresh()
    visitor = sign_in(client, world, "manager")
    address = reverse("web:figure-people", args=["signataires"])
    page = visitor.get(address, WINTER | {"par": "sexe", "cellule.sexe": "F"})
    shown = {person.pk for person in page.context["page"]}
    assert len(shown & {first.pk, second.pk}) == 1
    assert page.context["persons"] == len(shown) + page.context["hidden"]
    assert elsewhere.pk not in shown
    assert "AILLEURS" not in page.content.decode()
    for person in (first, second):
        own = text(visitor, reverse("web:person-figures", args=[person.pk]))
        assert "05/01/2026" in own and "06/01/2026" not in own, "signed once, at the first of the two"


def test_a_table_of_two_dimensions_has_its_totals_and_by_month_its_rows(client, world, signed):
    visitor = sign_in(client, world, "manager")
    page = text(visitor, SIGNATORIES, WINTER | {"par": "sexe", "et_par": "motif"})
    assert "Familial" in page and "Non renseigné" in page and "Ensemble" in page
    assert "janvier 2026" in text(visitor, SIGNATORIES, WINTER | {"par": "sexe", "pas": "month"})
    assert "Tel que connu à la fin du 01/01/2026" in text(visitor, SIGNATORIES, WINTER | {"connu_au": "2026-01-01"})


def test_the_state_reads_counts_of_its_territory_without_small_numbers_nor_people(client, world, signed):
    visitor = sign_in(client, world, "region")
    place = {"du": "2026-01-01", "au": "2026-03-31", "territoire": "region:44"}
    fine = text(visitor, SIGNATORIES, place | {"par": "sexe"})
    assert "légèrement modifiés" in fine and "personnes/?" not in fine
    printed = _numbers(fine)
    assert printed and all(number == 0 or number >= 5 for number in printed)
    assert printed == _numbers(text(visitor, SIGNATORIES, place | {"par": "sexe"})), "always moved in the same way"
    assert "mois entiers" in text(visitor, SIGNATORIES, place | {"au": "2026-03-10"})
    assert visitor.get(reverse("web:figure-people", args=["signataires"]), place).status_code == 403
    assert "légèrement modifiés" not in text(visitor, SIGNATORIES, place | {"territoire": "region:11"})


def test_the_export_is_the_table_of_the_page(client, world, signed):
    visitor = sign_in(client, world, "manager")
    answer = visitor.get(reverse("indicators:export", args=["signataires"]), WINTER | {"par": "sexe"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "chiffre;debut;fin;territoire;sexe;numerateur;denominateur;valeur"
    assert lines[1:] == [
        "signataires;2026-01-01;2026-03-31;dt:metz;F;7;;7",
        "signataires;2026-01-01;2026-03-31;dt:metz;H;1;;1",
    ]


def _numbers(page):
    return [int(found) for found in re.findall(r'web-number">(?:<strong>)?(\d+)<', page.replace("\n", ""))]


@pytest.mark.parametrize("short", ["ft", "cip", "admin", "region"])
def test_each_role_sees_its_own_reach(client, world, signed, short):
    visitor = sign_in(client, world, short)
    reach = text(visitor, SIGNATORIES)
    assert ("region:44" in reach) == (short == "region")
    assert "region:11" not in reach


def test_the_page_asks_the_base_the_same_whatever_the_table(client, world, signed):
    visitor = sign_in(client, world, "manager")
    counts = []
    for asked in ({"par": "sexe"}, {"par": "sexe", "et_par": "motif", "pas": "month"}):
        text(visitor, SIGNATORIES, WINTER | asked)
        with CaptureQueriesContext(connection) as queries:
            text(visitor, SIGNATORIES, WINTER | asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
