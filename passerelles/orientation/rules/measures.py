"""B.6 and C: measures a person may be offered. Health, IAE, childcare, diplomas, youth, business, end of contract."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    age_from,
    age_under,
    all_of,
    among,
    any_of,
    at_least,
    false,
    includes,
    level_below,
    negate,
    number_from,
    past,
    true,
    within_days,
    within_months,
    within_years,
)
from passerelles.orientation.engine.conditions import Test as OneFact
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import (
    BPI,
    BPT,
    DISABLED_WORKER,
    LAWFUL,
    PROTECTED_OR_ASKING,
    REGISTERED,
    RSA,
    SEEKING,
    SETTLING,
    SIGNATORY,
    THIRD_COUNTRY,
)
from passerelles.orientation.rules.facts import IAE_CRITERIA
from passerelles.orientation.rules.texts import (
    BANK,
    CESEDA_CIR,
    FAMI,
    IAE,
    INSTRUCTION_2024,
    INSTRUCTION_2025,
    O2R,
    ORDER_CIR_2019,
    VAE,
    VOLONTR_2018,
    VOLONTR_2021,
)
from passerelles.reference.levels import Level

LEVEL_1 = ("ASS", "AAH", "DETLD")
LEVEL_2 = ("DELD", "ASE", "PI", "ZRR", "QPV", "DETENTION_MJ")


@rule(
    "sante.rendez_vous",
    group="B.6",
    title="Rendez-vous santé de l'OFII",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§6.4"),
    requirement="B-053 C-009 D-022",
    parameters=("health_appointment_open", "rdv_sante_dt_count"),
    yes="Le rendez-vous santé est à proposer.",
    no="Le rendez-vous santé n'est pas à proposer.",
    note="17 directions territoriales expérimentent ; leur liste n'est pas publiée, hormis Toulouse.",
)
def rendez_vous(context: Context) -> Condition:
    """Vulnerable signatory without a medical visit at OFII, where the DT takes part."""
    return all_of(
        SIGNATORY,
        true("sante.vulnerable", "vulnérabilité constatée", "pas de vulnérabilité constatée"),
        false("sante.visite_ofii", "pas de visite médicale à l'OFII", "visite médicale à l'OFII passée"),
        context.holds(
            "health_appointment_open",
            ask="sante.rdv_propose",
            yes="la direction territoriale propose le rendez-vous santé",
            no="la direction territoriale ne propose pas le rendez-vous santé",
        ),
    )


@rule(
    "sante.orientation",
    group="C",
    title="Orientation vers l'offre de soins (PASS, psycho-trauma)",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§6.4"),
    requirement="C-030 D-046",
    yes="Une orientation vers l'offre de soins est à proposer ; sa raison n'est pas transmise.",
    no="Pas d'orientation à proposer vers l'offre de soins.",
)
def orientation_soins(context: Context) -> Condition:
    """A health barrier that weighs; advisers see the barrier only."""
    return among(
        "frein.sante", ("moyen", "fort"), "frein « santé » qui pèse sur la recherche", "frein « santé » sans impact"
    )


@rule(
    "iae.eligible",
    group="B.6",
    title="Insertion par l'activité économique",
    since=IAE.since,
    reference=IAE.at("annexe"),
    requirement="B-054 C-045 I-004",
    confidence="moyenne",
    parameters=("iae_level2_count",),
    yes="Une structure d'insertion peut recruter la personne, prescrite par un prescripteur habilité ou de son fait.",
    no="Les critères de l'insertion par l'activité économique ne sont pas réunis.",
    note="Trois critères de niveau 2 partout, par prudence ; deux peuvent suffire dans certaines structures.",
)
def iae(context: Context) -> Condition:
    """One criterion of level 1, or three of level 2; a permit to work is checked at hiring."""
    second = [
        age_under("naissance", 26, "jeune de moins de 26 ans", "26 ans ou plus"),
        age_from("naissance", 50, "50 ans ou plus", "moins de 50 ans"),
        DISABLED_WORKER,
        PROTECTED_OR_ASKING,
        level_below("langue.oral", Level.A2, "français oral sous A2", "A2 atteint à l'oral"),
        among(
            "etudes.niveau",
            (
                "non_scolarise",
                "primaire_sans_diplome",
                "secondaire_sans_diplome",
                "secondaire_brevet",
                "secondaire_cap_bep",
            ),
            "niveau CAP-BEP ou inférieur",
            "niveau supérieur au CAP-BEP",
        ),
        true("logement.sans_hebergement", "sans hébergement ou hébergé", "a un logement"),
        among("frein.mobilite", ("moyen", "fort"), "problème de mobilité", "pas de problème de mobilité"),
        *(_criterion(code) for code in LEVEL_2),
    ]
    return any_of(RSA, *(_criterion(code) for code in LEVEL_1), at_least(context.number("iae_level2_count"), *second))


def _criterion(code: str) -> Condition:
    return includes("iae.criteres", code, IAE_CRITERIA[code], f"critère absent : {IAE_CRITERIA[code]}")


@rule(
    "garde.avip",
    group="B.6",
    title="Crèche à vocation d'insertion professionnelle (AVIP)",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§5.3"),
    requirement="B-055 D-047",
    yes="Une place en crèche AVIP peut être prescrite.",
    no="Une place en crèche AVIP ne peut pas être prescrite.",
)
def avip(context: Context) -> Condition:
    """Registered with the public employment service, during the CIR courses, a vocational training or the search."""
    return all_of(
        true("garde.besoin", "besoin d'une garde d'enfant", "pas de besoin de garde d'enfant"),
        REGISTERED,
        any_of(
            among(
                "formation.en_cours",
                ("linguistique_cir", "professionnelle"),
                "en formation linguistique ou professionnelle",
                "pas en formation",
            ),
            SEEKING,
        ),
    )


@rule(
    "diplome.information",
    group="B.6",
    title="Information sur la reconnaissance des diplômes et de l'expérience",
    since=INSTRUCTION_2025.since,
    reference=INSTRUCTION_2025.at("§1.a"),
    requirement="B-056 C-031 C-032 C-006",
    yes="L'information sur l'équivalence des diplômes et la VAE est due dès la signature.",
    no="L'information systématique n'est pas encore due.",
)
def information(context: Context) -> Condition:
    """Systematic, from the signature of the CIR."""
    return SIGNATORY


@rule(
    "diplome.enic_naric",
    group="B.6",
    title="Attestation de comparabilité ENIC-NARIC",
    since=INSTRUCTION_2025.since,
    reference=INSTRUCTION_2025.at("§1.a"),
    requirement="B-056 C-031 D-008",
    yes="Une attestation de comparabilité ENIC-NARIC est à demander.",
    no="L'attestation ENIC-NARIC ne convient pas (pas de diplôme étranger, ou profession réglementée).",
)
def enic_naric(context: Context) -> Condition:
    """A foreign diploma that does not lead to a regulated profession."""
    return all_of(
        true("diplome.etranger", "diplôme obtenu à l'étranger", "pas de diplôme étranger"),
        false("diplome.profession_reglementee", "profession non réglementée", "profession réglementée : autre voie"),
    )


@rule(
    "diplome.enic_gratuit",
    group="B.6",
    title="Gratuité de l'attestation ENIC-NARIC",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§5.5"),
    requirement="B-009 B-056",
    yes="L'attestation ENIC-NARIC est gratuite.",
    no="L'attestation ENIC-NARIC est payante.",
)
def enic_gratuit(context: Context) -> Condition:
    """For the beneficiaries of international or temporary protection."""
    return any_of(BPI, BPT)


@rule(
    "diplome.vae",
    group="B.6",
    title="Validation des acquis de l'expérience (VAE)",
    since=VAE.since,
    reference=VAE.at(),
    requirement="C-031 C-032",
    confidence="moyenne",
    yes="Une VAE peut être proposée.",
    no="Une VAE n'est pas adaptée.",
)
def vae(context: Context) -> Condition:
    """Experience, in France or abroad, and a certification in view."""
    return all_of(
        true("experience.professionnelle", "expérience professionnelle", "pas d'expérience professionnelle"),
        true("projet.certification", "vise un diplôme ou un titre", "ne vise pas de diplôme"),
    )


def _volontr_age(context: Context) -> Condition:
    low, high = context.number("volontr_age_min"), context.number("volontr_age_max")
    return all_of(
        age_from("naissance", low, f"a au moins {low} ans", f"a moins de {low} ans"),
        age_under("naissance", high + 1, f"n'a pas encore {high + 1} ans", f"a {high + 1} ans ou plus"),
    )


@rule(
    "jeune.volontr",
    group="B.6",
    title="Volont'R (service civique)",
    since=VOLONTR_2018.since,
    until=VOLONTR_2018.until,
    reference=VOLONTR_2018.at(),
    requirement="B-061 B-015",
    parameters=("volontr_age_min", "volontr_age_max"),
    confidence="moyenne",
    yes="Une mission Volont'R peut être proposée.",
    no="Volont'R n'est pas ouvert à cette personne.",
)
def volontr_2018(context: Context) -> Condition:
    """From 16 to 25, refugees."""
    return all_of(_volontr_age(context), BPI)


@rule(
    "jeune.volontr",
    group="B.6",
    title="Volont'R (service civique)",
    since=VOLONTR_2021.since,
    reference=VOLONTR_2021.at(),
    requirement="B-061 B-015",
    parameters=("volontr_age_min", "volontr_age_max"),
    confidence="moyenne",
    yes="Une mission Volont'R peut être proposée.",
    no="Volont'R n'est pas ouvert à cette personne.",
    note="Extension de 2021, au 1er janvier par lecture.",
)
def volontr_2021(context: Context) -> Condition:
    """From 16 to 25, every foreigner lawfully present."""
    return all_of(_volontr_age(context), THIRD_COUNTRY, LAWFUL)


@rule(
    "banque.droit_au_compte",
    group="B.6",
    title="Droit au compte",
    since=BANK.since,
    reference=BANK.at(),
    requirement="B-060 C-034",
    confidence="moyenne",
    parameters=("bank_silence_days",),
    yes="La procédure de droit au compte peut être engagée auprès de la Banque de France.",
    no="La procédure de droit au compte n'est pas ouverte.",
)
def droit_au_compte(context: Context) -> Condition:
    """A refusal, or fifteen days of silence after the request."""
    days = context.number("bank_silence_days")
    return all_of(
        past("banque.demande", "ouverture d'un compte demandée", "ouverture d'un compte pas demandée"),
        any_of(
            among("banque.reponse", ("refus",), "la banque a refusé", "la banque n'a pas refusé"),
            all_of(
                among("banque.reponse", ("aucune",), "la banque n'a pas répondu", "la banque a répondu"),
                negate(
                    within_days(
                        "banque.demande", days, f"demande de {days} jours au plus", f"plus de {days} jours de silence"
                    )
                ),
            ),
        ),
    )


@rule(
    "fami.public",
    group="B.6",
    title="Public des projets FAMI",
    since=FAMI.since,
    until=FAMI.until,
    reference=FAMI.at("objectif spécifique 2"),
    requirement="B-062",
    confidence="moyenne",
    yes="La personne relève du public des projets FAMI.",
    no="La personne ne relève pas du public des projets FAMI.",
)
def fami(context: Context) -> Condition:
    """Third-country national lawfully resident and settling, or victim of trafficking."""
    return all_of(
        THIRD_COUNTRY,
        any_of(
            all_of(LAWFUL, SETTLING), true("teh.victime", "victime de traite identifiée", "pas identifié comme victime")
        ),
    )


@rule(
    "creation.adie",
    group="C",
    title="Création d'entreprise (ADIE)",
    since=INSTRUCTION_2025.since,
    reference=INSTRUCTION_2025.at("annexe 5"),
    requirement="C-007 C-047",
    confidence="moyenne",
    yes="Une orientation vers l'ADIE peut être proposée.",
    no="Pas de projet de création d'entreprise.",
)
def adie(context: Context) -> Condition:
    """A project of business."""
    return true("projet.creation", "projet de création d'entreprise", "pas de projet de création")


@rule(
    "femme.appui",
    group="C",
    title="Appui aux femmes (CIDFF, garde, aller-vers)",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§5.3"),
    requirement="B-017 C-048",
    yes="Un appui spécifique aux femmes peut être proposé.",
    no="L'appui spécifique ne s'applique pas.",
)
def femme(context: Context) -> Condition:
    """Women newly arrived and not yet registered."""
    return all_of(among("sexe", ("F",), "femme", "homme"), THIRD_COUNTRY, LAWFUL, negate(REGISTERED))


@rule(
    "o2r.public",
    group="C",
    title="Offre de repérage et de remobilisation (O2R)",
    since=O2R.since,
    reference=O2R.at(),
    requirement="C-048 I-011",
    confidence="moyenne",
    parameters=("o2r_months_without_contact",),
    yes="L'offre de repérage et de remobilisation peut recevoir la personne.",
    no="L'offre de repérage et de remobilisation n'est pas adaptée.",
)
def o2r(context: Context) -> Condition:
    """Without a job and not registered; or registered and without contact for five months."""
    months = context.number("o2r_months_without_contact")
    return all_of(
        among("emploi.situation", ("none", "other"), "sans emploi ni formation", "en emploi ou en formation"),
        any_of(
            negate(REGISTERED),
            number_from(
                "ft.mois_sans_contact",
                months,
                f"sans contact avec un référent depuis {months} mois",
                f"en contact avec un référent depuis moins de {months} mois",
            ),
        ),
    )


@rule(
    "parcours.en_cours",
    group="C",
    title="Parcours d'intégration de cinq ans",
    since=dt.date(2021, 10, 15),
    reference=CESEDA_CIR.at("et accords départementaux, art. 3"),
    requirement="B-007 C-005 C-052",
    parameters=("cir_pathway_years",),
    yes="Le parcours d'intégration est en cours.",
    no="Le parcours d'intégration n'est pas en cours.",
    confidence="moyenne",
)
def en_cours(context: Context) -> Condition:
    """Five years from the signature of the CIR or of the CAI."""
    years = context.number("cir_pathway_years")
    return all_of(
        among("cir.contrat", ("cir", "cai"), "a signé un CIR ou un CAI", "n'a signé ni CIR ni CAI"),
        within_years(
            "cir.date_signature",
            years,
            f"signature depuis moins de {years} ans",
            f"pas de signature depuis moins de {years} ans",
        ),
    )


@rule(
    "cir.bilan",
    group="C",
    title="Entretien de fin de contrat",
    since=ORDER_CIR_2019.since,
    reference=ORDER_CIR_2019.at("entretien de fin de contrat"),
    requirement="C-051 D-023",
    confidence="moyenne",
    parameters=("cir_review_months",),
    yes="L'entretien de fin de contrat est à tenir.",
    no="L'entretien de fin de contrat n'est pas, ou plus, à tenir.",
)
def bilan(context: Context) -> Condition:
    """Within three months of the end of the compulsory training."""
    months = context.number("cir_review_months")
    return all_of(
        SIGNATORY,
        within_months(
            "cir.fin_formations",
            months,
            f"formations finies depuis moins de {months} mois",
            f"pas de formations finies depuis moins de {months} mois",
        ),
    )


@rule(
    "sejour.echeance",
    group="C",
    title="Document de séjour à renouveler bientôt",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§6.1"),
    requirement="B-059 C-033 C-035",
    parameters=("stay_expiry_alert_days",),
    yes="Le document de séjour expire bientôt : la demande de renouvellement doit partir sans attendre.",
    no="Le document de séjour n'expire pas bientôt.",
    confidence="moyenne",
)
def echeance(context: Context) -> Condition:
    """Still valid, and for no more than the number of days of the alert."""
    days = context.number("stay_expiry_alert_days")
    span = dt.timedelta(days=days)
    return OneFact(
        "sejour.titre_fin",
        lambda value, on: on <= value <= on + span,
        f"document valable encore {days} jours au plus",
        f"document échu, ou valable plus de {days} jours",
        edges=lambda on: (on, on + span + dt.timedelta(days=1)),
    )
