"""The texts in twelve languages: same situations and placeholders, SMS without anything personal, honest origin."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import unicodedata
from types import SimpleNamespace

import pytest
import yaml
from pypdf import PdfReader

from passerelles.core import clock
from passerelles.messages import catalogue
from passerelles.messages.letters import write_letter
from passerelles.messages.rules import Channel
from passerelles.messages.services.links import TOKEN_LENGTH
from passerelles.messages.services.tell import TEXTS, body_of, texts_in
from passerelles.reference import languages
from scripts import subset_fonts

DAY = dt.date(2026, 3, 24)
SITUATIONS = sorted({name.split(".")[0] for name in texts_in("fra").texts} - {"common"})
SCRIPTS = {
    "fra": "LATIN", "eng": "LATIN", "spa": "LATIN", "por": "LATIN", "tur": "LATIN", "ara": "ARABIC", "prs": "ARABIC",
    "pus": "ARABIC", "ukr": "CYRILLIC", "rus": "CYRILLIC", "tam": "TAMIL", "cmn": "CJK",
}  # fmt: skip
PERSONAL = ("{organisation}", "France Travail", "OFII", "préfecture", "RSA")


def values(texts: catalogue.Texts) -> dict[str, str]:
    return {
        "date": texts.date(DAY),
        "short_date": "24/03/2026",
        "time": "09:30",
        "place": "Mission locale des Trois-Rives",
        "organisation": "Mission locale des Trois-Rives",
        "link": "https://passerelles.example/m/" + "A" * TOKEN_LENGTH,
    }


def test_every_language_has_every_situation_with_the_same_placeholders():
    loaded = catalogue.load(TEXTS)
    assert tuple(loaded) == catalogue.LANGUAGES
    assert len(SITUATIONS) == 11
    for texts in loaded.values():
        assert {name: catalogue.placeholders(text) for name, text in texts.texts.items()} == {
            name: catalogue.placeholders(text) for name, text in loaded["fra"].texts.items()
        }


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda data: data["texts"]["page_link"].pop("sms"), "page_link.sms in one language only"),
        (lambda data: data["texts"]["page_link"].update(sms="Your page"), "page_link.sms: ['link']"),
        (lambda data: data["texts"]["page_link"].update(sms="{link} {name}"), "page_link.sms: ['name']"),
        (lambda data: data["texts"]["page_link"].update(subject=" "), "page_link.subject: empty"),
        (lambda data: data["calendar"]["months"].pop(), "12 months"),
        (lambda data: data.update(language="deu"), "language deu"),
    ],
)
def test_a_file_that_lacks_or_adds_something_is_refused(tmp_path, damage, complaint):
    folder = tmp_path / "texts"
    shutil.copytree(TEXTS, folder)
    path = folder / "eng.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    damage(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(catalogue.WrongText) as refused:
        catalogue.load(folder)
    assert complaint in str(refused.value)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_is_written_in_its_script_and_says_whether_it_was_read_again(language):
    texts = texts_in(language)
    letters = [each for text in texts.texts.values() for each in text if each.isalpha()]
    own = sum(unicodedata.name(each, "").startswith(SCRIPTS[language]) for each in letters)
    assert own > 0.6 * len(letters), "the placeholders are Latin, the rest is not"
    assert (texts.translation, texts.review) in {("original", ""), ("machine", "à relire par un traducteur")}
    assert (texts.translation == "original") == (language == "fra")
    known = languages.get(language)
    assert (texts.tag, texts.direction, texts.endonym) == (known.bcp47, known.direction, known.endonym)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_an_sms_holds_a_date_a_place_and_the_link_only(language):
    texts = texts_in(language)
    for situation in SITUATIONS:
        raw = texts.texts[f"{situation}.sms"]
        assert catalogue.placeholders(raw) <= {"short_date", "time", "place", "link"}
        assert not any(word in raw for word in PERSONAL)
        said = texts(f"{situation}.sms", **values(texts))
        size = 153 if all(ord(each) < 256 for each in said) else 67
        assert len(said) <= 3 * size, f"{situation}: more than three segments"


def test_a_no_show_never_reads_as_cancelled():
    cancelled = {texts_in(language).texts["appointment_cancelled.sms"] for language in catalogue.LANGUAGES}
    for language in catalogue.LANGUAGES:
        assert texts_in(language).texts["appointment_missed.sms"] not in cancelled
    missed = [texts_in("fra").texts[f"appointment_missed.{part}"] for part in ("sms", "subject", "body")]
    assert not any("annul" in text for text in missed)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_letter_is_a_tagged_pdf_in_the_script_of_the_person_with_the_french_text(language):
    texts = texts_in(language)
    body = body_of(texts, "appointment_fixed", Channel.LETTER, values(texts), texts_in("fra"), DAY)
    letter = SimpleNamespace(
        language=language,
        recipient="Zarina KADIROV, 3 rue des Ponts, 57000 Metz",
        subject=texts("appointment_fixed.subject", **values(texts)),
        body=body,
        address=values(texts)["link"],
        written_at=clock.paris(DAY, 9),
    )
    pdf = write_letter(letter)
    assert pdf == write_letter(letter), "the same letter is the same file"
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith(texts.tag.split("-")[0])
    assert len(reader.pages) == 1
    said = reader.pages[0].extract_text()
    assert "57000 Metz" in said
    assert ("Vous avez un rendez-vous le mardi 24 mars 2026 à 09:30." in said.replace("\n", " ")) is True
    assert sum(unicodedata.name(each, "").startswith(SCRIPTS[language]) for each in said) > 40
    assert "\ufffd" not in said


def test_the_chinese_font_holds_every_character_of_the_chinese_texts():
    held = subset_fonts.HELD.read_text(encoding="utf-8").strip("\n")
    assert set(subset_fonts.characters()) <= set(held), "run scripts/subset_fonts.py"


def test_who_reads_persian_is_written_to_in_dari_and_an_unknown_language_in_french():
    assert catalogue.language_of("pes") == "prs"
    assert catalogue.language_of("") == catalogue.language_of("snk") == "fra"
    served = {catalogue.language_of(language.iso639_3) for language in languages.interface_languages()}
    assert len(served) == 11, "every language of the interface, Turkish apart, has its own text or its neighbour’s"
