"""What the people tables hold of a person, told before two records are linked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from passerelles.linkage.effects import tells
from passerelles.linkage.models import Check
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import Contract, OptOut, Registration

Told = Mapping[uuid.UUID, Sequence[str]]


@tells("Inscriptions")
def registrations_of(actor: Actor, people: Sequence[uuid.UUID]) -> Told:
    """Registrations elsewhere; what one record holds will be found under both."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    if actor.may(Resource.REGISTRATION, Action.VIEW):
        for each in Registration.objects.filter(person__in=people).order_by("starts_on", "pk"):
            until = f" jusqu’au {each.ends_on:%d/%m/%Y}" if each.ends_on else ""
            found[each.person_id].append(f"{each}{until} (par : {each.get_by_display()})")
    return found


@tells("Vérifications")
def checks_of(actor: Actor, people: Sequence[uuid.UUID]) -> Told:
    """The answers of the lists: "known" under one record becomes "known" of the person."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    if actor.may(Resource.CHECK, Action.VIEW):
        for each in Check.objects.filter(person__in=people).order_by("register", "pk"):
            found[each.person_id].append(f"{each}, {each.as_of:%d/%m/%Y}")
    return found


@tells("Contrats")
def contracts_of(actor: Actor, people: Sequence[uuid.UUID]) -> Told:
    """Contracts signed: the pathway of five years starts with the first."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in Contract.objects.filter(person__in=people).order_by("signed_on", "pk"):
        found[each.person_id].append(str(each))
    return found


@tells("Dispenses demandées")
def opt_outs_of(actor: Actor, people: Sequence[uuid.UUID]) -> Told:
    """Wishes not to be oriented to the employment service, still standing."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in OptOut.objects.filter(person__in=people, reversed_on=None).order_by("since", "pk"):
        found[each.person_id].append(str(each))
    return found
