"""Three rules written for openfisca-core, on the persons of a file: same answers as ours, and how long they take.

Run by `bench_orientation.py --peer`, in an environment of its own. Facts are all known: OpenFisca has no third value.
"""

from __future__ import annotations

import csv
import datetime as dt
import statistics
import sys
import time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

A2 = 4
ONE_BY_ONE = 300
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)


class Situation(Enum):
    cdi = "cdi"
    cdd = "cdd"
    other_job = "other_job"
    training = "training"
    student = "student"
    none = "none"
    other = "other"


class Seeking(Enum):
    cherche = "cherche"
    pourrait = "pourrait"
    non = "non"


def variable(name: str, kind: type, period: DateUnit = DateUnit.ETERNITY, **more: object) -> type[Variable]:
    return type(name, (Variable,), {"value_type": kind, "entity": Person, "definition_period": period, **more})


def age_on(births: np.ndarray, day: np.datetime64) -> np.ndarray:
    """Completed years; born on 29 February, one grows older on 28 February of common years."""
    months = births.astype("datetime64[M]")
    year, month = births.astype("datetime64[Y]").astype(int), months.astype(int) % 12
    of_month = (births - months).astype(int)
    now_month = day.astype("datetime64[M]")
    now_year, now_of_month = int(day.astype("datetime64[Y]").astype(int)), int((day - now_month).astype(int))
    last = int(((now_month + 1).astype("datetime64[D]") - now_month.astype("datetime64[D]")).astype(int)) - 1
    this_month = int(now_month.astype(int)) % 12
    reached = (this_month > month) | ((this_month == month) & (now_of_month >= np.minimum(of_month, last)))
    return now_year - year - np.where(reached, 0, 1)


def youth(person, period, parameters):
    age = age_on(person("birth", period).astype("datetime64[D]"), np.datetime64(str(period.start)))
    ages = parameters(period).youth
    return (age >= ages.first) & (age < ages.last + 1)


def onsite(person, period, parameters):
    signed = person("signed", period).astype("datetime64[D]")
    day = np.datetime64(str(period.start))
    below = (person("written", period) < A2) | (person("oral", period) < A2)
    regime = person("cir", period) & (signed <= day) & (signed >= np.datetime64("2025-07-01"))
    return regime & below & ~person("reads", period)


def orientation(person, period, parameters):
    situation, seeking = person("situation", period), person("seeking", period)
    jobless = ~((situation == Situation.cdi) | (situation == Situation.cdd) | (situation == Situation.other_job))
    return jobless & (seeking != Seeking.non) & ~person("exempt", period)


RULES = {
    "mission_locale.public": variable("youth", bool, DateUnit.DAY, formula_2017=youth),
    "langue.presentiel_2025": variable("onsite", bool, DateUnit.DAY, formula_2025_07_01=onsite),
    "spe.orientation": variable("orientation", bool, DateUnit.DAY, formula_2025=orientation),
}


def system() -> TaxBenefitSystem:
    """The system with its dated parameters (art. L.5131-3, L.5314-2 of the Code du travail)."""
    found = TaxBenefitSystem([Person])
    found.parameters = ParameterNode(
        "", data={"youth": {"first": {"2017-01-01": {"value": 16}}, "last": {"2017-01-01": {"value": 25}}}}
    )
    inputs = [
        variable("birth", dt.date),
        variable("signed", dt.date),
        variable("cir", bool),
        variable("written", int),
        variable("oral", int),
        variable("reads", bool),
        variable("situation", Enum, possible_values=Situation, default_value=Situation.none),
        variable("seeking", Enum, possible_values=Seeking, default_value=Seeking.non),
        variable("exempt", bool),
    ]
    found.add_variables(*inputs, *RULES.values())
    return found


def columns(rows: list[dict[str, str]]) -> dict[str, np.ndarray]:
    flags = {name: np.array([row[name] == "1" for row in rows]) for name in ("cir", "reads", "exempt")}
    levels = {name: np.array([int(row[name]) for row in rows]) for name in ("written", "oral")}
    days = {name: np.array([row[name] for row in rows], dtype="datetime64[D]") for name in ("birth", "signed")}
    words = {
        "situation": Situation.encode(np.array([row["situation"] for row in rows])),
        "seeking": Seeking.encode(np.array([row["seeking"] for row in rows])),
    }
    return {**flags, **levels, **days, **words}


def main() -> None:
    path, day = sys.argv[1:]
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    rules, given = system(), columns(rows)

    began = time.process_time()
    simulation = SimulationBuilder().build_default_simulation(rules, count=len(rows))
    for name, values in given.items():
        simulation.set_input(name, DateUnit.ETERNITY, values)
    answers = {code: simulation.calculate(each.__name__, day) for code, each in RULES.items()}
    seconds = time.process_time() - began
    for code, found in answers.items():
        expected = np.array([row[code] == "1" for row in rows])
        differ = int((found != expected).sum())
        if differ:
            sys.exit(f"{code}: {differ} answers differ from ours")
    print(f"| openfisca-core, three rules, {len(rows):,} persons in one vector | {seconds * 1e3:.0f} ms |")

    times = []
    for rank in range(min(ONE_BY_ONE, len(rows))):
        began = time.process_time()
        alone = SimulationBuilder().build_default_simulation(rules, count=1)
        for name, values in given.items():
            alone.set_input(name, DateUnit.ETERNITY, values[rank : rank + 1])
        for each in RULES.values():
            alone.calculate(each.__name__, day)
        times.append((time.process_time() - began) * 1e3)
    print(f"| openfisca-core, three rules, one person | median {statistics.median(times):.2f} ms |")
    print(f"\n{len(rows):,} persons, three rules: every answer is the same.")


if __name__ == "__main__":
    main()
