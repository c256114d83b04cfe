"""A day on the command line, written as in the files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click


class Day(click.ParamType):
    name = "AAAA-MM-JJ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"« {value} » n’est pas une date. Écrivez AAAA-MM-JJ, par exemple 2026-01-15.", param, ctx)
