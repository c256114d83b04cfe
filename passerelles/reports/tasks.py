"""Jobs of the returns, run by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from passerelles.reports.services import remind


@app.periodic(cron="3 7 * * *")
@app.task(name="reports.remind", queue="housekeeping")
def remind_of_deadlines(timestamp: int) -> None:
    """Every morning: who has a return due in seven days, in two days, or since yesterday."""
    remind()


@app.periodic(cron="23 4 * * *")
@app.task(name="reports.dashboards", queue="housekeeping", queueing_lock="reports.dashboards")
def compute_dashboards(timestamp: int) -> int:
    """Every night: the figures of the dashboards, all territories, at one cut-off."""
    from passerelles.reports.services import dashboards  # the engines of figures are long to load

    return dashboards.refresh()
