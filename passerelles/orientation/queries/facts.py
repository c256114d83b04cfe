"""What the platform knows of a person, as the rules read it: each fact with its source and its date.

The only door between the tables and the rules. Whatever no table says stays unknown: a missing row never becomes a
« non ». Of two rooms that speak of the same fact, the newer date is right; on the same day, the table of its room is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.linkage.models import Check, CheckResult
from passerelles.network.enums import OrganisationKind
from passerelles.network.models import Organisation
from passerelles.orientation.engine.facts import Facts, Known, Value
from passerelles.orientation.models import Statement
from passerelles.orientation.rules.diagnosis import ITEMS
from passerelles.orientation.rules.facts import FACTS
from passerelles.people.enums import AssessmentKind
from passerelles.people.models import Assessment, Contract, OptOut, Person, Registration, Situation
from passerelles.reference import countries, levels, territories
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import Kind, Territory

RECORD, LIST_SAYS_NO = "fiche de la personne", CheckResult.NOT_FOUND
REGISTER_FACTS = {"ft": "ft.inscrit", "rsa": "rsa.beneficiaire", "agir": "agir.suivi"}
HOUSED_BY_OTHERS = frozenset({"tiers", "structure", "hotel", "sans"})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing said of a fact. On the same day the higher `rank` is right: the table of the room before a statement.

    What the record of the person says is corrected there, and nowhere else: it holds whatever is stated beside it.
    """

    code: str
    value: Value
    source: str
    since: dt.date
    rank: int = 1

    @property
    def order(self) -> tuple[dt.date, int]:
        return (dt.date.max if self.source == RECORD else self.since), self.rank


def facts_of(person: Person, on: dt.date) -> Facts:
    """Everything known of the person on the day, in eight queries."""
    return facts_of_many([person], on)[person.pk]


def facts_of_many(persons: Iterable[Person], on: dt.date) -> dict[uuid.UUID, Facts]:
    """The same for many persons, in the same number of queries."""
    people = list(persons)
    said: dict[uuid.UUID, list[Told]] = defaultdict(list)
    for person in people:
        said[person.pk] += _identity(person)
    ids = [person.pk for person in people]
    _signatories(people, said)
    for reader in (_contracts, _assessments, _situations, _registrations, _checks, _wishes, _stated):
        for person_id, told in reader(ids, on):
            said[person_id].append(told)
    return {person.pk: _settled(said[person.pk]) for person in people}


def territory_of(person: Person, facts: Facts) -> Territory:
    """Where the rules are read for this person: the department, else the whole of the DT that follows them."""
    department = facts.get("departement")
    if department is not None:
        return Territory(Kind.DEPARTMENT, str(department.value))
    return Territory(Kind.DIRECTION, person.direction)


def stated_of(person: Person, on: dt.date) -> dict[str, Statement]:
    """{item: what stands on the day}, withdrawn ones included (their value is None)."""
    return {row.code: row for row in _standing([person.pk], on)}


def _settled(told: Iterable[Told]) -> Facts:
    newest: dict[str, Told] = {}
    for each in told:
        best = newest.get(each.code)
        if best is None or each.order >= best.order:
            newest[each.code] = each
    _derive(newest)
    return Facts(
        {code: Known(newest[code].value, newest[code].source, newest[code].since) for code in FACTS if code in newest}
    )


def _derive(newest: dict[str, Told]) -> None:
    """Housed by others, or not at all, answers the question of B-044; an own home says nothing of the past."""
    housing = newest.get("logement.type")
    if housing is not None and housing.value in HOUSED_BY_OTHERS:
        told = Told("logement.sans_hebergement", True, housing.source, housing.since)
        stated = newest.get(told.code)
        if stated is None or told.order >= stated.order:
            newest[told.code] = told


def _identity(person: Person) -> Iterator[Told]:
    """What the record says, dated of the day it was made. A birth date known to the year only is not known."""
    since = clock.paris_date(person.created_at)
    country = countries.find(person.nationality) if person.nationality else None
    said: dict[str, Value | None] = {
        "naissance": person.birth_date if person.birth_date_precision == "day" else None,
        "sexe": person.sex,
        "nationalite": country.iso2 if country else None,
        "sejour.motif": person.motive,
        "departement": _department_of(person),
    }
    for code, value in said.items():
        if value:
            yield Told(code, value, RECORD, since, rank=2)


def _signatories(people: Iterable[Person], said: dict[uuid.UUID, list[Told]]) -> None:
    """An Apec that works on the platform in the department is a party to its agreement (A-041); none says nothing."""
    places = {told.value for each in said.values() for told in each if told.code == "departement"}
    houses = Organisation.objects.filter(kind=OrganisationKind.APEC, department_code__in=places, closed_on=None)
    since = {
        code: clock.paris_date(made) for code, made in houses.order_by().values_list("department_code", "created_at")
    }
    for person in people:
        for told in tuple(said[person.pk]):
            if told.code == "departement" and told.value in since:
                said[person.pk].append(Told("apec.signataire", True, "organismes de la plateforme", since[told.value]))


def _department_of(person: Person) -> str | None:
    """From the commune, else from a postcode that serves one department only."""
    if person.commune_code:
        try:
            return territories.commune(person.commune_code).department_code
        except UnknownCode:
            pass
    found = {commune.department_code for commune in territories.communes_by_postcode(person.postcode)}
    return found.pop() if len(found) == 1 else None


Spoken = Iterator[tuple[uuid.UUID, Told]]


def _contracts(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    """The last contract signed. Nobody is known not to have signed for want of a row."""
    for row in Contract.objects.filter(person__any=ids, signed_on__lte=on).order_by("signed_on", "id"):
        source = f"contrat {row.number}".strip()
        yield row.person_id, Told("cir.contrat", str(row.kind), source, row.signed_on, rank=2)
        yield row.person_id, Told("cir.date_signature", row.signed_on, source, row.signed_on, rank=2)


def _assessments(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    rows = Assessment.objects.filter(person__any=ids, assessed_on__lte=on).select_related("provider")
    for row in rows.order_by("assessed_on", "created_at", "id"):
        source = f"{row.get_kind_display().lower()}{f', {row.provider.name}' if row.provider else ''}"
        if row.kind == AssessmentKind.INITIAL:
            yield row.person_id, Told("langue.evaluation", row.assessed_on, source, row.assessed_on, rank=2)
        certified = row.kind == AssessmentKind.CERTIFICATION
        for name, text in (("ecrit", row.written), ("oral", row.oral)):
            level = levels.find(text) if text else None
            if level is None:
                continue
            yield row.person_id, Told(f"langue.{name}", level, source, row.assessed_on, rank=2)
            if certified:
                yield row.person_id, Told(f"langue.certifie_{name}", level, source, row.assessed_on, rank=2)


def _situations(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    rows = Situation.objects.filter(person__any=ids, observed_on__lte=on).order_by("observed_on", "created_at", "id")
    for row in rows:
        source = row.source or "situation constatée"
        yield row.person_id, Told("emploi.situation", str(row.kind), source, row.observed_on, rank=2)


def _registrations(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    """Registered since a day; no longer since the day after the end, when there is one."""
    for row in Registration.objects.filter(person__any=ids, starts_on__lte=on).order_by("starts_on", "id"):
        code = REGISTER_FACTS[row.register]
        source = f"inscription saisie par : {row.get_by_display()}"
        yield row.person_id, Told(code, True, source, row.starts_on, rank=3)
        if row.ends_on is not None and row.ends_on < on:
            yield row.person_id, Told(code, False, source, row.ends_on + dt.timedelta(days=1), rank=3)


def _checks(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    """A list that was compared says yes or no; one still to be settled by an agent says nothing."""
    rows = Check.objects.filter(person__any=ids, as_of__lte=on, result__in=[CheckResult.REGISTERED, LIST_SAYS_NO])
    for row in rows.order_by("as_of", "id"):
        known = row.result == CheckResult.REGISTERED
        yield row.person_id, Told(REGISTER_FACTS[row.register], known, row.source, row.as_of, rank=2)


def _wishes(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    for row in OptOut.objects.filter(person__any=ids, since__lte=on).order_by("since", "id"):
        yield row.person_id, Told("spe.dispense", True, "demande de la personne", row.since, rank=2)
        if row.reversed_on is not None and row.reversed_on <= on:
            yield row.person_id, Told("spe.dispense", False, "demande levée par la personne", row.reversed_on, rank=3)


def _stated(ids: list[uuid.UUID], on: dt.date) -> Spoken:
    for row in _standing(ids, on):
        if row.value is not None:
            yield row.person_id, Told(row.code, ITEMS[row.code].read(row.value), row.source, row.as_of)


def _standing(ids: list[uuid.UUID], on: dt.date) -> Iterable[Statement]:
    """Of each item, what was said last on the newest day; an item the platform no longer knows is left out."""
    rows = Statement.objects.filter(person__any=ids, as_of__lte=on, code__in=list(ITEMS))
    newest = rows.order_by("person_id", "code", "-as_of", "-number").distinct("person_id", "code")
    return newest.select_related("organisation")
