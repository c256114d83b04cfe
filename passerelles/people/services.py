"""The verbs on persons. Each is one transaction: policy, state, journal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists

from passerelles.core import clock, crypto
from passerelles.core.errors import Impossible
from passerelles.journal import services as journal
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.models import Organisation
from passerelles.network.policy import Actor
from passerelles.people.enums import IdentifierKind, RegisteredBy
from passerelles.people.identity import identity_key
from passerelles.people.models import (
    Assessment,
    Consent,
    Contract,
    Identifier,
    OptOut,
    Person,
    Registration,
    Situation,
)
from passerelles.reference import territories

IDENTITY_FIELDS = ("sex", "birth_date", "nationality", "motive")
PROFILE_FIELDS = (*IDENTITY_FIELDS, "department")
EDITABLE_FIELDS = (
    "family_name birth_name given_names birth_date birth_date_precision sex nationality motive language "
    "needs_interpreter phone email address postcode city commune_code"
).split()


def profile(values: Any) -> dict[str, Any]:
    """What the journal keeps of a person: enough for every statistic, nothing that names them."""
    get = values.get if isinstance(values, dict) else lambda key: getattr(values, key)
    known = {key: get(key) or None for key in IDENTITY_FIELDS}
    return known | {"department": department_of(get("commune_code") or "", get("postcode") or "") or None}


@lru_cache(maxsize=4096)
def department_of(commune_code: str, postcode: str) -> str:
    """The department of residence by the commune, else by the postcode when it serves one only; empty if unknown."""
    if commune_code:
        return commune_code[:3] if commune_code.startswith("97") else commune_code[:2]
    found = {commune.department_code for commune in territories.communes_by_postcode(postcode)}
    return found.pop() if len(found) == 1 else ""


def hash_of(kind: str, value: str) -> bytes:
    """The keyed hash under which an identifier is found."""
    return crypto.keyed_hash(kind, value, secret=settings.SECRET_KEY)


def seal(value: str) -> bytes:
    """An identifier as it is kept at rest."""
    return crypto.encrypt(value, secret=settings.SECRET_KEY)


def _require_writer(actor: Actor) -> None:
    """Those who write persons, or receive them in a session, write what the person says (A.6)."""
    if not actor.may(Resource.SESSION, Action.EDIT):
        policy.require(actor, Resource.PERSON, Action.EDIT)


@transaction.atomic
def record_person(
    actor: Actor,
    *,
    direction: str,
    recorded_on: dt.date,
    identifiers: dict[str, str] | None = None,
    source: str = "",
    **values: Any,
) -> Person:
    """A new person in the DT `direction`. `identifiers`: {IdentifierKind: checked value}."""
    _require_writer(actor)
    person = Person.objects.create(
        direction=direction,
        source=source,
        identity_key=identity_key(values["family_name"], values["given_names"], values.get("birth_date")),
        **values,
    )
    for kind, value in (identifiers or {}).items():
        add_identifier(person, kind, value, source=source)
    journal.record(
        FactKind.PERSON_RECORDED,
        actor=actor,
        occurred_on=recorded_on,
        person=person.pk,
        direction=direction,
        data=profile(person),
    )
    journal.note_access(actor, [person.pk], action="write", purpose="création de la fiche")
    return person


def add_identifier(person: Person, kind: str, value: str, *, source: str) -> None:
    """Attach an identifier; the same one twice changes nothing."""
    Identifier.objects.get_or_create(
        person=person,
        kind=IdentifierKind(kind),
        search_hash=hash_of(kind, value),
        defaults={"sealed": seal(value), "source": source},
    )


@transaction.atomic
def correct_person(actor: Actor, person_id: uuid.UUID, *, source: str = "", **changes: Any) -> list[str]:
    """Correct the fields given; the names of those that really changed. The journal keeps the former profile."""
    person = policy.get_or_404(actor, Person.objects.select_for_update(), Resource.PERSON, person_id, Action.EDIT)
    return _apply_changes(actor, person, changes, source=source)


def _apply_changes(actor: Actor, person: Person, changes: dict[str, Any], *, source: str) -> list[str]:
    unknown = set(changes) - set(EDITABLE_FIELDS)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    if not changed:
        return []
    before = profile(person)
    for name in changed:
        setattr(person, name, changes[name])
    person.identity_key = identity_key(person.family_name, person.given_names, person.birth_date)
    if source:
        person.source = source
    person.save(update_fields=[*changed, "identity_key", "source"])
    if profile(person) != before:
        journal.record(
            FactKind.PERSON_CORRECTED,
            actor=actor,
            occurred_on=clock.today(),
            person=person.pk,
            direction=person.direction,
            data=profile(person),
        )
    journal.note_access(actor, [person.pk], action="write", purpose=f"correction : {', '.join(sorted(changed))}")
    return changed


def apply_file_corrections(actor: Actor, person: Person, changes: dict[str, Any], *, source: str) -> list[str]:
    """The same correction when it comes from an OFII file whose import the policy has already allowed."""
    policy.require(actor, Resource.IMPORT, Action.EDIT)
    return _apply_changes(actor, person, changes, source=source)


def mentions(person: Person, *, besides: Iterable[models.Model] = ()) -> list[str]:
    """What refers to `person` in any room, in words; their identifiers and the rows `besides` left out. One query."""
    left_out: dict[type, list[Any]] = {}
    for row in besides:
        left_out.setdefault(type(row), []).append(row.pk)
    asked: dict[str, tuple[str, Exists]] = {}
    for relation in Person._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if relation.concrete or model is Identifier or hasattr(model, "pgh_tracked_model"):
            continue
        rows = model._base_manager.filter(**{relation.field.name: person.pk}).exclude(pk__in=left_out.get(model, []))
        asked[f"in_{len(asked)}"] = (str(model._meta.verbose_name), Exists(rows))
    questions = {name: question for name, (_, question) in asked.items()}
    found = Person.objects.filter(pk=person.pk).order_by().annotate(**questions).values(*questions).get()
    return [asked[name][0] for name, answer in found.items() if answer]


@transaction.atomic
def withdraw_person(actor: Actor, person: Person, *, reason: str, besides: Iterable[models.Model] = ()) -> None:
    """The record was made by mistake and nothing refers to it: it leaves the state, its facts are retracted.

    `besides`: rows that go with it, derived from the record by the platform itself.
    """
    _require_writer(actor)
    person = Person.objects.select_for_update().get(pk=person.pk)
    found = mentions(person, besides=besides)
    if found:
        raise Impossible(f"La fiche de {person} ne peut pas être retirée : {', '.join(found)}.")
    for fact in Fact.objects.standing().filter(person_id=person.pk).exclude(kind=FactKind.RETRACTION).order_by("id"):
        journal.retract(fact, actor=actor, reason=reason)
    journal.note_access(actor, [person.pk], action="write", purpose="fiche retirée")
    person.delete()


@transaction.atomic
def sign_contract(actor: Actor, person: Person, *, signed_on: dt.date, number: str = "", kind: str = "cir") -> Contract:
    """The CIR was signed (C-005). The same contract twice changes nothing."""
    _require_writer(actor)
    contract, created = Contract.objects.get_or_create(
        person=person, kind=kind, signed_on=signed_on, defaults={"direction": person.direction, "number": number}
    )
    if created:
        journal.record(
            FactKind.CONTRACT_SIGNED,
            actor=actor,
            occurred_on=signed_on,
            person=person.pk,
            subject=contract.pk,
            direction=person.direction,
            data={"kind": kind},
        )
    return contract


@transaction.atomic
def record_assessment(
    actor: Actor,
    person: Person,
    *,
    assessed_on: dt.date,
    written: str = "",
    oral: str = "",
    overall: str = "",
    kind: str = "initial",
    provider: Organisation | None = None,
) -> Assessment:
    """A language result (C-002), and who assessed. Levels are codes of `reference.levels`."""
    policy.require(actor, Resource.ASSESSMENT, Action.EDIT)
    assessment = Assessment.objects.create(
        person=person,
        kind=kind,
        written=written,
        oral=oral,
        overall=overall,
        assessed_on=assessed_on,
        provider=provider,
    )
    journal.record(
        FactKind.ASSESSED,
        actor=actor,
        occurred_on=assessed_on,
        person=person.pk,
        subject=assessment.pk,
        direction=person.direction,
        data={"written": written, "oral": oral, "overall": overall, "kind": kind},
    )
    return assessment


@transaction.atomic
def observe_situation(actor: Actor, person: Person, *, kind: str, observed_on: dt.date, source: str) -> Situation:
    """The situation of a person on a date, by one source: a second observation the same day replaces the first."""
    _require_writer(actor)
    situation, created = Situation.objects.get_or_create(
        person=person, observed_on=observed_on, source=source, defaults={"kind": kind}
    )
    changed = created or situation.kind != kind
    if not created and situation.kind != kind:
        situation.kind = kind
        situation.save(update_fields=["kind"])
    if changed:
        journal.correct(
            FactKind.SITUATION_OBSERVED,
            actor=actor,
            occurred_on=observed_on,
            subject=situation.pk,
            person=person.pk,
            direction=person.direction,
            data={"situation": kind},
        )
    return situation


@transaction.atomic
def register(
    actor: Actor,
    person: Person,
    *,
    starts_on: dt.date,
    by: str,
    place: str,
    register: str = "ft",
    registered_at: dt.datetime | None = None,
    ends_on: dt.date | None = None,
    declared: dict[str, Any] | None = None,
) -> Registration:
    """A registration elsewhere (D-031), already ended or not. Refused when one already covers the same period."""
    policy.require(actor, Resource.REGISTRATION, Action.EDIT)
    # The excluded period alone would let two desks deadlock.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                person=person,
                register=register,
                starts_on=starts_on,
                ends_on=ends_on,
                by=RegisteredBy(by),
                place=place,
                registered_at=registered_at,
                declared=declared or {},
            )
    except IntegrityError as error:
        raise Impossible(
            f"{person} est déjà inscrite ou inscrit sur cette période.",
            remedy="Consultez l’inscription en cours avant d’en saisir une autre.",
        ) from error
    journal.record(
        FactKind.REGISTERED,
        actor=actor,
        occurred_on=starts_on,
        person=person.pk,
        subject=registration.pk,
        direction=person.direction,
        data={"register": register, "by": by, "place": place, "at": registered_at},
    )
    journal.note_access(actor, [person.pk], action="write", purpose="inscription")
    return registration


@transaction.atomic
def cancel_registration(actor: Actor, registration: Registration, *, reason: str) -> None:
    """The registration was entered by mistake: it leaves the state, the journal keeps both."""
    policy.require(actor, Resource.REGISTRATION, Action.EDIT)
    fact = journal.standing_fact(FactKind.REGISTERED, registration.pk)
    if fact:
        journal.retract(fact, actor=actor, reason=reason)
    registration.delete()


@transaction.atomic
def give_consent(actor: Actor, person: Person, *, purpose: str, given_on: dt.date) -> Consent:
    """Consent to one purpose; giving it twice changes nothing."""
    _require_writer(actor)
    consent, created = Consent.objects.get_or_create(
        person=person, purpose=purpose, withdrawn_on=None, defaults={"given_on": given_on}
    )
    if created:
        _consent_fact(actor, person, FactKind.CONSENT_GIVEN, purpose, given_on)
    return consent


@transaction.atomic
def withdraw_consent(actor: Actor, person: Person, *, purpose: str, on: dt.date) -> None:
    """The person withdraws their consent; nothing that was lawful before becomes unlawful."""
    _require_writer(actor)
    if Consent.objects.filter(person=person, purpose=purpose, withdrawn_on=None).update(withdrawn_on=on):
        _consent_fact(actor, person, FactKind.CONSENT_WITHDRAWN, purpose, on)


def _consent_fact(actor: Actor, person: Person, kind: FactKind, purpose: str, on: dt.date) -> None:
    journal.record(
        kind, actor=actor, occurred_on=on, person=person.pk, direction=person.direction, data={"purpose": purpose}
    )


@transaction.atomic
def opt_out(actor: Actor, person: Person, *, since: dt.date, reason: str) -> OptOut:
    """The person expressly asks not to be oriented to the employment service; the CIR is unaffected (B-035)."""
    _require_writer(actor)
    wish, created = OptOut.objects.get_or_create(
        person=person, reversed_on=None, defaults={"since": since, "reason": reason}
    )
    if created:
        journal.record(
            FactKind.OPTED_OUT,
            actor=actor,
            occurred_on=since,
            person=person.pk,
            subject=wish.pk,
            direction=person.direction,
        )
    return wish


@transaction.atomic
def reverse_opt_out(actor: Actor, person: Person, *, on: dt.date) -> None:
    """The person changes their mind (B-035): allowed at any time."""
    _require_writer(actor)
    wish = OptOut.objects.select_for_update().filter(person=person, reversed_on=None).first()
    if wish is None:
        return
    wish.reversed_on = on
    wish.save(update_fields=["reversed_on"])
    journal.record(
        FactKind.OPT_OUT_REVERSED,
        actor=actor,
        occurred_on=on,
        person=person.pk,
        subject=wish.pk,
        direction=person.direction,
    )
