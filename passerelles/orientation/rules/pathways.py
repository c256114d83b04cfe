"""B.3, the order of 21 November 2024: who decides the orientation, and the three pathways, one and only one each."""

from __future__ import annotations

from passerelles.orientation.engine.conditions import Condition, all_of, among, any_of, negate, rule_says, true
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import RSA
from passerelles.orientation.rules.texts import ORDER_PATHWAYS, ORIENTATION, PLEIN_EMPLOI

BARRIERS = {
    "sante": "santé",
    "logement": "logement",
    "mobilite": "mobilité",
    "garde": "garde d'enfants",
    "aidant": "proche aidant",
    "langue": "langue",
    "numerique": "numérique",
}
QUALIFIED = among(
    "etudes.niveau",
    (
        "secondaire_cap_bep",
        "secondaire_bac",
        "superieur_sans_diplome",
        "superieur_bac_2",
        "superieur_bac_3",
        "superieur_bac_4_et_plus",
    ),
    "formation qualifiante ou supérieure",
    "sans formation qualifiante",
)
RECENT_WORK = among(
    "experience.recente",
    ("en_activite", "deux_ans"),
    "a travaillé dans les deux dernières années",
    "n'a pas travaillé dans les deux dernières années",
)
PROJECT = true("projet.projection", "se projette dans un emploi à court terme", "ne se projette pas à court terme")
IMPEDED = any_of(
    *(
        among(
            f"frein.{name}",
            ("moyen", "fort"),
            f"frein « {label} » qui pèse sur la recherche d'emploi",
            f"frein « {label} » sans impact",
        )
        for name, label in BARRIERS.items()
    )
)
OBSTACLE = true(
    "frein.obstacle",
    "difficultés qui font pour l'instant obstacle à la recherche d'emploi",
    "pas de difficulté qui fasse obstacle à la recherche d'emploi",
)


@rule(
    "parcours.social",
    group="B.3",
    title="Parcours à vocation d'insertion sociale",
    since=PLEIN_EMPLOI,
    reference=ORDER_PATHWAYS.at("annexe"),
    requirement="C-036 D-036",
    yes="Parcours préalable à vocation d'insertion sociale (« remobilisation »).",
    no="Le parcours social n'est pas le mieux adapté.",
    confidence="moyenne",
)
def social(context: Context) -> Condition:
    """No recent activity, and difficulties that stand in the way for the time being (L.5411-5-1)."""
    return all_of(negate(RECENT_WORK), OBSTACLE)


@rule(
    "parcours.professionnel",
    group="B.3",
    title="Parcours à vocation d'insertion professionnelle",
    since=PLEIN_EMPLOI,
    reference=ORDER_PATHWAYS.at("annexe"),
    requirement="C-036 D-036",
    yes="Parcours à vocation d'insertion professionnelle (« emploi »).",
    no="Le parcours professionnel n'est pas le mieux adapté.",
    confidence="moyenne",
)
def professionnel(context: Context) -> Condition:
    """Qualified, recent activity or short-term project, no barrier that weighs, and not the social pathway."""
    return all_of(negate(rule_says("parcours.social")), QUALIFIED, any_of(RECENT_WORK, PROJECT), negate(IMPEDED))


@rule(
    "parcours.socio_pro",
    group="B.3",
    title="Parcours à vocation socio-professionnelle",
    since=PLEIN_EMPLOI,
    reference=ORDER_PATHWAYS.at("annexe"),
    requirement="C-036 D-036",
    yes="Parcours à vocation socio-professionnelle (« global »).",
    no="Le parcours socio-professionnel n'est pas le mieux adapté.",
    confidence="moyenne",
    note="Retenu aussi lorsque ni le profil du parcours professionnel ni celui du parcours social ne sont réunis.",
)
def socio_pro(context: Context) -> Condition:
    """Neither of the two others: barriers that weigh, or a profile that is not ready yet."""
    return all_of(negate(rule_says("parcours.social")), negate(rule_says("parcours.professionnel")))


@rule(
    "decideur.departement",
    group="B.3",
    title="Orientation décidée par le département",
    since=PLEIN_EMPLOI,
    reference=ORIENTATION.at("II"),
    requirement="B-033 B-037",
    yes="Le président du conseil départemental décide de l'orientation (délégation possible).",
    no="Le département ne décide pas de l'orientation.",
)
def departement(context: Context) -> Condition:
    """Beneficiaries of the RSA."""
    return RSA


@rule(
    "decideur.mission_locale",
    group="B.3",
    title="Orientation décidée par la mission locale",
    since=PLEIN_EMPLOI,
    reference=ORIENTATION.at("II"),
    requirement="B-015 B-037",
    yes="La mission locale décide de l'orientation.",
    no="La mission locale ne décide pas de l'orientation.",
)
def mission_locale(context: Context) -> Condition:
    """16 to 25, has turned to it, outside the RSA."""
    return all_of(negate(RSA), rule_says("ft.auto_mission_locale"))


@rule(
    "decideur.cap_emploi",
    group="B.3",
    title="Orientation décidée par le Cap emploi",
    since=PLEIN_EMPLOI,
    reference=ORIENTATION.at("II"),
    requirement="B-037",
    yes="Le Cap emploi décide de l'orientation.",
    no="Le Cap emploi ne décide pas de l'orientation.",
)
def cap_emploi(context: Context) -> Condition:
    """Disabled worker who has turned to it, outside the RSA; a mission locale already turned to comes first."""
    return all_of(negate(RSA), rule_says("ft.auto_cap_emploi"), negate(rule_says("decideur.mission_locale")))


@rule(
    "decideur.france_travail",
    group="B.3",
    title="Orientation décidée par France Travail",
    since=PLEIN_EMPLOI,
    reference=ORIENTATION.at("II"),
    requirement="B-037",
    yes="France Travail décide de l'orientation.",
    no="France Travail ne décide pas de l'orientation.",
)
def france_travail(context: Context) -> Condition:
    """All the others."""
    return negate(
        any_of(
            rule_says("decideur.departement"), rule_says("decideur.mission_locale"), rule_says("decideur.cap_emploi")
        )
    )
