"""Jobs of the figures, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from passerelles.indicators import services


@app.periodic(cron="*/2 * * * *")
@app.task(name="indicators.refresh", queue="housekeeping", queueing_lock="indicators.refresh")
def refresh(timestamp: int) -> int:
    """Read what the journal has learnt into the lines that figures are counted on; how many facts."""
    return services.refresh()
