"""What leaves for whom (A.6), and calendars (RFC 5545)."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core.errors import Impossible
from passerelles.referrals.rules import transmission
from passerelles.referrals.rules.icalendar import CalendarEvent, calendar
from passerelles.referrals.rules.transmission import SETS, Item, transmitted
from passerelles.referrals.rules.words import SENSITIVE, Purpose

EVERYTHING = {item.value: item.label for item in Item} | {
    "barriers": {"health": "Santé", "mobility": "Mobilité"},
    "trainings": ["Cuisine", "Hygiène"],
}
IDENTITY = {"family_name", "given_names"}
CONTACT = {"phone", "email", "language", "interpreter", "city", "message"}
LEVELS = {"level_written", "level_oral", "level_overall"}
# Written by hand from the matrix A.6.
NEVER = {
    "association": {"birth_date", "nationality", "barriers", "situation", "ft_number", *LEVELS},
    "caf": {"barriers", "situation", "nationality", *LEVELS},
    "training_body": {"barriers", "situation", "nationality", "address", "occupation"},
    "siae": {"barriers", "birth_date", "nationality", "level_written", "level_oral"},
    "employer": {"barriers", "birth_date", "nationality", "level_written", "level_oral"},
    "mission_locale": {"ft_number", "registrations", "needs"},
    "apec": {"ft_number", "registrations", "needs"},
}


def items(kind, purpose="employment", **options):
    return {line.item for line in transmitted(kind, purpose, EVERYTHING, **options)}


@pytest.mark.parametrize("kind", sorted(NEVER))
def test_each_receiver_gets_the_least_that_the_matrix_allows(kind):
    got = items(kind)
    assert got >= IDENTITY | {"phone", "language"}
    assert not got & NEVER[kind]


@pytest.mark.parametrize("kind", sorted(SETS))
@pytest.mark.parametrize("purpose", sorted(SENSITIVE))
def test_a_sensitive_need_carries_only_what_is_needed_to_call_the_person(kind, purpose):
    assert items(kind, purpose) <= IDENTITY | CONTACT


def test_the_health_barrier_leaves_only_with_the_agreement_and_without_detail():
    barriers = {line.item: line.value for line in transmitted("france_travail", "employment", EVERYTHING)}["barriers"]
    assert barriers == "Mobilité"
    lines = transmitted("france_travail", "employment", EVERYTHING, health_agreed=True)
    assert {line.item: line.value for line in lines}["barriers"] == "Santé, Mobilité"
    assert "barriers" not in items("association", health_agreed=True)


def test_the_state_and_the_prefecture_receive_nobody():
    for kind in ("ministry", "dreets", "ddets", "prefecture", "test_provider"):
        assert not transmission.may_receive(kind)
        assert items(kind) == set()


def test_outside_the_employment_service_only_the_agreement_of_the_person_is_a_ground():
    transmission.require_basis("france_travail", "employment", "public_mission")
    for kind, purpose in (("association", "childcare"), ("siae", "siae"), ("france_travail", Purpose.HEALTH)):
        with pytest.raises(Impossible, match="accord"):
            transmission.require_basis(kind, purpose, "public_mission")
        transmission.require_basis(kind, purpose, "consent")


def test_what_is_not_known_has_no_line():
    assert transmitted("france_travail", "employment", {"family_name": "K", "phone": ""}) == (
        transmission.Line("family_name", "Nom de famille", "K"),
    )


def _event(**values):
    given = {
        "uid": "1@passerelles",
        "sequence": 2,
        "starts_at": dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC),
        "minutes": 45,
        "summary": "Rendez-vous ; à l’heure, svp",
        "location": "12, rue des Ponts\nMetz",
        "description": "é" * 90,
        "stamped_at": dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC),
    }
    return CalendarEvent(**(given | values))


def test_a_calendar_is_written_as_rfc_5545_says():
    text = calendar("Orientations", [_event()])
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:Rendez-vous \\; à l’heure\\, svp\r\n" in whole
    assert "LOCATION:12\\, rue des Ponts\\nMetz\r\n" in whole
    assert f"DESCRIPTION:{'é' * 90}\r\n" in whole
    assert "DTSTART:20260312T090000Z\r\n" in whole and "SEQUENCE:2\r\n" in whole
    assert "\n" not in text.replace("\r\n", "")


def test_a_line_cannot_be_injected_and_an_instant_is_aware():
    text = calendar("x", [_event(summary="a\r\nATTENDEE:mailto:x")])
    assert not [line for line in text.split("\r\n") if line.startswith("ATTENDEE")]
    with pytest.raises(ValueError, match="aware"):
        calendar("x", [_event(starts_at=dt.datetime(2026, 3, 12, 9))])
