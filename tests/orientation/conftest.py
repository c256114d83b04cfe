"""The rules are read from the register alone: no decision of a State agent, hence no database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from passerelles.reference import parameters


@pytest.fixture(autouse=True)
def register_alone() -> Iterator[None]:
    former = parameters.use_overrides(None)
    yield
    parameters.use_overrides(former)
