"""Jobs of the orientation, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from passerelles.orientation.models import Decision
from passerelles.orientation.services.reviews import review


@app.periodic(cron="23 4 * * *")
@app.task(name="orientation.review_decisions", queue="housekeeping")
def review_decisions(timestamp: int) -> None:
    """Every night: which standing decisions would be another one today (a day, a text, a parameter changed)?"""
    review(Decision.objects.standing().order_by("id"))
