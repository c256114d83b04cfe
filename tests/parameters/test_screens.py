"""The history of a parameter, and the two forms of the agent of the State, walked for every role."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core import clock
from passerelles.parameters.models import Override
from passerelles.parameters.services import withdraw
from passerelles.reference import parameters
from tests.browsing import sign_in
from tests.world import ACTORS

READERS = {
    "auditor",
    "auditor_elsewhere",
    "manager",
    "cip",
    "cip_two",
    "cip_elsewhere",
    "region",
    "department",
    "nation",
}
DECIDERS = {"region", "nation"}
PAGE = "/parametres/metz_sessions_week/"
TYPED = {
    "value": "7 PFA",
    "territory": "dt:metz",
    "valid_from": "2026-03-01",
    "valid_to": "",
    "reference": "arrêté préfectoral du 2 mars 2026, article 2",
}
WITHDRAWAL = {"withdrawn_from": "2026-03-10", "reason": "erreur de saisie, voir le courrier du 9 mars"}


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_who_reads_the_history_and_who_is_offered_to_decide(client, world, decided, short):
    decided()
    answer = sign_in(client, world, short).get(PAGE)
    assert answer.status_code == (200 if short in READERS else 403)
    if short in READERS:
        page = answer.content.decode()
        assert "présentation DT OFII Metz" in page
        assert ("Décider une valeur pour un territoire" in page) == (short in DECIDERS)
        assert ("Retirer" in page) == (short in DECIDERS)
        assert (f"{PAGE}decider" in client.get("/parametres/").content.decode()) == (short in DECIDERS)


@pytest.mark.parametrize("short", sorted(ACTORS))
def test_who_opens_and_sends_the_forms(client, world, decided, short):
    taken = decided()
    expected = 200 if short in DECIDERS else 403
    sign_in(client, world, short)
    assert client.get(f"{PAGE}decider").status_code == expected
    assert client.get(f"/parametres/decisions/{taken.pk}/retirer").status_code == expected
    sent = 302 if short in DECIDERS else 403
    other = TYPED | {"territory": "dt:strasbourg"}
    assert client.post(f"{PAGE}decider", other).status_code == sent
    assert client.post(f"/parametres/decisions/{taken.pk}/retirer", WITHDRAWAL).status_code == sent
    assert Override.objects.count() == (2 if short in DECIDERS else 1)


@pytest.mark.parametrize(
    ("short", "seen"),
    [
        ("auditor", {"DT OFII Metz", "national"}),
        ("cip", {"DT OFII Metz", "national"}),
        ("auditor_elsewhere", {"national"}),
        ("department", {"DT OFII Metz", "national"}),
        ("region", {"DT OFII Metz", "national"}),
        ("nation", {"DT OFII Metz", "DT OFII Créteil", "national"}),
    ],
)
def test_each_reader_sees_the_decisions_of_their_territories_and_of_the_wider_ones(client, world, decided, short, seen):
    decided()
    for place in ("national", "dt:creteil"):
        decided(world.nation, territory=place)
    file = sign_in(client, world, short).get(PAGE).context["file"]
    assert {line.territory for line in file.decisions} == seen


def test_what_is_decided_is_in_the_history_and_in_the_list(client, world):
    sign_in(client, world, "region")
    answer = client.post(f"{PAGE}decider", TYPED, follow=True)
    page = answer.content.decode()
    assert "Décision enregistrée : 7 PFA, DT OFII Metz, à partir du 1er mars 2026." in page
    assert "Agent region, DREETS Grand Est" in page
    assert "arrêté préfectoral du 2 mars 2026, article 2" in page
    row = next(
        row for row in client.get("/parametres/?territoire=dt:metz").context["rows"] if row.key == "metz_sessions_week"
    )
    assert (row.value, row.unit, row.is_override) == ("7", "PFA", True)
    assert row.reference == TYPED["reference"]


def test_a_withdrawn_decision_stays_in_the_history_with_its_reason(client, world, decided):
    taken = decided()
    sign_in(client, world, "region")
    page = client.post(f"/parametres/decisions/{taken.pk}/retirer", WITHDRAWAL, follow=True).content.decode()
    assert "Retirée par Agent region le 10 mars 2026" in page
    assert WITHDRAWAL["reason"] in page
    assert f"/parametres/decisions/{taken.pk}/retirer" not in page
    assert parameters.value("metz_sessions_week", world.day, "dt:metz").value == 6


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"value": "sept"}, "value", "Attendu : un nombre entier"),
        ({"value": "7 heures"}, "value", "« PFA »"),
        ({"value": ""}, "value", "Donnez une valeur"),
        ({"nothing": "on"}, "value", "pas les deux"),
        ({"reference": "non"}, "reference", "Citez le texte"),
        ({"valid_to": "2026-02-01"}, None, "avant son début"),
        ({"valid_from": "1926-03-01"}, None, "2000 à 2099"),
        ({"territory": "region:11"}, "territory", ""),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_is_kept(client, world, change, field, words):
    answer = sign_in(client, world, "region").post(f"{PAGE}decider", TYPED | change)
    assert answer.status_code == 200
    form = answer.context["form"]
    told = form.errors[field] if field else form.non_field_errors()
    assert words in str(told[0])
    assert TYPED["reference"] in answer.content.decode() or "reference" in change
    assert not Override.objects.exists()


def test_a_second_decision_for_the_same_days_is_told(client, world, decided):
    decided()
    answer = sign_in(client, world, "region").post(f"{PAGE}decider", TYPED)
    assert "Une décision vaut déjà à partir du 1er mars 2026" in answer.content.decode()


@pytest.mark.parametrize(
    ("key", "typed", "place"),
    [
        ("auto_ft_registration_date", "2026-10-01", "region:44"),
        ("csp_level_required", "B1", "department:57"),
        ("metz_convention", "non", "dt:metz"),
        ("metz_m1_definition", "received", "dt:metz"),
        ("a1_hours_allowed", "100, 200", "dt:strasbourg"),
    ],
)
def test_every_type_of_parameter_has_its_field(client, world, key, typed, place):
    sign_in(client, world, "region")
    assert client.get(f"/parametres/{key}/decider").status_code == 200
    sent = client.post(f"/parametres/{key}/decider", TYPED | {"value": typed, "territory": place})
    assert sent.status_code == 302, sent.context["form"].errors
    assert client.get(f"/parametres/{key}/").status_code == 200


def test_no_value_may_be_decided(client, world):
    sign_in(client, world, "region")
    client.post(f"{PAGE}decider", TYPED | {"value": "", "nothing": "on"})
    assert Override.objects.get().value is None
    assert "sans valeur (non configuré)" in client.get(PAGE).content.decode()


def test_the_region_is_refused_what_the_nation_decided_for_france(client, world, decided):
    taken = decided(world.nation, territory="national")
    sign_in(client, world, "region")
    assert "Retirer" not in client.get(PAGE).content.decode()
    assert client.get(f"/parametres/decisions/{taken.pk}/retirer").status_code == 403
    assert client.post(f"/parametres/decisions/{taken.pk}/retirer", WITHDRAWAL).status_code == 403


def test_what_does_not_exist_is_not_found(client, world):
    sign_in(client, world, "nation")
    assert client.get("/parametres/nombre_de_lunes/").status_code == 404
    assert client.get("/parametres/nombre_de_lunes/decider").status_code == 404
    assert client.get("/parametres/decisions/00000000-0000-0000-0000-000000000000/retirer").status_code == 404


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2026, 2, 1), "à venir"), (dt.date(2026, 3, 10), "en vigueur"), (dt.date(2026, 4, 1), "échue")],
)
def test_the_state_of_a_decision_follows_the_calendar(client, world, decided, day, words):
    decided(valid_to=dt.date(2026, 3, 31))
    with clock.frozen(clock.paris(day, 9)):
        (line,) = sign_in(client, world, "region").get(PAGE).context["file"].decisions
    assert line.state == words


def test_the_history_costs_the_same_for_one_decision_and_for_thirty(client, world, decided, django_assert_num_queries):
    sign_in(client, world, "nation")
    decided(world.nation)
    with django_assert_num_queries(5):
        client.get(PAGE)
    for number in range(29):
        taken = decided(world.nation, territory="national", valid_from=dt.date(2026, 3, 1))
        withdraw(world.nation, taken.pk, withdrawn_from=dt.date(2026, 3, 1), reason=f"reprise numéro {number}")
    with django_assert_num_queries(5):
        assert len(client.get(PAGE).context["file"].decisions) == 30


def test_the_list_reads_the_decisions_once(client, world, decided, django_assert_num_queries):
    sign_in(client, world, "nation")
    decided(world.nation)
    with django_assert_num_queries(5):
        client.get("/parametres/")
