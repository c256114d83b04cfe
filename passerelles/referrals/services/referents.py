"""A référent comes or leaves: the journal keeps it and the other référents of the territory are told (A-063, E-045)."""

from __future__ import annotations

from django.db.models import Q

from passerelles.core import clock
from passerelles.core.periods import date_fr
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.messages import services as outbox
from passerelles.network.models import Referent, in_force
from passerelles.network.policy import Actor


def announce(actor: Actor, referent: Referent, what: str) -> None:
    """Append the fact and queue one message for each other référent in force; called in the verb's transaction."""
    organisation = referent.organisation
    named = what == "named"
    day = referent.starts_on if named else referent.ends_on
    journal.record(
        FactKind.REFERENT_NAMED if named else FactKind.REFERENT_ENDED,
        actor=actor,
        occurred_on=day or clock.today(),
        subject=referent.pk,
        direction=organisation.direction,
        organisation=organisation.pk,
        data={"kind": organisation.kind},
    )
    for address in addresses_of_network(referent):
        outbox.queue(
            key=f"referent:{referent.pk}:{what}:{address}",
            kind=f"referent_{what}",
            recipient=address,
            subject=f"Passerelles : changement de référent, {organisation.name}"[:200],
            body=f"Bonjour,\n\n{_sentence(referent, named)}\n\nL’annuaire des référents est à jour sur Passerelles.",
        )


def addresses_of_network(referent: Referent) -> list[str]:
    """The référents of the same DT, or of the same department when the organisation has no DT; one's own left out."""
    organisation = referent.organisation
    near = (
        Q(organisation__direction=organisation.direction)
        if organisation.direction
        else Q(organisation__department_code=organisation.department_code)
    )
    others = Referent.objects.filter(in_force(clock.today()), near).exclude(organisation=organisation)
    found = [
        each.mailbox or (each.agent.email if each.agent else "") or each.organisation.mailbox
        for each in others.select_related("agent", "organisation").order_by("id")
    ]
    return [address for address in dict.fromkeys(found) if address]


def _sentence(referent: Referent, named: bool) -> str:
    organisation = referent.organisation
    if named:
        contact = referent.mailbox or organisation.mailbox
        reached = f" Contact : {contact}." if contact else ""
        day = date_fr(referent.starts_on)
        return f"{organisation} nomme un référent ({referent.function}) à partir du {day}.{reached}"
    day = date_fr(referent.ends_on) if referent.ends_on else ""
    return f"Le référent de {organisation} ({referent.function}) cesse ses fonctions le {day}."
