"""Following the recommendation or choosing otherwise: reasons, rights, two desks, and the fact that remains."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from passerelles.core.errors import EditedElsewhere, Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.orientation import services
from passerelles.orientation.models import Decision
from passerelles.orientation.queries import decision_of, decisions_of

SEEKER = {"emploi.situation": "none", "emploi.recherche": "cherche", "spe.dispense": "non"}


@pytest.fixture
def seeker(world, person):
    services.state(world.auditor, person.pk, SEEKER, source="personne", as_of=world.day)
    return person


def recommended(world, person):
    from passerelles.orientation.engine.recommendation import Standing
    from passerelles.orientation.queries.recommendation import outlook_of

    return outlook_of(world.auditor, person, world.day).codes(Standing.RECOMMENDED)


def test_following_the_recommendation_needs_no_reason_and_keeps_what_it_rests_on(world, seeker):
    wanted = recommended(world, seeker)
    assert "france_travail" in wanted
    made = services.decide(world.auditor, seeker.pk, chosen=wanted)
    assert (made.kind, made.by, made.organisation) == ("agreed", world.auditor.agent_id, world.dt_metz)
    assert made.territory == "department:57"
    assert made.facts["emploi.recherche"] == {"valeur": "cherche", "source": "personne", "date": "2026-03-10"}
    assert made.rules["spe.orientation"] <= "2026-03-10"
    line = next(line for line in made.recommended if line["code"] == "france_travail")
    assert line["for"]
    assert all(reason["reference"] for reason in line["for"])
    assert decision_of(seeker) == made
    assert "france_travail" in {body.code for body in made.bodies}


def test_another_choice_needs_a_reason(world, seeker):
    with pytest.raises(Impossible, match="demande un motif"):
        services.decide(world.auditor, seeker.pk, chosen=["adie"])
    with pytest.raises(Impossible, match="demande un motif"):
        services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="  \u200b ")
    made = services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet de création déjà financé")
    assert made.is_override
    assert made.reason == "Projet de création déjà financé"


def test_no_choice_at_all_needs_a_reason(world, seeker):
    with pytest.raises(Impossible, match="Aucune orientation"):
        services.decide(world.auditor, seeker.pk, chosen=[])
    assert services.decide(world.auditor, seeker.pk, chosen=[], reason="Départ annoncé").is_override


def test_what_is_not_in_the_list_is_refused(world, seeker):
    with pytest.raises(Impossible, match="n’est pas une orientation possible"):
        services.decide(world.auditor, seeker.pk, chosen=["astrologue"], reason="x")


def test_a_decision_is_not_taken_for_a_future_day(world, seeker):
    with pytest.raises(Impossible, match="future"):
        services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="x", made_on=world.day + dt.timedelta(days=1))


def test_the_journal_keeps_the_decision_and_never_a_sensitive_value(world, seeker):
    services.state(world.auditor, seeker.pk, {"handicap.boe": "oui"}, source="personne", as_of=world.day)
    made = services.decide(world.auditor, seeker.pk, chosen=["cap_emploi"], reason="Le plus à même")
    fact = Fact.objects.get(kind="orientation_decided")
    assert (fact.subject_id, fact.person_id, fact.direction) == (made.pk, seeker.pk, "metz")
    assert fact.data["chosen"] == ["cap_emploi"]
    assert fact.data["rules"] == made.rules
    assert fact.data["facts"]["handicap.boe"]["valeur"] is None
    assert made.facts["handicap.boe"]["valeur"] is True
    stated = Fact.objects.filter(kind="fact_stated", data__code="handicap.boe").get()
    assert "value" not in stated.data


def test_a_new_decision_replaces_the_former_one_which_stays_readable(world, seeker):
    first = services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet")
    second = services.decide(world.cip, seeker.pk, chosen=[], reason="Projet abandonné", read=first.pk)
    assert decision_of(seeker) == second
    assert list(decisions_of(seeker)) == [second, first]


def test_two_desks_never_replace_the_same_decision(world, seeker):
    first = services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet", read=None)
    services.decide(world.cip, seeker.pk, chosen=[], reason="Abandon", read=first.pk)
    with pytest.raises(EditedElsewhere, match="Agent cip"):
        services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet", read=first.pk)
    with pytest.raises(EditedElsewhere):
        services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet", read=None)
    assert Decision.objects.count() == 2


def test_the_database_itself_refuses_two_first_decisions_and_a_rewriting(world, seeker):
    made = services.decide(world.auditor, seeker.pk, chosen=["adie"], reason="Projet")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(person=seeker, made_on=world.day, kind="overridden", reason="x", territory="", number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(person=seeker, made_on=world.day, kind="overridden", territory="", number=2)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(reason="autre")


@pytest.mark.parametrize("short", ["ft", "agir", "region", "tester", "trainer", "employer", "nation", "admin"])
def test_who_may_not_decide_is_refused_or_sees_nobody(world, seeker, short):
    with pytest.raises((Refused, Unknown)):
        services.decide(world.actors[short], seeker.pk, chosen=["adie"], reason="x")


@pytest.mark.parametrize("short", ["auditor_elsewhere", "cip_elsewhere"])
def test_a_person_of_elsewhere_does_not_exist(world, seeker, short):
    with pytest.raises(Unknown):
        services.decide(world.actors[short], seeker.pk, chosen=["adie"], reason="x")
