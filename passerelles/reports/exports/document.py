"""What every export says: official figures, internal lines when the reader may see them, definitions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from passerelles.core import clock
from passerelles.core.periods import Month
from passerelles.core.text import in_sentence
from passerelles.indicators.engine.activity import Activity, Cost, Delays
from passerelles.indicators.engine.definitions import DefinitionSet, definition_set
from passerelles.indicators.monthly import Monthly
from passerelles.reference import territories
from passerelles.reports import content, tables
from passerelles.reports.models import Return
from passerelles.reports.tables import Table, Total


@dataclass(frozen=True)
class Document:
    """One return, stored or live, ready to be written. `internal` is empty for those who read official figures only."""

    title: str
    direction_name: str
    operator: str
    month: Month
    state: str
    known_at: dt.datetime
    content: bytes
    definitions: DefinitionSet
    tables: tuple[Table, ...]
    internal: tuple[Total, ...] = ()
    breakdown: tuple[Total, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    comment: str = ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The lines under the title."""
        known = self.known_at.astimezone(clock.PARIS)
        return (
            ("Période", self.month.label_fr),
            ("Direction territoriale", f"OFII {self.direction_name}"),
            ("Opérateur", self.operator or "non renseigné"),
            ("État", self.state),
            ("Chiffres connus au", f"{known:%d/%m/%Y à %H h %M}"),
            ("Définitions", f"{self.definitions.code}, version {self.definitions.version}"),
        )


def of_return(found: Return, past: Monthly | None) -> Document:
    """A stored version: the official figures are those frozen, never computed again."""
    frozen = bytes(found.content)
    definitions = definition_set(found.definition)
    return Document(
        title="Remontée mensuelle de l’expérimentation",
        direction_name=territories.direction(found.direction).name,
        operator=found.operator_name,
        month=Month.parse(found.period),
        state=f"version {found.version}, {in_sentence(found.get_status_display())}",
        known_at=found.known_at,
        content=frozen,
        definitions=definitions,
        tables=tables.official(definitions, content.values_of(frozen)),
        comment=found.comment,
        **(_inside(past) if past else {}),
    )


def of_live(figures: Monthly, operator: str, known_at: dt.datetime, *, inside: bool) -> Document:
    """Figures of a month that nobody has frozen."""
    history = figures.history
    frozen = content.canonical(content.heading(history.direction, history.month, operator), figures.official)
    return Document(
        title="Remontée mensuelle de l’expérimentation, chiffres non figés",
        direction_name=territories.direction(history.direction).name,
        operator=operator,
        month=history.month,
        state="non figée",
        known_at=known_at,
        content=frozen,
        definitions=figures.definitions,
        tables=tables.official(figures.definitions, content.values_of(frozen)),
        **(_inside(figures) if inside else {}),
    )


def _inside(figures: Monthly) -> dict:
    return {
        "internal": tables.totals((*figures.parts, *figures.internal)),
        "breakdown": tables.totals(figures.breakdown),
        "measures": measures(figures.activity, figures.delays, figures.cost),
    }


def measures(activity: Activity, delays: Delays, cost: Cost | None) -> tuple[tuple[str, str], ...]:
    """M7 and M8 in words (F-008, F-010). A ratio that cannot be computed says so."""
    lines = [
        ("Séances tenues", str(activity.sessions_held)),
        ("Personnes convoquées aux séances tenues", str(activity.convoked)),
        ("Personnes présentes", str(activity.present)),
        ("dont venues sans convocation", str(activity.walk_ins)),
        ("Taux de présence des personnes convoquées", percent(activity.attendance_rate)),
        ("Durée totale des présentations collectives (minutes)", str(activity.collective_minutes)),
        ("Durée moyenne d’une présentation collective (minutes)", decimal(activity.mean_collective_minutes)),
        ("Délai moyen entre inscription et premier rendez-vous honoré (jours)", decimal(delays.mean_days)),
        ("Délai médian entre inscription et premier rendez-vous honoré (jours)", decimal(delays.median_days)),
        ("Personnes perdues de vue, parmi les premiers rendez-vous du mois", percent(delays.lost_rate)),
        ("Personnes reçues inscrites le jour même", percent(delays.same_day_rate)),
    ]
    if cost is not None:
        lines.append(
            (
                f"Plafond de la convention ({cost.ceiling_euros} euros) par inscription depuis le "
                f"{cost.since:%d/%m/%Y}, en euros",
                decimal(cost.per_registration),
            )
        )
    return tuple(lines)


def decimal(value: float | None) -> str:
    """One figure after the comma; in words when there is nothing to compute."""
    return "non calculable" if value is None else f"{value:.1f}".replace(".", ",")


def percent(value: float | None) -> str:
    return "non calculable" if value is None else f"{decimal(100 * value)} %"
