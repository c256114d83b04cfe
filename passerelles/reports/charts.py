"""Drawings of the returns and of the dashboards, as SVG made on the server; each goes with its table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from passerelles.core.svg import BLUE, GREY, GRID, INK, ORANGE, Drawing
from passerelles.reports.sheets import TOTAL, SheetTable

WIDTH = 640
ROW = 26
LABEL = 250
MOST_BARS = 24
SHADES = ("#f5f5fe", "#cacafb", "#8585f6", "#4747b8", "#000091")
"""From few to many; on the last two the text is white."""
HIDDEN_SHADE = "#eeeeee"

TILES: Mapping[str, tuple[int, int]] = {
    "62": (7, 0), "59": (8, 0),
    "50": (4, 1), "76": (5, 1), "80": (6, 1), "02": (7, 1), "08": (8, 1),
    "29": (1, 2), "22": (2, 2), "35": (3, 2), "14": (4, 2), "27": (5, 2), "60": (6, 2), "51": (7, 2), "55": (8, 2),
    "57": (9, 2), "67": (10, 2),
    "56": (2, 3), "53": (3, 3), "61": (4, 3), "28": (5, 3), "78": (6, 3), "95": (7, 3), "10": (8, 3), "54": (9, 3),
    "88": (10, 3), "68": (11, 3),
    "44": (2, 4), "49": (3, 4), "72": (4, 4), "41": (5, 4), "45": (6, 4), "77": (7, 4), "89": (8, 4), "52": (9, 4),
    "70": (10, 4), "90": (11, 4),
    "85": (3, 5), "79": (4, 5), "37": (5, 5), "36": (6, 5), "18": (7, 5), "58": (8, 5), "21": (9, 5), "25": (10, 5),
    "17": (3, 6), "86": (4, 6), "87": (5, 6), "23": (6, 6), "03": (7, 6), "71": (8, 6), "39": (9, 6), "01": (10, 6),
    "74": (11, 6),
    "33": (3, 7), "16": (4, 7), "24": (5, 7), "19": (6, 7), "63": (7, 7), "42": (8, 7), "69": (9, 7), "38": (10, 7),
    "73": (11, 7),
    "40": (3, 8), "47": (4, 8), "82": (5, 8), "46": (6, 8), "15": (7, 8), "43": (8, 8), "07": (9, 8), "26": (10, 8),
    "05": (11, 8),
    "64": (3, 9), "32": (4, 9), "31": (5, 9), "81": (6, 9), "12": (7, 9), "48": (8, 9), "30": (9, 9), "84": (10, 9),
    "04": (11, 9), "06": (12, 9),
    "65": (4, 10), "09": (5, 10), "11": (6, 10), "34": (7, 10), "13": (9, 10), "83": (10, 10), "2B": (13, 10),
    "66": (6, 11), "2A": (13, 11),
    "75": (12, 1), "92": (11, 1), "93": (13, 1), "91": (11, 0), "94": (12, 0),
    "971": (0, 8), "972": (0, 9), "973": (0, 10), "974": (1, 10), "976": (1, 11),
}  # fmt: skip
"""A tile per department: column and row, near its place on the map; the Paris area and overseas set apart."""
SIDE = 40


def bars(title: str, values: Sequence[tuple[str, float | None, str]], *, name: str) -> str:
    """Horizontal bars: (label, length, text as printed). A length of None is a hidden count."""
    shown = values[:MOST_BARS]
    largest = max((length for _, length, _ in shown if length is not None), default=0) or 1
    said = " ; ".join(f"{label} : {text}" for label, _, text in shown)
    drawing = Drawing(WIDTH, ROW * len(shown) + 16, title, said, name)
    room = WIDTH - LABEL - 110
    for rank, (label, length, text) in enumerate(shown):
        top = 8 + rank * ROW
        drawing.text(LABEL - 10, top + 17, _short(label), anchor="end")
        if length is None:
            drawing.rectangle(LABEL, top + 4, 24, ROW - 10, HIDDEN_SHADE)
            drawing.text(LABEL + 30, top + 17, text, fill=GREY)
        else:
            drawing.rectangle(LABEL, top + 4, max(room * length / largest, 1), ROW - 10, BLUE)
            drawing.text(LABEL + room * length / largest + 8, top + 17, text)
    return drawing.render()


def columns(
    title: str, values: Sequence[tuple[str, float | None, str]], *, name: str, target: float | None = None
) -> str:
    """One small column chart, period by period, the last one marked; `target` as a line."""
    width, height, base = 300, 120, 92
    known = [length for _, length, _ in values if length is not None]
    largest = max([*known, target or 0]) or 1
    said = " ; ".join(f"{label} : {text}" for label, _, text in values)
    drawing = Drawing(width, height, title, said, name)
    drawing.line(4, base, width - 4, base, stroke=GREY)
    step = (width - 12) / max(len(values), 1)
    for rank, (label, length, text) in enumerate(values):
        left = 6 + rank * step
        last = rank == len(values) - 1
        if length is not None:
            tall = 68 * length / largest
            drawing.rectangle(left + 1, base - tall, max(step - 3, 2), tall, BLUE if last else "#8585f6")
            if last or rank == 0:
                anchor = "end" if last else "start"
                x = left + step - 2 if last else left + 1
                drawing.text(x, base - tall - 5, text, anchor=anchor, size=12)
        if last or rank == 0:
            drawing.text(
                left + step - 2 if last else left + 1, base + 17, label, anchor="end" if last else "start", size=12,
                fill=GREY,
            )  # fmt: skip
    if target is not None:
        y = base - 68 * target / largest
        drawing.line(4, y, width - 4, y, stroke=ORANGE, width=2)
    return drawing.render()


def tile_map(title: str, values: Mapping[str, tuple[float | None, str]], *, name: str) -> str:
    """A map of departments, a tile each: `values` by code, (number or None when hidden, text as printed)."""
    known = sorted(number for number, _ in values.values() if number is not None)
    said = " ; ".join(f"{code} : {text}" for code, (_, text) in sorted(values.items()))
    drawing = Drawing(15 * SIDE, 12 * SIDE + 44, title, said or "Aucun département", name)
    for code, (column, row) in TILES.items():
        number, text = values.get(code, (0.0, ""))
        x, y = column * SIDE + 20, row * SIDE + 4
        shade = _shade(number, known) if code in values else None
        drawing.rectangle(x, y, SIDE - 3, SIDE - 3, "#ffffff" if shade is None else shade)
        if shade is None:
            drawing.line(x, y + SIDE - 4, x + SIDE - 3, y + SIDE - 4, stroke=GRID)
        ink = "#ffffff" if shade in SHADES[3:] else INK
        drawing.text(x + (SIDE - 3) / 2, y + 15, code, anchor="middle", size=12, fill=GREY if shade is None else ink)
        if text:
            drawing.text(x + (SIDE - 3) / 2, y + 31, _tiny(text), anchor="middle", size=11, fill=ink)
    _legend(drawing, known)
    return drawing.render()


def of_sheets(sheets: Sequence[SheetTable]) -> dict[str, str]:
    """A bar chart for each table by one dimension, by its caption."""
    return {
        table.caption: bars(table.caption, _lengths(table), name=f"c{rank}-")
        for rank, table in enumerate(sheets)
        if len(table.dimensions) == 1 and 1 < len(table.rows) <= MOST_BARS
    }


def _lengths(table: SheetTable) -> list[tuple[str, float | None, str]]:
    found = []
    for members, line in table.rows:
        if members[0] == TOTAL:
            continue
        text = f"{line.value} %" if line.numerator and line.value[:1].isdigit() else line.value or "non calculable"
        found.append((members[0], number_of(line.value), text))
    return found


def number_of(text: str) -> float | None:
    """`34,8` → 34.8; None for what is hidden or cannot be computed."""
    plain = text.replace(",", ".").replace("\u202f", "").replace("\u00a0", "")
    try:
        return float(plain)
    except ValueError:
        return None


def _shade(number: float | None, known: Sequence[float]) -> str:
    if number is None:
        return HIDDEN_SHADE
    below = sum(other < number for other in known)
    return SHADES[min(below * len(SHADES) // max(len(known), 1), len(SHADES) - 1)]


def _legend(drawing: Drawing, known: Sequence[float]) -> None:
    top = 12 * SIDE + 14
    if known:
        drawing.text(20, top + 15, f"de {known[0]:g}".replace(".", ","), size=12)
        for rank, shade in enumerate(SHADES):
            drawing.rectangle(90 + rank * 34, top, 32, 20, shade)
        drawing.text(270, top + 15, f"à {known[-1]:g}".replace(".", ","), size=12)
    drawing.rectangle(380, top, 32, 20, HIDDEN_SHADE)
    drawing.text(418, top + 15, "masqué", size=12)


def _short(label: str) -> str:
    return label if len(label) <= 36 else f"{label[:35]}…"


def _tiny(text: str) -> str:
    return "·" if text == "masqué" else text
