"""The individual interview: opened at a desk, saved as it goes, finished with exactly one outcome.

Writing needs the version that was read: the second of two desks gets `EditedElsewhere` and keeps what it typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage.models import WAITING, CheckResult
from passerelles.linkage.queries import answers_of_identity, registered_under_other_records
from passerelles.linkage.services import declare_check
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.orientation import services as orientation
from passerelles.orientation.engine.facts import Known
from passerelles.orientation.models import Decision
from passerelles.people import services as people
from passerelles.people.enums import ConsentPurpose, RegisteredBy, RegistrationPlace
from passerelles.people.models import Registration
from passerelles.reception.enums import AppointmentStatus, Attendance, InterviewStatus
from passerelles.reception.models import Desk, FirstAppointment, Interview
from passerelles.reception.rules import scope as rules
from passerelles.reception.services import appointments
from passerelles.reception.services.attendance import locked_convocation, record_arrival
from passerelles.reception.settings_on import automatic_registration, convention_in_force

SOURCE = "Entretien à la plateforme d’accueil"
FIELDS = (
    "situation out_reason ft rsa agir occupation barriers told_first_appointment told_rights opted_out opt_out_reason "
    "registered registered_at consent declared not_registered_reason appointment_with appointment_at accompaniment"
).split()


def facts_of(interview: Interview) -> rules.Facts:
    """What the rules need, from the interview as it stands."""
    return rules.Facts(
        situation=interview.situation,
        ft=interview.ft,
        rsa=interview.rsa,
        agir=interview.agir,
        opted_out=interview.opted_out,
        out_for_other_reason=bool(interview.out_reason),
    )


@transaction.atomic
def start_interview(actor: Actor, convocation_id: uuid.UUID, *, desk_id: uuid.UUID | None = None) -> Interview:
    """Open the interview at a desk, or give back the one already open. The checks already known are filled in."""
    convocation = locked_convocation(actor, convocation_id)
    found = Interview.objects.filter(convocation=convocation).first()
    if found:
        return found
    if convocation.status != Attendance.PRESENT:
        record_arrival(actor, convocation_id)
        convocation.refresh_from_db()
    desk = Desk.objects.filter(pk=desk_id or convocation.desk_id, session=convocation.session_id).first()
    known = {
        check.register: check.result == "registered" for check in convocation.person.checks.exclude(result__in=WAITING)
    }
    person_id = convocation.person_id
    known |= dict.fromkeys(answers_of_identity([person_id]).get(person_id, {}), True)
    interview = Interview.objects.create(
        convocation=convocation,
        person_id=convocation.person_id,
        desk=desk,
        started_at=clock.now(),
        written_by=actor.agent_id,
        written_at=clock.now(),
        opted_out=convocation.person.opt_outs.filter(reversed_on=None).exists(),
        **known,
    )
    journal.note_access(actor, [convocation.person_id], action="write", purpose="entretien ouvert")
    return interview


@transaction.atomic
def save_interview(actor: Actor, interview_id: uuid.UUID, *, version: int, values: dict[str, Any]) -> Interview:
    """Save what is typed so far; `version` is the one that was read. Refused on a finished interview."""
    interview = _locked(actor, interview_id, version)
    if interview.status == InterviewStatus.DONE:
        raise Impossible("Cet entretien est terminé.", remedy="Utilisez « Corriger l’entretien ».")
    _write(actor, interview, values)
    return interview


@transaction.atomic
def finish_interview(actor: Actor, interview_id: uuid.UUID, *, version: int, values: dict[str, Any]) -> Interview:
    """Finish (or correct) the interview: one outcome, and everything that follows from it, or nothing."""
    interview = _locked(actor, interview_id, version)
    _write(actor, interview, values)
    session = interview.convocation.session
    facts = facts_of(interview)
    outcome = rules.outcome(
        facts, registered=interview.registered, not_registered_reason=interview.not_registered_reason
    )
    if outcome is None:
        raise Impossible(_what_is_missing(facts))
    if interview.registered:
        _check_may_register(interview, facts)
    interview.scope, interview.outcome = rules.scope(facts) or "", outcome
    interview.category = rules.category(facts)
    interview.status = InterviewStatus.DONE
    interview.ended_at = interview.ended_at or clock.now()
    interview.save()
    _follow_up(actor, interview)
    journal.correct(
        FactKind.INTERVIEW_HELD,
        actor=actor,
        occurred_on=session.held_on,
        subject=interview.pk,
        person=interview.person_id,
        direction=session.direction,
        organisation=session.operator_id,
        data={
            "session": session.pk,
            "situation": interview.situation,
            "scope": interview.scope,
            "outcome": interview.outcome,
            "category": interview.category,
            "ft": interview.ft,
            "rsa": interview.rsa,
            "agir": interview.agir,
            "covered": rules.covered(facts),
            "registered": interview.registered,
            "opted_out": interview.opted_out,
        },
    )
    journal.note_access(actor, [interview.person_id], action="write", purpose="entretien terminé")
    return interview


@transaction.atomic
def orient(
    actor: Actor,
    interview_id: uuid.UUID,
    *,
    chosen: Iterable[str],
    reason: str,
    read: uuid.UUID | None,
    typed: Mapping[str, Known],
) -> Decision:
    """Decide the orientation during the interview, from what the form says (`typed`) and what is known (C-007).

    What the form alone asks is stated of the person, so that nobody asks it again.
    """
    interview = policy.get_or_404(
        actor, Interview.objects.select_related("convocation__session"), Resource.SESSION, interview_id, Action.EDIT
    )
    day = interview.convocation.session.held_on
    asked_here = {code: typed[code].value for code in ("spe.dispense", "metz.autre_motif") if code in typed}
    orientation.state(actor, interview.person_id, asked_here, source=SOURCE, as_of=day)
    return orientation.decide(
        actor, interview.person_id, chosen=chosen, reason=reason, made_on=day, read=read, typed=typed
    )


def _locked(actor: Actor, interview_id: uuid.UUID, version: int) -> Interview:
    interview = policy.get_or_404(
        actor,
        Interview.objects.select_related("convocation__session", "person").select_for_update(of=("self",)),
        Resource.SESSION,
        interview_id,
        Action.EDIT,
    )
    if interview.version != version:
        writer = Agent.objects.filter(pk=interview.written_by).values_list("name", flat=True).first()
        raise EditedElsewhere(writer or "Un autre poste", f"{interview.written_at.astimezone(clock.PARIS):%H h %M}")
    return interview


def _write(actor: Actor, interview: Interview, values: dict[str, Any]) -> None:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"not fields of an interview: {sorted(unknown)}")
    for name, value in values.items():
        setattr(interview, name, value)
    if interview.registered and interview.consent and interview.registered_at is None:
        interview.registered_at = clock.now()
    if not interview.registered:
        interview.registered_at = None
    interview.version += 1
    interview.written_by, interview.written_at = actor.agent_id, clock.now()
    if interview.registered and not interview.consent:
        raise Impossible(
            "L’inscription demande l’accord de la personne.", remedy="Cochez l’accord, ou retirez l’inscription."
        )
    interview.save()


def _what_is_missing(facts: rules.Facts) -> str:
    answer = rules.in_scope(facts)
    if answer.is_unknown:
        return "La situation de la personne manque : choisissez-la avant de terminer."
    unknown = [register for register, known in rules.known_elsewhere(facts) if known is None]
    if unknown:
        names = {"ft": "France Travail", "rsa": "RSA", "agir": "AGIR"}
        return f"Vérification à compléter : {', '.join(names[register] for register in unknown)}."
    return "La personne est dans le champ et n’est pas inscrite : inscrivez-la, ou dites pourquoi ce n’est pas fait."


def _check_may_register(interview: Interview, facts: rules.Facts) -> None:
    session = interview.convocation.session
    for other in registered_under_other_records(interview.person_id, "ft"):
        raise Impossible(
            f"La personne est déjà inscrite sous une autre de ses fiches, depuis le {other.starts_on:%d/%m/%Y}.",
            remedy="Retirez l’inscription ; si les fiches sont de deux personnes, déliez-les d’abord.",
        )
    answer = rules.to_register(
        facts,
        convention=convention_in_force(session.held_on, session.direction),
        automatic=automatic_registration(session.held_on, session.direction),
    )
    if answer.is_yes:
        return
    if answer.is_unknown:
        raise Impossible(f"Avant d’inscrire, il manque : {', '.join(answer.missing)}.")
    raise Impossible(
        f"L’inscription n’est pas possible : {', '.join(reason.text for reason in answer.reasons)}.",
        remedy="Retirez l’inscription ou corrigez la fiche.",
    )


def _follow_up(actor: Actor, interview: Interview) -> None:
    """Everything an interview says about the person, written by the verbs that own it."""
    session, person = interview.convocation.session, interview.person
    if interview.situation:
        people.observe_situation(actor, person, kind=interview.situation, observed_on=session.held_on, source=SOURCE)
    for register in ("ft", "rsa", "agir"):
        _follow_check(actor, interview, register)
    if interview.opted_out:
        people.opt_out(actor, person, since=session.held_on, reason=interview.opt_out_reason or "non précisé")
    elif person.opt_outs.filter(reversed_on=None, since__lte=session.held_on).exists():
        people.reverse_opt_out(actor, person, on=session.held_on)
    _follow_registration(actor, interview)
    _follow_appointment(actor, interview)


def _follow_check(actor: Actor, interview: Interview, register: str) -> None:
    """The answer of the interview becomes the standing one, unless a list received since then has answered."""
    known = getattr(interview, register)
    if known is None:
        return
    standing = interview.person.checks.filter(register=register).first()
    if standing is not None:
        newer = standing.as_of > interview.convocation.session.held_on and standing.result not in WAITING
        agrees = standing.result == (CheckResult.REGISTERED if known else CheckResult.NOT_FOUND)
        if newer or agrees:
            return
    declare_check(actor, interview.person, register=register, known=known, source=SOURCE)


def _follow_registration(actor: Actor, interview: Interview) -> None:
    session, person = interview.convocation.session, interview.person
    made = Registration.objects.filter(
        person=person, register="ft", by=RegisteredBy.CIP, starts_on=session.held_on
    ).first()
    if interview.registered and made is None:
        people.give_consent(actor, person, purpose=ConsentPurpose.REGISTRATION, given_on=session.held_on)
        people.register(
            actor,
            person,
            starts_on=session.held_on,
            by=RegisteredBy.CIP,
            place=RegistrationPlace.PLATFORM,
            registered_at=interview.registered_at,
            declared=interview.declared,
        )
    elif made is not None and not interview.registered:
        people.cancel_registration(actor, made, reason="entretien corrigé")


def _follow_appointment(actor: Actor, interview: Interview) -> None:
    """The appointment of this interview is fixed once, then corrected as long as nobody gave it another date.

    Once it was cancelled, a corrected interview that names another one fixes that one.
    """
    if not (interview.appointment_with_id and interview.appointment_at):
        return
    session = interview.convocation.session
    details = {
        "organisation": interview.appointment_with,
        "fixed_for": interview.appointment_at,
        "accompaniment_agreed": interview.accompaniment,
    }
    waiting = FirstAppointment.objects.filter(person=interview.person_id, status="fixed").first()
    if waiting is not None and all(getattr(waiting, name) == value for name, value in details.items()):
        return
    last = FirstAppointment.objects.filter(person=interview.person_id, session=session).order_by("created_at").last()
    if last is None:
        appointments.fix_appointment(actor, person=interview.person, session=session, **details)
    elif last.status == AppointmentStatus.CANCELLED:
        other = (last.organisation, last.fixed_for) != (interview.appointment_with, interview.appointment_at)
        if other and waiting is None:
            appointments.fix_appointment(actor, person=interview.person, session=session, replaces=last, **details)
    elif waiting is not None and waiting.session_id == session.pk and waiting.replaces_id is None:
        appointments.amend_appointment(actor, waiting.pk, **details)
