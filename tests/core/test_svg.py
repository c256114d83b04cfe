"""Drawings: readable by everyone, safe under the platform's CSP."""

from __future__ import annotations

from xml.etree import ElementTree

from passerelles.core.svg import Drawing

NAMESPACE = "{http://www.w3.org/2000/svg}"


def drawn() -> str:
    drawing = Drawing(200, 100, "Âge & sexe", "Deux barres : 3 < 5.")
    drawing.rectangle(10, 10, 30.25, 11, "#000091")
    drawing.text(50, 20, "<18 ans & plus", anchor="end")
    return drawing.render()


def test_a_drawing_is_well_formed_and_names_itself():
    root = ElementTree.fromstring(drawn())
    assert root.attrib["role"] == "img"
    named_by = root.attrib["aria-labelledby"].split()
    texts = [element.text for element in root if element.attrib.get("id") in named_by]
    assert texts == ["Âge & sexe", "Deux barres : 3 < 5."]


def test_text_stays_text_and_is_escaped():
    (text,) = ElementTree.fromstring(drawn()).iter(f"{NAMESPACE}text")
    assert text.text == "<18 ans & plus"
    assert text.attrib["text-anchor"] == "end"


def test_nothing_that_the_csp_would_refuse():
    assert "style=" not in drawn()
    assert "<script" not in drawn()
    assert "<style" not in drawn()


def test_a_bar_never_has_a_negative_width():
    drawing = Drawing(10, 10, "t", "d")
    drawing.rectangle(0, 0, -3, 1, "#000")
    bars = list(ElementTree.fromstring(drawing.render()).iter(f"{NAMESPACE}rect"))
    assert bars[-1].attrib["width"] == "0"
