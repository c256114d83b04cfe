"""The impact benchmark of the demonstration: declared the day before the first signatures that count, measured last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from passerelles.core import clock
from passerelles.demo.partnership import BEGINS, ENDS, Partnership
from passerelles.indicators.services import declare_benchmark

FIRST_SIGNATURE = BEGINS + dt.timedelta(days=1)
LAST_SIGNATURE = dt.date(2026, 5, 31)


def calendar(partnership: Partnership) -> Iterator[tuple[dt.datetime, Callable[[], object]]]:
    """One event: the declaration by the manager of the DT, with the share observed in Bourgogne-Franche-Comté."""
    manager = partnership.actors["responsable"]
    yield (
        clock.paris(BEGINS, 15),
        lambda: declare_benchmark(
            manager,
            name="Inscription sur la plateforme d’accueil de Metz",
            territory="dt:metz",
            help_="cip",
            outcome="emploi",
            days=182,
            baseline=Decimal("0.33"),
            target=Decimal("0.43"),
            starts_on=FIRST_SIGNATURE,
            ends_on=LAST_SIGNATURE,
            measured_on=ENDS,
        ),
    )
