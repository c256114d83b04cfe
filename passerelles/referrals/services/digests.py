"""The message of the clocks: one per organisation and situation each night, with numbers and no person in it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from django.db.models import F, Q

from passerelles.messages import services as outbox
from passerelles.network.enums import Role
from passerelles.network.models import Membership, Organisation, Referent, in_force
from passerelles.referrals.models import Referral
from passerelles.referrals.rules.words import Stage

REMINDED, ESCALATED, RETURNED, ALERTED = "reminded", "escalated", "returned", "alerted"
SUBJECTS = {
    REMINDED: "des orientations attendent votre réponse",
    ESCALATED: "des orientations sont sans réponse malgré un rappel",
    RETURNED: "des orientations vous reviennent",
    ALERTED: "des personnes attendent une autre place",
}
HOW_TO_ANSWER = "Répondez par le lien reçu pour chacune, ou connectez-vous à Passerelles, rubrique « Orientations »."
HOW_TO_SEE = "Connectez-vous à Passerelles, rubrique « Orientations »."
SENTENCES = {
    REMINDED: "{count} orientation(s) attendent une réponse de {name} et leur échéance est passée.",
    ESCALATED: (
        "À l’attention du responsable et du référent primo-arrivants.\n"
        "{count} orientation(s) restent sans réponse de {name} malgré un rappel. "
        "Sans réponse, elles seront reprises par l’organisme qui adresse la personne."
    ),
    RETURNED: (
        "{count} orientation(s) sont restées sans réponse : {name} en reprend la charge. "
        "Proposez une autre place à chaque personne."
    ),
    ALERTED: "{count} personne(s) restent sans autre place, et l’échéance de {name} est passée.",
}


def tell_owner(owner_id: uuid.UUID, at: dt.date) -> int:
    """Queue what `owner_id` has not been told yet, and note it as told. Inside a transaction; how many messages."""
    rows = Referral.objects.filter(owner_id=owner_id).exclude(stage=F("told_stage"))
    cases = list(rows.select_for_update().values_list("id", "stage", "told_stage", "alert"))
    counts = Counter(_situation(stage, alert) for _, stage, _, alert in cases)
    Referral.objects.filter(pk__any=[case[0] for case in cases]).update(told_stage=F("stage"))
    owner = Organisation.objects.get(pk=owner_id)
    queued = 0
    for situation, count in sorted(counts.items()):
        for address in _addresses(owner, situation, at):
            outbox.queue(
                key=f"clocks:{situation}:{owner_id}:{at.isoformat()}:{address}",
                kind=f"clocks_{situation}",
                recipient=address,
                subject=f"Passerelles : {SUBJECTS[situation]}",
                body=(
                    f"Bonjour,\n\n{SENTENCES[situation].format(count=count, name=owner.name)}\n"
                    f"{HOW_TO_ANSWER if situation in {REMINDED, ESCALATED} else HOW_TO_SEE}\n\n"
                    "Ce message ne contient aucune donnée personnelle."
                ),
            )
            queued += 1
    return queued


def _situation(stage: str, alert: str) -> str:
    if alert:
        return ALERTED
    if stage == Stage.WAITING:
        return RETURNED
    return REMINDED if stage == Stage.REMINDED else ESCALATED


def _addresses(owner: Organisation, situation: str, at: dt.date) -> list[str]:
    """The functional mailbox; from the second rung on, the manager and the référent too."""
    found = [owner.mailbox]
    if situation in {ESCALATED, ALERTED}:
        named = Referent.objects.filter(in_force(at), organisation=owner).select_related("agent")
        found += [each.mailbox or (each.agent.email if each.agent else "") for each in named.order_by("id")]
        heads = Membership.objects.in_force(at).filter(
            Q(role=Role.ORGANISATION_ADMIN) | Q(role=Role.DT_MANAGER), organisation=owner
        )
        found += list(heads.order_by("id").values_list("agent__email", flat=True))
    return [address for address in dict.fromkeys(found) if address]
