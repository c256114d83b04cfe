"""What a change would do to a year of signatories: counted again by hand, part by part, and as published (L.4)."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from passerelles.cli.main import NOT_FOUND, PROBLEM, WRONG_USE, main
from passerelles.core.errors import UserError
from passerelles.orientation.engine.simulation import Tally, World
from passerelles.orientation.engine.simulation_report import as_markdown
from passerelles.orientation.queries import rule_book as queries
from passerelles.orientation.rules import BOOK, FACTS
from passerelles.synthetic import cohort
from passerelles.synthetic.chunks import Order, signatories
from passerelles.synthetic.population import Size

DAY = dt.date(2027, 1, 1)
LAST = dt.date(2026, 12, 31)
AUTOMATIC = World(DAY, {"auto_ft_registration_date": DAY})
DOCS = Path(__file__).resolve().parents[2] / "docs"


def order(department: str) -> Order:
    return Order(1, Size.DEPARTMENT, 2026, 2026, LAST, department)


def people(department: str):
    (task,) = order(department).chunks()
    return list(signatories(order(department), *task).iter_rows(named=True))


@pytest.fixture(scope="module")
def moselle() -> Tally:
    return cohort.simulate(order("57"), World(DAY), AUTOMATIC, workers=1).tally


def run(*words: str):
    return CliRunner().invoke(main, ["rules", "simulate", *words])


def test_every_fact_of_a_signatory_is_one_that_the_rules_read():
    permits = set()
    for department in ("57", "93"):
        for row in people(department):
            permits.add(row["permit"])
            for code, value in cohort.facts_on(DAY, row).items():
                assert FACTS[code].read(FACTS[code].plain(value)) == value, code
    assert permits == set(cohort.TITLES)


def test_automatic_registration_reaches_whoever_seeks_a_job_and_frees_the_assisted_ones(moselle):
    """Counted from the population itself: the instruction aims at signatories who seek a job (B-032)."""
    seeking = [row for row in people("57") if row["wishes_work"] and row["situation"] not in cohort.JOBS]
    already = [row for row in seeking if row["ft"] or row["rsa"]]
    changed = moselle.changed("rule")
    assert changed["ft.auto_cir"] == {("no", "yes"): len(seeking)}
    assert sum(changed["ft.contrat_engagement"].values()) == len(seeking) - len(already)
    assert moselle.touched["57"] == len(seeking)
    assisted = changed["ft.inscription"]
    assert sum(assisted.values()) == len(seeking) - len(already)
    assert {after for _, after in assisted} == {"no"}


def test_whoever_is_registered_is_received_by_the_first_body_proposed(moselle):
    """Under 26, the mission locale; a disabled worker, the Cap emploi first; the others, France Travail (B-037)."""
    expected: dict[str, int] = {}
    for row in people("57"):
        if row["wishes_work"] and row["situation"] not in cohort.JOBS and not (row["ft"] or row["rsa"]):
            body = "cap_emploi" if row["disabled"] else "mission_locale" if row["age"] < 26 else "france_travail"
            expected[body] = expected.get(body, 0) + 1
    found = {after: n for (before, after), n in moselle.changed("receiver")[""].items() if before == ""}
    assert found == expected


def test_without_a_change_nothing_changes():
    same = cohort.simulate(order("48"), World(DAY), World(DAY), workers=1).tally
    assert same.touched.total() == 0
    assert {same.changed(section).get("x") for section in ("rule", "proposal", "receiver")} == {None}
    assert all(before == after for _, _, _, before, after in same.passages)


def test_two_processes_count_as_one():
    both = Order(1, Size.REGION, 2026, 2026, LAST, None, "94")
    alone = cohort.simulate(both, World(DAY), AUTOMATIC, workers=1).tally
    assert len(alone.persons) == 2
    assert cohort.simulate(both, World(DAY), AUTOMATIC, workers=2).tally == alone


def test_the_eve_and_the_day_of_the_markets_of_2025_differ_by_the_regime_of_the_contract():
    """A contract keeps the regime of its signature: from 1 July 2025 no language training is compulsory (L-002)."""
    eve, day = World(dt.date(2025, 6, 30)), World(dt.date(2025, 7, 1))
    changed = cohort.simulate(order("57"), eve, day, workers=1).tally.changed("rule")
    assert set(changed["langue.obligatoire"]) == {("yes", "no")}
    assert not {code for code in changed if code.startswith("agir.")}


def test_a_rule_left_out_no_longer_answers():
    without = World(DAY, without=frozenset({"apec.public"}))
    changed = cohort.simulate(order("48"), World(DAY), without, workers=1).tally.changed("rule")
    assert {after for _, after in changed["apec.public"]} == {""}
    with pytest.raises(KeyError):
        World(DAY, without=frozenset({"rien"})).book(BOOK)


def test_a_value_given_to_a_territory_is_read_only_there():
    there = World(DAY, {"auto_ft_registration_date": DAY}, cohort_territory("region:44"))
    assert cohort.simulate(order("57"), World(DAY), there, workers=1).tally.touched.total() > 0
    assert cohort.simulate(order("48"), World(DAY), there, workers=1).tally.touched.total() == 0


def cohort_territory(text: str):
    from passerelles.reference.territory import Territory

    return Territory.parse(text)


def test_a_value_of_the_wrong_kind_is_refused():
    with pytest.raises(UserError):
        World(DAY, {"auto_ft_registration_date": 3}).decisions()


@pytest.mark.parametrize("name", sorted(queries.simulations()))
def test_published_figures_are_those_the_rules_give_today(name):
    """The smallest department of the page, made again. When a rule changes: run the command of the page again."""
    told = queries.simulation(name)
    smallest = min(told["departments"], key=lambda each: each["persons"])
    after = told["after"]
    words = ["--on", after["on"].isoformat(), "--year", told["cohort"]["years"], "--department", smallest["code"]]
    words += [word for each in after["values"] for word in ("--set", f"{each['key']}={each['value']}")]
    again = json.loads(run(*words, "--json").output)
    (department,) = again["departments"]
    known = {code: places for code, places in smallest["places"].items() if code in department["places"]}
    assert department == {**smallest, "places": known}
    assert all(not any(places.values()) for code, places in smallest["places"].items() if code not in known)


def test_the_departments_of_a_published_simulation_add_up():
    for told in queries.simulations().values():
        assert sum(each["persons"] for each in told["departments"]) == told["cohort"]["persons"]
        assert sum(each["touched"] for each in told["departments"]) == told["cohort"]["touched"]
        for body in told["places"]:
            assert sum(each["places"][body["code"]]["more"] for each in told["departments"]) == body["more"]


def test_the_page_of_the_documentation_is_the_published_simulation():
    page = (DOCS / "simulation.md").read_text(encoding="utf-8")
    command = re.search(r"Écrite par `(.+?)`\.", page)[1]
    told = json.loads(json.dumps(dict(queries.simulation("inscription-automatique-2027")), default=str))
    assert as_markdown(told, command) == page
    assert shlex.split(command)[:3] == ["passerelles", "rules", "simulate"]


def test_anybody_reads_the_simulations(client, db):
    listed = client.get("/regles/simulations/").content.decode()
    assert "Inscription automatique" in listed
    page = client.get("/regles/simulations/inscription-automatique-2027/")
    assert page.status_code == 200
    assert "Moselle (57)" in page.content.decode()
    assert client.get("/regles/simulations/rien/").status_code == 404


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--on", "2027-01-01", "--set", "inconnu=3"], PROBLEM),
        (["--on", "2027-01-01", "--set", "auto_ft_registration_date=demain"], WRONG_USE),
        (["--on", "2027-01-01", "--set", "rien"], WRONG_USE),
        (["--on", "2027-01-01", "--without", "rien"], NOT_FOUND),
        (["--on", "2027-01-01", "--department", "xx"], NOT_FOUND),
        (["--on", "2027-01-01", "--department", "57", "--region", "44"], WRONG_USE),
        (["--on", "2027-01-01", "--in", "ici"], WRONG_USE),
        (["--on", "2027-01-01", "--write", "figures.xls"], WRONG_USE),
        ([], WRONG_USE),
    ],
)
def test_a_mistake_is_told_in_one_sentence(words, code):
    answer = run(*words)
    assert answer.exit_code == code, answer.output
    assert "Traceback" not in answer.output
