"""Arrays put end to end in PostgreSQL."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func


class Concatenated(Func):
    """`(one || other || …)` of arrays of 64-bit numbers: may stand in an index."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = ArrayField(models.BigIntegerField())
