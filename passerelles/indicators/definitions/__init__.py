"""The catalogue of figures: every definition by its code."""

from __future__ import annotations

from passerelles.core.errors import Unknown
from passerelles.indicators.definitions import approaches, employment, language, referrals, signature
from passerelles.indicators.definitions.base import Definition

CATALOGUE: dict[str, Definition] = {
    definition.code: definition
    for room in (signature, language, referrals, employment, approaches)
    for definition in room.FIGURES
}


def definition(code: str) -> Definition:
    """Raises `Unknown` for a code that no figure bears."""
    if code not in CATALOGUE:
        raise Unknown(
            f"Le chiffre « {code} » n’existe pas.", remedy="La commande « passerelles figures list » donne les codes."
        )
    return CATALOGUE[code]
