"""The figures of the monthly return of the experiment, asked like any other: same catalogue, same tables.

They are counted by `engine.definitions`, whose versions are frozen with each return; nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from passerelles.core.errors import UserError
from passerelles.core.periods import Month, Period
from passerelles.indicators.definitions.base import Counted, Definition, Moment, Status
from passerelles.indicators.definitions.dimensions import SEXES, UNKNOWN, UNKNOWN_FR
from passerelles.indicators.engine import definitions as versions
from passerelles.indicators.engine.figures import BAND_LABELS, UNKNOWN_SEX, Figure
from passerelles.indicators.engine.relations import Expr, Tables
from passerelles.indicators.engine.table import Dim, FigureTable, Row, added
from passerelles.indicators.monthly import monthly
from passerelles.indicators.queries import NOW, Known
from passerelles.reference.territory import Kind, Territory

FAMILY = "Expérimentation de Metz"
DIMENSIONS = {"sexe": "Sexe", "tranche": "Tranche d’âge (Metz)"}
_BANDS = {"<25": "moins_25", "26-45": "26_45", "46-64": "46_64", "non_classe": "non_classe"}


class OnlyAMonth(UserError):
    """These figures are those of a calendar month of a territorial direction."""


def _nothing(tables: Tables, moment: Moment) -> Expr:
    raise LookupError("counted by the definitions of the monthly return")


def _described(found: versions.Definition) -> Definition:
    return Definition(
        code=found.code,
        name=found.name,
        family=FAMILY,
        requirement=found.requirement,
        counted=Counted.PERSONS if found.unit == versions.PERSONS else Counted.EVENTS,
        population=found.population,
        numerator=found.formula,
        day="jour du premier entretien du mois, ou de l’événement",
        status=Status.STATED if found.given else Status.PROPOSED,
        units=_nothing,
    )


FIGURES: dict[str, Definition] = {
    found.code: _described(found) for found in versions.latest("interview_in_scope_or_registered").all
}


def figure(
    code: str,
    period: Period,
    by: Iterable[str],
    territory: Territory,
    known: Known = NOW,
    where: Mapping[str, str] | None = None,
) -> FigureTable:
    """One figure of the month as a table; raises OnlyAMonth, NotConfigured where the experiment does not run."""
    found = _figure(code, period, territory, known)
    dims = tuple(dict.fromkeys(by))
    strange = [each for each in (*dims, *(where or {})) if each not in DIMENSIONS]
    if strange:
        raise OnlyAMonth(
            f"Le chiffre « {code} » n’a pas de dimension « {strange[0]} ».",
            remedy=f"Choisissez parmi : {', '.join(DIMENSIONS)}.",
        )
    rows = []
    for (sex, band), units in found.cells.items():
        codes = {"sexe": _sex(sex), "tranche": _BANDS[band]}
        if all(codes[name] == wanted for name, wanted in (where or {}).items()):
            rows.append(Row(tuple(codes[name] for name in dims), len(units), 0))
    labels = {
        "sexe": {_sex(sex): SEXES.get(sex, UNKNOWN_FR) for sex in found.sexes},
        "tranche": {_BANDS[band]: label for band, label in BAND_LABELS.items()},
    }
    shown = tuple(Dim(name, DIMENSIONS[name], labels[name]) for name in dims)
    described = _described(found.definition)
    return FigureTable(
        described, period.start, period.end or period.start, shown, added(rows), str(territory), position=known.position
    )


def units(
    code: str, period: Period, territory: Territory, known: Known, where: Mapping[str, str]
) -> list[tuple[object, ...]]:
    """unit, person, first day of the month, 1, 0: what is behind a cell."""
    found = _figure(code, period, territory, known)
    sexes = {_sex(sex): sex for sex in found.sexes}
    bands = {code: band for band, code in _BANDS.items()}
    kept = found.units(sexes.get(where.get("sexe", ""), ""), bands.get(where.get("tranche", ""), ""))
    return [(unit.id, unit.person, period.start, 1, 0) for unit in sorted(kept)]


def label_of(dimension: str, value: str) -> str:
    """What a code of a dimension is called."""
    if dimension == "sexe":
        return SEXES.get(value, UNKNOWN_FR)
    return next((BAND_LABELS[band] for band, code in _BANDS.items() if code == value), value)


def _figure(code: str, period: Period, territory: Territory, known: Known) -> Figure:
    month = Month.of(period.start)
    if territory.kind is not Kind.DIRECTION or (period.start, period.end) != (month.first, month.last):
        raise OnlyAMonth(
            f"Le chiffre « {code} » se calcule pour un mois entier et une direction territoriale.",
            remedy="Par exemple du 1er au 31 janvier 2026, dt:metz.",
        )
    return monthly(territory.code, month, known).figures[code]


def _sex(sex: str) -> str:
    return UNKNOWN if sex == UNKNOWN_SEX else sex
