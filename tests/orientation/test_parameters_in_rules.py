"""What a dated parameter, a decision of the State or an unknown territory does to a rule."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import Session
from passerelles.orientation.engine.rules import Context, resolve
from passerelles.orientation.rules import BOOK
from passerelles.reference import parameters
from passerelles.reference.levels import Level
from passerelles.reference.parameters import NotConfigured
from passerelles.reference.register import Entry
from passerelles.reference.territory import NATIONAL, Territory

SIGNATORY = {"cir.contrat": "cir", "cir.date_signature": dt.date(2026, 1, 10), "emploi.recherche": "cherche"}
IN_METZ = {
    "departement": "57",
    "emploi.situation": "none",
    "metz.autre_motif": False,
    "spe.dispense": False,
    "rsa.beneficiaire": False,
    "agir.suivi": False,
    "ft.inscrit": False,
    "cir.date_signature": dt.date(2026, 1, 10),
}


@pytest.fixture
def decided():
    """Decisions of the State, by parameter; taken back by the fixture of the folder."""
    taken = {}
    parameters.use_overrides(lambda known_at: taken)

    def decide(key, value, territory="national", since=dt.date(2026, 1, 1)):
        where = Territory.parse(territory)
        taken[key, where] = (*taken.get((key, where), ()), Entry(where, since, None, value, "décision d'essai"))
        return taken

    return decide


@pytest.mark.parametrize(("day", "expected"), [(31, Verdict.NO), (32, Verdict.YES), (33, Verdict.YES)])
def test_the_registration_becomes_automatic_on_the_day_that_the_state_sets(decided, day, expected):
    """B-032, L-051."""
    decided("auto_ft_registration_date", dt.date(2026, 4, 1))
    on = dt.date(2026, 3, 1) + dt.timedelta(days=day - 1)
    assert BOOK.evaluate(SIGNATORY, on).verdict("ft.auto_cir") is expected


def test_automatic_registration_makes_the_experiment_void(decided):
    """L-014."""
    on = dt.date(2026, 4, 1)
    assert BOOK.evaluate(IN_METZ, on)["metz.inscription"].is_yes
    decided("auto_ft_registration_date", on)
    assert BOOK.evaluate(IN_METZ, on)["metz.inscription"].is_no


def test_only_signatories_seeking_a_job_are_registered_unless_the_state_decides_otherwise(decided):
    """L-005."""
    on = dt.date(2026, 5, 1)
    decided("auto_ft_registration_date", dt.date(2026, 4, 1))
    told = {**SIGNATORY, "emploi.recherche": "non"}
    assert BOOK.evaluate(told, on)["ft.auto_cir"].is_no
    decided("ft_registration_scope", "all_signatories")
    assert BOOK.evaluate(told, on)["ft.auto_cir"].is_yes


def test_a_session_that_knows_the_decisions_sees_the_day_on_which_one_begins(decided):
    told = {"cir.contrat": "cir", "cir.date_signature": dt.date(2026, 1, 10), "departement": "69"}
    taken = decided("agir_deployed", False, "department:69", dt.date(2026, 3, 3))
    session = Session(BOOK, taken)
    for on in (dt.date(2026, 3, 2), dt.date(2026, 3, 3)):
        for facts in (told, {**told, "departement": "57"}):
            assert session.evaluate(facts, on).verdicts() == BOOK.evaluate(facts, on).verdicts()
    refugee = {**told, "sejour.statut": "refugie"}
    assert session.evaluate(refugee, dt.date(2026, 3, 3))["agir.eligible"].is_no


def test_changing_what_near_a2_means_changes_who_has_direct_access(decided):
    """L-042."""
    on = dt.date(2026, 2, 1)
    told = {
        "cir.contrat": "cir",
        "cir.date_signature": dt.date(2026, 1, 10),
        "langue.evaluation": dt.date(2026, 1, 10),
        "langue.ecrit": Level.A1_1,
        "langue.oral": Level.A1,
        "metier.tension": False,
    }
    assert BOOK.evaluate(told, on)["ft.acces_direct"].is_no
    decided("near_a2_min_level", Level.A1_1)
    assert BOOK.evaluate(told, on)["ft.acces_direct"].is_yes


def test_where_no_source_says_it_the_rule_asks_instead_of_assuming():
    """B-048, B-053."""
    told = {"cir.contrat": "cir", "cir.date_signature": dt.date(2024, 1, 10), "sante.vulnerable": True}
    evaluation = BOOK.evaluate({**told, "sante.visite_ofii": False, "departement": "57"}, dt.date(2026, 1, 15))
    assert evaluation["sante.rendez_vous"].missing == ("sante.rdv_propose",)


def test_while_the_department_is_unknown_it_is_asked_for():
    told = {"cir.contrat": "cir", "cir.date_signature": dt.date(2024, 1, 10), "sante.vulnerable": True}
    evaluation = BOOK.evaluate({**told, "sante.visite_ofii": False}, dt.date(2026, 1, 15))
    assert evaluation["sante.rendez_vous"].missing == ("departement", "sante.rdv_propose")


def test_the_department_is_enough_where_every_territory_has_a_value():
    """Since July 2025 the register says everywhere whether AGIR is open."""
    told = {
        "sejour.statut": "refugie",
        "sejour.statut_date": dt.date(2025, 6, 1),
        "cir.contrat": "cir",
        "cir.date_signature": dt.date(2025, 9, 1),
        "besoin.logement": True,
        "emploi.situation": "none",
    }
    assert BOOK.evaluate(told, dt.date(2026, 1, 15))["agir.eligible"].missing == ("departement",)
    assert BOOK.evaluate(told, dt.date(2025, 10, 1), Territory.parse("department:974"))["agir.eligible"].is_no


def test_a_rule_that_needs_a_value_refuses_to_answer_before_its_first_date():
    (version,) = [version for version in BOOK.versions if version.code == "agir.maintien"]
    early = dt.date(2021, 1, 1)
    read = resolve(version, early, NATIONAL, parameters.state)
    with pytest.raises(NotConfigured, match="agir_max_months"):
        version.write(Context(version, read))


def test_a_rule_may_only_read_the_parameters_it_declares():
    (version,) = [version for version in BOOK.versions if version.code == "titre.valide"]
    with pytest.raises(ValueError, match="without declaring it"):
        Context(version, {}).number("agir_max_months")
