"""The outbox: written with the change, sent once, tried again, given up, revived."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from passerelles.core import clock
from passerelles.messages.backends import Smtp
from passerelles.messages.models import Message, MessageState
from passerelles.messages.services import MAX_ATTEMPTS, queue, revive, send_due

TEXT = {"kind": "essai", "recipient": "agence@exemple.example", "subject": "Un rendez-vous", "body": "Bonjour."}


def queued(key: str = "un", **values) -> Message:
    with transaction.atomic():
        return queue(key=key, **(TEXT | values))


class Refusing:
    """A server that always says no."""

    def send(self, message: Message) -> None:
        raise OSError("la ligne est coupée")


class Mailbox:
    """Keeps what a real SMTP server receives; refuses as long as `refusals` is above zero."""

    def __init__(self) -> None:
        self.received: list = []
        self.refusals = 0

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            self.refusals -= 1
            return "451 essayez plus tard"
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 reçu"


@pytest.fixture
def mailbox(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


@pytest.mark.django_db(transaction=True)
def test_a_message_is_never_written_without_the_change_it_tells():
    with pytest.raises(RuntimeError, match="transaction of the change"):
        queue(key="seul", **TEXT)
    with pytest.raises(OSError, match="coupure"), transaction.atomic():
        queue(key="perdu", **TEXT)
        raise OSError("coupure")
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_same_key_twice_is_one_message():
    assert queued().pk == queued(subject="Autre objet").pk
    assert Message.objects.get().subject == "Un rendez-vous"


@pytest.mark.django_db
def test_a_message_arrives_by_a_real_smtp_server_with_its_attachment(mailbox):
    message = queued(body="Présentation à 9 h.", attachment_name="remontee.csv", attachment="mois;é\n".encode())
    assert send_due(backend=Smtp()) == 1
    mail = mailbox.received[0]
    assert mail["To"] == "agence@exemple.example"
    assert mail["Message-ID"] == f"<{message.pk}@passerelles>"
    assert "Présentation" in mail.get_body().get_content()
    assert next(mail.iter_attachments()).get_filename() == "remontee.csv"
    assert send_due(backend=Smtp()) == 0
    assert len(mailbox.received) == 1


@pytest.mark.django_db
def test_a_refused_message_is_tried_again_later_under_the_same_name(mailbox, frozen):
    mailbox.refusals = 1
    message = queued()
    assert send_due(backend=Smtp()) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert "451" in message.last_error
    assert send_due(backend=Smtp()) == 0, "not before its time"
    with clock.frozen(message.next_attempt_at):
        assert send_due(backend=Smtp()) == 1
    assert [mail["Message-ID"] for mail in mailbox.received] == [f"<{message.pk}@passerelles>"]


@pytest.mark.django_db
def test_waiting_doubles_then_the_message_is_given_up_and_can_be_revived(frozen):
    message = queued()
    waits = []
    for _ in range(MAX_ATTEMPTS):
        with clock.at(Message.objects.get().next_attempt_at):
            assert send_due(backend=Refusing()) == 0
            message.refresh_from_db()
            waits.append(message.next_attempt_at - clock.now())
    assert waits == [dt.timedelta(minutes=2**number) for number in range(MAX_ATTEMPTS)]
    assert message.state == MessageState.DEAD
    with clock.at(message.next_attempt_at + dt.timedelta(days=1)):
        assert send_due(backend=Refusing()) == 0
        assert Message.objects.get().attempts == MAX_ATTEMPTS
    revive(message.pk)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)


@pytest.mark.django_db
def test_one_refused_message_does_not_hold_back_the_others(frozen):
    class RefusesTheFirst:
        def send(self, message: Message) -> None:
            if message.key == "un":
                raise OSError("boîte pleine")

    queued("un")
    queued("deux")
    assert send_due(backend=RefusesTheFirst()) == 1
    assert Message.objects.get(key="deux").state == MessageState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_never_send_the_same_message():
    for number in range(12):
        queued(str(number))
    both_are_sending = threading.Barrier(2, timeout=30)
    left: list[str] = []

    class Slow:
        def __init__(self) -> None:
            self.first = True

        def send(self, message: Message) -> None:
            if self.first:
                self.first = False
                both_are_sending.wait()
            left.append(message.key)

    def work() -> None:
        try:
            send_due(backend=Slow())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(left, key=int) == [str(number) for number in range(12)]
    assert not Message.objects.exclude(state=MessageState.SENT).exists()
