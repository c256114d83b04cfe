"""The screens of the reception day: who may open them, and a whole half-day without JavaScript."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from passerelles.core import clock
from passerelles.journal.models import Access
from passerelles.people.models import Person, Registration
from passerelles.reception.models import Convocation, FirstAppointment, Interview, Session
from passerelles.reception.services import attendance, interviews
from tests.browsing import sign_in
from tests.linkage.lists import NUMBER, doubtful, load, namesake, row_of

EVERYBODY = (
    "auditor auditor_elsewhere manager cip cip_elsewhere agir admin ft ft_elsewhere region department nation tester "
    "trainer employer"
).split()
ON_THE_DAY = {"auditor": 200, "manager": 200, "cip": 200, "auditor_elsewhere": 404, "cip_elsewhere": 404, "tester": 404}


@pytest.fixture
def session(world):
    return world.session(place="Salle Moselle", languages=["prs"], partners=["Mission locale"])


@pytest.fixture
def convocation(world, session):
    return world.convoked(session)[0]


@pytest.mark.parametrize("short", EVERYBODY)
def test_the_week_opens_for_those_who_hold_or_follow_sessions(client, world, session, short):
    page = sign_in(client, world, short).get(reverse("reception:sessions"))
    allowed = {"auditor", "auditor_elsewhere", "manager", "cip", "cip_elsewhere", "tester"}
    assert page.status_code == (200 if short in allowed else 403)
    assert ("Salle Moselle" in page.content.decode()) is (short in {"auditor", "manager", "cip"})


@pytest.mark.parametrize("screen", ["session", "session-table", "sheet", "session-edit", "walk-in"])
@pytest.mark.parametrize("short", EVERYBODY)
def test_a_session_exists_only_for_those_who_hold_or_follow_it(client, world, session, short, screen):
    page = sign_in(client, world, short).get(reverse(f"reception:{screen}", args=[session.pk]))
    expected = ON_THE_DAY.get(short, 403)
    if short == "tester" and screen in {"session-edit", "walk-in"}:
        expected = 403
    assert page.status_code == expected


@pytest.mark.parametrize("verb", ["arrival", "absence", "undo", "interview-open"])
@pytest.mark.parametrize("short", EVERYBODY)
def test_attendance_is_written_only_by_those_who_hold_the_session(client, world, convocation, short, verb):
    answer = sign_in(client, world, short).post(reverse(f"reception:{verb}", args=[convocation.pk]), {"reason": "ill"})
    expected = {"auditor": 302, "manager": 302, "cip": 302, "auditor_elsewhere": 404, "cip_elsewhere": 404}
    assert answer.status_code == expected.get(short, 403)


@pytest.mark.parametrize("short", EVERYBODY)
def test_an_interview_exists_only_for_those_who_hold_or_follow_the_session(client, world, convocation, short):
    interview = interviews.start_interview(world.cip, convocation.pk)
    visitor = sign_in(client, world, short)
    expected = {"auditor": 200, "manager": 200, "cip": 200, "auditor_elsewhere": 404, "cip_elsewhere": 404}.get(
        short, 403
    )
    assert visitor.get(reverse("reception:interview", args=[interview.pk])).status_code == expected
    saved = visitor.post(reverse("reception:interview-autosave", args=[interview.pk]), {"version": 1})
    assert saved.status_code == expected
    assert Interview.objects.get().version == (2 if expected == 200 else 1)


@pytest.mark.parametrize(
    "name",
    "session session-table sheet session-edit walk-in slot withdraw interview appointment-reschedule "
    "appointment-cancel appointment-again".split(),
)
def test_a_forged_address_leads_nowhere(client, world, name):
    page = sign_in(client, world, "cip").get(reverse(f"reception:{name}", args=[uuid.uuid4()]))
    assert page.status_code == 404


@pytest.mark.parametrize(
    "name",
    "session-close session-reopen session-cancel collective arrival absence undo interview-open interview-autosave "
    "appointment-result appointment-cancel appointment-again withdraw".split(),
)
def test_a_forged_action_leads_nowhere(client, world, name):
    data = {"reason": "ill", "minutes": "10", "result": "attended"}
    answer = sign_in(client, world, "cip").post(reverse(f"reception:{name}", args=[uuid.uuid4()]), data)
    assert answer.status_code == 404


def test_a_forged_person_is_not_received(client, world, session):
    stranger = world.person(actor=world.auditor_elsewhere, direction="strasbourg")
    visitor = sign_in(client, world, "auditor")
    for forged in (stranger.pk, uuid.uuid4(), "x"):
        answer = visitor.post(reverse("reception:walk-in", args=[session.pk]), {"person": forged})
        assert answer.status_code == 404
    assert not Convocation.objects.exists()


def test_nothing_is_written_by_reading(client, world, session, convocation):
    interview = interviews.start_interview(world.cip, convocation.pk)
    visitor = sign_in(client, world, "cip")
    for name, subject in (("arrival", convocation), ("session-close", session), ("interview-autosave", interview)):
        assert visitor.get(reverse(f"reception:{name}", args=[subject.pk])).status_code == 405


def test_a_week_that_means_nothing_shows_this_week(client, world, session):
    page = sign_in(client, world, "cip").get(reverse("reception:sessions"), {"semaine": "2026-W99"})
    assert page.status_code == 200
    assert "2026-W99" in page.content.decode()
    assert "Salle Moselle" in page.content.decode()


def test_the_other_weeks_are_one_click_away(client, world, session):
    visitor = sign_in(client, world, "cip")
    page = visitor.get(reverse("reception:sessions"), {"semaine": "2026-W10"}).content.decode()
    assert "Salle Moselle" not in page
    assert "?semaine=2026-W09" in page
    assert "?semaine=2026-W11" in page


def test_a_session_is_planned_changed_and_cancelled(client, world):
    visitor = sign_in(client, world, "auditor")
    data = {
        "organisation": world.dt_metz.pk,
        "operator": world.operator.pk,
        "held_on": "2026-03-12",
        "half_day": "pm",
        "starts_at": "14:00",
        "place": "Annexe",
        "capacity": 12,
        "desks": 2,
        "languages": ["prs", "ara"],
        "partners": "France Travail\nMission locale",
    }
    assert visitor.post(reverse("reception:plan"), data | {"starts_at": "09:00"}).status_code == 400
    assert visitor.post(reverse("reception:plan"), data).status_code == 302
    planned = Session.objects.get()
    assert (planned.during.lower, planned.partners) == (
        clock.paris(dt.date(2026, 3, 12), 14),
        ["France Travail", "Mission locale"],
    )
    again = visitor.post(reverse("reception:plan"), data)
    assert again.status_code == 400
    assert "existe déjà" in again.content.decode()
    changed = {"place": "Siège", "capacity": 10, "desks": 3, "languages": ["prs"], "partners": ""}
    edit = reverse("reception:session-edit", args=[planned.pk])
    assert visitor.post(edit, changed | {"desks": 1}).status_code == 400
    assert visitor.post(edit, changed).status_code == 302
    planned.refresh_from_db()
    assert (planned.place, planned.capacity, planned.desks.count(), planned.partners) == ("Siège", 10, 3, [])
    visitor.post(reverse("reception:session-cancel", args=[planned.pk]), {"reason": "panne"})
    planned.refresh_from_db()
    assert planned.status == "cancelled"


def test_a_cip_is_offered_only_their_own_organisation_as_operator(client, world):
    form = sign_in(client, world, "cip").get(reverse("reception:plan")).context["form"]
    assert list(form.fields["operator"].queryset) == [world.operator]
    assert list(form.fields["organisation"].queryset) == [world.dt_metz]


def test_a_whole_half_day_without_javascript(client, world, session):
    first, second = world.convoked(session, 2)
    visitor = sign_in(client, world, "cip")

    def post(name, subject, **data):
        return visitor.post(reverse(f"reception:{name}", args=[subject.pk]), data, follow=True)

    page = post("collective", session, minutes=16, messages=["update_rights"], tools=["ft_site"])
    assert "16 minutes" in page.content.decode()
    assert "Présente" in post("arrival", first).content.decode()
    post("absence", second, reason="transport", note="car en panne")
    page = post("walk-in", session, family_name="Nazari", given_names="Omid", birth_date="1990-05-17", sex="H")
    assert "Sans convocation" in page.content.decode()
    assert "non terminé" in post("session-close", session).content.decode()

    page = post("interview-open", first)
    interview = page.context["interview"]
    answers = {"situation": "none", "ft": "non", "rsa": "non", "agir": "non", "told_rights": "on"}
    page = post("interview", interview, version=1, action="enregistrer", **answers)
    assert "Inscrire maintenant" in page.content.decode()
    page = post("interview", interview, version=2, action="terminer", **answers)
    assert "dites pourquoi" in page.content.decode()
    appointment = {
        "appointment_with": world.agency.pk,
        "appointment_date": "2026-03-17",
        "appointment_time": "10:00",
        "accompaniment": "on",
    }
    registered = {"consent": "on", "registered": "on", "declared_phone": "06 12 34 56 78", "occupation": "Soudeuse"}
    page = post("interview", interview, version=2, action="terminer", **answers, **registered, **appointment)
    walk_in = Convocation.objects.get(walk_in=True)
    assert f"suivante={walk_in.pk}#c-{walk_in.pk}" in page.redirect_chain[-1][0]
    assert "Suivante" in page.content.decode()
    assert Registration.objects.get().declared == {"phone": "+33612345678", "occupation": "Soudeuse"}
    assert FirstAppointment.objects.get().accompaniment_agreed is True

    page = post("interview-open", walk_in)
    other = page.context["interview"]
    post("interview", other, version=1, action="terminer", situation="cdi")
    page = post("session-close", session)
    assert "Séance clôturée" in page.content.decode()
    assert "Arrivée" not in page.content.decode().split("<table")[1].split("<tbody")[1]
    assert "Séance rouverte" in post("session-reopen", session).content.decode()


def test_a_click_answers_with_the_line_and_the_counters_alone(client, world, convocation):
    visitor = sign_in(client, world, "cip")
    answer = visitor.post(
        reverse("reception:arrival", args=[convocation.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert answer.lstrip().startswith(f'<tr role="row" id="c-{convocation.pk}"')
    assert 'id="compteurs" hx-swap-oob="true"' in answer
    assert "<html" not in answer


def test_a_click_that_is_refused_says_why_without_leaving_the_page(client, world, convocation):
    interviews.start_interview(world.cip, convocation.pk)
    answer = sign_in(client, world, "cip").post(
        reverse("reception:absence", args=[convocation.pk]), {"reason": "ill"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "ne peut pas être notée absente" in answer.content.decode()


def test_the_second_desk_sees_what_the_first_did_and_nothing_when_nothing_changed(client, world, session, convocation):
    visitor = sign_in(client, world, "cip")
    state = visitor.get(reverse("reception:session", args=[session.pk])).context["day"].fingerprint
    table = reverse("reception:session-table", args=[session.pk])
    reads = Access.objects.filter(actor_id=world.cip.agent_id, action="read")
    assert visitor.get(table, {"etat": state}).status_code == 204
    assert reads.count() == 1
    attendance.record_arrival(world.cip_two, convocation.pk)
    answer = visitor.get(table, {"etat": state})
    assert answer.status_code == 200
    assert "Présente" in answer.content.decode()
    assert reads.count() == 2


def test_a_desk_sees_its_own_persons(client, world, session):
    first, second = world.convoked(session, 2)
    page = sign_in(client, world, "cip").get(
        reverse("reception:session", args=[session.pk]), {"bureau": str(second.desk_id)}
    )
    assert [line.pk for line in page.context["lines"]] == [second.pk]
    assert page.context["following"] == str(second.pk)
    assert page.context["day"].counters.convoked == 2
    assert first.desk_id != second.desk_id


def test_the_checks_are_shown_with_their_source_and_date(client, world, session):
    (first,) = world.convoked(session, identifiers={"agdref": NUMBER})
    (second,) = world.convoked(session, **namesake())
    load(world.auditor, row_of(first.person, foreigner_number=NUMBER), doubtful(second.person))
    load(world.auditor, register="rsa")
    visitor = sign_in(client, world, "cip")
    visitor.post(reverse("linkage:recheck"), {"person": [first.person_id, second.person_id]})
    page = visitor.get(reverse("reception:session", args=[session.pk]))
    labels = [[badge.label for badge in line.checks] for line in page.context["day"].lines]
    assert labels == [["Connu", "Non trouvé", "Pas de liste"], ["À vérifier", "Non trouvé", "Pas de liste"]]
    assert "Liste France Travail (ft.xlsx), 01/03/2026" in page.content.decode()


def test_a_slot_is_changed_among_those_that_are_free(client, world, session):
    first, second = world.convoked(session, 2)
    visitor = sign_in(client, world, "cip")
    address = reverse("reception:slot", args=[first.pk])
    choices = dict(visitor.get(address).context["form"].fields["slot"].choices)
    taken = f"{second.desk_id}@{second.slot.lower.isoformat()}"
    assert taken not in choices
    assert visitor.post(address, {"slot": taken}).status_code == 400
    free = next(key for key, label in choices.items() if label == "10 h 00, Bureau 2")
    assert visitor.post(address, {"slot": free}).status_code == 302
    first.refresh_from_db()
    assert first.slot.lower == clock.paris(world.day, 10)


def test_a_person_already_known_is_found_before_anything_is_typed(client, world, session):
    known = world.person(family_name="Étienne-Diallo", given_names="Aïssata")
    visitor = sign_in(client, world, "auditor")
    page = visitor.get(reverse("reception:walk-in", args=[session.pk]), {"q": "etienne diallo"})
    assert [found.pk for found in page.context["found"]] == [known.pk]
    visitor.post(reverse("reception:walk-in", args=[session.pk]), {"person": known.pk})
    assert Convocation.objects.get().person == known
    assert Person.objects.count() == 1


def test_the_short_record_refuses_what_cannot_be(client, world, session):
    answer = sign_in(client, world, "cip").post(
        reverse("reception:walk-in", args=[session.pk]),
        {
            "family_name": "Nazari",
            "given_names": "Omid",
            "birth_date": "2031-01-01",
            "sex": "H",
            "foreigner_number": "123",
        },
    )
    assert answer.status_code == 400
    assert "Date de naissance impossible" in answer.content.decode()
    assert "3 chiffres au lieu de 10" in answer.content.decode()
    assert not Person.objects.exists()


def test_every_page_that_names_persons_is_noted(client, world, session, convocation):
    visitor = sign_in(client, world, "cip")
    interview = interviews.start_interview(world.cip, convocation.pk)
    pages = [
        reverse("reception:session", args=[session.pk]),
        reverse("reception:sheet", args=[session.pk]),
        reverse("reception:slot", args=[convocation.pk]),
        reverse("reception:interview", args=[interview.pk]),
    ]
    for page in pages:
        before = Access.objects.filter(people__contains=[convocation.person_id]).count()
        visitor.get(page)
        assert Access.objects.filter(people__contains=[convocation.person_id]).count() == before + 1


@pytest.mark.parametrize("screen", ["session", "sheet"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_persons(client, world, session, screen):
    visitor = sign_in(client, world, "cip")
    address = reverse(f"reception:{screen}", args=[session.pk])
    _busy(world, session, 2)
    count = _queries(visitor, address)
    _busy(world, session, 10)
    assert _queries(visitor, address) == count <= 15


def _busy(world, session, count):
    for convocation in world.convoked(session, count):
        attendance.record_arrival(world.cip, convocation.pk)
        interviews.start_interview(world.cip_two, convocation.pk)


def _queries(visitor, address):
    visitor.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address).status_code == 200
    return len(captured)
