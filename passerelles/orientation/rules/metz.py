"""B.5: the Metz experiment. Who is in scope, and whether the CIP registers the person (B-050, B-051, B-052).

This is the only definition: the interview of the reception day asks `in_scope` and `registration` here.
"""

from __future__ import annotations

from functools import lru_cache

from passerelles.core.answers import Answer
from passerelles.orientation.engine.conditions import Condition, Constant, all_of, false, negate, rule_says, true
from passerelles.orientation.engine.conditions import Test as OneFact
from passerelles.orientation.engine.facts import Values
from passerelles.orientation.engine.plan import Plan
from passerelles.orientation.engine.rules import Context, rule
from passerelles.orientation.rules.facts import FACTS
from passerelles.orientation.rules.texts import LAW_FULL_EMPLOYMENT, METZ_SLIDES

METZ = "dt:metz"
OUT_OF_SCOPE = {
    "cdi": "la personne a un emploi",
    "cdd": "la personne a un emploi",
    "other_job": "la personne a un emploi",
    "training": "la personne suit une formation professionnelle",
    "student": "la personne est étudiante",
    "other": "hors champ pour un autre motif",
}


def scope_condition() -> Condition:
    """No job, training or studies; the list is open: an agent may put a person out of scope in words."""
    out = tuple(
        negate(
            OneFact(
                "emploi.situation",
                lambda value, _, wanted=situation: value == wanted,  # type: ignore[misc]
                sentence,
                "sans emploi, ni formation, ni études",
                requirement="B-050",
            )
        )
        for situation, sentence in OUT_OF_SCOPE.items()
    )
    return all_of(
        false("metz.autre_motif", "pas d'autre motif hors champ", OUT_OF_SCOPE["other"], requirement="B-050"), *out
    )


def registration_condition(convention: Condition, automatic: Condition) -> Condition:
    """In scope, during the agreement, nothing automatic, no opt-out, and none of the three checks is positive."""
    return all_of(
        negate(automatic),
        convention,
        scope_condition(),
        negate(true("spe.dispense", "demande expresse de dispense", "pas de demande de dispense", requirement="B-035")),
        negate(
            true(
                "rsa.beneficiaire",
                "les bénéficiaires du RSA sont inscrits automatiquement",
                "pas bénéficiaire du RSA",
                reference=LAW_FULL_EMPLOYMENT.at(),
                requirement="B-033",
            )
        ),
        negate(true("agir.suivi", "accompagnement AGIR", "pas d'accompagnement AGIR", requirement="B-049")),
        negate(true("ft.inscrit", "inscription France Travail", "pas inscrit à France Travail", requirement="B-051")),
    )


def lasting(convention: bool) -> Condition:
    sentence = "convention en vigueur" if convention else "la date est hors de la période de la convention"
    return Constant(convention, sentence, requirement="B-052")


def made_void(automatic: bool) -> Condition:
    sentence = (
        "l’inscription est devenue automatique : l’expérimentation est sans objet"
        if automatic
        else "l’inscription n’est pas automatique"
    )
    return Constant(automatic, sentence, requirement="B-052")


@rule(
    "metz.champ",
    group="B.5",
    title="Champ de l'expérimentation de Metz",
    since=METZ_SLIDES.since,
    until=METZ_SLIDES.until,
    scope=(METZ,),
    reference=METZ_SLIDES.at(),
    requirement="B-050 C-018",
    yes="La personne est dans le champ de l'entretien individuel.",
    no="La personne est hors du champ de l'entretien individuel.",
)
def champ(context: Context) -> Condition:
    """Without a job, training or studies."""
    return scope_condition()


@rule(
    "metz.inscription",
    group="B.5",
    title="Inscription par le CIP le jour de la plateforme d'accueil",
    since=METZ_SLIDES.since,
    until=METZ_SLIDES.until,
    scope=(METZ,),
    reference=METZ_SLIDES.at(),
    requirement="B-049 B-051 B-052 L-014 C-018",
    parameters=("metz_convention", "auto_ft_registration_date"),
    yes="Le CIP inscrit la personne à France Travail.",
    no="Le CIP n'inscrit pas la personne.",
)
def inscription(context: Context) -> Condition:
    """The eight combinations of the three checks: registered only when all three are negative."""
    convention = context.parameter("metz_convention").setting
    start = context.parameter("auto_ft_registration_date").setting
    if start is None:
        automatic = made_void(False)
    else:
        day = start.as_date()
        automatic = OneFact(
            "cir.date_signature",
            lambda _, on: on >= day,
            "l’inscription est devenue automatique : l’expérimentation est sans objet",
            "l’inscription n’est pas encore automatique",
            edges=lambda on: (on,),
            requirement="B-052",
        )
    return registration_condition(lasting(convention is not None and convention.as_bool()), automatic)


@rule(
    "metz.deja_connu",
    group="B.5",
    title="Personne du champ déjà connue du RSA, d'AGIR ou de France Travail",
    since=METZ_SLIDES.since,
    until=METZ_SLIDES.until,
    scope=(METZ,),
    reference=METZ_SLIDES.at(),
    requirement="B-049 B-051 L-021",
    yes="La personne est déjà couverte : il n'y a rien à inscrire.",
    no="La personne n'est couverte par aucune des trois vérifications, ou est hors du champ.",
)
def deja_connu(context: Context) -> Condition:
    """In scope, and one of the three checks is positive."""
    none = all_of(
        *(
            false(fact, f"pas {name}", name)
            for fact, name in (
                ("rsa.beneficiaire", "bénéficiaire du RSA"),
                ("agir.suivi", "accompagné par AGIR"),
                ("ft.inscrit", "inscrit à France Travail"),
            )
        )
    )
    return all_of(rule_says("metz.champ"), negate(none))


@lru_cache(maxsize=8)
def _alone(convention: bool | None, automatic: bool) -> Plan:
    """The rule outside its own dates and place, which the caller has already settled."""
    if convention is None:
        write = lambda _: scope_condition()  # noqa: E731
    else:
        write = lambda _: registration_condition(lasting(convention), made_void(automatic))  # noqa: E731
    version = rule(
        "metz",
        group="B.5",
        title="",
        since=METZ_SLIDES.since,
        reference=METZ_SLIDES.at(),
        requirement="B-051",
        yes="",
        no="",
    )(write)
    return Plan((version,), {version.name: {}}, FACTS)


def in_scope(values: Values) -> Answer:
    """Is the person in the scope of the experiment (B-050)?"""
    return _answer(_alone(None, False), values)


def registration(values: Values, *, convention: bool, automatic: bool) -> Answer:
    """Should the CIP register this person now (B-051)? The caller says whether the agreement is in force (B-052)."""
    return _answer(_alone(convention, automatic), values)


def _answer(plan: Plan, values: Values) -> Answer:
    return plan.answer("metz", plan.outcomes(values, METZ_SLIDES.since))
