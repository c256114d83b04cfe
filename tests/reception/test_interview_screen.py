"""The interview page: saved as it is filled, two desks, read-only when finished."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from passerelles.core import clock
from passerelles.people.services import record_assessment, sign_contract
from passerelles.reception.models import Interview
from passerelles.reception.services import interviews
from tests.browsing import sign_in

FREE = {"situation": "none", "ft": "non", "rsa": "non", "agir": "non"}


@pytest.fixture
def interview(world):
    convocation = world.convoked(
        world.session(), language="prs", needs_interpreter=True, phone="+33611111111", nationality="AF"
    )[0]
    return interviews.start_interview(world.cip, convocation.pk)


@pytest.fixture
def visitor(client, world, interview):
    return sign_in(client, world, "cip")


def save(visitor, interview, version, **typed):
    return visitor.post(reverse("reception:interview-autosave", args=[interview.pk]), {"version": version, **typed})


def page_of(visitor, interview, **query):
    return visitor.get(reverse("reception:interview", args=[interview.pk]), query)


def test_what_is_known_is_shown_and_not_asked_again(world, visitor, interview):
    sign_contract(world.auditor, interview.person, signed_on=dt.date(2026, 3, 2))
    record_assessment(world.auditor, interview.person, assessed_on=dt.date(2026, 3, 2), written="A1", overall="A1.1")
    page = page_of(visitor, interview)
    text = page.content.decode()
    for known in ("33 ans", "Afghane", "interprète", "signé le 02/03/2026", "A1.1"):
        assert known in text
    assert page.context["form"].initial["declared_phone"] == "+33611111111"


def test_each_change_is_saved_and_gives_the_new_version(visitor, interview):
    answer = save(visitor, interview, 1, **FREE).content.decode()
    assert "Enregistré à 9" in answer
    assert 'name="version" id="id_version" value="2" hx-swap-oob="true"' in answer
    assert "Inscrire maintenant" in answer
    interview.refresh_from_db()
    assert (interview.situation, interview.ft, interview.version) == ("none", False, 2)
    assert "Hors champ" in save(visitor, interview, 2, situation="cdi").content.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, "Il manque"),
        ({"situation": "none"}, "la vérification France Travail"),
        ({"situation": "cdi"}, "La personne a un emploi"),
        (FREE | {"rsa": "oui"}, "loi n° 2023-1196"),
        (FREE | {"opted_out": "on"}, "Demande expresse de dispense"),
    ],
)
def test_the_decision_is_shown_with_its_reasons(visitor, interview, typed, expected):
    assert expected in save(visitor, interview, 1, **typed).content.decode()


def test_a_field_with_a_mistake_does_not_prevent_saving_the_others(visitor, interview):
    answer = save(visitor, interview, 1, **FREE, declared_phone="12", registered="on", occupation="Soudeuse")
    text = answer.content.decode()
    assert "Non enregistré" in text
    assert "téléphone" in text
    assert "accord de la personne" in text
    interview.refresh_from_db()
    assert (interview.occupation, interview.registered) == ("Soudeuse", False)


def test_half_an_appointment_is_not_saved(visitor, interview, world):
    save(visitor, interview, 1, **FREE, appointment_with=str(world.agency.pk))
    interview.refresh_from_db()
    assert interview.appointment_with is None
    save(
        visitor,
        interview,
        2,
        **FREE,
        appointment_with=str(world.agency.pk),
        appointment_date="2026-03-17",
        appointment_time="10:00",
    )
    interview.refresh_from_db()
    assert (interview.appointment_with, interview.appointment_at) == (
        world.agency,
        clock.paris(dt.date(2026, 3, 17), 10),
    )


def test_the_second_desk_keeps_what_it_typed_and_sees_what_differs(world, visitor, interview):
    interviews.save_interview(world.cip_two, interview.pk, version=1, values={"situation": "cdd", "rsa": True})
    answer = save(visitor, interview, 1, situation="cdi", rsa="")
    text = answer.content.decode()
    assert "Agent cip_two a enregistré cette fiche à 09 h 00" in text
    shown = {(each.label, each.stored, each.typed) for each in answer.context["differences"]}
    assert ("Situation aujourd’hui", "En emploi, CDD", "En emploi, CDI") in shown
    assert ("Bénéficiaire du RSA", "oui", "à vérifier") in shown
    assert 'name="prefer" value="2"' in text
    assert "hx-swap-oob" in text
    assert 'id="id_version"' not in text
    assert Interview.objects.get().situation == "cdd"


def test_the_second_desk_may_then_save_what_it_typed(world, visitor, interview):
    interviews.save_interview(world.cip_two, interview.pk, version=1, values={"situation": "cdd"})
    address = reverse("reception:interview", args=[interview.pk])
    conflict = visitor.post(
        address, {"version": 1, "situation": "cdi", "occupation": "Soudeuse", "action": "enregistrer"}
    )
    assert conflict.status_code == 409
    assert 'value="Soudeuse"' in conflict.content.decode()
    done = visitor.post(address, {"version": 1, "prefer": "2", "situation": "cdi", "occupation": "Soudeuse"})
    assert done.status_code == 302
    stored = Interview.objects.get()
    assert (stored.situation, stored.occupation, stored.version) == ("cdi", "Soudeuse", 3)


def test_the_page_says_who_opened_it_elsewhere(client, world, interview):
    text = page_of(sign_in(client, world, "cip_two"), interview).content.decode()
    assert "Ouvert par" in text
    assert "Agent cip au Bureau 1 à 9" in text


def test_an_interview_that_lacks_something_is_not_finished(visitor, interview):
    address = reverse("reception:interview", args=[interview.pk])
    answer = visitor.post(address, {"version": 1, "action": "terminer", "situation": "none"})
    assert answer.status_code == 409
    assert "Vérification à compléter" in answer.content.decode()
    assert Interview.objects.get().status == "open"


def test_an_invalid_field_prevents_finishing(visitor, interview):
    address = reverse("reception:interview", args=[interview.pk])
    answer = visitor.post(address, {"version": 1, "action": "terminer", "situation": "cdi", "declared_email": "x"})
    assert answer.status_code == 400
    assert "courriel" in answer.content.decode()


def test_a_finished_interview_is_read_until_it_is_corrected(visitor, interview):
    address = reverse("reception:interview", args=[interview.pk])
    visitor.post(address, {"version": 1, "action": "terminer", "situation": "cdi"})
    page = page_of(visitor, interview)
    assert "Corriger l’entretien" in page.content.decode()
    assert 'name="version"' not in page.content.decode()
    assert all(field.disabled for field in page.context["form"].fields.values())
    corrected = page_of(visitor, interview, corriger="1")
    assert not corrected.context["form"].fields["situation"].disabled
    visitor.post(f"{address}?corriger=1", {"version": 2, "action": "terminer", "situation": "cdd"})
    assert Interview.objects.get().category == "cdd"


def test_a_late_autosave_does_not_write_a_finished_interview(world, visitor, interview):
    interviews.finish_interview(world.cip_two, interview.pk, version=1, values={"situation": "cdi"})
    assert "Agent cip_two" in save(visitor, interview, 1, situation="cdd").content.decode()
    assert "Cet entretien est terminé" in save(visitor, interview, 2, situation="cdd").content.decode()


def test_an_auditor_is_not_offered_the_registration(client, world, interview):
    visitor = sign_in(client, world, "auditor")
    text = page_of(visitor, interview).content.decode()
    assert 'name="registered"' not in text
    save(visitor, interview, 1, **FREE, registered="on", consent="on", declared_phone="0612345678")
    interview.refresh_from_db()
    assert (interview.situation, interview.registered, interview.declared) == ("none", False, {})


def test_the_clock_starts_with_the_interview(visitor, interview):
    with clock.frozen(interview.started_at + dt.timedelta(minutes=16, seconds=5)):
        text = page_of(visitor, interview).content.decode()
    assert 'data-elapsed="965" data-limit="15"' in text
    assert "16 min sur 15" in text


def test_the_agencies_are_those_of_the_directorate(world, visitor, interview):
    offered = page_of(visitor, interview).context["form"].fields["appointment_with"].queryset
    assert list(offered) == [world.agency, world.other_agency]
