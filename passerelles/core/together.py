"""Several small lists in one round trip to the database: what a page shows of one person, ten tables at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField, RangeField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models


def read_together(lists: Mapping[str, models.QuerySet]) -> dict[str, list[Any]]:
    """{name: the instances of that queryset, in its order}, in one query.

    Filters, orders, slices, `select_related` (named) and annotations are kept as they are; a queryset that can only be
    empty costs nothing. Each list travels as JSON: for what a page shows, not for many rows. Raises ValueError for a
    queryset of values, with deferred fields or with ranges.
    """
    found: dict[str, list[Any]] = {name: [] for name in lists}
    asked: list[tuple[str, _Shape]] = []
    parts, params = [], []
    for name, queryset in lists.items():
        shape = _Shape(queryset)
        try:
            sql, given = queryset.values_list(*shape.columns).query.sql_with_params()
        except EmptyResultSet:
            continue
        names = ", ".join(f"c{number}" for number in range(len(shape.columns)))
        parts.append(f"(SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM ({sql}) AS t({names}))")
        params += given
        asked.append((name, shape))
    if not parts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    for (name, shape), text in zip(asked, row, strict=True):
        found[name] = [shape.instance(each) for each in json.loads(text)]
    return found


class _Shape:
    """The columns of a queryset, its related rows after its own, and how to make instances of them."""

    def __init__(self, queryset: models.QuerySet) -> None:
        query = queryset.query
        related = query.select_related
        if query.values_select or query.deferred_loading[0] or related is True:
            raise ValueError(f"{queryset.model._meta.label}: whole rows and named relations only")
        self.tables = list(_tables(queryset.model, related or {}))
        if any(isinstance(field, RangeField) for _, model in self.tables for field in _fields(model)):
            raise ValueError(f"{queryset.model._meta.label}: a range does not travel as JSON")
        self.annotations = {name: each.output_field for name, each in query.annotation_select.items()}
        self.columns = [*(path + field.attname for path, model in self.tables for field in _fields(model))]
        self.columns += self.annotations

    def instance(self, row: Mapping[str, Any]) -> Any:
        values = iter(row[f"c{number}"] for number in range(len(self.columns)))
        made: dict[str, Any] = {}
        for path, model in self.tables:
            read = [_read(field, next(values)) for field in _fields(model)]
            names = [field.attname for field in _fields(model)]
            given = dict(zip(names, read, strict=True))
            made[path] = None if given[model._meta.pk.attname] is None else model.from_db("default", names, read)
            if path:
                before, _, name = path.removesuffix("__").rpartition("__")
                parent = made[f"{before}__" if before else ""]
                if parent is not None:
                    setattr(parent, name, made[path])
        for name, field in self.annotations.items():
            setattr(made[""], name, _read(field, next(values)))
        return made[""]


def _tables(
    model: type[models.Model], related: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, type[models.Model]]]:
    """(prefix, model) of the queryset, then of each relation it follows, parents first."""
    yield path, model
    for name, deeper in related.items():
        yield from _tables(model._meta.get_field(name).related_model, deeper, f"{path}{name}__")


def _fields(model: type[models.Model]) -> list[models.Field]:
    return list(model._meta.concrete_fields)


def _read(field: models.Field, value: Any) -> Any:
    """A value of `to_jsonb` as the field holds it: bytes are written in hexadecimal there, the rest as Django reads."""
    if value is None:
        return None
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.BinaryField):
        return bytes.fromhex(value.removeprefix("\\x"))
    if isinstance(target, models.JSONField):
        return value
    if isinstance(target, ArrayField):
        return [_read(target.base_field, each) for each in value]
    return target.to_python(value)
