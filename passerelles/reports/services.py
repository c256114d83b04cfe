"""The verbs on the monthly return (F-001, REP-01): draft, validate, send. A correction is a new version."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Q

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused
from passerelles.core.periods import Month
from passerelles.indicators.monthly import monthly
from passerelles.indicators.queries import Known
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages import services as outbox
from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource, Scope
from passerelles.network.models import Delegation, Organisation
from passerelles.network.policy import Actor
from passerelles.reference import territories
from passerelles.reports import content
from passerelles.reports.models import Return, ReturnKind, ReturnStatus


def operator_name(direction: str, month: Month) -> str:
    """The operator, or operators, delegated to the DT during the month (A-053)."""
    delegated = Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=month.first), direction=direction, starts_on__lte=month.last
    )
    return " / ".join(sorted(set(delegated.values_list("operator__name", flat=True))))


def draft_warnings(month: Month) -> list[str]:
    """What to know before freezing this month; empty when it is over."""
    if clock.today() <= month.last:
        return [f"Le mois de {month.label_fr} n’est pas terminé : les chiffres figés seront incomplets."]
    return []


@transaction.atomic
def draft_return(actor: Actor, direction: str, month: Month, comment: str = "") -> Return:
    """Freeze the figures of the month as known now, as the next version (F-001, F-011).

    Refused before the month begins, and outside the DTs of the actor. The position is taken before anything is
    written, so that the figures hold exactly the facts up to it.
    """
    scope = policy.require(actor, Resource.RETURN, Action.EDIT)
    if scope is Scope.OWN_DT and not actor.system and direction not in actor.directions:
        raise Refused("Cette direction territoriale n’est pas la vôtre.")
    if clock.today() < month.first:
        raise Impossible(
            f"Le mois de {month.label_fr} n’a pas commencé : il n’y a rien à établir.",
            remedy="Choisissez un autre mois.",
        )
    position, known_at = journal.position(), clock.now()
    figures = monthly(direction, month, Known(position=position))
    operator = operator_name(direction, month)
    frozen = content.canonical(content.heading(direction, month, operator), figures.official)
    last = Return.objects.filter(kind=ReturnKind.METZ_MONTHLY, direction=direction, month=str(month)).first()
    drafted = Return.objects.create(
        kind=ReturnKind.METZ_MONTHLY,
        direction=direction,
        month=str(month),
        version=last.version + 1 if last else 1,
        definition=figures.definitions.code,
        operator_name=operator,
        position=position,
        known_at=known_at,
        content=frozen,
        sha256=content.fingerprint(frozen),
        comment=comment.strip(),
        drafted_by=actor.agent_id,
    )
    _journal(actor, FactKind.RETURN_DRAFTED, drafted)
    return drafted


@transaction.atomic
def validate_return(actor: Actor, return_id: uuid.UUID) -> Return:
    """A second person validates the newest draft; nobody validates what they drafted."""
    found = _locked(actor, return_id, Action.VALIDATE)
    if found.status != ReturnStatus.DRAFTED:
        raise Impossible(f"Cette version est déjà {found.get_status_display().lower()}.")
    if found.drafted_by is not None and found.drafted_by == actor.agent_id:
        raise Refused(
            "Vous avez établi cette remontée : une autre personne doit la valider.",
            remedy="Demandez-le à l’administrateur de votre organisme ou au responsable de la direction territoriale.",
        )
    _refuse_superseded(found)
    found.status, found.validated_by, found.validated_at = ReturnStatus.VALIDATED, actor.agent_id, clock.now()
    found.save(update_fields=["status", "validated_by", "validated_at"])
    _journal(actor, FactKind.RETURN_VALIDATED, found)
    return found


@transaction.atomic
def send_return(actor: Actor, return_id: uuid.UUID) -> Return:
    """Send the validated version to the DT and to the DREETS, the frozen file attached (REP-01).

    Refused while a recipient is missing from the directory or has no mailbox.
    """
    found = _locked(actor, return_id, Action.SEND)
    if found.status == ReturnStatus.SENT:
        raise Impossible("Cette version est déjà envoyée.", remedy="Pour corriger, établissez une nouvelle version.")
    if found.status != ReturnStatus.VALIDATED:
        raise Impossible("Cette version n’est pas validée : elle ne peut pas encore être envoyée.")
    _refuse_superseded(found)
    recipients, missing = recipients_of(found.direction)
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
            attachment_name=file_name(found, "csv"),
            attachment=bytes(found.content),
        )
    found.status, found.sent_by, found.sent_at = ReturnStatus.SENT, actor.agent_id, clock.now()
    found.recipients = mailboxes
    found.save(update_fields=["status", "sent_by", "sent_at", "recipients"])
    _journal(actor, FactKind.RETURN_SENT, found, recipients=mailboxes)
    return found


def recipients_of(direction: str) -> tuple[list[Organisation], list[str]]:
    """The DT and the DREETS of its region, and what is missing, in words."""
    place = territories.direction(direction)
    region = territories.region(place.region_code)
    open_ones = Organisation.objects.filter(closed_on__isnull=True)
    wanted = (
        (f"la {place.label_fr}", open_ones.filter(kind=OrganisationKind.OFII_DT, direction=direction)),
        (
            f"la DREETS de la région {region.name}",
            open_ones.filter(kind=OrganisationKind.DREETS, region_code=region.code),
        ),
    )
    found: list[Organisation] = []
    missing: list[str] = []
    for name, organisations in wanted:
        candidates = list(organisations)
        with_mailbox = [each for each in candidates if each.mailbox]
        found += with_mailbox
        if not candidates:
            missing.append(f"{name} ne figure pas dans l’annuaire")
        elif not with_mailbox:
            missing.append(f"{name} n’a pas de boîte fonctionnelle")
    return found, missing


def file_name(found: Return, suffix: str) -> str:
    """`remontee-metz-2026-01-v2.csv`."""
    return f"remontee-{found.direction}-{found.month}-v{found.version}.{suffix}"


def _message(found: Return) -> tuple[str, str]:
    month = Month.parse(found.month).label_fr
    place = territories.direction(found.direction).label_fr
    correction = f" (version {found.version}, qui remplace la précédente)" if found.version > 1 else ""
    subject = f"Remontée mensuelle de {month}, {place}, version {found.version}"
    body = (
        "Bonjour,\n\n"
        f"Vous trouverez ci-joint la remontée mensuelle de l’expérimentation pour {month}{correction}.\n"
        f"Opérateur : {found.operator_name or 'non renseigné'}. Chiffres connus au "
        f"{found.known_at.astimezone(clock.PARIS):%d/%m/%Y à %H h %M}.\n"
        + (f"\nCommentaire : {found.comment}\n" if found.comment else "")
        + f"\nEmpreinte du fichier (SHA-256) : {found.sha256}\n"
        "Ce message ne contient aucune donnée nominative."
    )
    return subject, body


def _locked(actor: Actor, return_id: uuid.UUID, action: Action) -> Return:
    return policy.get_or_404(actor, Return.objects.select_for_update(of=("self",)), Resource.RETURN, return_id, action)


def _refuse_superseded(found: Return) -> None:
    newest = Return.objects.filter(kind=found.kind, direction=found.direction, month=found.month).first()
    if newest is not None and newest.version > found.version:
        raise Impossible(
            f"La version {newest.version} remplace celle-ci.", remedy=f"Ouvrez la version {newest.version}."
        )


def _journal(actor: Actor, kind: FactKind, found: Return, **data: object) -> None:
    journal.record(
        kind,
        actor=actor,
        occurred_on=clock.today(),
        subject=found.pk,
        direction=found.direction,
        data={"version": found.version, "month": found.month} | data,
    )
