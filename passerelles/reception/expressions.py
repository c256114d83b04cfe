"""What the constraints against double booking look at, as SQL that an index may hold (decision 0005)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Func

PARIS = "AT TIME ZONE 'Europe/Paris'"
SECONDS = "extract(epoch FROM {}(%(slot)s) AT TIME ZONE 'UTC')::float8"
PLACE = "(uuid_hash_extended(%(desk)s, 0) >> 11)::float8"


class DayOf(Func):
    """The day, in Paris, on which a period starts."""

    template = f"((lower(%(expressions)s) {PARIS})::date)"
    output_field = models.DateField()


class LastDayOf(Func):
    """The day, in Paris, on which a period ends."""

    template = f"((upper(%(expressions)s) {PARIS})::date)"
    output_field = models.DateField()


class StartOf(Func):
    """The time, in Paris, at which a period starts."""

    template = f"((lower(%(expressions)s) {PARIS})::time)"
    output_field = models.TimeField()


class EndOf(Func):
    """The time, in Paris, at which a period ends."""

    template = f"((upper(%(expressions)s) {PARIS})::time)"
    output_field = models.TimeField()


class DeskAndTime(Func):
    """A desk and a slot as a box without width, at a place drawn from the desk, as high as the slot lasts.

    Boxes meet when the desk is the same and the slots overlap: what `desk =, slot &&` says, for half the cost of
    writing. Heights are seconds; the last millisecond is left out, so that neighbours do not touch.
    """

    template = f"box(point({PLACE}, {SECONDS.format('lower')}), point({PLACE}, {SECONDS.format('upper')} - 0.001))"
    output_field = DateTimeRangeField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        desk, slot = (compiler.compile(source)[0] for source in self.get_source_expressions())
        return self.template % {"desk": desk, "slot": slot}, []
