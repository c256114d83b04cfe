"""Signing in: the password, the second factor, the lock-out, the way out."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session as HttpSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from passerelles.network.models import Agent, Membership
from tests.browsing import sign_in
from tests.world import PASSWORD

LOGIN, TOKEN, ENROL = "/compte/connexion", "/compte/code", "/compte/second-facteur"


def code_of(device: TOTPDevice, shift: int = 0) -> str:
    clockwork = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    clockwork.time = time.time() + 30 * shift
    return f"{clockwork.token():06d}"


@pytest.fixture
def agent(world) -> Agent:
    """The agent of the CIP, with a password and a confirmed telephone."""
    agent = world.memberships["cip"].agent
    agent.set_password(PASSWORD)
    agent.save()
    TOTPDevice.objects.create(user=agent, name="téléphone", confirmed=True)
    return agent


def type_password(client: Client, agent: Agent, password: str = PASSWORD, **values: str):
    return client.post(LOGIN, {"username": agent.email, "password": password} | values)


def test_password_then_code_opens_the_day(client, agent):
    assert type_password(client, agent)["Location"] == TOKEN
    answer = client.post(TOKEN, {"code": code_of(agent.totpdevice_set.get())})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


def test_the_address_may_be_typed_in_capitals(client, agent):
    assert client.post(LOGIN, {"username": agent.email.upper(), "password": PASSWORD})["Location"] == TOKEN


def test_a_wrong_password_is_said_in_french_and_names_nobody(client, agent):
    page = type_password(client, agent, "autre chose").content.decode()
    assert "n’est pas reconnu" in page
    assert agent.name not in page


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(client, agent):
    answers = [type_password(client, agent, "autre chose") for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "Réessayez dans 15 minutes" in answers[-1].content.decode()
    assert type_password(client, agent).status_code == 429, "even the right password waits"


def test_capitals_do_not_give_five_more_tries(client, agent):
    for _ in range(5):
        type_password(client, agent, "autre chose")
    answer = client.post(LOGIN, {"username": agent.email.upper(), "password": PASSWORD})
    assert answer.status_code == 429


def test_a_wrong_code_lets_nobody_in(client, agent):
    type_password(client, agent)
    answer = client.post(TOKEN, {"code": "000000"})
    assert "n’est pas le bon" in answer.content.decode()
    assert client.get("/")["Location"] == TOKEN


def test_a_code_is_six_digits(client, agent):
    type_password(client, agent)
    assert "6 chiffres" in client.post(TOKEN, {"code": "abc"}).content.decode()


def test_a_code_serves_once(client, agent):
    type_password(client, agent)
    code = code_of(agent.totpdevice_set.get())
    client.post(TOKEN, {"code": code})
    client.post("/compte/deconnexion")
    type_password(client, agent)
    assert client.post(TOKEN, {"code": code}).status_code == 200


def test_without_the_second_factor_every_screen_sends_back_to_it(client, agent):
    type_password(client, agent)
    for name in ("web:home", "web:persons", "network:password", "web:parameters"):
        assert client.get(reverse(name))["Location"] == TOKEN


def test_the_demonstration_shows_the_code_and_only_the_demonstration(client, agent, settings):
    type_password(client, agent)
    assert "Démonstration" not in client.get(TOKEN).content.decode()
    settings.DEMO = True
    page = client.get(TOKEN).content.decode()
    code = code_of(agent.totpdevice_set.get())
    assert f"{code[:3]} {code[3:]}" in page


def test_the_first_sign_in_ties_a_telephone(client, agent):
    agent.totpdevice_set.all().delete()
    assert type_password(client, agent)["Location"] == ENROL
    page = client.get(ENROL).content.decode()
    assert 'src="data:image/svg+xml' in page
    device = agent.totpdevice_set.get()
    assert not device.confirmed
    assert "pas le bon" in client.post(ENROL, {"code": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post(ENROL, {"code": code_of(device)})["Location"] == "/"
    device.refresh_from_db()
    assert device.confirmed
    assert client.get("/").status_code == 200


def test_a_second_telephone_cannot_be_tied_by_who_only_has_the_password(client, agent):
    type_password(client, agent)
    assert client.get(ENROL)["Location"] == TOKEN
    assert client.post(ENROL)["Location"] == TOKEN
    assert agent.totpdevice_set.count() == 1


def test_who_asked_for_a_page_gets_it_after_signing_in(client, agent):
    asked = client.get("/personnes/?q=kadirov")
    assert asked["Location"].startswith(f"{LOGIN}?next=")
    page = client.get(asked["Location"]).content.decode()
    assert 'value="/personnes/?q=kadirov"' in page
    type_password(client, agent, next="/personnes/?q=kadirov")
    assert client.post(TOKEN, {"code": code_of(agent.totpdevice_set.get())})["Location"] == "/personnes/?q=kadirov"


def test_nobody_is_sent_to_another_site(client, agent):
    type_password(client, agent, next="https://ailleurs.example/")
    assert client.post(TOKEN, {"code": code_of(agent.totpdevice_set.get())})["Location"] == "/"


def test_an_expired_session_asks_for_the_password_again(client, world):
    sign_in(client, world, "cip")
    assert client.get("/").status_code == 200
    HttpSession.objects.update(expire_date=timezone.now() - timezone.timedelta(minutes=1))
    assert client.get("/personnes/")["Location"] == f"{LOGIN}?next=/personnes/"


def test_a_session_lasts_twelve_hours(client, world):
    sign_in(client, world, "cip")
    left = HttpSession.objects.get().expire_date - timezone.now()
    assert 11.9 * 3600 < left.total_seconds() <= 12 * 3600


def test_leaving_needs_a_post_and_closes_the_session(client, world):
    sign_in(client, world, "cip")
    assert client.get("/compte/deconnexion").status_code == 405
    client.post("/compte/deconnexion")
    assert client.get("/")["Location"].startswith(LOGIN)


def test_a_closed_account_does_not_sign_in(client, agent):
    agent.is_active = False
    agent.save()
    assert type_password(client, agent).status_code == 200


def test_changing_the_password_closes_the_other_sessions(client, world, agent):
    other = Client()
    sign_in(other, world, "cip")
    sign_in(client, world, "cip")
    new = "trois ponts sur la Moselle"
    values = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/compte/mot-de-passe", values)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert other.get("/")["Location"].startswith(LOGIN)
    agent.refresh_from_db()
    assert agent.check_password(new)


def test_a_short_password_is_refused(client, world, agent):
    sign_in(client, world, "cip")
    values = {"old_password": PASSWORD, "new_password1": "court", "new_password2": "court"}
    assert "12" in client.post("/compte/mot-de-passe", values).content.decode()


def test_an_agent_of_two_organisations_chooses_for_which_one_they_act(client, world):
    cip = world.memberships["cip"]
    other = Membership.objects.create(
        agent=cip.agent, organisation=world.test_centre, role="test_provider", starts_on=cip.starts_on
    )
    sign_in(client, world, "cip")
    page = client.get("/").content.decode()
    assert "Agir au titre de" in page
    client.post("/compte/habilitation", {"membership": str(other.pk)})
    assert client.get("/").context["actor"].organisation == world.test_centre


def test_nobody_acts_for_an_organisation_that_is_not_theirs(client, world):
    sign_in(client, world, "cip")
    client.post("/compte/habilitation", {"membership": str(world.memberships["manager"].pk)})
    assert client.get("/").context["actor"].role == "cip"


def test_an_agent_whose_access_ended_is_told_whom_to_ask(client, world):
    cip = world.memberships["cip"]
    cip.ends_on = cip.starts_on
    cip.save()
    sign_in(client, world, "cip")
    page = client.get("/").content.decode()
    assert "n’a pas d’habilitation en cours" in page
    assert "administrateur de votre organisme" in page
    assert client.get("/personnes/").status_code == 403
