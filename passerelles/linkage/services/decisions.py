"""What agents decide: a doubtful pair settled, the decision undone, an answer verified by hand."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage.engine.identities import check_needs_second_reader
from passerelles.linkage.models import (
    MOST_REASON,
    WAITING,
    Check,
    CheckResult,
    ExternalRecord,
    NotSamePerson,
)
from passerelles.linkage.services import profiles
from passerelles.linkage.services.checks import check_fact, likely_lines, prior_of, reasons_for, record_key
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import Person


@transaction.atomic
def settle(actor: Actor, check_id: uuid.UUID, *, same: bool, line: uuid.UUID | None = None) -> Check:
    """An agent says whether a line of the list is this person, and which one when several are likely.

    "Not the same" is said of every likely line, and remembered for ever. "The same" waits for a second reader where
    the answer tells a protection status: the question stays open, with the first answer noted.
    """
    check = _to_decide(actor, check_id)
    if check.result not in WAITING:
        raise Impossible("Ce rapprochement a déjà été tranché.", remedy="Rechargez la page pour voir la décision.")
    if check_needs_second_reader(check.register, same=same) and not actor.system:
        said = str(line or check.record_id)
        first = check.second
        if first and first["by"] == str(actor.agent_id):
            raise Impossible(
                "Vous avez déjà répondu : le second avis est celui d’une autre personne.",
                remedy="Laissez la question dans la file, un collègue la verra.",
            )
        if first is None or first["line"] != said:
            return _first_answer(actor, check, said)
    asked: dict[str, Any] = {
        "result": check.result,
        "reason": check.reason,
        "record": str(check.record_id) if check.record_id else None,
        "bits": check.bits,
        "refused": [],
    }
    if same and line is not None and line != check.record_id:
        _choose(check, line)
    if not same:
        asked["refused"] = _refuse(actor, check)
    check.asked = asked
    return _settle_as(
        actor,
        check,
        CheckResult.REGISTERED if same else CheckResult.NOT_FOUND,
        reason=f"{check.reason} ; {'même personne' if same else 'personne différente'} selon {actor.agent}",
    )


@transaction.atomic
def undo(actor: Actor, check_id: uuid.UUID) -> Check:
    """The decision was a mistake: the question is asked again as it was, and its fact is retracted."""
    check = _to_decide(actor, check_id)
    if check.result in WAITING and check.second is not None:
        check.second = None
        check.save(update_fields=["second"])
        journal.note_access(actor, [check.person_id], action="write", purpose=f"premier avis repris {check.register}")
        return check
    if check.asked is None or check.result in WAITING:
        raise Impossible(
            "Il n’y a pas de décision à annuler pour ce rapprochement.",
            remedy="Rechargez la page : la question est peut-être déjà posée de nouveau.",
        )
    asked = check.asked
    NotSamePerson.objects.filter(
        person=check.person_id, register=check.register, record_key__in=asked["refused"]
    ).delete()
    fact = (
        Fact.objects.standing()
        .filter(kind=FactKind.CHECKED, person_id=check.person_id, data__register=check.register, data__decided=True)
        .order_by("-id")
        .first()
    )
    if fact is not None:
        journal.retract(fact, actor=actor, reason="décision annulée")
    check.result, check.reason, check.bits = asked["result"], asked["reason"], asked["bits"]
    check.record = ExternalRecord.objects.filter(pk=asked["record"]).first()
    check.asked, check.settled_by, check.settled_at, check.second = None, None, None, None
    check.save()
    journal.note_access(actor, [check.person_id], action="write", purpose=f"décision annulée {check.register}")
    return check


@transaction.atomic
def declare_check(actor: Actor, person: Person, *, register: str, known: bool, source: str) -> Check:
    """What the agent verified by hand or the person showed, dated (E-006)."""
    policy.require(actor, Resource.CHECK, Action.EDIT)
    result = CheckResult.REGISTERED if known else CheckResult.NOT_FOUND
    check = Check.objects.select_for_update().filter(person=person, register=register).first()
    if check is None:
        check = Check(person=person, register=register, as_of=clock.today(), source=source)
    if check.pk and check.settled_by and check.result == result:
        return check
    check.source, check.as_of, check.asked = source[:200], clock.today(), None
    return _settle_as(actor, check, result, reason=f"vérifié par {actor.agent}")


def _to_decide(actor: Actor, check_id: uuid.UUID) -> Check:
    checks = Check.objects.select_related("person", "record", "list").select_for_update(of=("self",))
    return policy.get_or_404(actor, checks, Resource.CHECK, check_id, Action.EDIT)


def _first_answer(actor: Actor, check: Check, line: str) -> Check:
    if line not in {str(each.pk) for each in likely_lines(check)}:
        raise Impossible("Cette ligne n’est pas parmi celles qui sont proposées.", remedy="Rechargez la page.")
    check.second = {"by": str(actor.agent_id), "name": str(actor.agent), "at": clock.now().isoformat(), "line": line}
    check.save(update_fields=["second"])
    journal.note_access(actor, [check.person_id], action="write", purpose=f"premier avis {check.register}")
    return check


def _choose(check: Check, line: uuid.UUID) -> None:
    """Rest the answer on another line of the same list, if it is one of those that were likely."""
    profiles.refresh([check.person_id])
    found = next((each for each in likely_lines(check) if each.pk == line), None)
    if found is None:
        raise Impossible("Cette ligne n’est pas parmi celles qui sont proposées.", remedy="Rechargez la page.")
    check.record_id, check.bits = found.pk, found.bits
    check.reason = reasons_for({check.person_id: line}, prior_of(check.list))[check.person_id]


def _refuse(actor: Actor, check: Check) -> list[str]:
    """Remember that no likely line is this person; the keys that were not yet remembered."""
    profiles.refresh([check.person_id])
    lines = ExternalRecord.objects.filter(pk__any=[each.pk for each in likely_lines(check)]).order_by("pk")
    keys = {record_key(line) for line in lines}
    known = NotSamePerson.objects.filter(person=check.person_id, register=check.register, record_key__in=keys)
    new = sorted(keys - set(known.values_list("record_key", flat=True)))
    NotSamePerson.objects.bulk_create(
        NotSamePerson(person_id=check.person_id, register=check.register, record_key=key, judged_by=actor.agent_id)
        for key in new
    )
    return new


def _settle_as(actor: Actor, check: Check, result: str, *, reason: str) -> Check:
    check.result, check.reason, check.second = result, reason[:MOST_REASON], None
    check.settled_by, check.settled_at = actor.agent_id, clock.now()
    check.save()
    fact = check_fact(check.person, check.register, result, check.as_of, decided=True)
    journal.record_many([fact], actor=actor)
    journal.note_access(actor, [check.person_id], action="write", purpose=f"vérification {check.register}")
    return check
