"""The schema of the CSV of a return, in the Table Schema format that schema.data.gouv.fr reads."""

from __future__ import annotations

import json
from typing import Any

from passerelles.reports import sheets
from passerelles.reports.catalogue import Template
from passerelles.reports.models import Return

Field = dict[str, Any]
MONTHLY: tuple[Field, ...] = (
    {"name": "periode", "type": "yearmonth", "description": "Mois, AAAA-MM", "constraints": {"required": True}},
    {"name": "dt_ofii", "type": "string", "description": "Direction territoriale de l’OFII"},
    {"name": "operateur", "type": "string", "description": "Opérateur retenu"},
    {"name": "indicateur", "type": "string", "description": "Code de l’indicateur", "constraints": {"required": True}},
    {"name": "sexe", "type": "string", "constraints": {"required": True}},
    {"name": "tranche_age", "type": "string", "constraints": {"required": True}},
    {"name": "valeur", "type": "integer", "constraints": {"required": True, "minimum": 0}},
)
FIGURES: tuple[Field, ...] = (
    {"name": "periode", "type": "string", "description": "2026-01, 2026-T1 (trimestre), 2026-Q1, 2026-S1 ou 2026"},
    {"name": "territoire", "type": "string", "description": "department:57, region:44, national"},
    {"name": "indicateur", "type": "string", "description": "Code de l’indicateur", "constraints": {"required": True}},
    {"name": "nom", "type": "string", "description": "Nom de l’indicateur"},
    {"name": "decoupage", "type": "string", "description": "Dimensions, séparées par « × » ; vide : aucune"},
    {"name": "modalites", "type": "string", "description": "Modalité de chaque dimension, séparées par « × »"},
    {"name": "numerateur", "type": "integer"},
    {"name": "denominateur", "type": "integer"},
    {"name": "valeur", "type": "number", "decimalChar": ","},
    {"name": "formule", "type": "string", "description": "Formule, et si elle est énoncée ou proposée"},
)
COMPARED: tuple[Field, ...] = (
    *FIGURES,
    {"name": "valeur_precedente", "type": "number", "decimalChar": ",", "description": "La même case, période d’avant"},
    {"name": "evolution", "type": "number", "decimalChar": ",", "description": "Écart, en points pour une part"},
)


def of_return(found: Return) -> bytes:
    """The schema as JSON."""
    monthly = found.type.template is Template.METZ
    data = {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": found.kind,
        "title": found.type.name,
        "description": f"{found.type.code}. Définitions : {found.definition}.",
        "version": str(found.version),
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "lineTerminator": "\r\n"},
        "missingValues": ["", "masqué", "non calculable"],
        "fields": list(MONTHLY if monthly else COMPARED if _is_compared(found) else FIGURES),
        "primaryKey": ["periode", "dt_ofii", "indicateur", "sexe", "tranche_age"]
        if monthly
        else ["periode", "territoire", "indicateur", "decoupage", "modalites"],
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _is_compared(found: Return) -> bool:
    return sheets.columns_of(bytes(found.content)) == sheets.COMPARED
