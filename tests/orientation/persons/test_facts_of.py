"""From the tables to the facts: each with its source and its date, and never a « non » that nobody said."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelles.linkage.models import Check
from passerelles.linkage.services import declare_check
from passerelles.orientation import services
from passerelles.orientation.queries.facts import Told, _settled, facts_of, facts_of_many, territory_of
from passerelles.orientation.rules.facts import FACTS
from passerelles.people import services as people
from passerelles.people.models import Person
from passerelles.reference.levels import Level


def test_what_is_known_elsewhere_is_never_asked_again(world, person):
    people.observe_situation(world.auditor, person, kind="none", observed_on=world.day, source="Entretien")
    people.opt_out(world.auditor, person, since=world.day, reason="études")
    found = facts_of(person, world.day)
    assert {code: known.value for code, known in found.items()} == {
        "naissance": person.birth_date,
        "sexe": "F",
        "nationalite": "TJ",
        "sejour.motif": "FAMILIAL",
        "departement": "57",
        "cir.contrat": "cir",
        "cir.date_signature": dt.date(2026, 3, 2),
        "langue.evaluation": dt.date(2026, 3, 2),
        "langue.ecrit": Level.A1,
        "langue.oral": Level.A1,
        "emploi.situation": "none",
        "spe.dispense": True,
    }
    assert (found["langue.oral"].source, found["langue.oral"].since) == ("positionnement initial", dt.date(2026, 3, 2))
    assert found["cir.contrat"].source == "contrat CIR-1"
    assert str(territory_of(person, found)) == "department:57"


def test_a_person_of_whom_nothing_is_known_has_no_no(world):
    bare = world.person(nationality="", sex="F", birth_date=None)
    found = facts_of(bare, world.day)
    assert set(found) == {"sexe"}
    assert str(territory_of(bare, found)) == "dt:metz"


@pytest.mark.parametrize(("precision", "known"), [("day", True), ("month", False), ("year", False)])
def test_a_birth_date_known_to_the_year_is_not_a_birth_date(world, precision, known):
    assert ("naissance" in facts_of(world.person(birth_date_precision=precision), world.day)) == known


@pytest.mark.parametrize("postcode", ["", "99999", "01410"])
def test_a_postcode_that_does_not_say_the_department_says_nothing(world, postcode):
    assert "departement" not in facts_of(world.person(postcode=postcode), world.day)


@pytest.mark.parametrize(
    ("result", "expected"), [("registered", True), ("not_found", False), ("to_review", None), ("ambiguous", None)]
)
def test_a_check_that_nobody_settled_says_nothing(world, person, result, expected):
    Check.objects.create(person=person, register="rsa", result=result, source="liste RSA", as_of=world.day, reason="x")
    known = facts_of(person, world.day).get("rsa.beneficiaire")
    assert (known.value if known else None) is expected
    if known:
        assert (known.source, known.since) == ("liste RSA", world.day)


def test_the_newer_of_a_list_and_a_registration_is_right(world, person):
    declare_check(world.auditor, person, register="ft", known=False, source="liste FT")
    people.register(world.cip, person, starts_on=world.day, by="cip", place="pfa")
    assert facts_of(person, world.day)["ft.inscrit"].value is True
    assert "ft.inscrit" not in facts_of(person, world.day - dt.timedelta(days=1))


def test_a_registration_that_ended_says_no_from_the_day_after(world, person):
    end = world.day - dt.timedelta(days=3)
    people.register(
        world.cip, person, starts_on=world.day - dt.timedelta(days=90), by="ft", place="agency", ends_on=end
    )
    assert facts_of(person, end)["ft.inscrit"].value is True
    assert facts_of(person, end + dt.timedelta(days=1))["ft.inscrit"].value is False


def test_what_is_stated_later_than_a_list_is_right_and_the_record_of_the_person_always(world, person):
    yesterday = world.day - dt.timedelta(days=1)
    Check.objects.create(person=person, register="rsa", result="not_found", source="liste", as_of=yesterday, reason="x")
    services.state(
        world.auditor, person.pk, {"rsa.beneficiaire": "oui", "nationalite": "AF"}, source="personne", as_of=world.day
    )
    found = facts_of(person, world.day)
    assert (found["rsa.beneficiaire"].value, found["rsa.beneficiaire"].source) == (True, "personne")
    assert found["nationalite"].value == "TJ"


def test_on_the_same_day_the_table_of_the_room_is_right(world, person):
    services.state(world.auditor, person.pk, {"emploi.situation": "cdi"}, source="personne", as_of=world.day)
    people.observe_situation(world.auditor, person, kind="none", observed_on=world.day, source="Entretien")
    assert facts_of(person, world.day)["emploi.situation"].value == "none"


@pytest.mark.parametrize(("housing", "expected"), [("autonome", None), ("tiers", True), ("hotel", True)])
def test_how_one_is_housed_answers_the_question_of_agir_and_never_with_a_no(world, person, housing, expected):
    services.state(world.auditor, person.pk, {"logement.type": housing}, source="personne", as_of=world.day)
    known = facts_of(person, world.day).get("logement.sans_hebergement")
    assert (known.value if known else None) is expected


def test_many_persons_cost_no_more_queries_than_one(world, person, django_assert_num_queries):
    others = [world.person() for _ in range(5)]
    people_ = list(Person.objects.filter(pk__in=[person.pk, *(each.pk for each in others)]))
    with django_assert_num_queries(3):
        one = facts_of(person, world.day)
    with django_assert_num_queries(3):
        many = facts_of_many(people_, world.day)
    assert many[person.pk] == one


DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 3, 10))
BOOLEANS = sorted(code for code, spec in FACTS.items() if spec.type == "bool")
SAID = st.builds(Told, st.sampled_from(BOOLEANS), st.booleans(), st.just("liste"), DAYS, st.integers(1, 3))


@given(st.lists(SAID, max_size=20))
def test_whatever_is_said_a_fact_nobody_spoke_of_stays_unknown_and_a_no_was_said(told):
    found = _settled(told)
    assert set(found) == {each.code for each in told}
    for code, known in found.items():
        assert known.value in {each.value for each in told if each.code == code}
        assert known.since == max(each.since for each in told if each.code == code)


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "contract": DAYS,
        "situation": st.sampled_from(["none", "cdi", "student"]),
        "check": st.sampled_from(["registered", "not_found", "to_review", "ambiguous"]),
        "postcode": st.sampled_from(["57000", "01410", "99999"]),
    },
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_the_rows_of_the_base_never_make_a_no_of_what_is_missing(world, rows):
    person = world.person(nationality="", postcode=rows.get("postcode", ""))
    if "contract" in rows:
        people.sign_contract(world.auditor, person, signed_on=rows["contract"])
    if "situation" in rows:
        people.observe_situation(
            world.auditor, person, kind=rows["situation"], observed_on=world.day, source="Entretien"
        )
    if "check" in rows:
        Check.objects.create(
            person=person, register="rsa", result=rows["check"], source="liste", as_of=world.day, reason="x"
        )
    found = facts_of(person, world.day)
    said_no = {code for code, known in found.items() if known.value in (False, "aucun", "non")}
    assert said_no == ({"rsa.beneficiaire"} if rows.get("check") == "not_found" else set())
    assert ("cir.contrat" in found) == ("contract" in rows)
    assert ("emploi.situation" in found) == ("situation" in rows)
