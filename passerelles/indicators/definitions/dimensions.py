"""The dimensions of figures, each defined once: what it is called, its members, how it is computed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import ibis

from passerelles.indicators.engine.relations import Expr
from passerelles.reference import age_bands, territories
from passerelles.reference.age_bands import Scheme
from passerelles.reference.levels import Level
from passerelles.reference.schooling import Schooling

UNKNOWN = "non_renseigne"
UNKNOWN_FR = "Non renseigné"


@dataclass(frozen=True, slots=True)
class Dimension:
    """`members`: closed list in order, empty when open. `column`: its code for each line of units.

    `of_person`: read in the line of the person; `fixed`: every member appears even when nobody is in it.
    """

    code: str
    name: str
    column: Callable[[Expr], Expr]
    members: Mapping[str, str] = field(default_factory=dict)
    of_person: bool = True
    fixed: bool = False
    label: Callable[[str], str] | None = None

    def label_of(self, code: str) -> str:
        if code in self.members:
            return self.members[code]
        if code in ("", UNKNOWN):
            return UNKNOWN_FR
        return self.label(code) if self.label else code


def _text(column: str) -> Callable[[Expr], Expr]:
    return lambda rows: rows[column]


def _identifier(column: str) -> Callable[[Expr], Expr]:
    """Made a text by the engine: the lines kept in PostgreSQL have it as uuid."""
    return lambda rows: rows[column].concat("")


def age(birth: Expr, on: Expr) -> Expr:
    """Completed years; born on 29 February, one grows older on 28 February of common years (`core.periods.age_on`)."""
    year = on.year()
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    day = _day_of_year(on)
    reached = ibis.ifelse((day == 228) & ~leap, 229, day)
    return year - birth.year() - ibis.ifelse(reached >= _day_of_year(birth), 0, 1)


def _day_of_year(day: Expr) -> Expr:
    """228 for 28 February: wide enough for engines whose months are small integers."""
    return day.month().cast("int64") * 100 + day.day().cast("int64")


def _band(scheme: Scheme) -> Callable[[Expr], Expr]:
    def column(rows: Expr) -> Expr:
        years = age(rows.birth_date, rows["on"])
        cases = [(rows.birth_date.isnull(), age_bands.UNKNOWN_AGE), (years < 0, age_bands.UNCLASSIFIED)]
        for band in age_bands.bands(scheme):
            if band.lowest is None and band.highest is None:
                continue
            inside = ibis.literal(True)
            if band.lowest is not None:
                inside = inside & (years >= band.lowest)
            if band.highest is not None:
                inside = inside & (years <= band.highest)
            cases.append((inside, band.code))
        return ibis.cases(*cases, else_=age_bands.UNCLASSIFIED)

    return column


def _bands(scheme: Scheme) -> dict[str, str]:
    return {band.code: band.label_fr for band in age_bands.bands(scheme)}


def _public(rows: Expr) -> Expr:
    return ibis.cases(
        (rows.bpi.fill_null(False), "bpi"), (rows.signed_on.notnull(), "signataire_cir"), else_="autre_epa"
    )


def _hours(rows: Expr) -> Expr:
    return ibis.cases(
        (rows.prescribed_on.isnull(), "aucune"),
        (rows.prescribed_hours.isnull(), "sans_volume"),
        *((rows.prescribed_hours == hours, str(hours)) for hours in (100, 200, 400, 600)),
        else_="autre",
    )


def _closed(column: str, members: Mapping[str, str]) -> Callable[[Expr], Expr]:
    """A code kept when it is in the list, else unknown: nobody is lost."""
    return lambda rows: ibis.ifelse(rows[column].isin(list(members)), rows[column], UNKNOWN)


SEXES = {"F": "Femmes", "H": "Hommes"}
MOTIVES = {"ASILE": "Asile", "AUTRES": "Autres", "ECONOMIQUE": "Économique", "FAMILIAL": "Familial"}
LEVELS = {level.value: level.label_fr for level in Level}
SCHOOLINGS = {each.value: each.label_fr for each in Schooling}
HOURS = {
    "100": "100 heures",
    "200": "200 heures",
    "400": "400 heures",
    "600": "600 heures",
    "autre": "Autre volume",
    "sans_volume": "Volume non fixé",
    "aucune": "Aucune formation prescrite (AMDFL)",
}
ROME_VERSION = "ROME 4.0"


def _department(code: str) -> str:
    return f"{territories.department(code).name} ({code})"


def _region(code: str) -> str:
    return territories.region(code).name


def _direction(code: str) -> str:
    return territories.direction(code).label_fr


def _region_of(rows: Expr) -> Expr:
    """The region of the department."""
    groups = ((region.code, [d.code for d in territories.departments_of_region(region.code)]) for region in _REGIONS)
    return ibis.cases(*((rows.department.isin(codes), code) for code, codes in groups if codes), else_=UNKNOWN)


_REGIONS = territories.regions()

DIMENSIONS: dict[str, Dimension] = {
    dimension.code: dimension
    for dimension in (
        Dimension("sexe", "Sexe", _closed("sex", SEXES), SEXES, fixed=True),
        Dimension("tranche", "Tranche d’âge (Metz)", _band(Scheme.METZ), _bands(Scheme.METZ), fixed=True),
        Dimension(
            "tranche_hg",
            "Tranche d’âge (Haute-Garonne)",
            _band(Scheme.HAUTE_GARONNE),
            _bands(Scheme.HAUTE_GARONNE),
            fixed=True,
        ),
        Dimension("motif", "Motif d’admission", _closed("motive", MOTIVES), MOTIVES, fixed=True),
        Dimension(
            "public",
            "Public",
            _public,
            {
                "bpi": "Bénéficiaires de la protection internationale",
                "signataire_cir": "Signataires du CIR",
                "autre_epa": "Autres étrangers primo-arrivants",
            },
            fixed=True,
        ),
        Dimension("niveau", "Niveau de français au premier positionnement", _closed("level", LEVELS), LEVELS),
        Dimension("scolarite", "Niveau scolaire", _closed("schooling", SCHOOLINGS), SCHOOLINGS),
        Dimension("heures", "Heures de formation prescrites à la signature", _hours, HOURS),
        Dimension("nationalite", "Nationalité", _text("nationality")),
        Dimension("region", "Région", _region_of, of_person=False, label=_region),
        Dimension("departement", "Département", _text("department"), of_person=False, label=_department),
        Dimension("dt", "Direction territoriale de l’OFII", _text("direction"), of_person=False, label=_direction),
        Dimension("organisme", "Organisme", _identifier("organisation_id"), of_person=False),
        Dimension("metier", f"Métier ({ROME_VERSION})", _text("occupation"), of_person=False),
    )
}


def members_of(dimension: Dimension, found: set[str]) -> dict[str, str]:
    """Labels in order: the closed list (members absent left out unless `fixed`), then whatever else was found."""
    kept = {code: label for code, label in dimension.members.items() if dimension.fixed or code in found}
    if dimension.code in ("tranche", "tranche_hg") and age_bands.UNKNOWN_AGE not in found:
        kept.pop(age_bands.UNKNOWN_AGE, None)
    others = sorted(found - set(kept), key=lambda code: (code in ("", UNKNOWN), dimension.label_of(code)))
    return kept | {code: dimension.label_of(code) for code in others}
