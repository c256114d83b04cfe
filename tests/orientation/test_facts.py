"""Facts as people write them: read, or refused with a sentence that says what, where and how to mend it."""

from __future__ import annotations

import datetime as dt

import pytest

from passerelles.orientation.engine.facts import NEVER, BadFacts, FactType, Sensitivity
from passerelles.orientation.engine.yaml_text import load
from passerelles.orientation.rules import FACTS
from passerelles.orientation.rules.consistency import contradictions
from passerelles.reference.levels import Level

ON = dt.date(2026, 1, 15)


def read(text: str):
    return FACTS.read(load(text))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("rsa.beneficiaire: non", False),
        ("rsa.beneficiaire: true", True),
        ("rsa.beneficiaire: OUI", True),
        ("naissance: 1990-05-03", dt.date(1990, 5, 3)),
        ("naissance: 03/05/1990", dt.date(1990, 5, 3)),
        ("cir.date_signature: jamais", NEVER),
        ("langue.ecrit: niveau a1", Level.A1),
        ("nationalite: NO", "NO"),
        ("nationalite: Afghanistan", "AF"),
        ("departement: 57", "57"),
        ("departement: 01", "01"),
        ("departement: 2a", "2A"),
        ("civique.jours: 4", 4),
        ("iae.criteres: []", frozenset()),
        ("iae.criteres: [QPV, PI]", frozenset({"QPV", "PI"})),
        ("emploi.recherche: non", "non"),
    ],
)
def test_what_people_write_is_read(line, value):
    (known,) = read(line).values()
    assert known.value == value


def test_a_fact_keeps_its_source_and_its_date():
    known = read("rsa.beneficiaire: {valeur: oui, source: CAF, date: 2026-01-02}")["rsa.beneficiaire"]
    assert (known.value, known.source, known.since) == (True, "CAF", dt.date(2026, 1, 2))


@pytest.mark.parametrize(
    "text", ["rsa.beneficiaire:", "rsa.beneficiaire: null", "{rsa.beneficiaire: {valeur: null}}", "{}"]
)
def test_nothing_said_is_unknown(text):
    assert len(read(text)) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rsa.beneficiare: oui", "Vouliez-vous dire « rsa.beneficiaire »"),
        ("rsa.beneficiaire: peut-être", "Il faut oui ou non"),
        ("rsa.beneficiaire: 1", "Il faut oui ou non"),
        ("naissance: jamais", "une date"),
        ("naissance: 2026-02-30", "une date"),
        ("naissance: 1990", "une date"),
        ("langue.ecrit: A1+", "niveau de français"),
        ("sejour.statut: refugiee", "protection_subsidiaire"),
        ("civique.jours: -1", "de 0 à 10"),
        ("civique.jours: 2.5", "nombre entier"),
        ("civique.jours: 11", "de 0 à 10"),
        ("iae.criteres: QPV", "liste"),
        ("iae.criteres: [ZUS]", "QPV"),
        ("departement: 99", "département"),
        ("nationalite: Syldavie", "pays"),
        ("- rsa.beneficiaire", "une liste simple"),
        ("oui", "un texte seul"),
        ("", "un document vide"),
        ("a: [1", "Ligne 1"),
        ("rsa.beneficiaire: oui\nrsa.beneficiaire: non", "donné deux fois"),
        ("rsa.beneficiaire: {valeur: oui, origine: CAF}", "« origine » n'est pas attendu"),
        ("rsa.beneficiaire: {source: CAF}", "il manque « valeur »"),
        ("rsa.beneficiaire: {valeur: oui, date: hier}", "n'est pas une date"),
        ("naissance: !!python/object/apply:os.getcwd []", "Ligne 1"),
        ("? [1]\n: oui", "n'est pas du YAML lisible"),
        ("\x00", "illisible"),
        ("x: " + "[" * 5000, "lisible"),
        ("civique.jours: " + "9" * 5000, "illisible"),
    ],
)
def test_a_mistake_gets_a_sentence_and_a_remedy(text, said):
    with pytest.raises(BadFacts, match=said) as mistake:
        read(text)
    assert mistake.value.sentence.endswith(".")


@pytest.mark.parametrize("spec", FACTS.values(), ids=lambda spec: spec.code)
def test_a_value_written_as_plain_text_is_read_back(spec):
    sample = {
        FactType.BOOL: "oui",
        FactType.DATE: "2024-02-29",
        FactType.LEVEL: "A2",
        FactType.INT: 3,
        FactType.COUNTRY: "AF",
        FactType.DEPARTMENT: "57",
    }.get(spec.type) or (next(iter(spec.values)) if spec.type is FactType.ENUM else list(spec.values)[:2])
    value = spec.read(sample)
    assert spec.read(spec.plain(value)) == value
    assert spec.shown(value)


def test_health_is_a_barrier_or_an_entitlement_never_its_nature():
    """D.6, D-022: what may be asked about health is yes, no, or how much it weighs."""
    health = [spec for spec in FACTS.values() if spec.sensitivity is Sensitivity.HEALTH]
    assert {spec.code for spec in health} >= {"frein.sante", "sante.vulnerable", "handicap.boe"}
    assert all(spec.type is FactType.BOOL or spec.code == "frein.sante" for spec in health)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("naissance: 2026-01-16", "postérieure"),
        ("{cir.contrat: aucun, cir.date_signature: 2025-01-01}", "se contredisent"),
        ("{cir.contrat: cir, cir.date_signature: jamais}", "se contredisent"),
        ("{rsa.beneficiaire: oui, ft.inscrit: non}", "automatique"),
    ],
)
def test_facts_that_contradict_each_other_are_told(text, told):
    (sentence,) = contradictions(read(text).values_by_code, ON)
    assert told in sentence


def test_facts_that_agree_raise_nothing():
    text = "{naissance: 1990-01-01, cir.contrat: cir, cir.date_signature: 2025-01-01, sejour.statut: refugie}"
    assert contradictions(read(text).values_by_code, ON) == ()
