"""The national synthetic base on which pages are measured, and its agents signed in. Shared by the benches of pages.

What `passerelles synth` leaves empty is completed by one statement a table, from the base's own persons: 200,000
referrals with their appointments, alerts, likely doubles; then, by the platform, profiles of linkage, stored figures.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from passerelles.core.postgres import APP_ROLE, OWNER_ROLE, EmbeddedServer, embedded_server  # noqa: E402

DATABASE = "plans"
UNTIL = "2026-11-20"
"""The last day that the base knows, and the day on which its agents work."""
TODAY = dt.date.fromisoformat(UNTIL)
COMMAND = [sys.executable, "-m", "passerelles.cli.main"]
PEOPLE_SENT = 200_000
WHOLE = "whole"
"""The comment of a base in which nothing is missing: what was killed half-way is made again."""

SERVICES = """
INSERT INTO referrals_service (id, created_at, organisation_id, name, purposes, place)
SELECT gen_random_uuid(), now(), id, 'Accueil des primo-arrivants', '[]', '' FROM network_organisation
"""
REFERRALS = """
INSERT INTO referrals_referral (id, created_at, person_id, sender_id, receiver_id, service_id, direction, purpose,
    message, basis, health_agreed, transmitted, procedure_explained, online_access_helped, advice_given, state, stage,
    told_stage, entered_on, owner_id, assignee_id, next_on, alert, sent_at, appointment_at, attended_on, attended_by,
    attended_told_at, outcome, attempts, missed, reason, reason_note)
SELECT gen_random_uuid(), sent_at, person, sender, receiver, service, direction, purpose, '', 'public_mission', false,
    '[]', true, false, true, state, stage, stage, entered_on,
    CASE WHEN closed THEN NULL WHEN state IN ('declined', 'taken_over') THEN sender ELSE receiver END, assignee,
    CASE WHEN closed THEN NULL ELSE next_on END, '', sent_at, met_at,
    CASE WHEN state IN ('attended', 'started', 'ended') THEN met_at::date END,
    CASE WHEN state IN ('attended', 'started', 'ended') THEN 'receiver' ELSE '' END,
    CASE WHEN state IN ('attended', 'started', 'ended') THEN met_at + interval '1 day' END,
    CASE WHEN state = 'ended' THEN 'need_met' ELSE '' END, CASE WHEN met_at IS NULL THEN 0 ELSE 1 END,
    CASE WHEN state = 'missed' THEN 1 ELSE 0 END,
    CASE state WHEN 'declined' THEN 'no_place' WHEN 'withdrawn' THEN 'not_needed' ELSE '' END, ''
FROM (SELECT *, state IN ('redirected', 'ended', 'withdrawn') AS closed FROM ({cases}) AS told) AS cases
"""
"""`cases`: person, sender, receiver, service, direction, purpose, state, stage, entered_on, next_on, sent_at, met_at,
assignee. The constraints of the table are kept here."""

STATES = {
    "ended": 50, "started": 18, "withdrawn": 7, "redirected": 5, "appointment_fixed": 4, "attended": 3, "accepted": 3,
    "missed": 2, "sent": 2, "received": 2, "rescheduled": 1, "under_study": 1, "declined": 1, "taken_over": 1,
}  # fmt: skip
"""Of a hundred referrals; invented."""
CASES = """
SELECT p.id AS person, office.id AS sender, target.id AS receiver, s.id AS service, p.direction, 'waiting' AS stage,
    CASE target.kind WHEN 'operator' THEN 'agir' WHEN 'siae' THEN 'siae' WHEN 'association' THEN 'childcare'
        ELSE 'employment' END AS purpose,
    p.state, t.sent_at, t.sent_at::date + 3 AS entered_on, '{day}'::date + 1 + (p.n % 15)::int AS next_on,
    CASE WHEN p.state = 'appointment_fixed'
        THEN '{day}'::timestamptz + make_interval(days => 1 + (p.n % 14)::int, hours => 9)
        WHEN p.state IN ('rescheduled', 'missed', 'attended', 'started', 'ended')
        THEN t.sent_at + interval '10 days' END AS met_at,
    CASE WHEN p.n % 2 = 0 THEN colleague.agent_id END AS assignee
FROM (SELECT *, ({states})[1 + abs(hashtext(id::text)) % 100] AS state FROM (
    SELECT id, direction, created_at, row_number() OVER (ORDER BY created_at DESC, id) AS n FROM people_person
    ORDER BY created_at DESC, id LIMIT {people}) q) p
CROSS JOIN LATERAL (SELECT CASE WHEN p.state IN ('ended', 'started', 'withdrawn', 'redirected')
    THEN p.created_at + interval '1 day'
    ELSE '{day}'::timestamptz - make_interval(days => 1 + (p.n * 7 % 25)::int) END AS sent_at) t
JOIN network_organisation office ON office.kind = 'ofii_dt' AND office.direction = p.direction
JOIN (SELECT o.*, row_number() OVER (PARTITION BY direction ORDER BY kind, id) - 1 AS n,
    count(*) OVER (PARTITION BY direction) AS many FROM network_organisation o
    WHERE kind IN ('france_travail', 'mission_locale', 'cap_emploi', 'operator', 'siae', 'association')) target
    ON target.direction = p.direction AND target.n = p.n % target.many
JOIN referrals_service s ON s.organisation_id = target.id
LEFT JOIN LATERAL (SELECT agent_id FROM network_membership m WHERE m.organisation_id = target.id AND m.ends_on IS NULL
    ORDER BY m.id LIMIT 1) colleague ON true
"""
APPOINTMENTS = """
INSERT INTO referrals_appointment (id, created_at, referral_id, attempt, starts_at, minutes, mode, "where", interpreter,
    bring, status, reason, given_by, sequence)
SELECT gen_random_uuid(), sent_at, id, 1, appointment_at, 45, 'place', '', '', '', CASE state
    WHEN 'appointment_fixed' THEN 'fixed' WHEN 'missed' THEN 'missed' WHEN 'rescheduled' THEN 'postponed'
    ELSE 'attended' END, CASE state WHEN 'missed' THEN 'no_news' ELSE '' END, 'receiver', 0
FROM referrals_referral WHERE appointment_at IS NOT NULL;
INSERT INTO referrals_statement (id, created_at, appointment_id, rank, party, channel, organisation_id, took_place,
    reason)
SELECT gen_random_uuid(), a.starts_at, a.id, 1, 'receiver', 'account', r.receiver_id, a.status = 'attended', a.reason
FROM referrals_appointment a JOIN referrals_referral r ON r.id = a.referral_id WHERE a.status IN ('attended', 'missed');
INSERT INTO referrals_dispute (id, created_at, appointment_id, receiver_says, person_says, note)
SELECT gen_random_uuid(), starts_at, id, false, true, '' FROM referrals_appointment
WHERE status = 'missed' AND id::text LIKE '_0%'
"""
ALERTS = """
INSERT INTO pathway_followup (id, created_at, person_id, kind, about, organisation_id, due_on, next_on, status,
    treatment)
SELECT gen_random_uuid(), now(), t.person_id, 'not_started', t.id, o.id, t.prescribed_on + 45, t.prescribed_on + 45,
    'open', '' FROM pathway_training t JOIN people_person p ON p.id = t.person_id
JOIN network_organisation o ON o.kind = 'ofii_dt' AND o.direction = p.direction
WHERE t.status = 'prescribed' AND t.prescribed_on BETWEEN '{day}'::date - 400 AND '{day}'::date - 45;
INSERT INTO pathway_followup (id, created_at, person_id, kind, about, organisation_id, due_on, next_on, status,
    treatment)
SELECT gen_random_uuid(), now(), person_id, 'no_shows', id, receiver_id, entered_on, entered_on, 'open', ''
FROM referrals_referral WHERE state = 'missed'
"""
DOUBLES = """
INSERT INTO linkage_personpair (id, created_at, first_id, second_id, state, bits, reason)
SELECT gen_random_uuid(), now(), ids[1], ids[2], 'waiting', 5 + random() * 10, 'mêmes noms ; même année de naissance'
FROM (SELECT array_agg(id ORDER BY id) AS ids FROM people_person
    GROUP BY direction, family_name, given_names, extract(year FROM birth_date) HAVING count(*) = 2) t
ORDER BY ids[1] LIMIT 5000
"""


@contextmanager
def national_base(*, keep: bool) -> Iterator[EmbeddedServer]:
    """The base on the embedded server, made unless a former run kept it; dropped at the end unless `keep`."""
    server = embedded_server()
    started = server.start()
    try:
        urls = {name: server.dsn(DATABASE, role) for name, role in (("", APP_ROLE), ("OWNER_", OWNER_ROLE))}
        os.environ |= {f"PASSERELLES_{name}DATABASE_URL": url for name, url in urls.items()}
        os.environ["DJANGO_SETTINGS_MODULE"] = "passerelles.config.settings"
        if is_whole(server):
            subprocess.run([*COMMAND, "migrate"], check=True)
        else:
            make(server)
        yield server
    finally:
        if not keep:
            server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        if started:
            server.stop()


def is_whole(server: EmbeddedServer) -> bool:
    said = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DATABASE}'"
    return server.psql(said) == [(WHOLE,)]


def make(server: EmbeddedServer) -> None:
    """Everything, from nothing: a quarter of an hour or more."""
    server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    server.ensure_database(DATABASE)
    order = f"synth --size national --years 2021-2026 --until {UNTIL} --seed 1"
    for words in ("migrate", order):
        timed(words, lambda words=words: subprocess.run([*COMMAND, *words.split()], check=True))
    complete(server)


def complete(server: EmbeddedServer) -> None:
    """What `synth` leaves empty."""
    states = [state for state, share in STATES.items() for _ in range(share)]
    cases = CASES.format(day=UNTIL, people=PEOPLE_SENT, states=f"ARRAY{states}")
    for name, sql in (
        ("services", SERVICES),
        ("referrals", REFERRALS.format(cases=cases)),
        ("appointments", APPOINTMENTS),
        ("alerts", ALERTS.format(day=UNTIL)),
        ("likely doubles", DOUBLES),
        ("statistics", "VACUUM ANALYZE"),
    ):
        timed(name, lambda sql=sql: server.psql(sql, DATABASE, OWNER_ROLE))
    alone("set_aside()", PASSERELLES_CONNECT_AS_OWNER="1")
    timed("profiles", lambda: alone("prepare()", "prepare()"))
    alone("put_back()", PASSERELLES_CONNECT_AS_OWNER="1")
    timed("stored figures", lambda: alone("store_figures()"))
    server.psql("VACUUM ANALYZE", DATABASE, OWNER_ROLE)
    server.psql(f"COMMENT ON DATABASE {DATABASE} IS '{WHOLE}'")


def timed(name: str, do: Any) -> None:
    begun = time.perf_counter()
    do()
    print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)


def alone(*calls: str, **environment: str) -> None:
    """Each call of this module in a process of its own, all at once."""
    code = "from benchmarks import national; import django; django.setup(); national."
    started = [
        subprocess.Popen([sys.executable, "-c", code + call], cwd=ROOT, env=os.environ | environment) for call in calls
    ]
    ends = [each.wait() for each in started]
    if any(ends):
        raise SystemExit(f"{calls}: failed")


def prepare() -> None:
    """The profiles of linkage, as the worker prepares them: several processes share the work."""
    from passerelles.linkage.services import profiles

    profiles.refresh_all()


def set_aside() -> None:
    """The indexes of the profiles, while they are written."""
    from passerelles.synthetic.services import indexes

    indexes.set_aside(["linkage_profile"])


def put_back() -> None:
    from passerelles.synthetic.services import indexes

    timed("indexes of the profiles", lambda: list(indexes.put_back()))


def store_figures() -> None:
    """The lines of the figures, those of the dashboards, and the return of the experiment, as after a night."""
    from passerelles.core import clock
    from passerelles.network.policy import SYSTEM
    from passerelles.reports.services import dashboards, draft_return

    with clock.at(clock.paris(TODAY + dt.timedelta(days=1), 4)):
        dashboards.refresh()
        draft_return(SYSTEM, "metz-monthly", "dt:metz", "2026-10")


PAGES = {
    "My day": "/",
    "Sessions of the week": "/accueil/seances",
    "A session": "/accueil/seances/{session}",
    "First appointments": "/accueil/rendez-vous",
    "All appointments": "/accueil/rendez-vous?etat=tous",
    "Persons": "/personnes/",
    "Persons by name": "/personnes/?q={name}",
    "Persons by full name": "/personnes/?q={full_name}",
    "A person": "/personnes/{person}/",
    "Pathway of a person": "/parcours/{person}/",
    "Timeline of a person": "/parcours/{person}/chronologie/",
    "Recommendation": "/orientation/{person}/",
    "Diagnosis": "/orientation/{person}/diagnostic",
    "Follow-ups": "/parcours/a-suivre/",
    "Learners": "/parcours/stagiaires/",
    "Referrals received": "/orientations/recues",
    "Referrals sent": "/orientations/envoyees",
    "All referrals sent": "/orientations/envoyees?etat=toutes",
    "A referral": "/orientations/{referral}",
    "Disputes": "/orientations/contradictions",
    "Référents": "/orientations/referents",
    "Checks to settle": "/rapprochement/",
    "Likely doubles": "/rapprochement/fiches",
    "Two records": "/rapprochement/fiches/{pair}",
    "Files received": "/fichiers/",
    "Answers by file": "/fichiers/reponses/",
    "Returns": "/remontees/",
    "A return": "/remontees/{found}/",
    "Figures of the month": "/remontees/mois/?mois=2026-10",
    "Dashboard": "/remontees/tableau-de-bord/?mois=2026-10",
    "A figure": "/chiffres/signataires/",
}
OF_A_PERSON = {"Persons": 2, "Persons by name": 8, "Persons by full name": 4, "A person": 12} | {
    "Pathway of a person": 5,
    "Timeline of a person": 2,
    "Recommendation": 5,
    "Diagnosis": 2,
}
OPENED: dict[str, dict[str, int]] = {
    "ofii_auditor": OF_A_PERSON
    | {"My day": 6, "Sessions of the week": 4, "A session": 6, "First appointments": 2, "All appointments": 1}
    | {"Follow-ups": 4, "Referrals sent": 5, "All referrals sent": 1, "A referral": 6, "Disputes": 1, "Référents": 1}
    | {"Checks to settle": 1, "Likely doubles": 2, "Two records": 2, "Files received": 1, "A figure": 1},
    "dt_manager": OF_A_PERSON
    | {"My day": 6, "Sessions of the week": 3, "First appointments": 1, "Referrals sent": 4, "A referral": 3}
    | {"Follow-ups": 3, "Likely doubles": 1, "Returns": 2, "A return": 2, "Figures of the month": 2, "Dashboard": 4}
    | {"A figure": 2},
    "cip": OF_A_PERSON
    | {"My day": 6, "Sessions of the week": 3, "A session": 8, "First appointments": 5, "All appointments": 1}
    | {"Referrals sent": 3, "A referral": 3, "Follow-ups": 2, "Returns": 1, "A return": 1, "Dashboard": 1},
    "spe_adviser": OF_A_PERSON
    | {"My day": 6, "First appointments": 5, "Referrals received": 10, "A referral": 10, "Referrals sent": 1}
    | {"Follow-ups": 3, "Answers by file": 1, "A figure": 1},
    "training_body": {"Learners": 1},
    "national_state": {"My day": 1, "Returns": 1, "Dashboard": 1, "A figure": 1},
}
"""Which pages a role opens, and how often beside one another: invented."""


def members(role: str, **where: Any) -> list[Any]:
    """The memberships in post of this role, in a stable order."""
    from passerelles.network.models import Membership

    found = Membership.objects.filter(role=role, ends_on=None, **where)
    return list(found.select_related("agent", "organisation").order_by("pk"))


def signed_in(membership: Any) -> Any:
    """A client of Django, signed in as this agent after the second factor; its cookie is good for a real server."""
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from passerelles.network.middleware import SESSION_MEMBERSHIP

    device, _ = TOTPDevice.objects.get_or_create(user=membership.agent, name="plans", defaults={"confirmed": True})
    client = Client()
    client.force_login(membership.agent, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session[SESSION_MEMBERSHIP] = str(membership.pk)
    session.save()
    return client


def addresses(membership: Any, most: int) -> dict[str, list[str]]:
    """{page: its addresses}, `most` at most, newest first, of what the policy shows to this agent."""
    from passerelles.linkage.models import PersonPair
    from passerelles.network import policy
    from passerelles.network.actors import actor_of
    from passerelles.network.enums import Resource
    from passerelles.people.models import Person
    from passerelles.reception.models import Session
    from passerelles.referrals.models import Referral
    from passerelles.reports.models import Return

    actor = actor_of(membership, TODAY)

    def newest(rows: Any, resource: Resource, *order: str) -> list[Any]:
        return list(policy.visible(actor, rows, resource).order_by(*order, "pk")[:most])

    people = newest(Person.objects.all(), Resource.PERSON, "-created_at")
    examples = {
        "person": [each.pk for each in people],
        "name": [quote(each.family_name) for each in people],
        "full_name": [quote(f"{each.family_name} {each.given_names}") for each in people],
        "session": newest(Session.objects.filter(held_on__lte=TODAY), Resource.SESSION, "-held_on"),
        "referral": newest(Referral.objects.known_to_receiver(), Resource.REFERRAL, "-created_at"),
        "pair": newest(PersonPair.objects.all(), Resource.CHECK, "-bits"),
        "found": newest(Return.objects.defer("content"), Resource.RETURN, "-created_at"),
    }
    found = {}
    for page in OPENED[membership.role]:
        name = PAGES[page].partition("{")[2].partition("}")[0]
        values = [getattr(each, "pk", each) for each in examples[name]] if name else [""]
        found[page] = [PAGES[page].format(**{name: value}) for value in values]
    return {page: made for page, made in found.items() if made}
