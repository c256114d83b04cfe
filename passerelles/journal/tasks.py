"""Jobs of the journal, run by the worker."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from passerelles.journal.agreement import compare
from passerelles.network.policy import SYSTEM

log = logging.getLogger("passerelles.journal")


class JournalDisagrees(Exception):
    """State and journal say different things: the job fails, and `passerelles doctor` shows it."""


@app.periodic(cron="41 3 * * *")
@app.task(name="journal.check", queue="housekeeping")
def check_journal(timestamp: int) -> None:
    """Every night: do state and journal agree? The details are given by `passerelles check-journal`."""
    found = [comparison for comparison in compare(SYSTEM) if comparison.found]
    for comparison in found:
        log.error("tables et journal : %s, %s écart(s)", comparison.name, comparison.found)
    if found:
        raise JournalDisagrees(", ".join(f"{comparison.name} : {comparison.found}" for comparison in found))
