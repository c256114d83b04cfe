"""A small writer of SVG drawings: text stays text, every drawing has a title and a description. Pure.

Only presentation attributes, no style and no script, so that a drawing may stand in a page under the platform's CSP.
Lengths are in pixels of the drawing's own grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

INK, GREY, GRID = "#161616", "#666666", "#dddddd"
BLUE, ORANGE = "#000091", "#b34000"
"""Two colours told apart by their lightness too, both above 4.5:1 on white."""

FONT = "Marianne, Arial, sans-serif"


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are painted; `render` gives the document.

    `name` tells the drawings of one page apart.
    """

    width: int
    height: int
    title: str
    description: str
    name: str = ""
    _shapes: list[str] = field(default_factory=list)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self._add("rect", {"x": x, "y": y, "width": max(width, 0), "height": height, "fill": fill})

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, width: float = 1) -> None:
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": stroke, "stroke-width": width})

    def path(self, points: Iterable[tuple[float, float]], stroke: str, width: float = 2, dashes: str = "") -> None:
        """A line through `points`. `dashes`: lengths drawn and left out, so that lines differ without their colour."""
        attributes: dict[str, float | str] = {"points": _points(points), "fill": "none", "stroke": stroke}
        self._add("polyline", attributes | {"stroke-width": width} | ({"stroke-dasharray": dashes} if dashes else {}))

    def area(self, points: Iterable[tuple[float, float]], fill: str, opacity: float = 1) -> None:
        """The inside of `points`, seen through when `opacity` is under 1."""
        self._add("polygon", {"points": _points(points), "fill": fill, "fill-opacity": f"{opacity:g}"})

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str = "none") -> None:
        self._add("circle", {"cx": x, "cy": y, "r": radius, "fill": fill, "stroke": stroke, "stroke-width": 2})

    def text(self, x: float, y: float, content: str, *, anchor: str = "start", fill: str = INK, size: int = 13) -> None:
        """`anchor`: start, middle or end; `y` is the base line."""
        attributes: dict[str, float | str] = {"x": x, "y": y, "text-anchor": anchor, "fill": fill, "font-size": size}
        self._shapes.append(f"<text {_written(attributes)}>{escape(content, quote=False)}</text>")

    def render(self) -> str:
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" role="img" '
                f'aria-labelledby="{self.name}title {self.name}description" '
                f'font-family="{FONT}">',
                f'<title id="{self.name}title">{escape(self.title, quote=False)}</title>',
                f'<desc id="{self.name}description">{escape(self.description, quote=False)}</desc>',
                f'<rect width="{self.width}" height="{self.height}" fill="#ffffff"/>',
                *self._shapes,
                "</svg>",
                "",
            ]
        )

    def _add(self, name: str, attributes: Mapping[str, float | str]) -> None:
        self._shapes.append(f"<{name} {_written(attributes)}/>")


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _written(attributes: Mapping[str, float | str]) -> str:
    return " ".join(f'{name}="{_value(value)}"' for name, value in attributes.items())


def _value(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
