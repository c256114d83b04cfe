"""Who may do what with what, and how far: requirements A.6 as one table.

Lists, pages, exports, messages and jobs all ask this module. A list that an agent may not see is empty; a person
they may not see does not exist for them. Each room says how a scope narrows its own tables with `narrows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from passerelles.core.errors import Refused, Unknown
from passerelles.core.text import in_sentence
from passerelles.network.enums import Action, Resource, Role, Scope


class Grant(NamedTuple):
    """One cell of the table: `role` may do `action` on `resource` within `scope`."""

    role: Role
    resource: Resource
    action: Action
    scope: Scope


def _grants(role: Role, scope: Scope, actions: Iterable[Action], *resources: Resource) -> list[Grant]:
    return [Grant(role, resource, action, scope) for resource in resources for action in actions]


READ = (Action.VIEW,)
WRITE = (Action.VIEW, Action.EDIT)
FIGURES = (Action.COUNT,)
MAKES_RETURNS = (Action.VIEW, Action.EDIT, Action.EXPORT, Action.VALIDATE, Action.SEND, Action.ACKNOWLEDGE)
R, A, S, O = Resource, Action, Scope, Role

TABLE: tuple[Grant, ...] = tuple(
    # OFII auditor: person and CIR read/write, prescription, registration and experiment log read, own DT.
    _grants(O.OFII_AUDITOR, S.OWN_DT, (A.VIEW, A.EDIT, A.EXPORT), R.PERSON)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, WRITE, R.ASSESSMENT, R.REFERRAL, R.SESSION, R.CHECK, R.IMPORT)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, WRITE, R.DIAGNOSIS, R.ORIENTATION, R.HEALTH_APPOINTMENT)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, READ, R.REGISTRATION, R.APPOINTMENT, R.RETURN, R.PARAMETER)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, WRITE, R.PRESCRIPTION, R.FOLLOW_UP)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, (A.EXPORT,), R.SESSION)
    # A pair of records of two DTs is settled by both, each reading its own record: no role of A.6 reads both.
    + _grants(O.OFII_AUDITOR, S.OWN_DT, WRITE, R.CROSS_CHECK)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, FIGURES, R.INDICATOR)
    + _grants(O.OFII_AUDITOR, S.NATION, READ, R.OFFER, R.EMPLOYER_NEED)
    # Language test provider: identity and session, writes the result only.
    + _grants(O.TEST_PROVIDER, S.OWN_SESSIONS, READ, R.SESSION)
    + _grants(O.TEST_PROVIDER, S.OWN_SESSIONS, (A.EDIT,), R.ASSESSMENT)
    # CIP: attendees of own sessions; registers; writes the first-appointment support; produces the return.
    + _grants(O.CIP, S.OWN_SESSIONS, (A.VIEW, A.EDIT, A.EXPORT), R.SESSION)
    + _grants(O.CIP, S.OWN_SESSIONS, WRITE, R.REGISTRATION, R.APPOINTMENT, R.CHECK)
    + _grants(O.CIP, S.OWN_SESSIONS, WRITE, R.DIAGNOSIS, R.ORIENTATION)
    + _grants(O.CIP, S.OWN_SESSIONS, READ, R.PERSON, R.ASSESSMENT, R.REFERRAL)
    + _grants(O.CIP, S.OWN_ORGANISATION, WRITE, R.FOLLOW_UP)
    + _grants(O.CIP, S.OWN_DT, WRITE, R.IMPORT)
    + _grants(O.CIP, S.OWN_DT, (A.VIEW, A.EDIT, A.EXPORT, A.SEND), R.RETURN)
    + _grants(O.CIP, S.OWN_DT, (A.COUNT, A.VIEW), R.INDICATOR)
    + _grants(O.CIP, S.OWN_DT, READ, R.PARAMETER)
    + _grants(O.CIP, S.NATION, READ, R.OFFER)
    # SPE adviser: referred persons only, the transmitted set; authoritative on registration and attendance.
    + _grants(O.SPE_ADVISER, S.TRANSMITTED, READ, R.PERSON, R.ASSESSMENT)
    + _grants(O.SPE_ADVISER, S.TRANSMITTED, WRITE, R.REFERRAL, R.APPOINTMENT, R.REGISTRATION)
    + _grants(O.SPE_ADVISER, S.TRANSMITTED, WRITE, R.DIAGNOSIS, R.HEALTH_BARRIER)
    + _grants(O.SPE_ADVISER, S.TRANSMITTED, READ, R.ORIENTATION)
    + _grants(O.SPE_ADVISER, S.TRANSMITTED, READ, R.PRESCRIPTION)
    + _grants(O.SPE_ADVISER, S.OWN_ORGANISATION, WRITE, R.FOLLOW_UP)
    + _grants(O.SPE_ADVISER, S.OWN_ORGANISATION, FIGURES, R.INDICATOR)
    + _grants(O.SPE_ADVISER, S.NATION, READ, R.OFFER)
    + _grants(O.SPE_ADVISER, S.OWN_ORGANISATION, WRITE, R.EMPLOYER_NEED)
    # AGIR operator: AGIR beneficiaries transmitted to it.
    + _grants(O.AGIR_OPERATOR, S.TRANSMITTED, READ, R.PERSON, R.ASSESSMENT, R.REGISTRATION)
    + _grants(O.AGIR_OPERATOR, S.TRANSMITTED, WRITE, R.REFERRAL, R.DIAGNOSIS, R.HEALTH_BARRIER)
    + _grants(O.AGIR_OPERATOR, S.TRANSMITTED, READ, R.ORIENTATION)
    + _grants(O.AGIR_OPERATOR, S.TRANSMITTED, READ, R.PRESCRIPTION)
    + _grants(O.AGIR_OPERATOR, S.OWN_ORGANISATION, WRITE, R.FOLLOW_UP)
    + _grants(O.AGIR_OPERATOR, S.NATION, READ, R.OFFER)
    # F.8: it sends the indicators and the evidence of its department (REP-13, REP-14); its administrator validates.
    + _grants(O.AGIR_OPERATOR, S.DEPARTMENT, (A.VIEW, A.EDIT, A.EXPORT, A.SEND), R.RETURN)
    # Training bodies: own offer; of the persons prescribed to them, the minimum and the level, and what became of it.
    + _grants(O.TRAINING_BODY, S.OWN_ORGANISATION, WRITE, R.OFFER, R.LEARNER)
    # Employers: own offer and need; persons come with placements.
    + _grants(O.SIAE_EMPLOYER, S.OWN_ORGANISATION, WRITE, R.OFFER, R.EMPLOYER_NEED)
    # Candidates presented to them: what was transmitted, their answer and the outcome.
    + _grants(O.SIAE_EMPLOYER, S.TRANSMITTED, WRITE, R.REFERRAL)
    # DT manager: own DT whole; health as counts; makes the profile of its departments (A-062, REP-26) and receives the
    # return of the experiment (REP-01): which verb on which return, `reports.catalogue` says (F.8).
    + _grants(O.DT_MANAGER, S.OWN_DT, (A.VIEW, A.EDIT, A.EXPORT), R.PERSON, R.SESSION)
    + _grants(O.DT_MANAGER, S.OWN_DT, WRITE, R.ASSESSMENT, R.REFERRAL, R.CHECK, R.IMPORT, R.DIAGNOSIS, R.ORIENTATION)
    + _grants(O.DT_MANAGER, S.OWN_DT, WRITE, R.CROSS_CHECK)
    + _grants(O.DT_MANAGER, S.OWN_DT, READ, R.REGISTRATION, R.APPOINTMENT, R.PARAMETER)
    + _grants(O.DT_MANAGER, S.OWN_DT, WRITE, R.PRESCRIPTION, R.FOLLOW_UP)
    + _grants(O.DT_MANAGER, S.OWN_DT, FIGURES, R.HEALTH)
    + _grants(O.DT_MANAGER, S.OWN_DT, (A.VIEW, A.EDIT, A.EXPORT, A.VALIDATE, A.SEND, A.ACKNOWLEDGE), R.RETURN)
    + _grants(O.DT_MANAGER, S.OWN_DT, (A.COUNT, A.VIEW), R.INDICATOR)
    + _grants(O.DT_MANAGER, S.NATION, WRITE, R.OFFER)
    + _grants(O.DT_MANAGER, S.NATION, READ, R.EMPLOYER_NEED)
    # Whoever answers a referral may answer many at once: the file of what their organisation receives, and its return.
    + [
        grant
        for role in (O.OFII_AUDITOR, O.DT_MANAGER, O.SPE_ADVISER, O.AGIR_OPERATOR, O.SIAE_EMPLOYER)
        for grant in _grants(role, S.OWN_ORGANISATION, WRITE, R.ANSWERS)
    ]
    # The State: counts, never lists of persons. Each level sends its own returns of F.8 (A-066: REP-02 and following;
    # REP-15 and REP-24 for the nation) and receives those of the level below: a recipient acknowledges.
    + _grants(O.DEPARTMENT_STATE, S.DEPARTMENT, FIGURES, R.INDICATOR)
    + _grants(O.DEPARTMENT_STATE, S.DEPARTMENT, MAKES_RETURNS, R.RETURN)
    + _grants(O.DEPARTMENT_STATE, S.DEPARTMENT, WRITE, R.STEERING)
    + _grants(O.DEPARTMENT_STATE, S.DEPARTMENT, READ, R.PARAMETER)
    + _grants(O.DEPARTMENT_STATE, S.NATION, READ, R.OFFER, R.EMPLOYER_NEED)
    + _grants(O.REGION_STATE, S.REGION, MAKES_RETURNS, R.RETURN)
    + _grants(O.REGION_STATE, S.REGION, FIGURES, R.INDICATOR)
    + _grants(O.REGION_STATE, S.REGION, WRITE, R.STEERING)
    + _grants(O.REGION_STATE, S.REGION, WRITE, R.PARAMETER)
    + _grants(O.REGION_STATE, S.NATION, READ, R.OFFER, R.EMPLOYER_NEED)
    + _grants(O.NATIONAL_STATE, S.NATION, MAKES_RETURNS, R.RETURN)
    + _grants(O.NATIONAL_STATE, S.NATION, FIGURES, R.INDICATOR)
    + _grants(O.NATIONAL_STATE, S.NATION, (A.VIEW, A.VALIDATE), R.STEERING)
    + _grants(O.NATIONAL_STATE, S.NATION, WRITE, R.PARAMETER)
    + _grants(O.NATIONAL_STATE, S.NATION, READ, R.OFFER, R.EMPLOYER_NEED)
    # Impact benchmarks of experiments: declared and measured by those who answer for the territory, read by its agents.
    + _grants(O.DT_MANAGER, S.OWN_DT, WRITE, R.IMPACT)
    + _grants(O.OFII_AUDITOR, S.OWN_DT, READ, R.IMPACT)
    + _grants(O.CIP, S.OWN_DT, READ, R.IMPACT)
    + _grants(O.DEPARTMENT_STATE, S.DEPARTMENT, WRITE, R.IMPACT)
    + _grants(O.REGION_STATE, S.REGION, WRITE, R.IMPACT)
    + _grants(O.NATIONAL_STATE, S.NATION, WRITE, R.IMPACT)
    # Administrator of an organisation: its agents, and the validation of what it sends out.
    + _grants(O.ORGANISATION_ADMIN, S.OWN_ORGANISATION, WRITE, R.MEMBERSHIP)
    + _grants(O.ORGANISATION_ADMIN, S.OWN_DT, (A.VIEW, A.EXPORT, A.VALIDATE, A.SEND), R.RETURN)
    + _grants(O.ORGANISATION_ADMIN, S.OWN_DT, FIGURES, R.INDICATOR)
)

_CELLS: dict[tuple[str, str, str], Scope] = {(g.role, g.resource, g.action): g.scope for g in TABLE}


@dataclass(frozen=True)
class Actor:
    """Who acts, on behalf of which organisation, in which role. `agent` is None for the platform's own jobs."""

    agent: Any
    organisation: Any
    role: Role | None
    directions: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    system: bool = False

    @property
    def agent_id(self) -> Any:
        return getattr(self.agent, "pk", None)

    @property
    def organisation_id(self) -> Any:
        return getattr(self.organisation, "pk", None)

    def may(self, resource: Resource, action: Action) -> bool:
        """Is there a cell for this role? (How far it reaches is `scope_of`.)"""
        return self.system or scope_of(self, resource, action) is not None


SYSTEM = Actor(agent=None, organisation=None, role=None, system=True)


def scope_of(actor: Actor, resource: Resource, action: Action) -> Scope | None:
    """The scope of the cell (role, resource, action), None when the table has no such cell."""
    if actor.system:
        return Scope.NATION
    if actor.role is None:
        return None
    return _CELLS.get((actor.role, resource, action))


def require(actor: Actor, resource: Resource, action: Action) -> Scope:
    """The scope, or `Refused` in plain French."""
    scope = scope_of(actor, resource, action)
    if scope is None:
        verb, thing = Action(action).label, in_sentence(Resource(resource).label)
        raise Refused(f"Votre rôle ne permet pas de {verb} : {thing}.")
    return scope


Narrowing = Callable[[Actor], Q]
_narrowings: dict[tuple[str, str, str], Narrowing] = {}


def narrows(model_label: str, resource: Resource, *scopes: Scope) -> Callable[[Narrowing], Narrowing]:
    """Declare how `scopes` narrow the rows of `model_label` ("people.Person") as the resource `resource`."""

    def declare(narrowing: Narrowing) -> Narrowing:
        for scope in scopes:
            _narrowings[(model_label.lower(), resource, scope)] = narrowing
        return narrowing

    return declare


def declared_narrowings() -> frozenset[tuple[str, str, str]]:
    """(model, resource, scope) for which a room has said how to narrow: read by the house tests."""
    return frozenset(_narrowings)


def visible(actor: Actor, queryset: QuerySet, resource: Resource, action: Action = Action.VIEW) -> QuerySet:
    """The rows of `queryset` this actor may `action`; empty when the table has no such cell."""
    scope = scope_of(actor, resource, action)
    if scope is None:
        return queryset.none()
    if actor.system:
        return queryset
    narrowing = _narrowings.get((queryset.model._meta.label_lower, resource, scope))
    if narrowing is None:
        if scope is Scope.NATION:
            return queryset
        raise LookupError(f"no narrowing of {queryset.model._meta.label} for {resource}/{scope}")
    return queryset.filter(narrowing(actor))


def get_or_404(actor: Actor, queryset: QuerySet, resource: Resource, pk: Any, action: Action = Action.VIEW) -> Any:
    """The row `pk` if this actor may `action` on it, else `Unknown`: what one may not see does not exist.

    A row that may be seen but not written raises `Refused`.
    """
    found = visible(actor, queryset, resource, action).filter(pk=pk).first()
    if found is not None:
        return found
    if action is not Action.VIEW and visible(actor, queryset, resource, Action.VIEW).filter(pk=pk).exists():
        require(actor, resource, action)
        raise Refused("Cette fiche n’est pas dans le périmètre que vous pouvez modifier.")
    raise Unknown("Cette fiche n’existe pas, ou elle n’est pas dans votre périmètre.")
