"""The rules against tables written apart from them, over every combination of their facts, unknown included.

Each table is two-valued and plain. With unknown facts the expected answer is what every completion agrees on: yes if
all say yes, no if all say no, else to be determined.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping

import pytest

from passerelles.core.answers import Verdict
from passerelles.orientation.engine.evaluation import Session
from passerelles.orientation.rules import BOOK
from passerelles.orientation.rules.metz import registration
from passerelles.reference.levels import Level

ON = dt.date(2026, 1, 15)
UNKNOWN = object()
BOTH = (True, False)
session = Session(BOOK, {})


def agrees(code: str, domain: Mapping[str, tuple], table: Callable[..., bool], fixed: Mapping, on: dt.date = ON):
    """Every combination of known and unknown facts of `domain`."""
    names = list(domain)
    truth = {values: table(*values) for values in itertools.product(*domain.values())}
    expected = {values: Verdict.YES if holds else Verdict.NO for values, holds in truth.items()}

    def settle(values: tuple) -> Verdict:
        if values not in expected:
            at = next(place for place, value in enumerate(values) if value is UNKNOWN)
            seen = {settle((*values[:at], value, *values[at + 1 :])) for value in domain[names[at]]}
            expected[values] = seen.pop() if len(seen) == 1 else Verdict.UNKNOWN
        return expected[values]

    wrong = []
    for values in itertools.product(*((*domain[name], UNKNOWN) for name in names)):
        facts = {name: value for name, value in zip(names, values, strict=True) if value is not UNKNOWN}
        found = session.evaluate({**fixed, **facts}, on).verdict(code)
        if found is not settle(values):
            wrong.append((facts, found, settle(values)))
    assert wrong == []


def test_metz_eight_combinations_and_their_unknowns():
    """B-051: registered only when the three checks are negative."""
    agrees(
        "metz.inscription",
        {
            "emploi.situation": ("cdi", "training", "student", "none", "other"),
            "metz.autre_motif": BOTH,
            "spe.dispense": BOTH,
            "rsa.beneficiaire": BOTH,
            "agir.suivi": BOTH,
            "ft.inscrit": BOTH,
        },
        lambda situation, other, optout, rsa, agir, ft: (
            situation == "none" and not other and not optout and (rsa, agir, ft) == (False, False, False)
        ),
        {"departement": "57"},
    )


@pytest.mark.parametrize("convention", BOTH)
@pytest.mark.parametrize("automatic", BOTH)
@pytest.mark.parametrize(("rsa", "agir", "ft"), list(itertools.product(BOTH, repeat=3)))
def test_the_interview_asks_the_same_rule(convention, automatic, rsa, agir, ft):
    """B-052, L-014: outside the agreement, or once the registration is automatic, nobody is registered."""
    facts = {
        "emploi.situation": "none",
        "metz.autre_motif": False,
        "spe.dispense": False,
        "rsa.beneficiaire": rsa,
        "agir.suivi": agir,
        "ft.inscrit": ft,
    }
    answer = registration(facts, convention=convention, automatic=automatic)
    assert answer.is_yes is (convention and not automatic and not (rsa or agir or ft))
    assert not answer.is_unknown


def test_agir_since_2025():
    """B-043, B-044, L-027."""
    young, old = dt.date(2024, 1, 16), dt.date(2024, 1, 15)
    agrees(
        "agir.eligible",
        {
            "sejour.statut": ("refugie", "apatride", "protection_temporaire", "aucun"),
            "sejour.statut_date": (young, old),
            "cir.contrat": ("cir", "cai", "aucun"),
            "besoin.emploi": BOTH,
            "besoin.logement": BOTH,
            "logement.sans_hebergement": BOTH,
            "agir.vulnerable": BOTH,
        },
        lambda status, since, contract, job, home, roofless, fragile: (
            status in {"refugie", "apatride"}
            and since == young
            and contract == "cir"
            and (job or home)
            and (roofless or fragile)
        ),
        {"departement": "57", "emploi.situation": "cdi", "cir.date_signature": dt.date(2024, 6, 1)},
    )


def test_agir_at_the_start_of_the_programme():
    """L-027: 23 months and a need, or the cohort of the start."""
    on, young, old = dt.date(2024, 4, 2), dt.date(2022, 4, 3), dt.date(2022, 4, 2)
    agrees(
        "agir.eligible",
        {
            "sejour.statut": ("refugie", "aucun"),
            "sejour.statut_date": (young, old),
            "besoin.emploi": BOTH,
            "besoin.logement": BOTH,
            "agir.cohorte_demarrage": BOTH,
            "agir.departement_ouvert": BOTH,
        },
        lambda status, since, job, home, cohort, opened: (
            status == "refugie" and opened and ((since == young and (job or home)) or cohort)
        ),
        {"departement": "69"},
        on,
    )


def test_registration_at_france_travail():
    """B-032 to B-036: permit, search, nothing automatic, no opt-out."""
    agrees(
        "ft.inscription",
        {
            "emploi.recherche": ("cherche", "pourrait", "non"),
            "sejour.titre": ("carte_resident", "aps", "visiteur"),
            "sejour.titre_travail": BOTH,
            "ft.inscrit": BOTH,
            "spe.dispense": BOTH,
            "rsa.beneficiaire": BOTH,
            "mission_locale.sollicitee": BOTH,
        },
        lambda search, permit, mention, registered, optout, rsa, asked: (
            search != "non"
            and (permit == "carte_resident" or (permit == "aps" and mention))
            and not registered
            and not optout
            and not rsa
            and not asked
        ),
        {
            "nationalite": "AF",
            "sejour.titre_fin": dt.date(2030, 1, 1),
            "naissance": dt.date(2003, 5, 5),
            "handicap.boe": False,
        },
    )


def test_who_decides_the_orientation_is_one_and_only_one():
    """L.5411-5-1."""
    deciders = ("departement", "mission_locale", "cap_emploi", "france_travail")
    for rsa, asked, disabled, turned, young in itertools.product(BOTH, repeat=5):
        facts = {
            "rsa.beneficiaire": rsa,
            "mission_locale.sollicitee": asked,
            "handicap.boe": disabled,
            "cap_emploi.sollicite": turned,
            "naissance": dt.date(2003, 5, 5) if young else dt.date(1980, 5, 5),
        }
        evaluation = session.evaluate(facts, ON)
        said = [name for name in deciders if evaluation.verdict(f"decideur.{name}") is Verdict.YES]
        expected = (
            "departement" if rsa
            else "mission_locale" if asked and young
            else "cap_emploi" if disabled and turned
            else "france_travail"
        )  # fmt: skip
        assert said == [expected]


def test_everyone_has_one_and_only_one_pathway():
    """Order of 21 November 2024: social first, then the professional profile, else socio-professional."""
    barriers = ("sante", "logement", "mobilite", "garde", "aidant", "langue", "numerique")
    for recent, obstacle, schooling, project, weighs in itertools.product(
        ("en_activite", "deux_ans", "plus_ancienne", "jamais"),
        BOTH,
        ("primaire_sans_diplome", "secondaire_cap_bep", "superieur_bac_4_et_plus"),
        BOTH,
        (None, *barriers),
    ):
        facts = {
            "experience.recente": recent,
            "frein.obstacle": obstacle,
            "etudes.niveau": schooling,
            "projet.projection": project,
            **{f"frein.{name}": "moyen" if name == weighs else "sans_impact" for name in barriers},
        }
        active = recent in {"en_activite", "deux_ans"}
        if obstacle and not active:
            expected = "social"
        elif weighs is None and schooling != "primaire_sans_diplome" and (active or project):
            expected = "professionnel"
        else:
            expected = "socio_pro"
        evaluation = session.evaluate(facts, ON)
        said = [
            name
            for name in ("social", "socio_pro", "professionnel")
            if evaluation.verdict(f"parcours.{name}") is Verdict.YES
        ]
        assert said == [expected], facts


@pytest.mark.parametrize("written", list(Level))
@pytest.mark.parametrize("oral", list(Level))
def test_the_path_follows_the_date_of_signature_and_the_level(written, oral):
    """L-002: four regimes, in Lyon (no experiment) and in Créteil (A2 experiment)."""
    below = {level: written.rank < level.rank or oral.rank < level.rank for level in (Level.A1, Level.A2)}
    for place, signed, expected in (
        ("69", dt.date(2018, 5, 2), "parcours_2016" if below[Level.A1] else ""),
        ("69", dt.date(2023, 5, 2), "parcours_2019" if below[Level.A1] else ""),
        ("94", dt.date(2024, 9, 2), "experimentation_a2" if below[Level.A2] else ""),
        ("57", dt.date(2024, 9, 2), "experimentation_pro" if below[Level.A1] else ""),
        ("94", dt.date(2025, 9, 2), "numerique_2025" if below[Level.A2] else ""),
    ):
        evaluation = session.evaluate(
            {
                "departement": place,
                "cir.contrat": "cir",
                "cir.date_signature": signed,
                "langue.ecrit": written,
                "langue.oral": oral,
                "langue.lecteur_scripteur": True,
            },
            ON,
        )
        paths = (
            "parcours_2016",
            "parcours_2019",
            "experimentation_a2",
            "experimentation_pro",
            "numerique_2025",
            "presentiel_2025",
        )
        assert [name for name in paths if evaluation.verdict(f"langue.{name}") is Verdict.YES] == list(
            filter(None, [expected])
        )
        assert (evaluation.verdict("langue.prescription") is Verdict.YES) is bool(expected)
