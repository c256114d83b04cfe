"""Jobs of linkage, run by the worker: profiles kept ready, so that nobody waits for them at the desk."""

from __future__ import annotations

from procrastinate.contrib.django import app

from passerelles.core import clock
from passerelles.linkage.services import doubles, profiles, worth

MOST_AT_ONCE = 50_000
MOST_COMPARED = 20_000


@app.periodic(cron="*/5 * * * *")
@app.task(name="linkage.refresh_profiles", queue="housekeeping", queueing_lock="linkage.refresh_profiles")
def refresh_profiles(timestamp: int) -> int:
    """Prepare the persons whose record changed, after an import as after a correction; how many."""
    return profiles.refresh_all(most=MOST_AT_ONCE)


@app.periodic(cron="2-59/5 * * * *")
@app.task(name="linkage.find_doubles", queue="housekeeping", queueing_lock="linkage.find_doubles")
def find_doubles(timestamp: int) -> int:
    """Compare with the base the records prepared since the last time: the persons recorded twice; how many were."""
    return doubles.find_waiting_doubles(most=MOST_COMPARED)


@app.periodic(cron="41 3 1 * *")
@app.task(name="linkage.monthly_account", queue="housekeeping")
def monthly_account(timestamp: int) -> int:
    """On the first of the month: what the answers of the month that ended were worth, DT by DT; how many accounts."""
    month = worth.previous_month(clock.today())
    return sum(bool(worth.account(direction, month)) for direction in worth.directions_with_lists())


@app.periodic(cron="29 2 * * *")
@app.task(name="linkage.follow_the_model", queue="housekeeping")
def follow_the_model(timestamp: int) -> int:
    """Every night: the profiles of a former model wait to be prepared again; how many."""
    return profiles.wait_for_the_model()
