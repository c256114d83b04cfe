"""Answers by file (D-035, A-054): the same table out and in, each answer and refusal, twice, late, out of order."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from passerelles.core import clock
from passerelles.core.errors import Impossible, Refused, Unknown
from passerelles.exchange.answer_queries import NOT_TOLD, answer_sheet
from passerelles.exchange.models import AnswerFile
from passerelles.exchange.readers.rejects import write_rejects
from passerelles.exchange.services import answers
from passerelles.journal.models import Fact
from passerelles.messages.models import Message
from passerelles.network.enums import Action, Resource
from passerelles.referrals.models import Appointment, Referral, Statement
from passerelles.referrals.rules.words import Channel
from passerelles.referrals.services import answers as verbs
from passerelles.referrals.services import appointments, sending
from passerelles.referrals.services.places import default_service
from tests.exchange.answering import (
    applied,
    as_csv,
    as_xlsx,
    line_of,
    lines_of,
    sent_back,
    taken_out,
    told,
)
from tests.world import ACTORS


@pytest.fixture
def refer(world):
    """`refer()`: a new referral, sent by the auditor to the agency."""

    def make(receiver=None, **values):
        defaults = {
            "purpose": "employment",
            "basis": "public_mission",
            "service_id": default_service(receiver or world.agency).pk,
        }
        person = world.person(phone="+33639980001", city="Metz", postcode="57000")
        return sending.refer(world.auditor, person_id=person.pk, **(defaults | values))

    return make


@pytest.fixture
def later(world):
    """`with later(days=3):` the clock some days after the day of the world."""

    def at(days=0, hour=12):
        return clock.at(clock.paris(world.day + dt.timedelta(days=days), hour))

    return at


def state(referral):
    referral.refresh_from_db()
    return referral.state


def in_days(world, days):
    return f"{world.day + dt.timedelta(days=days):%d/%m/%Y}"


def test_the_table_holds_what_was_transmitted_and_nothing_else(world, refer):
    referral = refer()
    line = line_of(world.ft, referral)
    assert line["Téléphone"] == "+33639980001"
    assert line["Adressée par"] == "DT OFII Metz"
    assert line["État"] == "Envoyée, sans réponse"
    assert "Nationalité" not in line, "not needed to answer: it stays on the platform"
    assert line["Réponse"] == line["Issue"] == ""


def test_a_need_that_tells_health_is_not_written_in_a_file(world, refer):
    referral = refer(purpose="health", basis="consent", consent_on=world.day)
    assert line_of(world.ft, referral)["Besoin"] == NOT_TOLD


def test_only_what_the_organisation_holds_goes_out(world, refer):
    mine, other, closed = refer(), refer(world.other_agency), refer()
    sending.withdraw(world.auditor, closed.pk, reason="mistake")
    sheet = answer_sheet(world.agency, world.ft)
    assert sheet.people == (mine.person_id,)
    assert answer_sheet(world.other_agency, world.ft_elsewhere).people == (other.person_id,)
    assert answer_sheet(world.operator, world.agir).people == ()


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_each_format_goes_out_filled_in_nowhere_and_comes_back_without_effect(world, refer, form):
    refer(), refer()
    received = applied(world.ft, taken_out(world.ft, form), name=f"tableau.{form}")
    assert (received.status, received.total_rows, received.summary) == ("done", 2, {"empty": 2})
    assert told(received) == []


def test_a_name_that_begins_like_a_formula_stays_text(world):
    person = world.person(family_name="Aziz")
    referral = sending.refer(
        world.auditor,
        person_id=person.pk,
        purpose="employment",
        basis="public_mission",
        service_id=default_service(world.agency).pk,
    )
    stored = [["family_name", "Nom de famille", "=1+1"], ["given_names", "Prénoms", "@SUM(A1)"]]
    Referral.objects.filter(pk=referral.pk).update(transmitted=stored)
    for form in ("xlsx", "ods"):
        assert b"<f>" not in taken_out(world.ft, form)
    sheet = openpyxl.load_workbook(io.BytesIO(taken_out(world.ft))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert ";'=1+1;'@SUM(A1);" in taken_out(world.ft, "csv").decode("utf-8-sig")
    (line,) = lines_of(taken_out(world.ft))
    applied(world.ft, as_csv([line | {"Nom de famille": "'=1+1", "Réponse": "Acceptée"}]), name="r.csv")
    assert state(referral) == "accepted"


def test_every_answer_of_the_table_is_played(world, refer, later):
    given = {name: refer() for name in ("accept", "decline", "fix", "came", "missed", "met", "ended")}
    for name in ("came", "missed"):
        appointments.fix(world.ft, given[name].pk, starts_at=clock.paris(world.day + dt.timedelta(days=2), 10))
    appointments.declare_attended(world.ft, given["ended"].pk, on=world.day)
    with later(days=5):
        said = {
            "accept": {"Réponse": "Acceptée"},
            "decline": {"Réponse": "Déclinée", "Motif du refus": "Plus de place"},
            "fix": {
                "Date du rendez-vous": in_days(world, 9),
                "Heure du rendez-vous": "14h30",
                "Lieu ou lien": "Bureau 4",
            },
            "came": {"Présence": "Venue"},
            "missed": {"Présence": "Pas venue", "Motif de l’absence": "Transport"},
            "met": {"Date du rendez-vous": in_days(world, 3), "Présence": "Venue"},
            "ended": {"Issue": "Emploi"},
        }
        lines = [line_of(world.ft, given[name]) | answer for name, answer in said.items()]
        checked = sent_back(world.ft, lines)
        assert checked.summary == {"ready": 7}, told(checked)
        assert {state(each) for each in given.values()} == {"sent", "appointment_fixed", "attended"}, "a dry run"
        done = answers.apply(world.ft, checked.pk)
        assert done.summary == {"done": 7}
    after = {name: state(each) for name, each in given.items()}
    assert after == {
        "accept": "accepted",
        "decline": "declined",
        "fix": "appointment_fixed",
        "came": "attended",
        "missed": "missed",
        "met": "attended",
        "ended": "ended",
    }
    assert given["decline"].reason == "no_place"
    assert given["met"].attended_on == world.day + dt.timedelta(days=3)
    assert given["fix"].appointment_at == clock.paris(world.day + dt.timedelta(days=9), 14, 30)
    assert given["fix"].appointments.get().where == "Bureau 4"
    assert set(Statement.objects.values_list("channel", flat=True)) >= {Channel.FILE.value}
    assert not Message.objects.filter(kind="appointment_cancelled").exists(), "a no-show is not a cancellation"
    assert Message.objects.filter(kind="referral_declined").count() == 1, "the sender is told as by any other way"


def test_a_dry_run_writes_neither_fact_nor_message(world, refer):
    line = line_of(world.ft, refer()) | {"Réponse": "Déclinée", "Motif du refus": "Hors du territoire"}
    facts, messages = Fact.objects.count(), Message.objects.count()
    checked = sent_back(world.ft, [line])
    assert told(checked) == [(2, "ready", "", "Orientation déclinée.")]
    assert (Fact.objects.count(), Message.objects.count()) == (facts, messages)


def test_a_whole_row_or_nothing(world, refer):
    referral = refer()
    line = line_of(world.ft, referral) | {"Réponse": "Acceptée", "Issue": "Emploi"}
    checked = sent_back(world.ft, [line])
    assert checked.summary == {"reject": 1}
    assert "ne peut pas terminer" in told(checked)[0][3], "the sentence of the state machine"
    assert answers.apply(world.ft, checked.pk).summary == {"reject": 1}
    assert state(referral) == "sent"


def test_the_same_file_twice_says_that_everything_is_known(world, refer, later):
    given = [refer() for _ in range(4)]
    appointments.fix(world.ft, given[3].pk, starts_at=clock.paris(world.day + dt.timedelta(days=1), 10))
    with later(days=2):
        said = [
            {"Réponse": "Acceptée"},
            {"Réponse": "Déclinée", "Motif du refus": "Injoignable"},
            {"Date du rendez-vous": in_days(world, 6), "Heure du rendez-vous": "9:00"},
            {"Présence": "Pas venue", "Motif de l’absence": "Sans nouvelles"},
        ]
        content = as_xlsx([line_of(world.ft, each) | answer for each, answer in zip(given, said, strict=True)])
    with later(days=2, hour=13):
        assert applied(world.ft, content).summary == {"done": 4}
        facts = Fact.objects.exclude(kind="import_applied").count()
        again = applied(world.ft, content)
        assert again.summary == {"same": 4}
        assert told(again)[0][3] == "Déjà répondu ainsi : rien ne change."
    with later(days=3):
        sending.redirect(world.auditor, given[1].pk, service_id=default_service(world.other_agency).pk)
        appointments.fix(world.ft, given[3].pk, starts_at=clock.paris(world.day + dt.timedelta(days=8), 10))
        counted = Fact.objects.exclude(kind="import_applied").count()
        assert applied(world.ft, content).summary == {"same": 4}, "even after what followed"
        assert Fact.objects.exclude(kind="import_applied").count() == counted >= facts


def test_an_answer_given_otherwise_since_the_download_is_not_undone(world, refer, later):
    """A file travels slowly: what a colleague has answered in the meantime stands."""
    moved, declined, accepted, missed = (refer() for _ in range(4))
    appointments.fix(world.ft, missed.pk, starts_at=clock.paris(world.day + dt.timedelta(days=1), 10))
    with later(days=2):
        lines = {each.pk: line_of(world.ft, each) for each in (moved, declined, accepted, missed)}
    with later(days=3):
        appointments.fix(world.ft, moved.pk, starts_at=clock.paris(world.day + dt.timedelta(days=10), 10))
        verbs.decline(world.ft, declined.pk, reason="no_place")
        verbs.accept(world.ft, accepted.pk)
        appointments.declare_attended(world.ft, missed.pk)
    with later(days=4):
        said = {
            moved.pk: {"Date du rendez-vous": in_days(world, 7), "Heure du rendez-vous": "9:00"},
            declined.pk: {"Réponse": "Acceptée"},
            accepted.pk: {"Réponse": "Déclinée", "Motif du refus": "Plus de place"},
            missed.pk: {"Présence": "Pas venue", "Motif de l’absence": "Autre motif"},
        }
        checked = sent_back(world.ft, [lines[pk] | answer for pk, answer in said.items()])
        assert checked.summary == {"reject": 4}
        reasons = [reason for *_, reason in told(checked)]
        assert reasons == [
            "Depuis que ce tableau a été téléchargé, un rendez-vous a été donné (13/03/2026 à 12 h 00).",
            "Depuis que ce tableau a été téléchargé, l’orientation a été déclinée (13/03/2026 à 12 h 00).",
            "Depuis que ce tableau a été téléchargé, l’orientation a été acceptée (13/03/2026 à 12 h 00).",
            "Depuis que ce tableau a été téléchargé, le rendez-vous a été dit honoré (13/03/2026 à 12 h 00).",
        ]
        fresh = [line_of(world.ft, each) | said[each.pk] for each in (moved, accepted)]
        assert applied(world.ft, fresh).summary == {"done": 2}, "a table taken out since then knows"


def test_a_late_answer_is_taken_until_the_person_is_sent_elsewhere(world, refer, later):
    late, too_late = refer(), refer()
    lines = [line_of(world.ft, each) | {"Réponse": "Acceptée"} for each in (late, too_late)]
    with later(days=1):
        for each in (late, too_late):
            sending.take_back(world.auditor, each.pk, note="pas de nouvelles")
        sending.redirect(world.auditor, too_late.pk, service_id=default_service(world.other_agency).pk)
        checked = sent_back(world.ft, lines)
        assert [outcome for _, outcome, *_ in told(checked)] == ["ready", "reject"]
        assert told(checked)[1][3].startswith("Cette orientation est close")


def test_two_rows_for_one_referral(world, refer):
    same, torn = refer(), refer()
    agree = line_of(world.ft, same) | {"Réponse": "Acceptée"}
    yes = line_of(world.ft, torn) | {"Réponse": "Acceptée"}
    no = line_of(world.ft, torn) | {"Réponse": "Déclinée", "Motif du refus": "Plus de place"}
    received = applied(world.ft, [yes, agree, no, dict(agree)])
    assert received.summary == {"reject": 2, "done": 1, "duplicate": 1}
    assert (state(same), state(torn)) == ("accepted", "sent")
    assert "aucune des deux n’est retenue" in told(received)[0][3]


def test_a_row_cannot_be_forged_nor_moved_to_another_organisation(world, refer):
    mine, theirs = refer(), refer(world.other_agency)
    line, stolen = line_of(world.ft, mine), line_of(world.ft_elsewhere, theirs)
    flipped = line["Référence"][:10] + ("A" if line["Référence"][10] != "A" else "B") + line["Référence"][11:]
    attempts = [stolen["Référence"], flipped, "P" + "A" * 55, str(theirs.pk), "", "=1+1", line["Référence"][:-1]]
    received = applied(world.ft, [line | {"Référence": each, "Réponse": "Acceptée"} for each in attempts])
    assert received.summary == {"reject": 7}
    assert (state(mine), state(theirs)) == ("sent", "sent")
    assert applied(world.ft_elsewhere, [line | {"Réponse": "Acceptée"}]).summary == {"reject": 1}
    assert state(mine) == "sent"
    tidy = line["Référence"].lower()
    assert applied(world.ft, [line | {"Référence": f" {tidy[:20]} {tidy[20:]} ", "Réponse": "Acceptée"}]).summary == {
        "done": 1
    }


def test_a_table_sorted_by_one_column_only_is_noticed(world, refer):
    one, two = refer(), refer()
    first, second = line_of(world.ft, one), line_of(world.ft, two)
    mixed = [first | {"Référence": second["Référence"], "Réponse": "Acceptée"}]
    (remark,) = told(sent_back(world.ft, mixed))
    assert remark[1:3] == ("reject", "Nom de famille")
    assert (state(one), state(two)) == ("sent", "sent")


BAD = {
    "a refusal without reason": ({"Réponse": "Déclinée"}, "Motif du refus", "Une orientation déclinée a un motif."),
    "other reason, untold": (
        {"Réponse": "Déclinée", "Motif du refus": "Autre motif"},
        "Précision sur le refus",
        "Le motif « Autre motif » se précise.",
    ),
    "a reason without a refusal": (
        {"Motif du refus": "Plus de place"},
        "Motif du refus",
        "Un motif de refus est donné sans que la réponse soit « Déclinée ».",
    ),
    "an unknown reason": (
        {"Réponse": "Déclinée", "Motif du refus": "pas envie"},
        "Motif du refus",
        "Réponse inconnue : « pas envie ».",
    ),
    "an unknown answer": ({"Réponse": "peut-être"}, "Réponse", "Réponse inconnue : « peut-être »."),
    "declined with an appointment": (
        {
            "Réponse": "Déclinée",
            "Motif du refus": "Plus de place",
            "Date du rendez-vous": "16/03/2026",
            "Heure du rendez-vous": "9h",
        },
        "Date du rendez-vous",
        "La ligne décline l’orientation et dit autre chose.",
    ),
    "no hour": ({"Date du rendez-vous": "16/03/2026"}, "Heure du rendez-vous", "Le rendez-vous n’a pas d’heure."),
    "no date": ({"Heure du rendez-vous": "9h"}, "Heure du rendez-vous", "Le rendez-vous n’a pas de date."),
    "a place without a date": ({"Lieu ou lien": "Bureau 4"}, "Lieu ou lien", "Le rendez-vous n’a pas de date."),
    "a date that does not exist": (
        {"Date du rendez-vous": "31/02/2026", "Heure du rendez-vous": "9h"},
        "Date du rendez-vous",
        None,
    ),
    "an hour that does not exist": (
        {"Date du rendez-vous": "16/03/2026", "Heure du rendez-vous": "25h70"},
        "Heure du rendez-vous",
        None,
    ),
    "an appointment in the past": (
        {"Date du rendez-vous": "02/03/2026", "Heure du rendez-vous": "9h"},
        "",
        "Le rendez-vous le 02/03/2026 à 09 h 00 n’est pas à venir, ou il est dans plus d’un an.",
    ),
    "absent without reason": ({"Présence": "Pas venue"}, "Motif de l’absence", "Une absence a un motif."),
    "a reason without absence": (
        {"Motif de l’absence": "Transport"},
        "Motif de l’absence",
        "Un motif d’absence est donné sans que la présence soit « Pas venue ».",
    ),
    "absent and employed": (
        {"Présence": "Pas venue", "Motif de l’absence": "Transport", "Issue": "Emploi"},
        "Issue",
        "La personne n’est pas venue et la ligne donne une issue.",
    ),
    "absent from no appointment": (
        {"Présence": "Pas venue", "Motif de l’absence": "Transport"},
        "",
        "Cette orientation est dans l’état « Envoyée, sans réponse » : l’organisme qui reçoit ne peut pas dire que la "
        "personne n’est pas venue.",
    ),
    "a formula": ({"Réponse": "Acceptée", "Date du rendez-vous": "16/03/2026", "Heure du rendez-vous": "9h",
                   "Lieu ou lien": "=HYPERLINK(1)"}, "Lieu ou lien", "Le texte ressemble à une formule."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_with_its_column_and_remedy(world, refer, case):
    answer, column, reason = BAD[case]
    referral = refer()
    received = sent_back(world.ft, as_csv([line_of(world.ft, referral) | answer]), name="r.csv")
    assert received.summary == {"reject": 1}
    line = received.lines.filter(outcome="reject").first()
    assert (line.row, line.column) == (2, column)
    assert reason in {None, line.reason}
    assert line.remedy, "every refusal says how to mend"
    assert answers.apply(world.ft, received.pk).summary == {"reject": 1}
    assert state(referral) == "sent"


@pytest.mark.parametrize(
    ("day", "hour"),
    [("16/03/2026", "14:30"), ("16-03-26", "14h30"), ("lundi 16 mars 2026", "14 h 30"), ("2026-03-16", "14:30:00"),
     (46097, 0.604166666666667), ("16/03/2026 14:30", "")],
)  # fmt: skip
def test_dates_and_hours_as_people_write_them(world, refer, day, hour):
    referral = refer()
    line = line_of(world.ft, referral) | {"Date du rendez-vous": day, "Heure du rendez-vous": hour}
    assert applied(world.ft, [line]).summary == {"done": 1}
    referral.refresh_from_db()
    assert referral.appointment_at == clock.paris(dt.date(2026, 3, 16), 14, 30)


@pytest.mark.parametrize(
    ("written", "after"),
    [({"Réponse": "ACCEPTEE"}, "accepted"), ({"Réponse": " oui "}, "accepted"),
     ({"Réponse": "Refusé", "Motif refus": "complet"}, "declined"),
     ({"Réponse": "décliné", "Motif": "déjà suivi"}, "declined")],
)  # fmt: skip
def test_answers_as_people_write_them_in_an_old_encoding(world, refer, written, after):
    referral = refer()
    line = {key: value for key, value in line_of(world.ft, referral).items() if key != "Motif du refus"}
    assert applied(world.ft, as_csv([line | written], "cp1252"), name="r.csv").summary == {"done": 1}
    assert state(referral) == after


def test_only_the_place_of_an_appointment_changes(world, refer):
    referral = refer()
    starts_at = clock.paris(world.day + dt.timedelta(days=3), 9)
    appointments.fix(world.ft, referral.pk, starts_at=starts_at, minutes=90, interpreter="rus", where="Bureau 1")
    line = line_of(world.ft, referral)
    assert line["Rendez-vous connu"] == "13/03/2026 09:00"
    line |= {"Date du rendez-vous": "13/03/2026", "Heure du rendez-vous": "9h", "Lieu ou lien": "Bureau 2"}
    assert applied(world.ft, [line]).summary == {"done": 1}
    current = Appointment.objects.get(referral=referral, status="fixed")
    assert (current.where, current.minutes, current.interpreter) == ("Bureau 2", 90, "rus")
    assert applied(world.ft, [line]).summary == {"same": 1}


def test_presence_on_another_day_than_the_appointment_is_questioned(world, refer, later):
    referral = refer()
    appointments.fix(world.ft, referral.pk, starts_at=clock.paris(world.day + dt.timedelta(days=1), 9))
    with later(days=4):
        line = line_of(world.ft, referral) | {"Date du rendez-vous": in_days(world, 3), "Présence": "Venue"}
        (remark,) = told(sent_back(world.ft, [line]))
        assert remark[2:] == (
            "Date du rendez-vous",
            "Le rendez-vous connu est le 11/03/2026 à 09 h 00, pas le 13/03/2026.",
        )


def test_rejects_come_back_in_the_same_layout_and_once_mended_are_taken(world, refer):
    good, bad = refer(), refer()
    lines = [
        line_of(world.ft, good) | {"Réponse": "Acceptée"},
        line_of(world.ft, bad) | {"Réponse": "Déclinée"},
    ]
    received = applied(world.ft, lines)
    out = io.BytesIO()
    write_rejects(answers.headers_of(received), answers.rejected_lines(received), out)
    (line,) = lines_of(out.getvalue())
    assert line["Motif du rejet"] == "Motif du refus : Une orientation déclinée a un motif."
    assert line.keys() - lines[0].keys() == {"Motif du rejet", "Comment corriger"}
    assert applied(world.ft, [line | {"Motif du refus": "Hors du territoire"}]).summary == {"done": 1}
    assert state(bad) == "declined"


def test_a_file_is_applied_once_and_not_before_its_check(world, refer):
    line = line_of(world.ft, refer()) | {"Réponse": "Acceptée"}
    received = answers.receive(world.ft, filename="r.xlsx", content=as_xlsx([line]))
    with pytest.raises(Impossible, match="Contrôlez"):
        answers.apply(world.ft, received.pk)
    answers.check(world.ft, received.pk)
    assert answers.apply(world.ft, received.pk).summary == {"done": 1}
    facts = Fact.objects.count()
    assert answers.apply(world.ft, received.pk).summary == {"done": 1}
    assert Fact.objects.count() == facts
    with pytest.raises(Impossible, match="déjà en cours"):
        answers.check(world.ft, received.pk)


def test_who_may_send_answers_back(world, refer):
    """A.6: those who answer referrals; the file of one organisation does not exist for another."""
    answering = {"auditor", "auditor_elsewhere", "manager", "ft", "ft_elsewhere", "agir", "employer"}
    received = sent_back(world.ft, [line_of(world.ft, refer()) | {"Réponse": "Acceptée"}])
    for short in ACTORS:
        actor = world.actors[short]
        assert actor.may(Resource.ANSWERS, Action.EDIT) == (short in answering), short
        if short == "ft":
            continue
        with pytest.raises((Refused, Unknown)):
            answers.apply(actor, received.pk)
        if short not in answering:
            with pytest.raises(Refused):
                answers.receive(actor, filename="r.xlsx", content=b"x")
    assert AnswerFile.objects.count() == 1


def test_a_file_that_cannot_be_read_or_is_too_long_is_refused_with_a_sentence(world, refer):
    for content in (b"%PDF-1.7 rien", b"", b"a;b\n1;2\n", as_csv([{"Nom": "x", "Réponse": "Acceptée"}])):
        received = sent_back(world.ft, content, name="r.csv")
        assert received.status == "refused"
        assert received.refusal
        with pytest.raises(Impossible):
            answers.apply(world.ft, received.pk)
    line = line_of(world.ft, refer())
    assert "5000 lignes" in sent_back(world.ft, as_csv([line] * 5001), name="r.csv").refusal
    with pytest.raises(Impossible, match="Mo"):
        answers.receive(world.ft, filename="r.csv", content=b"x" * (answers.LARGEST + 1))
