"""How scopes narrow the files received."""

from __future__ import annotations

from django.db.models import Q

from passerelles.network.enums import Resource, Scope
from passerelles.network.policy import Actor, narrows


@narrows("exchange.Import", Resource.IMPORT, Scope.OWN_DT)
def imports_of_own_dt(actor: Actor) -> Q:
    """The files received for one's own DTs."""
    return Q(direction__in=actor.directions)


@narrows("exchange.AnswerFile", Resource.ANSWERS, Scope.OWN_ORGANISATION)
def answer_files_of_own_organisation(actor: Actor) -> Q:
    """The files of answers that one's organisation has sent back."""
    return Q(organisation_id=actor.organisation_id)
