"""The drawings of the calibration report. Pure: results and counts in, SVG documents out."""

from __future__ import annotations

from collections.abc import Sequence

from passerelles.core.svg import BLUE, GREY, GRID, ORANGE, Drawing
from passerelles.reference.schooling import Schooling
from passerelles.synthetic.calibration.measures import Counts
from passerelles.synthetic.calibration.results import Result, TableResult

_LABELS_WIDTH = 330
_WIDTH = 860


def drawings(results: Sequence[Result], tables: Sequence[TableResult], counts: Counts) -> dict[str, Drawing]:
    """File name → drawing; a drawing without data is left out."""
    measured = [result for result in results if result.measured is not None]
    found: dict[str, Drawing] = {}
    totals = [r for r in measured if r.figure.code.startswith("cir_total_")]
    regions = [r for r in measured if r.figure.code.startswith("region_2023_")]
    rates = [
        r for r in measured if r.figure.unit == "%" and not r.figure.code.startswith(("region_", "cir_", "nation"))
    ]
    if totals:
        found["totals.svg"] = paired_bars("CIR signed by year", totals)
    if regions:
        found["regions-2023.svg"] = paired_bars("Share of each region in the CIR signed in 2023 (%)", regions)
    if rates:
        found["shares.svg"] = intervals("Published shares with their tolerance, and the stream (%)", rates)
    schooling = [t for t in tables if t.table.code == "haute_garonne_2020_schooling"]
    if schooling:
        found["haute-garonne-schooling.svg"] = schooling_bars(schooling[0])
    if any(key.startswith("2023:age:") for key in counts):
        found["ages-2023.svg"] = pyramid("Ages at signature in the stream, 2023", counts, 2023)
    return found


def paired_bars(title: str, rows: Sequence[Result]) -> Drawing:
    """For each figure a bar as published and a bar as measured."""
    step, top = 34, 56
    drawing = Drawing(_WIDTH, top + step * len(rows) + 12, title, _told(rows))
    _heading(drawing, "bars")
    longest = max(max(r.figure.value, r.measured or 0) for r in rows) or 1
    scale = (_WIDTH - _LABELS_WIDTH - 90) / longest
    for i, row in enumerate(rows):
        y = top + i * step
        drawing.text(_LABELS_WIDTH - 10, y + 17, _short(row), anchor="end")
        for value, fill, offset in ((row.figure.value, BLUE, 0), (row.measured or 0.0, ORANGE, 13)):
            drawing.rectangle(_LABELS_WIDTH, y + offset, value * scale, 11, fill)
            drawing.text(
                _LABELS_WIDTH + value * scale + 6, y + offset + 10, amount(value, row.figure.unit), size=11, fill=GREY
            )
    return drawing


def intervals(title: str, rows: Sequence[Result]) -> Drawing:
    """For each share its tolerance as a band, the published value as a stroke, the stream as a dot."""
    step, top = 24, 74
    drawing = Drawing(_WIDTH, top + step * len(rows) + 12, title, _told(rows))
    _heading(drawing, "dots")
    left, scale = _LABELS_WIDTH + 60, (_WIDTH - _LABELS_WIDTH - 90) / 100
    for mark in range(0, 101, 20):
        drawing.line(left + mark * scale, top - 8, left + mark * scale, drawing.height - 8)
        drawing.text(left + mark * scale, top - 12, str(mark), anchor="middle", size=11, fill=GREY)
    for i, row in enumerate(rows):
        y = top + i * step + 8
        value, tolerance = row.figure.value, row.figure.tolerance
        drawing.text(left - 12, y + 4, _short(row), anchor="end", size=12)
        drawing.rectangle(left + (value - tolerance) * scale, y - 6, 2 * tolerance * scale, 12, GRID)
        drawing.line(left + value * scale, y - 8, left + value * scale, y + 8, BLUE, 2)
        drawing.circle(left + (row.measured or 0) * scale, y, 4, ORANGE)
    return drawing


def schooling_bars(result: TableResult) -> Drawing:
    """The table of schooling (J.1.c) as bars by row, one shade per motive, with the number read in the stream."""
    shades = ("#000091", "#6a6af4", "#b34000", "#e3a36b")
    rows = result.table.rows
    step, top = 30, 70
    people = sum(map(sum, rows.values()))
    drawing = Drawing(
        _WIDTH,
        top + step * len(rows) + 12,
        result.table.label,
        f"{people} people in {len(rows)} rows; {result.misplaced} in another cell than the published one.",
    )
    drawing.text(16, 24, result.table.label, size=16)
    for i, (motive, shade) in enumerate(zip(result.table.columns, shades, strict=True)):
        drawing.rectangle(16 + i * 130, 40, 12, 12, shade)
        drawing.text(34 + i * 130, 51, motive.capitalize(), size=12)
    scale = (_WIDTH - _LABELS_WIDTH) / max(map(sum, rows.values()))
    for i, name in enumerate(rows):
        y, x = top + i * step, float(_LABELS_WIDTH - 70)
        drawing.text(x - 10, y + 15, _row_label(name), anchor="end", size=12)
        for n, shade in zip(result.measured[name], shades, strict=True):
            drawing.rectangle(x, y, n * scale, 20, shade)
            x += n * scale
        drawing.text(x + 6, y + 15, str(sum(result.measured[name])), size=12, fill=GREY)
    return drawing


def pyramid(title: str, counts: Counts, year: int) -> Drawing:
    """Women on the left, men on the right, one line per age."""
    ages = range(16, 86)
    step, top, middle = 7, 56, _WIDTH / 2
    people = {sex: [counts.get(f"{year}:age:{sex}:{age}", 0) for age in ages] for sex in ("F", "H")}
    drawing = Drawing(
        _WIDTH,
        top + step * len(ages) + 16,
        title,
        f"{int(sum(people['F']))} women and {int(sum(people['H']))} men from 16 to 85, the most frequent age being "
        f"{max(ages, key=lambda age: people['F'][age - 16] + people['H'][age - 16])}.",
    )
    drawing.text(16, 24, title, size=16)
    drawing.text(middle - 40, 46, "Women", anchor="end", fill=ORANGE)
    drawing.text(middle + 40, 46, "Men", fill=BLUE)
    scale = (middle - 60) / max(max(people["F"]), max(people["H"]))
    for i, age in enumerate(reversed(ages)):
        y = top + i * step
        women, men = people["F"][age - 16] * scale, people["H"][age - 16] * scale
        drawing.rectangle(middle - 20 - women, y, women, step - 1, ORANGE)
        drawing.rectangle(middle + 20, y, men, step - 1, BLUE)
        if age % 10 == 0:
            drawing.text(middle, y + step, str(age), anchor="middle", size=11)
    return drawing


def amount(value: float, unit: str) -> str:
    """`127,876` persons, `45.5` %: shares with one decimal, the rest whole when it is."""
    return f"{value:.1f}" if unit == "%" or not float(value).is_integer() else f"{value:,.0f}"


def _heading(drawing: Drawing, marks: str) -> None:
    drawing.text(16, 24, drawing.title, size=16)
    drawing.rectangle(16, 34, 12, 12, BLUE)
    drawing.text(34, 45, "published", size=12)
    drawing.rectangle(126, 34, 12, 12, ORANGE)
    drawing.text(144, 45, f"stream ({marks})", size=12)


def _short(row: Result) -> str:
    label = row.figure.label.removeprefix("Share of ")
    label = label[0].upper() + label[1:]
    label = label if len(label) <= 46 else label[:45] + "…"
    return label if row.figure.code.startswith("region_") else f"{label} {row.figure.year or ''}".strip()


def _row_label(schooling: str) -> str:
    return Schooling(schooling).label_fr.split(" ;")[0].split(" (")[0]


def _told(rows: Sequence[Result]) -> str:
    return "; ".join(
        f"{_short(row)}: {amount(row.figure.value, row.figure.unit)} published, "
        f"{amount(row.measured or 0, row.figure.unit)} in the stream"
        for row in rows
    )
