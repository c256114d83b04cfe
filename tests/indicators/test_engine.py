"""The engine against a counter written apart, on histories made at random."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from passerelles.core.periods import Month
from passerelles.indicators.engine.activity import activity, delays
from passerelles.indicators.engine.definitions import CATEGORIES, M1_VARIANTS, SETS, latest
from passerelles.indicators.engine.events import FactRow, history
from passerelles.indicators.engine.figures import BANDS, figure
from passerelles.indicators.monthly import Monthly
from passerelles.reception.enums import Category

JANUARY = Month(2026, 1)
PEOPLE = [uuid.UUID(int=number + 1) for number in range(6)]
SESSIONS = [uuid.UUID(int=1000 + number) for number in range(3)]

days = st.dates(JANUARY.first, JANUARY.last)
profiles = st.tuples(st.sampled_from(["F", "H", None]), st.none() | st.dates(dt.date(1940, 1, 1), dt.date(2026, 2, 1)))
talks = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "on": days,
        "scope": st.sampled_from(["in_scope", "out_employed", "out_other"]),
        "category": st.sampled_from([*CATEGORIES, "unheard_of"]),
        "ft": st.sampled_from([True, False, None]),
        "rsa": st.booleans(),
        "agir": st.booleans(),
        "registered": st.booleans(),
        "covered": st.booleans(),
    }
)
answers = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "on": days,
        "result": st.sampled_from(["attended", "missed", "excused", "rescheduled"]),
        "accompanied": st.booleans(),
    }
)
entries = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "on": days,
        "by": st.sampled_from(["cip", "ft", "auto"]),
        "register": st.sampled_from(["ft", "rsa"]),
    }
)


@st.composite
def worlds(draw):
    """Profiles (known, corrected or not known), interviews, results, registrations."""
    known = draw(st.dictionaries(st.sampled_from(PEOPLE), profiles))
    corrected = draw(st.dictionaries(st.sampled_from(PEOPLE), profiles))
    return (
        known,
        corrected,
        draw(st.lists(talks, max_size=12)),
        draw(st.lists(answers, max_size=6)),
        draw(st.lists(entries, max_size=6)),
    )


def rows_of(world):
    """The facts of such a world, in the order in which they were recorded."""
    known, corrected, held, results, registered = world
    number = itertools.count(1)
    month, people = [], []
    for table, kind in ((known, "person_recorded"), (corrected, "person_corrected")):
        for person, (sex, birth_date) in table.items():
            data = {"sex": sex, "birth_date": birth_date.isoformat() if birth_date else None}
            people.append(FactRow(next(number), kind, person, None, dt.date(2026, 3, 1), data))
    for kind, events in (("interview_held", held), ("appointment_result", results), ("registered", registered)):
        for event in events:
            data = {name: value for name, value in event.items() if name not in {"person", "on"}}
            row = FactRow(next(number), kind, event["person"], uuid.UUID(int=10_000 + next(number)), event["on"], data)
            month.append(row)
            people += [row] if kind != "interview_held" else []
    return month, people


def monthly_of(world, variant="interview_in_scope_or_registered"):
    month, people = rows_of(world)
    return Monthly(history("metz", JANUARY, month, people), latest(variant))


def naive(world, variant):
    """Count with loops and ages by hand."""
    known, corrected, held, results, registered = world
    profile = {**known, **corrected}

    def cell(person, on):
        sex, born = profile.get(person, (None, None))
        band = "non_classe"
        if born is not None and born <= on:
            anniversary = (on.month, on.day) >= (
                (born.month, born.day) if (born.month, born.day) != (2, 29) else (2, 28)
            )
            age = on.year - born.year - (0 if anniversary else 1)
            band = "<25" if age <= 24 else "26-45" if 26 <= age <= 45 else "46-64" if 46 <= age <= 64 else "non_classe"
        return (sex or "non_renseigne", band)

    counts: Counter = Counter()
    for person in PEOPLE:
        theirs = sorted(
            (talk for talk in enumerate(held) if talk[1]["person"] == person), key=lambda t: (t[1]["on"], t[0])
        )
        if not theirs:
            continue
        first = theirs[0][1]
        where = cell(person, first["on"])
        counts["personnes_recues", where] += 1
        accompanied = variant == "received" or any(t["scope"] == "in_scope" or t["registered"] for _, t in theirs)
        counts["M1_personnes_accompagnees", where] += accompanied
        counts["M2_deja_inscrites_FT", where] += bool(first["ft"])
        counts["M3_RSA_ou_AGIR", where] += first["rsa"] or first["agir"]
        counts["M3_RSA", where] += first["rsa"]
        counts["M3_AGIR", where] += first["agir"]
        category = first["category"] if first["category"] in CATEGORIES else "other"
        counts[f"M6_{category}", where] += 1
    for event in results:
        if event["result"] == "attended" and event["accompanied"]:
            counts["M4_accompagnements_premier_entretien_FT_realises", cell(event["person"], event["on"])] += 1
    for event in registered:
        if event["register"] == "ft" and event["by"] == "cip":
            counts["M5_inscriptions_CIP", cell(event["person"], event["on"])] += 1
    return Counter({key: count for key, count in counts.items() if count})


@settings(max_examples=300, deadline=None)
@given(worlds(), st.sampled_from(sorted(M1_VARIANTS)))
def test_the_engine_counts_like_somebody_who_counts_by_hand(world, variant):
    figures = monthly_of(world, variant).figures
    expected = naive(world, variant)
    codes = {code for code, _ in expected} | {
        "M1_personnes_accompagnees",
        "M2_deja_inscrites_FT",
        "M3_RSA_ou_AGIR",
        "M4_accompagnements_premier_entretien_FT_realises",
        "M5_inscriptions_CIP",
    }
    counted = {(code, cell): n for code in codes for cell, n in figures[code].values.items() if n}
    assert counted == dict(expected)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_the_sums_over_sexes_and_bands_equal_the_totals(world):
    monthly = monthly_of(world)
    for found in monthly.figures.values():
        assert sum(found.count(sex=sex) for sex in found.sexes) == found.total
        assert sum(found.count(band=band) for band in BANDS) == found.total
        assert {sex for sex, _ in found.cells} >= {"F", "H"}
        assert {band for _, band in found.cells} == set(BANDS)
    received = monthly.figures["personnes_recues"].total
    assert sum(line.total for line in monthly.breakdown) == received
    assert monthly.figures["M1_personnes_accompagnees"].total <= received
    assert monthly.figures["dans_le_champ"].total <= monthly.figures["M1_personnes_accompagnees"].total


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_the_order_in_which_facts_were_typed_changes_nothing(world):
    month, people = rows_of(world)
    one = Monthly(history("metz", JANUARY, month, people), latest("received"))
    other = Monthly(history("metz", JANUARY, month[::-1], people), latest("received"))
    assert [f.values for f in one.official] == [f.values for f in other.official]
    assert one.delays == other.delays


def test_the_lines_of_the_breakdown_are_those_of_the_interview():
    assert {category.value: category.label for category in Category} == CATEGORIES


def test_two_versions_of_the_definitions_coexist():
    assert len(SETS) >= 2
    assert all(len(found.official) == 4 for found in SETS.values())
    assert len({found.code for found in SETS.values()}) == len(SETS)


def rows(*facts):
    return [FactRow(number, *fact) for number, fact in enumerate(facts, start=1)]


def test_a_month_without_anything_has_every_cell_at_zero_and_no_ratio():
    empty = history("metz", JANUARY, [], [])
    monthly = Monthly(empty, latest("received"))
    assert empty.is_empty
    assert all(len(found.cells) == 8 and found.total == 0 for found in monthly.official)
    assert monthly.activity.attendance_rate is None
    assert monthly.delays.mean_days is None


def test_a_person_both_at_rsa_and_agir_counts_once():
    data = {"scope": "in_scope", "rsa": True, "agir": True}
    month = rows(("interview_held", PEOPLE[0], SESSIONS[0], dt.date(2026, 1, 5), data))
    figures = Monthly(history("metz", JANUARY, month, []), latest("received")).figures
    assert [figures[code].total for code in ("M3_RSA_ou_AGIR", "M3_RSA", "M3_AGIR")] == [1, 1, 1]


def test_the_activity_counts_sessions_held_and_leaves_out_moved_and_cancelled():
    first, second, third = SESSIONS
    day = dt.date(2026, 1, 13)
    calls = [uuid.UUID(int=2000 + number) for number in range(6)]
    month = rows(
        ("session_planned", None, first, day, {"half_day": "am"}),
        ("session_planned", None, second, day, {"half_day": "pm"}),
        ("session_planned", None, third, day, {}),
        ("session_cancelled", None, second, day, {}),
        ("collective_held", None, first, day, {"minutes": 12}),
        ("convoked", PEOPLE[0], calls[0], day, {"session": str(first), "walk_in": False}),
        ("convoked", PEOPLE[1], calls[1], day, {"session": str(first), "walk_in": False}),
        ("convoked", PEOPLE[2], calls[2], day, {"session": str(first), "walk_in": True}),
        ("convoked", PEOPLE[3], calls[3], day, {"session": str(first), "walk_in": False}),
        ("convoked", PEOPLE[4], calls[4], day, {"session": str(second), "walk_in": False}),
        ("convoked", PEOPLE[5], calls[5], day, {"session": str(third), "walk_in": False}),
        ("attendance", PEOPLE[0], calls[0], day, {"status": "present"}),
        ("attendance", PEOPLE[1], calls[1], day, {"status": "absent"}),
        ("attendance", PEOPLE[2], calls[2], day, {"status": "present"}),
    )
    moved = rows(("convocation_moved", PEOPLE[3], calls[3], day, {}))
    found = activity(history("metz", JANUARY, month, moved))
    assert (found.sessions_planned, found.sessions_held) == (2, 1)
    assert (found.convoked, found.present_convoked, found.walk_ins, found.present) == (2, 1, 1, 2)
    assert found.attendance_rate == 0.5
    assert found.collective_minutes == 12


def test_the_delay_runs_from_the_registration_to_the_first_appointment_attended():
    registered, appointment, again = (uuid.UUID(int=3000 + number) for number in range(3))
    before = ("registered", PEOPLE[0], registered, dt.date(2025, 12, 20), {"register": "ft", "by": "cip"})
    attended = ("appointment_result", PEOPLE[0], appointment, dt.date(2026, 1, 9), {"result": "attended"})
    missed = ("appointment_result", PEOPLE[1], again, dt.date(2026, 1, 12), {"result": "missed"})
    found = delays(history("metz", JANUARY, rows(attended, missed), rows(before, attended, missed)))
    assert (found.days, found.mean_days, found.median_days) == ((20,), 20, 20)
    assert (found.lost, found.answered) == (1, 2)
    fixed = ("appointment_fixed", PEOPLE[1], uuid.UUID(int=4000), dt.date(2026, 1, 14), {})
    found = delays(history("metz", JANUARY, rows(attended, missed), rows(before, attended, missed, fixed)))
    assert found.lost == 0


def test_the_age_is_that_of_the_day_of_the_event():
    born = {"sex": "F", "birth_date": "2001-01-20"}
    person = rows(("person_recorded", PEOPLE[0], None, dt.date(2026, 3, 1), born))
    for day, band in ((19, "<25"), (20, "non_classe")):
        month = rows(("interview_held", PEOPLE[0], SESSIONS[0], dt.date(2026, 1, day), {"scope": "in_scope"}))
        found = figure(latest("received").official[0], history("metz", JANUARY, month, person))
        assert found.count("F", band) == 1
