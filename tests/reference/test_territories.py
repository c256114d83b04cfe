"""Territories: every department has its direction, every place its wider places."""

from collections import Counter

import pytest

from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode
from passerelles.reference.territory import Territory, chain_of


def test_metz_covers_the_four_departments_of_lorraine():
    metz = territories.direction("metz")
    assert metz.departments == ("54", "55", "57", "88")
    assert (metz.name, metz.region_code, metz.seat_department) == ("Metz", "44", "57")


def test_every_department_is_covered_by_exactly_one_direction():
    covered = Counter(code for direction in territories.directions() for code in direction.departments)
    departments = {each.code for each in territories.departments() if each.zone != "com"}
    assert len(departments) == 101
    assert covered == dict.fromkeys(departments, 1)


def test_there_are_32_directions_and_their_doubts_are_told():
    assert len(territories.directions()) == 32
    assert territories.direction("limoges").confidence == "faible"
    assert territories.direction("creteil").confidence == "élevée"


def test_grand_est_has_three_directions():
    assert {each.code for each in territories.directions_of_region("44")} == {"metz", "reims", "strasbourg"}


def test_corsica_depends_on_nice():
    assert territories.direction_of_department("2A").code == "nice"
    assert "nice" in {each.code for each in territories.directions_of_region("94")}


def test_a_postcode_finds_its_communes():
    assert {each.name for each in territories.communes_by_postcode("57000")} == {"Metz"}
    assert len(territories.communes_by_postcode("01300")) > 1
    assert territories.communes_by_postcode("00000") == ()


def test_a_municipal_arrondissement_knows_its_commune():
    first = territories.commune("13201")
    assert first.is_arrondissement
    assert territories.commune(first.parent_code).name == "Marseille"


def test_every_commune_belongs_to_a_known_department_and_every_parent_exists():
    communes = [each for code in territories.departments() for each in territories.communes_of_department(code.code)]
    assert len(communes) == 34_969 + 45
    assert all(territories.commune(each.parent_code) for each in communes if each.is_arrondissement)


@pytest.mark.parametrize(
    "look_up",
    [territories.region, territories.department, territories.commune, territories.direction],
)
def test_an_unknown_code_is_refused_in_french(look_up):
    with pytest.raises(UnknownCode, match="« zz » : ce code est inconnu du référentiel"):
        look_up("zz")


def test_a_collectivity_without_direction_says_so():
    with pytest.raises(UnknownCode, match="Aucune direction n'est connue"):
        territories.direction_of_department("987")


@pytest.mark.parametrize(
    ("territory", "chain"),
    [
        ("department:57", "department:57 dt:metz region:44 national"),
        ("dt:metz", "dt:metz region:44 national"),
        ("department:974", "department:974 dt:la-reunion region:04 zone:rup national"),
        ("department:987", "department:987 region:987 national"),
        ("lot:9", "lot:9 national"),
        ("national", "national"),
    ],
)
def test_a_territory_inherits_from_the_wider_ones(territory, chain):
    assert " ".join(map(str, chain_of(territory))) == chain


@pytest.mark.parametrize("text", ["", "metz", "dt:metzz", "lot:neuf", "zone:nord", "department:00", "national:1"])
def test_a_territory_that_does_not_exist_is_refused(text):
    with pytest.raises(UnknownCode):
        Territory.parse(text)
