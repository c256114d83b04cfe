"""Import of a 130,000-row spreadsheet against reading it and copying it raw (budget: 3 times at most).

Protocol: one xlsx of 130,000 fictitious rows × 25 columns, every row accepted; a database of its own on the embedded
server, fsync on. Raw = every row by python-calamine in this process, then COPY of every cell as text into a logged
table without key or index. Dry run = read and check. Import = read, check and write persons, identifiers, contracts,
sessions, convocations and facts by chunks: nothing of the dry run is reused, so validation is counted once. Best of
`--runs`. The ratio counts; processor seconds (this process, its children, its database session) are given because
they depend less than the wall on what else the machine does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.core.postgres import OWNER_ROLE, embedded_server

RATIO = (("raw read", "raw copy"), ("import",))
HEADERS = (
    "N° étranger;N° OFII;Nom de famille;Nom de naissance;Prénoms;Date de naissance;Sexe;Nationalité;Langue;"
    "Langue de l’interprète;Téléphone;Courriel;Adresse;Code postal;Ville;Code commune;Date de convocation;"
    "Heure de convocation;Lieu;N° CIR;Date de signature du CIR;Motif;Niveau;Observations;Agent"
).split(";")
SYLLABLES = "ba be ka ko la li ma mi na no ra ri sa si ta to va za zo ya".split()
DAY = dt.date(2026, 11, 30)
SIGNED_ON = dt.date(2026, 10, 5)


def fictitious_rows(count: int) -> list[list[str]]:
    """Rows of text as an office's extraction writes them; the same for a given count."""
    chance = random.Random(57)

    def name(size: int) -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(size)).capitalize()

    rows = []
    for n in range(count):
        born = dt.date(1960, 1, 1) + dt.timedelta(days=chance.randrange(16_000))
        day = DAY + dt.timedelta(days=n // 24 % 250)
        rows.append(
            [
                f"{n + 1:010d}",
                f"OF{n:08d}",
                name(3).upper(),
                "",
                name(2),
                f"{born:%d/%m/%Y}",
                chance.choice("FH"),
                chance.choice(["Afghane", "Marocaine", "Algérienne", "Tunisienne", "Ukrainienne", "Malienne"]),
                chance.choice(["arabe", "dari", "français", "russe", "tamoul"]),
                "",
                f"06{chance.randrange(10**8):08d}",
                f"p{n}@exemple.example",
                f"{chance.randrange(1, 99)} rue des Essais",
                "57000",
                "Metz",
                "57463",
                f"{day:%d/%m/%Y}",
                chance.choice(["9h00", "13h30"]),
                f"Plateforme {n // 6000 + 1}",
                f"CIR{n:07d}",
                f"{SIGNED_ON:%d/%m/%Y}",
                chance.choice(["FAMILIAL", "ASILE", "ECONOMIQUE"]),
                chance.choice(["A1", "A2", "infra A1"]),
                "",
                "Accueil",
            ]
        )
    return rows


def write_xlsx(path: Path, rows: list[list[str]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Convocations")
    for line, row in enumerate([HEADERS, *rows]):
        for column, value in enumerate(row):
            sheet.write_string(line, column, value)
    book.close()


class Spent(NamedTuple):
    """What a step took: seconds of the wall, seconds of processors."""

    wall: float
    processor: float


def processor_seconds(backend: int) -> float:
    """Of this process, of its children that have ended, of the database session `backend`."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    fields = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    session = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + ended.ru_utime + ended.ru_stime + session


def timed(what: Callable[[], object], backend: int) -> Spent:
    start, used = time.perf_counter(), processor_seconds(backend)
    what()
    return Spent(time.perf_counter() - start, processor_seconds(backend) - used)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=130_000)
    options.add_argument("--runs", type=int, default=1)
    asked = options.parse_args()
    server = embedded_server()
    started = server.start()
    try:
        measure(server, asked.rows, asked.runs)
    finally:
        server.psql("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        if started:
            server.stop()


def measure(server: object, count: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "convocations.xlsx"
        write_xlsx(path, fictitious_rows(count))
        figures = [one_run(server, path) for _ in range(runs)]
    best = {name: Spent(*map(min, zip(*(run[name] for run in figures), strict=True))) for name in figures[0]}
    raw, whole = (Spent(*map(sum, zip(*(best[name] for name in names), strict=True))) for names in RATIO)
    print(f"rows: {count:,}   file: {count} × {len(HEADERS)} xlsx   runs: {runs}")
    print("| step | seconds | rows/s | processor seconds |\n|---|---|---|---|")
    for name, spent in best.items():
        print(f"| {name} | {spent.wall:.1f} | {count / spent.wall:,.0f} | {spent.processor:.1f} |")
    print(f"\nimport / (raw read + raw copy) = {whole.wall / raw.wall:.2f}")
    print(f"the same in processor seconds = {whole.processor / raw.processor:.2f}   load: {os.getloadavg()[0]:.1f}")
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def one_run(server: object, path: Path) -> dict[str, Spent]:
    server.psql("DROP DATABASE IF EXISTS bench WITH (FORCE)")
    server.ensure_database("bench")
    url = server.dsn("bench", OWNER_ROLE)
    os.environ |= {
        "PASSERELLES_DATABASE_URL": url,
        "PASSERELLES_OWNER_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "passerelles.config.settings",
    }
    import django
    from django.db import connection

    django.setup()
    from django.core.management import call_command

    connection.close()
    call_command("migrate", verbosity=0)
    from passerelles.exchange import services
    from passerelles.network.models import Organisation
    from passerelles.network.policy import SYSTEM

    office = Organisation.objects.create(name="DT", kind="ofii_dt", direction="metz")
    rows: list[list[object]] = []

    def read() -> None:
        rows.extend(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())

    def copy() -> None:
        columns = ", ".join(f"c{n} text" for n in range(len(HEADERS)))
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE raw ({columns})")
            with cursor.copy("COPY raw FROM STDIN") as sink:
                for row in rows:
                    sink.write_row(row)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    spent = {"raw read": timed(read, backend), "raw copy": timed(copy, backend)}
    rows.clear()
    received = services.receive(SYSTEM, kind="convocations", dt=office, filename=path.name, content=path.read_bytes())
    spent["dry run"] = timed(lambda: services.check(SYSTEM, received.pk), backend)
    received.refresh_from_db()
    if received.accepted_rows < received.total_rows * 0.99:
        print([str(problem) for problem in received.problems.all()[:5]])
    spent["import"] = timed(lambda: services.apply(SYSTEM, received.pk), backend)
    return spent


if __name__ == "__main__":
    main()
