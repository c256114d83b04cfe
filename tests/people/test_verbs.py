"""What a person says is written only by those who receive them; consent and opt-out can be taken back (B-035)."""

from __future__ import annotations

import pytest

from passerelles.core.errors import Refused
from passerelles.journal.models import Fact
from passerelles.people import services as people
from passerelles.people.models import Consent, OptOut


def test_consent_is_withdrawn_and_the_journal_keeps_both(world):
    person = world.person()
    people.give_consent(world.cip, person, purpose="messages", given_on=world.day)
    people.withdraw_consent(world.cip, person, purpose="messages", on=world.day)
    assert Consent.objects.get().withdrawn_on == world.day
    kinds = list(Fact.objects.filter(person_id=person.pk).values_list("kind", flat=True))
    assert kinds[-2:] == ["consent_given", "consent_withdrawn"]


def test_an_opt_out_is_reversed_at_any_time(world):
    person = world.person()
    people.opt_out(world.cip, person, since=world.day, reason="projet personnel")
    people.reverse_opt_out(world.cip, person, on=world.day)
    assert OptOut.objects.get().reversed_on == world.day


@pytest.mark.parametrize("short", ["ft", "region", "department", "nation", "admin", "trainer", "employer", "tester"])
def test_who_does_not_receive_the_person_writes_nothing(world, short):
    person, actor = world.person(), world.actors[short]
    day = world.day
    refused = [
        lambda: people.give_consent(actor, person, purpose="messages", given_on=day),
        lambda: people.withdraw_consent(actor, person, purpose="messages", on=day),
        lambda: people.opt_out(actor, person, since=day, reason="x"),
        lambda: people.reverse_opt_out(actor, person, on=day),
        lambda: people.observe_situation(actor, person, kind="none", observed_on=day, source="x"),
        lambda: people.sign_contract(actor, person, signed_on=day),
    ]
    for verb in refused:
        with pytest.raises(Refused):
            verb()
    assert not Consent.objects.exists()
    assert not OptOut.objects.exists()
