"""A registry and a rule of one's own, to try the kit without the rules of the trade."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import Condition
from passerelles.orientation.engine.evaluation import RuleBook
from passerelles.orientation.engine.facts import FactRegistry, FactSpec, FactType
from passerelles.orientation.engine.rules import Version, rule
from passerelles.orientation.engine.texts import Text

DAY = dt.date(2026, 1, 15)
TEXT = Text("texte d'essai", dt.date(2000, 1, 1))

REGISTRY = FactRegistry(
    [
        *(FactSpec(name, FactType.BOOL, name, f"{name} ?", ("essai",)) for name in ("a", "b", "c", "d")),
        FactSpec(
            "couleur",
            FactType.ENUM,
            "couleur",
            "couleur ?",
            ("essai",),
            values={"r": "rouge", "v": "verte", "b": "bleue"},
        ),
        FactSpec("debut", FactType.DATE, "début", "début ?", ("essai",), may_be_never=True),
        FactSpec("naissance", FactType.DATE, "naissance", "naissance ?", ("essai",)),
        FactSpec("departement", FactType.DEPARTMENT, "département", "département ?", ("essai",)),
    ]
)


def version(condition: Condition, code: str = "essai") -> Version:
    return rule(
        code,
        group="B.1",
        title="Règle d'essai",
        since=TEXT.since,
        reference=TEXT.at(),
        requirement="",
        yes="Oui.",
        no="Non.",
    )(lambda _: condition)


def book(*versions: Version) -> RuleBook:
    return RuleBook(versions, REGISTRY)
