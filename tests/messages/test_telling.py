"""To whom, by which way, when, in which language; opt-out, quiet hours, the SMS provider, the letters."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.messages import backends, rules
from passerelles.messages.backends import HttpSms, LetterFolder
from passerelles.messages.models import Message, MessageState
from passerelles.messages.rules import Channel, Contact
from passerelles.messages.services import links, revive, send_due, tell_person
from passerelles.people.services import give_consent, withdraw_consent
from tests.world import SESSION_DAY

APPOINTMENT = clock.paris(dt.date(2026, 3, 24), 9, 30)
MORNING = clock.paris(SESSION_DAY, 9)


def told(world, person, situation="appointment_fixed", key="un", **more) -> Message | None:
    with transaction.atomic():
        return tell_person(world.auditor, person, situation, key=key, at=APPOINTMENT, place="Agence de Metz", **more)


class Provider(BaseHTTPRequestHandler):
    """A fictitious SMS provider: `script` gives its next answers; it keeps what it took, by idempotency key."""

    script: list[tuple[int, dict | str, float]] = []
    requests: list[dict] = []
    taken: dict[str, dict] = {}

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        cls = type(self)
        cls.requests.append({"key": key, "authorization": self.headers["Authorization"], **body})
        status, answer, delay = cls.script.pop(0) if cls.script else (202, {"id": f"sms-{key[:8]}"}, 0)
        if status < 300 or delay:
            if key in cls.taken:
                status, answer = 409, {"id": f"sms-{key[:8]}", "error": "duplicate"}
            cls.taken.setdefault(key, body)
        time.sleep(delay)
        raw = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except ConnectionError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    Provider.script, Provider.requests, Provider.taken = [], [], {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_BACKEND = "http"
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/messages"
    settings.SMS_TOKEN = "jeton-du-prestataire"
    settings.SITE_ADDRESS = "https://passerelles.example"
    yield Provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def mobile(world):
    return world.person(language="ara", phone="+33612345678", email="zarina@exemple.example")


@pytest.mark.parametrize(
    ("contact", "by_letter", "expected"),
    [
        (Contact(phone="+33612345678", email="a@exemple.example"), True, Channel.SMS),
        (Contact(phone="+262692123456"), True, Channel.SMS),
        (Contact(phone="+33387123456", email="a@exemple.example"), True, Channel.EMAIL),
        (Contact(phone="+33387123456", address="3 rue des Ponts, 57000 Metz"), True, Channel.LETTER),
        (Contact(address="3 rue des Ponts, 57000 Metz"), False, None),
        (Contact(phone="+33612345678", address="3 rue des Ponts", stopped=True), True, Channel.LETTER),
        (Contact(phone="+33612345678", email="a@exemple.example", stopped=True), False, None),
        (Contact(), True, None),
    ],
)
def test_the_way_depends_on_what_is_known_and_wished(contact, by_letter, expected):
    assert rules.channel_of(contact, by_letter=by_letter) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (19, 59, clock.paris(SESSION_DAY, 19, 59)),
        (20, 0, clock.paris(SESSION_DAY + dt.timedelta(days=1), 8)),
        (23, 30, clock.paris(SESSION_DAY + dt.timedelta(days=1), 8)),
        (0, 5, clock.paris(SESSION_DAY, 8)),
        (7, 59, clock.paris(SESSION_DAY, 8)),
        (8, 0, clock.paris(SESSION_DAY, 8)),
    ],
)
def test_quiet_hours_of_paris(hour, minute, expected):
    assert rules.after_quiet(clock.paris(SESSION_DAY, hour, minute), 20, 8) == expected


def test_quiet_hours_within_a_day_over_a_change_of_hour_and_none():
    noon = clock.paris(SESSION_DAY, 12, 30)
    assert rules.after_quiet(noon, 12, 14) == clock.paris(SESSION_DAY, 14)
    assert rules.after_quiet(noon, None, 8) == noon
    before_summer = clock.paris(dt.date(2026, 3, 28), 22)
    assert rules.after_quiet(before_summer, 20, 8) == clock.paris(dt.date(2026, 3, 29), 8)


@pytest.mark.django_db
def test_a_person_is_told_in_their_language_by_sms_without_their_name(world, mobile):
    message = told(world, mobile)
    assert (message.channel, message.language, message.recipient) == ("sms", "ara", "+33612345678")
    assert message.body.startswith("موعد يوم 24/03/2026 الساعة 09:30، Agence de Metz")
    assert mobile.family_name not in message.body
    assert told(world, mobile) == message, "the same key is one message"


@pytest.mark.django_db
def test_the_sms_reaches_the_provider_once_with_its_link(world, mobile, provider):
    message = told(world, mobile)
    assert send_due() == 1
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert message.receipt == f"sms-{str(message.pk)[:8]}"
    (request,) = provider.requests
    assert request["authorization"] == "Bearer jeton-du-prestataire"
    assert (request["to"], request["id"], request["key"]) == ("+33612345678", str(message.pk), str(message.pk))
    assert links.address_of(message.link) in request["text"]
    assert links.token_of(message.link) not in message.body
    assert send_due() == 0
    assert len(provider.requests) == 1


@pytest.mark.django_db
def test_a_provider_that_is_too_slow_has_taken_the_sms_and_says_so_the_second_time(
    world, mobile, provider, monkeypatch
):
    monkeypatch.setattr(HttpSms, "TIMEOUT", 0.2)
    provider.script = [(202, {"id": "lent"}, 0.6)]
    message = told(world, mobile)
    assert send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    with clock.at(message.next_attempt_at):
        assert send_due() == 1
    assert len(provider.requests) == 2
    assert len(provider.taken) == 1, "the same idempotency key: the person receives one SMS"
    message.refresh_from_db()
    assert message.receipt.startswith("sms-")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_wrong_number_is_given_up_at_once_and_can_be_revived(world, mobile, provider, status):
    provider.script = [(status, {"error": "invalid_number"}, 0)]
    message = told(world, mobile)
    assert send_due() == 0
    message.refresh_from_db()
    assert message.state == MessageState.DEAD
    assert "invalid_number" in message.last_error
    revive(message.pk)
    assert send_due() == 1
    with pytest.raises(Unknown):
        revive(message.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(429, {"error": "too_many"}, 0), (503, "<html>panne</html>", 0), (500, "", 0)])
def test_a_provider_in_trouble_is_asked_again_later(world, mobile, provider, answer):
    provider.script = [answer]
    message = told(world, mobile)
    assert send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.next_attempt_at == MORNING + dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_an_acceptance_that_is_not_json_is_still_an_acceptance(world, mobile, provider):
    provider.script = [(200, "OK", 0)]
    told(world, mobile)
    assert send_due() == 1


def test_the_provider_is_reached_by_https_unless_it_is_this_machine(settings):
    for address in ("http://sms.example/messages", "ftp://127.0.0.1/", "", "file:///etc/passwd"):
        settings.SMS_URL = address
        with pytest.raises(ValueError, match="https"):
            backends.sms_address()


@pytest.mark.django_db
def test_an_sms_waits_for_the_morning_an_email_does_not(world, mobile):
    by_email = world.person(email="samir@exemple.example")
    with clock.at(clock.paris(SESSION_DAY, 22)):
        assert told(world, mobile).next_attempt_at == clock.paris(SESSION_DAY + dt.timedelta(days=1), 8)
        assert told(world, by_email, key="deux").next_attempt_at == clock.now()


@pytest.mark.django_db
def test_an_sms_left_over_in_the_evening_is_put_off_without_counting_as_an_attempt(world, mobile, provider):
    message = told(world, mobile)
    with clock.at(clock.paris(SESSION_DAY, 21)):
        assert send_due() == 0
    message.refresh_from_db()
    assert message.next_attempt_at == clock.paris(SESSION_DAY + dt.timedelta(days=1), 8)
    assert (message.attempts, provider.requests) == (0, [])


@pytest.mark.django_db
def test_who_asks_for_no_more_messages_receives_none_even_those_queued(world, mobile, provider):
    message = told(world, mobile)
    give_consent(world.auditor, mobile, purpose="messages", given_on=world.day)
    withdraw_consent(world.auditor, mobile, purpose="messages", on=world.day)
    assert send_due() == 0
    message.refresh_from_db()
    assert (message.state, provider.requests) == (MessageState.STOPPED, [])
    assert told(world, mobile, key="deux") is None, "no address: no letter either"
    give_consent(world.auditor, mobile, purpose="messages", given_on=world.day)
    assert told(world, mobile, key="trois").channel == "sms"


@pytest.mark.django_db
def test_a_letter_goes_to_the_post_room_under_the_name_of_the_message(world, settings, tmp_path):
    settings.LETTER_BACKEND, settings.LETTER_FOLDER = "folder", str(tmp_path / "courrier")
    person = world.person(language="tam", address="3 rue des Ponts", postcode="57000", city="Metz")
    message = told(world, person)
    assert message.channel == "letter"
    assert message.recipient.endswith("3 rue des Ponts, 57000 Metz")
    assert send_due() == 1
    (file,) = (tmp_path / "courrier").iterdir()
    assert file.name == f"{message.pk}.pdf"
    assert file.read_bytes().startswith(b"%PDF-1.7")
    before = file.read_bytes()
    Message.objects.update(state=MessageState.QUEUED)
    assert send_due(backend=LetterFolder()) == 1
    assert [path.read_bytes() for path in (tmp_path / "courrier").iterdir()] == [before], "never two letters"


@pytest.mark.django_db
def test_a_situation_that_costs_nothing_is_not_worth_a_letter(world):
    person = world.person(address="3 rue des Ponts", postcode="57000", city="Metz")
    assert told(world, person, "appointment_reminder") is None
