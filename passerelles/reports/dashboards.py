"""What a dashboard shows: a territory and a month, from stored figures; masked for readers without access to lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from passerelles.core.periods import Month
from passerelles.indicators import access as reach
from passerelles.indicators.definitions import definition
from passerelles.indicators.definitions.base import Definition, Measure
from passerelles.indicators.definitions.dimensions import SEXES
from passerelles.indicators.engine.table import value_of
from passerelles.network.policy import Actor
from passerelles.reference import parameters, territories
from passerelles.reference.territory import Kind, Territory
from passerelles.reports import access, charts
from passerelles.reports.exports.grids import Book, Grid
from passerelles.reports.models import Cutoff, StoredFigure
from passerelles.reports.services.dashboards import CODES, MONTHS
from passerelles.reports.sheets import HIDDEN

TARGETS = {"atteinte_a1": "a1_attainment_target"}
"""Figures with a target in the parameters of the State."""

Stored = Mapping[tuple[str, str, str], StoredFigure]


@dataclass(frozen=True, slots=True)
class Value:
    """A number as printed, and as drawn (None: hidden, or nothing to compute)."""

    text: str
    number: float | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: this month, the month before, the target, thirteen months as a drawing and a table."""

    definition: Definition
    now: Value
    before: Value
    target: int | None
    months: tuple[tuple[str, Value], ...]
    sexes: tuple[tuple[str, Value], ...]
    chart: str

    @property
    def unit(self) -> str:
        return "%" if self.definition.measure is Measure.SHARE else ""

    @property
    def change(self) -> str:
        """`+12` or `−3,2 points` since the month before; empty when one of the two is not known."""
        if self.now.number is None or self.before.number is None:
            return ""
        gap = round(self.now.number - self.before.number, 1)
        shown = f"{gap:+g}".replace(".", ",").replace("-", "−")
        return f"{shown} point{'s' if abs(gap) >= 2 else ''}" if self.unit else shown


@dataclass(frozen=True, slots=True)
class Map:
    """A figure of the month by department: its drawing and its table."""

    definition: Definition
    chart: str
    rows: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    place: Territory
    month: Month
    cutoff: Cutoff
    masked: bool
    tiles: tuple[Tile, ...]
    map: Map | None


def places(actor: Actor) -> tuple[Territory, ...]:
    """The territories that this reader may open, the widest first."""
    found = reach.reach_of(actor)
    if found is None or found.organisations is not None:
        return ()
    return found.territories


def last_month(today: dt.date) -> Month:
    return Month.of(today).previous


def dashboard(actor: Actor, place: Territory, month: Month, mapped: str = CODES[0]) -> Dashboard | None:
    """The dashboard of one of the reader's `places`; None before figures were first computed. Three queries."""
    cutoff = Cutoff.objects.filter(pk=1).first()
    if cutoff is None:
        return None
    masked = not access.sees_internal(actor)
    first = month.shift(1 - MONTHS)
    stored = _stored(place, first, month)
    tiles = tuple(_tile(definition(code), stored, month, place, masked) for code in CODES)
    return Dashboard(place, month, cutoff, masked, tiles, _map(place, month, mapped, masked))


def book(found: Dashboard) -> Book:
    """The committee pack: the same figures at the same cut-off, ready to be printed."""
    grids = [
        Grid(
            "Le mois en chiffres",
            ("Chiffre", "Ce mois", "Mois précédent", "Cible"),
            tuple(
                (
                    tile.definition.name,
                    _with_unit(tile.now.text, tile.unit),
                    _with_unit(tile.before.text, tile.unit),
                    f"{tile.target} %" if tile.target is not None else "",
                )
                for tile in found.tiles
            ),
        )
    ]
    for tile in found.tiles:
        rows = tuple((label, _with_unit(value.text, tile.unit)) for label, value in tile.months)
        formula = tile.definition.numerator + (
            f" / {tile.definition.denominator}" if tile.definition.denominator else ""
        )
        grids.append(Grid(tile.definition.name, ("Mois", "Valeur"), rows, formula, tile.chart))
    if found.map is not None:
        rows = tuple((label, value.text) for label, value in found.map.rows)
        caption = f"{found.map.definition.name}, par département"
        grids.append(Grid(caption, ("Département", "Valeur"), rows, "", found.map.chart))
    return Book(
        title="Tableau de bord",
        subtitle=f"{found.place.label_fr}, {found.month.label_fr}",
        facts=(
            ("Territoire", found.place.label_fr),
            ("Mois", found.month.label_fr),
            ("Chiffres arrêtés", f"le {found.cutoff.computed_at:%d/%m/%Y}, fait n° {found.cutoff.position} du journal"),
        ),
        grids=tuple(grids),
        note="« masqué » : la case compte peu de personnes, ou permettrait d’en retrouver une qui en compte peu."
        if found.masked
        else "Document interne : les petits effectifs n’y sont pas masqués. Ne le diffusez pas hors de la direction.",
    )


def _stored(place: Territory, first: Month, last: Month) -> Stored:
    """By (code, month, sex)."""
    rows = StoredFigure.objects.filter(
        territory=str(place), code__in=CODES, month__gte=str(first), month__lte=str(last)
    )
    return {(row.code, row.month, row.sex): row for row in rows}


def _tile(asked: Definition, stored: Stored, month: Month, place: Territory, masked: bool) -> Tile:
    months = tuple(
        (each.label_fr, _value(asked, stored.get((asked.code, str(each), "")), masked))
        for each in month.shift(1 - MONTHS).until(month)
    )
    now, before = months[-1][1], months[-2][1]
    target = _target(asked, month, place)
    drawn = [(label, value.number, value.text) for label, value in months]
    return Tile(
        definition=asked,
        now=now,
        before=before,
        target=target,
        months=months,
        sexes=tuple(
            (name, _value(asked, stored.get((asked.code, str(month), sex)), masked)) for sex, name in SEXES.items()
        ),
        chart=charts.columns(
            f"{asked.name}, treize mois", drawn, name=f"{asked.code}-", target=None if target is None else float(target)
        ),
    )


def _map(place: Territory, month: Month, code: str, masked: bool) -> Map | None:
    """For a region or the nation: the departments of the month."""
    if place.kind not in (Kind.REGION, Kind.NATIONAL) or code not in CODES:
        return None
    asked = definition(code)
    within: Sequence[territories.Department] = (
        territories.departments() if place.kind is Kind.NATIONAL else territories.departments_of_region(place.code)
    )
    names = {each.code: each.name for each in within if each.code in charts.TILES}
    rows = {
        row.territory.removeprefix("department:"): row
        for row in StoredFigure.objects.filter(
            code=code, month=str(month), sex="", territory__in=[f"department:{each}" for each in names]
        )
    }
    values = {each: _value(asked, rows.get(each), masked) for each in names}
    drawn = {each: (value.number, value.text) for each, value in values.items()}
    title = f"{asked.name}, par département, {month.label_fr}"
    ordered = tuple((f"{names[each]} ({each})", values[each]) for each in sorted(names))
    return Map(asked, charts.tile_map(title, drawn, name="carte-"), ordered)


def _value(asked: Definition, row: StoredFigure | None, masked: bool) -> Value:
    if row is None:
        return Value("0", 0.0) if asked.measure is Measure.COUNT else Value("—", None)
    share = asked.measure is not Measure.COUNT
    if masked and (row.hidden_num or (share and row.hidden_den)):
        return Value(HIDDEN, None)
    value = value_of(asked.measure, row.num, row.den)
    if value is None:
        return Value("—", None)
    return Value(
        f"{value:,}".replace(",", "\u202f").replace(".", ","),
        float(value if isinstance(value, int) else Decimal(value)),
    )


def _target(asked: Definition, month: Month, place: Territory) -> int | None:
    name = TARGETS.get(asked.code)
    setting = parameters.state(name, month.last, place).setting if name else None
    return setting.as_int() if setting is not None else None


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip() if text[:1].isdigit() else text
