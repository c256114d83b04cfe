"""Cells as the readers hand them over, and their text."""

from __future__ import annotations

from typing import TypeAlias

Cell: TypeAlias = str | int | float

ERROR_VALUES = frozenset(
    "#N/A #NA #REF! #VALUE! #VALEUR! #DIV/0! #NAME? #NOM? #NULL! #NUL! #NUM! #NOMBRE! #SPILL! #CALC! Err:502 Err:504 "
    "Err:508 Err:509 Err:511 Err:512 Err:522".split()
)
FORMULA_WITHOUT_RESULT = "#FORMULE"
"""Stands in a cell whose formula was never computed (file written by a program, not by a spreadsheet)."""


def cell_text(cell: Cell | None) -> str:
    """The cell as the spreadsheet would show it in a text column: a whole number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def column_letter(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
