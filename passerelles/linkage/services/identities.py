"""Two records judged the same share one identity; the link is taken back as it was made. Nobody is ever merged.

The records keep their values, their sources and their history: what changes is who shares an identity, and the journal
says it (`IDENTITY_JOINED`), so that figures of distinct persons follow a link and give it back when it is undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible
from passerelles.core.locks import Turn, take_turn
from passerelles.core.text import in_sentence
from passerelles.journal import services as journal
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.linkage import lookup
from passerelles.linkage.engine.decision import DOUBLE
from passerelles.linkage.engine.identities import components, second_reader
from passerelles.linkage.engine.model import load
from passerelles.linkage.engine.score import Scorer
from passerelles.linkage.models import (
    MOST_REASON,
    MOST_WHY,
    IdentityMember,
    PairDecision,
    PairState,
    PairVerb,
    PersonPair,
)
from passerelles.linkage.services import profiles
from passerelles.linkage.services.doubles import rows_of
from passerelles.linkage.stakes import side_of, stakes_of
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import Person


@transaction.atomic
def ask_about(actor: Actor, one: uuid.UUID, other: uuid.UUID) -> PersonPair:
    """An agent wonders about two records that the platform did not bring together: the pair, made or found."""
    policy.require(actor, Resource.CHECK, Action.EDIT)
    if one == other:
        raise Impossible("C’est la même fiche.", remedy="Choisissez une autre fiche à comparer.")
    first, second = sorted((one, other))
    for pk in (first, second):
        policy.get_or_404(actor, Person.objects.all(), Resource.PERSON, pk)
    profiles.refresh([first, second])
    rows = rows_of({first, second})
    score = Scorer(load().expecting(DOUBLE.prior(lookup.people_count()))).score_rows(rows[first], rows[second])
    pair, _ = PersonPair.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={"bits": score.bits, "reason": " ; ".join(score.reasons)[:MOST_REASON]},
    )
    journal.note_access(actor, [first, second], action="read", purpose="fiches comparées")
    return pair


@transaction.atomic
def answer_pair(actor: Actor, pair_id: uuid.UUID, *, same: bool, why: str = "") -> PersonPair:
    """A reader answers. "The same" waits for a second reader where much depends on it (`engine.identities`).

    Between two DTs each reads its own record (A.6): the second reader is of the other one. "Different" needs one
    reader, and is remembered for ever.
    """
    _one_at_a_time()
    pair = _locked(actor, pair_id)
    if pair.state == PairState.WAITING:
        if not same:
            return _refuse(actor, pair, why)
        if reasons := second_reader(stakes_of(actor, pair)):
            return _settled(actor, pair, PairState.SECOND, PairVerb.PROPOSED, why or "; ".join(reasons))
        return _link(actor, pair, why)
    if pair.state == PairState.SECOND:
        if not same:
            return _refuse(actor, pair, why)
        if proposed_by(pair) == actor.agent_id and not actor.system:
            raise Impossible(
                "Vous avez déjà répondu : le second avis est celui d’une autre personne.",
                remedy="Laissez la paire dans la file, un collègue la verra.",
            )
        if side_of(actor, pair) and _proposal(pair).direction == side_of(actor, pair):
            raise Impossible(
                "Votre DT a déjà répondu : l’autre confirme.", remedy="Laissez la paire dans la file de l’autre DT."
            )
        if not stakes_of(actor, pair).owned:
            raise Impossible(
                "Relier deux fiches revient à ceux qui les corrigent : l’OFII confirme.",
                remedy="Laissez la paire dans la file de l’OFII.",
            )
        return _link(actor, pair, why)
    raise Impossible("Cette paire a déjà été tranchée.", remedy="Rechargez la page pour voir la décision.")


@transaction.atomic
def unlink(actor: Actor, pair_id: uuid.UUID, *, why: str, different: bool) -> PersonPair:
    """The link was a mistake: every record is as it was before it. `different`: said for ever, else asked again."""
    _one_at_a_time()
    pair = _locked(actor, pair_id)
    if pair.state != PairState.SAME:
        raise Impossible("Ces deux fiches ne sont pas reliées.", remedy="Rechargez la page.")
    if not why.strip():
        raise Impossible("Dites pourquoi vous déliez ces fiches.")
    _settled(actor, pair, PairState.DIFFERENT if different else PairState.WAITING, PairVerb.UNLINKED, why)
    _share_identities(actor, (pair.first_id, pair.second_id))
    return pair


@transaction.atomic
def reopen(actor: Actor, pair_id: uuid.UUID, *, why: str = "") -> PersonPair:
    """An answer "different", or one that waits for a second reader, was a mistake: the question is asked again."""
    pair = _locked(actor, pair_id)
    if pair.state not in (PairState.DIFFERENT, PairState.SECOND):
        raise Impossible("Il n’y a pas de réponse à reprendre sur cette paire.", remedy="Rechargez la page.")
    return _settled(actor, pair, PairState.WAITING, PairVerb.REOPENED, why)


def judged_different(actor: Actor, person: Person, others: Iterable[uuid.UUID], *, why: str) -> None:
    """Whoever made a record in spite of a likeness said that these persons are others: remembered for ever."""
    made = []
    for other in others:
        first, second = sorted((person.pk, other))
        pair, new = PersonPair.objects.get_or_create(
            first_id=first, second_id=second, defaults={"bits": 0.0, "reason": "ressemblance vue à la création"}
        )
        if new:
            made.append(pair)
    for pair in made:
        _settled(actor, pair, PairState.DIFFERENT, PairVerb.REFUSED, why)


def proposed_by(pair: PersonPair) -> uuid.UUID | None:
    """Who answered first, while a second reader is awaited."""
    last = pair.decisions.filter(verb=PairVerb.PROPOSED).order_by("id").last()
    return last.decided_by if last else None


def _proposal(pair: PersonPair) -> PairDecision:
    """The answer that a second reader confirms."""
    return pair.decisions.filter(verb=PairVerb.PROPOSED).order_by("-id")[0]


def _locked(actor: Actor, pair_id: uuid.UUID) -> PersonPair:
    pairs = PersonPair.objects.select_related("first", "second").select_for_update(of=("self",))
    resource = Resource.CROSS_CHECK if is_crossed(actor, pair_id) else Resource.CHECK
    return policy.get_or_404(actor, pairs, resource, pair_id, Action.EDIT)


def is_crossed(actor: Actor, pair_id: uuid.UUID) -> bool:
    """The pair is between a DT of the actor and another one, and theirs to settle with it."""
    return policy.visible(actor, PersonPair.objects.filter(pk=pair_id), Resource.CROSS_CHECK).exists()


def _refuse(actor: Actor, pair: PersonPair, why: str) -> PersonPair:
    shared = IdentityMember.objects.filter(person__in=(pair.first_id, pair.second_id)).values_list(
        "identity", flat=True
    )
    if len(shared) == 2 and len(set(shared)) == 1:
        raise Impossible(
            "Ces deux fiches sont reliées toutes deux à une troisième : elles ne peuvent pas être de deux personnes.",
            remedy="Déliez d’abord celle des deux qui est de trop, depuis sa fiche.",
        )
    return _settled(actor, pair, PairState.DIFFERENT, PairVerb.REFUSED, why)


def _link(actor: Actor, pair: PersonPair, why: str) -> PersonPair:
    _settled(actor, pair, PairState.SAME, PairVerb.LINKED, why)
    _share_identities(actor, (pair.first_id, pair.second_id))
    return pair


def _settled(actor: Actor, pair: PersonPair, state: PairState, verb: PairVerb, why: str) -> PersonPair:
    pair.state = state
    pair.save(update_fields=["state"])
    PairDecision.objects.create(
        pair=pair,
        verb=verb,
        decided_by=actor.agent_id,
        why=why.strip()[:MOST_WHY],
        direction=side_of(actor, pair),
    )
    journal.note_access(
        actor, [pair.first_id, pair.second_id], action="write", purpose=f"fiches comparées : {in_sentence(verb.label)}"
    )
    return pair


def _one_at_a_time() -> None:
    take_turn(Turn.SHARE_IDENTITIES)


def _share_identities(actor: Actor, touched: tuple[uuid.UUID, uuid.UUID]) -> None:
    """Bring the identities of these records, and of all that were linked to them, to what the links say now."""
    before = {
        each.person_id: each.identity
        for each in IdentityMember.objects.filter(
            identity__in=IdentityMember.objects.filter(person__in=touched).values("identity")
        )
    }
    concerned = {*before, *touched}
    links = PersonPair.objects.filter(state=PairState.SAME, first__any=list(concerned), second__any=list(concerned))
    after: dict[uuid.UUID, uuid.UUID] = {}
    for group in components(links.order_by("pk").values_list("first_id", "second_id")):
        kept = sorted({before[pk] for pk in group if pk in before} - set(after.values()))
        identity = kept[0] if kept else uuid.uuid4()
        after |= dict.fromkeys(group, identity)
    moved = sorted(pk for pk in concerned if before.get(pk) != after.get(pk))
    IdentityMember.objects.filter(person__in=moved).delete()
    IdentityMember.objects.bulk_create(
        IdentityMember(person_id=pk, identity=after[pk], since=clock.now()) for pk in moved if pk in after
    )
    _tell_the_journal(actor, moved, after)


def _tell_the_journal(actor: Actor, moved: list[uuid.UUID], after: dict[uuid.UUID, uuid.UUID]) -> None:
    directions = dict(Person.objects.filter(pk__in=moved).order_by().values_list("pk", "direction"))
    for pk in moved:
        standing = Fact.objects.standing().filter(kind=FactKind.IDENTITY_JOINED, person_id=pk).order_by("-id").first()
        if standing is not None:
            journal.retract(standing, actor=actor, reason="fiches déliées" if pk not in after else "autre identité")
        if pk in after:
            journal.record(
                FactKind.IDENTITY_JOINED,
                actor=actor,
                occurred_on=clock.today(),
                person=pk,
                direction=directions[pk],
                data={"identity": after[pk]},
            )
