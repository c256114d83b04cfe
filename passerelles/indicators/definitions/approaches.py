"""The approach of Île-de-France and its funnel (F-016 to F-021); AGIR (F-048, F-050). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Nature, Status, lines
from passerelles.indicators.engine.relations import Expr, Tables

IDF, AGIR = "Approche d’Île-de-France", "Programme AGIR"
APPROACH = "ile_de_france_2025"
FOLLOWED = "Signataires du CIR demandeurs d’emploi suivis par l’approche engagée en 2025 en Île-de-France"


def _steps(tables: Tables) -> Expr:
    found = tables.of("approach")
    return found.filter(found.what == APPROACH)


def _at(milestone: str, outcomes: Sequence[str] = ()) -> Callable[[Tables, Moment], Expr]:
    def units(tables: Tables, moment: Moment) -> Expr:
        found = _steps(tables)
        if outcomes:
            found = found.filter(found.outcome.isin(list(outcomes)))
        return lines(found, unit="subject_id", on=milestone, issue=found.outcome)

    return units


def _conversion(later: str, earlier: str, outcomes: Sequence[str] = ()) -> Callable[[Tables, Moment], Expr]:
    """Who reached `later` by the last day of the period, over who reached `earlier` in it."""

    def units(tables: Tables, moment: Moment) -> Expr:
        found = _steps(tables)
        reached = ibis.coalesce(found[later] <= moment.end, False)
        if outcomes:
            reached = reached & ibis.coalesce(found.outcome.isin(list(outcomes)), False)
        return lines(found, unit="subject_id", on=earlier, num=reached, den=1)

    return units


def _cumulative(
    code: str,
    name: str,
    requirement: str,
    numerator: str,
    day: str,
    units: Callable[[Tables, Moment], Expr],
    status: Status = Status.STATED,
) -> Definition:
    return Definition(
        code=code,
        name=name,
        family=IDF,
        requirement=requirement,
        counted=Counted.PERSONS,
        population=FOLLOWED,
        numerator=numerator,
        day=day,
        units=units,
        status=status,
        nature=Nature.CUMULATIVE,
        distinct=True,
    )


def _ratio(
    code: str, name: str, numerator: str, denominator: str, units: Callable[[Tables, Moment], Expr]
) -> Definition:
    return Definition(
        code=code,
        name=name,
        family=IDF,
        requirement="F-020",
        counted=Counted.PERSONS,
        population=FOLLOWED,
        numerator=numerator,
        denominator=denominator,
        day="jour de l’étape du dénominateur",
        measure=Measure.SHARE,
        status=Status.STATED,
        units=units,
        note="Chiffres récents, peu significatifs (document d’origine).",
    )


LANGUAGE, VOCATIONAL, HIRED = ("language_training",), ("vocational_training",), ("recruited",)


def _oriented(tables: Tables, moment: Moment) -> Expr:
    return lines(tables.of("agir"), unit="subject_id", on="answered_on")


def _entered(tables: Tables, moment: Moment) -> Expr:
    return lines(tables.of("agir"), unit="subject_id", on="started_on")


def _exits(tables: Tables, moment: Moment) -> Expr:
    found = tables.of("agir")
    return lines(found, unit="subject_id", on="ended_on", motif_sortie=found.outcome)


def _housed(tables: Tables, moment: Moment) -> Expr:
    found = tables.of("agir")
    told = found.filter(found.ended_on.notnull(), found.outcome.notnull())
    housed = told.outcome.isin(["housing", "job_and_housing"])
    return lines(told, unit="subject_id", on="ended_on", num=housed, den=1, motif_sortie=told.outcome)


def _delay(tables: Tables, moment: Moment) -> Expr:
    found = tables.of("agir")
    found = found.filter(found.answered_on.notnull())
    days = found.answered_on.delta(found.opened_on, unit="day")
    return lines(found, unit="subject_id", on="answered_on", num=days, den=1, jours=days.cast("string"))


def _supported(tables: Tables, moment: Moment) -> Expr:
    return lines(tables.of("agir"), unit="subject_id", on="started_on", until="ended_on")


def _after_entry(*episodes: str) -> Callable[[Tables, Moment], Expr]:
    """Of those who entered: who has had one of these since, by the day of observation."""

    def units(tables: Tables, moment: Moment) -> Expr:
        entered = tables.of("agir")
        entered = entered.filter(entered.started_on.notnull())
        had = tables.of(*episodes).select("person_id", had_on="opened_on")
        both = entered.select("subject_id", "person_id", "started_on").join(had, "person_id")
        after = both.filter(both.had_on >= both.started_on, both.had_on <= moment.seen)
        after = after.select("subject_id").distinct().mutate(had=1)
        found = entered.left_join(after, "subject_id").drop("subject_id_right")
        return lines(found, unit="subject_id", on="started_on", num=found.had.fill_null(0), den=1)

    return units


def _agir(code: str, name: str, numerator: str, day: str, units: Callable[[Tables, Moment], Expr]) -> Definition:
    return Definition(
        code=code,
        name=name,
        family=AGIR,
        requirement="F-050",
        counted=Counted.PERSONS,
        population="Personnes orientées vers le programme AGIR",
        numerator=numerator,
        day=day,
        units=units,
    )


FIGURES = (
    _cumulative(
        "idf_vivier",
        "Vivier : demandeurs d’emploi de catégorie A signataires d’un CIR",
        "F-020",
        "Personnes repérées",
        "jour du repérage",
        _at("opened_on"),
    ),
    _cumulative(
        "idf_recus", "Personnes reçues", "F-020", "Personnes reçues", "jour de la réception", _at("answered_on")
    ),
    _cumulative(
        "idf_accompagnements",
        "Parcours d’accompagnement proposés",
        "F-019",
        "Personnes à qui un parcours est proposé (proposé n’est pas commencé)",
        "jour de la proposition",
        _at("started_on"),
    ),
    _cumulative(
        "idf_recrutements",
        "Recrutements de demandeurs d’emploi",
        "F-017",
        "Personnes recrutées",
        "jour du recrutement",
        _at("ended_on", HIRED),
    ),
    _cumulative(
        "idf_formations",
        "Entrées en formation",
        "F-018",
        "Entrées en formation professionnelle ou linguistique",
        "jour de l’entrée",
        _at("ended_on", (*VOCATIONAL, *LANGUAGE)),
    ),
    _cumulative(
        "idf_formations_professionnelles",
        "Entrées en formation : dont professionnelle",
        "F-018",
        "Entrées en formation professionnelle",
        "jour de l’entrée",
        _at("ended_on", VOCATIONAL),
    ),
    _cumulative(
        "idf_formations_linguistiques",
        "Entrées en formation : dont linguistique",
        "F-018",
        "Entrées en formation linguistique",
        "jour de l’entrée",
        _at("ended_on", LANGUAGE),
    ),
    _ratio(
        "idf_part_recus", "Part du vivier reçue", "Personnes reçues", "Vivier", _conversion("answered_on", "opened_on")
    ),
    _ratio(
        "idf_part_proposes",
        "Part des personnes reçues à qui un parcours est proposé",
        "Parcours proposés",
        "Personnes reçues",
        _conversion("started_on", "answered_on"),
    ),
    _ratio(
        "idf_part_recrutes",
        "Part des parcours proposés suivis d’un recrutement",
        "Recrutements",
        "Parcours proposés",
        _conversion("ended_on", "started_on", HIRED),
    ),
    _ratio(
        "idf_part_formation_professionnelle",
        "Part des parcours proposés suivis d’une formation professionnelle",
        "Entrées en formation professionnelle",
        "Parcours proposés",
        _conversion("ended_on", "started_on", VOCATIONAL),
    ),
    _ratio(
        "idf_part_formation_linguistique",
        "Part des parcours proposés suivis d’une formation linguistique",
        "Entrées en formation linguistique",
        "Parcours proposés",
        _conversion("ended_on", "started_on", LANGUAGE),
    ),
    replace(
        _agir(
            "agir_orientes",
            "Personnes orientées vers AGIR",
            "Orientations prononcées dans la période ; une personne compte une fois",
            "jour de l’orientation",
            _oriented,
        ),
        distinct=True,
        status=Status.STATED,
        target="15 000 à la fin de 2023, plus du double à la fin de 2024",
        note="Repère : 15 165 au 31 décembre 2023, dans 50 départements.",
    ),
    replace(
        _agir(
            "agir_entrees",
            "Entrées dans AGIR",
            "Entrées dans la période ; une personne compte une fois",
            "jour de l’entrée",
            _entered,
        ),
        distinct=True,
        status=Status.STATED,
    ),
    replace(
        _agir("agir_sorties", "Sorties d’AGIR", "Sorties dans la période", "jour de la sortie", _exits),
        counted=Counted.EVENTS,
        requirement="F-048, L-045",
        details=(("motif_sortie", "Motif de la sortie"),),
    ),
    replace(
        _agir(
            "agir_delai",
            "Délai moyen d’orientation vers AGIR",
            "Jours écoulés de la proposition à l’orientation",
            "jour de l’orientation",
            _delay,
        ),
        denominator="Orientations prononcées dans la période",
        measure=Measure.MEAN,
        status=Status.STATED,
        counted=Counted.EVENTS,
        note="Repère : 10 jours.",
        details=(("jours", "Délai en jours"),),
    ),
    replace(
        _agir(
            "agir_en_cours",
            "Accompagnements AGIR en cours",
            "Accompagnements commencés et non terminés au dernier jour de la période",
            "jour de l’entrée (il donne l’âge)",
            _supported,
        ),
        nature=Nature.STOCK,
        counted=Counted.EVENTS,
    ),
    replace(
        _agir(
            "agir_droits",
            "AGIR : part des personnes entrées dont un droit a été ouvert depuis",
            "Un droit au moins ouvert depuis l’entrée",
            "jour de l’entrée",
            _after_entry("rights"),
        ),
        denominator="Entrées de la période",
        measure=Measure.SHARE,
        requirement="F-048",
        counted=Counted.EVENTS,
    ),
    replace(
        _agir(
            "agir_emploi_formation",
            "AGIR : part des personnes entrées qui ont trouvé un emploi ou une formation",
            "Un emploi commencé ou une formation proposée depuis l’entrée",
            "jour de l’entrée",
            _after_entry("job", "training"),
        ),
        denominator="Entrées de la période",
        measure=Measure.SHARE,
        requirement="F-048",
        counted=Counted.EVENTS,
    ),
    replace(
        _agir(
            "agir_logement",
            "AGIR : part des sorties avec un logement",
            "Motif de la sortie : logement, ou emploi et logement",
            "jour de la sortie",
            _housed,
        ),
        population="Sorties d’AGIR de la période dont le motif est connu",
        denominator="Sorties dont le motif est connu",
        measure=Measure.SHARE,
        requirement="F-048",
        counted=Counted.EVENTS,
        details=(("motif_sortie", "Motif de la sortie"),),
        note="Un logement trouvé sans que la sortie le dise n’est pas compté.",
    ),
)
