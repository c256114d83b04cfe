"""What is proposed first, what is weighed, what must be asked; and what changes when a fact changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.comparison import compare
from passerelles.orientation.engine.evaluation import Session
from passerelles.orientation.engine.facts import NEVER
from passerelles.orientation.engine.recommendation import Standing, recommend
from passerelles.orientation.rules import BOOK
from passerelles.orientation.rules.proposals import PROPOSALS
from tests.orientation.test_properties import days, facts

ON = dt.date(2026, 1, 15)
session = Session(BOOK, {})
SEEKER = {
    "emploi.situation": "none",
    "emploi.recherche": "cherche",
    "spe.dispense": False,
    "rsa.beneficiaire": False,
    "handicap.boe": False,
    "naissance": dt.date(1985, 3, 1),
}


def proposed(told, on=ON):
    return {line.proposal.code: line for line in recommend(session.evaluate(told, on), PROPOSALS)}


def test_somebody_seeking_a_job_is_recommended_france_travail_with_reasons():
    line = proposed(SEEKER)["france_travail"]
    assert line.standing is Standing.RECOMMENDED
    assert any("L.5411-5-1" in reason.reference for reason in line.reasons_for)


def test_under_26_the_mission_locale_speaks_against_france_travail():
    """B-037."""
    lines = proposed({**SEEKER, "naissance": dt.date(2004, 3, 1)})
    assert lines["mission_locale"].standing is Standing.RECOMMENDED
    assert lines["france_travail"].standing is Standing.TO_WEIGH
    assert any("26 ans" in reason.text for reason in lines["france_travail"].reasons_against)


def test_a_disabled_worker_is_recommended_cap_emploi():
    """D-011."""
    assert proposed({**SEEKER, "handicap.boe": True})["cap_emploi"].standing is Standing.RECOMMENDED


def test_whoever_opted_out_is_proposed_no_body_of_the_network():
    """B-035, C-054."""
    lines = proposed({**SEEKER, "spe.dispense": True})
    assert lines["dispense"].standing is Standing.RECOMMENDED
    assert {"france_travail", "mission_locale", "cap_emploi", "apec", "inscription"}.isdisjoint(lines)


def test_what_is_not_known_becomes_a_question():
    line = proposed({code: value for code, value in SEEKER.items() if code != "handicap.boe"})["cap_emploi"]
    assert line.standing is Standing.TO_CLARIFY
    assert line.questions == ("handicap.boe",)


def test_the_rsa_gives_the_decision_to_the_department():
    """B-033."""
    lines = proposed({**SEEKER, "rsa.beneficiaire": True})
    assert lines["departement"].standing is Standing.RECOMMENDED
    assert "inscription" not in lines


def test_every_proposal_rests_on_rules_that_exist():
    codes = {version.code for version in BOOK.versions}
    for proposal in PROPOSALS:
        assert proposal.when
        assert {*proposal.when, *proposal.needs, *proposal.against} <= codes
    assert len({proposal.code for proposal in PROPOSALS}) == len(PROPOSALS)


@settings(deadline=None, max_examples=25)
@given(facts, days)
def test_the_list_is_ordered_and_each_line_can_be_explained(told, on):
    lines = recommend(session.evaluate(told, on), PROPOSALS)
    order = list(Standing)
    ranks = [order.index(line.standing) for line in lines]
    assert ranks == sorted(ranks)
    for line in lines:
        if line.standing is Standing.TO_CLARIFY:
            assert line.questions
            assert set(line.questions).isdisjoint(told)
        else:
            assert line.reasons_for
            assert not line.questions
            assert bool(line.reasons_against) is (line.standing is Standing.TO_WEIGH)


def test_a_change_of_situation_lists_the_rules_whose_answer_differs_and_why():
    before = session.evaluate(
        {**SEEKER, "ft.inscrit": False, "departement": "57", "metz.autre_motif": False, "agir.suivi": False}, ON
    )
    after = session.evaluate({**before.told, "emploi.situation": "cdi"}, ON)
    changes = {change.code: change for change in compare(before, after)}
    assert changes["metz.inscription"].before is Verdict.YES
    assert changes["metz.inscription"].after is Verdict.NO
    assert changes["metz.inscription"].reverses
    assert changes["metz.inscription"].because == ("emploi.situation",)
    assert "decideur.departement" not in changes


def test_the_day_alone_may_change_an_answer():
    told = {"sejour.titre_fin": dt.date(2026, 1, 15)}
    (change,) = [
        change
        for change in compare(session.evaluate(told, ON), session.evaluate(told, ON + dt.timedelta(days=1)))
        if change.code == "titre.valide"
    ]
    assert change.reverses
    assert change.because == ()


def test_a_rule_that_comes_into_force_is_a_change():
    told = {"langue.certifie_ecrit": "A2", "cir.date_signature": NEVER}
    changes = compare(session.evaluate({}, dt.date(2025, 12, 31)), session.evaluate({}, dt.date(2026, 1, 1)))
    assert {change.code for change in changes if change.before is None} >= {"titre.csp", "titre.csp_examen"}
    assert told


@pytest.mark.parametrize("on", [dt.date(2022, 6, 1), ON])
def test_the_same_facts_on_the_same_day_change_nothing(on):
    assert compare(session.evaluate(SEEKER, on), session.evaluate(dict(SEEKER), on)) == ()
