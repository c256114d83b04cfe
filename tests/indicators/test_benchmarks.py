"""Impact benchmarks (F-037): declared before, measured on the day, never edited, silent when nothing can be said."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.indicators import benchmarks, comparisons, services
from passerelles.indicators.impact import protocol
from passerelles.indicators.impact.protocol import Person
from passerelles.indicators.impact.verdict import Finding
from passerelles.indicators.models import Declaration, EpisodeLine, Measurement, PersonLine
from passerelles.indicators.services import declare_benchmark, measure_benchmark
from passerelles.journal.models import Fact
from passerelles.journal.vocabulary import FactKind
from tests.browsing import sign_in

START, END, DAY = dt.date(2026, 4, 1), dt.date(2026, 9, 30), dt.date(2027, 4, 15)
DEMAND = {
    "name": "Inscription sur place",
    "territory": "dt:metz",
    "help_": "territoire",
    "compared_with": "dt:strasbourg",
    "outcome": "emploi",
    "days": 182,
    "baseline": Decimal("0.33"),
    "target": Decimal("0.43"),
    "starts_on": START,
    "ends_on": END,
    "measured_on": DAY,
}


def declared(world, actor="manager", **changes) -> Declaration:
    return declare_benchmark(world.actors[actor], **(DEMAND | changes))


def signed(direction: str, count: int, share: float, seed: int) -> None:
    """`count` signatories of a DT, of whom `share` have a job within the year; the others never."""
    services.refresh()
    rng = np.random.default_rng(seed)
    PersonLine.objects.bulk_create(
        PersonLine(
            person_id=uuid.uuid4(),
            direction=direction,
            department="57" if direction == "metz" else "67",
            sex="F" if rng.random() < 0.5 else "H",
            birth_date=dt.date(1990, 1, 1) - dt.timedelta(days=int(rng.integers(0, 5_000))),
            motive=("FAMILIAL", "ASILE")[int(rng.random() < 0.4)],
            level=("A1", "A2")[int(rng.random() < 0.5)],
            schooling="secondaire_bac",
            situation="unemployed",
            bpi=False,
            signed_on=START + dt.timedelta(days=int(rng.integers(0, 180))),
            job_on=START + dt.timedelta(days=185) if rank < count * share else None,
        )
        for rank in range(count)
    )
    PersonLine.objects.filter(direction=direction, job_on__isnull=False).update(signed_on=START + dt.timedelta(days=30))


def measured(world, found: Declaration, actor="manager") -> Measurement:
    with clock.at(clock.paris(DAY, 10)):
        return measure_benchmark(world.actors[actor], found.pk)


def test_a_benchmark_is_declared_dated_journalled_and_never_edited(world):
    found = declared(world)
    assert (found.declared_on, found.minimum) == (world.day, 369)
    fact = Fact.objects.get(kind=FactKind.IMPACT_DECLARED)
    assert fact.subject_id == found.pk and fact.direction == "metz" and fact.data["target"] == "0.43"
    for change in (
        lambda: Declaration.objects.update(target=Decimal("0.35")),
        lambda: Declaration.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_on": dt.date(2026, 3, 10)}, "avant le début"),
        ({"minimum": 60}, "Il en faut 369"),
        ({"target": Decimal("0.33")}, "deux parts différentes"),
        ({"measured_on": dt.date(2027, 1, 1)}, "n’auraient pas été suivis"),
        ({"ends_on": dt.date(2026, 3, 31)}, "finissent avant le début"),
        ({"compared_with": ""}, "Il manque un territoire de comparaison"),
        ({"help_": "cip"}, "Laissez vide le territoire de comparaison"),
        ({"help_": "cip", "compared_with": "", "outcome": "inscription"}, "acquis d’avance"),
        ({"name": " "}, "n’a pas de nom"),
    ],
)
def test_what_could_show_nothing_is_refused(world, changes, sentence):
    with pytest.raises(Impossible, match=sentence):
        declared(world, **changes)
    assert not Declaration.objects.exists() and not Fact.objects.filter(kind=FactKind.IMPACT_DECLARED).exists()


def test_the_database_refuses_a_declaration_after_the_start(world):
    found = declared(world)
    values = {field.attname: getattr(found, field.attname) for field in Declaration._meta.fields}
    with pytest.raises(IntegrityError, match="benchmark_declared_before"), transaction.atomic():
        Declaration.objects.create(**(values | {"id": uuid.uuid4(), "declared_on": START}))


def test_nobody_declares_outside_their_territory(world):
    for actor, territory in (("manager", "dt:strasbourg"), ("department", "department:67"), ("region", "region:11")):
        with pytest.raises(Refused):
            declared(world, actor, territory=territory, compared_with="department:75")
    for actor in ("cip", "auditor", "ft", "admin"):
        with pytest.raises(Refused):
            declared(world, actor)


def test_results_are_not_looked_at_before_the_day(world):
    found = declared(world)
    signed("metz", 40, 0.5, 1)
    with clock.at(clock.paris(dt.date(2026, 8, 1))), pytest.raises(Impossible, match="au moment qui arrange"):
        measure_benchmark(world.manager, found.pk)
    with clock.at(clock.paris(dt.date(2026, 10, 1))):
        shown = benchmarks.detail(world.manager, found.pk)
        assert [said for _, said in shown.so_far] == ["au moins 40", "moins de 10"], "never an exact number"
        assert shown.measured == () and not shown.due


def test_an_effect_that_is_there_is_found_stored_and_told(world):
    found = declared(world)
    signed("metz", 600, 0.50, 2)
    signed("strasbourg", 700, 0.30, 3)
    made = measured(world, found)
    assert made.found in {Finding.BETTER, Finding.REACHED}
    assert Fact.objects.get(kind=FactKind.IMPACT_MEASURED).data["finding"] in {"better", "reached"}
    effect = made.content["effect"]
    assert effect["helped"] == 600 and effect["low"] < 0.20 < effect["high"]
    said = " ".join(benchmarks.detail(world.manager, found.pk).measured[0].sentences)
    assert "600 personnes accompagnées" in said and "n’ont pas été tirés au sort" in said
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Measurement.objects.update(finding="cible atteinte")
    assert measured(world, found).number == 2, "another measurement stands beside the first"


def test_no_effect_is_never_told_as_one(world):
    found = declared(world)
    signed("metz", 600, 0.33, 4)
    signed("strasbourg", 600, 0.33, 5)
    made = measured(world, found)
    assert made.found == Finding.NOT_SHOWN
    assert "l’intervalle contient zéro" in benchmarks.detail(world.manager, found.pk).measured[0].sentences[0]


def test_too_few_people_say_nothing_even_when_the_gap_is_large(world):
    found = declared(world)
    signed("metz", 30, 0.9, 6)
    signed("strasbourg", 900, 0.1, 7)
    assert measured(world, found).found == Finding.TOO_FEW
    for reader in (world.manager, world.region):
        told = benchmarks.detail(reader, found.pk).measured[0]
        assert told.balance == () and "ne sont pas montrés" in told.sentences[0], "three people did not find a job"
        assert told.ways == ()


def test_an_empty_group_says_nothing(world):
    found = declared(world)
    signed("metz", 10, 0.5, 8)
    assert measured(world, found).found == Finding.TOO_FEW
    assert "vide" in benchmarks.detail(world.manager, found.pk).measured[0].sentences[0]


def test_whoever_does_not_open_the_people_of_both_groups_reads_rounded_numbers(world):
    """The manager of one DT opens nobody of the other."""
    found = declared(world)
    signed("metz", 604, 0.50, 2)
    signed("strasbourg", 707, 0.30, 3)
    measured(world, found)
    for reader in (world.region, world.manager):
        said = " ".join(benchmarks.detail(reader, found.pk).measured[0].sentences)
        assert "600 personnes accompagnées" in said and "604" not in said and "707" not in said


def test_who_is_helped_is_known_before_the_comparison_begins():
    """A person helped late is compared as not helped; who already had the outcome is in neither group."""
    day = dt.date(2026, 4, 1)

    def person(helped: int | None, outcome: int | None, left: int | None = None) -> Person:
        after = [None if n is None else day + dt.timedelta(days=n) for n in (helped, outcome, left)]
        return Person(True, day, *after, {"sexe": "F"})

    people = [person(5, 60), person(30, None), person(31, 40), person(None, 90), person(2, 20), person(3, None, 10)]
    groups = protocol.split(people, "cip", 91, dt.date(2027, 1, 1))
    assert [reached for reached, _ in groups.helped] == [True, False]
    assert [reached for reached, _ in groups.others] == [True, True]
    assert (groups.already, groups.too_recent) == (2, 0)
    assert protocol.split(people, "cip", 91, day + dt.timedelta(days=90)).too_recent == 6


def test_those_registered_by_the_cip_are_compared_with_the_others_of_the_territory(world):
    found = declared(world, help_="cip", compared_with="")
    signed("metz", 50, 0.5, 9)
    lines = list(PersonLine.objects.order_by("person_id")[:20])
    EpisodeLine.objects.bulk_create(
        EpisodeLine(
            episode="registration", subject_id=uuid.uuid4(), person_id=line.person_id, what="ft",
            detail="cip" if rank % 2 else "self", opened_on=line.signed_on,
        )
        for rank, line in enumerate(lines)
    )  # fmt: skip
    with clock.at(clock.paris(DAY)):
        groups = comparisons.groups(found)
    assert len(groups.helped) == 10 and len(groups.others) == 40
    assert measured(world, found).found == Finding.TOO_FEW
    own = benchmarks.detail(world.manager, found.pk)
    assert own.exact and "Ne publiez ni hausse ni baisse" in own.measured[0].sentences[-1]
    assert "10 personnes accompagnées" in " ".join(own.measured[0].sentences)
    state = benchmarks.detail(world.region, found.pk)
    assert not state.exact and state.measured[0].balance == ()


def test_each_reads_the_benchmarks_of_their_territory(world):
    found = declared(world)
    for actor in ("manager", "auditor", "cip", "department", "region", "nation"):
        assert benchmarks.declared(world.actors[actor]) == [found], actor
    for actor in ("auditor_elsewhere", "cip_elsewhere", "ft", "trainer"):
        assert not benchmarks.declared(world.actors[actor]), actor
        with pytest.raises(Unknown):
            benchmarks.detail(world.actors[actor], found.pk)


def test_a_department_reads_the_experiment_of_its_dt_but_does_not_measure_it(world):
    found = declared(world)
    with pytest.raises(Refused):
        measured(world, found, "department")
    assert not benchmarks.detail(world.department, found.pk).may_measure


def test_from_the_form_to_the_verdict(client, world):
    manager = sign_in(client, world, "manager")
    form = {
        "nom": "Inscription sur place", "territoire": "dt:metz", "aide": "territoire", "comparaison": "dt:strasbourg",
        "mesure": "emploi", "duree": "182", "depart": "33", "cible": "43", "effectif": "", "debut": "2026-04-01",
        "fin": "2026-09-30", "mesure_le": "2027-04-15",
    }  # fmt: skip
    address = reverse("indicators:declare-benchmark")
    assert "territoire" in manager.get(address).content.decode()
    assert not Declaration.objects.exists()
    late = manager.post(address, form | {"debut": "2026-03-01"})
    assert late.status_code == 400 and "Après coup" in late.content.decode()
    page = manager.post(address, form, follow=True).content.decode()
    assert "369 personnes dans chaque groupe" in page and "Les résultats ne se regardent pas avant" in page
    found = Declaration.objects.get()
    signed("metz", 600, 0.50, 2)
    signed("strasbourg", 700, 0.30, 3)
    with clock.at(clock.paris(DAY, 10)):
        again = sign_in(client, world, "manager")
        page = again.post(reverse("indicators:measure-benchmark", args=[found.pk]), follow=True).content.decode()
    assert "Les deux groupes se ressemblent-ils" in page and "doublement robuste" in page
    assert "Effet établi" in page or "Cible atteinte" in page


def test_a_get_measures_nothing(client, world):
    found = declared(world)
    visitor = sign_in(client, world, "manager")
    assert visitor.get(reverse("indicators:measure-benchmark", args=[found.pk])).status_code == 405
    assert sign_in(client, world, "cip").get(reverse("indicators:declare-benchmark")).status_code == 403
    assert sign_in(client, world, "ft").get(reverse("indicators:benchmarks")).status_code == 403
    listed = sign_in(client, world, "cip").get(reverse("indicators:benchmarks")).content.decode()
    assert (
        "Inscription sur place" in listed and "Déclarer un repère" not in listed and "33\u00a0% → 43\u00a0%" in listed
    )
