"""The transition table drawn for the documentation: `docs/referral-states.md` is this text. Pure."""

from __future__ import annotations

from itertools import groupby

from passerelles.referrals.rules import clocks
from passerelles.referrals.rules.transitions import TABLE, Edge, owner_side
from passerelles.referrals.rules.words import OPEN, Party, Stage, State

_HEAD = """# States of a referral

Written by `passerelles clocks draw` from `passerelles/referrals/rules/transitions.py` and `clocks.py`; a test keeps it.

A referral goes from an organisation to a service of another. It is closed when the person has met somebody, not when a
message left. An open case has one owner, and one next date or one alert.
"""


def page() -> str:
    """The whole page, in Markdown with one Mermaid diagram."""
    return "\n".join([_HEAD, _diagram(), _states(), _events()])


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for (source, target), edges in groupby(sorted(_moves(), key=_way), key=_way):
        events = dict.fromkeys(edge.event.value for edge in edges)
        lines.append(f"    {source} --> {target}: {', '.join(events)}")
    lines += [f"    {state.value} --> [*]" for state in State if state not in OPEN]
    return "\n".join([*lines, "```", ""])


def _moves() -> list[Edge]:
    return [edge for edge in TABLE if edge.source is not edge.target]


def _way(edge: Edge) -> tuple[str, str]:
    return edge.source.value, edge.target.value


def _states() -> str:
    lines = [
        "## States",
        "",
        "| State | On screen | Held by | Days before the reminder | End of the ladder |",
        "|---|---|---|---|---|",
    ]
    for state in State:
        side = owner_side(state)
        held = side.value if side else "nobody: closed"
        delay = f"`{clocks.DELAYS[state]}`" if state in OPEN else ""
        last = f"`{clocks.rung(state, Stage.ESCALATED).value}`" if state in OPEN else ""
        lines.append(f"| `{state.value}` | {state.label} | {held} | {delay} | {last} |")
    lines += [
        "",
        f"Then `{clocks.REMINDER}` before the manager and the référent, and `{clocks.ESCALATION}` before the end of "
        "the ladder, all in working days of the owner’s department. A parameter may have a value of its own for a kind "
        "of organisation (`referral_answer_days_operator`) and for a territory.",
        "",
    ]
    return "\n".join(lines)


def _events() -> str:
    lines = ["## Transitions", "", "| From | Who | Event | To | Required |", "|---|---|---|---|---|"]
    for edge in TABLE:
        target = edge.target.value if edge.target is not edge.source else "="
        needs = ", ".join(sorted(need.value for need in edge.needs))
        who = edge.party.value if edge.party is not Party.SYSTEM else "clock"
        lines.append(f"| `{edge.source.value}` | {who} | `{edge.event.value}` | `{target}` | {needs} |")
    return "\n".join([*lines, ""])
