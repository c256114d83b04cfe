"""Jobs of the worker: send what is due every minute, give back the jobs of a killed worker, forget old ones."""

from __future__ import annotations

import logging

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from passerelles.messages.services import send_due

log = logging.getLogger("passerelles.messages")

SILENCE = 30
"""Seconds without a heartbeat after which a worker is held dead."""
MOST_ATTEMPTS = 5


@app.periodic(cron="* * * * *")
@app.task(name="messages.send_due", queue="messages", retry=RetryStrategy(max_attempts=3, wait=5))
def send_due_messages(timestamp: int) -> int:
    """Send the messages that are due. Run twice, or by two workers, it sends nothing twice."""
    return send_due(limit=10_000)


@app.periodic(cron="* * * * *")
@app.task(name="messages.retry_stalled", queue="housekeeping", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """Put back in the queue what a killed worker had taken; how many. A job that kills every worker is given up."""
    manager = context.app.job_manager
    stalled = [
        job for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE) if job.id != context.job.id
    ]
    for job in stalled:
        await _give_back(manager, job)
    return len(stalled)


async def _give_back(manager, job: Job) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        log.error("tâche %s (%s) abandonnée après %s essais", job.task_name, job.id, job.attempts)
        await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    else:
        log.warning("tâche %s (%s) reprise : son exécutant s’est arrêté", job.task_name, job.id)
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="messages.forget_old_jobs", queue="housekeeping", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that ended well are kept a month, the others too: what they did is in the tables."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=30 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )
