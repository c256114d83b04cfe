"""The people of an experiment and those they are compared with, read from the lines of figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from passerelles.core import clock
from passerelles.core.periods import BirthDateInFuture
from passerelles.indicators.impact import protocol
from passerelles.indicators.impact.protocol import Groups, Person
from passerelles.indicators.models import Declaration, EpisodeLine, PersonLine
from passerelles.reference import age_bands, territories
from passerelles.reference.territory import Kind, Territory

COLUMNS = (
    "person_id sex birth_date motive level schooling situation bpi direction department signed_on departed_on "
    "registered_on attended_on trained_on job_on agir_on"
).split()
OUTCOME_COLUMNS = {
    "inscription": "registered_on",
    "rendez_vous": "attended_on",
    "formation": "trained_on",
    "emploi": "job_on",
}
HELP_COLUMNS = {"rendez_vous": "attended_on", "formation": "trained_on", "agir": "agir_on"}
UNKNOWN = "non renseigné"


def groups(found: Declaration) -> Groups:
    """Both groups as declared, each person followed as long as declared. Two queries at most."""
    return protocol.split(_people(found), found.help, found.days, min(clock.today(), found.measured_on))


def entered(found: Declaration) -> tuple[int, int]:
    """How many have entered each group so far, followed to the end or not."""
    days = 0 if found.help == protocol.EVERYBODY else protocol.LANDMARK
    so_far = protocol.split(_people(found), found.help, days, clock.today())
    return len(so_far.helped), len(so_far.others)


def within(place: Territory) -> Q:
    """The lines of persons of a territory."""
    match place.kind:
        case Kind.DIRECTION:
            return Q(direction=place.code)
        case Kind.DEPARTMENT:
            return Q(department=place.code)
        case Kind.REGION:
            return Q(department__in=[each.code for each in territories.departments_of_region(place.code)])
    return Q()


def _people(found: Declaration) -> Iterator[Person]:
    here = within(found.place)
    rows = PersonLine.objects.filter(signed_on__range=(found.starts_on, found.ends_on))
    ours = rows.filter(here)
    helped_on = _registered_by_cip(ours.values("person_id")) if found.help == "cip" else None
    for line in _lines(ours):
        yield _person(line, found, helped_on, here=True)
    if found.compared_with:
        for line in _lines(rows.filter(within(Territory.parse(found.compared_with))).exclude(here)):
            yield _person(line, found, helped_on, here=False)


def _lines(rows: QuerySet[PersonLine]) -> Iterator[dict[str, Any]]:
    return rows.order_by("person_id").values(*COLUMNS).iterator(chunk_size=5_000)


def _registered_by_cip(people: QuerySet[PersonLine]) -> dict[UUID, dt.date]:
    made = EpisodeLine.objects.filter(person_id__in=people, episode="registration", what="ft", detail="cip")
    first: dict[UUID, dt.date] = {}
    for person, day in made.order_by("opened_on").values_list("person_id", "opened_on"):
        first.setdefault(person, day)
    return first


def _person(line: dict[str, Any], found: Declaration, by_cip: dict[UUID, dt.date] | None, *, here: bool) -> Person:
    helped_on = line.get(HELP_COLUMNS.get(found.help, "")) if by_cip is None else by_cip.get(line["person_id"])
    return Person(
        here=here,
        signed_on=line["signed_on"],
        helped_on=helped_on,
        outcome_on=line[OUTCOME_COLUMNS[found.outcome]],
        departed_on=line["departed_on"],
        traits=_traits(line),
    )


def _traits(line: dict[str, Any]) -> dict[str, str]:
    """What is known at the signature and may make groups differ; the nationality is not among them."""
    from passerelles.indicators.definitions.dimensions import MOTIVES, SCHOOLINGS, SEXES

    return {
        "sexe": SEXES.get(line["sex"], UNKNOWN).lower(),
        "âge": _age(line),
        "motif d’admission": MOTIVES.get(line["motive"], UNKNOWN).lower(),
        "niveau de français": str(line["level"] or UNKNOWN),
        "niveau scolaire": SCHOOLINGS.get(line["schooling"], UNKNOWN).lower(),
        "situation à la signature": str(line["situation"] or UNKNOWN),
        "protection internationale": "oui" if line["bpi"] else "non",
    }


def _age(line: dict[str, Any]) -> str:
    try:
        return age_bands.band(age_bands.Scheme.HAUTE_GARONNE, line["birth_date"], line["signed_on"]).label_fr
    except BirthDateInFuture:
        return UNKNOWN
