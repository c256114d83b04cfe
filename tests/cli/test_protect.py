"""`passerelles protect`: any table with margins, protected and attacked, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from passerelles.cli.main import main

TABLE = """region;departement;sexe;valeur
Grand Est;57;F;40
Grand Est;57;H;3
Grand Est;57;Total;43
Grand Est;67;F;52
Grand Est;67;H;61
Grand Est;67;Total;113
Grand Est;Total;F;92
Grand Est;Total;H;64
Grand Est;Total;Total;156
Bretagne;35;F;30
Bretagne;35;H;31
Bretagne;35;Total;61
Bretagne;29;F;22
Bretagne;29;H;18
Bretagne;29;Total;40
Bretagne;Total;F;52
Bretagne;Total;H;49
Bretagne;Total;Total;101
Total;Total;F;144
Total;Total;H;113
Total;Total;Total;257
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    return path


def run(*arguments: str):
    return CliRunner().invoke(main, ["protect", *arguments])


def test_the_protected_table_has_the_same_lines_and_hides_without_telling_the_small_from_the_others(table):
    done = run(str(table))
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == len(TABLE.splitlines())
    assert "Grand Est;57;H;masqué" in lines and "Total;Total;Total;257" in lines
    assert "<5" not in done.stdout
    assert "1 de 1 à 4 personnes" in done.stderr and "Aucune ne se retrouve." in done.stderr


def test_json_gives_dimensions_totals_nesting_audit_and_certificate(table):
    data = json.loads(run(str(table), "--json").stdout)
    assert data["dimensions"]["sexe"] == {"codes": ["F", "H"], "total": "Total"}
    assert data["nesting"] == [{"column": "departement", "within": "region"}]
    certificate = data["certificate"]
    assert certificate["holds"] and certificate["sensitive"] == 1 and certificate["complementary"] >= 3
    [audit] = certificate["audits"]
    assert audit["cell"] == ["Grand Est", "57", "H"]
    assert audit["informed"][0] < 3 and audit["informed"][1] >= 5
    assert len(certificate["fingerprint"]) == 64
    assert {"region": "Grand Est", "departement": "57", "sexe": "H", "valeur": None} in data["table"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "n’est pas un tableau"),
        ("sexe;valeur\nF;trois\n", "Ligne 2 : « trois » n’est pas un effectif."),
        ("sexe;valeur\nF;3\nF;4\n", "La case « F » figure deux fois."),
        ("sexe;valeur\nF;3\nH;9\nTotal;13\n", "La case « Total » vaut 13, mais ses détails font 12."),
        ("sexe;valeur\nTotal;13\n", "n’a que des totaux"),
        ("sexe;valeur\nF\n", "Ligne 2 : 1 colonnes au lieu de 2."),
    ],
)
def test_a_file_that_is_not_a_table_is_told_in_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "faux.csv"
    path.write_text(content, encoding="utf-8")
    done = run(str(path))
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_a_table_that_cannot_be_protected_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "petit.csv"
    path.write_text("sexe;valeur\nF;2\nH;0\nTotal;2\n", encoding="utf-8")
    done = run(str(path))
    assert done.exit_code == 1
    assert "Le total « Total » compte moins de 5 personnes" in done.stderr


def test_a_file_in_another_encoding_says_how_to_mend_it(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("département;valeur\nMoselle;12\n".encode("latin-1"))
    assert "Enregistrez-le en « CSV UTF-8 »" in run(str(path)).stderr
