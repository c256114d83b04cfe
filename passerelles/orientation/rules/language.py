"""B.2, language: which path a contract opens, by its date of signature and its territory (L-001, L-002).

The four regimes: 2016, 2019, the experiments of 2024, the markets of 1 July 2025. A contract keeps the regime of
the day on which it was signed.
"""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    all_of,
    any_of,
    between,
    level_from,
    negate,
    past,
    rule_says,
    true,
    unless,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import READS_AND_WRITES, SIGNATORY, below_level, level_reached
from passerelles.orientation.rules.texts import (
    DECREE_CIVIC,
    HAUTE_GARONNE_AGREEMENT,
    INSTRUCTION_2024,
    LANGUAGE_MARKET_2025,
    LANGUAGE_PILOTS,
    LAW_IMMIGRATION,
    ORDER_CIR_2016,
    ORDER_CIR_2019,
)
from passerelles.reference.levels import Level

REGIME_2016 = (dt.date(2016, 7, 1), dt.date(2019, 2, 28))
REGIME_2019 = (dt.date(2019, 3, 1), dt.date(2025, 6, 30))
PILOTS = (dt.date(2024, 3, 26), dt.date(2025, 6, 30))
REGIME_2025 = dt.date(2025, 7, 1)
A2_PILOT = ("dt:creteil", "dt:dijon", "dt:besancon")
VOCATIONAL_PILOT = ("region:44", "region:76")


def signed(first: dt.date, last: dt.date | None) -> Condition:
    """A CIR signed on these days."""
    regime = f"{first:%d/%m/%Y}" + (f" au {last:%d/%m/%Y}" if last else "")
    return all_of(
        SIGNATORY,
        between(
            "cir.date_signature",
            first,
            last,
            f"contrat du régime du {regime}",
            f"contrat hors du régime du {regime}",
        ),
    )


@rule(
    "langue.parcours_2016",
    group="B.2",
    title="Parcours linguistique des contrats de 2016 à février 2019",
    since=REGIME_2016[0],
    reference=ORDER_CIR_2016.at(),
    requirement="L-002",
    confidence="moyenne",
    yes="Formation linguistique prescrite vers le niveau A1 (régime de 2016).",
    no="Pas de formation linguistique prescrite au titre du régime de 2016.",
)
def parcours_2016(context: Context) -> Condition:
    """Below A1."""
    return all_of(signed(*REGIME_2016), below_level(Level.A1))


@rule(
    "langue.experimentation_a2",
    group="B.2",
    title="Expérimentation vers le niveau A2 (lots 9 et 2)",
    since=PILOTS[0],
    scope=A2_PILOT,
    read_in="lot:9",
    reference=LANGUAGE_PILOTS.at("lots 9 (Créteil) et 2 (Bourgogne-Franche-Comté)"),
    requirement="B-022 L-002",
    parameters=("a2_pilot_hours_min", "a2_pilot_hours_max"),
    yes="Parcours de 200 à 800 heures vers le niveau A2 (expérimentation).",
    no="L'expérimentation vers le niveau A2 ne s'applique pas.",
)
def experimentation_a2(context: Context) -> Condition:
    """Everyone assessed below A2 whose contract was signed there during the experiment."""
    return all_of(signed(*PILOTS), below_level(Level.A2))


@rule(
    "langue.experimentation_pro",
    group="B.2",
    title="Expérimentation à visée professionnelle (lots 5 et 15)",
    since=PILOTS[0],
    scope=VOCATIONAL_PILOT,
    read_in="lot:5",
    reference=LANGUAGE_PILOTS.at("lots 5 (Grand Est) et 15 (Occitanie)"),
    requirement="B-023 L-002",
    parameters=("pro_pilot_min_written", "pro_pilot_min_oral"),
    yes="Parcours linguistique à visée professionnelle : au moins A1 à l'écrit et A2 à l'oral (expérimentation).",
    no="L'expérimentation à visée professionnelle ne s'applique pas.",
)
def experimentation_pro(context: Context) -> Condition:
    """Below A1, contract signed there during the experiment: the compulsory path has a vocational aim."""
    return all_of(signed(*PILOTS), below_level(Level.A1))


@rule(
    "langue.cible_pro",
    group="B.2",
    title="Cible de l'expérimentation à visée professionnelle",
    since=PILOTS[0],
    scope=VOCATIONAL_PILOT,
    read_in="lot:5",
    reference=LANGUAGE_PILOTS.at("lots 5 (Grand Est) et 15 (Occitanie)"),
    requirement="B-023 D-026",
    yes="La cible de l'expérimentation est atteinte ; elle ne vaut pas pour la carte pluriannuelle.",
    no="La cible de l'expérimentation n'est pas atteinte.",
)
def cible_pro(context: Context) -> Condition:
    """At least A1 written and A2 oral, on a contract of the experiment."""
    return all_of(
        signed(*PILOTS),
        level_from("langue.ecrit", Level.A1, "A1 atteint à l'écrit", "A1 pas atteint à l'écrit"),
        level_from("langue.oral", Level.A2, "A2 atteint à l'oral", "A2 pas atteint à l'oral"),
    )


@rule(
    "langue.parcours_2019",
    group="B.2",
    title="Parcours linguistique des contrats de mars 2019 à juin 2025",
    since=REGIME_2019[0],
    reference=ORDER_CIR_2019.at(),
    requirement="B-019 B-021 C-025",
    parameters=("a1_hours_allowed",),
    yes="Parcours de 100, 200, 400 ou 600 heures prescrit vers le niveau A1.",
    no="Pas de parcours de 100 à 600 heures au titre du régime de 2019.",
)
def parcours_2019(context: Context) -> Condition:
    """Below A1, outside the experiments of 2024."""
    return unless(
        all_of(signed(*REGIME_2019), below_level(Level.A1)),
        any_of(rule_says("langue.experimentation_a2"), rule_says("langue.experimentation_pro")),
    )


@rule(
    "langue.complement_a2",
    group="B.2",
    title="Formation complémentaire vers A2",
    since=REGIME_2019[0],
    reference=ORDER_CIR_2019.at("parcours complémentaires"),
    requirement="B-019 B-020 C-026",
    parameters=("a2_complement_hours",),
    yes="La personne peut demander la formation complémentaire de 100 heures vers A2.",
    no="La formation complémentaire vers A2 n'est pas ouverte.",
)
def complement_a2(context: Context) -> Condition:
    """A1 reached, A2 not reached, contract of the regime of 2019; voluntary."""
    return all_of(signed(*REGIME_2019), level_reached(Level.A1), below_level(Level.A2))


@rule(
    "langue.complement_b1",
    group="B.2",
    title="Formation complémentaire vers B1",
    since=REGIME_2019[0],
    reference=ORDER_CIR_2019.at("parcours complémentaires"),
    requirement="B-019 B-020 L-001 C-026",
    yes="La personne peut demander la formation complémentaire vers B1 (100 heures ; 50 en Haute-Garonne).",
    no="La formation complémentaire vers B1 n'est pas ouverte.",
)
def complement_b1(context: Context) -> Condition:
    """A2 reached, B1 not reached, contract of the regime of 2019; voluntary."""
    return all_of(signed(*REGIME_2019), level_reached(Level.A2), below_level(Level.B1))


@rule(
    "langue.complement_b1_50h",
    group="B.2",
    title="Complément vers B1 de 50 heures en Haute-Garonne",
    since=dt.date(2021, 10, 15),
    until=dt.date(2026, 10, 15),
    scope=("department:31",),
    reference=HAUTE_GARONNE_AGREEMENT.at("art. 3.1"),
    requirement="B-020 L-001",
    parameters=("b1_complement_hours",),
    yes="Le complément vers B1 est celui de l'accord de la Haute-Garonne : 50 heures.",
    no="Le complément vers B1 de l'accord de la Haute-Garonne ne s'applique pas.",
)
def complement_b1_haute_garonne(context: Context) -> Condition:
    """The agreement keeps its own length in its department."""
    return rule_says("langue.complement_b1")


@rule(
    "langue.numerique_2025",
    group="B.2",
    title="Plateforme numérique de français (contrats depuis le 1er juillet 2025)",
    since=REGIME_2025,
    reference=LANGUAGE_MARKET_2025.at("plateforme numérique"),
    requirement="B-025 L-002 C-004",
    parameters=("market_2025_licence_months",),
    yes="Licence individuelle de 12 mois à la plateforme numérique de français.",
    no="La plateforme numérique du marché de 2025 n'est pas ouverte à cette personne.",
)
def numerique_2025(context: Context) -> Condition:
    """Below A2, reads and writes."""
    return all_of(signed(REGIME_2025, None), below_level(Level.A2), READS_AND_WRITES)


@rule(
    "langue.presentiel_2025",
    group="B.2",
    title="Formation de français en présentiel (contrats depuis le 1er juillet 2025)",
    since=REGIME_2025,
    reference=LANGUAGE_MARKET_2025.at("formation présentielle"),
    requirement="B-025 L-002 C-004",
    parameters=("market_2025_onsite_hours",),
    yes="Formation de français de 600 heures en présentiel.",
    no="La formation de 600 heures en présentiel n'est pas ouverte à cette personne.",
)
def presentiel_2025(context: Context) -> Condition:
    """Below A2, neither reads nor writes."""
    return all_of(signed(REGIME_2025, None), below_level(Level.A2), negate(READS_AND_WRITES))


@rule(
    "langue.prescription",
    group="B.2",
    title="Formation linguistique proposée ou prescrite par l'OFII",
    since=REGIME_2016[0],
    reference=ORDER_CIR_2016.at(),
    requirement="C-004 D-020",
    confidence="moyenne",
    yes="Une formation linguistique de l'OFII revient à cette personne.",
    no="Aucune formation linguistique de l'OFII ne revient à cette personne.",
)
def prescription(context: Context) -> Condition:
    """One of the paths of the regime of the contract."""
    return any_of(
        rule_says("langue.parcours_2016"),
        rule_says("langue.parcours_2019"),
        rule_says("langue.experimentation_a2"),
        rule_says("langue.experimentation_pro"),
        rule_says("langue.numerique_2025"),
        rule_says("langue.presentiel_2025"),
    )


@rule(
    "langue.obligatoire",
    group="B.2",
    title="Caractère obligatoire de la formation linguistique",
    since=REGIME_2016[0],
    reference=ORDER_CIR_2016.at(),
    requirement="B-019 B-025",
    confidence="moyenne",
    yes="La formation linguistique prescrite est obligatoire.",
    no="La formation linguistique n'est pas obligatoire.",
    note="Depuis les marchés du 1er juillet 2025, l'inscription n'est plus obligatoire (décret n° 2025-647).",
)
def obligatoire(context: Context) -> Condition:
    """Compulsory for the contracts signed before 1 July 2025."""
    return all_of(rule_says("langue.prescription"), signed(REGIME_2016[0], REGIME_2019[1]))


@rule(
    "langue.dispense",
    group="B.2",
    title="Dispense de formation linguistique (AMDFL)",
    since=REGIME_2016[0],
    reference=ORDER_CIR_2016.at(),
    requirement="C-004 D-020",
    confidence="moyenne",
    yes="Le niveau atteint dispense de formation linguistique.",
    no="Le niveau atteint ne dispense pas de formation linguistique.",
)
def dispense(context: Context) -> Condition:
    """A1 reached on a contract signed before 1 July 2025; A2 since, and in the lots of the A2 experiment."""
    return any_of(
        unless(
            all_of(signed(REGIME_2016[0], REGIME_2019[1]), level_reached(Level.A1)),
            rule_says("langue.experimentation_a2"),
        ),
        all_of(signed(REGIME_2025, None), level_reached(Level.A2)),
    )


@rule(
    "langue.cours_gratuits",
    group="B.2",
    title="Cours de français gratuits dans le département",
    since=LAW_IMMIGRATION.since,
    reference=LAW_IMMIGRATION.at("art. 20"),
    requirement="B-028",
    yes="L'État doit proposer des cours gratuits dans le département de résidence.",
    no="L'obligation de cours gratuits ne joue pas.",
    confidence="moyenne",
)
def cours_gratuits(context: Context) -> Condition:
    """For the signatories of a CIR."""
    return SIGNATORY


@rule(
    "langue.evaluation_complete",
    group="B.2",
    title="Évaluation linguistique initiale complète",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§4.1.1"),
    requirement="C-002 D-019",
    yes="L'évaluation initiale est faite, à l'écrit et à l'oral.",
    no="L'évaluation initiale n'a pas encore eu lieu.",
)
def evaluation_complete(context: Context) -> Condition:
    """The assessment took place; both levels are needed to close it, whatever they are."""
    lowest = Level.INFRA_A1_1
    return all_of(
        past("langue.evaluation", "évaluation initiale faite", "évaluation initiale pas encore faite"),
        level_from("langue.ecrit", lowest, "niveau écrit connu", "niveau écrit inconnu"),
        level_from("langue.oral", lowest, "niveau oral connu", "niveau oral inconnu"),
    )


@rule(
    "langue.complement_emploi",
    group="B.2",
    title="Complément de français pour l'emploi visé",
    since=dt.date(2025, 7, 17),
    reference=DECREE_CIVIC.at("inscription non obligatoire"),
    requirement="C-028 C-039",
    confidence="faible",
    yes="Un cours complémentaire vers A2 ou plus est utile : l'OFII ne prescrit plus rien à ce niveau.",
    no="Un cours complémentaire n'est pas utile à ce titre.",
)
def complement_emploi(context: Context) -> Condition:
    """Below B1, no path of OFII: courses of programme 104 or of France Travail remain."""
    return all_of(
        true("langue.allophone", "le français est une langue étrangère", "le français est sa langue"),
        below_level(Level.B1),
        negate(rule_says("langue.prescription")),
    )
