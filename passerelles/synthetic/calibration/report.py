"""The calibration report: `docs/calibration.md` and its drawings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from passerelles.core.svg import Drawing
from passerelles.synthetic.calibration import plots, population, registry
from passerelles.synthetic.calibration.measures import Measure, collect, people_alone
from passerelles.synthetic.calibration.plots import amount
from passerelles.synthetic.calibration.results import (
    Result,
    TableResult,
    Verdict,
    results,
    table_results,
)
from passerelles.synthetic.frames import Chunk
from passerelles.synthetic.population import joint, margins, people, published, territory

IMAGES = "images/calibration"

_TABLES_ONLY = Measure("", population.table_counts, lambda counts: None)


def write_report(
    chunks: Iterable[Chunk], *, docs: Path, run: str, seed: int, measures: Sequence[Measure] | None = None
) -> list[Result]:
    """Measure a run and write `calibration.md` and its drawings under `docs`; return the verdicts.

    `run` says in words what was generated; `measures` are those of `registry.measures()` unless given. The tables of
    2020 are generated apart when the run does not hold that year.
    """
    wanted = list(registry.measures() if measures is None else measures)
    counts = collect(chunks, [*wanted, _TABLES_ONLY])
    verdicts = results(counts, wanted)
    tables = table_results(counts) or table_results(collect(_year_of_tables(seed), [_TABLES_ONLY]))
    images = docs / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    drawn = plots.drawings(verdicts, tables, counts)
    for name, drawing in drawn.items():
        (images / name).write_text(drawing.render(), encoding="utf-8")
    signed = {int(key.split(":")[0]): int(n) for key, n in counts.items() if re.fullmatch(r"\d{4}:people", key)}
    (docs / "calibration.md").write_text(_page(verdicts, tables, signed, drawn, run=run, seed=seed), encoding="utf-8")
    return verdicts


def _year_of_tables(seed: int) -> Iterable[Chunk]:
    year = territory.YEAR_OF_TABLES
    for department, _, count in territory.plan("region", [year], region=territory.REGION_OF_TABLES):
        index = territory.departments().index(department)
        rng = np.random.default_rng(np.random.SeedSequence([seed, index, year]))
        yield people_alone(people(department, year, rng, count))


def _page(
    verdicts: Sequence[Result],
    tables: Sequence[TableResult],
    signed: Mapping[int, int],
    drawn: Mapping[str, Drawing],
    *,
    run: str,
    seed: int,
) -> str:
    tally = Counter(result.verdict for result in verdicts)
    parts = [
        "# Calibration of the synthetic population",
        f"Written by `passerelles synth report` from a run: {run}, seed {seed}, {sum(signed.values()):,} people. They "
        "are fictitious; their numbers are the published ones. Figures: `passerelles/synthetic/data/published.yaml`; "
        "choices without a source: `passerelles/synthetic/data/assumptions.yaml`.",
        ", ".join(f"{tally[verdict]} {verdict}" for verdict in Verdict if tally[verdict]) + ".",
        *(f"![{drawing.title}]({IMAGES}/{name})" for name, drawing in drawn.items()),
        "## Figures",
        "The tolerance is in the unit of the figure. *Invented*: no document gives the value (see below). *Not "
        "covered*: the run does not hold everyone the figure counts (a year before its first one, or cut short by its "
        "last day). *Contradicted*: another source says otherwise and was followed (see below). *Context*: printed "
        "for the reader, the stream holds nothing to compare with it. *Not measured*: no measure yet.",
        _figures(verdicts),
        "## Tables of 2020, to the unit",
        *(_table(result) for result in tables),
        "## Contradictions of the sources, and the choice made",
        _rows(
            ("requirement", "what they say", "choice", "why"),
            [(c.requirement, c.statement, c.choice, c.why) for c in published.contradictions()],
        ),
        "## Invented",
        "Figures that no document gives:",
        _rows(
            ("figure", "year", "value", "how it was chosen"),
            [
                (figure.label, _year(figure.year), amount(figure.value, figure.unit), figure.note)
                for figure in published.figures().values()
                if figure.invented
            ],
        ),
        "Tables and rates that shape what the figures leave free:",
        _rows(
            ("code", "what it says and how it was chosen"),
            [(f"`{assumption.code}`", assumption.why) for assumption in published.assumptions().values()],
        ),
        "## Convergence of the fits",
        "Iterative proportional fitting; `error` is the largest distance to a wanted sum, in shares for the nation and "
        "in people for the departments, before the rounding that makes every sum exact.",
        _rows(("table", "rounds", "error"), _convergence(sorted(signed))),
    ]
    return "\n\n".join(parts) + "\n"


def _figures(verdicts: Sequence[Result]) -> str:
    lines = []
    for result in verdicts:
        figure = result.figure
        label = f"{figure.label} *(invented)*" if figure.invented else figure.label
        lines.append(
            (
                label,
                _year(figure.year),
                f"{amount(figure.value, figure.unit)} {_unit(figure.unit)}".strip(),
                "–" if result.measured is None else _precise(result.measured),
                "–" if result.difference is None else f"{round(result.difference, 2) + 0.0:+,.2f}",
                f"± {figure.tolerance:g}" if figure.role in ("target", "check") else "–",
                str(result.verdict),
                f"{figure.source} ({figure.confidence})",
            )
        )
    return _rows(("figure", "year", "published", "stream", "difference", "tolerance", "verdict", "source"), lines)


def _table(result: TableResult) -> str:
    table = result.table
    lines = [
        (
            name.replace("_", " "),
            *(str(n) if n == m else f"{m} (published {n})" for n, m in zip(row, result.measured[name], strict=True)),
            str(sum(result.measured[name])),
        )
        for name, row in table.rows.items()
    ]
    verdict = "every cell as published" if not result.misplaced else f"{result.misplaced} people misplaced"
    body = _rows(("", *table.columns, "total"), lines)
    return f"**{table.label}** ({table.requirement}): {verdict}.\n\n{body}"


def _convergence(years: Sequence[int]) -> list[tuple[str, ...]]:
    here = margins.shape_of_haute_garonne()
    lines: list[tuple[str, ...]] = [("Haute-Garonne 2020", str(here.rounds), f"{here.error:.1e} people")]
    for year in years:
        fit = margins.shape(year)
        lines.append((f"nation {year}", str(fit.rounds), f"{fit.error:.1e}"))
        fits = [joint.fit(code, year, wanted) for code, wanted in margins.by_department(year).items()]
        lines.append(
            (
                f"departments {year} (the slowest of {len(fits)})",
                str(max(fit.rounds for fit in fits)),
                f"{max(fit.error for fit in fits):.1e} people",
            )
        )
    return lines


def _rows(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    table = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in table)


def _precise(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _year(year: int | None) -> str:
    return str(year) if year else "–"


def _unit(unit: str) -> str:
    return "" if unit == "persons" else unit
