"""The journal gives a frozen return again, byte for byte, whatever was entered since."""

from __future__ import annotations

import datetime as dt

from passerelles.core import clock
from passerelles.network.models import Organisation
from passerelles.people.services import correct_person
from passerelles.reception.services import appointments, interviews
from passerelles.reports import queries, services
from passerelles.reports.models import Return
from tests.reports.conftest import METZ
from tests.reports.histories import DAY, NOT_KNOWN, REGISTERED, interviewed, session_on


def change_everything(world):
    """Late corrections: a birth date, a sex, an interview, a new interview, the result of an appointment."""
    registered = world.interviews[-1]
    correct_person(world.auditor, registered.person_id, birth_date=dt.date(1966, 2, 1), sex="H")
    already = world.interviews[-5]
    already.refresh_from_db()
    interviews.finish_interview(world.cip, already.pk, version=already.version, values={"situation": "cdd"} | NOT_KNOWN)
    interviewed(world, session_on(world, dt.date(2026, 1, 30)), REGISTERED)
    appointment = appointments.fix_appointment(
        world.cip,
        person=registered.person,
        organisation=world.agency,
        session=registered.convocation.session,
        fixed_for=clock.paris(dt.date(2026, 1, 30), 10),
    )
    appointments.record_result(world.cip, appointment.pk, result="attended", accompanied=True)


def test_late_corrections_do_not_change_what_was_frozen(january, sent):
    before = bytes(sent.content)
    change_everything(january)
    found = Return.objects.get(pk=sent.pk)
    assert bytes(found.content) == before
    assert queries.recompute(found) == before
    changed = {(each.name, each.frozen, each.live) for each in queries.compare(found)}
    assert ("Accompagnements au premier entretien France Travail effectivement réalisés", 0, 1) in changed
    second = services.draft_return(january.cip, *METZ)
    assert bytes(second.content) != before
    assert queries.compare(second) == ()
    assert queries.recompute(second) == bytes(second.content)


def test_the_name_of_the_operator_is_frozen_too(january, sent):
    Organisation.objects.filter(pk=january.operator.pk).update(name="Autre nom")
    assert queries.recompute(Return.objects.get(pk=sent.pk)) == bytes(sent.content)


def test_nothing_differs_while_nothing_changes(drafted):
    assert queries.compare(drafted) == ()


def test_a_return_drafted_earlier_is_what_was_known_then(january):
    with clock.frozen(clock.paris(dt.date(2026, 2, 2), 9)):
        early = services.draft_return(january.cip, *METZ)
    with clock.frozen(clock.paris(dt.date(2026, 2, 5), 9)):
        interviewed(january, session_on(january, dt.date(2026, 1, 30)), REGISTERED)
    late = services.draft_return(january.cip, *METZ)
    for found in (early, late):
        assert queries.recompute(found) == bytes(found.content)
    m1 = [sum(queries.content.values_of(bytes(r.content))["M1_personnes_accompagnees"].values()) for r in (early, late)]
    assert m1 == [8, 9]
    assert early.known_at.date() > DAY
