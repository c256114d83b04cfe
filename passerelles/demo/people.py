"""Fictitious persons as rows of a convocation file, drawn from a seed: the same day meets the same people."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from passerelles.demo.names import ORIGINS, Origin

MOTIVES = (("ASILE", 45), ("FAMILIAL", 38), ("ECONOMIQUE", 10), ("AUTRES", 7))
CITIES = (
    ("57000", "Metz", "57463", 9),
    ("57100", "Thionville", "57672", 4),
    ("57600", "Forbach", "57227", 3),
    ("57200", "Sarreguemines", "57631", 2),
    ("54000", "Nancy", "54395", 5),
    ("54400", "Longwy", "54323", 2),
    ("88000", "Épinal", "88160", 2),
)
STREETS = (
    "rue des Mirabelles",
    "allée des Tilleuls",
    "rue du Vieux-Lavoir",
    "place des Cordeliers",
    "quai des Tanneurs",
)


PURPOSES = ("am", "pm", "file", "ft", "rsa", "agir")


class Crowd:
    """The people of one day and one purpose (`salt`). Foreigner numbers never meet those of another crowd."""

    def __init__(self, day: dt.date, *, salt: str = "am") -> None:
        self.random = random.Random(f"{day.isoformat()} {salt}")  # noqa: S311
        self.year = day.year
        self._number = day.toordinal() % 3_000 * 300 + 50 * PURPOSES.index(salt)

    def row(self, **given: Any) -> dict[str, Any]:
        """One row for `convoke_rows`; whatever is `given` (sex, birth_date, …) is not drawn."""
        draw = self.random
        origin = given.pop("origin", None) or _weighted(draw, [(o, o.weight) for o in ORIGINS])
        sex = given.get("sex") or draw.choice("FH")
        family, first = draw.choice(origin.families), draw.choice(origin.women if sex == "F" else origin.men)
        postcode, city, commune, _ = _weighted(draw, [(c, c[3]) for c in CITIES])
        return {
            "family_name": family,
            "birth_name": draw.choice(origin.families) if sex == "F" and draw.random() < 0.2 else "",
            "given_names": first,
            "birth_date": self._birth_date(),
            "sex": sex,
            "nationality": origin.country,
            "language": origin.language,
            "interpreter_language": origin.language if needs_interpreter(origin, draw) else "",
            "admission_motive": _motive(origin, draw),
            "phone": f"+3363998{draw.randrange(10_000):04d}",
            "address": f"{draw.randrange(1, 90)} {draw.choice(STREETS)}",
            "postcode": postcode,
            "city": city,
            "commune_code": commune,
            "foreigner_number": self._foreigner_number(),
        } | given

    def rows(self, count: int, **given: Any) -> list[dict[str, Any]]:
        return [self.row(**given) for _ in range(count)]

    def _birth_date(self) -> dt.date:
        """Adults of working age, mostly under forty; one in fifteen born "on 1 January", as records often say."""
        year = self.year - int(min(max(self.random.gauss(34, 10), 18), 67))
        if self.random.random() < 0.07:
            return dt.date(year, 1, 1)
        return dt.date(year, 1, 1) + dt.timedelta(days=self.random.randrange(365))

    def _foreigner_number(self) -> str:
        """Ten digits in a range that no prefecture gives: 97570…"""
        self._number += 1
        return f"9757{self._number:06d}"


def numbered(rows: list[dict[str, Any]], **common: Any) -> list[dict[str, Any]]:
    """The rows with their line number and what they all share (session_date, session_time, …)."""
    return [row | common | {"line": line} for line, row in enumerate(rows, 2)]


def needs_interpreter(origin: Origin, draw: random.Random) -> bool:
    return origin.language not in {"fra"} and draw.random() < 0.45


def _motive(origin: Origin, draw: random.Random) -> str:
    if origin.country in {"AF", "SY", "ER", "SO"}:
        return "ASILE" if draw.random() < 0.85 else "FAMILIAL"
    return _weighted(draw, MOTIVES)


def _weighted(draw: random.Random, options: Any) -> Any:
    values, weights = zip(*options, strict=True)
    return draw.choices(values, weights)[0]
