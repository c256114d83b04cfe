"""B.2: civic training, civic exam, levels asked for the permits and naturalisation. B.6: provisional stay."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    Constant,
    age_from,
    all_of,
    among,
    any_of,
    negate,
    not_expired,
    number_from,
    rule_says,
    true,
    unless,
    within_days,
    within_months,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import BPI, LAWFUL, SIGNATORY, THIRD_COUNTRY, proven
from passerelles.orientation.rules.texts import (
    CESEDA_CARD,
    CESEDA_RESIDENT,
    DECREE_CIVIC,
    DECREE_NATURALISATION,
    INSTRUCTION_2024,
    INSTRUCTION_2025,
    LAW_IMMIGRATION,
    ORDER_CIR_2019,
    ORDER_CIVIC_TRAINING,
    ORDER_EXAM,
)
from passerelles.reference.levels import Level

RESULT = dt.date(2026, 1, 1)
FIRST_REQUEST = true(
    "sejour.premiere_demande", "première demande de cette carte", "renouvellement, qui n'est pas concerné"
)


@rule(
    "civique.formation",
    group="B.2",
    title="Formation civique obligatoire",
    since=dt.date(2019, 3, 1),
    until=dt.date(2025, 7, 31),
    reference=ORDER_CIR_2019.at("formation civique"),
    requirement="B-030 C-024",
    yes="La formation civique de 4 jours est obligatoire.",
    no="La formation civique ne s'impose pas.",
)
def civique_formation_2019(context: Context) -> Condition:
    """Every signatory of a CIR."""
    return SIGNATORY


@rule(
    "civique.formation",
    group="B.2",
    title="Formation civique obligatoire",
    since=dt.date(2025, 8, 1),
    reference=ORDER_CIVIC_TRAINING.at(),
    requirement="B-030 C-024",
    parameters=("civic_training_days", "civic_training_hours"),
    yes="La formation civique est obligatoire : 4 sessions, 24 heures en tout (12 à Mayotte).",
    no="La formation civique ne s'impose pas.",
)
def civique_formation_2025(context: Context) -> Condition:
    """Every signatory of a CIR; five new themes."""
    return SIGNATORY


@rule(
    "civique.complete",
    group="B.2",
    title="Formation civique suivie en entier",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§4"),
    requirement="B-030 D-021",
    parameters=("civic_training_days",),
    yes="La formation civique est complète.",
    no="La formation civique n'est pas complète.",
)
def civique_complete(context: Context) -> Condition:
    """All the days attended: three of four is not complete."""
    days = context.number("civic_training_days")
    return number_from("civique.jours", days, f"au moins {days} journées suivies", f"moins de {days} journées suivies")


@rule(
    "civique.examen_dispense",
    group="B.2",
    title="Dispense d'examen civique",
    since=RESULT,
    reference=DECREE_CIVIC.at("CESEDA R.413-12-1 et R.413-12-2"),
    requirement="B-027 L-004",
    confidence="moyenne",
    parameters=("civic_exam_exempt_age",),
    yes="La personne est dispensée d'examen civique.",
    no="La personne n'est pas dispensée d'examen civique.",
)
def civique_examen_dispense(context: Context) -> Condition:
    """Age, schooling in France, certificate, talent permit; a first permit issued by right to BPI (to be checked)."""
    age = context.number("civic_exam_exempt_age")
    return any_of(
        age_from("naissance", age, f"a {age} ans ou plus", f"a moins de {age} ans"),
        true("etudes.en_france", "a suivi ses études en France", "n'a pas suivi ses études en France"),
        true("civique.dispense_certificat", "certificat de dispense présenté", "pas de certificat de dispense"),
        among("sejour.titre", ("talent",), "titulaire d'une carte « talent »", "pas titulaire d'une carte « talent »"),
        BPI,
        negate(FIRST_REQUEST),
    )


@rule(
    "titre.csp_examen",
    group="B.2",
    title="Examen civique pour la carte de séjour pluriannuelle",
    since=RESULT,
    reference=ORDER_EXAM.at(),
    requirement="B-027 L-004 D-027",
    yes="La condition d'examen civique de la carte pluriannuelle est remplie.",
    no="L'examen civique reste à réussir pour la carte pluriannuelle.",
)
def csp_examen(context: Context) -> Condition:
    """Passed for the multi-year card or for the resident card, or exempted."""
    return any_of(
        among("civique.examen", ("csp", "cr", "naturalisation"), "examen civique réussi", "examen civique pas réussi"),
        rule_says("civique.examen_dispense"),
    )


@rule(
    "titre.csp_langue",
    group="B.2",
    title="Niveau de français pour la carte de séjour pluriannuelle",
    since=dt.date(2021, 5, 1),
    until=dt.date(2025, 12, 31),
    reference=CESEDA_CARD.at(),
    requirement="B-026 L-003",
    confidence="moyenne",
    yes="Aucun résultat de test n'est exigé pour la carte pluriannuelle : l'assiduité suffit.",
    no="Un niveau de français est exigé.",
)
def csp_langue_before(context: Context) -> Condition:
    """Before 2026, no result of a test."""
    return Constant(True, "aucun niveau n'est exigé avant le 1er janvier 2026")


@rule(
    "titre.csp_langue",
    group="B.2",
    title="Niveau de français pour la carte de séjour pluriannuelle",
    since=RESULT,
    reference=INSTRUCTION_2025.at("§1.b"),
    requirement="B-026 L-003",
    parameters=("csp_level_required",),
    yes="Le niveau de français exigé pour la carte pluriannuelle est prouvé, à l'écrit et à l'oral.",
    no="Le niveau de français exigé pour la carte pluriannuelle n'est pas prouvé.",
)
def csp_langue(context: Context) -> Condition:
    """A2 in writing and orally, on the first request."""
    return any_of(proven(context.level("csp_level_required")), negate(FIRST_REQUEST))


@rule(
    "titre.csp",
    group="B.2",
    title="Conditions d'intégration de la carte de séjour pluriannuelle",
    since=RESULT,
    reference=LAW_IMMIGRATION.at("art. 20"),
    requirement="B-026 B-027 L-004",
    yes="Les conditions de langue et d'examen civique de la carte pluriannuelle sont remplies.",
    no="Les conditions d'intégration de la carte pluriannuelle ne sont pas toutes remplies.",
)
def csp(context: Context) -> Condition:
    """Language and civic exam."""
    return all_of(rule_says("titre.csp_langue"), rule_says("titre.csp_examen"))


@rule(
    "titre.cr_langue",
    group="B.2",
    title="Niveau de français pour la carte de résident",
    since=dt.date(2021, 5, 1),
    until=dt.date(2025, 12, 31),
    reference=CESEDA_RESIDENT.at(),
    requirement="B-026",
    confidence="moyenne",
    yes="Le niveau A2, exigé pour la carte de résident, est prouvé.",
    no="Le niveau A2, exigé pour la carte de résident, n'est pas prouvé.",
)
def cr_langue_before(context: Context) -> Condition:
    """A2 before 2026 (the law of 2024 adds nothing before 1 January 2026)."""
    return any_of(proven(Level.A2), negate(FIRST_REQUEST))


@rule(
    "titre.cr_langue",
    group="B.2",
    title="Niveau de français pour la carte de résident",
    since=RESULT,
    reference=INSTRUCTION_2025.at("§1.b"),
    requirement="B-026 L-003",
    parameters=("cr_level_required",),
    yes="Le niveau de français exigé pour la carte de résident est prouvé, à l'écrit et à l'oral.",
    no="Le niveau de français exigé pour la carte de résident n'est pas prouvé.",
)
def cr_langue(context: Context) -> Condition:
    """B1 in writing and orally, on the first request."""
    return any_of(proven(context.level("cr_level_required")), negate(FIRST_REQUEST))


@rule(
    "titre.cr",
    group="B.2",
    title="Conditions d'intégration de la carte de résident",
    since=RESULT,
    reference=LAW_IMMIGRATION.at("art. 20"),
    requirement="B-026 B-027",
    yes="Les conditions de langue et d'examen civique de la carte de résident sont remplies.",
    no="Les conditions d'intégration de la carte de résident ne sont pas toutes remplies.",
)
def cr(context: Context) -> Condition:
    """B1 and the exam of the resident card; an exam passed for the multi-year card is not enough."""
    return all_of(
        rule_says("titre.cr_langue"),
        any_of(
            among(
                "civique.examen",
                ("cr", "naturalisation"),
                "examen civique réussi pour la carte de résident",
                "examen civique pas réussi pour la carte de résident",
            ),
            rule_says("civique.examen_dispense"),
        ),
    )


@rule(
    "titre.naturalisation_langue",
    group="B.2",
    title="Niveau de français pour la naturalisation",
    since=RESULT,
    reference=DECREE_NATURALISATION.at(),
    requirement="B-026",
    confidence="moyenne",
    parameters=("naturalisation_level_required",),
    yes="Le niveau de français exigé pour la naturalisation est prouvé.",
    no="Le niveau de français exigé pour la naturalisation n'est pas prouvé.",
)
def naturalisation_langue(context: Context) -> Condition:
    """B2 in writing and orally."""
    return proven(context.level("naturalisation_level_required"))


@rule(
    "titre.engagement",
    group="B.2",
    title="Contrat d'engagement à respecter les principes de la République",
    since=LAW_IMMIGRATION.since,
    reference=LAW_IMMIGRATION.at("art. 46"),
    requirement="B-029",
    confidence="moyenne",
    yes="La demande de titre comporte un contrat d'engagement à respecter les principes de la République.",
    no="Le contrat d'engagement ne s'impose pas.",
    note="Pour information : la plateforme n'en tire aucune décision.",
)
def engagement(context: Context) -> Condition:
    """Whoever applies for a document of stay."""
    return THIRD_COUNTRY


@rule(
    "titre.valide",
    group="B.6",
    title="Document de séjour en cours de validité",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§6.1"),
    requirement="B-059 C-033 C-035",
    yes="Le document de séjour est en cours de validité.",
    no="Le document de séjour est échu : les droits peuvent être rompus.",
)
def valide(context: Context) -> Condition:
    """The last day of validity included."""
    return not_expired("sejour.titre_fin", "document en cours de validité", "document échu")


@rule(
    "droits.api",
    group="B.6",
    title="Droits ouverts par l'attestation de prolongation d'instruction (API)",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§6.1.2"),
    requirement="B-059 C-034",
    yes="L'attestation prouve le séjour régulier et ouvre les droits (travail, France Travail, compte, logement…).",
    no="La personne ne se prévaut pas d'une attestation de prolongation en cours.",
)
def droits_api(context: Context) -> Condition:
    """A BPI holding an attestation that is still valid; its renewal is not automatic."""
    return all_of(
        among(
            "sejour.titre",
            ("attestation_prolongation",),
            "titulaire d'une attestation de prolongation d'instruction",
            "pas titulaire d'une attestation de prolongation",
        ),
        BPI,
        rule_says("titre.valide"),
    )


@rule(
    "aps.sortie_prostitution",
    group="B.6",
    title="Renouvellement de l'APS du parcours de sortie de la prostitution",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§6.3"),
    requirement="B-057",
    parameters=("aps_psp_months", "aps_psp_max_months"),
    yes="L'autorisation de six mois peut être renouvelée ; elle ouvre droit au travail.",
    no="L'autorisation ne peut pas, ou plus, être renouvelée.",
)
def aps_sortie_prostitution(context: Context) -> Condition:
    """Six months, renewable up to twenty-four."""
    months = context.number("aps_psp_max_months")
    return within_months(
        "psp.debut",
        months,
        f"parcours commencé depuis moins de {months} mois",
        f"pas de parcours commencé depuis moins de {months} mois",
    )


@rule(
    "teh.delai_reflexion",
    group="B.6",
    title="Délai de réflexion des victimes de traite",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§6.3"),
    requirement="B-058",
    parameters=("teh_reflection_days",),
    yes="Le délai de réflexion court : le récépissé donne droit au travail.",
    no="Le délai de réflexion ne court pas.",
)
def teh_delai_reflexion(context: Context) -> Condition:
    """Thirty days from its start."""
    days = context.number("teh_reflection_days")
    return within_days(
        "teh.debut_reflexion", days, f"délai de {days} jours en cours", f"pas de délai de {days} jours en cours"
    )


@rule(
    "p104.droits",
    group="B.6",
    title="Public du programme 104 hors AGIR",
    since=dt.date(2024, 3, 26),
    reference=INSTRUCTION_2024.at("§6.2 et §8"),
    requirement="B-047 B-063",
    yes="La personne peut suivre les actions d'accès aux droits du programme 104.",
    no="La personne ne relève pas des actions d'accès aux droits du programme 104.",
)
def p104_droits(context: Context) -> Condition:
    """Newcomers, BPI not eligible to AGIR included, those eligible to AGIR left out."""
    return unless(all_of(THIRD_COUNTRY, LAWFUL, rule_says("epa.national")), rule_says("agir.eligible"))
