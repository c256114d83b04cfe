"""The transition tables: every edge and no other, no dead end that is not final."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from passerelles.core.errors import Impossible
from passerelles.pathway import enums
from passerelles.pathway.models import FollowUp, Meeting, Recognition, Training
from passerelles.pathway.rules.flows import FLOWS, FOLLOW_UP, MEETING, RECOGNITION, TRAINING
from passerelles.pathway.services.states import advance

# Written by hand from C.3, C.4 and D.2: what may follow what.
EXPECTED = {
    "training": {
        ("prescribed", "start", "started"),
        ("prescribed", "drop", "dropped"),
        ("prescribed", "cancel", "cancelled"),
        ("started", "attend", "started"),
        ("started", "complete", "completed"),
        ("started", "drop", "dropped"),
        ("dropped", "resume", "started"),
    },
    "meeting": {
        ("fixed", "attend", "attended"),
        ("fixed", "miss", "missed"),
        ("fixed", "excuse", "excused"),
        ("fixed", "reschedule", "rescheduled"),
        ("fixed", "cancel", "cancelled"),
        ("missed", "reschedule", "rescheduled"),
        ("excused", "reschedule", "rescheduled"),
    },
    "recognition": {
        ("requested", "answer", "answered"),
        ("requested", "abandon", "abandoned"),
        ("answered", "answer", "answered"),
        ("abandoned", "resume", "requested"),
    },
    "follow_up": {
        ("open", "take", "open"),
        ("open", "postpone", "open"),
        ("open", "treat", "treated"),
        ("open", "resolve", "resolved"),
    },
}
TABLES = {
    TRAINING.name: (enums.TrainingStatus, Training),
    MEETING.name: (enums.MeetingStatus, Meeting),
    RECOGNITION.name: (enums.RecognitionStatus, Recognition),
    FOLLOW_UP.name: (enums.FollowUpStatus, FollowUp),
}
DAY = dt.date(2026, 3, 10)
by_name = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)


@by_name
def test_every_state_and_event_leads_where_the_requirement_says_or_nowhere(flow):
    expected = {(state, event): after for state, event, after in EXPECTED[flow.name]}
    for state, event in itertools.product(flow.states, flow.events):
        assert flow.after(state, event) == expected.get((state, event)), (state, event)


@by_name
def test_whatever_is_not_final_goes_on_and_every_state_is_reached(flow):
    reached, waiting = {flow.first}, [flow.first]
    while waiting:
        state = waiting.pop()
        for after in {flow.edges[state, event] for event in flow.events_from(state)} - reached:
            reached.add(after)
            waiting.append(after)
    assert reached == flow.states
    assert all(flow.events_from(state) for state in flow.states - flow.final)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_the_table_and_the_column_have_the_same_states(flow):
    statuses, model = TABLES[flow.name]
    assert set(statuses.values) == flow.states
    assert {code for code, _ in model._meta.get_field("status").choices} == flow.states


@by_name
def test_an_edge_that_is_not_in_the_table_is_refused_in_french(flow):
    model = TABLES[flow.name][1]
    for state, event in itertools.product(flow.states, flow.events):
        row = model(status=state, **_values(model))
        if flow.after(state, event) is None:
            with pytest.raises(Impossible, match="on ne peut pas"):
                advance(flow, row, event, "le faire")
            assert row.status == state
        else:
            advance(flow, row, event, "le faire")
            assert row.status == flow.after(state, event)


def _values(model):
    kind = {} if model is Recognition else {"kind": model._meta.get_field("kind").choices[0][0]}
    dates = {
        Training: {"prescribed_on": DAY},
        Meeting: {"fixed_for": dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)},
        FollowUp: {"due_on": DAY},
    }
    return kind | dates.get(model, {})
