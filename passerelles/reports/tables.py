"""Figures laid out by sex and age band, for the screens and the exports alike. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from passerelles.indicators.engine.definitions import DefinitionSet
from passerelles.indicators.engine.figures import BAND_LABELS, BANDS, SEX_LABELS, Definition, Figure, sexes_of
from passerelles.indicators.monthly import Monthly
from passerelles.reports.content import Values

UNCLASSIFIED_NOTE = (
    "« Non classé » : les tranches fixées sont moins de 25 ans, 26-45 ans et 46-64 ans. Les personnes de 25 ans "
    "révolus, de 65 ans et plus, ou dont la date de naissance n’est pas connue n’entrent dans aucune ; elles sont "
    "comptées ici pour que la somme des tranches égale le total. L’âge est celui du jour de l’événement."
)
SMALLEST_SHOWN = 5

Link = Callable[[str, str, str], str]


def no_link(code: str, sex: str, band: str) -> str:
    """For readers who see counts only, and for the exports."""
    return ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One count on a page: where it stands, and the address of the persons behind it when one may see them."""

    count: int
    sex: str = ""
    band: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Shown, ...]
    total: Shown


@dataclass(frozen=True, slots=True)
class Table:
    """One indicator: a row per sex, a column per band, totals on both sides."""

    definition: Definition
    rows: tuple[Row, ...]
    whole: Row

    @property
    def total(self) -> int:
        return self.whole.total.count


@dataclass(frozen=True, slots=True)
class Total:
    """One internal line: the whole and both sexes."""

    definition: Definition
    women: int
    men: int
    total: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose frozen value is no longer what the journal says."""

    name: str
    sex: str
    band: str
    frozen: int
    live: int


def table(definition: Definition, values: Values, link: Link = no_link) -> Table:
    """Lay out one indicator. `link` gives the address of the persons behind (code, sex, band); "" stands for all."""

    def shown(sex: str, band: str) -> Shown:
        count = sum(value for (s, b), value in values.items() if sex in ("", s) and band in ("", b))
        return Shown(count, sex, band, link(definition.code, sex, band) if count else "")

    def row(label: str, sex: str) -> Row:
        return Row(label, tuple(shown(sex, band) for band in BANDS), shown(sex, ""))

    return Table(
        definition,
        rows=tuple(row(SEX_LABELS[sex], sex) for sex in sexes_of(values)),
        whole=row("Ensemble", ""),
    )


def official(definitions: DefinitionSet, values: Mapping[str, Values], link: Link = no_link) -> tuple[Table, ...]:
    """M1 to M4, from the values of a stored return or of live figures."""
    return tuple(table(definition, values.get(definition.code, {}), link) for definition in definitions.official)


def totals(figures: Iterable[Figure], link: Link = no_link) -> tuple[Total, ...]:
    """Internal lines, in their order."""
    return tuple(
        Total(
            figure.definition,
            figure.count("F"),
            figure.count("H"),
            figure.total,
            link(figure.definition.code, "", "") if figure.total else "",
        )
        for figure in figures
    )


def differences(definitions: DefinitionSet, frozen: Mapping[str, Values], live: Monthly) -> tuple[Difference, ...]:
    """The cells of the official figures that differ."""
    found = []
    for figure in live.official:
        before, now = frozen.get(figure.definition.code, {}), figure.values
        for sex in sexes_of([*before, *now]):
            for band in BANDS:
                cell = (sex, band)
                if before.get(cell, 0) != now.get(cell, 0):
                    found.append(
                        Difference(
                            figure.definition.name,
                            SEX_LABELS[sex],
                            BAND_LABELS[band],
                            before.get(cell, 0),
                            now.get(cell, 0),
                        )
                    )
    return tuple(found)


def shared(total: Total) -> tuple[str, str, str]:
    """Women, men and the whole as shared outside: a count from 1 to 4 is hidden, and the other sex with it."""
    if 0 < total.total < SMALLEST_SHOWN:
        return ("masqué", "masqué", f"moins de {SMALLEST_SHOWN}")
    if any(0 < count < SMALLEST_SHOWN for count in (total.women, total.men)):
        return ("masqué", "masqué", str(total.total))
    return (str(total.women), str(total.men), str(total.total))
