"""Facts that contradict each other or the day: told, never mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from passerelles.core.periods import date_fr
from passerelles.orientation.engine.facts import NEVER, Values
from passerelles.orientation.rules.facts import FACTS


def contradictions(values: Values, on: dt.date) -> tuple[str, ...]:
    """One French sentence each; empty when the facts agree."""
    return tuple(_found(values, on))


def _found(values: Values, on: dt.date) -> Iterator[str]:
    birth = values.get("naissance")
    if isinstance(birth, dt.date) and birth > on:
        yield f"La date de naissance ({date_fr(birth)}) est postérieure au {date_fr(on)}."
    for code, none, day in (
        ("cir.contrat", "aucun", "cir.date_signature"),
        ("sejour.statut", "aucun", "sejour.statut_date"),
    ):
        choice, date = values.get(code), values.get(day)
        if choice is None or date is None:
            continue
        if (choice == none) != (date == NEVER):
            yield (
                f"« {FACTS[code].label} » ({FACTS[code].shown(choice)}) et « {FACTS[day].label} » "
                f"({FACTS[day].shown(date)}) se contredisent."
            )
    if values.get("rsa.beneficiaire") is True and values.get("ft.inscrit") is False and on >= dt.date(2025, 1, 1):
        yield "Bénéficiaire du RSA mais pas inscrit à France Travail : l'inscription est automatique, à vérifier."
    if values.get("emploi.situation") == "none" and values.get("experience.recente") == "en_activite":
        yield "Sans emploi et en activité : à corriger."
