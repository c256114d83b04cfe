"""An organisation without account answers many at once, by a link that only its mailbox receives (D-035, A-054)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from passerelles.core import clock
from passerelles.exchange.models import AnswerFile
from passerelles.exchange.services import answers
from passerelles.journal.models import Access
from passerelles.messages.models import Link, LinkUse, Message
from passerelles.messages.services import links
from passerelles.network.policy import SYSTEM
from passerelles.referrals.models import Referral
from tests.exchange.answering import as_xlsx, lines_of


def table_path(story) -> str:
    story.post.deliver()
    bodies = [each.body for each in story.post.sent if each.kind == "answers_file"]
    return re.findall(r"https?://[^/\s]+(/t/[\w-]+)", "\n".join(bodies))[-1]


@pytest.fixture
def table(story, visitor):
    """The path of the table, asked from the link of one referral; three persons wait."""
    for _ in range(3):
        story.refer(story.world.person())
    answer = visitor.post(f"{story.partner_path()}/tableau")
    assert "mission-locale.example" in visitor.get(answer.url).content.decode()
    return table_path(story)


def lines(visitor, table) -> list[dict]:
    return lines_of(b"".join(visitor.get(f"{table}/tableau.xlsx").streaming_content))


def send(visitor, table, rows):
    return visitor.post(table, {"file": SimpleUploadedFile("retour.xlsx", as_xlsx(rows))})


def test_a_mission_without_account_answers_its_whole_queue(story, visitor, table):
    assert "<strong>3</strong> orientations" in visitor.get(table).content.decode()
    rows = lines(visitor, table)
    assert Access.objects.filter(action="export").get().organisation_id == story.mission_locale.pk
    rows[0]["Réponse"] = "Acceptée"
    rows[1] |= {"Réponse": "Déclinée", "Motif du refus": "Plus de place"}
    rows[2]["Réponse"] = "Déclinée"
    answer = send(visitor, table, rows)
    page = visitor.get(answer.url).content.decode()
    assert "rien n’est encore enregistré" in page
    assert "Une orientation déclinée a un motif." in page
    assert Referral.objects.filter(state="sent").count() == 3
    done = visitor.post(answer.url)
    assert "Réponses enregistrées" in visitor.get(done.url).content.decode()
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["accepted", "declined", "sent"]
    rejects = lines_of(b"".join(visitor.get(f"{answer.url}/rejets").streaming_content))
    assert [each["Réponse"] for each in rejects] == ["Déclinée"]
    assert LinkUse.objects.filter(action="file").count() == 1
    assert AnswerFile.objects.get().link.mailbox == story.mission_locale.mailbox
    again = send(visitor, table, rows[:2])
    assert "2 déjà connues" in visitor.get(again.url).content.decode()


def test_the_link_of_one_referral_does_not_open_the_table(story, visitor, table):
    one = story.partner_path()
    assert visitor.get(one.replace("/r/", "/t/")).status_code == 404
    assert visitor.get(table.replace("/t/", "/r/")).status_code == 404
    assert visitor.get(table.replace("/t/", "/m/")).status_code == 404
    page = visitor.get(one).content.decode()
    assert table.rsplit("/", 1)[1] not in page, "read in the mailbox only"


@pytest.mark.parametrize("case", ["tampered", "expired", "revoked", "mailbox changed", "closed"])
def test_a_dead_link_opens_nothing(story, visitor, table, case):
    link = Link.objects.get(purpose="partner_file")
    at = clock.now()
    if case == "tampered":
        table = table[:-1] + ("A" if table[-1] != "A" else "B")
    elif case == "expired":
        at += dt.timedelta(days=15)
    elif case == "revoked":
        links.revoke(SYSTEM, link, reason="essai")
    elif case == "mailbox changed":
        type(story.mission_locale).objects.filter(pk=story.mission_locale.pk).update(mailbox="autre@ml.example")
    else:
        type(story.mission_locale).objects.filter(pk=story.mission_locale.pk).update(closed_on=at.date())
    with clock.frozen(at):
        for path in (table, f"{table}/tableau.xlsx"):
            assert visitor.get(path).status_code == 404
        assert visitor.post(table, {"file": SimpleUploadedFile("r.csv", b"x")}).status_code == 404
    assert not AnswerFile.objects.exists()


def test_a_file_sent_otherwise_does_not_exist_for_the_link(story, visitor, table):
    by_server = answers.receive(answers.Guest(story.mission_locale), filename="r.csv", content=b"x")
    by_agent = answers.receive(story.world.ft, filename="r.csv", content=b"x")
    for each in (by_server, by_agent):
        for path in (f"{table}/{each.pk}", f"{table}/{each.pk}/rejets"):
            assert visitor.get(path).status_code == 404
        assert visitor.post(f"{table}/{each.pk}").status_code == 404


def test_the_table_asked_twice_in_an_hour_leaves_once_and_its_link_is_kept(story, visitor, table):
    for _ in range(3):
        visitor.post(f"{story.partner_path()}/tableau")
    assert Message.objects.filter(kind="answers_file").count() == 1
    assert Link.objects.filter(purpose="partner_file").count() == 1
    assert set(Message.objects.filter(kind="answers_file").values_list("recipient", flat=True)) == {
        story.mission_locale.mailbox
    }


def test_a_get_writes_the_access_log_only(visitor, table):
    for path in (table, f"{table}/tableau.csv"):
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(path).status_code == 200
        written = [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"], re.IGNORECASE)]
        assert [sql for sql in written if "journal_access" not in sql] == []


def test_no_file_and_an_unreadable_one_are_told(visitor, table):
    assert "Choisissez le fichier" in visitor.post(table).content.decode()
    answer = visitor.post(table, {"file": SimpleUploadedFile("r.pdf", b"%PDF-1.7")})
    assert "pdf" in visitor.get(answer.url).content.decode().lower()
    assert visitor.post(answer.url).status_code == 409
