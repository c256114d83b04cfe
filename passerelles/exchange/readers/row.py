"""One row of a nominative file once read."""

from __future__ import annotations

from collections.abc import Sequence

from passerelles.exchange.readers.problems import Problem
from passerelles.exchange.readers.values import text_of


class Row:
    """`values`: field → typed value, absent when blank or refused; `values["as_received"]`: what could not be read.

    `raw`: every cell as text, for the file of rejects. `headers`: the headers as written. `duplicate`: set by check.
    """

    __slots__ = ("cells", "duplicate", "headers", "number", "problems", "sheet", "values")

    def __init__(
        self,
        sheet: str,
        number: int,
        values: dict[str, object],
        cells: Sequence[object],
        problems: list[Problem],
        headers: list[str],
    ) -> None:
        self.sheet = sheet
        self.number = number
        self.values = values
        self.cells = cells
        self.problems = problems
        self.headers = headers
        self.duplicate = False

    @property
    def raw(self) -> list[str]:
        return [text_of(cell) for cell in self.cells]

    @property
    def rejected(self) -> bool:
        return any(problem.severity == "reject" for problem in self.problems)

    @property
    def accepted(self) -> bool:
        """To be imported: nothing refused, and not the copy of an earlier row."""
        return not self.duplicate and not self.rejected
