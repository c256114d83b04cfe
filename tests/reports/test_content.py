"""The file of the return: the template of F.1, to the byte."""

from __future__ import annotations

from passerelles.core.periods import Month
from passerelles.indicators.monthly import monthly
from passerelles.reports import content, making

JANUARY = Month(2026, 1)
EXPECTED_BEGINNING = """periode;dt_ofii;operateur;indicateur;sexe;tranche_age;valeur
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;F;<25;1
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;F;26-45;1
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;F;46-64;0
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;F;non_classe;2
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;H;<25;1
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;H;26-45;0
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;H;46-64;1
2026-01;Metz;Les Ponts de Moselle;M1_personnes_accompagnees;H;non_classe;2
2026-01;Metz;Les Ponts de Moselle;M2_deja_inscrites_FT;F;<25;0"""


def test_the_file_follows_the_template(drafted):
    written = bytes(drafted.content)
    assert written.startswith(b"\xef\xbb\xbf")
    text = written.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 33
    assert text.replace("\r\n", "\n").startswith(EXPECTED_BEGINNING)
    codes = list(dict.fromkeys(line.indicator for line in content.parse(written)))
    assert codes == [
        "M1_personnes_accompagnees",
        "M2_deja_inscrites_FT",
        "M3_RSA_ou_AGIR",
        "M4_accompagnements_premier_entretien_FT_realises",
    ]


def test_what_is_read_back_is_what_was_counted(january):
    figures = monthly("metz", JANUARY)
    written = content.canonical(content.heading("metz", JANUARY, "Les Ponts ; « Moselle »"), figures.official)
    assert content.values_of(written) == {figure.definition.code: figure.values for figure in figures.official}
    assert content.parse(written)[0].operator == "Les Ponts ; « Moselle »"


def test_an_operator_named_like_a_formula_stays_a_text(january):
    written = content.canonical(content.heading("metz", JANUARY, "=1+1"), monthly("metz", JANUARY).official)
    assert content.parse(written)[0].operator == "'=1+1"


def test_the_operator_is_the_one_delegated_during_the_month(january):
    assert making.operator_name("metz", JANUARY) == "Les Ponts de Moselle"
    assert making.operator_name("metz", Month(2025, 11)) == ""
