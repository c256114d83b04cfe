"""Jobs, training, shortage occupations, cohorts (F-012 to F-014, F-031, F-035, F-036). Pure."""

from __future__ import annotations

from collections.abc import Callable

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Nature, Status, lines
from passerelles.indicators.engine.relations import Expr, Tables

FAMILY = "Emploi et formation professionnelle"
CONTRACT = (("contrat", "Nature du contrat"),)


def _hires_of(jobs: Expr) -> Expr:
    return lines(jobs, unit="subject_id", on="opened_on", occupation=jobs.what, contrat=jobs.detail)


def _hires(tables: Tables, moment: Moment) -> Expr:
    return _hires_of(tables.of("job"))


def _in_shortage(tables: Tables, episode: str) -> Expr:
    """Jobs or needs whose occupation is in shortage in the territory, on their day."""
    found = tables.of(episode)
    return found.filter(ibis.coalesce(found.flag, False))


def _hires_in_shortage(tables: Tables, moment: Moment) -> Expr:
    return _hires_of(_in_shortage(tables, "job"))


def _posts_in_shortage(tables: Tables, moment: Moment) -> Expr:
    needs = _in_shortage(tables, "need")
    return lines(needs, unit="subject_id", on="opened_on", num=needs.amount.fill_null(0), occupation=needs.what)


def _coverage(tables: Tables, moment: Moment) -> Expr:
    """Hires in the numerator, posts in the denominator: two populations of the same occupation and place."""
    jobs, needs = _in_shortage(tables, "job"), _in_shortage(tables, "need")
    hired = lines(jobs, unit="subject_id", on="opened_on", num=1, den=0, occupation=jobs.what)
    asked = lines(needs, unit="subject_id", on="opened_on", num=0, den=needs.amount.fill_null(0), occupation=needs.what)
    return ibis.union(hired, asked)


def _kept(tables: Tables, moment: Moment) -> Expr:
    jobs = tables.of("job")
    checked = jobs.filter(jobs.answered_on.notnull(), jobs.answer.isin(["in_post", "left"]))
    return lines(
        checked,
        unit="subject_id",
        on="opened_on",
        num=checked.answer == "in_post",
        den=1,
        occupation=checked.what,
        contrat=checked.detail,
    )


def _trainings(tables: Tables, moment: Moment) -> Expr:
    courses = tables.of("training")
    return lines(courses, unit="subject_id", on="started_on", formation=courses.what)


def _immersions(tables: Tables, moment: Moment) -> Expr:
    held = tables.of("immersion")
    return lines(held, unit="subject_id", on="opened_on", occupation=held.what)


def _back_to_work(months: int) -> Callable[[Tables, Moment], Expr]:
    """In a job on the day `months` after the end; only those for whom that day has come."""

    def units(tables: Tables, moment: Moment) -> Expr:
        courses = tables.of("training")
        done = courses.filter(courses.ended_on.notnull(), ibis.coalesce(courses.flag, False))
        done = done.mutate(seen_on=_later(done.ended_on, months))
        done = done.filter(done.seen_on <= moment.seen)
        jobs = tables.of("job").select("person_id", begun="opened_on", over="ended_on")
        both = done.select("subject_id", "person_id", "seen_on").join(jobs, "person_id")
        working = both.filter(both.begun <= both.seen_on, both.over.isnull() | (both.over > both.seen_on))
        working = working.select("subject_id").distinct().mutate(works=1)
        found = done.left_join(working, "subject_id").drop("subject_id_right")
        return lines(found, unit="subject_id", on="ended_on", num=found.works.fill_null(0), den=1, formation=found.what)

    return units


def _later(day: Expr, months: int) -> Expr:
    return (day + ibis.interval(months=months)).cast("date") if months else day


def _within_a_year(tables: Tables, moment: Moment) -> Expr:
    people = tables.person
    people = people.filter(people.signed_on.notnull(), people.registered_on.notnull())
    close = people.filter(
        people.registered_on >= (people.signed_on - ibis.interval(months=3)).cast("date"),
        people.registered_on <= (people.signed_on + ibis.interval(months=3)).cast("date"),
        (people.signed_on + ibis.interval(months=12)).cast("date") <= moment.seen,
    )
    got = ibis.coalesce(close.job_on <= (close.signed_on + ibis.interval(months=12)).cast("date"), False)
    return lines(close, unit="person_id", on="signed_on", num=got, den=1)


def _in_post(tables: Tables, moment: Moment) -> Expr:
    jobs = tables.of("job")
    return lines(jobs, unit="subject_id", on="opened_on", until="ended_on", occupation=jobs.what, contrat=jobs.detail)


TO_VALIDATE = "Aucun document ne donne la formule : elle est à valider par la DGEF et la DGEFP (L-041)."
FIGURES = (
    Definition(
        code="recrutements",
        name="Recrutements",
        family=FAMILY,
        requirement="F-013",
        counted=Counted.EVENTS,
        population="Personnes connues de la plateforme",
        numerator="Emplois commencés dans la période",
        day="premier jour de l’emploi",
        units=_hires,
        details=CONTRACT,
    ),
    Definition(
        code="personnes_recrutees",
        name="Personnes recrutées",
        family=FAMILY,
        requirement="F-013",
        counted=Counted.PERSONS,
        population="Personnes connues de la plateforme",
        numerator="Au moins un emploi commencé dans la période ; une personne compte une fois",
        day="premier jour du premier de ces emplois",
        units=_hires,
        distinct=True,
        details=CONTRACT,
    ),
    Definition(
        code="recrutements_en_tension",
        name="Recrutements dans un métier en tension",
        family=FAMILY,
        requirement="F-012, F-014",
        counted=Counted.EVENTS,
        population="Emplois dont le métier est en tension dans le territoire au jour du recrutement",
        numerator="Emplois commencés dans la période",
        day="premier jour de l’emploi",
        units=_hires_in_shortage,
        details=CONTRACT,
    ),
    Definition(
        code="postes_en_tension",
        name="Postes déclarés dans un métier en tension",
        family=FAMILY,
        requirement="F-012, F-013",
        counted=Counted.PLACES,
        population="Besoins d’employeurs dont le métier est en tension dans le territoire",
        numerator="Postes des besoins déclarés dans la période",
        day="jour de la déclaration du besoin",
        units=_posts_in_shortage,
        persons=False,
    ),
    Definition(
        code="couverture_metiers_en_tension",
        name="Couverture des métiers en tension par des étrangers primo-arrivants",
        family=FAMILY,
        requirement="F-012, F-013, L-041",
        counted=Counted.EVENTS,
        population="Métiers en tension du territoire, dans la période",
        numerator="Recrutements d’étrangers primo-arrivants",
        denominator="Postes déclarés dans les mêmes métiers, le même territoire, la même période",
        day="premier jour de l’emploi ; jour de la déclaration du besoin",
        measure=Measure.COVERAGE,
        units=_coverage,
        note=TO_VALIDATE,
    ),
    Definition(
        code="maintien_6_mois",
        name="Maintien dans l’emploi à six mois",
        family=FAMILY,
        requirement="F-036",
        counted=Counted.EVENTS,
        population="Emplois commencés dans la période et vérifiés à six mois",
        numerator="Toujours en poste six mois après l’embauche",
        denominator="Emplois vérifiés à six mois",
        day="premier jour de l’emploi",
        measure=Measure.SHARE,
        units=_kept,
        details=CONTRACT,
        note="Repère : 73 % (PRIM’AGRO).",
    ),
    Definition(
        code="entrees_formation",
        name="Entrées en formation professionnelle",
        family=FAMILY,
        requirement="F-018, F-035",
        counted=Counted.EVENTS,
        population="Formations professionnelles proposées",
        numerator="Formations commencées dans la période",
        day="premier jour de la formation",
        units=_trainings,
        details=(("formation", "Formation"),),
    ),
    Definition(
        code="immersions",
        name="Immersions en entreprise",
        family=FAMILY,
        requirement="F-022",
        counted=Counted.EVENTS,
        population="Personnes connues de la plateforme",
        numerator="Immersions commencées dans la période",
        day="premier jour de l’immersion",
        units=_immersions,
    ),
    *(
        Definition(
            code=f"retour_emploi_{suffix}",
            name=f"Retour à l’emploi {when} après une formation",
            family=FAMILY,
            requirement="F-035",
            counted=Counted.EVENTS,
            population="Formations professionnelles menées à leur terme dans la période",
            numerator=f"Personne en emploi {exactly}",
            denominator="Formations menées à leur terme, ce jour étant passé à la date d’observation",
            day="dernier jour de la formation",
            measure=Measure.SHARE,
            units=_back_to_work(months),
            details=(("formation", "Formation"),),
            note="Repères : 60 à 85 % (POE, PACA) ; 83 % de 24 (Avenir).",
        )
        for suffix, months, when, exactly in (
            ("fin", 0, "à la fin", "le dernier jour de la formation"),
            ("6_mois", 6, "six mois", "six mois jour pour jour après la fin"),
        )
    ),
    Definition(
        code="emploi_12_mois",
        name="Accès à l’emploi dans les douze mois de la signature du CIR",
        family=FAMILY,
        requirement="F-031",
        counted=Counted.PERSONS,
        population="Signataires de la période dont l’inscription à France Travail la plus proche de la signature est à "
        "moins de trois mois, avant ou après",
        numerator="Un emploi commencé du jour de la signature au douzième mois, jour pour jour",
        denominator="Ces signataires, dont les douze mois sont écoulés à la date d’observation",
        day="jour de la première signature",
        measure=Measure.SHARE,
        status=Status.STATED,
        units=_within_a_year,
        cohort="Signataires inscrits à trois mois près, suivis pendant douze mois entiers",
        note="Repères (Bourgogne-Franche-Comté, cohorte 2023) : 33 % ; femmes 27 %, hommes 37 %.",
    ),
    Definition(
        code="en_emploi",
        name="Emplois en cours",
        family=FAMILY,
        requirement="F-022",
        counted=Counted.EVENTS,
        population="Emplois des personnes connues de la plateforme",
        numerator="Emplois commencés et non terminés au dernier jour de la période",
        day="premier jour de l’emploi (il donne l’âge)",
        nature=Nature.STOCK,
        units=_in_post,
        details=CONTRACT,
    ),
)
