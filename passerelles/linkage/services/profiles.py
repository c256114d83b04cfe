"""Prepared records kept up to date: persons when their record changed, lines when a list is loaded."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from passerelles.core import crypto
from passerelles.core.bulk import copy_rows
from passerelles.linkage.engine.blocking import block_keys
from passerelles.linkage.engine.model import Model, load
from passerelles.linkage.engine.records import ARRAYS, Record, prepare
from passerelles.linkage.models import PREPARED, ExternalRecord, Profile, Stale
from passerelles.people.enums import IdentifierKind
from passerelles.people.models import Identifier, Person

CHUNK = 2_000
KINDS = {
    IdentifierKind.AGDREF: "foreigner_number",
    IdentifierKind.NIR: "nir",
    IdentifierKind.FRANCE_TRAVAIL: "ft_number",
}


def prepared(record: Record, model: Model | None = None) -> dict[str, Any]:
    """The columns of `models.Prepared`: arrays as sorted lists, blocking keys, the version of the model."""
    model = model or load()
    row = model.weigh(prepare(record))
    columns: dict[str, Any] = {**row, "blocks": block_keys(row), "model": model.version}
    for name in ARRAYS:
        columns[name] = sorted(row[name])
    return columns


def hidden(kind: str, value: str) -> str:
    """A contact detail as it is compared: its keyed hash in hexadecimal, "" when unknown."""
    return crypto.keyed_hash(kind, value, secret=settings.SECRET_KEY).hex() if value else ""


def record_of(person: Person, identifiers: Mapping[str, str]) -> Record:
    """A person as a record to compare; `identifiers`: {kind: keyed hash in hexadecimal}.

    Kinds that no other list carries (a number of OFII) are not compared.
    """
    compared = {KINDS[kind]: value for kind, value in identifiers.items() if kind in KINDS}
    return Record(
        family_name=person.family_name,
        given_names=person.given_names,
        birth_name=person.birth_name,
        birth_date=person.birth_date,
        birth_date_estimated=person.birth_date_precision != "day",
        sex=person.sex,
        country=person.nationality,
        postcode=person.postcode,
        city=person.city,
        address=person.address,
        email=hidden("email", person.email.lower()),
        phone=hidden("phone", person.phone),
        **compared,
    )


def refresh(person_ids: Iterable[uuid.UUID]) -> int:
    """Prepare again those of these persons whose record changed since, or was prepared for another model."""
    wanted = list(person_ids)
    stale = set(Stale.objects.filter(person_id__any=wanted).values_list("person_id", flat=True))
    current = set(
        Profile.objects.filter(person_id__any=wanted, model=load().version).values_list("person_id", flat=True)
    )
    return _write([pk for pk in wanted if pk in stale or pk not in current])


def refresh_all(*, most: int | None = None) -> int:
    """Prepare every person that waits, `most` at most, by transactions of a few thousand; how many."""
    done = 0
    while most is None or done < most:
        with transaction.atomic():
            waiting = list(
                Stale.objects.select_for_update(skip_locked=True).values_list("person_id", flat=True)[
                    : CHUNK if most is None else min(CHUNK, most - done)
                ]
            )
            if not waiting:
                return done
            _write(waiting)
            done += len(waiting)
    return done


@transaction.atomic
def wait_for_the_model() -> int:
    """Mark the profiles prepared for another model: they are prepared again with the rest; how many."""
    old = Profile.objects.exclude(model=load().version).values_list("person_id", flat=True).order_by("person_id")
    marks = Stale.objects.bulk_create(
        (Stale(person_id=pk) for pk in old.iterator(chunk_size=CHUNK)), batch_size=CHUNK, ignore_conflicts=True
    )
    return len(marks)


@transaction.atomic
def _write(person_ids: Sequence[uuid.UUID]) -> int:
    """Locks the mark of staleness first: a change under way is prepared again after it."""
    for start in range(0, len(person_ids), CHUNK):
        part = list(person_ids[start : start + CHUNK])
        Stale.objects.filter(person_id__any=part).delete()
        identifiers: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
        for person_id, kind, value in (
            Identifier.objects.filter(person_id__any=part, kind__in=list(KINDS))
            .order_by("created_at", "pk")
            .values_list("person_id", "kind", "search_hash")
        ):
            identifiers[person_id][kind] = bytes(value).hex()
        people = Person.objects.filter(pk__any=part).order_by("pk")
        rows = [(p.pk, prepared(record_of(p, identifiers[p.pk]))) for p in people]
        Profile.objects.filter(person_id__any=part).delete()
        copy_rows(Profile, ["person", *PREPARED], ([pk, *(row[name] for name in PREPARED)] for pk, row in rows))
    return len(person_ids)


@transaction.atomic
def prepare_again(list_id: uuid.UUID) -> int:
    """The lines of a list prepared for another model, prepared for the present one."""
    version = load().version
    lines = list(ExternalRecord.objects.filter(list=list_id).exclude(model=version).order_by("pk"))
    for line in lines:
        for name, value in prepared(record_of_line(line)).items():
            setattr(line, name, value)
    ExternalRecord.objects.bulk_update(lines, PREPARED, batch_size=1000)
    return len(lines)


def record_of_line(line: ExternalRecord) -> Record:
    """A line of a list as a record to compare."""
    return Record(
        family_name=line.family_name,
        given_names=line.given_names,
        birth_name=line.birth_name,
        birth_date=line.birth_date,
        sex=line.sex,
        foreigner_number=line.agdref,
        nir=line.nir,
        ft_number=line.ft,
    )
