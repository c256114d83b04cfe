"""Sessions of the reception platform (PFA), desks, convocations, interviews, first appointments.

Double booking of a person, a desk or a slot is impossible: constraints of the database (decision 0005).
"""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.lookups import Exact, GreaterThan, LessThan

from passerelles.core.models import Record, retention
from passerelles.core.text import in_sentence
from passerelles.network.models import Organisation
from passerelles.people.models import Person
from passerelles.reception import enums
from passerelles.reception.expressions import DayOf, DeskAndTime, EndOf, LastDayOf, StartOf
from passerelles.reception.rules.planning import NOON
from passerelles.referrals.rules.words import PostponeReason

_EXPECTED = ~Q(status__in=["moved", "excused"])


def _codes(label: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=40), verbose_name=label, default=list, blank=True)


class Session(Record):
    """A half-day at the platform (D-028, D-029)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="DT OFII")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="opérateur"
    )
    direction = models.CharField("direction territoriale", max_length=40)
    held_on = models.DateField("date")
    half_day = models.CharField("demi-journée", max_length=2, choices=enums.HalfDay.choices)
    during = DateTimeRangeField("durée")
    place = models.CharField("lieu", max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField("places", default=12)
    slot_minutes = models.PositiveSmallIntegerField("durée d’un entretien (minutes)", default=15)
    languages = _codes("interprètes")
    partners = _codes("partenaires présents")
    status = models.CharField(
        "état", max_length=10, choices=enums.SessionStatus.choices, default=enums.SessionStatus.PLANNED
    )
    collective_started_at = models.DateTimeField("début de la présentation", null=True, blank=True)
    collective_minutes = models.PositiveSmallIntegerField("durée de la présentation (minutes)", null=True, blank=True)
    collective_messages = _codes("messages délivrés")
    tools_shown = _codes("outils présentés")

    retention = retention(
        keep="organisation operator direction held_on half_day during place capacity slot_minutes languages partners "
        "status collective_started_at collective_minutes collective_messages tools_shown"
    )

    class Meta:
        verbose_name = "séance"
        ordering = ("held_on", "half_day", "id")
        indexes = [models.Index(fields=("direction", "held_on"), name="session_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "held_on", "half_day", "place"),
                condition=~Q(status="cancelled"),
                name="session_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%d/%m/%Y}, {in_sentence(self.get_half_day_display())}"


class Desk(Record):
    """A desk of a session, where one interview is held at a time."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="desks")
    number = models.PositiveSmallIntegerField("numéro")
    label = models.CharField("nom", max_length=60)

    retention = retention(keep="session number label")

    class Meta:
        verbose_name = "bureau"
        ordering = ("session", "number", "id")
        constraints = [models.UniqueConstraint(fields=("session", "number"), name="desk_once")]

    def __str__(self) -> str:
        return self.label


class Convocation(Record):
    """A person called to a session, and what became of it (C-001). A walk-in is a convocation made on the spot."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="convocations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="convocations")
    during = DateTimeRangeField("durée de la séance")
    desk = models.ForeignKey(Desk, on_delete=models.SET_NULL, null=True, blank=True, related_name="convocations")
    slot = DateTimeRangeField("créneau d’entretien", null=True, blank=True)
    status = models.CharField(
        "présence", max_length=10, choices=enums.Attendance.choices, default=enums.Attendance.CONVOKED
    )
    walk_in = models.BooleanField("venue sans convocation", default=False)
    arrived_at = models.DateTimeField("arrivée", null=True, blank=True)
    absence_reason = models.CharField("motif", max_length=12, choices=enums.AbsenceReason.choices, blank=True)
    note = models.CharField("précision", max_length=200, blank=True)
    source = models.CharField("origine", max_length=200, blank=True)

    retention = retention(
        keep="session during desk slot status walk_in arrived_at absence_reason source",
        pseudonymise="person",
        erase="note",
    )

    class Meta:
        verbose_name = "convocation"
        ordering = ("slot", "created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("session", "person"), condition=~Q(status="moved"), name="convocation_once"
            ),
            models.CheckConstraint(name="session_within_a_day", condition=Exact(DayOf("during"), LastDayOf("during"))),
            models.UniqueConstraint(
                "person",
                DayOf("during"),
                name="person_in_one_place_morning",
                condition=_EXPECTED & Q(LessThan(StartOf("during"), NOON)),
            ),
            models.UniqueConstraint(
                "person",
                DayOf("during"),
                name="person_in_one_place_afternoon",
                condition=_EXPECTED & Q(GreaterThan(EndOf("during"), NOON)),
            ),
            ExclusionConstraint(
                name="desk_slot_once",
                expressions=[(DeskAndTime("desk", "slot"), RangeOperators.OVERLAPS)],
                condition=Q(desk__isnull=False, slot__isnull=False) & ~Q(status__in=["moved", "excused", "absent"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({in_sentence(self.get_status_display())})"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Interview(Record):
    """The 15-minute individual interview (D-030). `version` grows at each write: two desks never write the same one."""

    convocation = models.OneToOneField(Convocation, on_delete=models.PROTECT, related_name="interview")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="interviews")
    desk = models.ForeignKey(Desk, on_delete=models.SET_NULL, null=True, blank=True, related_name="interviews")
    version = models.PositiveIntegerField("version", default=1)
    written_by = models.UUIDField("dernière écriture par", null=True)
    written_at = models.DateTimeField("dernière écriture le", null=True)
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", null=True, blank=True)
    status = models.CharField(
        "état", max_length=5, choices=enums.InterviewStatus.choices, default=enums.InterviewStatus.OPEN
    )
    situation = models.CharField("situation", max_length=12, blank=True)
    out_reason = models.CharField("motif hors champ", max_length=200, blank=True)
    ft = models.BooleanField("inscrite à France Travail", null=True)
    rsa = models.BooleanField("bénéficiaire du RSA", null=True)
    agir = models.BooleanField("orientée vers AGIR", null=True)
    occupation = models.CharField("métier recherché", max_length=120, blank=True)
    barriers = _codes("freins")
    told_first_appointment = models.BooleanField("venir au premier rendez-vous", default=False)
    told_rights = models.BooleanField("mettre à jour ses droits", default=False)
    opted_out = models.BooleanField("demande à être dispensée", default=False)
    opt_out_reason = models.CharField("motif de la dispense", max_length=300, blank=True)
    registered = models.BooleanField("inscrite pendant l’entretien", default=False)
    registered_at = models.DateTimeField("inscrite le", null=True, blank=True)
    consent = models.BooleanField("accord de la personne", default=False)
    declared = models.JSONField("éléments déclarés", default=dict, blank=True)
    not_registered_reason = models.CharField("motif de non-inscription", max_length=20, blank=True)
    appointment_with = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="agence"
    )
    appointment_at = models.DateTimeField("premier rendez-vous", null=True, blank=True)
    accompaniment = models.BooleanField("accompagnement convenu", default=False)
    scope = models.CharField("champ", max_length=12, choices=enums.ScopeResult.choices, blank=True)
    outcome = models.CharField("issue", max_length=20, choices=enums.Outcome.choices, blank=True)
    category = models.CharField("ligne de répartition", max_length=12, choices=enums.Category.choices, blank=True)

    retention = retention(
        keep="convocation desk version written_at started_at ended_at status situation ft rsa agir barriers occupation "
        "told_first_appointment told_rights opted_out registered registered_at consent not_registered_reason "
        "appointment_with appointment_at accompaniment scope outcome category",
        pseudonymise="person written_by",
        erase="declared opt_out_reason out_reason",
    )

    class Meta:
        verbose_name = "entretien"
        ordering = ("started_at", "id")
        constraints = [
            models.CheckConstraint(name="interview_done_has_one_outcome", condition=~Q(status="done") | ~Q(outcome="")),
            models.CheckConstraint(
                name="interview_registered_with_consent",
                condition=Q(registered=False) | Q(consent=True, registered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Entretien du {self.started_at:%d/%m/%Y}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FirstAppointment(Record):
    """The first appointment with France Travail (C-020, D-032): fixed, then attended, missed, moved or cancelled."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="first_appointments")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="first_appointments")
    direction = models.CharField("direction territoriale", max_length=40)
    fixed_for = models.DateTimeField("rendez-vous le")
    status = models.CharField(
        "état", max_length=12, choices=enums.AppointmentStatus.choices, default=enums.AppointmentStatus.FIXED
    )
    accompaniment_agreed = models.BooleanField("accompagnement convenu", default=False)
    accompanied = models.BooleanField("accompagnement réalisé", null=True)
    asserted_by = models.UUIDField("affirmé par", null=True)
    asserted_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="au titre de"
    )
    asserted_at = models.DateTimeField("affirmé le", null=True)
    cancel_reason = models.CharField(
        "motif de l’annulation",
        max_length=12,
        choices=enums.CancelReason.choices,
        blank=True,
        default="",
        db_default="",
    )
    cancel_note = models.CharField("précision", max_length=200, blank=True, default="", db_default="")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    retention = retention(
        keep="session organisation direction fixed_for status accompaniment_agreed accompanied asserted_for "
        "asserted_at cancel_reason replaces",
        pseudonymise="person asserted_by",
        erase="cancel_note",
    )

    class Meta:
        verbose_name = "premier rendez-vous"
        ordering = ("fixed_for", "id")
        indexes = [
            models.Index(fields=("direction", "status", "fixed_for"), name="appointment_waiting"),
            models.Index(fields=("organisation", "fixed_for"), name="appointment_by_agency"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("person",), condition=Q(status="fixed"), name="appointment_one_open"),
            models.CheckConstraint(
                name="appointment_result_is_asserted",
                condition=Q(status="fixed") | Q(asserted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_cancelled_with_reason",
                condition=Q(status="cancelled") & ~Q(cancel_reason="") | ~Q(status="cancelled") & Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fixed_for:%d/%m/%Y %H:%M}, {in_sentence(self.get_status_display())}"


class AppointmentWord(Record):
    """One thing said of a first appointment on the page of the person, about its date of then. Added, never changed.

    The state of the appointment stays the word of the agency or of the accompanier (C-020).
    """

    appointment = models.ForeignKey(FirstAppointment, on_delete=models.CASCADE, related_name="words")
    rank = models.PositiveSmallIntegerField("rang")
    fixed_for = models.DateTimeField("sur le rendez-vous du")
    said = models.CharField("parole", max_length=12, choices=enums.Word.choices)
    reason = models.CharField("motif", max_length=15, blank=True)

    retention = retention(keep="appointment rank fixed_for said reason")

    class Meta:
        verbose_name = "parole sur un premier rendez-vous"
        ordering = ("appointment", "rank")
        constraints = [models.UniqueConstraint(fields=("appointment", "rank"), name="appointment_word_once")]

    def __str__(self) -> str:
        return self.get_said_display()

    @property
    def reason_words(self) -> str:
        """Why the person cannot come, in words."""
        return in_sentence(PostponeReason(self.reason).label) if self.reason else ""
