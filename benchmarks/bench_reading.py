"""Measures reading: `python benchmarks/bench_reading.py [rows]` builds a workbook of 25 columns in a temporary folder.

Prints calamine alone, opening the table, then the whole check, with rows per second and
peak memory; then profiles the check of 20,000 rows already in memory.
"""

from __future__ import annotations

import cProfile
import datetime as dt
import pstats
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import python_calamine
import xlsxwriter

from passerelles.exchange.readers import rows as rows_module
from passerelles.exchange.readers.check import checked_rows
from passerelles.exchange.readers.layouts import layout
from passerelles.exchange.readers.tables import open_table

ON = dt.date(2026, 3, 1)
IN_MEMORY = 20_000
FAMILY_NAMES = [f"{start}{end}" for start in ("DIA", "EL ", "BAR", "KON", "TRA", "NGU") for end in ("LLO", "BA", "RY")]
GIVEN_NAMES = ["Mamadou", "Fatima Zahra", "Aïcha", "Ahmad", "Oleksandra", "Thi Hoa", "Jean-Pierre", "Moussa"]
SYLLABLES = ["ba", "ko", "di", "ma", "ra", "né", "lou", "sa", "ti", "fo", "ny", "zé"]


def line(index: int, luck: random.Random) -> list[str]:
    """One plausible person; identifiers, telephone, address and names differ from row to row."""
    family = f"{luck.choice(FAMILY_NAMES)}{''.join(luck.choices(SYLLABLES, k=2)).upper()}"
    given = f"{luck.choice(GIVEN_NAMES)} {''.join(luck.choices(SYLLABLES, k=2)).title()}"
    birth = dt.date(1960, 1, 1) + dt.timedelta(days=luck.randrange(16_000))
    session = ON + dt.timedelta(days=luck.randrange(90))
    signed = ON - dt.timedelta(days=luck.randrange(90))
    person = {
        "foreigner_number": f"{7_000_000_000 + index}",
        "ofii_number": f"57-2026-{index:06d}",
        "family_name": family,
        "birth_name": family if luck.random() < 0.3 else "",
        "given_names": given,
        "birth_date": f"{birth:%d/%m/%Y}",
        "sex": luck.choice(["F", "H"]),
        "nationality": luck.choice(["Guinée", "marocaine", "Ukraine", "afghane", "Côte d’Ivoire"]),
        "language": luck.choice(["français", "arabe", "dari", "ukrainien"]),
        "interpreter_language": luck.choice(["", "dari", "arabe"]),
        "phone": f"06 {index % 100:02d} {index // 100 % 100:02d} {index // 10_000 % 100:02d} {luck.randrange(100):02d}",
        "email": f"personne{index}@example.org",
        "address": f"{luck.randrange(1, 200)} rue {''.join(luck.choices(SYLLABLES, k=4)).title()}",
        "postcode": luck.choice(["57000", "54000", "67000", "06000"]),
        "city": luck.choice(["Metz", "Nancy", "Strasbourg", "Nice"]),
        "commune_code": luck.choice(["57463", "54395", "67482", "06088"]),
        "session_date": f"{session:%d/%m/%Y}",
        "session_time": luck.choice(["09:00", "14h00"]),
        "session_place": "DT Metz",
        "cir_number": f"CIR{index:08d}",
        "cir_signed_on": f"{signed:%d/%m/%Y}",
        "admission_motive": luck.choice(["Asile", "Familial", "Économique"]),
        "level": luck.choice(["A1.1", "A1", "A2"]),
    }
    return [person[entry.name] for entry in layout("convocations").columns] + [f"obs {index % 50}", "DT57"]


def build(path: Path, count: int) -> None:
    luck = random.Random(57)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Convocations")
    sheet.write_row(0, 0, [*(entry.label for entry in layout("convocations").columns), "Observations", "Origine"])
    for index in range(1, count + 1):
        for column, text in enumerate(line(index, luck)):
            if text:
                sheet.write_string(index, column, text)
    book.close()


def measured(what: str, work: Callable[[], int]) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    count = work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:41} {count:8d} rows {seconds:6.2f} s {count / seconds:7,.0f}/s cpu {cpu:5.2f} s peak {peak:6.0f} MB")


def raw(path: Path) -> int:
    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sum(1 for _ in sheet.iter_rows())


def opened(path: Path) -> int:
    return sum(1 for sheet in open_table(path, path.name) for _ in sheet.rows)


def checked(path: Path) -> int:
    return sum(row.accepted for row in checked_rows(path, path.name, "convocations", ON))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 130_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "convocations.xlsx"
        build(path, count)
        measured("calamine alone", lambda: raw(path))
        measured("open_table alone", lambda: opened(path))
        measured("read and check (decoding runs alongside)", lambda: checked(path))
        build(path, IN_MEMORY)
        profile([(sheet.name, list(sheet.rows)) for sheet in open_table(path, path.name)])


def profile(table: Sequence[tuple[str, Sequence[tuple[int, Sequence[object]]]]]) -> None:
    """The check alone, rows already in memory: time without, then with the profiler."""

    class Given:
        def __init__(self, name: str, rows: Sequence[tuple[int, Sequence[object]]]) -> None:
            self.name, self.rows = name, iter(rows)

    def work() -> int:
        vars(rows_module)["open_table"] = lambda *_: iter([Given(*sheet) for sheet in table])
        return sum(row.accepted for row in checked_rows(b"", "memory", "convocations", ON))

    measured("check of rows in memory", work)
    profiler = cProfile.Profile()
    profiler.runcall(work)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(22)


if __name__ == "__main__":
    main()
