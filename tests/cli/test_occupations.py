"""`passerelles occupations`: the official file read, and what is wrong with another told."""

from __future__ import annotations

import pytest

from passerelles.cli.occupations import entries_of
from passerelles.core.errors import Impossible
from passerelles.orientation.models import Nomenclature
from passerelles.orientation.queries.occupations import nomenclature
from passerelles.orientation.services.nomenclature import import_occupations
from passerelles.reference.occupations import shipped

OFFICIAL = "code_ogr,libelle_appellation_long,libelle_appellation_court,code_rome\n10200,{},x,F1402\n10201,{},x,i1601\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "unix_referentiel_appellation_v460_utf8.csv"


def test_the_official_names_replace_the_list_that_is_shipped(db, file):
    assert nomenclature() is shipped()
    file.write_text(OFFICIAL.format("Abatteur / Abatteuse de carrière", "Accastilleur-gréeur"), encoding="utf-8")
    made, problems = import_occupations(entries_of(file), version="ROME 4.0 v460")
    assert problems == []
    assert made.entries == [["F1402", "Abatteur / Abatteuse de carrière"], ["I1601", "Accastilleur-gréeur"]]
    assert [each.code for each in nomenclature().search("abateuse")] == ["F1402"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_in_another_encoding_and_delimiter_is_read(file, encoding):
    file.write_text("Code ROME;Libellé\nD1102;Boulangère à l’école\n", encoding=encoding)
    assert list(entries_of(file)) == [(2, "D1102", "Boulangère à l’école")]


def test_lines_that_cannot_be_kept_are_told_and_the_others_kept(db, file):
    file.write_text("code;libelle\nD1102;Boulanger\n1102;Pâtissier\nD1104;\nD1102;Boulanger\n", encoding="utf-8")
    made, problems = import_occupations(entries_of(file), version="essai")
    assert made.entries == [["D1102", "Boulanger"]]
    assert [problem[:8] for problem in problems] == ["Ligne 3 ", "Ligne 4 "]


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "code;libelle\n", "code;libelle\nx;y\n"])
def test_a_file_without_occupations_is_refused_and_the_former_list_stays(db, file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Impossible):
        import_occupations(entries_of(file), version="essai")
    assert not Nomenclature.objects.exists()
