"""Profiles kept ready by the worker, and what `doctor` says of those that wait."""

from __future__ import annotations

from passerelles.cli import health
from passerelles.cli.health import Context, State
from passerelles.core import clock
from passerelles.core.postgres import DatabaseUrls
from passerelles.linkage.models import Profile, Stale
from passerelles.linkage.tasks import follow_the_model, refresh_profiles
from passerelles.people.services import correct_person


def test_the_worker_prepares_whoever_waits(world):
    people = [world.person() for _ in range(3)]
    assert Stale.objects.count() == 3
    assert refresh_profiles(0) == 3
    assert set(Profile.objects.values_list("person_id", flat=True)) == {person.pk for person in people}
    assert refresh_profiles(0) == 0


def test_the_profiles_of_a_former_model_wait_to_be_prepared_again(world):
    person = world.person()
    refresh_profiles(0)
    assert follow_the_model(0) == 0
    Profile.objects.update(model="d’avant")
    assert follow_the_model(0) == 1
    assert list(Stale.objects.values_list("person_id", flat=True)) == [person.pk]
    refresh_profiles(0)
    assert Profile.objects.get().model != "d’avant"


def test_a_corrected_person_waits_again_and_a_person_seen_does_not(world):
    person = world.person()
    refresh_profiles(0)
    correct_person(world.auditor, person.pk, motive="FAMILIAL")
    assert not Stale.objects.exists()
    correct_person(world.auditor, person.pk, given_names="Zarine")
    assert refresh_profiles(0) == 1
    assert Profile.objects.get().given == "zarine"


def test_doctor_tells_how_many_wait(world, monkeypatch):
    context = Context(DatabaseUrls("", "", embedded=False), world.day, clock.now())
    world.person()
    (found,) = health.profiles(context)
    assert (found.state, found.detail) == (State.OK, "à jour, 1 en attente")
    monkeypatch.setattr(health, "MANY_PROFILES", 0)
    (found,) = health.profiles(context)
    assert found.state is State.ATTENTION
    assert "1 personne(s)" in found.detail
