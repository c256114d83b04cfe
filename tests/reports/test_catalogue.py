"""The returns that the texts ask for (F.8): periods, deadlines, recipients, documents, deposit, receipt, reminders."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network import policy
from passerelles.network.enums import Action, OrganisationKind, Resource, Role
from passerelles.network.models import Organisation
from passerelles.reference.territory import NATIONAL, Kind, Territory
from passerelles.reports import queries, services
from passerelles.reports.catalogue import CATALOGUE, METZ_MONTHLY, SHORTAGE, Channel, return_type
from passerelles.reports.models import Return
from passerelles.reports.obligations import obligations
from passerelles.reports.schedule import Frequency, ReturnPeriod, UnknownPeriod, periods
from tests.browsing import sign_in
from tests.reports.conftest import METZ

SYNTHESIS = ("synthese-copil", "region:44", "2025-S2")
TEXT = "Deux comités tenus.\n\nTrois actions engagées."


@pytest.fixture
def january(world):
    return world


def ministry(name: str) -> Organisation:
    return Organisation.objects.create(
        name=name, kind=OrganisationKind.MINISTRY, mailbox=f"{name.split()[0].strip(',').lower()}@exemple.example"
    )


def second_of(world, short: str):
    """Another agent of the same organisation and role."""
    from dataclasses import replace

    return replace(world.actors[short], agent=world.actors["auditor"].agent)


def test_the_catalogue_has_the_26_lines_of_f8_once_each():
    assert [each.code for each in CATALOGUE] == [f"REP-{n:02}" for n in range(1, 27)]
    assert len({each.slug for each in CATALOGUE}) == 26
    for each in CATALOGUE:
        assert each.desks and each.sender and each.source
        assert len(each.slug) <= 40


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2026-01", "janvier 2026", dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        ("2025-T3", "3e trimestre 2025", dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
        ("2026-Q1", "1er quadrimestre 2026", dt.date(2026, 1, 1), dt.date(2026, 4, 30)),
        ("2025-S2", "2e semestre 2025", dt.date(2025, 7, 1), dt.date(2025, 12, 31)),
        ("2025", "année 2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    ],
)
def test_periods_are_written_read_and_named(text, label, start, end):
    period = ReturnPeriod.parse(text)
    assert (str(period), period.label_fr, period.starts_on, period.ends_on) == (text, label, start, end)
    assert period.next.previous == period


@pytest.mark.parametrize("text", ["", "2026-13", "2026-T5", "2026-S3", "janvier"])
def test_what_is_not_a_period_is_told(text):
    from passerelles.core.errors import UserError

    with pytest.raises(UserError):
        ReturnPeriod.parse(text)
    with pytest.raises(UnknownPeriod):
        ReturnPeriod.parse("2026-S3")


def test_the_shortage_return_is_asked_every_three_months_from_the_summer_of_2025():
    found = list(SHORTAGE.periods_until(dt.date(2026, 3, 31)))
    assert [str(each) for each in found] == ["2025-T3", "2025-T4", "2026-T1"]
    assert SHORTAGE.due_on(found[0]) == dt.date(2025, 10, 26)
    assert SHORTAGE.due is not None and not SHORTAGE.due.stated
    assert list(periods(Frequency.ON_CHANGE, dt.date(2025, 1, 1), dt.date(2026, 1, 1))) == []


def test_the_dated_deadlines_of_2024_are_history_and_later_years_to_confirm():
    """L-055: a date of 2024 is never applied to 2026."""
    controls = return_type("synthese-controles")
    assert controls.dated[0][0] == dt.date(2024, 9, 30)
    assert controls.due_on(ReturnPeriod.parse("2026")) is None


def test_a_department_owes_its_returns_and_not_those_of_others(january):
    found = queries.calendar(january.department)
    assert {str(each.territory) for each in found} == {"department:57"}
    kinds = {each.kind.code for each in found}
    assert {"REP-02", "REP-04", "REP-17"} <= kinds
    assert not kinds & {"REP-01", "REP-03", "REP-05", "REP-07"}
    assert "REP-07" in {each.kind.code for each in queries.calendar(january.region)}
    assert {each.kind.code for each in queries.calendar(january.cip)} == {"REP-01"}


def test_late_is_what_is_due_and_not_sent(january):
    today = clock.today()
    [quarter] = [
        each
        for each in obligations([SHORTAGE], [Territory(Kind.DEPARTMENT, "57")], today)
        if str(each.period) == "2025-T4"
    ]
    assert quarter.due_on == dt.date(2026, 1, 26) and quarter.late(today)
    assert quarter.state_fr == "À établir"


def test_the_life_of_a_document_from_the_text_to_the_receipt(january):
    ministry("DIAN, sous-direction")
    drafted = services.draft_return(january.region, *SYNTHESIS, comment="Vu.", text=TEXT)
    assert bytes(drafted.content).decode() == TEXT and drafted.definition == "document"
    assert queries.recompute(drafted) == bytes(drafted.content)
    with pytest.raises(Refused, match="une autre personne"):
        services.validate_return(january.region, drafted.pk)
    services.validate_return(second_of(january, "region"), drafted.pk)
    sent = services.send_return(january.region, drafted.pk)
    assert sent.recipients == ["dian@exemple.example"]
    message = Message.objects.get(kind="return_sent")
    assert message.attachment_name == "remontee-synthese-copil-44-2025-S2-v1.txt"
    assert "Synthèse des comités de pilotage, 2e semestre 2025" in message.subject
    received = services.acknowledge_return(january.nation, sent.pk)
    assert received.status == "acknowledged"
    with pytest.raises(Impossible, match="déjà notée"):
        services.acknowledge_return(january.nation, sent.pk)
    kinds = Fact.objects.filter(subject_id=sent.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["return_drafted", "return_validated", "return_sent", "return_acknowledged"]


def test_what_was_received_does_not_change_any_more(january):
    ministry("DIAN")
    drafted = services.draft_return(january.region, *SYNTHESIS, text=TEXT)
    services.validate_return(second_of(january, "region"), drafted.pk)
    services.send_return(january.region, drafted.pk)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Return.objects.filter(pk=drafted.pk).update(
            status="acknowledged", acknowledged_at=clock.now(), recipients=["autre@exemple.example"]
        )
    services.acknowledge_return(january.nation, drafted.pk)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Return.objects.filter(pk=drafted.pk).update(acknowledged_at=clock.now())


def test_a_recipient_that_is_missing_stops_the_envoy_by_its_name(january):
    drafted = services.draft_return(january.region, *SYNTHESIS, text=TEXT)
    services.validate_return(second_of(january, "region"), drafted.pk)
    with pytest.raises(Impossible, match="la DIAN ne figure pas dans l’annuaire"):
        services.send_return(january.region, drafted.pk)
    ministry("DIANE")
    with pytest.raises(Impossible, match="la DIAN ne figure pas dans l’annuaire"):
        services.send_return(january.region, drafted.pk)


def test_the_two_recipients_of_the_shortage_return_are_two_administrations(january):
    ministry("DGEFP")
    found, missing = services.recipients_of(SHORTAGE, Territory(Kind.DEPARTMENT, "57"))
    assert [each.name for each in found] == ["DGEF", "DGEFP"] and missing == []


def test_what_does_not_leave_by_e_mail_is_handed_over_and_said_so(january):
    kind = ("dossier-dtg", "region:44", "2025")
    assert return_type(kind[0]).channel is Channel.MEETING
    drafted = services.draft_return(january.region, *kind, text=TEXT)
    services.validate_return(second_of(january, "region"), drafted.pk)
    with pytest.raises(Impossible, match="ne part pas par courriel"):
        services.send_return(january.region, drafted.pk)
    with pytest.raises(Impossible, match="Dites où"):
        services.deposit_return(january.region, drafted.pk, "  ")
    done = services.deposit_return(january.region, drafted.pk, "dialogue du 12 mars")
    assert (done.status, done.deposit, done.recipients) == ("sent", "dialogue du 12 mars", [])


def test_an_empty_document_is_refused(january):
    with pytest.raises(Impossible, match="texte de la remontée est vide"):
        services.draft_return(january.region, *SYNTHESIS, text="  \n ")


@pytest.mark.parametrize(
    ("short", "asked"),
    [
        ("department", ("synthese-copil", "region:44", "2025-S2")),
        ("region", ("synthese-copil", "region:11", "2025-S2")),
        ("region", METZ),
        ("manager", ("statistiques-departementales", "department:57", "2025-Q3")),
        ("cip", ("synthese-copil", "region:44", "2025-S2")),
        ("department", ("liste-pne", "department:67", "2025")),
    ],
)
def test_nobody_makes_the_return_of_another_role_or_territory(january, short, asked):
    with pytest.raises(Refused):
        services.draft_return(january.actors[short], *asked, text=TEXT)


def test_every_return_has_somebody_to_draft_validate_send_and_receive_it():
    """F.8: the verbs of the catalogue are in the table, so that no line is a dead letter."""
    for kind in CATALOGUE:
        for role in kind.drafts:
            assert policy.Actor(None, None, role).may(Resource.RETURN, Action.EDIT), (kind.code, role)
        for role in kind.validates:
            assert policy.Actor(None, None, role).may(Resource.RETURN, Action.VALIDATE), (kind.code, role)
        for role in kind.sends:
            assert policy.Actor(None, None, role).may(Resource.RETURN, Action.SEND), (kind.code, role)
        for role in kind.receives:
            assert policy.Actor(None, None, role).may(Resource.RETURN, Action.ACKNOWLEDGE), (kind.code, role)


def test_the_sender_of_the_experiment_is_the_operator_and_the_dt_receives(january, sent):
    """REP-01 (000 L167): the provider sends, the DT and the DREETS receive."""
    assert Role.DT_MANAGER not in METZ_MONTHLY.sends
    for short in ("nation", "cip", "admin"):
        with pytest.raises(Refused):
            services.acknowledge_return(january.actors[short], sent.pk)
    assert services.acknowledge_return(january.manager, sent.pk).status == "acknowledged"


def test_an_administrator_answers_for_the_returns_of_an_operator_only(january, drafted):
    assert policy.visible(january.admin, Return.objects.all(), Resource.RETURN).exists()
    agency = dataclasses.replace(january.actors["ft"], role=Role.ORGANISATION_ADMIN, directions=frozenset({"metz"}))
    assert not policy.visible(agency, Return.objects.all(), Resource.RETURN).exists()


def test_agir_sends_the_indicators_of_its_department_and_sees_no_other_return(january, drafted):
    """REP-13: the AGIR operator drafts, its administrator validates, the DIAN receives."""
    ministry("DIAN, sous-direction")
    agir, admin = (
        dataclasses.replace(each, departments=frozenset({"57"})) for each in (january.actors["agir"], january.admin)
    )
    asked = ("indicateurs-agir", "department:57", "2026-01")
    made = services.draft_return(agir, *asked, text=TEXT)
    assert list(policy.visible(agir, Return.objects.all(), Resource.RETURN)) == [made]
    assert not policy.visible(january.department, Return.objects.filter(pk=made.pk), Resource.RETURN).exists()
    services.validate_return(admin, made.pk)
    services.deposit_return(agir, made.pk, "Démarches simplifiées")
    assert policy.visible(january.department, Return.objects.filter(pk=made.pk), Resource.RETURN).exists()
    assert services.acknowledge_return(january.nation, made.pk).status == "acknowledged"


def test_the_region_reads_a_synthesis_and_the_others_do_not_see_the_draft(january):
    drafted = services.draft_return(january.region, *SYNTHESIS, text=TEXT)
    assert queries.find_return(january.region, drafted.pk)
    for short in ("department", "manager", "cip"):
        with pytest.raises(Unknown):
            queries.find_return(january.actors[short], drafted.pk)
    with pytest.raises(Unknown):
        queries.find_return(january.nation, drafted.pk)


@pytest.mark.parametrize(("day", "count", "word"), [(24, 1, "dans 7 jours"), (29, 1, "dans 2 jours"), (25, 0, "")])
def test_the_operator_is_reminded_before_the_end_of_the_month(january, day, count, word):
    assert services.remind(dt.date(2026, 3, day)) >= count
    found = Message.objects.filter(kind="return_due", recipient=january.operator.mailbox)
    assert found.count() == count
    for message in found:
        assert word in message.body and "mars 2026" in message.body
    services.remind(dt.date(2026, 3, day))
    assert found.count() == count, "the same day twice is one message"


def test_who_is_late_is_told_the_day_after_and_who_has_sent_is_not(january, sent):
    services.remind(dt.date(2026, 2, 1))
    assert not Message.objects.filter(kind="return_due", recipient=january.operator.mailbox).exists()
    services.remind(dt.date(2026, 3, 1))
    late = Message.objects.get(kind="return_due", recipient=january.operator.mailbox)
    assert "est en retard depuis le 28 février 2026" in late.body


def test_reminders_are_for_the_department_that_owes(january):
    services.remind(dt.date(2026, 1, 19))
    reminded = Message.objects.filter(kind="return_due", body__contains="Couverture des métiers en tension")
    assert {message.recipient for message in reminded} == {"ddets@exemple.example", "dreets@exemple.example"}


def test_the_calendar_page_lists_what_is_late_and_the_whole_catalogue(client, january):
    browser = sign_in(client, january, "department")
    page = browser.get(reverse("reports:calendar"))
    text = page.content.decode()
    assert "Couverture des métiers en tension, 4e trimestre 2025" in text
    assert [str(each.period) for each in page.context["late"] if each.kind is SHORTAGE] == ["2025-T3", "2025-T4"]
    assert text.count("REP-") >= 26
    assert sign_in(client, january, "ft").get(reverse("reports:calendar")).status_code == 403


def test_a_document_is_written_validated_and_exported_on_the_screens(client, january):
    browser = sign_in(client, january, "region")
    asked = {"remontee": "synthese-copil", "territoire": "region:44", "periode": "2025-S2"}
    page = browser.get(reverse("reports:prepare"), asked)
    assert "Texte de la remontée" in page.content.decode()
    browser.post(reverse("reports:draft"), asked | {"texte": TEXT, "commentaire": ""})
    found = Return.objects.get()
    page = browser.get(f"/remontees/{found.pk}/").content.decode()
    assert "Trois actions engagées." in page and "attend la validation" in page
    assert browser.get(f"/remontees/{found.pk}/remontee.txt").content == TEXT.encode()
    assert browser.get(f"/remontees/{found.pk}/remontee.pdf").content.startswith(b"%PDF")
    assert browser.get(f"/remontees/{found.pk}/remontee.xlsx").status_code == 404
    nothing = browser.post(reverse("reports:draft"), asked | {"texte": " "}, follow=True)
    assert "est vide" in nothing.content.decode()


def test_preparing_what_is_not_ours_does_not_exist(client, january):
    browser = sign_in(client, january, "region")
    for asked in (
        {"remontee": "synthese-copil", "territoire": "region:11", "periode": "2025-S2"},
        {"remontee": "rien", "territoire": "region:44", "periode": "2025-S2"},
        {},
    ):
        assert browser.get(reverse("reports:prepare"), asked).status_code == 404


def test_the_monthly_return_has_an_ods_and_a_schema(client, january, drafted):
    import io
    import json
    import zipfile

    browser = sign_in(client, january, "cip")
    book = browser.get(f"/remontees/{drafted.pk}/remontee.ods").content
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert "Personnes accompagnées" in archive.read("content.xml").decode()
    schema = json.loads(browser.get(f"/remontees/{drafted.pk}/remontee.json").content)
    header = bytes(drafted.content).decode("utf-8-sig").splitlines()[0].split(";")
    assert [field["name"] for field in schema["fields"]] == header


def test_the_territory_of_a_return_is_known_to_its_type():
    assert METZ_MONTHLY.concerns(Territory.parse("dt:metz"))
    assert not METZ_MONTHLY.concerns(Territory.parse("dt:strasbourg"))
    assert not SHORTAGE.concerns(NATIONAL)
