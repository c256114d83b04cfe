"""The nightly job of the clocks, run by the worker."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from passerelles.core import clock
from passerelles.referrals.models import Referral
from passerelles.referrals.services import clocks, persons

log = logging.getLogger("passerelles.referrals")


class Adrift(Exception):
    """After the clocks an open case has no owner, no date or a date that has passed: `passerelles doctor` shows it."""


@app.periodic(cron="7 1 * * *")
@app.task(name="referrals.run_clocks", queue="housekeeping", retry=RetryStrategy(max_attempts=5, wait=60))
def run_clocks(timestamp: int) -> int:
    """Every night; what a night that did not run left behind is done by the next one."""
    today = clock.today()
    report = clocks.run(today)
    persons.tell_given_back(today)
    left = Referral.objects.adrift(today).count()
    if left:
        log.error("orientations sans responsable ou sans échéance : %s", left)
        raise Adrift(str(left))
    return report.cases
