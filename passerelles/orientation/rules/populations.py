"""B.1: who is a newcomer (EPA), who is a beneficiary, under which agreement; groups that need attention."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    age_from,
    age_under,
    all_of,
    among,
    any_of,
    negate,
    rule_says,
    true,
    unless,
    within_years,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import (
    ALGERIAN,
    ASYLUM_SEEKER,
    BPI,
    DISABLED_WORKER,
    LAWFUL,
    MOTIVE,
    SEEKING_OR_LIKELY,
    SETTLING,
    SIGNATORY_CIR_OR_CAI,
    THIRD_COUNTRY,
)
from passerelles.orientation.rules.texts import (
    CESEDA_CIR,
    HAUTE_GARONNE_AGREEMENT,
    INSTRUCTION_2024,
    PARIS_AGREEMENT,
)

PARIS, HAUTE_GARONNE = "department:75", "department:31"
EXCLUDED = any_of(
    *(
        among("sejour.titre", (title,), f"exclu du public : {name}", f"n'est pas {name}", requirement="B-002")
        for title, name in (
            ("etudiant", "étudiant"),
            ("travailleur_temporaire", "travailleur temporaire"),
            ("saisonnier", "travailleur saisonnier"),
            ("detache", "salarié détaché"),
            ("attestation_demande_asile", "demandeur d'asile"),
        )
    ),
    ASYLUM_SEEKER,
)
WITHOUT_CIR = among(
    "sejour.titre",
    (
        "etudiant",
        "travailleur_temporaire",
        "saisonnier",
        "detache",
        "visiteur",
        "stagiaire",
        "talent",
        "ict_famille",
        "stagiaire_ict_famille",
        "famille_ue",
        "etranger_malade",
        "attestation_demande_asile",
        "aucun",
    ),
    "titre dispensé de contrat",
    "titre qui n'est pas dispensé de contrat",
)


@rule(
    "epa.national",
    group="B.1",
    title="Étranger primo-arrivant au sens national",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("introduction"),
    requirement="B-001 B-002 L-016",
    yes="La personne est étrangère primo-arrivante.",
    no="La personne n'est pas étrangère primo-arrivante au sens national.",
)
def epa_national(context: Context) -> Condition:
    """Third-country national, lawful, first admission for family, asylum or work, settling; six exclusions."""
    return unless(
        all_of(
            THIRD_COUNTRY,
            LAWFUL,
            MOTIVE,
            true("sejour.premiere_admission", "première admission au séjour", "déjà admis au séjour auparavant"),
            SETTLING,
        ),
        EXCLUDED,
    )


@rule(
    "epa.paris",
    group="B.1",
    title="Étranger primo-arrivant au sens de l'accord de Paris",
    since=dt.date(2022, 6, 1),
    until=dt.date(2026, 3, 1),
    scope=(PARIS,),
    reference=PARIS_AGREEMENT.at("art. 1.2"),
    requirement="B-003 L-016",
    parameters=("epa_max_years",),
    yes="La personne relève du public de l'accord de Paris.",
    no="La personne ne relève pas du public de l'accord de Paris.",
)
def epa_paris(context: Context) -> Condition:
    """Holder, for less than five years, of a permit for family, work or protection; or of an APS."""
    years = context.number("epa_max_years")
    return all_of(
        THIRD_COUNTRY,
        SETTLING,
        any_of(
            all_of(
                MOTIVE,
                within_years(
                    "sejour.premier_titre",
                    years,
                    f"titulaire d'un titre depuis moins de {years} ans",
                    f"pas titulaire d'un titre depuis moins de {years} ans",
                ),
            ),
            among(
                "sejour.titre",
                ("aps", "aps_sortie_prostitution"),
                "titulaire d'une autorisation provisoire de séjour",
                "sans autorisation provisoire de séjour",
            ),
        ),
    )


@rule(
    "epa.haute_garonne",
    group="B.1",
    title="Étranger primo-arrivant au sens de l'accord de la Haute-Garonne",
    since=dt.date(2021, 10, 15),
    until=dt.date(2026, 10, 15),
    scope=(HAUTE_GARONNE,),
    reference=HAUTE_GARONNE_AGREEMENT.at("art. 1.2"),
    requirement="B-004 L-016",
    parameters=("epa_max_years",),
    yes="La personne relève du public de l'accord de la Haute-Garonne.",
    no="La personne ne relève pas du public de l'accord de la Haute-Garonne.",
)
def epa_haute_garonne(context: Context) -> Condition:
    """Third-country national lawfully in France for less than five years, settling."""
    years = context.number("epa_max_years")
    return all_of(
        THIRD_COUNTRY,
        LAWFUL,
        SETTLING,
        within_years(
            "sejour.debut_regulier",
            years,
            f"en séjour régulier depuis moins de {years} ans",
            f"pas en séjour régulier depuis moins de {years} ans",
        ),
    )


@rule(
    "beneficiaire.paris",
    group="B.1",
    title="Bénéficiaire de l'accord de Paris",
    since=dt.date(2022, 6, 1),
    until=dt.date(2026, 3, 1),
    scope=(PARIS,),
    reference=PARIS_AGREEMENT.at("art. 1.2"),
    requirement="B-005",
    yes="La personne est bénéficiaire de l'accord de Paris, inscrite ou non comme demandeuse d'emploi.",
    no="La personne n'est pas bénéficiaire de l'accord de Paris.",
)
def beneficiaire_paris(context: Context) -> Condition:
    """In the public and in search of a job or a training; a signed CIR is not a condition."""
    return all_of(rule_says("epa.paris"), SEEKING_OR_LIKELY)


@rule(
    "beneficiaire.haute_garonne",
    group="B.1",
    title="Bénéficiaire de l'accord de la Haute-Garonne",
    since=dt.date(2021, 10, 15),
    until=dt.date(2026, 10, 15),
    scope=(HAUTE_GARONNE,),
    reference=HAUTE_GARONNE_AGREEMENT.at("art. 1.2"),
    requirement="B-006",
    yes="La personne est bénéficiaire de l'accord de la Haute-Garonne.",
    no="La personne n'est pas bénéficiaire de l'accord de la Haute-Garonne.",
)
def beneficiaire_haute_garonne(context: Context) -> Condition:
    """In the public, signatory of a CIR or residually of a CAI, in search of a job or a training."""
    return all_of(rule_says("epa.haute_garonne"), SIGNATORY_CIR_OR_CAI, SEEKING_OR_LIKELY)


@rule(
    "cir.dispense",
    group="B.1",
    title="Dispense de contrat d'intégration républicaine",
    since=dt.date(2016, 7, 1),
    reference=CESEDA_CIR.at("et L.413-5"),
    requirement="B-001",
    confidence="moyenne",
    yes="La personne est dispensée de signer un CIR.",
    no="La personne n'est pas dispensée de signer un CIR.",
)
def cir_dispense(context: Context) -> Condition:
    """Nationality, kind of permit, or schooling in France."""
    return any_of(
        negate(THIRD_COUNTRY),
        WITHOUT_CIR,
        true("etudes.en_france", "a suivi ses études en France", "n'a pas suivi ses études en France"),
    )


@rule(
    "cir.public",
    group="B.1",
    title="Signature d'un contrat d'intégration républicaine",
    since=dt.date(2016, 7, 1),
    reference=CESEDA_CIR.at(),
    requirement="B-001 C-005",
    confidence="moyenne",
    parameters=("cir_age_min",),
    yes="La personne est appelée à signer un CIR (sur proposition, si elle est algérienne).",
    no="La personne n'est pas appelée à signer un CIR.",
    note="Les ressortissants algériens signent sur proposition (accord du 27/12/1968).",
)
def cir_public(context: Context) -> Condition:
    """Lawful third-country national of sixteen or more, settling, first admitted, not exempted."""
    age = context.number("cir_age_min")
    return unless(
        all_of(
            LAWFUL,
            SETTLING,
            age_from("naissance", age, f"a au moins {age} ans", f"a moins de {age} ans"),
            any_of(
                true("sejour.premiere_admission", "première admission au séjour", "déjà admis au séjour auparavant"),
                ALGERIAN,
            ),
        ),
        rule_says("cir.dispense"),
    )


@rule(
    "attention.groupe",
    group="B.1",
    title="Groupe appelant une attention particulière",
    since=dt.date(2021, 10, 15),
    until=dt.date(2026, 10, 15),
    scope=(HAUTE_GARONNE,),
    reference=HAUTE_GARONNE_AGREEMENT.at("art. 1.2"),
    requirement="B-015 B-016 B-017",
    parameters=("youth_age_limit",),
    yes="La personne appartient à un groupe qui appelle une attention particulière.",
    no="La personne n'appartient à aucun des cinq groupes de l'accord.",
)
def attention_groupe(context: Context) -> Condition:
    """BPI, disabled persons, women, under 26, graduates of higher education."""
    age = context.number("youth_age_limit")
    return any_of(
        BPI,
        DISABLED_WORKER,
        among("sexe", ("F",), "femme", "homme"),
        age_under("naissance", age, f"a moins de {age} ans", f"a {age} ans ou plus"),
        among(
            "etudes.niveau",
            ("superieur_bac_2", "superieur_bac_3", "superieur_bac_4_et_plus"),
            "diplômé du supérieur",
            "pas diplômé du supérieur",
        ),
    )


@rule(
    "allervers.public",
    group="B.1",
    title="Public des démarches d'aller-vers",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("introduction"),
    requirement="B-009 B-010 I-011",
    confidence="moyenne",
    yes="Les démarches d'aller-vers peuvent s'adresser à cette personne.",
    no="Les démarches d'aller-vers ne s'adressent pas à cette personne.",
)
def allervers_public(context: Context) -> Condition:
    """BPI, BPT and, more widely, the other foreigners lawfully present."""
    return all_of(THIRD_COUNTRY, LAWFUL)
