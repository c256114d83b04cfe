"""A cell in its plainest form is read at once; it must give what the whole parser gives."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelles.exchange.readers import parsers
from passerelles.exchange.readers.layouts import layout

ON = dt.date(2026, 3, 10)
FIELDS = {"foreigner_number": "foreigner_number", "ofii_number": "code", "email": "email", "phone": "phone"}
SIGNS = "0123456789" * 3 + "abcxyzNULéEA@@..--_ /#"
CELLS = (
    st.from_regex(r"\A0[0-9]{9}\Z")
    | st.from_regex(r"\A[a-z0-9._-]{1,12}@[a-z0-9-]{1,8}(\.[a-z0-9]{1,6}){1,3}\Z")
    | st.from_regex(r"\A[A-Za-z]{0,9}[0-9]{0,12}\Z")
    | st.text(SIGNS, max_size=14)
)


@pytest.mark.parametrize("name", FIELDS)
@given(cell=CELLS)
def test_the_plain_form_gives_what_the_parser_gives(name, cell):
    entry = layout("convocations").field(name)
    assert entry.kind == FIELDS[name]
    quick = parsers.parser_of(entry, ON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsers, "PLAIN", {})
        whole = parsers.parser_of(entry, ON)
    assert quick(cell) == whole(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("foreigner_number", "0123456789", "0123456789"),
        ("code", "OF00000012", "OF00000012"),
        ("email", "p12@exemple.example", "p12@exemple.example"),
        ("phone", "0612345678", "+33612345678"),
    ],
)
def test_the_usual_cells_are_plain(kind, cell, value):
    assert parsers.PLAIN[kind](cell) == value
