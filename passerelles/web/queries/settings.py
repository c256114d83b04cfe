"""Dated parameters as a screen lists them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from passerelles.network.policy import Actor
from passerelles.parameters.rules import in_french, unit_shown
from passerelles.reference import parameters, territories
from passerelles.reference.parameters import State, Status

KIND = {
    Status.CONFIGURED: "success",
    Status.NOT_CONFIGURED: "warning",
    Status.NOT_YET_IN_FORCE: "info",
    Status.ENDED: "new",
}


@dataclass(frozen=True)
class SettingLine:
    """One parameter on a date in a territory. `value` is empty unless configured."""

    key: str
    label: str
    unit: str
    value: str
    territory: str
    since: dt.date | None
    reference: str
    confidence: str
    note: str
    status: str
    kind: str
    configured: bool
    is_override: bool


def territories_of(actor: Actor) -> list[tuple[str, str]]:
    """(territory, label) among which the actor may choose: own directorates, own departments, the nation."""
    directions = [(f"dt:{slug}", territories.direction(slug).label_fr) for slug in sorted(actor.directions)]
    departments = [(f"department:{code}", territories.department(code).name) for code in sorted(actor.departments)]
    return [*directions, *departments, ("national", "National")]


def settings_of(territory: str, on: dt.date) -> list[SettingLine]:
    """Every parameter of the register, in its order."""
    return [_line(state) for state in parameters.settings_on(on, territory)]


def _line(state: State) -> SettingLine:
    setting, entry = state.setting, state.entry
    return SettingLine(
        key=state.parameter.key,
        label=state.parameter.label,
        unit=unit_shown(state.parameter),
        value=in_french(setting.value, state.parameter.choices) if setting else "",
        territory=entry.territory.label_fr if entry else "",
        since=entry.valid_from if entry else None,
        reference=entry.reference if entry else "",
        confidence=entry.confidence if entry else "",
        note=entry.note if entry else "",
        status=state.status.label_fr,
        kind=KIND[state.status],
        configured=setting is not None,
        is_override=setting is not None and setting.is_override,
    )
