"""The spreadsheet writer: read back by the reader of the imports."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from passerelles.core.ods import Table, write


def read(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_what_is_written_is_read_back_and_texts_stay_texts():
    rows = [("Nom", "Nombre"), ("=1+1", 3), ("0612\u00a0", 2.5), ("a\x00<b>\ud800&", "")]
    assert read(write([Table("Feuille", rows)])) == {
        "Feuille": [["Nom", "Nombre"], ["=1+1", 3.0], ["0612\u00a0", 2.5], ["a<b>&", ""]]
    }


def test_names_of_sheets_are_mended_and_never_twice_the_same():
    names = list(read(write([Table(name, [("x",)]) for name in ("A/B:C", "ABC", "é" * 40)])))
    assert names == ["ABC", "ABC 2", "é" * 28]


def test_the_same_tables_give_the_same_bytes():
    tables = [Table("A", [("x", 1)]), Table("B", [], header=False)]
    assert write(tables) == write(tables)
