"""Signatories and their profile: prescription, activity, studies (F-027 to F-041). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Status, lines
from passerelles.indicators.definitions.dimensions import SCHOOLINGS
from passerelles.indicators.engine.relations import Expr, Tables
from passerelles.reference.schooling import Schooling

FAMILY = "Signataires du CIR"
SIGNED = "Signataires du CIR dont le premier contrat est signé dans la période"
ON_SIGNATURE = "jour de la première signature"
ACTIVE = ("cdi", "cdd", "other_job", "training", "student")
JOBS = ("cdi", "cdd", "other_job")
Units = Callable[[Tables, Moment], Expr]
HIGHER = tuple(each.value for each in Schooling if each.is_higher_graduate)


def signatories(tables: Tables) -> Expr:
    return tables.person.filter(tables.person.signed_on.notnull())


def _count(tables: Tables, moment: Moment) -> Expr:
    return lines(signatories(tables), unit="person_id", on="signed_on")


def _prescribed(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    return lines(people, unit="person_id", on="signed_on", num=people.prescribed_on.notnull(), den=1)


def _spared(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    return lines(people.filter(people.prescribed_on.isnull()), unit="person_id", on="signed_on")


def _towards_a1(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    asked = ibis.coalesce(people.prescribed_target == "A1", False)
    return lines(people, unit="person_id", on="signed_on", num=asked, den=1)


def _without_activity(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    known = people.filter(people.situation.notnull())
    return lines(known, unit="person_id", on="signed_on", num=~known.situation.isin(list(ACTIVE)), den=1)


def _in_work(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    known = people.filter(people.situation.notnull())
    return lines(known, unit="person_id", on="signed_on", num=known.situation.isin(list(JOBS)), den=1)


def _graduates(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    known = people.filter(people.schooling.isin(list(SCHOOLINGS)))
    return lines(known, unit="person_id", on="signed_on", num=known.schooling.isin(list(HIGHER)), den=1)


def _wishing_unregistered(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    wish = people.filter(ibis.coalesce(people.wishes_work, False))
    registered = tables.of("registration")
    registered = registered.filter(registered.what == "ft").group_by("person_id").agg(first=lambda t: t.opened_on.min())
    both = wish.left_join(registered, "person_id").drop("person_id_right")
    late = ibis.coalesce(both["first"] > both.signed_on, True)
    return lines(both, unit="person_id", on="signed_on", num=late, den=1)


def _opted_out(tables: Tables, moment: Moment) -> Expr:
    people = signatories(tables)
    return lines(people, unit="person_id", on="signed_on", num=people.opted_out_on.notnull(), den=1)


def _of_signatories(code: str, name: str, requirement: str, numerator: str, units: Units, **more: Any) -> Definition:
    """Persons, on the day of their first signature; a share of the signatories unless said otherwise."""
    values: dict[str, Any] = {"population": SIGNED, "measure": Measure.SHARE}
    return Definition(
        code=code,
        name=name,
        family=FAMILY,
        requirement=requirement,
        counted=Counted.PERSONS,
        numerator=numerator,
        day=ON_SIGNATURE,
        units=units,
        **(values | more),
    )


FIGURES = (
    _of_signatories(
        code="signataires",
        name="Signataires du contrat d’intégration républicaine",
        requirement="F-041, F-027",
        numerator="Personnes ; qui a signé plusieurs contrats compte une fois, au premier",
        status=Status.STATED,
        units=_count,
        measure=Measure.COUNT,
    ),
    _of_signatories(
        code="formation_linguistique",
        name="Part des signataires à qui une formation linguistique est prescrite",
        requirement="F-028, F-040",
        numerator="Formation linguistique prescrite au plus 15 jours avant ou après la signature",
        denominator="Signataires",
        status=Status.STATED,
        units=_prescribed,
        note="Repères : 45,8 % au niveau national en 2023 ; 40,8 % en Haute-Garonne en 2020.",
    ),
    _of_signatories(
        code="formation_a1",
        name="Part des signataires à qui une formation vers le niveau A1 est prescrite",
        requirement="F-040",
        numerator="Signataires dont la formation prescrite à la signature vise le niveau A1",
        denominator="Signataires",
        status=Status.STATED,
        units=_towards_a1,
    ),
    _of_signatories(
        code="amdfl",
        name="Signataires dispensés de formation linguistique (AMDFL)",
        requirement="F-028",
        numerator="Signataires sans formation linguistique prescrite à la signature",
        status=Status.STATED,
        units=_spared,
        measure=Measure.COUNT,
    ),
    _of_signatories(
        code="sans_activite",
        name="Part des signataires sans activité à la signature",
        requirement="F-033",
        population="Signataires dont la situation est connue au jour de la signature",
        numerator="Ni emploi, ni formation, ni études, selon la dernière situation constatée",
        denominator="Signataires dont la situation est connue",
        units=_without_activity,
        note="Repères : 60 % des primo-arrivants, plus de 80 % des bénéficiaires de la protection internationale.",
    ),
    _of_signatories(
        code="en_activite",
        name="Part des signataires en emploi à la signature",
        requirement="F-034",
        population="Signataires dont la situation est connue au jour de la signature",
        numerator="En emploi, d’après la dernière situation constatée ce jour-là",
        denominator="Signataires dont la situation est connue",
        units=_in_work,
        note="Repères 2022 : 30 % des femmes, 54 % des hommes.",
    ),
    _of_signatories(
        code="diplomes_superieur",
        name="Part des signataires diplômés de l’enseignement supérieur",
        requirement="F-034",
        population="Signataires dont le niveau scolaire est connu",
        numerator="Diplôme de niveau bac + 2 ou plus",
        denominator="Signataires dont le niveau scolaire est connu",
        units=_graduates,
        note="Repères 2022 : 38 % des femmes, 27 % des hommes.",
    ),
    _of_signatories(
        code="souhait_non_inscrits",
        name="Part des non-inscrits à France Travail parmi ceux qui souhaitent travailler",
        requirement="F-033",
        population="Signataires qui disent à la signature souhaiter travailler",
        numerator="Aucune inscription à France Travail au plus tard le jour de la signature",
        denominator="Signataires qui souhaitent travailler",
        units=_wishing_unregistered,
        note="Repère national : environ 60 %.",
    ),
    _of_signatories(
        code="refus_orientation",
        name="Part des signataires qui refusent l’orientation vers le réseau pour l’emploi",
        requirement="F-072",
        numerator="Signataires qui ont demandé, un jour, à ne pas être orientés, même s’ils sont revenus sur ce choix",
        denominator="Signataires",
        units=_opted_out,
    ),
)
