"""The nightly clocks over a million open referrals (budget: five minutes), on a usual night and after a long outage.

Protocol: a server of its own in a temporary folder, fsync on; a million open cases of 250,000 people at 2,000
organisations, in the nine states that wait, spread over the calendar; `clocks.run` as the worker calls it, messages
included, then the invariant. Processor seconds of this process and of the server beside the clock on the wall.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.national import REFERRALS, SERVICES

AT = dt.date(2026, 11, 3)
STATES = [
    *("sent", "received", "under_study", "accepted", "appointment_fixed", "rescheduled", "missed"),
    *("attended", "started", "declined", "taken_over"),
]
FILL = """
INSERT INTO network_organisation (id, created_at, name, kind, direction, department_code, region_code, mailbox,
    address, phone)
SELECT gen_random_uuid(), now(), 'Organisme ' || n,
    (ARRAY['france_travail','mission_locale','cap_emploi','operator','association'])[1 + n % 5], 'metz',
    (ARRAY['57','54','88','55','67','75','31','974'])[1 + n % 8], '44', 'o' || n || '@banc.example', '', ''
FROM generate_series(1, {organisations}) n;
INSERT INTO people_person (id, created_at, family_name, birth_name, given_names, birth_date_precision, sex, nationality,
    motive, language, needs_interpreter, phone, email, address, postcode, city, commune_code, direction, identity_key,
    source)
SELECT gen_random_uuid(), now(), 'P' || n, '', 'Banc', 'day', 'F', '', '', '', false, '', '', '', '', '', '', 'metz',
    'p' || n, ''
FROM generate_series(1, {people}) n;
{services};
CREATE TEMP TABLE o AS SELECT row_number() OVER (ORDER BY o.name) - 1 AS n, o.id, s.id AS service
FROM network_organisation o JOIN referrals_service s ON s.organisation_id = o.id;
CREATE INDEX ON o (n);
ANALYZE o;
{referrals};
ANALYZE referrals_referral;
"""
CASES = """
SELECT p.id AS person, sender.id AS sender, receiver.id AS receiver, receiver.service, 'metz' AS direction,
    'employment' AS purpose, st.state, st.stage, DATE '{at}' - 20 AS entered_on,
    DATE '{at}' + ((p.n * 7 + k.k * 5) % 15)::int - {late} AS next_on, now() AS sent_at,
    DATE '{at}' - interval '10 days' AS met_at, NULL::uuid AS assignee
FROM (SELECT row_number() OVER (ORDER BY id) AS n, id FROM people_person) p
CROSS JOIN generate_series(0, 3) k(k)
CROSS JOIN LATERAL (SELECT (ARRAY[{states}])[1 + (p.n + k.k * 3) % {kinds}] AS state,
    (ARRAY['waiting','waiting','waiting','reminded','escalated'])[1 + (p.n + k.k) % 5] AS stage) st
JOIN o receiver ON receiver.n = (p.n * 4 + k.k) % {organisations}
JOIN o sender ON sender.n = (p.n * 4 + k.k + 1) % {organisations}
"""


def processor_of(pid: int | None) -> float:
    """Seconds of processor of a process and of its children that ended."""
    if pid is None:
        return 0.0
    total = 0.0
    for entry in [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
        try:
            fields = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def one_night(server, name: str, late: int, people: int, organisations: int) -> str:
    from django.db import connection

    from passerelles.core import clock
    from passerelles.referrals.models import Referral
    from passerelles.referrals.services import clocks

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE referrals_referral, referrals_service, people_person, network_organisation CASCADE")
        cursor.execute("DROP TABLE IF EXISTS o")
        told = CASES.format(
            organisations=organisations,
            at=AT,
            late=late,
            kinds=len(STATES),
            states=",".join(f"'{state}'" for state in STATES),
        )
        referrals = REFERRALS.format(cases=told)
        cursor.execute(FILL.format(people=people, organisations=organisations, services=SERVICES, referrals=referrals))
    cases = Referral.objects.open().count()
    own, served, begun = time.process_time(), processor_of(server.pid()), time.perf_counter()
    with clock.at(clock.paris(AT)):
        report = clocks.run(AT)
    seconds = time.perf_counter() - begun
    own, served = time.process_time() - own, processor_of(server.pid()) - served
    asked = time.perf_counter()
    adrift = Referral.objects.adrift(AT).count()
    asked = time.perf_counter() - asked
    return (
        f"| {name} | {cases:,} | {report.cases:,} | {report.messages:,} | {seconds:.0f} | {own:.0f} | {served:.0f} "
        f"| {report.cases / max(seconds, 1e-9):,.0f} | {adrift} | {asked:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=250_000, help="four open cases each")
    parser.add_argument("--organisations", type=int, default=2_000)
    parser.add_argument("--night", choices=["usual", "outage", "both"], default="both")
    asked = parser.parse_args()

    from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer

    with tempfile.TemporaryDirectory(prefix="passerelles-clocks-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder) / "postgres")
        server.start()
        try:
            server.ensure_database("clocks")
            url = server.dsn("clocks", OWNER_ROLE)
            os.environ["PASSERELLES_DATABASE_URL"] = os.environ["PASSERELLES_OWNER_DATABASE_URL"] = url
            from passerelles.cli import database, site

            database.bring_up_to_date(site.ready().urls)
            print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
            print("| night | open | due | messages | s | own cpu s | server cpu s | cases/s | adrift | invariant s |")
            print("|---|---|---|---|---|---|---|---|---|---|")
            for name, late in (("usual", 1), ("outage", 20)):
                if asked.night in {name, "both"}:
                    print(one_night(server, name, late, asked.people, asked.organisations), flush=True)
        finally:
            server.stop("immediate")


if __name__ == "__main__":
    main()
