"""What is stated of a person: dated, sourced, never overwritten, by whoever may, and never twice by two desks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.utils import ProgrammingError

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.orientation import services
from passerelles.orientation.engine.facts import BadFacts
from passerelles.orientation.models import Statement
from passerelles.orientation.queries.facts import facts_of, stated_of
from passerelles.people.services import give_consent, withdraw_consent
from passerelles.reception.services.appointments import fix_appointment

JOB = "emploi.recherche"


def state(actor, person, day, read=None, source="personne", **values):
    told = {code.replace("__", "."): value for code, value in values.items()}
    return services.state(actor, person.pk, told, source=source, as_of=day, read=read)


@pytest.fixture
def referred(world, person):
    """The agency receives the person: its adviser sees them."""
    fix_appointment(
        world.cip,
        person=person,
        organisation=world.agency,
        session=person.convocations.get().session,
        fixed_for=clock.paris(world.day + dt.timedelta(days=5), 10),
    )
    return person


def test_a_value_is_kept_with_who_when_and_from_which_source(world, person):
    (made,) = state(world.cip, person, world.day, emploi__recherche="cherche")
    assert (made.value, made.as_of, made.source) == ("cherche", world.day, "personne")
    assert (made.by, made.organisation) == (world.cip.agent_id, world.operator)
    known = facts_of(person, world.day)[JOB]
    assert (known.value, known.source, known.since) == ("cherche", "personne", world.day)
    assert Fact.objects.get(kind="fact_stated").data == {"code": JOB, "source": "personne", "value": "cherche"}


def test_a_new_value_is_added_and_the_former_one_stays(world, person):
    day = world.day - dt.timedelta(days=30)
    (first,) = state(world.cip, person, day, emploi__recherche="cherche")
    (second,) = state(world.auditor, person, world.day, emploi__recherche="non")
    assert (first.number, second.number) == (1, 2)
    assert facts_of(person, world.day)[JOB].value == "non"
    assert facts_of(person, day)[JOB].value == "cherche"
    assert JOB not in facts_of(person, day - dt.timedelta(days=1))
    with pytest.raises(ProgrammingError):
        Statement.objects.filter(pk=first.pk).update(value="non")


def test_the_same_value_again_adds_nothing(world, person):
    state(world.cip, person, world.day, emploi__recherche="cherche")
    assert state(world.cip, person, world.day, emploi__recherche="cherche") == []
    assert Statement.objects.count() == 1


def test_what_is_learnt_late_about_an_older_day_does_not_hide_what_is_newer(world, person):
    state(world.cip, person, world.day, emploi__recherche="cherche")
    state(world.cip, person, world.day - dt.timedelta(days=20), emploi__recherche="non")
    assert facts_of(person, world.day)[JOB].value == "cherche"
    assert facts_of(person, world.day - dt.timedelta(days=3))[JOB].value == "non"


def test_what_was_stated_by_mistake_becomes_unknown_again(world, person):
    state(world.cip, person, world.day, emploi__recherche="cherche")
    services.withdraw(world.cip, person.pk, JOB, source="personne", as_of=world.day)
    assert JOB not in facts_of(person, world.day)
    assert stated_of(person, world.day)[JOB].value is None
    assert services.withdraw(world.cip, person.pk, "projet.creation", source="personne", as_of=world.day) == []


def test_two_desks_that_answer_the_same_question(world, person):
    """The second one is told who wrote first; the same answer is no conflict."""
    state(world.cip, person, world.day, read={JOB: None}, emploi__recherche="cherche")
    with pytest.raises(EditedElsewhere, match="Agent cip a enregistré"):
        state(world.cip_two, person, world.day, read={JOB: None}, emploi__recherche="non")
    assert (
        state(world.cip_two, person, world.day, read={JOB: None}, source="opérateur", emploi__recherche="cherche") == []
    )
    head = stated_of(person, world.day)[JOB]
    assert head.value == "cherche"
    state(world.cip_two, person, world.day, read={JOB: head.pk}, emploi__recherche="non")
    assert facts_of(person, world.day)[JOB].value == "non"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("emploi.recherche", "peut-être"),
        ("emploi.recherche", ["cherche"]),
        ("rsa.beneficiaire", "je crois"),
        ("naissance", "31/02/1990"),
        ("langue.oral", "A1+"),
        ("metier.recherches", ["boulanger"]),
        ("metier.recherches", []),
        ("metier.recherches", ["F1703", "F1703\u0000"]),
        ("garde.enfants", 900),
        ("garde.enfants", True),
        ("droits.ouverts", ["caf", "autre"]),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(world, person, code, value):
    with pytest.raises(BadFacts, match="n'est pas lisible"):
        services.state(
            world.auditor, person.pk, {code: value, "projet.creation": "oui"}, source="personne", as_of=world.day
        )
    assert not Statement.objects.exists()


def test_an_item_that_does_not_exist_is_told(world, person):
    with pytest.raises(BadFacts, match="n'existe pas"):
        services.state(world.auditor, person.pk, {"emploi.recherch": "non"}, source="personne", as_of=world.day)


def test_nothing_is_known_from_a_future_day(world, person):
    with pytest.raises(Impossible, match="futur"):
        state(world.cip, person, world.day + dt.timedelta(days=1), emploi__recherche="cherche")


HEALTH = {
    "frein.sante": {"agir": True, "ft": True},
    "handicap.boe": {"auditor": True, "agir": True, "ft": True},
    "sante.vulnerable": {"auditor": True},
    "agir.vulnerable": {"auditor": True},
    "psp.debut": {},
    "iae.criteres": {},
}
"""Who may state, and so read, each sensitive item (A.6), the person having agreed; nobody else."""


@pytest.mark.parametrize("code", HEALTH)
def test_health_is_written_only_by_the_roles_of_the_requirement(world, referred, code):
    from passerelles.network.enums import Action
    from passerelles.orientation.policy import items

    for short, actor in world.actors.items():
        expected = HEALTH[code].get(short.removesuffix("_elsewhere").removesuffix("_two"), False)
        for action in (Action.VIEW, Action.EDIT):
            assert (code in items(actor, action, consents=True)) == expected, (short, action)


def test_the_adviser_knows_of_the_barrier_only_if_the_person_agrees(world, referred):
    with pytest.raises(Refused):
        state(world.ft, referred, world.day, frein__sante="fort")
    give_consent(world.auditor, referred, purpose="health", given_on=world.day)
    state(world.ft, referred, world.day, frein__sante="fort")
    withdraw_consent(world.auditor, referred, purpose="health", on=world.day)
    with pytest.raises(Refused):
        state(world.ft, referred, world.day, frein__sante="moyen")


@pytest.mark.parametrize("short", ["region", "nation", "department", "tester", "trainer", "employer", "admin", "agir"])
def test_who_may_not_write_a_diagnosis_is_refused_or_sees_nobody(world, person, short):
    with pytest.raises((Refused, Unknown)):
        state(world.actors[short], person, world.day, emploi__recherche="cherche")


@pytest.mark.parametrize("short", ["auditor_elsewhere", "cip_elsewhere", "ft", "ft_elsewhere"])
def test_a_person_outside_the_scope_does_not_exist(world, person, short):
    with pytest.raises(Unknown):
        state(world.actors[short], person, world.day, emploi__recherche="cherche")
