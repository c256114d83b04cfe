"""Jobs of the exchange room, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from passerelles.exchange import services
from passerelles.exchange.models import Import


@app.task(queue="imports", retry=5, pass_context=False)
def run_import(import_id: str) -> None:
    """Apply one import; a worker killed in the middle leaves a job that the next one takes up where it stopped."""
    received = Import.objects.select_related("membership__organisation", "membership__agent").get(pk=import_id)
    services.apply(services.actor_of_import(received), received.pk)
