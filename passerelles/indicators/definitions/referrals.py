"""Referrals and first appointments: the OFII → operators balance (F-022, F-023, F-071, F-072). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Status, lines
from passerelles.indicators.engine.relations import Expr, Tables

FAMILY = "Orientations et premiers rendez-vous"
SENT = "Orientations envoyées dans la période"
ON_SENT = "jour de l’envoi de l’orientation"
POSITIVE, UNTOLD = ("job", "training", "need_met"), "untold"
Units = Callable[[Tables, Moment], Expr]
DETAILS = (("destinataire", "Nature du destinataire"), ("motif_orientation", "Motif de l’orientation"))


def _lines(table: Expr, on: str, **values: Expr) -> Expr:
    return lines(table, unit="subject_id", on=on, destinataire=table.what, motif_orientation=table.detail, **values)


def _answered(answer: str) -> Callable[[Tables, Moment], Expr]:
    def units(tables: Tables, moment: Moment) -> Expr:
        sent = tables.of("referral")
        return _lines(sent, "opened_on", num=ibis.coalesce(sent.answer == answer, False), den=1)

    return units


def _sent(tables: Tables, moment: Moment) -> Expr:
    return _lines(tables.of("referral"), "opened_on")


def _attended(tables: Tables, moment: Moment) -> Expr:
    sent = tables.of("referral")
    return _lines(sent, "opened_on", num=ibis.coalesce(sent.started_on <= moment.seen, False), den=1)


def _delay(tables: Tables, moment: Moment) -> Expr:
    met = tables.of("referral")
    met = met.filter(met.started_on.notnull())
    days = met.started_on.delta(met.opened_on, unit="day")
    return _lines(met, "started_on", num=days, den=1, jours=days.cast("string"))


def _within(days: int) -> Callable[[Tables, Moment], Expr]:
    """Only those whose time has fully run out are in the denominator."""

    def units(tables: Tables, moment: Moment) -> Expr:
        sent = tables.of("referral")
        due = sent.filter(moment.seen.delta(sent.opened_on, unit="day") >= days)
        soon = ibis.coalesce(due.started_on.delta(due.opened_on, unit="day") <= days, False)
        return _lines(due, "opened_on", num=soon, den=1)

    return units


def _registered(tables: Tables, moment: Moment) -> Expr:
    made = tables.of("registration")
    made = made.filter(made.what == "ft")
    return lines(made, unit="subject_id", on="opened_on", inscrit_par=made.detail)


def _accompanied(tables: Tables, moment: Moment) -> Expr:
    met = tables.of("referral")
    return _lines(met.filter(met.started_on.notnull()), "started_on")


def _appointments(tables: Tables, moment: Moment) -> Expr:
    answered = tables.of("appointment")
    answered = answered.filter(answered.outcome.isin(["attended", "missed", "excused"]))
    return lines(answered, unit="subject_id", on="ended_on", num=answered.outcome == "attended", den=1)


def _childcare(tables: Tables, moment: Moment) -> Expr:
    away = tables.of("attendance")
    away = away.filter(away.outcome.isin(["absent", "excused"]))
    return lines(away, unit="subject_id", on="opened_on", num=ibis.coalesce(away.detail == "childcare", False), den=1)


def _closings(tables: Tables, moment: Moment) -> Expr:
    people = tables.person
    over = people.filter(people.signed_on.notnull(), (people.signed_on + ibis.interval(years=1)) <= moment.seen)
    held = ibis.coalesce(over.closed_on <= moment.seen, False)
    return lines(over, unit="person_id", on="signed_on", num=held, den=1)


def _ended(tables: Tables) -> Expr:
    found = tables.of("referral")
    return found.filter(found.ended_on.notnull())


def _closed(tables: Tables, moment: Moment) -> Expr:
    over = _ended(tables)
    return _lines(over, "ended_on", issue=over.outcome)


def _closed_well(tables: Tables, moment: Moment) -> Expr:
    over = _ended(tables)
    told = over.filter(over.outcome.notnull(), over.outcome != UNTOLD)
    return _lines(told, "ended_on", num=told.outcome.isin(list(POSITIVE)), den=1, issue=told.outcome)


def _lasting(tables: Tables, moment: Moment) -> Expr:
    over = _ended(tables)
    met = over.filter(ibis.coalesce(over.started_on <= over.ended_on, False))
    days = met.ended_on.delta(met.started_on, unit="day")
    return _lines(met, "ended_on", num=days, den=1, issue=met.outcome, jours=days.cast("string"))


def _closing(code: str, name: str, population: str, numerator: str, units: Units, **more: Any) -> Definition:
    return Definition(
        code=code,
        name=name,
        family=FAMILY,
        requirement="F-071",
        counted=Counted.EVENTS,
        population=population,
        numerator=numerator,
        day="jour de la clôture",
        units=units,
        details=(*DETAILS, ("issue", "Issue"), *more.pop("details", ())),
        **more,
    )


def _share(code: str, name: str, numerator: str, units: Callable[[Tables, Moment], Expr], **more: str) -> Definition:
    return Definition(
        code=code,
        name=name,
        family=FAMILY,
        requirement=more.get("requirement", "F-023, F-072"),
        counted=Counted.EVENTS,
        population=more.get("population", SENT),
        numerator=numerator,
        denominator=more.get("denominator", "Orientations envoyées"),
        day=ON_SENT,
        measure=Measure.SHARE,
        units=units,
        cohort=more.get("cohort", ""),
        details=DETAILS,
    )


FIGURES = (
    Definition(
        code="orientations",
        name="Orientations envoyées",
        family=FAMILY,
        requirement="F-022, F-023",
        counted=Counted.EVENTS,
        population="Orientations vers une structure du réseau pour l’emploi ou un autre partenaire",
        numerator="Orientations envoyées dans la période",
        day=ON_SENT,
        status=Status.STATED,
        units=_sent,
        details=DETAILS,
    ),
    _share("taux_acceptation", "Part des orientations acceptées", "Orientations acceptées", _answered("accepted")),
    _share(
        "taux_refus", "Part des orientations refusées par la structure", "Orientations refusées", _answered("declined")
    ),
    _share(
        "taux_silence",
        "Part des orientations restées sans réponse",
        "Orientations dont le délai de réponse est passé sans réponse",
        _answered("silent"),
    ),
    _share(
        "taux_premier_rdv",
        "Part des orientations suivies d’un premier rendez-vous honoré",
        "Orientations dont un rendez-vous a été honoré, sauf s’il est contesté et jugé non tenu",
        _attended,
    ),
    _share(
        "rdv_15_jours",
        "Part des orientations suivies d’un rendez-vous honoré en 15 jours",
        "Rendez-vous honoré au plus tard le 15e jour après l’envoi",
        _within(15),
        denominator="Orientations envoyées depuis au moins 15 jours",
        cohort="Orientations envoyées depuis au moins 15 jours à la date d’observation",
    ),
    _share(
        "rdv_30_jours",
        "Part des orientations suivies d’un rendez-vous honoré en 30 jours",
        "Rendez-vous honoré au plus tard le 30e jour après l’envoi",
        _within(30),
        denominator="Orientations envoyées depuis au moins 30 jours",
        cohort="Orientations envoyées depuis au moins 30 jours à la date d’observation",
    ),
    Definition(
        code="delai_premier_rdv",
        name="Délai moyen entre l’orientation et le premier rendez-vous honoré",
        family=FAMILY,
        requirement="F-072, F-010",
        counted=Counted.EVENTS,
        population="Orientations dont le premier rendez-vous honoré a lieu dans la période",
        numerator="Jours écoulés de l’envoi au premier rendez-vous honoré",
        denominator="Orientations suivies d’un rendez-vous honoré",
        day="jour du rendez-vous honoré",
        measure=Measure.MEAN,
        units=_delay,
        details=(*DETAILS, ("jours", "Délai en jours")),
    ),
    Definition(
        code="personnes_suivies",
        name="Personnes reçues à un premier rendez-vous par une structure",
        family=FAMILY,
        requirement="F-022",
        counted=Counted.PERSONS,
        population="Personnes orientées",
        numerator="Au moins un premier rendez-vous honoré dans la période ; une personne compte une fois",
        day="jour du premier de ces rendez-vous",
        units=_accompanied,
        distinct=True,
        details=DETAILS,
    ),
    _closing(
        "accompagnements_clos",
        "Accompagnements clôturés",
        "Orientations suivies d’un accompagnement déclaré terminé",
        "Accompagnements clôturés dans la période",
        _closed,
        note="Repère : 56 en 2024 (guichet unique régional des Hauts-de-France). « Motif de l’orientation » donne le "
        "besoin principal.",
    ),
    _closing(
        "clotures_positives",
        "Part des accompagnements clôturés avec une issue positive",
        "Accompagnements clôturés dans la période dont l’issue a été communiquée",
        "Issue : emploi, formation ou besoin satisfait",
        _closed_well,
        denominator="Accompagnements clôturés, issue connue",
        measure=Measure.SHARE,
        note="Repère : 46 sur 56, soit 82,1 % (guichet unique régional, 2024).",
    ),
    _closing(
        "duree_accompagnement",
        "Durée moyenne des accompagnements clôturés",
        "Accompagnements clôturés dans la période après un premier rendez-vous honoré",
        "Jours écoulés du premier rendez-vous honoré à la clôture",
        _lasting,
        denominator="Accompagnements clôturés après un rendez-vous honoré",
        measure=Measure.MEAN,
        details=(("jours", "Durée en jours"),),
        note="Repère : 52 jours (guichet unique régional, 2024).",
    ),
    Definition(
        code="inscriptions_ft",
        name="Inscriptions à France Travail",
        family=FAMILY,
        requirement="F-022, F-006",
        counted=Counted.EVENTS,
        population="Personnes connues de la plateforme",
        numerator="Inscriptions à France Travail dont la date est dans la période",
        day="jour de l’inscription",
        units=_registered,
        details=(("inscrit_par", "Inscription faite par"),),
    ),
    Definition(
        code="rdv_pfa_honores",
        name="Part des premiers rendez-vous fixés à la plateforme d’accueil qui sont honorés",
        family=FAMILY,
        requirement="F-010, F-072",
        counted=Counted.EVENTS,
        population="Premiers rendez-vous à France Travail dont le résultat est connu et daté dans la période",
        numerator="Rendez-vous honorés",
        denominator="Rendez-vous honorés, manqués ou excusés",
        day="jour du rendez-vous",
        measure=Measure.SHARE,
        units=_appointments,
    ),
    Definition(
        code="absences_garde_enfant",
        name="Part des absences aux séances dues à la garde d’enfants",
        family=FAMILY,
        requirement="F-045",
        counted=Counted.EVENTS,
        population="Absences, excusées ou non, aux séances d’accueil de la période",
        numerator="Motif : garde d’enfants",
        denominator="Absences",
        day="jour de la séance",
        measure=Measure.SHARE,
        units=_childcare,
    ),
    Definition(
        code="entretiens_fin_cir",
        name="Part des signataires reçus à l’entretien de fin de CIR",
        family=FAMILY,
        requirement="F-072",
        counted=Counted.PERSONS,
        population="Signataires de la période dont le contrat a au moins un an à la date d’observation",
        numerator="Entretien de fin de CIR tenu",
        denominator="Signataires dont le contrat a au moins un an",
        day="jour de la première signature",
        measure=Measure.SHARE,
        units=_closings,
        cohort="Contrats d’un an révolu à la date d’observation",
    ),
)
