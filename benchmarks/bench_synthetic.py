"""A synthetic nation into files and into a database (budgets: 3 minutes, 15 minutes, 6 GiB, two cores).

Protocol: `passerelles synth` as installed, in a process of its own; Parquet in a temporary folder, then a new database
on the embedded server, fsync on. Memory is the sum of the proportional sets (PSS) of the command, its workers and the
server, looked at every half second. Seconds of processor are those of the command and its workers, then the server's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer, embedded_server

BUDGETS = {"files": 180, "database": 900}
COLUMNS = "what;seconds;people;facts;facts/s;processor (s);server (s);peak (GiB);size (GB);budget (s)".split(";")
COMMAND = [sys.executable, "-m", "passerelles.cli.main", "synth"]
TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and everything below it."""
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(found for child in words for found in tree(int(child)))]


def memory(pids: list[int]) -> int:
    """KiB that these processes hold, shared pages counted once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def processor(pids: list[int]) -> float:
    """Seconds of processor used so far, finished children included."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def measured(arguments: list[str], environment: dict[str, str], server: EmbeddedServer | None) -> dict[str, float]:
    """The summary of the command with its wall clock, its processor and its peak of memory."""
    served = server.pid() if server else None
    of_server = processor(tree(served)) if served else 0.0
    begun, peak, own = time.perf_counter(), 0, 0.0
    process = subprocess.Popen([*COMMAND, *arguments, "--json"], env=environment, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        pids = tree(process.pid)
        peak = max(peak, memory(pids + (tree(served) if served else [])))
        own = max(own, processor(pids))
        time.sleep(0.5)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(process.returncode)
    summary = json.loads(process.stdout.read())
    return summary | {
        "seconds": seconds,
        "processor": own,
        "server": processor(tree(served)) - of_server if served else 0.0,
        "peak": peak / 1024 / 1024,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="national")
    options.add_argument("--years", default="2021-2026")
    options.add_argument("--until", default="2026-11-20")
    options.add_argument("--seed", default="1")
    options.add_argument("--only", choices=["files", "database"])
    options.add_argument("--keep", action="store_true", help="leave the base and its server, for query_plans.py")
    asked, others = options.parse_known_args()
    order = ["--size", asked.size, "--years", asked.years, "--until", asked.until, "--seed", asked.seed, *others]
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    if asked.only != "database":
        with tempfile.TemporaryDirectory() as folder:
            found = measured([*order, "--to", "files", f"{folder}/nation"], dict(os.environ), None)
            told("files", found, sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()))
    if asked.only != "files":
        into_database(order, asked.keep)


def into_database(order: list[str], keep: bool) -> None:
    server = embedded_server()
    started = server.start()
    try:
        server.psql("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        server.ensure_database("bench")
        url = server.dsn("bench", OWNER_ROLE)
        environment = os.environ | {"PASSERELLES_DATABASE_URL": url, "PASSERELLES_OWNER_DATABASE_URL": url}
        subprocess.run([sys.executable, "-m", "passerelles.cli.main", "migrate"], env=environment, check=True)
        found = measured(order, environment, server)
        told("database", found, server.psql("SELECT pg_database_size('bench')")[0][0])
    finally:
        if not keep:
            server.psql("DROP DATABASE IF EXISTS bench WITH (FORCE)")
            if started:
                server.stop()


def told(what: str, found: dict[str, float], size: int) -> None:
    figures = (
        f"{found['seconds']:.0f}",
        f"{found['people']:,}",
        f"{found['facts']:,}",
        f"{found['facts'] / found['seconds']:,.0f}",
        f"{found['processor']:.0f}",
        f"{found['server']:.0f}",
        f"{found['peak']:.1f}",
        f"{size / 1e9:.1f}",
        f"{BUDGETS[what]}",
    )
    print(f"| {what} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
