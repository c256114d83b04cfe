"""Jobs of the pathway, run by the worker."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from passerelles.pathway.services.follow_ups import refresh_all

log = logging.getLogger("passerelles.pathway")


@app.periodic(cron="17 4 * * *")
@app.task(name="pathway.follow_ups", queue="housekeeping")
def refresh_follow_ups(timestamp: int) -> None:
    """Every night: the alerts that stand are raised, those that no longer do are resolved."""
    log.info("alertes de suivi : %s changement(s)", refresh_all())
