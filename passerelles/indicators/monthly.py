"""The figures of one direction and one month, put together: official, internal, activity, cost, delays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from passerelles.core.periods import Month
from passerelles.indicators import queries
from passerelles.indicators.engine.activity import Activity, Cost, Delays, activity, delays
from passerelles.indicators.engine.definitions import DefinitionSet, definition_set, latest
from passerelles.indicators.engine.events import History
from passerelles.indicators.engine.figures import Figure, figure
from passerelles.indicators.queries import NOW, Known
from passerelles.reference import parameters

M1_PARAMETER = "metz_m1_definition"
COST_PARAMETER = "metz_cost_max"


@dataclass(frozen=True)
class Monthly:
    """What `definitions` count over `history`. Each figure is computed when first asked."""

    history: History
    definitions: DefinitionSet
    cost: Cost | None = None

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure by code."""
        return {definition.code: figure(definition, self.history) for definition in self.definitions.all}

    @cached_property
    def official(self) -> tuple[Figure, ...]:
        """M1 to M4, in their order."""
        return tuple(figure(definition, self.history) for definition in self.definitions.official)

    @property
    def parts(self) -> tuple[Figure, ...]:
        return tuple(self.figures[definition.code] for definition in self.definitions.parts)

    @property
    def internal(self) -> tuple[Figure, ...]:
        return tuple(self.figures[definition.code] for definition in self.definitions.internal)

    @property
    def breakdown(self) -> tuple[Figure, ...]:
        return tuple(self.figures[definition.code] for definition in self.definitions.breakdown)

    @cached_property
    def activity(self) -> Activity:
        return activity(self.history)

    @cached_property
    def delays(self) -> Delays:
        return delays(self.history)


def definitions_for(direction: str, month: Month) -> DefinitionSet:
    """The newest definitions, with M1 as the parameter says at the end of the month (L-022).

    Raises NotConfigured or BeforeFirstDate where the experiment does not run.
    """
    return latest(parameters.value(M1_PARAMETER, month.last, f"dt:{direction}").as_text())


def monthly(direction: str, month: Month, known: Known = NOW, *, definition: str = "", cost: bool = False) -> Monthly:
    """The figures as `known`. `definition`: the code a return remembers, else the one in force.

    Two queries; one more with `cost`, where a ceiling is configured.
    """
    definitions = definition_set(definition) if definition else definitions_for(direction, month)
    history = queries.history(direction, month, known)
    return Monthly(history, definitions, _cost(direction, month, known) if cost else None)


def _cost(direction: str, month: Month, known: Known) -> Cost | None:
    setting = parameters.state(COST_PARAMETER, month.last, f"dt:{direction}").setting
    if setting is None:
        return None
    made = queries.registrations_by_cip(direction, setting.valid_from, month.last, known)
    return Cost(setting.as_int(), setting.valid_from, made)
