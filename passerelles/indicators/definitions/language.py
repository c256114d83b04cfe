"""Language and civic training: levels, days attended, ready for a permit (F-038 to F-044, F-046). Pure."""

from __future__ import annotations

from collections.abc import Callable

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Nature, Status, lines
from passerelles.indicators.engine.relations import Expr, Tables
from passerelles.reference.levels import Level

FAMILY = "Formation linguistique et civique"
CIVIC_DAYS = 4


def reaches(column: Expr, level: Level) -> Expr:
    """The level written in `column` is `level` or above; null counts as no."""
    return ibis.coalesce(column.isin([each.value for each in Level if each.reaches(level)]), False)


def _finished(tables: Tables, target: str) -> Expr:
    courses = tables.of("language")
    return courses.filter(
        courses.target == target, ibis.coalesce(courses.outcome == "completed", False), courses.ended_on.notnull()
    )


def _attained(target: str) -> Callable[[Tables, Moment], Expr]:
    def units(tables: Tables, moment: Moment) -> Expr:
        courses = _finished(tables, target)
        assessed = courses.filter(courses.written.notnull(), courses.oral.notnull())
        reached = reaches(assessed.written, Level(target)) & reaches(assessed.oral, Level(target))
        return lines(assessed, unit="subject_id", on="ended_on", num=reached, den=1, parcours=assessed.what)

    return units


def _unassessed(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("language")
    done = courses.filter(ibis.coalesce(courses.outcome == "completed", False), courses.ended_on.notnull())
    missing = done.filter(done.written.isnull() | done.oral.isnull())
    return lines(missing, unit="subject_id", on="ended_on", objectif=missing.target, parcours=missing.what)


def _started(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("language")
    return lines(courses, unit="subject_id", on="started_on", objectif=courses.target, parcours=courses.what)


def _prescribed(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("language")
    return lines(courses, unit="subject_id", on="opened_on", **_of_course(courses))


def _served(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("language")
    begun = ibis.coalesce(courses.started_on <= moment.seen, False)
    return lines(courses, unit="subject_id", on="opened_on", num=begun, den=1, **_of_course(courses))


def _of_course(courses: Expr) -> dict[str, Expr]:
    return {"objectif": courses.target, "parcours": courses.what, "modalite": courses.detail}


def _dropped(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("language")
    over = courses.filter(courses.ended_on.notnull(), courses.outcome.notnull())
    return lines(
        over,
        unit="subject_id",
        on="ended_on",
        num=over.outcome == "dropped",
        den=1,
        objectif=over.target,
        parcours=over.what,
    )


def _civic(tables: Tables, moment: Moment) -> Expr:
    civic = tables.of("civic")
    whole = ibis.coalesce(civic.amount >= CIVIC_DAYS, False) & ibis.coalesce(civic.ended_on <= moment.seen, False)
    return lines(civic, unit="subject_id", on="opened_on", num=whole, den=1)


def _ready(level: Level) -> Callable[[Tables, Moment], Expr]:
    """A stock: from the day when both the level and the exam are there."""

    def units(tables: Tables, moment: Moment) -> Expr:
        tests = tables.of("assessment")
        good = tests.filter(reaches(tests.written, level) & reaches(tests.oral, level))
        since = good.group_by("person_id").agg(level_on=good.opened_on.min())
        exams = tables.of("exam")
        passed = exams.filter(ibis.coalesce(exams.flag, False))
        passes = passed.group_by("person_id").agg(exam_on=passed.opened_on.min())
        found = tables.person.join(since, "person_id").join(passes, "person_id")
        when = ibis.ifelse(found.level_on >= found.exam_on, found.level_on, found.exam_on)
        return lines(found, unit="person_id", on=when, until=found.departed_on)

    return units


def _attainment(target: str, requirement: str, status: Status, goal: str, note: str) -> Definition:
    return Definition(
        code=f"atteinte_{target.lower()}",
        name=f"Taux d’atteinte du niveau {target} en fin de formation",
        family=FAMILY,
        requirement=requirement,
        counted=Counted.EVENTS,
        population=f"Formations visant le niveau {target}, terminées dans la période, évaluées",
        numerator=f"Niveau {target} atteint à l’écrit et à l’oral",
        denominator="Formations terminées et évaluées à l’écrit et à l’oral",
        day="dernier jour de la formation",
        measure=Measure.SHARE,
        status=status,
        units=_attained(target),
        target=goal,
        note=note,
        details=(("parcours", "Parcours de formation"),),
    )


COURSE_DETAILS = (("objectif", "Niveau visé"), ("parcours", "Parcours de formation"))
WITH_MODE = (*COURSE_DETAILS, ("modalite", "Modalité"))
FIGURES = (
    _attainment("A1", "F-038", Status.STATED, "80 % en 2024", "Repères : 67 % en 2022, 68 % en 2023."),
    _attainment("A2", "F-039", Status.STATED, "", "L’écrit ou l’oral manque : la formation est comptée non évaluée."),
    _attainment("B1", "F-039", Status.PROPOSED, "", "L’écrit ou l’oral manque : la formation est comptée non évaluée."),
    Definition(
        code="formations_non_evaluees",
        name="Formations linguistiques terminées sans évaluation complète",
        family=FAMILY,
        requirement="F-039",
        counted=Counted.EVENTS,
        population="Formations linguistiques suivies jusqu’au bout et terminées dans la période",
        numerator="L’écrit ou l’oral n’a pas été évalué",
        day="dernier jour de la formation",
        units=_unassessed,
        details=COURSE_DETAILS,
    ),
    Definition(
        code="prescriptions_linguistiques",
        name="Formations linguistiques prescrites",
        family=FAMILY,
        requirement="F-046",
        counted=Counted.EVENTS,
        population="Personnes connues de la plateforme",
        numerator="Formations prescrites dans la période : la demande à laquelle l’offre doit répondre",
        day="jour de la prescription",
        units=_prescribed,
        details=WITH_MODE,
    ),
    Definition(
        code="prescriptions_suivies_entree",
        name="Part des formations linguistiques prescrites qui ont commencé",
        family=FAMILY,
        requirement="F-046",
        counted=Counted.EVENTS,
        population="Formations linguistiques prescrites dans la période",
        numerator="Formations commencées à la date d’observation",
        denominator="Formations prescrites",
        day="jour de la prescription",
        measure=Measure.SHARE,
        units=_served,
        details=WITH_MODE,
        note="L’écart à 100 % est la demande non servie, par niveau, modalité et territoire.",
    ),
    Definition(
        code="entrees_formation_linguistique",
        name="Entrées en formation linguistique",
        family=FAMILY,
        requirement="F-042, F-046",
        counted=Counted.EVENTS,
        population="Formations linguistiques prescrites",
        numerator="Formations commencées dans la période",
        day="premier jour de la formation",
        units=_started,
        details=COURSE_DETAILS,
    ),
    Definition(
        code="abandons_linguistiques",
        name="Part des formations linguistiques abandonnées",
        family=FAMILY,
        requirement="F-042",
        counted=Counted.EVENTS,
        population="Formations linguistiques terminées dans la période",
        numerator="Formations abandonnées",
        denominator="Formations terminées ou abandonnées",
        day="dernier jour de la formation",
        measure=Measure.SHARE,
        units=_dropped,
        details=COURSE_DETAILS,
    ),
    Definition(
        code="formation_civique",
        name="Part des formations civiques suivies en entier",
        family=FAMILY,
        requirement="F-044",
        counted=Counted.EVENTS,
        population="Formations civiques prescrites dans la période",
        numerator="Quatre jours suivis",
        denominator="Formations civiques prescrites",
        day="jour de la prescription",
        measure=Measure.SHARE,
        status=Status.STATED,
        units=_civic,
    ),
    *(
        Definition(
            code=f"prets_{permit}",
            name=f"Personnes prêtes pour {label}",
            family=FAMILY,
            requirement="F-043",
            counted=Counted.PERSONS,
            population="Personnes connues, présentes sur le territoire",
            numerator=f"Niveau {level.value} attesté à l’écrit et à l’oral, et examen civique réussi",
            day="jour où la dernière des deux conditions est remplie (il donne l’âge)",
            units=_ready(level),
            status=Status.STATED,
            nature=Nature.STOCK,
        )
        for permit, label, level in (
            ("csp", "la carte de séjour pluriannuelle", Level.A2),
            ("cr", "la carte de résident", Level.B1),
        )
    ),
)
