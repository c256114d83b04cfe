"""Draft, validate, send the return of the month (F-001, REP-01)."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import DatabaseError, transaction

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network.models import Organisation
from passerelles.reports import services
from passerelles.reports.models import Return
from passerelles.reports.schedule import ReturnPeriod
from tests.reports.conftest import METZ


@pytest.fixture
def january(world):
    """What is told here does not depend on the figures: a month without anybody is enough, and quicker."""
    return world


def test_a_draft_holds_its_bytes_its_position_and_its_definition(january, drafted):
    assert (drafted.version, drafted.status, drafted.operator_name) == (1, "drafted", "Les Ponts de Moselle")
    assert drafted.definition == "metz-monthly-v1:interview_in_scope_or_registered"
    assert drafted.sha256 == hashlib.sha256(drafted.content).hexdigest()
    fact = Fact.objects.get(kind="return_drafted")
    assert fact.data == {"version": 1, "return": "metz-monthly", "period": "2026-01"}
    assert drafted.position < fact.pk


def test_from_the_draft_to_the_two_recipients(january, sent):
    assert sent.status == "sent"
    assert sent.recipients == ["dt-metz@exemple.example", "dreets@exemple.example"]
    messages = Message.objects.filter(kind="return_sent").order_by("recipient")
    assert [message.recipient for message in messages] == sorted(sent.recipients)
    for message in messages:
        assert bytes(message.attachment) == bytes(sent.content)
        assert message.attachment_name == "remontee-metz-2026-01-v1.csv"
        assert sent.sha256 in message.body
    kinds = Fact.objects.filter(subject_id=sent.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["return_drafted", "return_validated", "return_sent"]


def test_a_month_not_begun_is_refused_and_a_month_not_over_is_told(january):
    with pytest.raises(Impossible, match="n’a pas commencé"):
        services.draft_return(january.cip, "metz-monthly", "dt:metz", "2026-04")
    assert services.draft_warnings(ReturnPeriod.parse("2026-03"))
    assert services.draft_warnings(ReturnPeriod.parse("2026-02")) == []
    assert services.draft_return(january.cip, "metz-monthly", "dt:metz", "2026-03").version == 1


def test_nobody_drafts_for_another_direction(january):
    with pytest.raises(Refused):
        services.draft_return(january.cip, "metz-monthly", "dt:strasbourg", "2026-01")


@pytest.mark.parametrize("short", ["auditor", "manager", "admin", "region", "nation", "department", "ft", "agir"])
def test_only_the_cip_drafts(january, short):
    with pytest.raises(Refused):
        services.draft_return(january.actors[short], *METZ)


def test_nobody_validates_what_they_drafted(january):
    drafted = services.draft_return(january.cip, *METZ)
    Return.objects.filter(pk=drafted.pk).update(drafted_by=january.admin.agent_id)
    with pytest.raises(Refused, match="une autre personne"):
        services.validate_return(january.admin, drafted.pk)


@pytest.mark.parametrize(
    ("short", "error"),
    [
        ("cip", Refused),
        ("auditor", Refused),
        ("manager", Refused),
        ("region", Unknown),
        ("cip_elsewhere", Unknown),
    ],
)
def test_who_may_not_validate(january, drafted, short, error):
    with pytest.raises(error):
        services.validate_return(january.actors[short], drafted.pk)


def test_a_draft_is_not_sent_and_what_was_sent_is_not_sent_twice(january, drafted):
    with pytest.raises(Impossible, match="n’est pas validée"):
        services.send_return(january.cip, drafted.pk)
    services.validate_return(january.admin, drafted.pk)
    with pytest.raises(Impossible, match="déjà validée"):
        services.validate_return(january.admin, drafted.pk)
    services.send_return(january.admin, drafted.pk)
    with pytest.raises(Impossible, match="déjà envoyée"):
        services.send_return(january.cip, drafted.pk)
    assert Message.objects.filter(kind="return_sent").count() == 2


def test_sending_waits_for_a_missing_recipient(january, validated):
    Organisation.objects.filter(pk=january.dreets.pk).update(mailbox="")
    with pytest.raises(Impossible, match="la DREETS de la région Grand Est n’a pas de boîte fonctionnelle"):
        services.send_return(january.cip, validated.pk)
    Organisation.objects.filter(pk=january.dreets.pk).update(mailbox="x@exemple.example", closed_on=dt.date(2026, 1, 1))
    with pytest.raises(Impossible, match="ne figure pas dans l’annuaire"):
        services.send_return(january.cip, validated.pk)
    validated.refresh_from_db()
    assert validated.status == "validated"
    assert not Message.objects.filter(kind="return_sent").exists()


def test_a_correction_is_a_numbered_version_that_replaces_the_former(january, sent):
    second = services.draft_return(january.cip, *METZ, comment="  Un entretien corrigé. ")
    assert (second.version, second.comment) == (2, "Un entretien corrigé.")
    third = services.draft_return(january.cip_two, *METZ)
    with pytest.raises(Impossible, match="La version 3 remplace celle-ci"):
        services.validate_return(january.admin, second.pk)
    services.validate_return(january.admin, third.pk)
    services.send_return(january.cip, third.pk)
    assert Message.objects.filter(kind="return_sent").count() == 4
    corrected = Message.objects.filter(attachment_name="remontee-metz-2026-01-v3.csv")
    assert [message.subject[-9:] for message in corrected] == ["version 3"] * 2


@pytest.mark.parametrize("change", [{"content": b"x"}, {"sha256": "0"}, {"position": 10**9}])
def test_the_database_refuses_to_change_what_is_frozen(drafted, change):
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Return.objects.filter(pk=drafted.pk).update(**change)


def test_the_database_refuses_to_change_what_was_sent_and_to_delete(sent):
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Return.objects.filter(pk=sent.pk).update(comment="autre")
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Return.objects.filter(pk=sent.pk).delete()


def test_the_draft_says_when_it_was_known(january):
    with clock.frozen(clock.paris(dt.date(2026, 2, 3), 18)):
        assert services.draft_return(january.cip, *METZ).known_at == clock.paris(dt.date(2026, 2, 3), 18)
