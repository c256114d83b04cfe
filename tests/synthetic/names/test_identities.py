"""What OFII wrote of each person: complete, valid, fictitious, and true to the country."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from passerelles.core import identifiers
from passerelles.reference import countries, languages, territories
from passerelles.reference.schooling import Schooling
from passerelles.synthetic.frames import PEOPLE
from passerelles.synthetic.names import identities
from passerelles.synthetic.names.contacts import RANGES
from passerelles.synthetic.names.numbers import definitive_nirs
from passerelles.synthetic.names.stock import country, stocks
from tests.synthetic.names.crowds import age_on, anonymous, household, named

SIZE = 20_000


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return named(SIZE)


def test_the_columns_are_those_of_the_stream(people):
    filled = set(people.columns) - set(anonymous(1).columns)
    assert {"family_name", "birth_date", "language", "reads", "phone", "commune_code", "nir", "cir_number"} <= filled
    assert {name: people.schema[name] for name in filled} == {name: PEOPLE[name] for name in filled}
    assert people.drop("email").null_count().drop("household").sum_horizontal()[0] == 0


def test_nobody_is_without_a_name_and_names_fit_the_columns(people):
    assert people.filter((pl.col("family_name") == "") | (pl.col("given_names") == "")).is_empty()
    assert people["family_name"].str.len_chars().max() <= 120
    assert people["given_names"].str.len_chars().max() <= 160
    assert people.filter(pl.col("family_name").str.contains(r"^\s|\s$|\s\s|_")).is_empty()


def test_every_identifier_passes_the_checks_of_the_imports(people):
    for row in people.select("foreigner_number", "nir", "ft_number", "ofii_number", "phone", "email").iter_rows():
        for check, value in zip(
            (
                identifiers.foreigner_number,
                identifiers.nir,
                identifiers.france_travail,
                identifiers.file_number,
                identifiers.phone,
                identifiers.email,
            ),
            row,
            strict=True,
        ):
            found = check(value)
            assert (found.value, found.problem, found.warning) == (value, "", ""), value


def test_no_two_people_share_a_number(people):
    for column in ("foreigner_number", "nir", "ft_number", "ofii_number", "cir_number"):
        given = people[column].filter(people[column] != "")
        assert given.n_unique() == given.len(), column


def test_two_chunks_made_apart_never_share_a_nir():
    moselle = definitive_nirs(named(2_000, department="57", nationality="AF"))
    rhin = definitive_nirs(named(2_000, department="67", nationality="AF"))
    assert not set(moselle) & set(rhin) - {""}


def test_a_nir_tells_the_sex_and_the_country_of_birth(people):
    told = people.with_columns(whole=definitive_nirs(people)).filter(pl.col("whole") != "")
    assert told.height > 0.95 * people.height
    for number, sex, born, iso2 in told.select("whole", "sex", "birth_date", "nationality").head(3_000).iter_rows():
        assert identifiers.nir_contradiction(number, sex, born) == ""
        assert number[5:10] == countries.get(iso2).insee_code


def test_few_newcomers_have_a_definitive_nir_at_signature(people):
    first = people["nir"].str.slice(0, 1)
    assert 0.5 < (first == "").mean() < 0.75
    assert 0.10 < first.is_in(["3", "4", "7", "8"]).mean() < 0.18
    assert 0.17 < first.is_in(["1", "2"]).mean() < 0.27


def test_telephones_and_messages_reach_nobody(people):
    phones = people["phone"].filter(people["phone"] != "")
    assert phones.str.slice(0, 8).is_in([f"+33{start}" for start in RANGES]).all()
    domains = people["email"].filter(people["email"] != "").str.split("@").list.last()
    assert domains.str.contains(r"^(example\.(org|net|com)|[a-z]+\.example)$").all()


def test_the_age_at_signature_is_kept_to_the_day(people):
    for signed, born, age in people.select("signed_on", "birth_date", "age").iter_rows():
        assert age_on(signed, born) == age


def test_every_estimated_date_is_the_first_or_last_day_of_a_year(people):
    estimated = people.filter(birth_date_precision="year")
    assert estimated["birth_date"].dt.strftime("%m-%d").is_in(["01-01", "12-31"]).all()
    known = people.filter(birth_date_precision="day")
    assert known["birth_date"].dt.strftime("%m-%d").is_in(["01-01"]).mean() < 0.006


@pytest.mark.parametrize("iso2", ["AF", "SO", "SD", "ML", "ER", "CO", "TN"])
def test_estimated_births_have_the_share_of_their_country(iso2):
    found = (named(SIZE, nationality=iso2)["birth_date_precision"] == "year").mean()
    assert found == pytest.approx(country(iso2).january, abs=0.012)


def test_people_live_in_a_commune_of_their_department(people):
    for department, code, postcode in people.select("department", "commune_code", "postcode").head(2_000).iter_rows():
        commune = territories.commune(code)
        assert commune.department_code == department
        assert postcode in commune.postcodes


def test_one_address_of_domiciliation_serves_hundreds():
    shared = named(SIZE, department="75", motive="ASILE").group_by("address", "city", "postcode").len()
    assert shared.filter(pl.col("len") > 200).height >= 3


def test_who_never_went_to_school_reads_nothing_and_nobody_reads_an_oral_language():
    never = named(500, schooling=Schooling.NONE.value)
    assert never["reads"].list.len().max() == 0
    readers = named(5_000, schooling=Schooling.HIGHER_BAC_3.value)
    oral = {language.bcp47 for language in languages.all_languages() if language.is_mostly_oral}
    known = {language.bcp47 for language in languages.all_languages()}
    assert set(readers["speaks"].explode()) <= known
    assert not set(readers["reads"].explode().drop_nulls()) & oral
    assert (readers["speaks"].list.first() == readers["language"]).all()


def test_a_country_without_names_of_its_own_is_named_like_another():
    people = named(200, nationality="MX")
    assert people["language"].unique().to_list() == ["es"]
    assert not named(50, nationality="ZZ").is_empty()


def test_west_african_families_are_few_and_vietnam_is_nguyen():
    of_mali = named(SIZE, nationality="ML", seed=3)["family_name"].str.replace_all("é", "e").str.replace_all("ï", "i")
    assert of_mali.n_unique() < 150
    assert of_mali.value_counts(sort=True)["count"][:10].sum() / SIZE > 0.45
    of_vietnam = named(SIZE, nationality="VN")["family_name"].is_in(["Nguyễn", "Nguyen"]).mean()
    assert of_vietnam == pytest.approx(0.40, abs=0.06)


def test_the_same_household_has_one_address():
    family = household(("H", 41), ("F", 38), ("F", 19))
    assert family["address"].n_unique() == family["commune_code"].n_unique() == 1


def test_a_moroccan_wife_keeps_her_name_more_often_than_not():
    names = [household(("H", 41), ("F", 38), seed=seed)["family_name"].to_list() for seed in range(60)]
    same = sum(his == hers for his, hers in names)
    assert 0 < same < 20


def test_a_ukrainian_wife_mostly_bears_her_husbands_name_and_hers_is_kept_as_birth_name():
    families = [household(("H", 41), ("F", 38), nationality="UA", seed=seed) for seed in range(60)]
    bearing = [family for family in families if family["birth_name"][1]]
    assert len(bearing) > 25
    for family in bearing:
        his, hers = family["family_name"].to_list()
        assert hers[:4] == his[:4] or family["birth_name"][1] == hers or family["given_names"][0] == his


def test_children_bear_the_name_of_their_culture():
    same = [
        household(("H", 44), ("F", 20), nationality="GN", seed=seed)["family_name"].n_unique() for seed in range(40)
    ]
    assert sum(count == 1 for count in same) > 12
    eritrean = [household(("H", 44), ("H", 20), nationality="ER", seed=seed) for seed in range(40)]
    fathers = [family["given_names"][0].split(" ")[0] for family in eritrean]
    told = [f"{family['family_name'][1]} {family['given_names'][1]}" for family in eritrean]
    assert sum(father in whole for father, whole in zip(fathers, told, strict=True)) > 20


def test_the_children_of_a_mother_alone_bear_one_name_that_is_not_always_hers():
    families = [household(("F", 45), ("F", 19), ("H", 18), seed=seed) for seed in range(40)]
    names = [family["family_name"].str.to_lowercase().str.replace_all(r"[^a-z]", "").to_list() for family in families]
    assert sum(daughter == son for _, daughter, son in names) > 30
    assert sum(mother != son for mother, _, son in names) > 15


def test_identities_say_which_column_is_missing():
    with pytest.raises(ValueError, match="signed_on"):
        identities(anonymous(3).drop("signed_on"), np.random.default_rng(1))


def test_nobody_gives_nothing():
    assert identities(anonymous(0), np.random.default_rng(1)).is_empty()


def test_every_stock_can_name_a_man_and_a_woman():
    for code, stock in stocks().items():
        assert stock.draw("man", np.array([0.0, 0.5, 0.999])).all(), code
        assert stock.draw("woman", np.array([0.0, 0.5, 0.999])).all(), code
