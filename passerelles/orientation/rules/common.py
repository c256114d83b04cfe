"""Conditions that several rules share, said once."""

from __future__ import annotations

from passerelles.orientation.engine.conditions import (
    Condition,
    Test,
    all_of,
    among,
    any_of,
    level_below,
    level_from,
    past,
    true,
)
from passerelles.orientation.rules.texts import FRANCO_ALGERIAN
from passerelles.reference import countries
from passerelles.reference.levels import Level

NEIGHBOURS = frozenset({"MC", "AD", "SM"})
"""Nationals registered without a permit, like those of the EU, the EEA and Switzerland (R.5221-48)."""


def _is_third_country(code: str) -> bool:
    return countries.get(code).is_third_country


THIRD_COUNTRY = Test(
    "nationalite",
    lambda code, _: _is_third_country(code),
    "ressortissant d'un pays tiers à l'Union européenne",
    "ressortissant de l'Union européenne, de l'Espace économique européen ou de la Suisse",
)
EXEMPT_FROM_PERMIT = Test(
    "nationalite",
    lambda code, _: code in NEIGHBOURS or not _is_third_country(code),
    "nationalité dispensée de titre de séjour",
    "nationalité soumise à un titre de séjour",
)
ALGERIAN = Test(
    "nationalite",
    lambda code, _: code == "DZ",
    "ressortissant algérien : contrat signé sur proposition",
    "pas de nationalité algérienne",
    reference=FRANCO_ALGERIAN.at(),
)
LAWFUL = true("sejour.regulier", "en séjour régulier", "en situation irrégulière")
SETTLING = true(
    "sejour.installation_durable", "souhaite s'installer durablement", "ne souhaite pas s'installer durablement"
)
MOTIVE = among(
    "sejour.motif",
    ("ASILE", "FAMILIAL", "ECONOMIQUE"),
    "admis au séjour pour un motif familial, d'asile ou économique",
    "admis au séjour pour un autre motif",
)
BPI = among(
    "sejour.statut",
    ("refugie", "protection_subsidiaire", "apatride"),
    "bénéficiaire d'une protection internationale",
    "pas bénéficiaire d'une protection internationale",
    requirement="B-008",
)
BPT = among(
    "sejour.statut",
    ("protection_temporaire",),
    "bénéficiaire de la protection temporaire",
    "pas bénéficiaire de la protection temporaire",
    requirement="B-009",
)
PROTECTED_OR_ASKING = among(
    "sejour.statut",
    ("refugie", "protection_subsidiaire", "apatride", "protection_temporaire", "demandeur_asile"),
    "réfugié, protégé ou demandeur d'asile",
    "ni réfugié, ni protégé, ni demandeur d'asile",
)
ASYLUM_SEEKER = among("sejour.statut", ("demandeur_asile",), "demandeur d'asile", "n'est pas demandeur d'asile")
SIGNATORY: Condition = all_of(
    among("cir.contrat", ("cir",), "a signé un CIR", "n'a pas signé de CIR"),
    past("cir.date_signature", "contrat signé à cette date", "contrat pas encore signé à cette date"),
)
SIGNATORY_CIR_OR_CAI: Condition = all_of(
    among("cir.contrat", ("cir", "cai"), "a signé un CIR ou un CAI", "n'a signé ni CIR ni CAI"),
    past("cir.date_signature", "contrat signé à cette date", "contrat pas encore signé à cette date"),
)
EMPLOYED = among("emploi.situation", ("cdi", "cdd", "other_job"), "a un emploi", "n'a pas d'emploi")
WITHOUT_JOB = among("emploi.situation", ("none", "other", "training", "student"), "n'a pas d'emploi", "a un emploi")
SEEKING = among("emploi.recherche", ("cherche",), "cherche un emploi", "ne cherche pas d'emploi")
SEEKING_OR_LIKELY = among(
    "emploi.recherche",
    ("cherche", "pourrait"),
    "cherche un emploi ou pourrait en chercher",
    "ne cherche pas d'emploi",
    requirement="B-036",
)
REGISTERED = true("ft.inscrit", "inscrit à France Travail", "pas inscrit à France Travail")
RSA = true("rsa.beneficiaire", "bénéficiaire ou demandeur du RSA", "pas bénéficiaire du RSA")
OPTED_OUT = true(
    "spe.dispense",
    "a expressément demandé à être dispensé de l'accompagnement",
    "n'a pas demandé à être dispensé de l'accompagnement",
    requirement="B-035",
)
DISABLED_WORKER = true(
    "handicap.boe", "bénéficiaire de l'obligation d'emploi", "pas bénéficiaire de l'obligation d'emploi"
)
READS_AND_WRITES = true("langue.lecteur_scripteur", "sait lire et écrire", "ne sait ni lire ni écrire")


def level_reached(level: Level, written: str = "langue.ecrit", oral: str = "langue.oral") -> Condition:
    """Reached both in writing and orally (B-026, C-002)."""
    return all_of(
        level_from(written, level, f"niveau {level} atteint à l'écrit", f"niveau {level} pas atteint à l'écrit"),
        level_from(oral, level, f"niveau {level} atteint à l'oral", f"niveau {level} pas atteint à l'oral"),
    )


def below_level(level: Level) -> Condition:
    """Below the level in writing or orally."""
    return any_of(
        level_below("langue.ecrit", level, f"sous le niveau {level} à l'écrit", f"niveau {level} atteint à l'écrit"),
        level_below("langue.oral", level, f"sous le niveau {level} à l'oral", f"niveau {level} atteint à l'oral"),
    )


def proven(level: Level) -> Condition:
    """Proven by a diploma or a test, in writing and orally."""
    return level_reached(level, "langue.certifie_ecrit", "langue.certifie_oral")
