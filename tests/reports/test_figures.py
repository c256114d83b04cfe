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

from passerelles.core import clock
from passerelles.core.periods import Period
from passerelles.indicators import services as lines_of_figures
from passerelles.indicators import tables
from passerelles.indicators.definitions import definition
from passerelles.indicators.definitions.base import Measure
from passerelles.indicators.engine.table import Dim, FigureTable, Row
from passerelles.indicators.queries import Known
from passerelles.journal.models import Fact
from passerelles.reference.territory import Territory
from passerelles.reports import making, queries, services, sheets
from passerelles.reports.catalogue import CATALOGUE, Template, return_type
from passerelles.reports.figures import CONTENTS, build
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


def test_the_quarter_names_its_formula_to_validate(moselle):
    """F-013, L-041: no document gives the formula."""
    found = services.draft_return(moselle.department, *QUARTER)
    parsed = sheets.parse(bytes(found.content))
    coverage = [line for line in parsed if line.code == "couverture_metiers_en_tension"]
    assert coverage and all("à valider" in line.formula for line in coverage)
    hires = {line.members: line.value for line in parsed if line.code == "recrutements_en_tension"}
    for line in coverage:
        if line.members not in ("", "Ensemble"):
            assert (line.numerator == "masqué") == (hires.get(f"{line.members} × Ensemble") == "masqué")


def test_without_a_return_sent_the_quarter_before_is_as_it_was_known_on_its_due_date(moselle):
    """F-012: the evolution of the coverage, each figure beside that of the quarter before."""
    found = services.draft_return(moselle.department, *QUARTER)
    assert found.definition == "metiers-en-tension-v2" and found.certificate["compared"] == 0
    parsed = sheets.parse(bytes(found.content))
    assert {line.period for line in parsed} == {"2025-T4"}, "a column, not other lines"
    [posts] = [line for line in parsed if line.code == "postes_en_tension" and not line.dimensions]
    third = Period(dt.date(2025, 7, 1), dt.date(2025, 9, 30))
    then = tables.figure("postes_en_tension", third, territory=QUARTER[1], known=Known.on(dt.date(2025, 10, 26)))
    assert posts.before == str(then.value)
    assert int(posts.change) == int(posts.value) - int(posts.before)
    assert any(line.change not in ("", "masqué", "0") for line in parsed), "or nothing is tried"


def test_the_change_is_from_what_was_sent_whatever_was_learnt_since(moselle):
    before = services.draft_return(moselle.department, QUARTER[0], QUARTER[1], "2025-T3")
    told = b"periode;territoire;indicateur;nom;decoupage;modalites;numerateur;denominateur;valeur;formule\r\n"
    told += b"2025-T3;department:57;postes_en_tension;Postes;;;;;1000;x\r\n"
    kept = {f: getattr(before, f) for f in ("kind", "territory", "period", "definition", "position", "known_at")}
    sent = Return.objects.create(
        **kept, version=2, content=told, sha256="0" * 64, status="sent", validated_at=clock.now(), sent_at=clock.now()
    )
    made.append(moselle.late, moselle.early)
    found = services.draft_return(moselle.department, *QUARTER)
    assert found.certificate["compared"] == sent.version
    [posts] = [
        line for line in sheets.parse(bytes(found.content)) if line.code == "postes_en_tension" and not line.dimensions
    ]
    assert posts.before == "1000" and int(posts.change) == int(posts.value) - 1000
    assert f";{posts.change}\r\n".encode() in bytes(found.content), "a number, for a spreadsheet too"
    third = services.draft_return(moselle.department, QUARTER[0], QUARTER[1], "2025-T3")
    Return.objects.filter(pk=third.pk).update(status="validated", validated_at=clock.now())
    Return.objects.filter(pk=third.pk).update(status="sent", sent_at=clock.now())
    assert queries.recompute(Return.objects.get(pk=found.pk)) == bytes(found.content), "a later version is not read"


def test_what_was_hidden_of_a_period_printed_beside_the_next_stays_so(moselle):
    """A version of the next period printed this one too, before its own return: what it hid stays hidden."""
    slug, place, period = STATISTICS
    kind, where, span = return_type(slug), Territory.parse(place), ReturnPeriod.parse(period)
    known = Known(position=Fact.objects.order_by("-pk").first().pk)
    asked = next(each for each in CONTENTS[slug].figures if each.tables == ((), ("sexe",)) and not each.like)
    key = f"{asked.code}@{period}"

    def hidden() -> list[list[str]]:
        _, _, certificate = build(kind, where, span, known)
        return next(each["hidden"] for each in certificate["figures"] if each["key"] == key)

    table = tables.figure(asked.code, Period(span.starts_on, span.ends_on), by=("sexe",), territory=place, known=known)
    most = max(table.rows, key=lambda row: row.num)
    cell = [*most.key, *([YES] if table.definition.measure is Measure.SHARE else [])]
    assert most.num >= 5 and cell not in hidden()
    Return.objects.create(
        kind=slug, territory=place, period=str(span.next), version=1, definition="x", position=1, known_at=clock.now(),
        content=b"", sha256="0" * 64, certificate={"figures": [{"key": key, "hidden": [cell], "refused": ""}]},
    )  # fmt: skip
    assert cell in hidden()


def test_a_version_of_the_first_definition_comes_out_as_it_was(moselle):
    """F-011: the quarter before used to be printed below; such a version is still made again byte for byte."""
    kind, place, span = return_type(QUARTER[0]), Territory.parse(QUARTER[1]), ReturnPeriod.parse(QUARTER[2])
    known = Known(position=Fact.objects.order_by("-pk").first().pk)
    first, code, certificate = build(kind, place, span, known, definition="metiers-en-tension-v1")
    assert code == "metiers-en-tension-v1"
    assert {line.period for line in sheets.parse(first)} == {"2025-T4", "2025-T3"}
    assert sheets.columns_of(first) == sheets.COLUMNS
    again, _, _ = build(kind, place, span, known, definition=code, certificate=certificate)
    assert again == first


def test_beside_the_period_before_what_has_gone_is_zero_and_what_is_hidden_stays_so():
    def line(members, value, code="postes_en_tension", den=""):
        return sheets.SheetLine("2025-T4", "x", code, "x", "Métier", members, "", den, value, "f")

    now = [line("A", "12"), line("B", "masqué"), line("E", "3")]
    before = [line("A", "15"), line("B", "4"), line("C", "7"), line("E", "masqué")]
    found = {each.members: (each.value, each.before, each.change) for each in sheets.beside(now, before)}
    assert found == {
        "A": ("12", "15", "-3"),
        "B": ("masqué", "4", "masqué"),
        "C": ("0", "7", "-7"),
        "E": ("3", "masqué", "masqué"),
    }
    shares = [line("A", "34,8", "c", "100")], [line("A", "40,1", "c", "90")]
    assert [each.change for each in sheets.beside(*shares)] == ["-5,3"]
    new = sheets.beside([line("A", "34,8", "c", "100")], [])
    assert (new[0].before, new[0].change) == ("", "")


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
