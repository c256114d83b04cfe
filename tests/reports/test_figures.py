"""Returns made of figures: protected, read by people and machines, replayed byte for byte (F-012 to F-028)."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import replace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from passerelles.indicators import services as lines_of_figures
from passerelles.indicators import tables
from passerelles.indicators.definitions import definition
from passerelles.indicators.engine.table import Dim, FigureTable, Row
from passerelles.journal.models import Fact
from passerelles.reference.territory import Territory
from passerelles.reports import making, queries, services, sheets
from passerelles.reports.catalogue import CATALOGUE, Template, return_type
from passerelles.reports.figures import CONTENTS
from passerelles.reports.models import Return
from passerelles.reports.published import YES, Asked, lines, publish
from passerelles.reports.schedule import ReturnPeriod
from tests.browsing import sign_in
from tests.indicators import made

HORIZON = dt.date(2026, 3, 9)
PROFILE = ("profil-signataires", "department:57", "2025")
QUARTER = ("metiers-en-tension", "department:57", "2025-T4")
STATISTICS = ("statistiques-departementales", "department:57", "2025-Q3")


@pytest.fixture
def moselle(world):
    """Nine tenths of what the journal will say of the signatories of 2025; the rest comes late."""
    frame = made.lived("57", 2025, HORIZON)
    early = frame.head(frame.height * 9 // 10)
    made.append(early)
    world.late = frame.tail(frame.height - early.height)
    world.early = early.height
    return world


def figure(rows: dict[tuple[str, ...], tuple[int, int]], code: str = "signataires", dims=("sexe", "motif")):
    """A table written by hand."""
    shown = tuple(Dim(name, name.capitalize(), {k[rank]: k[rank] for k in rows}) for rank, name in enumerate(dims))
    counts = tuple(Row(key, *values) for key, values in rows.items())
    return FigureTable(definition(code), dt.date(2025, 1, 1), dt.date(2025, 12, 31), shown, counts)


def test_every_return_made_of_figures_has_its_contents_and_every_figure_exists():
    assert {each.slug for each in CATALOGUE if each.template is Template.FIGURES} == set(CONTENTS)
    for contents in CONTENTS.values():
        for asked in contents.figures:
            known = tables.dimensions_of(asked.code)
            assert set(asked.dimensions) <= set(known), asked


def test_each_return_is_replayed_byte_for_byte_after_thousands_of_late_facts(moselle):
    """Drafted, then 10 % of the journal becomes known: the frozen bytes come out again, the live ones differ."""
    asked = [(moselle.manager, PROFILE), (moselle.department, QUARTER), (moselle.department, STATISTICS)]
    drafted = [services.draft_return(actor, *kind) for actor, kind in asked]
    made.append(moselle.late, moselle.early)
    lines_of_figures.refresh()
    assert moselle.late.height > 1_000
    differing = 0
    for found in drafted:
        again = Return.objects.get(pk=found.pk)
        assert queries.recompute(again) == bytes(found.content), found
        now = making.make(found.type, found.place, found.span, queries.NOW, certificate=found.certificate)
        differing += now.content != bytes(found.content)
    assert differing, "late facts change what the journal says now"


def test_the_profile_is_protected_and_its_printed_sums_hold(moselle):
    found = services.draft_return(moselle.manager, *PROFILE)
    assert found.certificate["holds"] and found.certificate["hidden"] > 0
    crossed = ("Motif d’admission", "Sexe")
    table = next(t for t in sheets.tables(sheets.parse(bytes(found.content))) if t.dimensions == crossed)
    cells = dict(table.rows)
    whole = cells["Ensemble", "Ensemble"]
    assert (
        int(whole.denominator)
        == Fact.objects.standing()
        .filter(kind="contract_signed", occurred_on__year=2025)
        .values("person_id")
        .distinct()
        .count()
    )
    for line in sheets.parse(bytes(found.content)):
        assert line.numerator not in {"1", "2", "3", "4"} and line.denominator not in {"1", "2", "3", "4"}
        if line.numerator == "masqué":
            assert line.value == "masqué", "a share would give the count back"


def test_the_quarter_names_its_formula_to_validate_and_shows_the_quarter_before(moselle):
    """F-013, L-041: no document gives the formula."""
    found = services.draft_return(moselle.department, *QUARTER)
    parsed = sheets.parse(bytes(found.content))
    assert {line.period for line in parsed} == {"2025-T4", "2025-T3"}
    coverage = [line for line in parsed if line.code == "couverture_metiers_en_tension"]
    assert coverage and all("à valider" in line.formula for line in coverage)
    hired = [line for line in parsed if line.code == "recrutements_en_tension" and line.period == "2025-T4"]
    hires = {line.members: line.value for line in hired}
    for line in coverage:
        if line.period == "2025-T4" and line.members not in ("", "Ensemble"):
            assert (line.numerator == "masqué") == (hires.get(f"{line.members} × Ensemble") == "masqué")


def test_a_cumulative_figure_is_protected_with_what_was_published_before():
    """Last month 6 men, this month 8: printing both gives the 2 of the month."""
    asked = Asked("idf_recrutements", ((), ("departement", "sexe")))
    before = figure({("75", "F"): (20, 0), ("75", "H"): (6, 0), ("93", "F"): (30, 0), ("93", "H"): (25, 0)},
                    "idf_recrutements", ("departement", "sexe"))  # fmt: skip
    now = figure({("75", "F"): (40, 0), ("75", "H"): (8, 0), ("93", "F"): (60, 0), ("93", "H"): (50, 0)},
                 "idf_recrutements", ("departement", "sexe"))  # fmt: skip
    first = publish(before, asked)
    assert not first.hidden
    alone = publish(now, asked)
    assert ("75", "H") not in alone.hidden
    linked = publish(now, asked, earlier=[(before, first.hidden)])
    assert linked.certificate is not None and linked.certificate["holds"]


def test_a_correction_never_prints_what_the_version_before_hid():
    asked = Asked("signataires", ((), ("sexe", "motif")))
    small = figure({("F", "A"): (3, 0), ("F", "B"): (20, 0), ("H", "A"): (30, 0), ("H", "B"): (40, 0)})
    first = publish(small, asked)
    assert ("F", "A") in first.hidden
    grown = figure({("F", "A"): (6, 0), ("F", "B"): (20, 0), ("H", "A"): (30, 0), ("H", "B"): (40, 0)})
    assert not publish(grown, asked).hidden
    assert first.hidden <= publish(grown, asked, before=first.hidden).hidden


def test_what_cannot_be_protected_is_masked_whole_with_the_reason():
    asked = Asked("signataires", ((), ("sexe",)))
    found = publish(figure({("F",): (2, 0), ("H",): (1, 0)}, dims=("sexe",)), asked)
    assert "moins de 5 personnes" in found.refused
    assert {line.value for line in lines(found, "2025")} == {"masqué"}


def test_a_share_hides_its_count_when_the_others_are_few():
    """96 of 98: the 2 who are not in the numerator are as few as 2 in it."""
    asked = Asked("formation_linguistique", ((), ("sexe",)))
    found = publish(figure({("F",): (96, 98), ("H",): (50, 90)}, "formation_linguistique", ("sexe",)), asked)
    assert ("F", YES) in found.hidden
    shown = {line.members: line.value for line in lines(found, "2025")}
    assert shown["Femmes" if "Femmes" in shown else "F"] == "masqué"


def test_needs_of_employers_are_not_people_and_are_printed():
    asked = Asked("postes_en_tension", ((), ("metier",)))
    found = publish(figure({("A1402",): (2, 0)}, "postes_en_tension", ("metier",)), asked)
    assert not found.hidden


def test_exports_say_the_same_in_every_format(client, moselle):
    ministry = moselle.manager
    found = services.draft_return(ministry, *PROFILE)
    browser = sign_in(client, moselle, "manager")
    address = f"/remontees/{found.pk}/remontee."
    assert browser.get(f"{address}csv").content == bytes(found.content)
    schema = json.loads(browser.get(f"{address}json").content)
    header = bytes(found.content).decode("utf-8-sig").splitlines()[0].split(";")
    assert [field["name"] for field in schema["fields"]] == header
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{address}ods").content)) as archive:
        assert "masqué" in archive.read("content.xml").decode()
    assert browser.get(f"{address}xlsx").content.startswith(b"PK")
    reader = PdfReader(io.BytesIO(browser.get(f"{address}pdf").content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Profil des signataires du CIR" in text and "masqué" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_page_shows_tables_and_tells_what_changed_when_asked(client, moselle):
    lines_of_figures.refresh()
    found = services.draft_return(moselle.manager, *PROFILE)
    browser = sign_in(client, moselle, "manager")
    page = browser.get(f"/remontees/{found.pk}/")
    assert "Comparer avec ce que dit le journal" in page.content.decode()
    assert len(page.context["detail"].sheets) == 5
    same = browser.get(f"/remontees/{found.pk}/?comparer=1")
    assert same.context["detail"].changes == []


def test_before_freezing_the_figures_are_shown_and_nothing_is_kept(client, moselle):
    lines_of_figures.refresh()
    browser = sign_in(client, moselle, "department")
    asked = dict(zip(("remontee", "territoire", "periode"), STATISTICS, strict=True))
    page = browser.get(reverse("reports:prepare"), asked)
    assert page.status_code == 200 and page.context["sheets"]
    assert not Return.objects.exists()
    assert return_type(STATISTICS[0]).concerns(Territory.parse(STATISTICS[1]))
    assert ReturnPeriod.parse(STATISTICS[2]).months == 4
    assert replace(page.context["period"]) == ReturnPeriod.parse("2025-Q3")
