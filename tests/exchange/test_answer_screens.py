"""The screens of the answers by file, and whom they exist for."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.core import clock
from passerelles.exchange import tasks
from passerelles.exchange.models import AnswerFile
from passerelles.exchange.services import answers
from passerelles.journal.models import Access
from passerelles.referrals.services import answers as by_hand
from passerelles.referrals.services import sending
from passerelles.referrals.services.places import default_service
from tests.browsing import sign_in
from tests.exchange.answering import as_csv, as_xlsx, line_of, lines_of, sent_back
from tests.exchange.readers import nasty


@pytest.fixture
def refer(world):
    def make():
        service = default_service(world.agency)
        given = {"purpose": "employment", "basis": "public_mission", "service_id": service.pk}
        return sending.refer(world.auditor, person_id=world.person().pk, **given)

    return make


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def send(client, content: bytes, name: str = "retour.xlsx"):
    return client.post(reverse("exchange:answers"), {"file": SimpleUploadedFile(name, content)})


def test_the_table_goes_out_and_comes_back_without_javascript(client, world, refer):
    good, bad = refer(), refer()
    sign_in(client, world, "ft")
    assert "Répondre par tableur" in client.get(reverse("referrals:received")).content.decode()
    assert "2</strong> orientations entre vos mains" in client.get(reverse("exchange:answers")).content.decode()
    out = client.get(reverse("exchange:answer-sheet", args=["xlsx"]))
    assert out["Content-Disposition"].startswith("attachment")
    seen = Access.objects.get(action="export")
    assert set(seen.people) == {good.person_id, bad.person_id}
    lines = lines_of(body(out))
    lines[0]["Réponse"], lines[1]["Réponse"] = "Acceptée", "Déclinée"
    answer = send(client, as_xlsx(lines))
    page = client.get(answer.url).content.decode()
    assert "rien n’est encore enregistré" in page
    assert "Une orientation déclinée a un motif." in page
    assert "Enregistrer la réponse prête" in page
    file = AnswerFile.objects.get()
    page = client.post(reverse("exchange:answer-start", args=[file.pk]), follow=True).content.decode()
    assert "Vos réponses sont enregistrées." in page
    rejects = openpyxl.load_workbook(io.BytesIO(body(client.get(reverse("exchange:answer-rejects", args=[file.pk])))))
    assert rejects.active.max_row == 2
    assert "retour.xlsx" in client.get(reverse("exchange:answers")).content.decode()


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_each_format_is_offered_and_no_other(client, world, refer, form):
    refer()
    sign_in(client, world, "ft")
    assert client.get(reverse("exchange:answer-sheet", args=[form])).status_code == 200
    assert client.get(reverse("exchange:answer-sheet", args=["exe"])).status_code == 404


@pytest.mark.parametrize(
    ("short", "status"),
    [("ft", 200), ("ft_elsewhere", 404), ("auditor", 404), ("agir", 404), ("employer", 404), ("cip", 403),
     ("region", 403), ("admin", 403), ("tester", 403), ("trainer", 403)],
)  # fmt: skip
def test_the_file_of_an_organisation_exists_for_its_own_agents_only(client, world, refer, short, status):
    received = sent_back(world.ft, [line_of(world.ft, refer()) | {"Réponse": "Acceptée"}])
    visitor = sign_in(client, world, short)
    for name in ("exchange:answer-file", "exchange:answer-rejects"):
        assert visitor.get(reverse(name, args=[received.pk])).status_code == status
    if status != 200:
        assert visitor.post(reverse("exchange:answer-start", args=[received.pk])).status_code == status
        received.refresh_from_db()
        assert received.status == "checked"


def test_a_line_refused_when_it_is_written_is_told(client, world, refer):
    """Between the check and the writing, a colleague declined the same referral."""
    referral = refer()
    sign_in(client, world, "ft")
    send(client, as_xlsx([line_of(world.ft, referral) | {"Réponse": "Acceptée"}]))
    with clock.frozen(clock.now() + dt.timedelta(minutes=5)):
        by_hand.decline(world.ft, referral.pk, reason="no_place")
    page = client.post(
        reverse("exchange:answer-start", args=[AnswerFile.objects.get().pk]), follow=True
    ).content.decode()
    assert "1 ligne a changé depuis le contrôle" in page and "Vos réponses sont enregistrées" not in page


def test_a_long_file_is_left_to_the_worker(client, world, refer, monkeypatch):
    monkeypatch.setattr(answers, "INLINE_ROWS", 1)
    lines = [line_of(world.ft, refer()) | {"Réponse": "Acceptée"} for _ in range(3)]
    sign_in(client, world, "ft")
    answer = send(client, as_xlsx(lines))
    page = client.get(answer.url)
    assert "Contrôle en cours" in page.content.decode()
    file = AnswerFile.objects.get()
    tasks.check_answers(str(file.pk))
    client.post(reverse("exchange:answer-start", args=[file.pk]))
    assert "Enregistrement en cours" in client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    tasks.apply_answers(str(file.pk))
    tasks.apply_answers(str(file.pk))
    file.refresh_from_db()
    assert (file.status, file.summary) == ("done", {"done": 3})


def test_the_number_of_queries_does_not_grow_with_the_file(client, world, refer):
    for _ in range(3):
        refer()
    sign_in(client, world, "ft")

    def queries(name: str, *args: object) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(seen)

    few = queries("exchange:answer-sheet", "csv"), queries("exchange:answers")
    lines = [line_of(world.ft, refer()) | {"Réponse": "Acceptée"} for _ in range(12)]
    file = sent_back(world.ft, lines)
    assert queries("exchange:answer-sheet", "csv") == few[0]
    assert queries("exchange:answers") <= few[1] + 1
    assert queries("exchange:answer-file", file.pk) <= 15


NASTY = {
    "pdf": nasty.PDF,
    "png": nasty.PNG,
    "program": nasty.EXE,
    "html": nasty.HTML,
    "xml 2003": nasty.XML_2003,
    "rtf": nasty.RTF,
    "empty": b"",
    "blank": b"  \r\n\t",
    "nul": b"\x00" * 500,
    "another table": nasty.xlsx_rows([nasty.HEADERS, *nasty.PEOPLE]),
    "another table in ods": nasty.ods_rows([nasty.HEADERS, *nasty.PEOPLE]),
    "headers only": as_csv([{"Référence": "", "Réponse": ""}]),
    "quote never closed": 'Référence;Réponse\r\n"P;Acceptée\r\n'.encode(),
    "utf-16": as_csv([{"Référence": "P", "Réponse": "x"}], "utf-16"),
    "random": bytes((7 * n * n + n) % 256 for n in range(4000)),
    "cut": nasty.xlsx_rows([nasty.HEADERS, *nasty.PEOPLE])[:600],
}


@pytest.mark.parametrize("case", NASTY)
def test_no_file_breaks_the_screen(client, world, case):
    sign_in(client, world, "ft")
    answer = send(client, NASTY[case], "retour.csv")
    assert answer.status_code in {302, 400}
    if answer.status_code == 302:
        page = client.get(answer.url)
        assert page.status_code == 200
        file = AnswerFile.objects.get()
        assert file.refusal or file.summary.get("reject") or not file.summary.get("ready")
        client.post(reverse("exchange:answer-start", args=[file.pk]))
        assert client.get(reverse("exchange:answer-rejects", args=[file.pk])).status_code in {200, 409}


CELLS = [
    "=1+1",
    "@cmd",
    "\u202e\u200bAcceptée",
    "x" * 5000,
    "#REF!",
    "1e400",
    "-1",
    "31/02/2026",
    "\U0001f600",
    "NULL",
    "{}",
    "99999999999999999999",
    "12:99",
    "VRAI",
    "'; DROP TABLE",
    "<script>",
    "٠٩/٠٣/٢٠٢٦",
]


def test_any_cell_in_any_column_is_a_sentence_never_a_crash(world, refer):
    line = line_of(world.ft, refer())
    columns = [name for name in line if name not in {"Référence"}]
    lines = [line | {name: cell} for name in columns for cell in CELLS]
    lines += [line | {"Référence": cell, "Réponse": "Acceptée"} for cell in CELLS]
    file = sent_back(world.ft, as_csv(lines), "r.csv")
    assert file.status == "checked"
    assert file.total_rows == len(lines)
    assert not file.lines.filter(outcome="reject", reason="").exists()
    assert not file.lines.filter(outcome="reject", remedy="").exists()
