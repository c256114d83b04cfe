"""The figures of the dashboards, computed at one cut-off for every territory and stored, small counts marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from django.db import transaction

from passerelles.core import clock
from passerelles.core.periods import Month, Period
from passerelles.indicators import services as kept
from passerelles.indicators import tables
from passerelles.indicators.definitions.base import Measure
from passerelles.indicators.disclosure.protection import protect
from passerelles.indicators.disclosure.systems import TOTAL, Dimension, System, Unprotectable, crossing
from passerelles.indicators.engine.table import FigureTable
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import NATIONAL, Kind, Territory
from passerelles.reports.models import Cutoff, StoredFigure

CODES = (
    "signataires",
    "formation_linguistique",
    "refus_orientation",
    "inscriptions_ft",
    "orientations",
    "personnes_suivies",
    "entrees_formation",
    "recrutements",
    "atteinte_a1",
)
"""The figures of the dashboards, in their order."""
MONTHS = 13
NOWHERE = "?"

Leaf = tuple[str, str]
Counts = dict[Leaf, tuple[int, int]]


@transaction.atomic
def refresh(codes: tuple[str, ...] = CODES) -> int:
    """Compute the last whole months again; how many months of figures had changed. Safe to run again."""
    kept.refresh()
    last = Month.of(clock.today()).previous
    months = list(last.shift(1 - MONTHS).until(last))
    changed = 0
    for code in codes:
        period = Period(months[0].first, last.last)
        table = tables.figure(code, period, by=("departement", "sexe"), step="month")
        found = _by_month(table)
        of_directions = _by_month(tables.figure(code, period, by=("dt", "sexe"), step="month"))
        stored = _stored(code, "department")
        stored_of_directions = _stored(code, "dt")
        share = table.definition.measure is Measure.SHARE
        for month in months:
            first = month.first.isoformat()
            counts, others = found.get(first, {}), of_directions.get(first, {})
            if (stored.get(str(month), {}), stored_of_directions.get(str(month), {})) != (counts, others):
                changed += 1
                StoredFigure.objects.filter(code=code, month=str(month)).delete()
                rows = [*_rows(code, str(month), counts, share), *_rows_of_directions(code, str(month), others)]
                StoredFigure.objects.bulk_create(rows, batch_size=2_000)
        StoredFigure.objects.filter(code=code, month__lt=str(months[0])).delete()
    Cutoff.objects.update_or_create(pk=1, defaults={"position": tables.progress().position, "computed_at": clock.now()})
    return changed


def _by_month(table: FigureTable) -> dict[str, Counts]:
    """The counts that are not 0, by first day of the month."""
    found: dict[str, Counts] = defaultdict(dict)
    for row in table.rows:
        month, department, sex = row.key
        if row.num or row.den:
            found[month][department, sex] = (row.num, row.den)
    return found


def _stored(code: str, kind: str) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(dict)
    rows = StoredFigure.objects.filter(code=code, territory__startswith=f"{kind}:").exclude(sex="")
    for month, territory, sex, num, den in rows.values_list("month", "territory", "sex", "num", "den"):
        if num or den:
            found[month][territory.removeprefix(f"{kind}:"), sex] = (num, den)
    return found


def _rows(code: str, month: str, counts: Counts, share: bool) -> Iterator[StoredFigure]:
    if not counts:
        return
    places = sorted({department for department, _ in counts})
    sexes = sorted({sex for _, sex in counts})
    num = np.zeros((len(places), len(sexes)), dtype=np.int64)
    den = np.zeros_like(num)
    for (department, sex), (of_num, of_den) in counts.items():
        num[places.index(department), sexes.index(sex)] = of_num
        den[places.index(department), sexes.index(sex)] = of_den
    dimensions = [
        Dimension.nested("territoire", {place: _region_of(place) for place in places}, "national"),
        Dimension.flat("sexe", sexes),
    ]
    hidden = _hidden(dimensions, num, den, share)
    for name, leaves in dimensions[0].nodes:
        territory = _territory(name, name in places)
        if territory is None:
            continue
        for sex, of_sex in dimensions[1].nodes:
            part = np.ix_(list(leaves), list(of_sex))
            yield StoredFigure(
                code=code,
                month=month,
                territory=territory,
                sex="" if sex == TOTAL else sex,
                num=int(num[part].sum()),
                den=int(den[part].sum()),
                hidden_num=(name, sex, "num") in hidden,
                hidden_den=(name, sex, "den") in hidden,
            )


def _rows_of_directions(code: str, month: str, counts: Counts) -> Iterator[StoredFigure]:
    """The DTs, whose own agents alone read them: nothing to hide."""
    known = {each.code for each in territories.directions()}
    totals: Counts = defaultdict(lambda: (0, 0))
    for (direction, sex), (num, den) in counts.items():
        if direction in known:
            before = totals[direction, ""]
            totals[direction, ""] = (before[0] + num, before[1] + den)
            totals[direction, sex] = (num, den)
    for (direction, sex), (num, den) in totals.items():
        yield StoredFigure(code=code, month=month, territory=f"dt:{direction}", sex=sex, num=num, den=den)


def _hidden(dimensions: list[Dimension], num: np.ndarray, den: np.ndarray, share: bool) -> set[tuple[str, str, str]]:
    """The cells not for readers without access to lists: (territory, sex, num or den). All, when nothing protects."""
    if share:
        outcome = Dimension.flat("issue", ("oui", "non"))
        system = crossing([*dimensions, outcome], np.stack([num, den - num], axis=-1))
    else:
        system = crossing(dimensions, num)
    try:
        hidden = protect(_with_some(system)).hidden
    except Unprotectable:
        hidden = system.values > 0
    found = set()
    for label, hid in zip(system.labels, hidden, strict=True):
        if hid:
            outcome_of = label[2] if share else "oui"
            for name in {"oui": ("num",), "non": ("num",), TOTAL: ("den",)}[outcome_of]:
                found.add((label[0], label[1], name))
    return found


def _with_some(system: System) -> System:
    """A national total under the threshold is hidden like any other cell."""
    return system.kept(lambda codes: False) if (system.sensitive(5) & system.keep).any() else system


def _region_of(department: str) -> str:
    try:
        return f"region:{territories.department(department).region_code}"
    except UnknownCode:
        return NOWHERE


def _territory(name: str, leaf: bool) -> str | None:
    """The territory of a node; None for what has no place."""
    if leaf:
        try:
            return str(Territory(Kind.DEPARTMENT, territories.department(name).code))
        except UnknownCode:
            return None
    if name == "national":
        return str(NATIONAL)
    return None if name == NOWHERE else name
