"""Figures that the texts ask for, on journals written by hand with a known answer (F-046 to F-060, F-071)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from passerelles.core import clock
from passerelles.core.errors import Unknown
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from passerelles.indicators.definitions import AWAITED, CATALOGUE, NothingRecorded
from passerelles.indicators.definitions.base import Status
from tests.browsing import sign_in
from tests.indicators.told import Told

YEAR = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
DAY = dt.date(2025, 3, 10)


def who(number: int) -> UUID:
    return UUID(int=number, version=4)


@pytest.fixture
def told(db):
    with clock.at(clock.paris(dt.date(2026, 2, 1), 12)):
        yield Told()


def value(code, period=YEAR, **more):
    return tables.figure(code, period, **more).value


def test_the_single_regional_desk_closes_56_cases_46_well_in_52_days(told):
    """F-071 (002 L335): 46/56 = 82.1 %, 52 days on average; the main need is childcare."""
    for number in range(56):
        case = who(500 + number)
        reason = "childcare" if number < 40 else "housing"
        told.tell("referral_sent", who(number), subject=case, on=DAY, to="association", reason=reason)
        told.tell("referral_appointment_attended", who(number), subject=case, on=DAY, to="association", attempt=1)
        outcome = "need_met" if number < 46 else "abandoned"
        days = 52 + (1 if number % 2 else -1)
        told.tell("referral_ended", who(number), subject=case, on=DAY + dt.timedelta(days), outcome=outcome)
    open_case, untold = who(900), who(901)
    told.tell("referral_sent", who(900), subject=open_case, on=DAY, to="association", reason="childcare")
    services.refresh()
    assert value("accompagnements_clos") == 56
    assert value("clotures_positives") == Decimal("82.1")
    assert value("duree_accompagnement") == Decimal("52.0")
    needs = {row.key[0]: row.num for row in tables.figure("accompagnements_clos", YEAR, by=("motif_orientation",)).rows}
    assert max(needs, key=needs.get) == "childcare" and sum(needs.values()) == 56
    told.tell("referral_sent", who(901), subject=untold, on=DAY, to="association", reason="childcare")
    told.tell("referral_ended", who(901), subject=untold, on=DAY, outcome="untold")
    services.refresh()
    assert (value("accompagnements_clos"), value("clotures_positives")) == (57, Decimal("82.1")), "nobody knows how"


def test_a_document_relayed_in_time_late_or_never_and_the_gap_in_rights(told):
    """F-049: share of documents relayed before they end, persons left without one."""

    def noted(person, on, ends, document="recepisse"):
        told.tell("document_noted", who(person), on=on, document=document, expires_on=ends.isoformat())

    def day(month, number=1):
        return dt.date(2025, month, number)

    for person in range(5):
        told.tell("person_recorded", who(person), sex="F", department="57")
    noted(0, day(1), day(4))
    noted(0, day(4), day(10), "csp")
    noted(1, day(1), day(4))
    noted(1, day(6), dt.date(2026, 12, 31), "csp")
    noted(2, day(1), day(4))
    noted(3, day(1), day(4), "driving_licence")
    noted(4, day(1), day(4))
    told.tell("departed", who(4), on=day(5), reason="abroad")
    services.refresh()

    def without(on):
        return value("sans_document_valide", Period(YEAR.start, on))

    first_half = tables.figure("documents_renouveles", Period(YEAR.start, day(6, 30)))
    assert (first_half.total.num, first_half.total.den) == (1, 4), "relayed on the very day of the end is in time"
    assert without(day(4)) == 0, "valid until the end of the day"
    assert without(day(4, 2)) == 3
    assert without(day(5)) == 2, "one has left the territory"
    assert without(day(6)) == 1
    assert without(YEAR.end) == 2


def test_nobody_is_listed_for_want_of_a_document(client, world):
    """A.6: CIP and others who read lists do not read documents."""
    with pytest.raises(Unknown, match="pas de liste"):
        tables.people("sans_document_valide", YEAR)
    assert not {"sans_document_valide", "documents_renouveles"} & {
        found.definition.code for found in tables.counts_in(world.person().pk, YEAR)
    }
    browser = sign_in(client, world, "cip")
    page = browser.get("/chiffres/sans_document_valide/")
    assert page.status_code == 200 and "Jamais de liste" in page.content.decode()
    asked = {"territoire": "dt:metz", "du": "2025-01-01", "au": "2025-12-31"}
    assert browser.get("/chiffres/sans_document_valide/personnes/", asked).status_code == 404


def test_housing_is_the_third_block_of_the_results_of_agir_with_its_base(told):
    """F-048: access to rights, employment or training, housing, each with a base."""
    for number, reason in enumerate(("housing", "job_and_housing", "job", "dropped")):
        case = who(50 + number)
        told.tell("agir_proposed", who(number), subject=case, on=DAY, by="ofii")
        told.tell("agir_entered", who(number), subject=case, on=DAY)
        told.tell("agir_exited", who(number), subject=case, on=DAY + dt.timedelta(90), reason=reason)
    services.refresh()
    found = tables.figure("agir_logement", YEAR)
    assert (found.total.num, found.total.den, found.value) == (2, 4, Decimal("50.0"))
    assert {code for code, each in CATALOGUE.items() if "F-048" in each.requirement and each.denominator} == {
        "agir_droits", "agir_emploi_formation", "agir_logement",
    }  # fmt: skip


def test_the_demand_for_language_courses_by_level_and_mode_and_what_is_served(told):
    """F-046: the demand side is in the journal, the places are not."""
    for number, (target, mode, begun) in enumerate(
        [("A1", "in_person", True), ("A1", "remote", False), ("A1", "in_person", True), ("A2", "remote", False)]
    ):
        course = who(50 + number)
        told.tell("language_prescribed", who(number), subject=course, on=DAY, path="A1", mode=mode, target=target)
        if begun:
            told.tell("language_started", who(number), subject=course, on=DAY, path="A1", mode=mode)
    services.refresh()
    asked = tables.figure("prescriptions_linguistiques", YEAR, by=("objectif", "modalite"))
    assert {row.key: row.num for row in asked.rows} == {
        ("A1", "in_person"): 2, ("A1", "remote"): 1, ("A2", "remote"): 1,
    }  # fmt: skip
    served = tables.figure("prescriptions_suivies_entree", YEAR, by=("objectif",))
    assert {row.key[0]: (row.num, row.den) for row in served.rows} == {"A1": (2, 3), "A2": (0, 1)}


@pytest.mark.parametrize("code", sorted(AWAITED))
def test_what_nothing_can_be_counted_of_says_what_it_waits_for_and_is_never_zero(code):
    asked = AWAITED[code]
    assert asked.awaits and asked.requirement.startswith("F-0") and code not in CATALOGUE
    with pytest.raises(NothingRecorded, match="aucune donnée"):
        tables.figure(code, YEAR)


def test_the_catalogue_shows_them_with_their_formula_and_their_target(client, db):
    page = client.get("/chiffres/").content.decode()
    assert page.count("aucune donnée</p>") == len(AWAITED)
    page = client.get("/chiffres/part_credits_emploi_langue/").content.decode()
    assert "Aucune donnée : le journal ne contient pas encore" in page
    assert "69,99 % ne suffit pas" in page and "F-054" in page
    stated = {each.requirement for each in AWAITED.values() if each.status is Status.STATED}
    assert {"F-047", "F-054", "F-055", "F-057"} <= stated


def test_signed_in_too_a_figure_without_data_has_no_table_to_ask(client, world):
    page = sign_in(client, world, "department").get("/chiffres/couverture_ctai/")
    assert page.status_code == 200 and "form" not in page.context
