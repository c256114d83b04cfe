"""The life of a return (F-001, F-011, F.8): drafted, validated, sent or deposited, acknowledged, corrected."""

from __future__ import annotations

import uuid

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.core.text import in_sentence
from passerelles.indicators.queries import Known
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages import services as outbox
from passerelles.network import policy
from passerelles.network.enums import Action, Resource, Scope
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory
from passerelles.reports import content
from passerelles.reports.catalogue import Channel, ReturnType, Template, return_type
from passerelles.reports.making import make
from passerelles.reports.models import GONE, Return, ReturnStatus
from passerelles.reports.schedule import ReturnPeriod
from passerelles.reports.services.recipients import recipients_of


def draft_warnings(period: ReturnPeriod) -> list[str]:
    """What to know before freezing this period; empty when it is over."""
    if clock.today() <= period.ends_on:
        return [f"{_of(period)} n’est pas terminé : les chiffres figés seront incomplets."]
    return []


def may_draft(actor: Actor, kind: ReturnType, territory: Territory) -> bool:
    """May this actor make this return of this territory?"""
    scope = policy.scope_of(actor, Resource.RETURN, Action.EDIT)
    if scope is None or not (actor.system or actor.role in kind.drafts):
        return False
    return kind.concerns(territory) and (actor.system or _within(actor, scope, territory))


@transaction.atomic
def draft_return(actor: Actor, slug: str, territory: str, period: str, comment: str = "", text: str = "") -> Return:
    """Freeze the figures of the period as known now, as the next version; `text`: of a return that is a document.

    Refused before the period begins, and outside the territory of the actor. The position is taken before anything
    is written, so that the figures hold exactly the facts up to it.
    """
    policy.require(actor, Resource.RETURN, Action.EDIT)
    kind, place, span = return_type(slug), Territory.parse(territory), ReturnPeriod.parse(period)
    if not may_draft(actor, kind, place):
        raise Refused(f"Votre rôle n’établit pas la remontée « {kind.name} » : {place.label_fr}.")
    if clock.today() < span.starts_on:
        raise Impossible(
            f"{_of(span)} n’a pas commencé : il n’y a rien à établir.", remedy="Choisissez une autre période."
        )
    position, known_at = journal.position(), clock.now()
    made = make(kind, place, span, Known(position=position), text=text)
    last = Return.objects.filter(kind=slug, territory=territory, period=period).order_by("-version").first()
    drafted = Return.objects.create(
        kind=slug,
        territory=territory,
        period=period,
        version=last.version + 1 if last else 1,
        definition=made.definition,
        operator_name=made.operator,
        position=position,
        known_at=known_at,
        content=made.content,
        sha256=content.fingerprint(made.content),
        certificate=made.certificate,
        comment=comment.strip(),
        drafted_by=actor.agent_id,
    )
    _journal(actor, FactKind.RETURN_DRAFTED, drafted)
    return drafted


@transaction.atomic
def validate_return(actor: Actor, return_id: uuid.UUID) -> Return:
    """A second person of a named role validates the newest draft; nobody validates what they drafted."""
    found = _locked(actor, return_id, Action.VALIDATE)
    if not (actor.system or actor.role in found.type.validates):
        raise Refused(f"Votre rôle ne valide pas la remontée « {found.type.name} ».")
    if found.status != ReturnStatus.DRAFTED:
        raise Impossible(f"Cette version est déjà {in_sentence(found.get_status_display())}.")
    if found.drafted_by is not None and found.drafted_by == actor.agent_id:
        raise Refused(
            "Vous avez établi cette remontée : une autre personne doit la valider.",
            remedy="Demandez-le à la personne de votre organisme qui répond de cette remontée.",
        )
    _refuse_superseded(found)
    found.status, found.validated_by, found.validated_at = ReturnStatus.VALIDATED, actor.agent_id, clock.now()
    found.save(update_fields=["status", "validated_by", "validated_at"])
    _journal(actor, FactKind.RETURN_VALIDATED, found)
    return found


@transaction.atomic
def send_return(actor: Actor, return_id: uuid.UUID) -> Return:
    """Send the validated version to its recipients, the frozen file attached (REP-01 and following).

    Refused while a recipient is missing from the directory or has no mailbox.
    """
    found = _to_send(actor, return_id)
    if found.type.channel is not Channel.EMAIL:
        raise Impossible(
            f"Cette remontée ne part pas par courriel : {found.type.channel}.",
            remedy="Téléchargez le fichier, déposez-le, puis dites-le ici.",
        )
    recipients, missing = recipients_of(found.type, found.place)
    if missing:
        raise Impossible(f"L’envoi attend : {' ; '.join(missing)}.", remedy="Complétez l’annuaire, puis envoyez.")
    mailboxes = [organisation.mailbox for organisation in recipients]
    subject, body = _message(found)
    for organisation in recipients:
        outbox.queue(
            key=f"return:{found.pk}:{organisation.pk}",
            kind="return_sent",
            recipient=organisation.mailbox,
            subject=subject,
            body=body,
            attachment_name=file_name(found, frozen_suffix(found)),
            attachment=bytes(found.content),
        )
    found.recipients = mailboxes
    return _gone(actor, found)


@transaction.atomic
def deposit_return(actor: Actor, return_id: uuid.UUID, where: str) -> Return:
    """Say where the validated version was handed over, when it does not leave by e-mail."""
    found = _to_send(actor, return_id)
    if not where.strip():
        raise Impossible("Dites où la remontée a été déposée.", remedy="Par exemple : RESANA, comité du 12 mars.")
    found.deposit = where.strip()
    return _gone(actor, found)


@transaction.atomic
def acknowledge_return(actor: Actor, return_id: uuid.UUID) -> Return:
    """One of the recipients says that the return has arrived."""
    found = _locked(actor, return_id, Action.ACKNOWLEDGE)
    if not (actor.system or actor.role in found.type.receives):
        raise Refused(
            f"Votre rôle ne reçoit pas la remontée « {found.type.name} » : un destinataire note la réception."
        )
    if found.sent_by is not None and found.sent_by == actor.agent_id:
        raise Refused("Vous avez envoyé cette remontée : un destinataire note la réception.")
    if found.status == ReturnStatus.ACKNOWLEDGED:
        raise Impossible("La réception de cette version est déjà notée.")
    if found.status != ReturnStatus.SENT:
        raise Impossible("Cette version n’est pas envoyée : il n’y a rien à recevoir.")
    found.status, found.acknowledged_by, found.acknowledged_at = (
        ReturnStatus.ACKNOWLEDGED,
        actor.agent_id,
        clock.now(),
    )
    found.save(update_fields=["status", "acknowledged_by", "acknowledged_at"])
    _journal(actor, FactKind.RETURN_ACKNOWLEDGED, found)
    return found


def frozen_suffix(found: Return) -> str:
    """The format of the frozen bytes."""
    return "txt" if found.type.template is Template.DOCUMENT else "csv"


def file_name(found: Return, suffix: str) -> str:
    """`remontee-metz-2026-01-v2.csv`; the returns of the catalogue bear their slug."""
    place = found.place.code or "france"
    name = place if found.type.template is Template.METZ else f"{found.kind}-{place}"
    return f"remontee-{name}-{found.period}-v{found.version}.{suffix}"


def _of(period: ReturnPeriod) -> str:
    return f"Le mois de {period.label_fr}" if period.months == 1 else f"La période « {period.label_fr} »"


def _within(actor: Actor, scope: Scope, territory: Territory) -> bool:
    code = territory.code
    match scope, territory.kind:
        case Scope.OWN_DT, Kind.DIRECTION:
            return code in actor.directions
        case Scope.OWN_DT, Kind.DEPARTMENT:
            return territories.direction_of_department(code).code in actor.directions
        case Scope.DEPARTMENT, Kind.DEPARTMENT:
            return code in actor.departments
        case Scope.REGION, Kind.REGION:
            return code in actor.regions
        case Scope.NATION, Kind.NATIONAL:
            return True
    return False


def _message(found: Return) -> tuple[str, str]:
    period, place = found.span.label_fr, found.place.label_fr
    correction = f" (version {found.version}, qui remplace la précédente)" if found.version > 1 else ""
    monthly = found.type.template is Template.METZ
    name = f"Remontée mensuelle de {period}" if monthly else f"{found.type.name}, {period}"
    what = "la remontée mensuelle de l’expérimentation" if monthly else f"la remontée « {found.type.name} »"
    subject = f"{name}, {place}, version {found.version}"
    body = (
        "Bonjour,\n\n"
        f"Vous trouverez ci-joint {what} pour {period}{correction}.\n"
        + (f"Opérateur : {found.operator_name or 'non renseigné'}. " if monthly else "")
        + f"Chiffres connus au {found.known_at.astimezone(clock.PARIS):%d/%m/%Y à %H h %M}.\n"
        + (f"\nCommentaire : {found.comment}\n" if found.comment else "")
        + f"\nEmpreinte du fichier (SHA-256) : {found.sha256}\n"
        "Ce message ne contient aucune donnée nominative."
    )
    return subject, body


def _to_send(actor: Actor, return_id: uuid.UUID) -> Return:
    found = _locked(actor, return_id, Action.SEND)
    if not (actor.system or actor.role in found.type.sends):
        raise Refused(f"Votre rôle n’envoie pas la remontée « {found.type.name} ».")
    if found.status in GONE:
        raise Impossible("Cette version est déjà envoyée.", remedy="Pour corriger, établissez une nouvelle version.")
    if found.status != ReturnStatus.VALIDATED:
        raise Impossible("Cette version n’est pas validée : elle ne peut pas encore être envoyée.")
    _refuse_superseded(found)
    return found


def _gone(actor: Actor, found: Return) -> Return:
    found.status, found.sent_by, found.sent_at = ReturnStatus.SENT, actor.agent_id, clock.now()
    found.save(update_fields=["status", "sent_by", "sent_at", "recipients", "deposit"])
    _journal(actor, FactKind.RETURN_SENT, found, recipients=found.recipients or [found.deposit])
    return found


def _locked(actor: Actor, return_id: uuid.UUID, action: Action) -> Return:
    return policy.get_or_404(actor, Return.objects.select_for_update(of=("self",)), Resource.RETURN, return_id, action)


def _refuse_superseded(found: Return) -> None:
    newer = Return.objects.filter(
        kind=found.kind, territory=found.territory, period=found.period, version__gt=found.version
    )
    newest = newer.order_by("-version").values_list("version", flat=True).first()
    if newest is not None:
        raise Impossible(f"La version {newest} remplace celle-ci.", remedy=f"Ouvrez la version {newest}.")


def _journal(actor: Actor, kind: FactKind, found: Return, **data: object) -> None:
    journal.record(
        kind,
        actor=actor,
        occurred_on=clock.today(),
        subject=found.pk,
        direction=found.direction,
        data={"version": found.version, "return": found.kind, "period": found.period} | data,
    )
