"""Every rule of B.1 to B.6 and of the pathway (C), ready to be asked: `BOOK.evaluate(facts, on, territory)`."""

from __future__ import annotations

from passerelles.orientation.engine.evaluation import RuleBook
from passerelles.orientation.engine.rules import Version
from passerelles.orientation.rules import (
    agir,
    employment,
    language,
    measures,
    metz,
    pathways,
    permits,
    populations,
    training,
)
from passerelles.orientation.rules.facts import FACTS

GROUPS = {
    "B.1": "Qui est étranger primo-arrivant",
    "B.2": "Langue, formation civique et titres",
    "B.3": "Inscription et orientation vers l'emploi",
    "B.4": "Programme AGIR",
    "B.5": "Expérimentation de Metz",
    "B.6": "Autres droits et dispositifs",
    "C": "Étapes et droits du parcours",
}
_MODULES = (populations, language, permits, employment, training, pathways, agir, metz, measures)

BOOK = RuleBook(
    sorted(
        (value for module in _MODULES for value in vars(module).values() if isinstance(value, Version)),
        key=lambda version: list(GROUPS).index(version.group),
    ),
    FACTS,
)

__all__ = ["BOOK", "FACTS", "GROUPS"]
