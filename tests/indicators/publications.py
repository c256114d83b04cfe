"""A year of monthly publications on a synthetic region: months, totals since January, last month's included."""

from __future__ import annotations

import numpy as np

from passerelles.indicators.disclosure.systems import Dimension
from passerelles.indicators.disclosure.timeline import Window
from passerelles.synthetic.population import people, plan

BANDS = ["16-25", "26-45", "46-64", "65 et plus"]


def signatories(region: str, year: int = 2023) -> tuple[list[Dimension], np.ndarray]:
    """People of the region by month × department × sex × age band; the region is the total of its departments."""
    chunks = plan("region", [year], region=region)
    counts = np.zeros((12, len(chunks), 2, len(BANDS)), dtype=np.int64)
    for place, (department, signed_in, size) in enumerate(chunks):
        frame = people(department, signed_in, np.random.default_rng(place), size)
        month = frame["signed_on"].dt.month().to_numpy() - 1
        men = (frame["sex"] == "H").to_numpy().astype(int)
        np.add.at(counts, (month, place, men, np.digitize(frame["age"].to_numpy(), [26, 46, 65])), 1)
    dimensions = [
        Dimension.flat("département", [department for department, _, _ in chunks], total="région"),
        Dimension.flat("sexe", "FH"),
        Dimension.flat("âge", BANDS),
    ]
    return dimensions, counts


def windows_up_to(month: int) -> list[Window]:
    """Every month up to `month` (0 = January), and each total since January."""
    months = [Window(f"2023-{n + 1:02}", (n,)) for n in range(month + 1)]
    return months + [Window(f"janvier à {n + 1:02}", tuple(range(n + 1))) for n in range(1, month + 1)]
