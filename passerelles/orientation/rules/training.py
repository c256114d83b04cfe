"""B.3, training: direct access to the courses of France Travail, and the rights of employees who learn French."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    all_of,
    among,
    any_of,
    level_from,
    number_below,
    past,
    true,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import EMPLOYED, REGISTERED, SIGNATORY
from passerelles.orientation.rules.texts import CPF_ABSENCE, INSTRUCTION_2025, SKILLS_PLAN, WORK_TIME_TRAINING


@rule(
    "ft.acces_direct",
    group="B.3",
    title="Accès direct aux formations financées par France Travail",
    since=dt.date(2025, 6, 26),
    reference=INSTRUCTION_2025.at("§1.b"),
    requirement="B-038 L-042",
    parameters=("ft_direct_access_near_level", "near_a2_min_level"),
    yes="Accès direct aux formations et aux financements de France Travail.",
    no="Pas d'accès direct aux formations de France Travail à ce stade.",
    note="« Proche de A2 » n'est pas défini par l'instruction : le seuil est un paramètre.",
)
def acces_direct(context: Context) -> Condition:
    """Signatory near A2 or seeking a job in shortage; never before the initial assessment of OFII."""
    near = context.level("near_a2_min_level")
    return all_of(
        SIGNATORY,
        past(
            "langue.evaluation", "évaluation initiale de l'OFII faite", "évaluation initiale de l'OFII pas encore faite"
        ),
        any_of(
            all_of(
                level_from("langue.ecrit", near, f"proche de A2 à l'écrit ({near})", "pas proche de A2 à l'écrit"),
                level_from("langue.oral", near, f"proche de A2 à l'oral ({near})", "pas proche de A2 à l'oral"),
            ),
            true("metier.tension", "cherche un métier en tension", "ne cherche pas un métier en tension"),
        ),
    )


def _employed_signatory() -> Condition:
    return all_of(
        EMPLOYED,
        SIGNATORY,
        true("langue.allophone", "salarié allophone", "le français est sa langue"),
        true("langue.parcours_a2", "parcours de français visant au moins A2", "pas de parcours visant au moins A2"),
    )


@rule(
    "formation.temps_travail",
    group="B.3",
    title="Formation linguistique sur le temps de travail",
    since=WORK_TIME_TRAINING.since,
    reference=WORK_TIME_TRAINING.at(),
    requirement="B-040 C-044 D-044",
    parameters=("worktime_language_hours",),
    yes="Les cours de français peuvent être suivis sur le temps de travail, salaire maintenu (80 heures au plus).",
    no="Les cours de français ne peuvent pas, ou plus, être suivis sur le temps de travail.",
    note="Sans accord de l'employeur, l'absence ne dépasse pas 10 % de la durée hebdomadaire.",
)
def temps_travail(context: Context) -> Condition:
    """Employed signatory in a path to A2 or more, with hours left."""
    hours = context.number("worktime_language_hours")
    return all_of(
        _employed_signatory(),
        number_below("langue.heures_travail", hours, f"moins de {hours} heures déjà prises", f"{hours} heures prises"),
    )


@rule(
    "formation.absence_cpf",
    group="B.3",
    title="Absence de droit pour un cours de français financé par le CPF",
    since=CPF_ABSENCE.since,
    reference=CPF_ABSENCE.at(),
    requirement="B-040 C-044 D-044",
    parameters=("cpf_absence_hours",),
    yes="L'absence pour un cours de français financé par le CPF est de droit (28 heures au plus).",
    no="L'absence n'est pas, ou plus, de droit.",
)
def absence_cpf(context: Context) -> Condition:
    """Employed signatory in a path to A2 or more, with hours left."""
    hours = context.number("cpf_absence_hours")
    return all_of(
        _employed_signatory(),
        number_below("langue.heures_cpf", hours, f"moins de {hours} heures déjà prises", f"{hours} heures prises"),
    )


@rule(
    "formation.plan_competences",
    group="B.3",
    title="Cours de français au plan de développement des compétences",
    since=SKILLS_PLAN.since,
    reference=SKILLS_PLAN.at(),
    requirement="B-041",
    confidence="moyenne",
    yes="L'employeur peut inscrire des cours de français à son plan de développement des compétences.",
    no="Le plan de développement des compétences ne concerne pas cette personne.",
)
def plan_competences(context: Context) -> Condition:
    """Any allophone employee; it is for the employer to choose."""
    return all_of(EMPLOYED, true("langue.allophone", "salarié allophone", "le français est sa langue"))


@rule(
    "formation.entree",
    group="B.3",
    title="Entrée en formation professionnelle pendant la formation linguistique",
    since=dt.date(2025, 6, 26),
    scope=("region:11",),
    reference=INSTRUCTION_2025.at("annexe Île-de-France"),
    requirement="B-039",
    confidence="moyenne",
    yes="La formation linguistique de l'OFII ne doit pas empêcher l'entrée en formation professionnelle.",
    no="La règle de conciliation des calendriers ne joue pas.",
)
def entree(context: Context) -> Condition:
    """Registered job seekers of the plan who follow a course of OFII."""
    return all_of(
        REGISTERED,
        among(
            "formation.en_cours",
            ("linguistique_cir",),
            "suit la formation linguistique du CIR",
            "ne suit pas la formation linguistique du CIR",
        ),
    )
