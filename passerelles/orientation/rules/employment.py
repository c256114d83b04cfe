"""B.3: registration at France Travail, who accompanies, opt-out, rights of signatories in training and at work."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    Constant,
    Test,
    age_from,
    age_under,
    all_of,
    among,
    any_of,
    negate,
    not_expired,
    rule_says,
    true,
    unless,
    within_years,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import (
    DISABLED_WORKER,
    EXEMPT_FROM_PERMIT,
    OPTED_OUT,
    REGISTERED,
    RSA,
    SEEKING,
    SEEKING_OR_LIKELY,
    SIGNATORY,
    WITHOUT_JOB,
)
from passerelles.orientation.rules.texts import (
    APEC,
    DISABILITY,
    ENGAGEMENT,
    INSTRUCTION_2025,
    OPT_OUT_CLAUSE,
    ORIENTATION,
    PERMITS,
    PERMITS_BEFORE,
    PLEIN_EMPLOI,
    REGISTRATION,
    REGISTRATION_BEFORE,
    YOUTH_BEFORE,
    YOUTH_CONTRACT,
)

ALWAYS = (
    "carte_resident",
    "vie_privee_familiale",
    "talent",
    "csp_salarie",
    "famille_ue",
    "recherche_emploi",
    "csp_protection_subsidiaire",
    "csp_apatride",
    "aps_sortie_prostitution",
    "certificat_algerien",
)
ON_CONDITION = (
    "vpf_famille_rld_ue",
    "ict_famille",
    "stagiaire_ict_famille",
    "cst_salarie",
    "travailleur_temporaire",
    "etudiant",
)
WITH_MENTION = (
    "aps",
    "recepisse_premiere",
    "recepisse_renouvellement",
    "attestation_decision_favorable",
    "attestation_prolongation",
)


def permit_allows(context: Context) -> Condition:
    """One of the twenty documents, valid on the day, its own condition met; or a nationality that needs none."""
    return any_of(
        EXEMPT_FROM_PERMIT,
        all_of(
            any_of(
                among("sejour.titre", ALWAYS, "document qui permet l'inscription", "document qui n'y suffit pas seul"),
                all_of(
                    among("sejour.titre", ON_CONDITION, "document admis sous condition", "document non admis ainsi"),
                    true("sejour.titre_condition", "condition du titre remplie", "condition du titre non remplie"),
                ),
                all_of(
                    among("sejour.titre", WITH_MENTION, "document provisoire", "document non admis ainsi"),
                    true(
                        "sejour.titre_travail",
                        "mention « autorise son titulaire à travailler »",
                        "sans la mention « autorise son titulaire à travailler »",
                    ),
                ),
            ),
            not_expired("sejour.titre_fin", "document en cours de validité", "document échu"),
        ),
    )


_PERMIT_YES = "Le document de séjour permet l'inscription à France Travail, pour la durée du titre."
_PERMIT_NO = "Le document de séjour ne permet pas l'inscription à France Travail."

titre_before = rule(
    "ft.titre",
    group="B.3",
    title="Document de séjour permettant l'inscription à France Travail",
    since=PERMITS_BEFORE.since,
    until=PERMITS_BEFORE.until,
    reference=PERMITS_BEFORE.at(),
    requirement="D-006",
    confidence="moyenne",
    yes=_PERMIT_YES,
    no=_PERMIT_NO,
    note="Rédaction antérieure au 16 juin 2025, supposée de même contenu.",
)(permit_allows)

titre = rule(
    "ft.titre",
    group="B.3",
    title="Document de séjour permettant l'inscription à France Travail",
    since=PERMITS.since,
    reference=PERMITS.at(),
    requirement="D-006",
    yes=_PERMIT_YES,
    no=_PERMIT_NO,
    note="Le certificat de résidence algérien est assimilé à la carte de même durée (accord du 27/12/1968).",
)(permit_allows)


@rule(
    "ft.auto_rsa",
    group="B.3",
    title="Inscription automatique des bénéficiaires du RSA",
    since=PLEIN_EMPLOI,
    reference=REGISTRATION.at("2°"),
    requirement="B-033",
    yes="La personne est inscrite automatiquement au titre du RSA.",
    no="Pas d'inscription automatique au titre du RSA.",
)
def auto_rsa(context: Context) -> Condition:
    """Whoever asks for the RSA, and their spouse or partner."""
    return RSA


@rule(
    "ft.auto_mission_locale",
    group="B.3",
    title="Inscription par la mission locale",
    since=PLEIN_EMPLOI,
    reference=REGISTRATION.at("3°"),
    requirement="B-015",
    yes="La demande à une mission locale vaut inscription.",
    no="Pas d'inscription par la mission locale.",
)
def auto_mission_locale(context: Context) -> Condition:
    """Aged 16 to 25 and has turned to a mission locale."""
    return all_of(
        rule_says("mission_locale.public"),
        true(
            "mission_locale.sollicitee",
            "s'est adressé à une mission locale",
            "ne s'est pas adressé à une mission locale",
        ),
    )


@rule(
    "ft.auto_cap_emploi",
    group="B.3",
    title="Inscription par le Cap emploi",
    since=PLEIN_EMPLOI,
    reference=REGISTRATION.at("4°"),
    requirement="B-037",
    yes="La demande à un Cap emploi vaut inscription.",
    no="Pas d'inscription par un Cap emploi.",
)
def auto_cap_emploi(context: Context) -> Condition:
    """Has turned to a Cap emploi."""
    return all_of(
        rule_says("cap_emploi.public"),
        true("cap_emploi.sollicite", "s'est adressé à un Cap emploi", "ne s'est pas adressé à un Cap emploi"),
    )


@rule(
    "ft.auto_cir",
    group="B.3",
    title="Inscription automatique des signataires du CIR",
    since=dt.date(2025, 6, 26),
    reference=INSTRUCTION_2025.at("§1.a"),
    requirement="B-032 L-005 L-051",
    parameters=("auto_ft_registration_date", "ft_registration_scope"),
    yes="L'inscription du signataire du CIR est automatique.",
    no="L'inscription du signataire du CIR n'est pas automatique : il faut l'accompagner.",
    note="« Courant 2026 » : tant que la date n'est pas fixée par l'État, l'inscription reste accompagnée.",
)
def auto_cir(context: Context) -> Condition:
    """From the date set by the State, for the signatories seeking a job; without a date, assisted registration."""
    start = context.parameter("auto_ft_registration_date")
    if start.setting is None:
        return Constant(False, "la date de l'inscription automatique n'est pas configurée : inscription accompagnée")
    day = start.setting.as_date()
    seekers_only = context.text("ft_registration_scope") == "signatories_seeking_employment"
    reached = past_day(day)
    return all_of(reached, SIGNATORY, SEEKING) if seekers_only else all_of(reached, SIGNATORY)


def past_day(day: dt.date) -> Condition:
    """The day has come; a test on the contract, so that a person who signed none is told no, whatever the day."""
    return Test(
        "cir.date_signature",
        lambda signed, on: on >= day,
        f"inscription automatique depuis le {day:%d/%m/%Y}",
        f"inscription automatique seulement à partir du {day:%d/%m/%Y}",
        edges=lambda on: (on,),
    )


_REGISTER_YES = "Il faut proposer et accompagner l'inscription à France Travail."
_REGISTER_NO = "Il n'y a pas d'inscription à faire."


@rule(
    "ft.inscription",
    group="B.3",
    title="Inscription à France Travail à accompagner",
    since=PERMITS_BEFORE.since,
    until=REGISTRATION_BEFORE.until,
    reference=REGISTRATION_BEFORE.at(),
    requirement="B-032 B-034",
    confidence="moyenne",
    yes=_REGISTER_YES,
    no=_REGISTER_NO,
)
def inscription_before(context: Context) -> Condition:
    """Before 2025: whoever seeks a job, is not registered yet and holds a document that allows it."""
    return all_of(SEEKING_OR_LIKELY, rule_says("ft.titre"), negate(REGISTERED), negate(OPTED_OUT))


@rule(
    "ft.inscription",
    group="B.3",
    title="Inscription à France Travail à accompagner",
    since=PLEIN_EMPLOI,
    reference=REGISTRATION.at("1°"),
    requirement="B-032 B-033 B-034",
    yes=_REGISTER_YES,
    no=_REGISTER_NO,
)
def inscription(context: Context) -> Condition:
    """Seeks a job, not registered, document that allows it, nothing registers the person automatically, no opt-out."""
    return all_of(
        SEEKING_OR_LIKELY,
        rule_says("ft.titre"),
        negate(REGISTERED),
        negate(OPTED_OUT),
        negate(
            any_of(
                rule_says("ft.auto_rsa"),
                rule_says("ft.auto_mission_locale"),
                rule_says("ft.auto_cap_emploi"),
                rule_says("ft.auto_cir"),
            )
        ),
    )


@rule(
    "ft.contrat_engagement",
    group="C",
    title="Contrat d'engagement réciproque",
    since=PLEIN_EMPLOI,
    reference=ENGAGEMENT.at(),
    requirement="C-038",
    yes="Un contrat d'engagement est à signer avec l'organisme référent dans le mois de l'orientation.",
    no="Pas de contrat d'engagement sans inscription.",
)
def contrat_engagement(context: Context) -> Condition:
    """Everyone registered."""
    return any_of(REGISTERED, rule_says("ft.auto_rsa"))


@rule(
    "spe.orientation",
    group="B.3",
    title="Orientation vers le service public de l'emploi",
    since=dt.date(2021, 10, 15),
    until=dt.date(2024, 12, 31),
    reference=OPT_OUT_CLAUSE.at("art. 3"),
    requirement="B-035 B-036 C-008",
    confidence="moyenne",
    yes="Une orientation vers le service public de l'emploi est à proposer.",
    no="Pas d'orientation à proposer vers le service public de l'emploi.",
)
def spe_orientation_before(context: Context) -> Condition:
    """Without a job, seeking one or likely to, unless the person expressly asks to be exempt."""
    return unless(all_of(WITHOUT_JOB, SEEKING_OR_LIKELY), OPTED_OUT)


@rule(
    "spe.orientation",
    group="B.3",
    title="Orientation vers le réseau pour l'emploi",
    since=PLEIN_EMPLOI,
    reference=ORIENTATION.at(),
    requirement="B-035 B-036 C-008 C-054",
    yes="Une orientation vers le réseau pour l'emploi est à proposer.",
    no="Pas d'orientation à proposer vers le réseau pour l'emploi.",
)
def spe_orientation(context: Context) -> Condition:
    """Without a job, seeking one or likely to, unless the person expressly asks to be exempt."""
    return unless(all_of(WITHOUT_JOB, SEEKING_OR_LIKELY), OPTED_OUT)


@rule(
    "spe.dispense",
    group="B.3",
    title="Dispense d'accompagnement vers l'emploi",
    since=OPT_OUT_CLAUSE.since,
    reference=OPT_OUT_CLAUSE.at("art. 3"),
    requirement="B-035 C-054 D-016",
    yes="La personne est dispensée d'accompagnement, sans effet sur son CIR ; elle peut revenir sur sa demande.",
    no="La personne n'a pas demandé de dispense.",
    note="Clause des accords de Paris et de la Haute-Garonne, appliquée partout et maintenue : à confirmer.",
    confidence="faible",
)
def spe_dispense(context: Context) -> Condition:
    """The person's express request, kept with its date and reversible."""
    return OPTED_OUT


@rule(
    "mission_locale.public",
    group="B.3",
    title="Public des missions locales",
    since=YOUTH_BEFORE.since,
    reference=YOUTH_BEFORE.at(),
    requirement="B-015 B-037",
    parameters=("youth_support_age_min", "mission_locale_age_max"),
    yes="La mission locale peut accompagner cette personne.",
    no="La personne n'a pas l'âge du public des missions locales.",
)
def mission_locale(context: Context) -> Condition:
    """From 16 to 25 completed: 26 is too late."""
    low, high = context.number("youth_support_age_min"), context.number("mission_locale_age_max")
    return all_of(
        age_from("naissance", low, f"a au moins {low} ans", f"a moins de {low} ans"),
        age_under("naissance", high + 1, f"n'a pas encore {high + 1} ans", f"a {high + 1} ans ou plus"),
    )


@rule(
    "mission_locale.cej",
    group="B.3",
    title="Contrat d'engagement jeune (CEJ)",
    since=PLEIN_EMPLOI,
    reference=YOUTH_CONTRACT.at(),
    requirement="B-015",
    parameters=("youth_support_age_min", "mission_locale_age_max", "cej_age_max_disabled"),
    yes="Un contrat d'engagement jeune peut être proposé.",
    no="Le contrat d'engagement jeune n'est pas ouvert.",
)
def cej(context: Context) -> Condition:
    """16 to 25, or 29 for a recognised disabled worker; in difficulty; neither student nor in training."""
    low = context.number("youth_support_age_min")
    high, disabled = context.number("mission_locale_age_max"), context.number("cej_age_max_disabled")
    return all_of(
        age_from("naissance", low, f"a au moins {low} ans", f"a moins de {low} ans"),
        any_of(
            age_under("naissance", high + 1, f"n'a pas encore {high + 1} ans", f"a {high + 1} ans ou plus"),
            all_of(
                DISABLED_WORKER,
                age_under("naissance", disabled + 1, f"n'a pas encore {disabled + 1} ans", f"a plus de {disabled} ans"),
            ),
        ),
        among(
            "emploi.situation",
            ("none", "other"),
            "ni en emploi, ni étudiant, ni en formation",
            "en emploi, étudiant ou en formation",
        ),
    )


@rule(
    "cap_emploi.public",
    group="B.3",
    title="Public des Cap emploi",
    since=DISABILITY.since,
    reference=DISABILITY.at(),
    requirement="B-037 D-011",
    yes="Le Cap emploi peut accompagner cette personne.",
    no="La personne ne relève pas d'un Cap emploi.",
)
def cap_emploi(context: Context) -> Condition:
    """Beneficiary of the employment obligation; the ground is not recorded."""
    return DISABLED_WORKER


@rule(
    "apec.public",
    group="B.3",
    title="Public de l'Apec",
    since=APEC.since,
    reference=APEC.at(),
    requirement="B-037",
    confidence="moyenne",
    parameters=("apec_signatory",),
    yes="L'Apec peut accompagner cette personne.",
    no="L'Apec ne peut pas être proposée.",
)
def apec(context: Context) -> Condition:
    """Executive, or graduate of three years of higher education, where the Apec is party to the agreement."""
    return all_of(
        any_of(
            true("emploi.cadre", "est ou a été cadre", "n'a pas été cadre"),
            among(
                "etudes.niveau",
                ("superieur_bac_3", "superieur_bac_4_et_plus"),
                "diplômé à bac+3 ou plus",
                "pas diplômé à bac+3",
            ),
        ),
        context.holds(
            "apec_signatory",
            ask="apec.signataire",
            yes="Apec partie à l'accord du département",
            no="Apec pas partie à l'accord du département",
        ),
    )


@rule(
    "ft.idf_cible",
    group="B.3",
    title="Approche ciblée francilienne",
    since=dt.date(2025, 6, 26),
    until=dt.date(2025, 6, 30),
    scope=("department:75", "department:93"),
    reference=INSTRUCTION_2025.at("annexe Île-de-France"),
    requirement="B-042 L-057",
    confidence="moyenne",
    yes="La personne relève de l'approche ciblée francilienne (Paris et Seine-Saint-Denis).",
    no="La personne ne relève pas de l'approche ciblée francilienne.",
)
def idf_first(context: Context) -> Condition:
    """Category A, CIR signed less than a year ago; Paris and Seine-Saint-Denis first."""
    return _idf(1)


@rule(
    "ft.idf_cible",
    group="B.3",
    title="Approche ciblée francilienne",
    since=dt.date(2025, 7, 1),
    scope=("region:11",),
    reference=INSTRUCTION_2025.at("annexe Île-de-France"),
    requirement="B-042 L-057",
    confidence="moyenne",
    parameters=("idf_cohort_cir_age",),
    yes="La personne relève de l'approche ciblée francilienne.",
    no="La personne ne relève pas de l'approche ciblée francilienne.",
)
def idf(context: Context) -> Condition:
    """The whole region from the second half of 2025."""
    return _idf(context.number("idf_cohort_cir_age"))


def _idf(years: int) -> Condition:
    return all_of(
        among("ft.categorie", ("A",), "demandeur d'emploi de catégorie A", "pas demandeur d'emploi de catégorie A"),
        among("cir.contrat", ("cir",), "a signé un CIR", "n'a pas signé de CIR"),
        within_years(
            "cir.date_signature",
            years,
            f"CIR signé depuis moins de {years} an",
            f"CIR pas signé depuis moins de {years} an",
        ),
    )
