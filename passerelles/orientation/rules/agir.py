"""B.4: the AGIR programme. Who may enter, until when, and what being eligible closes elsewhere (L-027)."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.conditions import (
    Condition,
    all_of,
    any_of,
    negate,
    past,
    rule_says,
    true,
    within_months,
    within_years,
)
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.common import BPI, SIGNATORY, WITHOUT_JOB
from passerelles.orientation.rules.texts import INSTRUCTION_2022, INSTRUCTION_2024

NEED = any_of(
    true("besoin.emploi", "besoin d'emploi ou de formation", "pas de besoin d'emploi", requirement="B-044"),
    true("besoin.logement", "besoin de logement", "pas de besoin de logement", requirement="B-044"),
)
VALIDATED = true("agir.valide_ofii", "orientation validée par l'OFII", "orientation pas validée par l'OFII")
PARAMETERS = ("agir_max_status_age", "agir_deployed")
_YES = "La personne peut être orientée vers AGIR."
_NO = "La personne ne peut pas être orientée vers AGIR."
_TITLE = "Éligibilité au programme AGIR"


def _recent(context: Context) -> Condition:
    years = context.number("agir_max_status_age")
    return within_years(
        "sejour.statut_date",
        years,
        f"protection obtenue depuis moins de {years} ans",
        f"protection pas obtenue depuis moins de {years} ans",
    )


def _open(context: Context) -> Condition:
    """Open in the department; asked for where no source says so (B-048)."""
    return context.holds(
        "agir_deployed",
        ask="agir.departement_ouvert",
        yes="AGIR ouvert dans le département",
        no="AGIR pas ouvert dans le département",
    )


def first_conditions(context: Context) -> Condition:
    """BPI in an open department: protection under two years old and a need, or the cohort of the start."""
    return all_of(
        BPI,
        _open(context),
        any_of(
            all_of(_recent(context), NEED),
            true(
                "agir.cohorte_demarrage",
                "cohorte de démarrage du département",
                "hors de la cohorte de démarrage",
                requirement="B-046",
            ),
        ),
    )


eligible_2022 = rule(
    "agir.eligible",
    group="B.4",
    title=_TITLE,
    since=INSTRUCTION_2022.since,
    until=INSTRUCTION_2022.until,
    reference=INSTRUCTION_2022.at(),
    requirement="B-043 B-044 B-046 B-048 L-027",
    confidence="moyenne",
    parameters=PARAMETERS,
    yes=_YES,
    no=_NO,
)(first_conditions)

eligible_2024 = rule(
    "agir.eligible",
    group="B.4",
    title=_TITLE,
    since=INSTRUCTION_2024.since,
    until=dt.date(2024, 6, 30),
    reference=INSTRUCTION_2024.at("§2.2.2"),
    requirement="B-043 B-044 B-046 B-048 L-027",
    parameters=PARAMETERS,
    yes=_YES,
    no=_NO,
)(first_conditions)

eligible_restricted = rule(
    "agir.eligible",
    group="B.4",
    title=_TITLE,
    since=dt.date(2024, 7, 1),
    until=dt.date(2024, 12, 31),
    reference=INSTRUCTION_2024.at("§2.2.2, critères restreints en juillet 2024"),
    requirement="B-043 B-044 B-046 L-027",
    confidence="faible",
    parameters=PARAMETERS,
    yes=_YES,
    no=_NO,
    note="Critères restreints en juillet 2024 pour raison budgétaire ; le détail n'est pas publié : à valider.",
)(first_conditions)


@rule(
    "agir.eligible",
    group="B.4",
    title=_TITLE,
    since=dt.date(2025, 1, 1),
    reference=INSTRUCTION_2024.at("§2.2.2, recentrage de 2025"),
    requirement="B-043 B-044 L-027",
    confidence="moyenne",
    parameters=(*PARAMETERS, "agir_active_cap"),
    yes=_YES,
    no=_NO,
    note="Recentré en 2025 sur les BPI les plus vulnérables, sans hébergement ou sans emploi ; "
    "25 000 bénéficiaires actifs au plus : une place peut manquer.",
)
def eligible_2025(context: Context) -> Condition:
    """BPI and signatory, protection under two years old, a need, and no lodging, no job or a vulnerability."""
    return all_of(
        BPI,
        SIGNATORY,
        _open(context),
        _recent(context),
        NEED,
        any_of(
            true("logement.sans_hebergement", "sans hébergement", "a un hébergement"),
            WITHOUT_JOB,
            true("agir.vulnerable", "vulnérabilité retenue par l'OFII", "pas de vulnérabilité retenue par l'OFII"),
        ),
    )


@rule(
    "agir.orientation",
    group="B.4",
    title="Orientation vers l'opérateur AGIR",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§2.2.2"),
    requirement="B-045 C-053",
    yes="L'OFII a validé : l'opérateur AGIR peut recevoir la personne.",
    no="L'orientation vers AGIR ne peut pas être transmise à l'opérateur.",
)
def orientation(context: Context) -> Condition:
    """Eligible, validated by OFII, not already accompanied."""
    return all_of(
        rule_says("agir.eligible"),
        VALIDATED,
        negate(true("agir.suivi", "déjà accompagné par AGIR", "pas encore accompagné par AGIR")),
    )


@rule(
    "agir.maintien",
    group="B.4",
    title="Poursuite de l'accompagnement AGIR",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§2.2"),
    requirement="C-053",
    confidence="moyenne",
    parameters=("agir_max_months",),
    yes="L'accompagnement AGIR peut se poursuivre (24 mois au plus).",
    no="L'accompagnement AGIR n'a pas commencé ou a atteint sa durée maximale.",
)
def maintien(context: Context) -> Condition:
    """Entered less than the maximal number of months ago."""
    months = context.number("agir_max_months")
    return within_months(
        "agir.date_entree", months, f"entré depuis moins de {months} mois", f"pas entré depuis moins de {months} mois"
    )


@rule(
    "agir.programme_similaire",
    group="B.4",
    title="Orientation vers un programme d'accompagnement semblable",
    since=INSTRUCTION_2024.since,
    reference=INSTRUCTION_2024.at("§2.2.2"),
    requirement="B-046",
    yes="La personne peut être orientée vers un autre programme d'accompagnement global.",
    no="Un BPI éligible à AGIR, ou déjà suivi par AGIR, n'est pas orienté vers un programme semblable.",
)
def programme_similaire(context: Context) -> Condition:
    """A BPI whom AGIR neither follows nor may receive."""
    return all_of(
        BPI,
        past("sejour.statut_date", "protection accordée", "protection pas encore accordée"),
        negate(rule_says("agir.eligible")),
        negate(true("agir.suivi", "accompagné par AGIR", "pas accompagné par AGIR")),
    )
