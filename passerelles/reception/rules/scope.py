"""The Metz protocol as rules: who is in scope, whether to register, what the interview comes to.

B-050, B-051, B-052, C-018, C-021, D-030, F-007. Pure: plain values in, three-valued answers out. Who is in scope and
whom to register are rules of `orientation.rules.metz`; here they are asked with what the interview established.
"""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.core.answers import Answer, unknown
from passerelles.orientation.engine.facts import Value
from passerelles.orientation.rules import metz

FACT_NAMES = {
    "emploi.situation": "la situation professionnelle",
    "rsa.beneficiaire": "la vérification RSA",
    "agir.suivi": "la vérification AGIR",
    "ft.inscrit": "la vérification France Travail",
}
SCOPE_OF_SITUATION = {
    "cdi": "out_employed",
    "cdd": "out_employed",
    "other_job": "out_employed",
    "training": "out_training",
    "student": "out_student",
    "none": "in_scope",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the interview established. None means not known yet."""

    situation: str = ""
    ft: bool | None = None
    rsa: bool | None = None
    agir: bool | None = None
    opted_out: bool = False
    out_for_other_reason: bool = False


def scope(facts: Facts) -> str | None:
    """The scope result of B-050, None while the situation is not known.

    The list of B-050 is open ("etc."): an agent may put a person out of scope for another reason, in words.
    """
    if facts.out_for_other_reason or facts.situation == "other":
        return "out_other"
    return SCOPE_OF_SITUATION.get(facts.situation)


def in_scope(facts: Facts) -> Answer:
    """Is the person in the scope of the experiment (B-050)?"""
    return _named(metz.in_scope(values_of(facts)))


def known_elsewhere(facts: Facts) -> list[tuple[str, bool | None]]:
    """The three checks of B-051, in the order in which they decide the outcome."""
    return [("rsa", facts.rsa), ("agir", facts.agir), ("ft", facts.ft)]


def to_register(facts: Facts, *, convention: bool, automatic: bool) -> Answer:
    """Should the CIP register this person now (B-051: the eight combinations of the three checks)?

    `convention`: the date is inside the dates of the agreement (B-052). `automatic`: the automatic registration
    of B-032 is in force, which makes the experiment void (L-014).
    """
    return _named(metz.registration(values_of(facts), convention=convention, automatic=automatic))


def values_of(facts: Facts) -> dict[str, Value]:
    """The facts as the rules of orientation know them."""
    told = {
        "emploi.situation": facts.situation or None,
        "metz.autre_motif": facts.out_for_other_reason,
        "spe.dispense": facts.opted_out,
        "rsa.beneficiaire": facts.rsa,
        "agir.suivi": facts.agir,
        "ft.inscrit": facts.ft,
    }
    return {code: value for code, value in told.items() if value is not None}


def _named(answer: Answer) -> Answer:
    """The answer with the missing facts named as the interview names them."""
    if not answer.is_unknown:
        return answer
    return unknown([FACT_NAMES[code] for code in answer.missing], *answer.reasons)


def covered(facts: Facts) -> bool:
    """In scope, and already known to RSA, AGIR or France Travail (L-021)."""
    return scope(facts) == "in_scope" and any(known for _, known in known_elsewhere(facts))


def outcome(facts: Facts, *, registered: bool, not_registered_reason: str = "") -> str | None:
    """The one outcome of the interview (D-030); None while something that decides is not known."""
    result = scope(facts)
    if result is None:
        return None
    if registered:
        return "registered"
    if result != "in_scope":
        return "out_of_scope"
    for register, known in known_elsewhere(facts):
        if known:
            return f"already_{register}"
    if facts.opted_out:
        return "opted_out"
    if any(known is None for _, known in known_elsewhere(facts)):
        return None
    return not_registered_reason or None


def category(facts: Facts) -> str:
    """The line of the breakdown F-007 in which the person counts, once and only once."""
    if facts.situation in {"cdi", "cdd", "other_job", "training", "student"}:
        return facts.situation
    for register, known in known_elsewhere(facts):
        if known:
            return register
    if facts.situation == "none":
        return "unregistered"
    return "other"
