"""First appointments: the lists of the operator, of the DT and of the agency, and their export."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from passerelles.core import clock
from passerelles.network import policy
from passerelles.network.enums import OrganisationKind, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.network.queries import name_of_agent
from passerelles.people.models import Registration
from passerelles.reception.enums import AppointmentStatus, Word
from passerelles.reception.models import AppointmentWord, FirstAppointment

STATES = {
    "a_venir": "À venir",
    "sans_reponse": "Sans réponse",
    "a_deplacer": "À déplacer",
    "contradictions": "Contradictions",
    "honores": "Honorés",
    "manques": "Manqués ou excusés",
    "annules": "Annulés",
    "tous": "Tous",
}
AWAITED = frozenset({"a_venir", "sans_reponse", "a_deplacer"})
EXPORT_HEADER = (
    "Nom",
    "Prénoms",
    "Agence",
    "Date",
    "Heure",
    "Accompagnement convenu",
    "État",
    "Motif de l’annulation",
    "Accompagnement réalisé",
    "Affirmé par",
    "Affirmé le",
)


CONTRADICTED = Q(status=AppointmentStatus.ATTENDED, latest_word__in=[Word.ABSENT, Word.NOBODY]) | Q(
    status__in=[AppointmentStatus.MISSED, AppointmentStatus.EXCUSED], latest_word=Word.HELD
)
"""The two sides differ and nobody has settled it; needs `with_words`."""


def with_words(found: QuerySet[FirstAppointment]) -> QuerySet[FirstAppointment]:
    """Each appointment with `latest_word`: the last thing said of its present date on the page of the person."""
    said = AppointmentWord.objects.filter(appointment=OuterRef("pk"), fixed_for=OuterRef("fixed_for"))
    return found.annotate(latest_word=Subquery(said.order_by("-rank").values("said")[:1]))


def spoken_of(found: QuerySet[FirstAppointment]) -> QuerySet[FirstAppointment]:
    """Those of which the person said something, with `latest_word`."""
    return with_words(found.filter(Exists(AppointmentWord.objects.filter(appointment=OuterRef("pk")))))


def latest_word(appointment: FirstAppointment, words: Collection[Word]) -> AppointmentWord | None:
    """The latest of these words about the present date."""
    said = appointment.words.filter(said__in=words, fixed_for=appointment.fixed_for)
    return said.order_by("-rank").first()


def is_contradicted(appointment_id: uuid.UUID) -> bool:
    """The two sides differ and nobody has settled it."""
    return with_words(FirstAppointment.objects.filter(pk=appointment_id)).filter(CONTRADICTED).exists()


def condition(state: str, now: dt.datetime) -> Q:
    """The appointments of one tab. "Sans réponse": the date has passed and nobody has said what happened.

    "À déplacer" (the person cannot come) and "Contradictions" need `with_words`.
    """
    match state:
        case "a_venir":
            return Q(status=AppointmentStatus.FIXED, fixed_for__gte=now)
        case "sans_reponse":
            return Q(status=AppointmentStatus.FIXED, fixed_for__lt=now)
        case "a_deplacer":
            return Q(status=AppointmentStatus.FIXED, fixed_for__gte=now, latest_word=Word.CANNOT_COME)
        case "contradictions":
            return CONTRADICTED
        case "honores":
            return Q(status=AppointmentStatus.ATTENDED)
        case "manques":
            return Q(status__in=[AppointmentStatus.MISSED, AppointmentStatus.EXCUSED])
        case "annules":
            return Q(status=AppointmentStatus.CANCELLED)
    return Q()


def appointments(actor: Actor, state: str, agency: uuid.UUID | None, now: dt.datetime) -> QuerySet[FirstAppointment]:
    """The lines of the list: what the person declared comes along, one query for the whole page."""
    declared = Registration.objects.filter(register="ft").order_by("-starts_on", "pk")
    found = (
        _seen(actor, agency)
        .filter(condition(state, now))
        .select_related("person", "organisation", "session__operator", "asserted_for")
        .annotate(asserted_name=name_of_agent("asserted_by"), has_another=Exists(_another()))
        .prefetch_related(Prefetch("person__registrations", queryset=declared, to_attr="ft_registrations"))
        .prefetch_related(Prefetch("words", queryset=AppointmentWord.objects.order_by("rank"), to_attr="said"))
    )
    return found.order_by("fixed_for" if state in AWAITED else "-fixed_for", "pk")


def totals(actor: Actor, agency: uuid.UUID | None, now: dt.datetime) -> dict[str, int]:
    """How many appointments in each tab, in one query."""
    counts = {state: Count("pk", filter=condition(state, now)) for state in STATES if state != "tous"}
    return _seen(actor, agency).order_by().aggregate(tous=Count("pk"), **counts)


def agencies_seen(actor: Actor) -> QuerySet[Organisation]:
    """The agencies among which the actor may filter."""
    return Organisation.objects.filter(
        kind=OrganisationKind.FRANCE_TRAVAIL, direction__in=actor.directions, closed_on=None
    ).order_by("name")


def export_rows(found: QuerySet[FirstAppointment]) -> Iterator[tuple[str, ...]]:
    """The lines as text, in the order of `EXPORT_HEADER`."""
    for appointment in found:
        when = appointment.fixed_for.astimezone(clock.PARIS)
        said = appointment.asserted_at.astimezone(clock.PARIS) if appointment.asserted_at else None
        yield (
            appointment.person.family_name,
            appointment.person.given_names,
            appointment.organisation.name,
            f"{when:%d/%m/%Y}",
            f"{when:%H:%M}",
            _yes_no(appointment.accompaniment_agreed),
            appointment.get_status_display(),
            _cancelled_because(appointment),
            _yes_no(appointment.accompanied) if appointment.status == AppointmentStatus.ATTENDED else "",
            appointment.asserted_for.name if appointment.asserted_for else "",
            f"{said:%d/%m/%Y %H:%M}" if said else "",
        )


def _seen(actor: Actor, agency: uuid.UUID | None) -> QuerySet[FirstAppointment]:
    found = policy.visible(actor, FirstAppointment.objects.all(), Resource.APPOINTMENT)
    return with_words(found.filter(organisation=agency) if agency else found)


def _cancelled_because(appointment: FirstAppointment) -> str:
    """The reason in words, with what was added to it."""
    return " : ".join(filter(None, (appointment.get_cancel_reason_display(), appointment.cancel_note)))


def _another() -> QuerySet:
    """The appointment that replaces this one, or another one awaited for the same person."""
    other = Q(replaces=OuterRef("pk")) | Q(person=OuterRef("person"), status=AppointmentStatus.FIXED)
    return FirstAppointment.objects.filter(other).exclude(pk=OuterRef("pk")).order_by()


def _yes_no(value: bool | None) -> str:
    return "oui" if value else "non"
