"""Fifty agents at once on the national base: what they wait for, page by page.

Protocol: the base of `benchmarks/national.py`; the real web server (gunicorn, `passerelles.config.gunicorn`, as
`passerelles serve` runs it), its clock stopped on the last day of the base; ten agents in each of five DTs (auditors, a
manager, CIP where an operator is delegated, advisers of France Travail), each with a session of their own, who open the
pages of their role (`national.OPENED`) about persons, sessions and referrals they may see, drawn at random. Between two
pages each thinks, exponentially, 8 seconds on average. After a warm-up, three minutes are counted, from the request to
the last byte; no network, no static file, no proxy. One process of threads asks, on the same machine.
Budgets: 95 % of work lists and person pages in 150 ms, of pages made from stored figures in 200 ms.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.national import OPENED, ROOT, UNTIL, addresses, members, national_base, signed_in

PORT = 8765
FROM_STORED_FIGURES = {"Returns", "A return", "Dashboard", "Figures of the month"}
"""Their budget is 200 ms."""
COMPUTED = {"A figure"}
"""Counted when it is opened: no budget."""
EXPERIMENT = ("metz", "reims", "strasbourg")
TEAM = 10
EXAMPLES = 200
SERVER = f"""
import datetime as dt, sys
from gunicorn.app.wsgiapp import run
from passerelles.core import clock
sys.argv = ["gunicorn", "-c", "python:passerelles.config.gunicorn"]
with clock.frozen(clock.paris(dt.date.fromisoformat("{UNTIL}"), 9)):
    run()
"""


class Agent(threading.Thread):
    """One agent at work, until `ends`. What was waited for is in `waited`: (page, when, milliseconds)."""

    def __init__(self, role: str, cookie: str, pages: dict[str, list[str]], seed: int, think: float) -> None:
        super().__init__(daemon=True)
        self.chance, self.think = random.Random(seed), think
        self.pages, self.weights = pages, [OPENED[role][page] for page in pages]
        self.headers = {"Cookie": f"sessionid={cookie}", "Accept": "text/html"}
        self.ends = 0.0
        self.waited: list[tuple[str, float, float]] = []
        self.failed: list[str] = []

    def run(self) -> None:
        time.sleep(self.chance.uniform(0, self.think))
        while time.time() < self.ends:
            page = self.chance.choices(list(self.pages), self.weights)[0]
            address = self.chance.choice(self.pages[page])
            begun = time.perf_counter()
            status = self.ask(address)
            self.waited.append((page, time.time(), 1000 * (time.perf_counter() - begun)))
            if status != 200:
                self.failed.append(f"{page}: {status} {address}")
            time.sleep(self.chance.expovariate(1 / self.think))

    def ask(self, address: str) -> int | str:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.request("GET", address, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except OSError as error:
            return repr(error)
        finally:
            connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the base there for another bench")
    options.add_argument("--minutes", type=float, default=3)
    options.add_argument("--warm", type=float, default=45, help="seconds that are not counted")
    options.add_argument("--think", type=float, default=8, help="seconds between two pages, on average")
    options.add_argument("--agents", type=int, default=50)
    asked = options.parse_args()
    with national_base(keep=asked.keep):
        agents = team(asked.agents, asked.think)
        environment = os.environ | {"PASSERELLES_BIND": f"127.0.0.1:{PORT}"}
        server = subprocess.Popen([sys.executable, "-c", SERVER], env=environment, cwd=ROOT)
        try:
            once_there(server)
            measure(agents, asked.warm, 60 * asked.minutes)
        finally:
            server.terminate()
            server.wait(60)


def team(number: int, think: float) -> list[Agent]:
    """As many agents as asked, spread over the DTs, with the addresses they may open."""
    import django

    django.setup()
    from django.db import connection
    from django.db.models import Count

    from passerelles.people.models import Person

    largest = Person.objects.order_by().exclude(direction__in=EXPERIMENT).values_list("direction")
    directions = [*EXPERIMENT, *(code for code, _ in largest.annotate(n=Count("pk")).order_by("-n")[:2])]
    found = [each for direction in directions for each in desk(direction)][:number]
    agents = []
    for seed, membership in enumerate(found):
        cookie = signed_in(membership).cookies["sessionid"].value
        agents.append(Agent(membership.role, cookie, addresses(membership, EXAMPLES), seed, think))
    connection.close()
    counts = {role: sum(each.role == role for each in found) for role in OPENED}
    print(f"{len(agents)} agents in {', '.join(directions)}: {', '.join(f'{n} {r}' for r, n in counts.items() if n)}")
    return agents


def desk(direction: str) -> list[Any]:
    """Ten agents of one DT."""
    cip = members("cip", organisation__delegations__direction=direction)[:2]
    advisers = members("spe_adviser", organisation__direction=direction, organisation__kind="france_travail")[:3]
    manager = members("dt_manager", organisation__direction=direction)[:1]
    auditors = members("ofii_auditor", organisation__direction=direction)
    return [*cip, *advisers, *manager, *auditors[: TEAM - len(cip) - len(advisers) - len(manager)]]


def once_there(server: subprocess.Popen[bytes]) -> None:
    from passerelles.cli.processes import wait_for_port

    wait_for_port("127.0.0.1", PORT, lambda: server.poll() is None)


def measure(agents: list[Agent], warm: float, seconds: float) -> None:
    counted = time.time() + warm
    for each in agents:
        each.ends = counted + seconds
        each.start()
    loads = []
    while time.time() < counted + seconds:
        time.sleep(5)
        loads.append(os.getloadavg()[0])
    for each in agents:
        each.join()
    waited: dict[str, list[float]] = defaultdict(list)
    for page, at, milliseconds in (said for each in agents for said in each.waited):
        if at >= counted:
            waited[page].append(milliseconds)
    within = [m for page, found in waited.items() if page not in FROM_STORED_FIGURES | COMPUTED for m in found]
    stored = [m for page in FROM_STORED_FIGURES for m in waited.get(page, ())]
    print("| page | opened | p50 (ms) | p95 (ms) | p99 (ms) |\n|---|---|---|---|---|")
    for page, found in sorted(waited.items(), key=lambda each: -len(each[1])):
        print(row(page, found))
    print(row("**work lists and person pages**", within))
    print(row("**from stored figures**", stored))
    everything = [m for found in waited.values() for m in found]
    failed = [said for each in agents for said in each.failed]
    print(row("**all**", everything))
    print(
        f"\n{len(everything) / seconds:.1f} requests/s, {len(failed)} errors; load {min(loads):.1f} to {max(loads):.1f}"
    )
    print("\n".join(failed[:10]))


def row(name: str, found: list[float]) -> str:
    found = sorted(found) or [0.0]
    cells = (found[min(int(share * len(found)), len(found) - 1)] for share in (0.5, 0.95, 0.99))
    return f"| {name} | {len(found)} | {' | '.join(f'{cell:.0f}' for cell in cells)} |"


if __name__ == "__main__":
    main()
