"""Residence documents: renewed in time, or a gap in rights (F-049). Pure.

The nature of a document may tell a protection: it is no dimension, and nobody is listed.
"""

from __future__ import annotations

import ibis

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Nature, lines
from passerelles.indicators.engine.relations import Expr, Tables

FAMILY = "Droits et documents"
LICENCE = "driving_licence"
NO_DELIVERY = "Le jour de remise n’est pas au journal : celui du relevé en tient lieu (à valider)."


def _with_relay(tables: Tables) -> Expr:
    """Residence documents, each with the first day on which one that expires later was noted: `relayed_on`."""
    found = tables.of("document")
    found = found.filter(found.what != LICENCE, found.ended_on.notnull())
    others = found.select("person_id", other_id="subject_id", other_on="opened_on", other_end="ended_on")
    both = found.select("person_id", "subject_id", "ended_on").join(others, "person_id")
    later = both.filter(
        (both.other_end > both.ended_on) | ((both.other_end == both.ended_on) & (both.other_id > both.subject_id))
    )
    relays = later.group_by("subject_id").agg(relayed_on=later.other_on.min())
    return found.left_join(relays, "subject_id").drop("subject_id_right")


def _renewed(tables: Tables, moment: Moment) -> Expr:
    found = _with_relay(tables)
    due = found.filter(found.ended_on < moment.seen)
    return lines(due, unit="subject_id", on="ended_on", num=ibis.coalesce(due.relayed_on <= due.ended_on, False), den=1)


def _without(tables: Tables, moment: Moment) -> Expr:
    """From the day after the end of a document, or that on which it was noted, to the next one or the departure."""
    found = _with_relay(tables)
    gone = tables.person.select("person_id", "departed_on")
    found = found.left_join(gone, "person_id").drop("person_id_right")
    over = (found.ended_on + ibis.interval(days=1)).cast("date")
    until = ibis.ifelse(
        ibis.coalesce(found.departed_on < found.relayed_on, found.relayed_on.isnull()),
        found.departed_on,
        found.relayed_on,
    )
    return lines(
        found,
        unit="subject_id",
        on=ibis.ifelse(over >= found.opened_on, over, found.opened_on),
        until=until,
    )


FIGURES = (
    Definition(
        code="documents_renouveles",
        name="Part des documents de séjour relayés avant leur échéance",
        family=FAMILY,
        requirement="F-049",
        counted=Counted.EVENTS,
        population="Documents de séjour relevés dont l’échéance tombe dans la période et est passée",
        numerator="Un document qui expire plus tard a été relevé au plus tard le jour de l’échéance",
        denominator="Documents arrivés à échéance",
        day="jour de l’échéance",
        measure=Measure.SHARE,
        units=_renewed,
        listed=False,
        note=NO_DELIVERY,
    ),
    Definition(
        code="sans_document_valide",
        name="Personnes dont le dernier document de séjour connu est échu",
        family=FAMILY,
        requirement="F-049",
        counted=Counted.PERSONS,
        population="Personnes dont un document de séjour au moins a été relevé, présentes sur le territoire",
        numerator="Aucun document relevé n’est encore valable au dernier jour de la période",
        day="lendemain de l’échéance (il donne l’âge)",
        units=_without,
        nature=Nature.STOCK,
        listed=False,
        note=NO_DELIVERY,
    ),
)
