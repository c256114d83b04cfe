"""What a reception day holds of a person, told before two records are linked (`linkage.effects`)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from passerelles.core import clock
from passerelles.core.text import in_sentence
from passerelles.linkage.effects import tells
from passerelles.network import policy
from passerelles.network.enums import Resource
from passerelles.network.policy import Actor
from passerelles.reception.enums import AppointmentStatus, Attendance, InterviewStatus
from passerelles.reception.models import Convocation, FirstAppointment, Interview


@tells("Convocations et entretiens")
def days_of(actor: Actor, people: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[str]]:
    """Convocations not moved, with the outcome of the interview if it was held."""
    asked = Convocation.objects.filter(person__in=people).exclude(status=Attendance.MOVED)
    seen = policy.visible(actor, asked.select_related("session"), Resource.SESSION)
    interviews = {
        each.convocation_id: each
        for each in policy.visible(actor, Interview.objects.filter(person__in=people), Resource.SESSION)
    }
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in seen.order_by("session__held_on", "pk"):
        line = f"séance du {each.session.held_on:%d/%m/%Y} : {in_sentence(each.get_status_display())}"
        interview = interviews.get(each.pk)
        if interview is not None:
            done = interview.status == InterviewStatus.DONE
            line += f", entretien : {in_sentence(interview.get_outcome_display()) if done else 'en cours'}"
        found[each.person_id].append(line)
    return found


@tells("Premiers rendez-vous")
def appointments_of(actor: Actor, people: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[str]]:
    """First appointments, the awaited ones said so."""
    asked = FirstAppointment.objects.filter(person__in=people).select_related("organisation")
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in policy.visible(actor, asked, Resource.APPOINTMENT).order_by("fixed_for", "pk"):
        awaited = each.status == AppointmentStatus.FIXED
        state = "attendu" if awaited else in_sentence(each.get_status_display())
        day = each.fixed_for.astimezone(clock.PARIS)
        found[each.person_id].append(f"{each.organisation}, {day:%d/%m/%Y} à {day:%H h %M} : {state}")
    return found
