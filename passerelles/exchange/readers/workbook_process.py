"""Child process that opens a workbook and sends its rows. Run as a script, never imported by the application.

The decoder is native code that aborts when a hostile or absurd file (one cell in XFD1048576) asks for too much memory.
Here it takes only itself down: memory and time are bounded, and the parent tells the person. It also decodes while the
parent validates. Frames on the output: four bytes of length, then a marshalled tuple.
"""

from __future__ import annotations

import datetime as dt
import io
import marshal
import resource
import sys
from typing import Any

MEMORY_BYTES = 1_600_000_000
CPU_SECONDS = 180
ROWS_PER_FRAME = 500


def main() -> None:
    site_packages, max_columns = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(site_packages)
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for metadata in workbook.sheets_metadata:
            if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet:
                is_visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
                _send_sheet(workbook, metadata.name, is_visible, max_columns)
        _send("end")
    except python_calamine.PasswordError:
        _send("problem", "password", "")
    except BaseException as error:
        _send("problem", "memory" if isinstance(error, MemoryError) else "corrupt", "")


def _send(*message: Any) -> None:
    frame = marshal.dumps(message, 2)
    sys.stdout.buffer.write(len(frame).to_bytes(4, "little") + frame)


def _send_sheet(workbook: Any, name: str, is_visible: bool, max_columns: int) -> None:
    if not is_visible:
        _send("hidden", name)
        return
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        _send("sheet", name, 0)
        return
    left, width = sheet.start[1], sheet.width
    if left + width > max_columns:
        _send("problem", "columns", name)
        return
    _send("sheet", name, sheet.total_height)
    padding = [""] * left
    numbers: list[int] = []
    rows: list[list[Any]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if cells.count("") == width:
            continue
        numbers.append(number)
        rows.append(padding + [c if c.__class__ is str or c.__class__ is float else _plain(c) for c in cells])
        if len(rows) == ROWS_PER_FRAME:
            _send("rows", numbers, rows)
            numbers, rows = [], []
    if rows:
        _send("rows", numbers, rows)


def _plain(cell: Any) -> Any:
    """Typed dates and times as a French spreadsheet shows them: day, month, year."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, dt.datetime):
        day = f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
        return day if cell.time() == dt.time() else f"{day} {cell.hour:02d}:{cell.minute:02d}"
    if isinstance(cell, dt.date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    if isinstance(cell, dt.time):
        return _clock((cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6) % 86_400)
    if isinstance(cell, dt.timedelta):
        return _clock(cell.total_seconds())
    return cell if isinstance(cell, int) and abs(cell) < 2**60 else str(cell)


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


if __name__ == "__main__":
    main()
