"""What is told of a first appointment: to the agency by e-mail, to the person in their language. Nothing personal.

The person is written to as for any appointment: the date, the day before, the question of the day after.
"""

from __future__ import annotations

import datetime as dt

from passerelles.core import clock
from passerelles.messages import services as outbox
from passerelles.network.policy import SYSTEM
from passerelles.reception.models import FirstAppointment
from passerelles.referrals.notices import appointment_words

STILL_TOLD = dt.timedelta(days=30)
"""An absence entered later than this is not news any more: the person is not written to."""


def fixed(appointment: FirstAppointment, *, moved: bool = False, version: str = "") -> None:
    """The agency and the person learn the date. `version` when the same appointment is told again."""
    _agency(
        appointment,
        key=f"appointment:{appointment.pk}:{appointment.fixed_for.isoformat()}:{appointment.organisation_id}",
        kind="appointment_fixed",
        subject="une personne vous est adressée",
        sentence=f"Un premier rendez-vous est fixé {_when(appointment)} dans votre agence.",
        why="pour lire ce que la personne a déclaré",
    )
    if appointment.fixed_for > clock.now():
        agency = appointment.organisation
        outbox.tell_appointment(
            SYSTEM,
            appointment.person,
            appointment.pk,
            at=appointment.fixed_for,
            place=", ".join(filter(None, (agency.name, agency.address))),
            moved=moved,
            version=version,
        )


def withdrawn(appointment: FirstAppointment) -> None:
    """What has not left yet about this appointment will not leave."""
    outbox.drop_appointment(appointment.pk)


def cancelled(appointment: FirstAppointment, *, by_agency: bool) -> None:
    """Said only of an appointment still to come; whoever did not come is never told that it was cancelled."""
    withdrawn(appointment)
    if appointment.fixed_for <= clock.now():
        return
    _person(appointment, "appointment_cancelled")
    if not by_agency:
        _free_again(appointment, key=f"appointment-cancelled:{appointment.pk}", why="pour en lire le motif")


def given_elsewhere(appointment: FirstAppointment) -> None:
    """The agency first entered does not receive the person any more. Said before the appointment is changed."""
    if appointment.fixed_for > clock.now():
        key = f"appointment-elsewhere:{appointment.pk}:{clock.now():%Y%m%d%H%M%S%f}"
        _free_again(appointment, key=key, why="pour lire vos autres rendez-vous")


def _free_again(appointment: FirstAppointment, *, key: str, why: str) -> None:
    _agency(
        appointment,
        key=key,
        kind="appointment_cancelled",
        subject="un premier rendez-vous est annulé",
        sentence=f"Le rendez-vous fixé {_when(appointment)} dans votre agence est annulé : le créneau est libre.",
        why=why,
    )


def missed(appointment: FirstAppointment) -> None:
    """The agency or the accompanier says that the person did not come: they may say otherwise on their page."""
    withdrawn(appointment)
    if appointment.fixed_for >= clock.now() - STILL_TOLD:
        _person(appointment, "appointment_missed", f":{appointment.asserted_at:%Y%m%d%H%M%S%f}")


def answered_otherwise(appointment: FirstAppointment) -> None:
    """The absence that was to be told is no longer what is held true."""
    outbox.drop(f"appointment-of-person:{appointment.pk}:appointment_missed")


def cannot_come(appointment: FirstAppointment) -> None:
    """The person said so before the hour: the agency gives another date."""
    withdrawn(appointment)
    _agency(
        appointment,
        key=f"appointment-to-move:{appointment.pk}:{appointment.fixed_for.isoformat()}",
        kind="appointment_to_move",
        subject="une personne ne peut pas venir à son rendez-vous",
        sentence=f"La personne attendue {_when(appointment)} ne peut pas venir. Donnez-lui une autre date.",
        why="pour reporter le rendez-vous",
    )


def _person(appointment: FirstAppointment, situation: str, version: str = "") -> None:
    key = f"appointment-of-person:{appointment.pk}:{situation}{version}"
    outbox.tell_person(SYSTEM, appointment.person, situation, key=key, at=appointment.fixed_for)


def _agency(appointment: FirstAppointment, *, key: str, kind: str, subject: str, sentence: str, why: str) -> None:
    """One message to the functional mailbox: the person is read on the platform."""
    outbox.tell_organisation(
        SYSTEM,
        appointment.organisation,
        key=key,
        kind=kind,
        subject=f"Passerelles : {subject}",
        lines=[sentence, f"Connectez-vous à Passerelles, rubrique « Premiers rendez-vous », {why}."],
        person_id=appointment.person_id,
    )


def _when(appointment: FirstAppointment) -> str:
    return appointment_words(appointment.fixed_for)
