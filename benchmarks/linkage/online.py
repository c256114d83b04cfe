"""Is this person already known? One look-up after another in PostgreSQL, on a base of its own filled by COPY."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from benchmarks.linkage.data import KEPT, Labelled
from passerelles.core.postgres import OWNER_ROLE, EmbeddedServer
from passerelles.linkage.engine.decision import CHECK
from passerelles.linkage.engine.model import Model
from passerelles.linkage.engine.records import Record

DATABASE = "bench_linkage"
QUERIES = 2_000
WARM = 200
HASHED = ("email", "phone", "foreigner_number", "nir", "ft_number")


def hidden(value: str | None) -> str:
    """As long and as equal as the keyed hashes of the platform."""
    return hashlib.blake2b(value.encode(), digest_size=16).hexdigest() if value else ""


def records(frame: pl.DataFrame) -> Iterator[Record]:
    for row in frame.iter_rows(named=True):
        yield Record.of({**row, **{name: hidden(row[name]) for name in HASHED}})


PERSON_COLUMNS = (
    "id created_at family_name birth_name given_names birth_date birth_date_precision sex nationality motive language "
    "needs_interpreter phone email address postcode city commune_code direction identity_key source"
).split()
DIRECTIONS = 50
WORDS_ASKED = 500


def people(frame: pl.DataFrame, keys: list[uuid.UUID], identity_key: Callable[..., str]) -> Iterator[list[Any]]:
    """The persons of the list, dealt out to fifty DTs."""
    created = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for n, (key, row) in enumerate(zip(keys, frame.iter_rows(named=True), strict=True)):
        told = {name: row[name] or "" for name in ("family_name", "given_names", "birth_name", "sex", "country")}
        family, given = told["family_name"][:120], told["given_names"][:160]
        yield [
            key, created, family, told["birth_name"][:120], given, row["birth_date"], "day", told["sex"][:1],
            told["country"][:2], "", "", False, "", "", "", "", "", "", f"dt-{n % DIRECTIONS}",
            identity_key(family, given, row["birth_date"])[:300], "",
        ]  # fmt: skip


def by_ear(base: Labelled, asked: list[int], keys: list[uuid.UUID], partners: dict[int, int]) -> None:
    """The page of persons: exact words then names that sound alike, as the other list writes them; no scope narrows."""
    from passerelles.linkage.queries.look_up import near
    from passerelles.network.policy import SYSTEM
    from passerelles.people.queries import search

    today = dt.date(2026, 11, 27)
    print("| search by name, as the other list writes it | p50 ms | p95 ms | p99 ms | person shown |")
    print("|---|---|---|---|---|")
    rows = list(base.left[asked[:WORDS_ASKED]].iter_rows(named=True))
    for name, form in (
        ("family and given name", "{family_name} {given_names}"),
        ("family, given name, birth date", "{family_name} {given_names} {birth_date:%d/%m/%Y}"),
        ("family name alone", "{family_name}"),
    ):
        spent, shown, count = [], 0, 0
        for n, row in enumerate(rows):
            if row["birth_date"] is None or not row["family_name"]:
                continue
            text = form.format(**row)[:120]
            start = time.perf_counter()
            here = [person.pk for person in search(SYSTEM, text, on=today)[:25]]
            here += [each.person.pk for each in near(SYSTEM, text, on=today, without=here)]
            spent.append(1000 * (time.perf_counter() - start))
            shown += keys[partners[asked[n]]] in here
            count += 1
        spent.sort()
        print(
            f"| {name} | {statistics.median(spent):.1f} | {spent[int(0.95 * count)]:.1f} "
            f"| {spent[int(0.99 * count)]:.1f} | {shown / count:.3f} |"
        )


def measure(base: Labelled, model: Model) -> None:
    """Prints the table; on a server of its own, whose database is dropped at the end."""
    server = EmbeddedServer(KEPT / "postgres")
    started = server.start()
    try:
        server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.ensure_database(DATABASE)
        url = server.dsn(DATABASE, OWNER_ROLE)
        os.environ |= {
            "PASSERELLES_DATABASE_URL": url,
            "PASSERELLES_OWNER_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "passerelles.config.settings",
        }
        _measured(base, model)
    finally:
        from django.db import connection

        connection.close()
        server.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        if started:
            server.stop()


def _measured(base: Labelled, model: Model) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from passerelles.core.bulk import copy_rows
    from passerelles.linkage import lookup
    from passerelles.linkage.models import PREPARED, Profile
    from passerelles.linkage.services.profiles import prepared
    from passerelles.people.identity import identity_key
    from passerelles.people.models import Person
    from passerelles.synthetic.services import indexes

    call_command("migrate", verbosity=0)
    assert base.right is not None
    with connection.cursor() as cursor:
        # Profiles are written below, prepared: nothing is to be marked.
        cursor.execute("ALTER TABLE people_person DISABLE TRIGGER USER")
        cursor.execute("SET synchronous_commit = off")
        keys = [uuid.UUID(int=n) for n in range(base.right.height)]
        indexes.set_aside(["people_person", "linkage_profile"])
        copy_rows(Person, PERSON_COLUMNS, people(base.right, keys, identity_key))
        start = time.perf_counter()
        rows = (
            [key, *(row[name] for name in PREPARED)]
            for key, row in zip(keys, (prepared(record, model) for record in records(base.right)), strict=True)
        )
        copy_rows(Profile, ["person", *PREPARED], rows)
        print(f"{base.right.height:,} profiles prepared and written in {time.perf_counter() - start:.0f} s", flush=True)
        start = time.perf_counter()
        built = list(indexes.put_back())
        print(f"{len(built)} indexes built in {time.perf_counter() - start:.0f} s", flush=True)
        cursor.execute("VACUUM ANALYZE linkage_profile")
        cursor.execute("VACUUM ANALYZE people_person")
        cursor.execute("SELECT pg_total_relation_size('linkage_profile') / 1048576")
        print(f"{cursor.fetchone()[0]:,} MiB with indexes")

    partners = dict(base.truth)
    asked = random.Random(57).sample(sorted(partners), QUERIES + WARM)
    prior = CHECK.prior(base.right.height)
    spent: list[float] = []
    first = linked = wrong = 0
    for n, record in enumerate(records(base.left[asked])):
        start = time.perf_counter()
        found = lookup.people_like(prepared(record, model), prior=prior, least_bits=-4.3)
        if n < WARM:
            continue
        spent.append(1000 * (time.perf_counter() - start))
        here = keys[partners[asked[n]]]
        first += bool(found) and found[0].pk == here
        sure = bool(found) and found[0].probability >= CHECK.thresholds.linked
        linked += sure and found[0].pk == here
        wrong += sure and found[0].pk != here
    spent.sort()
    by_ear(base, asked, keys, partners)
    print("| online look-up | p50 ms | p95 ms | p99 ms | right person first | linked | linked to another |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {base.right.height:,} rows, {QUERIES:,} persons who are there | {statistics.median(spent):.1f} "
        f"| {spent[int(0.95 * QUERIES)]:.1f} | {spent[int(0.99 * QUERIES)]:.1f} | {first / QUERIES:.4f} "
        f"| {linked / QUERIES:.4f} | {wrong} |"
    )
