"""Which figures each return of the catalogue holds, by what, and over which period; read from the journal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import tables
from passerelles.indicators.definitions.base import Nature
from passerelles.indicators.engine.table import FigureTable
from passerelles.indicators.queries import Known
from passerelles.journal.models import Fact
from passerelles.network.models import Organisation
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory
from passerelles.reports import sheets
from passerelles.reports.catalogue import ReturnType
from passerelles.reports.models import GONE, Return
from passerelles.reports.published import Asked, Neighbours, Pattern, Published, lines, projected, publish
from passerelles.reports.schedule import ReturnPeriod

VERSIONS = {False: "v1", True: "v2"}
"""By whether the return is compared with the period before."""
ORGANISATION = "organisme"


@dataclass(frozen=True, slots=True)
class Contents:
    """The figures of a return; `since`: first day of the cumulative ones; `before`: with the change since the period
    before."""

    figures: tuple[Asked, ...]
    since: dt.date | None = None
    before: bool = False


SHORTAGE = Contents(
    (
        Asked("recrutements_en_tension", ((), ("metier", "public"), ("public", "sexe"))),
        Asked("couverture_metiers_en_tension", ((), ("metier",)), like="recrutements_en_tension"),
        Asked("postes_en_tension", ((), ("metier",))),
    ),
    before=True,
)
ILE_DE_FRANCE = Contents(
    (
        Asked("idf_vivier", ((), ("departement",))),
        Asked("idf_recus", ((), ("departement",))),
        Asked("idf_accompagnements", ((), ("departement",), ("sexe",))),
        Asked("idf_recrutements", ((), ("departement",), ("sexe",))),
        Asked("idf_formations", ((), ("departement",))),
    ),
    since=dt.date(2025, 1, 1),
)
DEPARTMENT = Contents(
    (
        Asked("orientations", ((), ("organisme",), ("sexe",))),
        Asked("personnes_suivies", ((), ("sexe", "tranche"))),
        Asked("inscriptions_ft", ((), ("sexe",))),
        Asked("delai_premier_rdv", ((), ("organisme",))),
        Asked("personnes_recrutees", ((), ("sexe", "tranche"))),
        Asked("entrees_formation", ((), ("sexe",))),
    ),
)
PROFILE = Contents(
    (
        Asked(
            "formation_linguistique",
            ((), ("motif", "sexe"), ("heures", "motif"), ("scolarite", "motif"), ("tranche_hg", "motif")),
        ),
    ),
)
CONTENTS = {
    "metiers-en-tension": SHORTAGE,
    "tableau-de-bord-idf": ILE_DE_FRANCE,
    "statistiques-departementales": DEPARTMENT,
    "profil-signataires": PROFILE,
}


def build(
    kind: ReturnType,
    territory: Territory,
    period: ReturnPeriod,
    known: Known,
    *,
    definition: str = "",
    certificate: dict[str, Any] | None = None,
) -> tuple[bytes, str, dict[str, Any]]:
    """The bytes, the definition and the certificate. `certificate`: of the version to make again, else new.

    `definition`: that of the version to make again; the first of those that show the period before printed it whole,
    below the other (F-011: versions coexist).
    """
    contents = CONTENTS[kind.slug]
    made = _Making(kind, territory, contents, _patterns(certificate), dict(certificate["names"] if certificate else {}))
    written = made.lines(period, known)
    version = VERSIONS[contents.before]
    compared = 0
    if contents.before and definition == f"{kind.slug}-{VERSIONS[False]}":
        written += made.lines(period.previous, known)
        version = VERSIONS[False]
    elif contents.before:
        newest = _sent(kind, territory, period.previous, known)
        compared = certificate["compared"] if certificate else newest.version if newest else 0
        written = sheets.beside(written, _before(made, period.previous, known, compared))
    if certificate is None:
        certificate = _certificate(made.found) | {"names": made.names, "compared": compared}
    columns = sheets.COMPARED if version == VERSIONS[True] else sheets.COLUMNS
    return sheets.canonical(written, columns), f"{kind.slug}-{version}", certificate


@dataclass
class _Making:
    """The figures of a return, period after period, with what was hidden of each. `patterns`: of a frozen version."""

    kind: ReturnType
    territory: Territory
    contents: Contents
    patterns: dict[str, Pattern]
    names: dict[str, str]
    found: list[tuple[str, Published]] = field(default_factory=list)

    def lines(self, span: ReturnPeriod, known: Known) -> list[sheets.SheetLine]:
        """What may be printed of a period."""
        of_span: dict[str, Published] = {}
        written: list[sheets.SheetLine] = []
        for asked in self.contents.figures:
            table = _named(_table(self.territory, span, asked, self.contents, known), self.names)
            key = f"{asked.code}@{span}"
            pattern = self.patterns.get(key)
            if pattern is None and asked.like:
                other = of_span[asked.like]
                pattern = projected(other.hidden, other.asked.dimensions, asked.dimensions)
            published = _published(self.kind, self.territory, span, asked, table, self.contents, known, pattern)
            of_span[asked.code] = published
            self.found.append((key, published))
            written += lines(published, str(span))
        return written


def _before(made: _Making, span: ReturnPeriod, known: Known, version: int) -> list[sheets.SheetLine]:
    """The period before as it was told: by the return that was sent of it, else as known on the day it was due."""
    if version:
        frozen = Return.objects.get(
            kind=made.kind.slug, territory=str(made.territory), period=str(span), version=version
        )
        return [line for line in sheets.parse(bytes(frozen.content)) if line.period == str(span)]
    return made.lines(span, _known_then(made.kind.due_on(span) or span.ends_on, known))


def _sent(kind: ReturnType, territory: Territory, span: ReturnPeriod, known: Known) -> Return | None:
    """The newest version of this return that was sent, among those frozen before this one."""
    rows = Return.objects.filter(kind=kind.slug, territory=str(territory), period=str(span), status__in=GONE)
    if known.position is not None:
        rows = rows.filter(position__lt=known.position)
    return rows.order_by("-version").first()


def _known_then(day: dt.date, known: Known) -> Known:
    """As known at the end of `day`, and never more than `known`."""
    then = Known.on(day)
    assert then.instant is not None
    limit = known.instant
    if known.position is not None:
        limit = (
            Fact.objects.filter(pk__lte=known.position).order_by("-pk").values_list("recorded_at", flat=True).first()
        )
    return Known(instant=min(then.instant, limit or clock.now()))


def _named(table: FigureTable, names: dict[str, str]) -> FigureTable:
    """Organisations by their name; `names` holds those of a frozen version, and learns the others."""
    unknown = {
        code for dim in table.dims if dim.code == ORGANISATION for code in dim.labels if _is_id(code)
    } - names.keys()
    if unknown:
        rows = Organisation.objects.filter(pk__in=unknown).values_list("pk", "name")
        names |= {str(pk): name for pk, name in rows}
    dims = tuple(
        replace(dim, labels={code: names.get(code, label) for code, label in dim.labels.items()})
        if dim.code == ORGANISATION
        else dim
        for dim in table.dims
    )
    return replace(table, dims=dims)


def _is_id(code: str) -> bool:
    try:
        UUID(code)
    except ValueError:
        return False
    return True


def _published(
    kind: ReturnType,
    territory: Territory,
    span: ReturnPeriod,
    asked: Asked,
    table: FigureTable,
    contents: Contents,
    known: Known,
    pattern: Pattern | None,
) -> Published:
    if pattern is not None:
        return publish(table, asked, pattern=pattern)
    earlier = []
    if table.definition.nature is Nature.CUMULATIVE:
        for past, hidden in _earlier(kind, territory, span, asked, known):
            before = _table(territory, past, asked, contents, known)
            earlier.append((replace(before, dims=table.dims), hidden))
    same = frozenset().union(*_versions(kind, territory, asked, known).get(str(span), ()))
    return publish(
        table,
        asked,
        earlier=earlier,
        before=same,
        neighbours=_neighbours(kind, territory, span, asked, contents, known),
    )


def _neighbours(
    kind: ReturnType, territory: Territory, span: ReturnPeriod, asked: Asked, contents: Contents, known: Known
) -> Neighbours | None:
    """The region and its departments, when one of them has a frozen version of the same return and period."""
    if not {Kind.REGION, Kind.DEPARTMENT} <= set(kind.levels) or "departement" in asked.dimensions:
        return None
    code = territory.code
    region = code if territory.kind is Kind.REGION else territories.department(code).region_code
    departments = [each.code for each in territories.departments_of_region(region)]
    whole = Territory(Kind.REGION, region)
    places = {str(Territory(Kind.DEPARTMENT, each)): each for each in departments} | {str(whole): str(whole)}
    rows = Return.objects.filter(kind=kind.slug, territory__in=places, certificate__isnull=False)
    rows = rows.filter(period__in=[str(span), str(span.next)]).exclude(territory=str(territory))
    if known.position is not None:
        rows = rows.filter(position__lt=known.position)
    newest = rows.order_by("territory", "period", "-version").distinct("territory", "period")
    told: dict[str, list[Pattern]] = {}
    for place, certificate in newest.values_list("territory", "certificate"):
        for each in certificate["figures"]:  # the period is printed again beside the next one
            if each["key"] == f"{asked.code}@{span}" and not each["refused"]:
                told.setdefault(places[place], []).append(frozenset(map(tuple, each["hidden"])))
    if not told:
        return None
    public = {place: frozenset.intersection(*patterns) for place, patterns in told.items()}
    wide = replace(asked, tables=(("departement", *asked.dimensions),))
    return Neighbours(_table(whole, span, wide, contents, known), str(whole), places[str(territory)], public)


def _table(territory: Territory, span: ReturnPeriod, asked: Asked, contents: Contents, known: Known) -> FigureTable:
    period = Period(contents.since or span.starts_on, span.ends_on)
    return tables.figure(asked.code, period, by=asked.dimensions, territory=territory, known=known)


def _versions(kind: ReturnType, territory: Territory, asked: Asked, known: Known) -> dict[str, list[Pattern]]:
    """{period: what was hidden of a figure} in the versions frozen before this one, the newest of each period.

    Twice when the period was printed again beside the next one.
    """
    rows = Return.objects.filter(kind=kind.slug, territory=str(territory), certificate__isnull=False)
    if known.position is not None:
        rows = rows.filter(position__lt=known.position)
    found: dict[str, list[Pattern]] = {}
    for certificate in rows.order_by("period", "-version").distinct("period").values_list("certificate", flat=True):
        for key, hidden in _patterns(certificate).items():
            code, _, period = key.partition("@")
            if code == asked.code:
                found.setdefault(period, []).append(hidden)
    return found


def _earlier(
    kind: ReturnType, territory: Territory, span: ReturnPeriod, asked: Asked, known: Known
) -> list[tuple[ReturnPeriod, Pattern]]:
    """The periods that end before this one, oldest first, with what no version printed of them."""
    told = _versions(kind, territory, asked, known).items()
    found = [(ReturnPeriod.parse(period), frozenset.intersection(*patterns)) for period, patterns in told]
    return sorted((each for each in found if each[0].ends_on < span.ends_on), key=lambda each: each[0].ends_on)


def _patterns(certificate: dict[str, Any] | None) -> dict[str, Pattern]:
    """What a certificate says is hidden, by figure and period."""
    if not certificate:
        return {}
    return {each["key"]: frozenset(map(tuple, each["hidden"])) for each in certificate["figures"]}


def _certificate(found: list[tuple[str, Published]]) -> dict[str, Any]:
    certificates = [each.certificate for _, each in found if each.certificate]
    return {
        "threshold": 5,
        "cells": sum(each["cells"] for each in certificates),
        "hidden": sum(len(each.hidden) for _, each in found),
        "holds": all(each["holds"] for each in certificates),
        "refused": [f"{each.table.definition.name} : {each.refused}" for _, each in found if each.refused],
        "figures": [{"key": key} | each.as_data() for key, each in found],
    }
