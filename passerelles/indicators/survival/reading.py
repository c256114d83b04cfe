"""A study of a cohort as it is read: curves, their table, what they say and what they do not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from passerelles.core.svg import BLUE, GREY, GRID, ORANGE, Drawing
from passerelles.indicators.engine.waits import GONE, REACHED, Wait
from passerelles.indicators.survival import sentences
from passerelles.indicators.survival.comparison import log_rank
from passerelles.indicators.survival.counts import Durations
from passerelles.indicators.survival.curves import Curve, Point, aalen_johansen, kaplan_meier
from passerelles.indicators.survival.studied import STEP, Group

MARKS = (91, 182, 365, 730)
HIDDEN, NOTHING = "masqué", "—"
MOST_CURVES = 4
INKS = ((BLUE, ""), (ORANGE, "9 4"), ("#00695f", "3 3"), ("#6a2c70", "12 4 3 4"))
"""Colour and dashes of each curve: told apart without the colour."""
LEFT, RIGHT, TOP, BOTTOM, WIDTH, HEIGHT = 56, 200, 20, 44, 860, 400


@dataclass(frozen=True, slots=True)
class Line:
    """A group as the table prints it; `marks`: the share reached at each mark, with its interval."""

    label: str
    people: str
    not_followed: str
    marks: tuple[tuple[str, str], ...]
    gone: str
    median: str
    complete: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """`head`: names of the marks; `curve`: for each day, the groups' shares, intervals and people still waiting."""

    head: tuple[str, ...]
    lines: tuple[Line, ...]
    sentences: tuple[str, ...]
    chart: str
    curve_head: tuple[str, ...]
    curve: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    masked: bool


def read(groups: Sequence[Group], wait: Wait, horizon: int, label: Callable[[str], str], title: str) -> Reading:
    """`groups`: everybody first. `label`: of a group by its code."""
    marks = tuple(mark for mark in MARKS if mark <= horizon)
    known = [(group, group.durations) for group in groups if group.durations is not None]
    curves = {group.code: aalen_johansen(durations) for group, durations in known if durations.people}
    lines = tuple(_line(group, curves.get(group.code), marks, horizon, label(group.code)) for group in groups)
    drawn = _drawn([group for group in groups if group.code in curves])
    shown = [(label(group.code), curves[group.code][REACHED]) for group in drawn]
    days = [*range(0, horizon, STEP), horizon]
    return Reading(
        head=tuple(f"à {mark} jours" for mark in marks),
        lines=lines,
        sentences=tuple(_sentences(groups, wait, horizon)),
        chart=chart(title, shown, horizon) if shown else "",
        curve_head=tuple(name for name, _ in shown),
        curve=tuple((str(day), tuple(_printed(curve, day) for _, curve in shown)) for day in days),
        masked=any(group.masked for group in groups),
    )


def _drawn(groups: Sequence[Group]) -> list[Group]:
    """Everybody, or the largest groups when there are some."""
    own = sorted(groups[1:], key=lambda each: -(each.durations.people if each.durations else 0))[:MOST_CURVES]
    return [each for each in groups[1:] if each in own] or list(groups[:1])


def _line(group: Group, curves: dict[str, Curve] | None, marks: tuple[int, ...], horizon: int, label: str) -> Line:
    counts = group.durations
    if counts is None:
        return Line(label, HIDDEN, HIDDEN, tuple((HIDDEN, "") for _ in marks), HIDDEN, HIDDEN, (HIDDEN, ""))
    if curves is None:
        return Line(label, "0", "0", tuple((NOTHING, "") for _ in marks), NOTHING, NOTHING, (NOTHING, ""))
    middle = kaplan_meier(counts.merged(REACHED)).median()[0]
    share = group.complete
    complete = (NOTHING, "")
    if share is not None and share.value is not None and share.low is not None and share.high is not None:
        complete = (
            sentences.percent(share.value),
            f"{sentences.whole(share.count)} / {sentences.whole(share.base)}, "
            f"{_between(Point(horizon, share.value, share.low, share.high))}",
        )
    return Line(
        label=label,
        people=sentences.whole(counts.people),
        not_followed=sentences.whole(counts.not_followed(horizon)),
        marks=tuple(_share(curves[REACHED].at(mark)) for mark in marks),
        gone=sentences.percent(curves[GONE].at(horizon).value),
        median=NOTHING if middle is None else f"{middle:.0f} jours",
        complete=complete,
    )


def _share(point: Point) -> tuple[str, str]:
    return sentences.percent(point.value), _between(point) if point.value else "aucun cas"


def _between(point: Point) -> str:
    return f"{sentences.percent(point.low)} à {sentences.percent(point.high)}"


def _printed(curve: Curve, day: int) -> tuple[str, str, str]:
    value, interval = _share(curve.at(day))
    later = [int(risk) for at, risk in zip(curve.days, curve.at_risk, strict=True) if at > day]
    return value, interval, sentences.whole(later[0] if later else 0)


def _sentences(groups: Sequence[Group], wait: Wait, horizon: int) -> list[str]:
    everybody = groups[0].durations if groups else None
    if everybody is None:
        return ["Le groupe est trop petit pour que ses nombres soient montrés à votre rôle."]
    if not everybody.people:
        return ["Personne n’a signé dans cette période et sur ce territoire : il n’y a rien à estimer."]
    found = [
        sentences.at_horizon(everybody, REACHED, horizon, wait.label),
        sentences.competing(everybody, REACHED, horizon, {GONE: "un départ du territoire ou un décès"}),
        sentences.median(kaplan_meier(everybody.merged(REACHED))),
    ]
    compared: list[Durations] = [
        group.durations.merged(REACHED) for group in groups[1:] if group.durations and group.durations.people
    ]
    if len(compared) > 1:
        found.append(sentences.difference(log_rank(compared)))
    return [each for each in found if each]


def chart(title: str, curves: Sequence[tuple[str, Curve]], horizon: int) -> str:
    """The share reached day by day, a band for its 95 % interval; names at the end of the lines."""
    said = " ; ".join(
        f"{name} : {sentences.percent(curve.at(horizon).value)} à {horizon} jours" for name, curve in curves
    )
    drawing = Drawing(WIDTH, HEIGHT, title, said, "courbes-")
    highest = max((curve.at(day).high for _, curve in curves for day in range(0, horizon + 1, 7)), default=0)
    top = min(max(1, ceil(highest * 10)), 10) / 10

    def x(day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * day / horizon

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(share, top) / top

    step = 0.05 if top <= 0.3 else 0.1 if top <= 0.6 else 0.2
    for line in range(int(top / step + 1e-9) + 1):
        drawing.line(LEFT, y(line * step), WIDTH - RIGHT, y(line * step), stroke=GRID)
        drawing.text(LEFT - 8, y(line * step) + 4, f"{round(100 * line * step)} %", anchor="end", fill=GREY)
    for mark in (0, *(mark for mark in MARKS if mark <= horizon)):
        drawing.line(x(mark), HEIGHT - BOTTOM, x(mark), HEIGHT - BOTTOM + 5, stroke=GREY)
        drawing.text(x(mark), HEIGHT - BOTTOM + 20, str(mark), anchor="middle", fill=GREY)
    drawing.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "jours depuis la signature", anchor="middle", fill=GREY)
    for (_, curve), (ink, _) in zip(curves, INKS, strict=False):
        steps = _steps(curve, horizon)
        band = [(x(day), y(high)) for day, _, _, high in steps] + [(x(day), y(low)) for day, _, low, _ in steps[::-1]]
        drawing.area(band, ink, 0.12)
    for (_, curve), (ink, dashes) in zip(curves, INKS, strict=False):
        drawing.path([(x(day), y(value)) for day, value, _, _ in _steps(curve, horizon)], ink, 2.5, dashes)
    for (name, curve), (ink, dashes), height in zip(curves, INKS, _apart(curves, horizon, y), strict=False):
        drawing.path([(WIDTH - RIGHT + 6, height - 4), (WIDTH - RIGHT + 34, height - 4)], ink, 2.5, dashes)
        drawing.text(WIDTH - RIGHT + 40, height, _short(f"{sentences.percent(curve.at(horizon).value)} {name}"))
    return drawing.render()


def _steps(curve: Curve, horizon: int) -> list[tuple[int, float, float, float]]:
    """(day, value, low, high), each value held until the next day on which it changes."""
    points = [curve.at(0), *(curve.at(int(day)) for day in curve.days if 0 < day <= horizon)]
    found = [(points[0].day, points[0].value, points[0].low, points[0].high)]
    for before, after in pairwise(points):
        found += [
            (after.day, before.value, before.low, before.high),
            (after.day, after.value, after.low, after.high),
        ]
    last = points[-1]
    return [*found, (horizon, last.value, last.low, last.high)]


def _apart(curves: Sequence[tuple[str, Curve]], horizon: int, y: Callable[[float], float]) -> list[float]:
    """Where the name of each curve is written: beside its end, 18 pixels from the others at least."""
    wanted = [y(curve.at(horizon).value) + 4 for _, curve in curves]
    order = sorted(range(len(wanted)), key=lambda rank: -wanted[rank])
    lowest = float(HEIGHT - BOTTOM + 4)
    for rank in order:
        wanted[rank] = min(wanted[rank], lowest)
        lowest = wanted[rank] - 18
    return wanted


def _short(text: str) -> str:
    return text if len(text) <= 26 else f"{text[:25]}…"
