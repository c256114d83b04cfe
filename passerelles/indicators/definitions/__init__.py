"""The catalogue of figures: every definition by its code."""

from __future__ import annotations

from passerelles.core.errors import Unknown, UserError
from passerelles.indicators.definitions import (
    approaches,
    awaited,
    documents,
    employment,
    language,
    referrals,
    signature,
)
from passerelles.indicators.definitions.base import Definition


class NothingRecorded(UserError):
    """The figure is defined, and the journal holds nothing that it could be counted on."""


CATALOGUE: dict[str, Definition] = {
    definition.code: definition
    for room in (signature, language, referrals, employment, documents, approaches)
    for definition in room.FIGURES
}

"""Figures that can be computed."""
AWAITED: dict[str, Definition] = {definition.code: definition for definition in awaited.FIGURES}
"""Figures defined, for which the journal holds nothing yet."""


def definition(code: str) -> Definition:
    """Raises `Unknown` for a code that no figure bears, `NothingRecorded` for one of which nothing can be counted."""
    if code in AWAITED:
        raise NothingRecorded(
            f"« {AWAITED[code].name} » : aucune donnée. Le journal ne contient pas encore {AWAITED[code].awaits}."
        )
    if code not in CATALOGUE:
        raise Unknown(
            f"Le chiffre « {code} » n’existe pas.", remedy="La commande « passerelles figures list » donne les codes."
        )
    return CATALOGUE[code]
