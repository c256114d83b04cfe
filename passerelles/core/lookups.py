"""`field__any=[…]`: one array parameter instead of thousands, whatever the size of the list."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, ForeignKey, Lookup
from django.db.models.fields.related import ForeignObject


@ForeignObject.register_lookup
@Field.register_lookup
class Any_(Lookup):
    """`column = ANY(array)`; an empty list matches nothing."""

    lookup_name = "any"

    def get_prep_lookup(self) -> list[Any]:
        field = self.lhs.output_field
        while isinstance(field, ForeignKey):
            field = field.target_field
        return [field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        while isinstance(field, ForeignKey):
            field = field.target_field
        return f"{lhs} = ANY(%s::{field.db_type(connection).split('(')[0]}[])", [*params, array_literal(self.rhs)]


def array_literal(values: list[Any]) -> str:
    """A PostgreSQL array as text: one value to adapt instead of thousands."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes | memoryview):
        return f'"\\\\x{value.hex()}"'
    text = str(value)
    return (
        text
        if text.isalnum() and text.upper() != "NULL"
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
