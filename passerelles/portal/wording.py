"""The texts of the newcomer's page: which language, and the little that depends on it."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest

from passerelles.messages import catalogue

TEXTS = Path(__file__).resolve().parent / "texts"
PARAMETER = "l"


def texts_in(language: str) -> catalogue.Texts:
    """The page in the language nearest to `language` (ISO 639-3)."""
    return catalogue.load(TEXTS)[catalogue.language_of(language)]


def offered() -> list[catalogue.Texts]:
    """The languages of the chooser, in order."""
    return list(catalogue.load(TEXTS).values())


def asked(request: HttpRequest) -> str:
    """The language chosen on the page ("" when none)."""
    chosen = request.POST.get(PARAMETER) or request.GET.get(PARAMETER) or ""
    return chosen if chosen in catalogue.LANGUAGES else ""


def of_browser(request: HttpRequest) -> str:
    """The first language of the browser that the page speaks, French otherwise."""
    tags = {texts.tag.split("-")[0]: texts.language for texts in offered()}
    for wanted in request.headers.get("Accept-Language", "")[:200].split(","):
        tag = wanted.split(";")[0].strip().lower()
        if tag.startswith("fa"):
            return "prs"
        if found := tags.get(tag.split("-")[0]):
            return found
    return catalogue.ORIGINAL
