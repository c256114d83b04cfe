"""Cohort curves: the same numbers as people counted one by one, masked for readers without lists (F-031, F-072)."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import numpy as np
import pytest
from django.urls import reverse

from passerelles.core import clock
from passerelles.core.periods import Month, add_months
from passerelles.indicators import cohorts, services
from passerelles.indicators.cohorts import Asked
from passerelles.indicators.engine.waits import EVERYBODY, GONE, REACHED, WAITS
from passerelles.indicators.models import PersonLine
from passerelles.indicators.queries import NOW, Known
from passerelles.indicators.survival import studied
from passerelles.indicators.survival.counts import Durations
from passerelles.indicators.survival.curves import aalen_johansen
from passerelles.indicators.survival.reading import read
from passerelles.reference.territory import Territory
from tests.browsing import sign_in
from tests.indicators import made

MOSELLE = Territory.parse("department:57")
YEAR = {"first": Month(2025, 1), "last": Month(2025, 12), "territory": MOSELLE}
ADDRESS = reverse("indicators:cohorts")


@pytest.fixture
def moselle(world):
    """The people of Moselle who signed in 2025, as known on 9 March 2026."""
    made.append(made.lived("57", 2025, dt.date(2026, 3, 9)))
    services.refresh()
    return world


def one_by_one(wait: str, group: str = "", registered: bool = False) -> Durations:
    """The same cohort counted in Python from the lines, person by person."""
    histories = []
    for line in PersonLine.objects.filter(signed_on__year=2025, department="57"):
        if group and line.sex != group:
            continue
        if registered and not (
            line.registered_on and add_months(line.signed_on, -3) <= line.registered_on <= add_months(line.signed_on, 3)
        ):
            continue
        dates = {REACHED: getattr(line, WAITS[wait].column), GONE: line.departed_on}
        histories.append((line.signed_on, dates, clock.today()))
    return Durations.between(histories, (REACHED, GONE))


@pytest.mark.parametrize("wait", list(WAITS))
@pytest.mark.parametrize("registered", [False, True])
def test_the_curves_are_those_of_the_people_counted_one_by_one(moselle, wait, registered):
    reading = cohorts.study(Asked(wait, horizon=365, by="sexe", registered=registered, **YEAR))
    by_hand = [one_by_one(wait, sex, registered) for sex in ("", "F", "H")]
    assert [line.label for line in reading.lines] == ["Ensemble", "Femmes", "Hommes"]
    for line, counts in zip(reading.lines, by_hand, strict=True):
        assert line.people == f"{counts.people:,}".replace(",", "\u202f")
        value = aalen_johansen(counts)[REACHED].at(182).value
        assert line.marks[1][0] == f"{100 * value:.1f}\u00a0%".replace(".", ",")
        assert int(line.not_followed.replace("\u202f", "")) == counts.not_followed(365)
    assert by_hand[0].people > 400


def test_a_cohort_as_known_on_a_day_is_that_of_the_day(moselle):
    asked = Asked("emploi", horizon=182, **YEAR)
    then = cohorts.study(asked, Known.on(dt.date(2025, 9, 30)))
    now = cohorts.study(asked, NOW)
    assert int(then.lines[0].people.replace("\u202f", "")) < int(now.lines[0].people.replace("\u202f", ""))


def test_who_has_not_been_followed_is_told_and_not_counted_as_a_no(moselle):
    reading = cohorts.study(Asked("emploi", horizon=365, **YEAR))
    said = " ".join(reading.sentences)
    assert "n’ont pas encore été suivies" in said and "ferait baisser le taux à tort" in said
    assert "Pour d’autres, l’attente a pris fin autrement" in said


def test_a_reader_without_lists_reads_no_small_count_and_no_small_group():
    rng = np.random.default_rng(5)
    rows = [
        (str(rank).encode(), "A" if rank < 400 else "B", int(rng.integers(0, 300)), REACHED if rank % 3 else "", 1)
        for rank in range(412)
    ]
    found = studied.guarded(rows, 365, b"secret")
    everybody, large, small = found
    assert [group.code for group in found] == [EVERYBODY, "A", "B"]
    assert small.masked and not large.masked
    for group in (everybody, large):
        counts = group.durations
        printed = {int(counts.events[0][: day + 1].sum()) for day in range(366)}
        assert not printed & {1, 2, 3, 4}
        true = sum(row[3] == REACHED for row in rows if group.code in (EVERYBODY, row[1]))
        assert abs(counts.by(365, REACHED) - true) <= 5 * 2
    again = studied.guarded(rows[::-1], 365, b"secret")
    assert np.array_equal(again[0].durations.events, everybody.durations.events), "asked again, the same numbers"


def test_a_drawing_names_each_curve_and_holds_its_band():
    counts = Durations.of([10, 20, 30, 40, 50, 60], [REACHED, "", GONE, REACHED, REACHED, ""], (REACHED, GONE))
    group = studied.Group(EVERYBODY, counts.until(365), None)
    reading = read([group], WAITS["emploi"], 365, lambda code: "Ensemble", "Un titre")
    drawing = ElementTree.fromstring(reading.chart)
    names = [each.tag.split("}")[1] for each in drawing.iter()]
    assert names.count("polygon") == 1 and names.count("polyline") == 2
    assert "Un titre" in reading.chart and "Ensemble : " in reading.chart
    assert reading.curve[-1][0] == "365" and len(reading.curve) == 14


def test_an_empty_cohort_says_so(world):
    reading = cohorts.study(Asked("emploi", horizon=365, by="sexe", **YEAR))
    assert reading.chart == "" and "rien à estimer" in reading.sentences[0]


def test_the_page_by_role(client, moselle, django_assert_max_num_queries):
    asked = {"attente": "emploi", "de": "2025-01", "a": "2025-12", "territoire": "department:57", "par": "sexe"}
    state = sign_in(client, moselle, "department")
    with django_assert_max_num_queries(12):
        page = state.get(ADDRESS, asked | {"duree": "365", "population": "tous"}).content.decode()
    assert "Nombres légèrement modifiés" in page and "<svg" in page and "Femmes" in page
    assert state.get(ADDRESS, asked | {"territoire": "department:67"}).context["form"].errors
    metz = asked | {"territoire": "dt:metz"}
    manager = sign_in(client, moselle, "manager").get(ADDRESS, metz).content.decode()
    assert "Nombres légèrement modifiés" not in manager and "Suivies jusqu’au bout" in manager
    assert "pas les cohortes d’un territoire" in sign_in(client, moselle, "ft").get(ADDRESS).content.decode()
    assert sign_in(client, moselle, "trainer").get(ADDRESS).status_code == 403


def test_a_wrong_question_is_told(client, moselle):
    page = sign_in(client, moselle, "department").get(ADDRESS, {"de": "2025-12", "a": "2025-01"})
    assert "La période finit avant son début" in page.content.decode()
    assert (
        "n&#x27;est pas un mois" in sign_in(client, moselle, "department").get(ADDRESS, {"de": "hier"}).content.decode()
    )


def test_the_file_has_the_points_of_the_curves(client, moselle):
    asked = {"attente": "emploi", "de": "2025-01", "a": "2025-12", "territoire": "department:57", "par": "sexe"}
    answer = sign_in(client, moselle, "department").get(reverse("indicators:cohort-export"), asked)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "groupe;jour;part;intervalle;encore_en_attente"
    assert lines[1].startswith("Femmes;0;") and len(lines) == 1 + 2 * 14
    assert sign_in(client, moselle, "ft").get(reverse("indicators:cohort-export"), asked).status_code == 409
