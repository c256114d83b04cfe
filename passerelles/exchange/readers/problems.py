"""What can be wrong with a file received from a partner: the whole file, or one cell of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from passerelles.core.errors import UserError

Severity = Literal["reject", "warning", "duplicate"]


class FileProblem(UserError):
    """The whole file cannot be read; `sentence` says what and where, `remedy` how to mend it.

    `code`: the kind of mistake in one word ("empty", "type", "password", "damaged"…), for tests and counters.
    """

    def __init__(self, sentence: str, *, remedy: str = "", code: str = "") -> None:
        super().__init__(sentence, remedy=remedy)
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one cell (or one row when `column` is empty), as shown to the person who sent the file.

    "reject": the row is not imported; "warning": it is, without the value; "duplicate": an earlier row says the same.
    `row` is the number a spreadsheet shows; `value` is the text received; `reason` and `remedy` are French sentences.
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str
    code: str = ""

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)
