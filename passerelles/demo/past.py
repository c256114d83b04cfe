"""The years before the experiment: fictitious signatories who give the lists and the searches their volume."""

from __future__ import annotations

import datetime as dt

from passerelles.demo.people import SEED
from passerelles.synthetic.chunks import Order
from passerelles.synthetic.population import Size
from passerelles.synthetic.services.store import to_database

LAST_KNOWN = dt.date(2025, 12, 7)
"""The eve of the experiment: its months and its lists owe nothing to these people."""
ORDER = Order(SEED, Size.DEMO, 2019, 2025, horizon=LAST_KNOWN)


def store() -> None:
    """The partnership of the DT Metz and its past, in the caller's transaction. Called once, in an empty base."""
    to_database(ORDER)
