"""The one table of a referral's life: state × who speaks × event → state, and what must be said. Pure.

Screens, messages, links, files and the API ask this table; `docs/referral-states.md` is drawn from it. A-050, A-054,
B-045, C-020, C-036, C-054, D-035. A late answer is never lost: a receiver that was given up may still answer as long
as the person has not been sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from passerelles.core.errors import Impossible
from passerelles.core.text import in_sentence
from passerelles.referrals.rules.words import CLOSED, OPEN, UNSENT, Event, Party, State, Word


class Need(Word):
    """What must be said with an event."""

    BASIS = "basis", "le fondement de la transmission"
    REASON = "reason", "un motif"
    DATE = "date", "une date à venir"
    PAST = "past", "une date passée"
    OUTCOME = "outcome", "une issue"
    TARGET = "target", "un autre organisme"


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of the table. `keeps_clock`: the date by which an answer is due does not move."""

    source: State
    event: Event
    party: Party
    target: State
    needs: frozenset[Need] = frozenset()
    keeps_clock: bool = False


S, E, P, N = State, Event, Party, Need
UNANSWERED = (S.SENT, S.RECEIVED, S.UNDER_STUDY)
WAITING = (*UNANSWERED, S.ACCEPTED, S.RESCHEDULED, S.MISSED)
"""The next word is the receiver's."""
GIVEN_BACK = (S.DECLINED, S.TAKEN_OVER)
"""The next word is the sender's: the person is to be offered another place."""
BEFORE_MEETING = (*WAITING, S.APPOINTMENT_FIXED)
WITNESSES = (P.RECEIVER, P.PERSON, P.ACCOMPANIER)
OPEN_IN_ORDER = tuple(state for state in State if state in OPEN)


def _edges(
    event: Event,
    parties: Iterable[Party],
    sources: Iterable[State],
    target: State | None,
    *needs: Need,
    keeps_clock: bool = False,
) -> list[Edge]:
    """`target=None`: the state stays."""
    return [
        Edge(source, event, party, target or source, frozenset(needs), keeps_clock)
        for source in sources
        for party in parties
    ]


TABLE: tuple[Edge, ...] = tuple(
    _edges(E.PROPOSE, [P.SENDER], [S.DRAFT], S.PROPOSED, N.BASIS)
    + _edges(E.SEND, [P.SENDER], [S.DRAFT], S.SENT, N.BASIS)
    + _edges(E.VALIDATE, [P.VALIDATOR], [S.PROPOSED], S.SENT)
    + _edges(E.REJECT, [P.VALIDATOR], [S.PROPOSED], S.WITHDRAWN, N.REASON)
    # The receiver answers.
    + _edges(E.RECEIVE, [P.RECEIVER], [S.SENT], S.RECEIVED, keeps_clock=True)
    + _edges(E.STUDY, [P.RECEIVER], [S.SENT, S.RECEIVED], S.UNDER_STUDY)
    + _edges(E.ACCEPT, [P.RECEIVER], [*UNANSWERED, *GIVEN_BACK], S.ACCEPTED)
    + _edges(E.DECLINE, [P.RECEIVER], [*WAITING, S.TAKEN_OVER], S.DECLINED, N.REASON)
    + _edges(E.FIX, [P.RECEIVER], [*WAITING, *GIVEN_BACK], S.APPOINTMENT_FIXED, N.DATE)
    # The referrer books a place that the receiver has published.
    + _edges(E.FIX, [P.SENDER], [*UNANSWERED, S.ACCEPTED, S.RESCHEDULED, S.MISSED], S.APPOINTMENT_FIXED, N.DATE)
    + _edges(E.RESCHEDULE, [P.RECEIVER], [S.APPOINTMENT_FIXED], S.APPOINTMENT_FIXED, N.DATE)
    + _edges(E.POSTPONE, [P.RECEIVER, P.PERSON], [S.APPOINTMENT_FIXED], S.RESCHEDULED, N.REASON)
    + _edges(E.CONFIRM, [P.PERSON], [S.APPOINTMENT_FIXED], None, keeps_clock=True)
    # Did they meet? The receiver's word moves the state; a word that contradicts it stays beside, for review.
    + _edges(E.ATTEND, WITNESSES, [S.APPOINTMENT_FIXED], S.ATTENDED, N.PAST)
    + _edges(E.ATTEND, [P.RECEIVER], [*WAITING, *GIVEN_BACK], S.ATTENDED, N.PAST)
    + _edges(E.ATTEND, [P.PERSON, P.ACCOMPANIER], [S.MISSED], None, N.PAST, keeps_clock=True)
    + _edges(E.ATTEND, WITNESSES, [S.ATTENDED, S.STARTED, S.ENDED], None, N.PAST, keeps_clock=True)
    + _edges(E.MISS, WITNESSES, [S.APPOINTMENT_FIXED], S.MISSED, N.REASON)
    + _edges(E.MISS, [P.RECEIVER], [S.ATTENDED], S.MISSED, N.REASON)
    + _edges(E.MISS, [P.PERSON, P.ACCOMPANIER], [S.ATTENDED], None, N.REASON, keeps_clock=True)
    + _edges(E.MISS, WITNESSES, [S.MISSED, S.STARTED, S.ENDED], None, N.REASON, keeps_clock=True)
    + _edges(E.SETTLE_ATTENDED, [P.SENDER], [S.MISSED], S.ATTENDED)
    + _edges(E.SETTLE_ATTENDED, [P.SENDER], [S.ATTENDED, S.STARTED, S.ENDED], None, keeps_clock=True)
    + _edges(E.SETTLE_MISSED, [P.SENDER], [S.ATTENDED], S.MISSED)
    + _edges(E.SETTLE_MISSED, [P.SENDER], [S.MISSED, S.STARTED, S.ENDED], None, keeps_clock=True)
    + _edges(E.START, [P.RECEIVER], [S.ATTENDED], S.STARTED)
    + _edges(E.REVIEW, [P.RECEIVER], [S.STARTED], None)
    + _edges(E.END, [P.RECEIVER], [S.ATTENDED, S.STARTED], S.ENDED, N.OUTCOME)
    # The sender keeps its hand on the person.
    + _edges(E.REDIRECT, [P.SENDER], [*GIVEN_BACK, *BEFORE_MEETING], S.REDIRECTED, N.TARGET)
    + _edges(E.TAKE_OVER, [P.SENDER], BEFORE_MEETING, S.TAKEN_OVER, N.REASON)
    + _edges(E.HOLD, [P.SENDER], GIVEN_BACK, None, N.DATE)
    + _edges(E.WITHDRAW, [P.SENDER], [S.DRAFT, S.PROPOSED, *BEFORE_MEETING, *GIVEN_BACK], S.WITHDRAWN, N.REASON)
    + _edges(E.WITHDRAW, [P.PERSON], [S.PROPOSED, *BEFORE_MEETING, *GIVEN_BACK], S.WITHDRAWN, N.REASON)
    # Silence.
    + _edges(E.REMIND, [P.SYSTEM], OPEN_IN_ORDER, None)
    + _edges(E.ESCALATE, [P.SYSTEM], OPEN_IN_ORDER, None)
    + _edges(E.TAKE_OVER, [P.SYSTEM], BEFORE_MEETING, S.TAKEN_OVER)
    + _edges(E.RAISE_ALERT, [P.SYSTEM], [S.DRAFT, S.PROPOSED, *GIVEN_BACK], None)
    + _edges(E.LAPSE, [P.SYSTEM], [S.ATTENDED, S.STARTED], S.ENDED)
)

_BY_KEY: dict[tuple[State, Event, Party], Edge] = {(e.source, e.event, e.party): e for e in TABLE}
if len(_BY_KEY) != len(TABLE):
    raise AssertionError("two lines of the table say different things of the same event")


def edge(state: State, event: Event, party: Party) -> Edge | None:
    """The line of the table, None when this party may not do this from this state."""
    return _BY_KEY.get((State(state), Event(event), Party(party)))


def events_open_to(state: State, party: Party) -> tuple[Event, ...]:
    """What `party` may do now, in the order of the list of events: the buttons of a screen."""
    return tuple(event for event in Event if (State(state), event, Party(party)) in _BY_KEY)


def require(state: State, event: Event, party: Party) -> Edge:
    """The line of the table, or a sentence that says why not and what remains possible. Raises Impossible."""
    found = edge(state, event, party)
    if found is not None:
        return found
    state, event, party = State(state), Event(event), Party(party)
    if state in CLOSED:
        why = f"Cette orientation est close ({in_sentence(state.label)})"
    elif state in UNSENT and party not in {P.SENDER, P.VALIDATOR}:
        why = "Cette orientation n’a pas encore été envoyée"
    else:
        why = f"Cette orientation est dans l’état « {state.label} »"
    possible = [each.label for each in events_open_to(state, party)]
    raise Impossible(
        f"{why} : {party.label} ne peut pas {event.label}.",
        remedy=f"Il est possible de : {', '.join(possible)}." if possible else "",
    )


def owner_side(state: State) -> Party | None:
    """Who holds the case: the receiver, the sender, the validator; None once closed."""
    state = State(state)
    if state in CLOSED:
        return None
    if state is S.PROPOSED:
        return P.VALIDATOR
    return P.SENDER if state in {S.DRAFT, *GIVEN_BACK} else P.RECEIVER
