"""The appointments to come of a person as a calendar file, in their language, with nothing that tells who they are."""

from __future__ import annotations

from passerelles.core import clock
from passerelles.messages import catalogue
from passerelles.portal.queries import PersonPage, Step
from passerelles.referrals.rules.icalendar import CalendarEvent, calendar

HOW = {"phone": "by_phone", "visio": "by_video"}


def write_calendar(page: PersonPage, texts: catalogue.Texts) -> str:
    """One event per appointment to come; the same event keeps its name when its date moves, so that it moves too.

    A calendar is shared and shown on locked screens: a body of health or of help to women is not named in it.
    """
    events = [_event(step, texts) for step in page.steps if step.when and step.when > clock.now()]
    return calendar(texts("title"), events)


def _event(step: Step, texts: catalogue.Texts) -> CalendarEvent:
    assert step.when is not None
    bring = f"{texts('bring')} : {step.bring or texts('bring_papers')}"
    how = texts(HOW[step.mode]) if step.mode in HOW else ""
    call = f"{texts('call')} : {step.phone}" if step.phone and not step.sensitive else ""
    return CalendarEvent(
        uid=f"{step.event}@passerelles",
        sequence=step.sequence,
        starts_at=step.when,
        minutes=step.minutes,
        summary=texts("title") if step.sensitive else step.organisation,
        location="" if step.mode == "phone" else step.where,
        description="\n".join(filter(None, (how, bring, call))),
        stamped_at=clock.now(),
    )
