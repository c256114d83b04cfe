"""A place is never given twice, even to thirty-two agents at once (Shows 4, E-025, K-008)."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from passerelles.core import clock
from passerelles.core.errors import AlreadyTaken, Impossible, Unknown
from passerelles.referrals.models import Appointment, Booking, Place, Referral
from passerelles.referrals.services import appointments, places, sending

SLOTS = [clock.paris(dt.date(2026, 3, 16), hour) for hour in (9, 10, 11)]


def referred(world, service, count):
    return [
        sending.refer(
            world.auditor,
            person_id=world.person().pk,
            service_id=service.pk,
            purpose="employment",
            basis="public_mission",
        )
        for _ in range(count)
    ]


@pytest.mark.django_db(transaction=True)
def test_thirty_two_agents_take_the_last_places_and_each_place_goes_once(world):
    service = places.default_service(world.agency)
    places.publish_slots(world.ft, service.pk, starts=SLOTS, places=3)
    referrals = referred(world, service, 32)
    start = threading.Barrier(32)
    won, lost, broken = [], [], []

    def take(number, referral):
        close_old_connections()
        try:
            start.wait(timeout=30)
            won.append(places.book_slot(world.auditor, referral.pk, starts_at=SLOTS[number % 3]))
        except AlreadyTaken as error:
            lost.append(str(error))
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=each) for each in enumerate(referrals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert broken == []
    assert (len(won), len(lost)) == (9, 23)
    assert all("vient d’être prise" in sentence and "conservé" in sentence for sentence in lost)
    held = Booking.objects.filter(released_at=None)
    assert held.count() == held.values("place").distinct().count() == 9
    assert Referral.objects.filter(state="appointment_fixed").count() == 9
    assert Referral.objects.filter(state="sent").count() == 23


def test_the_database_refuses_a_place_given_twice(world):
    service = places.default_service(world.agency)
    places.publish_slots(world.ft, service.pk, starts=SLOTS[:1])
    one, other = referred(world, service, 2)
    places.book_slot(world.auditor, one.pk, starts_at=SLOTS[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(place=Place.objects.get(), referral=other)


def test_a_place_given_back_can_be_taken_again(world):
    service = places.default_service(world.agency)
    places.publish_slots(world.ft, service.pk, starts=SLOTS[:1])
    one, other = referred(world, service, 2)
    places.book_slot(world.auditor, one.pk, starts_at=SLOTS[0])
    with pytest.raises(AlreadyTaken):
        places.book_slot(world.auditor, other.pk, starts_at=SLOTS[0])
    appointments.postpone(world.ft, one.pk, reason="service")
    assert places.book_slot(world.auditor, other.pk, starts_at=SLOTS[0]).starts_at == SLOTS[0]
    assert Appointment.objects.filter(status="fixed").count() == 1


def test_a_week_has_the_places_that_were_published_and_no_more(world):
    service = places.default_service(world.agency)
    monday = dt.date(2026, 3, 16)
    assert places.publish_week(world.ft, service.pk, week_of=dt.date(2026, 3, 18), places=2) == 2
    one, two, three = referred(world, service, 3)
    places.ask_place(world.auditor, one.pk, week_of=monday)
    places.ask_place(world.auditor, two.pk, week_of=monday)
    with pytest.raises(AlreadyTaken, match="semaine"):
        places.ask_place(world.auditor, three.pk, week_of=monday)
    assert places.publish_week(world.ft, service.pk, week_of=monday, places=1) == 0, "given places stay given"
    assert places.publish_week(world.ft, service.pk, week_of=monday, places=3) == 1
    places.ask_place(world.auditor, three.pk, week_of=monday)


def test_publishing_the_same_slots_twice_adds_nothing(world):
    service = places.default_service(world.agency)
    assert places.publish_slots(world.ft, service.pk, starts=SLOTS, places=2) == 6
    assert places.publish_slots(world.ft, service.pk, starts=SLOTS, places=2) == 0
    service.refresh_from_db()
    assert service.capacity_told_at == clock.now()


def test_only_the_organisation_publishes_its_places_and_only_to_come(world):
    service = places.default_service(world.agency)
    with pytest.raises(Unknown):
        places.publish_week(world.ft_elsewhere, service.pk, week_of=dt.date(2026, 3, 16), places=2)
    with pytest.raises(Impossible):
        places.publish_slots(world.ft, service.pk, starts=[clock.paris(dt.date(2026, 3, 9), 9)])
    with pytest.raises(Impossible):
        places.publish_week(world.ft, service.pk, week_of=dt.date(2026, 3, 2), places=2)
