"""The screens of the returns, seen by every role."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from passerelles.journal.models import Access, Fact
from passerelles.people.services import correct_person
from passerelles.reports import services
from passerelles.reports.models import Return
from tests.browsing import sign_in
from tests.reports.conftest import JANUARY, METZ
from tests.world import ACTORS

READERS_OF_DRAFTS = {"auditor", "manager", "cip", "cip_two", "admin"}
READERS_OF_SENT = READERS_OF_DRAFTS | {"region", "nation"}
OTHER_DIRECTION = {"auditor_elsewhere", "cip_elsewhere"}
ELSEWHERE = OTHER_DIRECTION | {"department", "agir"}
EXPORTERS = {"manager", "cip", "cip_two", "admin", "region", "nation"}
READERS_OF_PEOPLE = {"auditor", "manager", "cip", "cip_two"}
COUNTERS = READERS_OF_DRAFTS | {"region", "nation", "department"}
ASKED = {"remontee": "metz-monthly", "territoire": "dt:metz", "periode": "2026-01"}
CELL = "?indicateur=M1_personnes_accompagnees"


def status(client, world, short, address):
    return sign_in(client, world, short).get(address).status_code


def statuses(client, world, address):
    """What each role gets at `address`."""
    return {short: status(client, world, short, address) for short in ACTORS}


def answers(readers, elsewhere=frozenset()):
    """200 for the readers, 404 for those whose role could and who may not see it, 403 for the others."""
    return {short: 200 if short in readers else 404 if short in elsewhere else 403 for short in ACTORS}


def test_the_list_shows_each_role_what_it_may_read(client, january, drafted):
    for short in ACTORS:
        response = sign_in(client, january, short).get("/remontees/")
        if short not in READERS_OF_SENT | ELSEWHERE:
            assert (short, response.status_code) == (short, 403)
            continue
        expected = [drafted.pk] if short in READERS_OF_DRAFTS else []
        assert (short, [line.id for line in response.context["lines"]]) == (short, expected)


@pytest.mark.parametrize(
    ("stage", "state"), [("drafted", set()), ("validated", {"region"}), ("sent", {"region", "nation"})]
)
def test_the_page_and_the_file_of_a_version_by_role_and_stage(client, january, request, stage, state):
    found = request.getfixturevalue(stage)
    readers = READERS_OF_DRAFTS | state
    page = reverse("reports:return", args=[found.pk])
    assert statuses(client, january, page) == answers(readers, READERS_OF_SENT | ELSEWHERE)
    file = reverse("reports:export", args=[found.pk, "csv"])
    assert statuses(client, january, file) == answers(
        readers & EXPORTERS, EXPORTERS | {"cip_elsewhere", "department", "agir"}
    )


def test_the_persons_behind_a_figure_by_role(client, january, sent):
    address = reverse("reports:people", args=[sent.pk]) + CELL
    for short in ACTORS:
        response = sign_in(client, january, short).get(address)
        read = Access.objects.filter(actor_id=january.actors[short].agent_id, purpose__startswith="M1_")
        if short in READERS_OF_PEOPLE:
            assert response.status_code == 200
            assert len(response.context["behind"].people) == len(read.get().people) == 8
        else:
            assert response.status_code == (404 if short in OTHER_DIRECTION | {"agir"} else 403)
            assert "Kadirov" not in response.content.decode()
            assert not read.exists()


def test_the_live_figures_by_role(client, january):
    address = reverse("reports:live") + "?mois=2026-01&dt=metz"
    assert statuses(client, january, address) == answers(COUNTERS)
    people = reverse("reports:live-people") + f"{CELL}&mois=2026-01&dt=metz"
    assert statuses(client, january, people) == answers(READERS_OF_PEOPLE)


def test_the_state_reads_totals_without_small_numbers_nor_links(client, january):
    for short in ("region", "department", "nation"):
        page = sign_in(client, january, short).get(reverse("reports:live") + "?mois=2026-01&dt=metz")
        shown = [values for _, values in page.context["shared"]]
        assert shown[0] == ("masqué", "masqué", "8")
        assert shown[1] == ("masqué", "masqué", "moins de 5")
        assert shown[3] == ("0", "0", "0")
        text = page.content.decode()
        assert "indicateur=" not in text
        assert "Lignes internes" not in text


def test_the_state_reads_the_return_sent_without_persons_nor_authors(client, january, sent):
    page = sign_in(client, january, "region").get(reverse("reports:return", args=[sent.pk]))
    text = page.content.decode()
    assert page.context["tables"][0].total == 8
    assert "indicateur=" not in text
    assert "Lignes internes" not in text
    assert "Agent cip" not in text


def test_each_figure_leads_to_its_persons(client, january, drafted):
    browser = sign_in(client, january, "cip")
    page = browser.get(reverse("reports:return", args=[drafted.pk]))
    links = re.findall(r'href="(/remontees/[^"]+/personnes/\?[^"]+)"', page.content.decode())
    assert links
    for link in links:
        response = browser.get(link.replace("&amp;", "&"))
        assert response.status_code == 200
        count = response.context["count"]
        assert count == response.context["behind"].counted == len(response.context["behind"].people) > 0


def test_a_figure_that_does_not_exist_is_not_found(client, january, drafted):
    browser = sign_in(client, january, "cip")
    for query in ("", "?indicateur=M9", f"{CELL}&sexe=X", f"{CELL}&tranche=12"):
        assert browser.get(reverse("reports:people", args=[drafted.pk]) + query).status_code == 404
    assert browser.get(reverse("reports:return", args=[uuid.uuid4()])).status_code == 404
    assert browser.get(reverse("reports:export", args=[drafted.pk, "doc"])).status_code == 404


def test_the_way_from_the_month_due_to_the_envoy(client, january):
    browser = sign_in(client, january, "cip")
    page = browser.get("/remontees/")
    assert [str(due.period) for due in page.context["due"]] == ["2025-12", "2026-01", "2026-02"]
    assert browser.get("/remontees/mois/?mois=2026-01&dt=metz").context["may_draft"]
    answer = browser.post("/remontees/etablir/", ASKED | {"commentaire": "Vu."}, follow=True)
    found = Return.objects.get()
    assert answer.redirect_chain[0][0] == f"/remontees/{found.pk}/"
    assert "Une autre personne doit maintenant la valider" in answer.content.decode()
    assert not answer.context["may_validate"]
    assert browser.post(f"/remontees/{found.pk}/valider/").status_code == 403
    refused = browser.post(f"/remontees/{found.pk}/envoyer/", follow=True)
    assert "n’est pas validée" in refused.content.decode()
    manager = sign_in(client, january, "manager")
    assert not manager.get(f"/remontees/{found.pk}/").context["may_validate"], "the DT receives it"
    admin = sign_in(client, january, "admin")
    assert admin.get(f"/remontees/{found.pk}/").context["may_validate"]
    admin.post(f"/remontees/{found.pk}/valider/")
    browser = sign_in(client, january, "cip")
    assert "Envoyer aux destinataires" in browser.get(f"/remontees/{found.pk}/").content.decode()
    assert "Remontée envoyée" in browser.post(f"/remontees/{found.pk}/envoyer/", follow=True).content.decode()
    assert [str(due.period) for due in browser.get("/remontees/").context["due"]] == ["2025-12", "2026-02"]


def test_what_cannot_be_drafted_is_told_on_the_list(client, january):
    browser = sign_in(client, january, "cip")
    for month, sentence in (
        ("2026-05", "n’a pas commencé"),
        ("2025-11", "n&#x27;a pas de valeur"),
        ("x", "est pas une période"),
    ):
        page = browser.post("/remontees/etablir/", ASKED | {"periode": month}, follow=True)
        assert sentence in page.content.decode()
    assert browser.post("/remontees/etablir/", ASKED | {"territoire": "dt:strasbourg"}).status_code == 403
    assert "pas valable" in browser.post("/remontees/etablir/", {}, follow=True).content.decode()
    assert not Return.objects.exists()


def test_the_figures_as_known_on_a_date(client, january):
    browser = sign_in(client, january, "cip")
    before = browser.get("/remontees/mois/?mois=2026-01&dt=metz&connu_au=2026-01-26")
    after = browser.get("/remontees/mois/?mois=2026-01&dt=metz&connu_au=2026-01-27")
    assert (before.context["tables"][0].total, after.context["tables"][0].total) == (0, 8)
    assert not after.context["may_draft"]
    assert "connu_au=2026-01-27" in after.content.decode()
    for wrong in ("mois=janvier", "mois=2026-13", "connu_au=2026-12-01", "connu_au=hier"):
        page = browser.get(f"/remontees/mois/?{wrong}")
        assert page.status_code == 200
        assert "tables" not in page.context
    assert browser.get("/remontees/mois/?dt=lyon").status_code == 403


def test_where_the_experiment_does_not_run_the_page_says_so(client, january):
    page = sign_in(client, january, "auditor_elsewhere").get("/remontees/mois/?mois=2026-01")
    assert page.status_code == 200
    assert "not_here" in page.context


def test_a_late_correction_shows_on_the_list_and_on_the_page(client, january, sent):
    correct_person(january.auditor, january.interviews[-1].person_id, birth_date=dt.date(1966, 2, 1))
    browser = sign_in(client, january, "cip")
    assert browser.get("/remontees/").context["lines"][0].differences == 2
    page = browser.get(f"/remontees/{sent.pk}/")
    assert len(page.context["detail"].differences) == 2
    assert "Établir une version corrigée" in page.content.decode()


def test_reading_writes_nothing_but_the_access_log(client, january, sent):
    browser = sign_in(client, january, "cip")
    facts, accesses = Fact.objects.count(), Access.objects.count()
    page = f"/remontees/{sent.pk}/"
    for address in ("/remontees/", page, "/remontees/mois/?mois=2026-01", f"{page}remontee.pdf"):
        assert browser.get(address).status_code == 200
    assert (Fact.objects.count(), Access.objects.count()) == (facts, accesses)
    for address in (f"{page}valider/", f"{page}envoyer/", "/remontees/etablir/"):
        assert browser.get(address).status_code == 405


def queries_of(client, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(60) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_asks_the_same_number_of_queries_for_3_and_for_20_versions(
    client, january, django_assert_max_num_queries
):
    browser = sign_in(client, january, "cip")
    for _ in range(3):
        services.draft_return(january.cip, *METZ)
    few = queries_of(browser, django_assert_max_num_queries, "/remontees/")
    for month in (JANUARY.previous, JANUARY.next, JANUARY):
        for _ in range(6):
            services.draft_return(january.cip, "metz-monthly", "dt:metz", str(month))
    assert queries_of(browser, django_assert_max_num_queries, "/remontees/") == few <= 16


def test_the_page_and_the_persons_ask_a_fixed_number_of_queries(
    client, january, drafted, django_assert_max_num_queries
):
    browser = sign_in(client, january, "cip")
    page, people = f"/remontees/{drafted.pk}/", f"/remontees/{drafted.pk}/personnes/"
    assert queries_of(browser, django_assert_max_num_queries, page) <= 20
    one = queries_of(browser, django_assert_max_num_queries, f"{people}?indicateur=M3_RSA_ou_AGIR")
    many = queries_of(browser, django_assert_max_num_queries, f"{people}?indicateur=personnes_recues")
    assert one == many <= 14
