"""Countries, languages, levels and schooling are found from what people write, and never guessed."""

import pytest

from passerelles.reference import countries, languages, levels, schooling
from passerelles.reference.levels import Level
from passerelles.reference.schooling import Schooling
from passerelles.reference.tables import UnknownCode


@pytest.mark.parametrize(
    ("text", "iso2"),
    [
        ("RDC", "CD"),
        ("Congo (RDC)", "CD"),
        ("République démocratique du Congo", "CD"),
        ("Congo", "CG"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d Ivoire", "CI"),
        ("CÔTE D’IVOIRE", "CI"),
        ("ivoirienne", "CI"),
        ("Russie", "RU"),
        ("Syrie", "SY"),
        ("SYRIENNE", "SY"),
        ("Turquie", "TR"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Maroc", "MA"),
        ("marocain", "MA"),
        ("Guinée Conakry", "GN"),
        ("guinéenne", "GN"),
        ("Guinée-Bissau", "GW"),
        ("AF", "AF"),
        ("afg", "AF"),
        ("99212", "AF"),
        ("Afghane", "AF"),
        ("Corée du Sud", "KR"),
        ("Française", "FR"),
        ("Nigérian", "NG"),
        ("Nigérien", "NE"),
        ("Dominicaine", "DO"),
        ("dominiquaise", "DM"),
        ("erythree", "ER"),
    ],
)
def test_a_country_is_found_from_its_name_nationality_or_code(text, iso2):
    assert countries.find(text) == countries.get(iso2)


@pytest.mark.parametrize("text", ["", "Congolais", "congolaise", "Corée", "Atlantide", "99999", "?"])
def test_a_country_unknown_or_ambiguous_is_not_guessed(text):
    assert countries.find(text) is None


def test_every_country_is_found_by_each_of_its_own_names_and_codes():
    for country in countries.all_countries():
        for text in (country.iso2, country.iso3, country.insee_code, country.name):
            if text:
                assert countries.find(text) == country
        for text in (country.name_en, *country.aliases):
            assert countries.find(text) == country, text


def test_statelessness_is_a_nationality_like_another():
    assert countries.find("apatride") == countries.get(countries.STATELESS)


def test_third_countries_are_told_from_those_of_free_movement():
    assert countries.get("AF").is_third_country
    assert not any(countries.get(code).is_third_country for code in ("FR", "DE", "NO", "CH"))
    assert len(countries.all_countries()) == 251


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Arabe", "ara"),
        ("العربية", "ara"),
        ("dari", "prs"),
        ("farsi", "pes"),
        ("fa", "pes"),
        ("pashto", "pus"),
        ("peul", "ful"),
        ("kurmandji", "kur"),
        ("anglais", "eng"),
        ("English", "eng"),
        ("українська", "ukr"),
        ("LSF", "fsl"),
        ("tigrinya", "tir"),
        ("soninke", "snk"),
    ],
)
def test_a_language_is_found_from_its_name_or_code(text, code):
    assert languages.find(text) == languages.get(code)


def test_kurdish_alone_is_ambiguous():
    assert languages.find("kurde") is None


def test_every_language_is_found_by_its_aliases():
    for language in languages.all_languages():
        for text in (language.iso639_3, language.bcp47, language.name, language.endonym, *language.aliases):
            assert languages.find(text) == language, text


def test_the_screens_are_offered_in_twelve_languages_french_first():
    offered = languages.interface_languages()
    assert len(offered) == 12
    assert offered[0].iso639_3 == "fra"
    assert {each.iso639_3 for each in offered if each.is_rtl} == {"ara", "prs", "pes", "pus"}


@pytest.mark.parametrize("look_up", [countries.get, languages.get])
def test_an_unknown_code_is_refused_in_french(look_up):
    with pytest.raises(UnknownCode, match="inconnu du référentiel"):
        look_up("zz")


def test_levels_rise_from_infra_a1_1_to_c2():
    assert sorted([Level.C2, Level.A1, Level.INFRA_A1_1]) == [Level.INFRA_A1_1, Level.A1, Level.C2]
    assert Level.INFRA_A1_1 < Level.A1_1 < Level.A1 < Level.A2 < Level.B1
    assert Level.B1.reaches(Level.A2) and not Level.A1.reaches(Level.A2)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("a1", Level.A1),
        ("Niveau A2", Level.A2),
        ("A1.1", Level.A1_1),
        ("infra A1.1", Level.INFRA_A1_1),
        ("Infra-A1", Level.INFRA_A1),
        ("B1 ", Level.B1),
    ],
)
def test_a_level_is_found(text, level):
    assert levels.find(text) is level


@pytest.mark.parametrize("text", ["A1+", "<A1", "A1/A2", "-A1", "A3", ""])
def test_what_is_not_one_level_is_not_rounded_to_one(text):
    assert levels.find(text) is None


def test_the_ten_labels_of_the_haute_garonne_table_are_read():
    labels = [
        ".Non scolarisé",
        "Primaire - Sans diplôme",
        "Secondaire - Sans diplôme",
        "Secondaire - Diplôme national du brevet",
        "Secondaire - CAP / BEP",
        "Secondaire - Baccalauréat général ; technologique ou pro.",
        "Supérieur - Sans diplôme",
        "Supérieur - BAC+2 (DUT ; BTS ; DEUG...)",
        "Supérieur - BAC+3",
        "Supérieur - BAC+4 et plus",
    ]
    assert [schooling.find(label) for label in labels] == list(Schooling)
    assert schooling.find("Doctorat d'État") is None
    assert [each for each in Schooling if each.is_higher_graduate] == list(Schooling)[-3:]
