"""The rule book, open to everybody: every rule in plain French, on a day (L.3, L.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from passerelles.core import clock
from passerelles.core.text import clean
from passerelles.orientation.queries import rule_book as queries
from passerelles.orientation.rules import GROUPS
from passerelles.reference import territories
from passerelles.reference.territory import Kind, Territory

YEARS = range(1950, 2101)
LONGEST_SEARCH = 100


@login_not_required
@require_safe
def rule_book(request: HttpRequest) -> HttpResponse:
    """Every rule, by group, narrowed by group and by words."""
    asked = _asked(request)
    group = request.GET.get("groupe", "")
    group = group if group in GROUPS else ""
    text = clean(request.GET.get("q", ""))[:LONGEST_SEARCH]
    found = queries.rules_found(asked["on"], group, text)
    context = {"groups": GROUPS.items(), "group": group, "q": text, "found": found}
    context["count"] = sum(len(entries) for _, _, entries in found)
    return render(request, "orientation/rule_book.html", asked | context)


@login_not_required
@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: versions, texts, parameters, questions, test cases."""
    asked = _asked(request)
    page = queries.rule_page(code, asked["on"], asked["territory"])
    return render(request, "orientation/rule.html", asked | {"page": page, "entry": page.entry})


@login_not_required
@require_safe
def simulations(request: HttpRequest) -> HttpResponse:
    """What changes of rule or parameter would do. Open like the book: fictitious persons, and figures anyone can make
    again with the command shown.
    """
    return render(request, "orientation/simulations.html", {"found": queries.simulations()})


@login_not_required
@require_safe
def simulation(request: HttpRequest, name: str) -> HttpResponse:
    """One of them: rules, proposals, places by body and by department."""
    return render(request, "orientation/simulation.html", {"told": queries.simulation(name)})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The day, today unless said otherwise, and the department, if any; a day that cannot be read gets a sentence."""
    typed = request.GET.get("le", "").strip()
    on, error = clock.today(), ""
    if typed:
        try:
            day = dt.date.fromisoformat(typed)
        except ValueError:
            day = None
        if day is not None and day.year in YEARS:
            on = day
        else:
            error = f"« {typed[:40]} » n’est pas une date du livre. Écrivez AAAA-MM-JJ, par exemple 2026-01-15."
    departments = territories.departments()
    code = request.GET.get("territoire", "")
    known = code in {each.code for each in departments}
    return {
        "on": on,
        "date_error": error,
        "departments": departments,
        "territory": Territory(Kind.DEPARTMENT, code) if known else None,
    }
