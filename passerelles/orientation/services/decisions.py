"""The decision of the agent: follow the recommendation, or choose otherwise and say why (B-035 to B-037, C-007)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction

from passerelles.core import clock
from passerelles.core.errors import EditedElsewhere, Impossible
from passerelles.core.text import clean
from passerelles.journal import services as journal
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Agent
from passerelles.network.policy import Actor
from passerelles.orientation.engine.facts import Known, Sensitivity
from passerelles.orientation.engine.recommendation import Standing
from passerelles.orientation.models import Decision, DecisionKind
from passerelles.orientation.queries.decisions import decision_of
from passerelles.orientation.queries.recommendation import Outlook, outlook_of
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.proposals import BY_CODE
from passerelles.people.models import Person

ANY = object()
"""`read` when the caller has shown no screen: whatever decision stands is replaced."""
LONGEST_REASON = 500


@transaction.atomic
def decide(
    actor: Actor,
    person_id: uuid.UUID,
    *,
    chosen: Iterable[str],
    reason: str = "",
    made_on: dt.date | None = None,
    read: object = ANY,
    typed: Mapping[str, Known] | None = None,
) -> Decision:
    """Orient the person to the bodies and actions `chosen` (codes of `rules.proposals`).

    Following the recommendation is choosing all that is recommended, and among what is to weigh at will; anything else
    is an override and needs a reason. `read`: identifier of the decision that was on the screen, None for none.
    `typed`: facts that the screen knew and that another room has not saved yet.
    Raises Impossible, EditedElsewhere, Refused, Unknown.
    """
    person = policy.get_or_404(actor, Person.objects, Resource.PERSON, person_id)
    policy.require(actor, Resource.ORIENTATION, Action.EDIT)
    on = made_on or clock.today()
    if on > clock.today():
        raise Impossible("Une décision ne se prend pas pour une date future.", remedy="Corrigez la date.")
    standing = decision_of(person)
    if read is not ANY and read != (standing.pk if standing else None):
        raise _decided_elsewhere(standing)
    outlook = outlook_of(actor, person, on, typed=typed)
    codes = _checked(chosen)
    text = clean(reason)[:LONGEST_REASON]
    kind = _kind(codes, text, outlook)
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                person=person,
                made_on=on,
                kind=kind,
                chosen=codes,
                reason=text,
                recommended=outlook.snapshot(),
                rules=outlook.versions(),
                facts=outlook.facts_kept(),
                territory=str(outlook.evaluation.territory or ""),
                by=actor.agent_id,
                role=actor.role or "",
                organisation=actor.organisation,
                number=standing.number + 1 if standing else 1,
            )
    except IntegrityError as error:
        raise _decided_elsewhere(decision_of(person)) from error
    journal.record(
        FactKind.ORIENTATION_DECIDED,
        actor=actor,
        occurred_on=on,
        person=person.pk,
        subject=decision.pk,
        direction=person.direction,
        data={
            "kind": kind,
            "chosen": codes,
            "recommended": sorted(outlook.codes(Standing.RECOMMENDED)),
            "rules": decision.rules,
            "facts": {code: _told(code, kept) for code, kept in decision.facts.items()},
            "number": decision.number,
        },
    )
    journal.note_access(actor, [person.pk], action="write", purpose="décision d’orientation")
    return decision


def _checked(chosen: Iterable[str]) -> list[str]:
    """In the order of the list of proposals, each once."""
    asked = set(chosen)
    strange = sorted(asked - set(BY_CODE))
    if strange:
        raise Impossible(
            f"« {strange[0][:40]} » n’est pas une orientation possible.", remedy="Choisissez dans la liste affichée."
        )
    return [code for code in BY_CODE if code in asked]


def _kind(codes: list[str], reason: str, outlook: Outlook) -> DecisionKind:
    recommended = outlook.codes(Standing.RECOMMENDED)
    may_add = outlook.codes(Standing.TO_WEIGH)
    if codes and recommended <= set(codes) <= recommended | may_add:
        return DecisionKind.AGREED
    if not reason:
        if not codes:
            raise Impossible(
                "Aucune orientation n’est choisie.", remedy="Choisissez-en une, ou dites pourquoi il n’y en a pas."
            )
        raise Impossible(
            "Ce choix s’écarte de la recommandation : il demande un motif.",
            remedy="Écrivez le motif, ou reprenez ce qui est recommandé.",
        )
    return DecisionKind.OVERRIDDEN


def _told(code: str, kept: dict) -> dict:
    """What the journal says of a fact: the value of a sensitive one stays in the room."""
    return kept if ITEMS[code].sensitivity is Sensitivity.ORDINARY else kept | {"valeur": None}


def _decided_elsewhere(standing: Decision | None) -> EditedElsewhere:
    who = Agent.objects.filter(pk=standing.by).values_list("name", flat=True).first() if standing else None
    when = standing.created_at if standing else clock.now()
    return EditedElsewhere(who or "Un autre poste", f"{when.astimezone(clock.PARIS):%H h %M}")
