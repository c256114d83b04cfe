"""Jobs of the pathway, run by the worker."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from passerelles.core import clock
from passerelles.pathway.services import reminders
from passerelles.pathway.services.follow_ups import refresh_all

log = logging.getLogger("passerelles.pathway")


@app.periodic(cron="17 4 * * *")
@app.task(name="pathway.follow_ups", queue="housekeeping")
def refresh_follow_ups(timestamp: int) -> None:
    """Every night: the alerts that stand are raised, those that no longer do are resolved."""
    log.info("alertes de suivi : %s changement(s)", refresh_all())


@app.periodic(cron="47 4 * * *")
@app.task(name="pathway.reminders", queue="housekeeping", retry=RetryStrategy(max_attempts=5, wait=60))
def send_reminders(timestamp: int) -> int:
    """Every night: the end of a residence document, the monthly update. Run twice, nobody is told twice."""
    return reminders.run(clock.today())
