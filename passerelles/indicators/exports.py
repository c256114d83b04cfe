"""A figure as a file: CSV (semicolons, as spreadsheets in French read it) or JSON, with its definition. Pure."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from passerelles.core.text import safe_cell
from passerelles.indicators.definitions.base import Definition, Measure
from passerelles.indicators.engine.table import FigureTable
from passerelles.indicators.survival.reading import Reading

COUNTS = ("numerateur", "denominateur", "valeur")


def as_csv(table: FigureTable) -> str:
    """One line per row: codes of the dimensions, the two additive counts, the value with a decimal comma."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["chiffre", "debut", "fin", "territoire", *(dim.code for dim in table.dims), *COUNTS])
    head = [table.definition.code, table.start.isoformat(), table.end.isoformat(), table.territory]
    for row in table.rows:
        writer.writerow([*head, *row.key, row.num, _den(table, row.den), _decimal(table.value_at(row))])
    return out.getvalue()


def as_json(table: FigureTable) -> str:
    """Everything: the definition, the labels, the rows, the total."""
    rows = [
        {
            **{dim.code: code for dim, code in zip(table.dims, row.key, strict=True)},
            "numerateur": row.num,
            "denominateur": _den(table, row.den),
            "valeur": _number(table.value_at(row)),
        }
        for row in table.rows
    ]
    total = {
        "numerateur": table.total.num,
        "denominateur": _den(table, table.total.den),
        "valeur": _number(table.value),
    }
    body: dict[str, Any] = {
        "definition": described(table.definition),
        "debut": table.start.isoformat(),
        "fin": table.end.isoformat(),
        "territoire": table.territory,
        "connu_le": table.known_on.isoformat() if table.known_on else None,
        "position": table.position,
        "dimensions": [{"code": dim.code, "nom": dim.name, "libelles": dict(dim.labels)} for dim in table.dims],
        "lignes": rows,
    }
    if not any(dim.code == "periode" for dim in table.dims):
        body["total"] = total
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def curves_as_csv(reading: Reading) -> str:
    """One line per group and day of the curves: the share reached, its interval, people still waiting."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["groupe", "jour", "part", "intervalle", "encore_en_attente"])
    for rank, group in enumerate(reading.curve_head):
        for day, points in reading.curve:
            writer.writerow([safe_cell(group), day, *points[rank]])
    return out.getvalue()


def described(definition: Definition) -> dict[str, str]:
    """The definition in words."""
    return {
        "code": definition.code,
        "nom": definition.name,
        "exigence": definition.requirement,
        "unite": definition.unit,
        "population": definition.population,
        "numerateur": definition.numerator,
        "denominateur": definition.denominator,
        "date": definition.day,
        "cohorte": definition.cohort,
        "formule": definition.status.label_fr,
        "cible": definition.target,
        "repere": definition.note,
        "attend": definition.awaits,
    }


def _den(table: FigureTable, den: int) -> int | str:
    return "" if table.definition.measure is Measure.COUNT else den


def _decimal(value: Any) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _number(value: Any) -> int | float | None:
    return value if value is None or isinstance(value, int) else float(value)
