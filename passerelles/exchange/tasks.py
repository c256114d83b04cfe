"""Jobs of the exchange room, run by the worker."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from passerelles.exchange import services
from passerelles.exchange.models import AnswerFile, Import
from passerelles.exchange.services import answers, partner_appointments


def _import(import_id: str) -> Import:
    return Import.objects.select_related("membership__organisation", "membership__agent").get(pk=import_id)


@app.task(queue="imports", retry=5)
def run_check(import_id: str) -> None:
    """The dry run of one file."""
    received = _import(import_id)
    services.check(services.actor_of_import(received), received.pk)


@app.task(queue="imports", retry=5)
def run_import(import_id: str) -> None:
    """Apply one import; a worker killed in the middle leaves a job that the next one takes up where it stopped."""
    received = _import(import_id)
    services.apply(services.actor_of_import(received), received.pk)


def _answers(file_id: str) -> AnswerFile:
    related = ("organisation", "link", "membership__organisation", "membership__agent")
    return AnswerFile.objects.select_related(*related).get(pk=file_id)


@app.task(queue="imports", retry=5)
def check_answers(file_id: str) -> None:
    """The dry run of a large file of answers."""
    received = _answers(file_id)
    answers.check(answers.sender_of(received), received.pk)


@app.task(queue="imports", retry=5)
def apply_answers(file_id: str) -> None:
    """Apply a file of answers; a worker killed in the middle leaves a job that the next one takes up."""
    received = _answers(file_id)
    answers.apply(answers.sender_of(received), received.pk)


@app.periodic(cron="* * * * *")
@app.task(
    name="exchange.tell_france_travail",
    queue="messages",
    queueing_lock="exchange.tell_france_travail",
    retry=RetryStrategy(max_attempts=3, wait=5),
)
def tell_france_travail(timestamp: int) -> int:
    """Tell France Travail the appointments that are due; nothing while the connector is not configured."""
    return partner_appointments.send_due(limit=1_000)
