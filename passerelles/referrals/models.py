"""Referrals from one organisation to a service of another, their appointments, and the places that services publish.

An open case always has one owner and either one next date or one alert: the table refuses anything else. A place is
given once: the table refuses a second time.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from passerelles.core.models import Record, retention
from passerelles.core.text import in_sentence
from passerelles.network.models import Agent, Organisation
from passerelles.people.models import Person
from passerelles.referrals.rules import words
from passerelles.referrals.rules.words import CLOSED, OPEN, UNSENT, State

_CLOSED = [state.value for state in State if state in CLOSED]
_UNSENT = [state.value for state in State if state in UNSENT]


class Service(Record):
    """A service or queue of an organisation: what a referral is addressed to, never a login (D-035)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    name = models.CharField("nom", max_length=120)
    purposes = models.JSONField("besoins", default=list, blank=True)
    weekly_places = models.PositiveSmallIntegerField("places par semaine", null=True, blank=True)
    capacity_told_at = models.DateTimeField("capacité donnée le", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    retention = retention(keep="organisation name purposes weekly_places capacity_told_at place closed_on")

    class Meta:
        verbose_name = "service"
        ordering = ("organisation__name", "name", "id")
        constraints = [models.UniqueConstraint(fields=("organisation", "name"), name="service_once")]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.name}"


class ReferralQuerySet(models.QuerySet):
    """Business questions asked of referrals."""

    def open(self) -> ReferralQuerySet:
        return self.exclude(state__in=_CLOSED)

    def known_to_receiver(self) -> ReferralQuerySet:
        return self.exclude(state__in=_UNSENT)

    def adrift(self, midnight: dt.date) -> ReferralQuerySet:
        """The open cases that break the invariant at the first instant of `midnight`: none, once the clocks have run.

        One owner, who is one of the parties, and either one next date not yet past or one alert.
        """
        return self.open().filter(
            Q(owner__isnull=True)
            | Q(next_on__isnull=True, alert="")
            | Q(next_on__isnull=False) & ~Q(alert="")
            | Q(next_on__lt=midnight)
            | ~Q(state__in=["proposed"]) & ~Q(owner=models.F("sender")) & ~Q(owner=models.F("receiver"))
        )


class Referral(Record):
    """A person sent by an organisation to a service of another, until they have met somebody there (D-035, C-036)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="adressée par")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="adressée à")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    sent_by = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    direction = models.CharField("direction territoriale", max_length=40)
    purpose = models.CharField("besoin", max_length=20, choices=words.Purpose.choices())
    message = models.CharField("message", max_length=500, blank=True)
    decision_id = models.UUIDField("décision d’orientation", null=True, blank=True)
    basis = models.CharField("fondement", max_length=15, choices=words.Basis.choices(), blank=True)
    consent_on = models.DateField("accord recueilli le", null=True, blank=True)
    health_agreed = models.BooleanField("accord pour transmettre un frein de santé", default=False)
    transmitted = models.JSONField("données transmises", default=list, blank=True)
    procedure_explained = models.BooleanField("démarches expliquées", default=False)
    online_access_helped = models.BooleanField("accès en ligne aidé", default=False)
    advice_given = models.BooleanField("conseils pour le premier rendez-vous", default=False)

    state = models.CharField("état", max_length=20, choices=State.choices(), default=State.DRAFT.value)
    stage = models.CharField("relance", max_length=10, choices=words.Stage.choices(), default="waiting")
    told_stage = models.CharField("relance annoncée", max_length=10, choices=words.Stage.choices(), default="waiting")
    entered_on = models.DateField("dans cet état depuis le")
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisme responsable"
    )
    assignee = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    next_on = models.DateField("prochaine échéance", null=True, blank=True)
    alert = models.CharField("alerte", max_length=120, blank=True)

    sent_at = models.DateTimeField("envoyée le", null=True)
    answered_at = models.DateTimeField("première réponse le", null=True)
    accepted_at = models.DateTimeField("acceptée le", null=True)
    appointment_given_at = models.DateTimeField("rendez-vous donné le", null=True)
    appointment_at = models.DateTimeField("rendez-vous le", null=True)
    attended_on = models.DateField("rencontre le", null=True)
    attended_by = models.CharField("affirmée par", max_length=12, choices=words.Party.choices(), blank=True)
    attended_told_at = models.DateTimeField("rencontre connue le", null=True)
    outcome = models.CharField("issue", max_length=12, choices=words.Outcome.choices(), blank=True)
    outcome_told_at = models.DateTimeField("issue connue le", null=True)
    attempts = models.PositiveSmallIntegerField("rendez-vous donnés", default=0)
    missed = models.PositiveSmallIntegerField("manqués de suite", default=0)
    reason = models.CharField("motif", max_length=20, blank=True)
    reason_note = models.CharField("précision", max_length=300, blank=True)
    suggested = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="autre proposé"
    )
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = ReferralQuerySet.as_manager()
    retention = retention(
        keep="sender receiver service direction purpose decision_id basis consent_on health_agreed "
        "procedure_explained online_access_helped advice_given state stage told_stage entered_on owner next_on alert "
        "sent_at answered_at accepted_at appointment_given_at appointment_at attended_on attended_by attended_told_at "
        "outcome outcome_told_at attempts missed reason suggested replaces",
        pseudonymise="person sent_by assignee",
        erase="message transmitted reason_note",
    )

    class Meta:
        verbose_name = "orientation"
        ordering = ("-created_at", "id")
        indexes = [
            models.Index(fields=("next_on", "id"), name="referral_due", condition=Q(next_on__isnull=False)),
            models.Index(
                fields=("receiver", "state", "next_on"), name="referral_inbox", condition=~Q(state__in=_CLOSED)
            ),
            models.Index(
                fields=("sender", "state", "next_on"), name="referral_outbox", condition=~Q(state__in=_CLOSED)
            ),
            models.Index(fields=("direction", "-created_at"), name="referral_by_direction"),
            models.Index(
                fields=("direction", "state", "next_on"),
                name="referral_open_in_dt",
                condition=~Q(state__in=_CLOSED),
            ),
            models.Index(fields=("id",), name="referral_untold", condition=~Q(stage=models.F("told_stage"))),
        ]
        constraints = [
            models.CheckConstraint(name="referral_goes_elsewhere", condition=~Q(sender=models.F("receiver"))),
            models.UniqueConstraint(
                fields=("person", "service", "purpose"),
                condition=~Q(state__in=_CLOSED),
                name="referral_open_once",
            ),
            models.CheckConstraint(
                name="referral_open_has_owner_and_date_or_alert",
                condition=Q(state__in=_CLOSED, owner__isnull=True, next_on__isnull=True, alert="")
                | ~Q(state__in=_CLOSED)
                & Q(owner__isnull=False)
                & (Q(next_on__isnull=False, alert="") | Q(next_on__isnull=True) & ~Q(alert="")),
            ),
            models.CheckConstraint(
                name="referral_sent_with_basis", condition=Q(state__in=[*_UNSENT, "withdrawn"]) | ~Q(basis="")
            ),
            models.CheckConstraint(
                name="referral_consent_dated", condition=~Q(basis="consent") | Q(consent_on__isnull=False)
            ),
            models.CheckConstraint(
                name="referral_reason_given", condition=~Q(state__in=["declined", "withdrawn"]) | ~Q(reason="")
            ),
            models.CheckConstraint(name="referral_ended_with_outcome", condition=~Q(state="ended") | ~Q(outcome="")),
            models.CheckConstraint(
                name="referral_fixed_has_appointment",
                condition=~Q(state="appointment_fixed") | Q(appointment_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_attended_is_asserted",
                condition=~Q(state__in=["attended", "started"])
                | Q(attended_on__isnull=False, attended_told_at__isnull=False) & ~Q(attended_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {in_sentence(State(self.state).label)}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class AppointmentStatus(models.TextChoices):
    """What became of one appointment of a referral. Whoever did not come "missed" it: never "cancelled"."""

    FIXED = "fixed", "Fixé"
    ATTENDED = "attended", "Honoré"
    MISSED = "missed", "Manqué"
    MOVED = "moved", "Changé de date"
    POSTPONED = "postponed", "Reporté, sans autre date"
    DROPPED = "dropped", "Sans objet"


class Place(Record):
    """One place that a service publishes: a dated slot, or one place of a week (`starts_at` empty) (E-025)."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")
    week_of = models.DateField("semaine du")
    starts_at = models.DateTimeField("créneau", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("durée (minutes)", default=45)
    mode = models.CharField("forme", max_length=5, choices=words.Mode.choices(), default=words.Mode.PLACE.value)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    retention = retention(keep="service week_of starts_at minutes mode withdrawn_at")

    class Meta:
        verbose_name = "place"
        ordering = ("week_of", "starts_at", "id")
        indexes = [models.Index(fields=("service", "week_of", "starts_at"), name="place_by_week")]

    def __str__(self) -> str:
        return f"{self.starts_at or self.week_of}"


class Booking(Record):
    """A place given to a referral. While it holds, nobody else can have the place."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="bookings")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="bookings")
    released_at = models.DateTimeField("rendue le", null=True, blank=True)

    retention = retention(keep="place referral released_at")

    class Meta:
        verbose_name = "réservation"
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=("place",), condition=Q(released_at__isnull=True), name="place_given_once"),
            models.UniqueConstraint(
                fields=("referral",), condition=Q(released_at__isnull=True), name="referral_holds_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}"


class Appointment(Record):
    """One appointment of a referral, with what each side says of it (C-020, C-036, K-011)."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="appointments")
    attempt = models.PositiveSmallIntegerField("rang")
    starts_at = models.DateTimeField("début")
    minutes = models.PositiveSmallIntegerField("durée (minutes)", default=45)
    mode = models.CharField("forme", max_length=5, choices=words.Mode.choices(), default=words.Mode.PLACE.value)
    where = models.CharField("lieu ou lien", max_length=300, blank=True)
    interpreter = models.CharField("interprète (langue)", max_length=8, blank=True)
    bring = models.CharField("à apporter", max_length=300, blank=True)
    status = models.CharField("état", max_length=10, choices=AppointmentStatus.choices, default=AppointmentStatus.FIXED)
    reason = models.CharField("motif", max_length=15, blank=True)
    given_by = models.CharField("donné par", max_length=12, choices=words.Party.choices())
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    sequence = models.PositiveSmallIntegerField("version de l’invitation", default=0)

    retention = retention(
        keep="referral attempt starts_at minutes mode interpreter status reason given_by confirmed_at sequence",
        erase="where bring",
    )

    class Meta:
        verbose_name = "rendez-vous d’une orientation"
        ordering = ("referral", "attempt", "id")
        constraints = [
            models.UniqueConstraint(fields=("referral", "attempt"), name="referral_attempt_once"),
            models.UniqueConstraint(fields=("referral",), condition=Q(status="fixed"), name="referral_one_appointment"),
            models.CheckConstraint(name="referral_missed_with_reason", condition=~Q(status="missed") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d/%m/%Y %H:%M}, {in_sentence(self.get_status_display())}"


class Statement(Record):
    """What one side said of an appointment: it took place, or not (C-020). Added, never changed."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="said")
    rank = models.PositiveSmallIntegerField("rang")
    party = models.CharField("affirmé par", max_length=12, choices=words.Party.choices())
    channel = models.CharField("canal", max_length=10, choices=words.Channel.choices())
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    took_place = models.BooleanField("a eu lieu")
    reason = models.CharField("motif", max_length=15, blank=True)

    retention = retention(keep="appointment rank party channel organisation took_place reason")

    class Meta:
        verbose_name = "parole sur un rendez-vous"
        ordering = ("appointment", "rank")
        constraints = [models.UniqueConstraint(fields=("appointment", "rank"), name="statement_rank_once")]

    def __str__(self) -> str:
        return f"{self.party}, {'a eu lieu' if self.took_place else 'n’a pas eu lieu'}"


class Dispute(Record):
    """Two sides contradict each other about an appointment; the organisation that sent the person settles it."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="dispute")
    receiver_says = models.BooleanField("l’organisme dit qu’il a eu lieu")
    person_says = models.BooleanField("la personne ou l’accompagnateur dit qu’il a eu lieu")
    settled_at = models.DateTimeField("tranché le", null=True, blank=True)
    settled_by = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    took_place = models.BooleanField("retenu", null=True, blank=True)
    note = models.CharField("précision", max_length=300, blank=True)

    retention = retention(
        keep="appointment receiver_says person_says settled_at took_place", pseudonymise="settled_by", erase="note"
    )

    class Meta:
        verbose_name = "contradiction"
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=("created_at",), name="dispute_open", condition=Q(settled_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="dispute_settled_whole",
                condition=Q(settled_at__isnull=True, took_place__isnull=True)
                | Q(settled_at__isnull=False, took_place__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return "Contradiction tranchée" if self.settled_at else "Contradiction à trancher"
