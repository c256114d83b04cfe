"""The published figures come out of the fictitious population made to fit them (show 1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services, tables
from tests.indicators import made
from tests.reports import histories

YEAR = Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
MOTIVES = ("ASILE", "AUTRES", "ECONOMIQUE", "FAMILIAL")
HERE = "department:31"


@pytest.fixture
def haute_garonne(db):
    made.append(made.lived("31", 2020, dt.date(2021, 6, 30)))
    services.refresh()


def by_motive(table):
    """Lines of a table whose second dimension is the motive: code -> its four numbers."""
    found = {}
    for (code, motive), num, _ in table.rows:
        found.setdefault(code, dict.fromkeys(MOTIVES, 0))[motive] = num
    return {code: [numbers[motive] for motive in MOTIVES] for code, numbers in found.items()}


def test_the_profile_of_haute_garonne_in_2020_to_the_unit(haute_garonne):
    signed = tables.figure("signataires", YEAR, by=("sexe", "motif"), territory=HERE)
    assert by_motive(signed) == {"F": [183, 42, 49, 641], "H": [225, 43, 101, 392]}
    assert signed.value == 1676
    hours = by_motive(tables.figure("signataires", YEAR, by=("heures", "motif"), territory=HERE))
    assert hours == {
        "100": [29, 12, 6, 77],
        "200": [66, 17, 14, 133],
        "400": [124, 5, 5, 123],
        "600": [43, 1, 1, 27],
        "aucune": [146, 50, 124, 673],
    }
    assert by_motive(tables.figure("signataires", YEAR, by=("tranche_hg", "motif"), territory=HERE)) == {
        "16_18": [19, 3, 0, 17],
        "19_25": [102, 10, 26, 159],
        "26_45": [239, 51, 114, 728],
        "46_65": [40, 19, 10, 111],
        "plus_65": [8, 2, 0, 18],
        "non_classe": [0, 0, 0, 0],
    }
    assert by_motive(tables.figure("signataires", YEAR, by=("scolarite", "motif"), territory=HERE)) == {
        "non_scolarise": [69, 2, 0, 29],
        "primaire_sans_diplome": [77, 16, 7, 71],
        "secondaire_sans_diplome": [78, 26, 10, 186],
        "secondaire_brevet": [26, 10, 2, 61],
        "secondaire_cap_bep": [16, 6, 1, 68],
        "secondaire_bac": [57, 11, 6, 185],
        "superieur_sans_diplome": [14, 2, 0, 35],
        "superieur_bac_2": [10, 4, 5, 106],
        "superieur_bac_3": [19, 2, 9, 100],
        "superieur_bac_4_et_plus": [42, 6, 110, 192],
    }


def test_the_five_rates_of_prescription_of_haute_garonne(haute_garonne):
    prescribed = tables.figure("formation_linguistique", YEAR, by=("motif",), territory=HERE)
    rates = [prescribed.value_at(row) for row in prescribed.rows]
    assert rates == [Decimal("64.2"), Decimal("41.2"), Decimal("17.3"), Decimal("34.8")], "34.8, never 34.9"
    assert prescribed.value == Decimal("40.8")
    assert tables.figure("amdfl", YEAR, territory=HERE).value == 993
    region = tables.figure("formation_linguistique", YEAR, by=("motif",), territory="region:76")
    assert region.total == prescribed.total, "the only department of the region in this base"


def test_the_27_january_asked_like_any_other_figure(world):
    histories.the_27_january(world)
    january = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))

    def total(code):
        return tables.figure(code, january, by=("sexe", "tranche"), territory="dt:metz").value

    lines = ("M6_cdi", "M6_cdd", "M6_training", "M6_rsa", "M6_ft", "M6_unregistered")
    assert [total(code) for code in lines] == [8, 4, 1, 1, 3, 4]
    assert total("personnes_recues") == 21
    assert [total(code) for code in ("M2_deja_inscrites_FT", "M3_RSA_ou_AGIR", "M5_inscriptions_CIP")] == [3, 1, 4]
    behind = tables.people("M5_inscriptions_CIP", january, territory="dt:metz")
    assert len({each.person for each in behind}) == 4


def test_employment_within_twelve_months_and_the_delay_of_agir_in_bourgogne_franche_comte(db):
    for department in ("21", "25", "39", "58", "70", "71", "89", "90"):
        made.append(made.lived(department, 2023, dt.date(2025, 6, 1)))
    services.refresh()
    with clock.at(clock.paris(dt.date(2025, 6, 1), 12)):
        cohort = tables.figure(
            "emploi_12_mois", Period(dt.date(2023, 1, 1), dt.date(2023, 12, 31)), by=("sexe",), territory="region:27"
        )
    women, men = (cohort.value_at(row) for row in cohort.rows)
    assert (round(cohort.value), round(women), round(men)) == (33, 27, 37)
    assert cohort.total.den > 500
    with clock.at(clock.paris(dt.date(2025, 6, 1), 12)):
        delay = tables.figure("agir_delai", Period(dt.date(2023, 1, 1), dt.date(2025, 5, 31)))
    assert delay.total.den > 500
    assert round(delay.value) == 10, "days from the proposal to the orientation (F-050, 003 L311)"


def test_the_first_reading_of_ile_de_france(db):
    for department in ("75", "93"):
        made.append(made.events(department, 2024, dt.date(2025, 7, 1), "approach"))
    services.refresh()
    period = Period(dt.date(2024, 12, 1), dt.date(2025, 6, 30))

    def value(code, **more):
        return tables.figure(code, period, **more).value

    assert value("idf_recus") == 4031
    assert value("idf_accompagnements") == 697
    offered = tables.figure("idf_accompagnements", period, by=("departement",))
    assert {row.key[0]: row.num for row in offered.rows} == {"75": 324, "93": 373}
    assert (value("idf_recrutements"), value("idf_formations")) == (70, 22)
    assert (value("idf_formations_professionnelles"), value("idf_formations_linguistiques")) == (17, 5)
    ratios = ("idf_part_proposes", "idf_part_recrutes", "idf_part_formation_professionnelle")
    assert [str(value(code)) for code in ratios] == ["17.3", "10.0", "2.4"]
    assert str(value("idf_part_formation_linguistique")) == "0.7"
    for code in ("idf_recus", "idf_accompagnements", "idf_recrutements", "idf_formations"):
        monthly = [row.num for row in tables.figure(code, period, step="month").rows]
        assert monthly == sorted(monthly), "cumulative: never less than the month before"
        assert monthly[-1] == value(code)
