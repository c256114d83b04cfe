"""Same seed, same bytes: whatever the process, whatever the order of the dictionaries."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import polars as pl

from passerelles.synthetic.lists import linkage_base
from tests.synthetic.names.crowds import named

SCRIPT = """
from tests.synthetic.names.test_determinism import fingerprint
print(fingerprint(11))
"""


def fingerprint(seed: int) -> str:
    frames = (named(400, seed=seed), *linkage_base(150, 400, 0.6, seed))
    return hashlib.sha256("\n".join(frame.write_ndjson() for frame in frames).encode()).hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    there = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == fingerprint(11)


def test_another_seed_gives_other_people():
    assert fingerprint(11) != fingerprint(12)


def test_the_identity_of_one_does_not_depend_on_the_order_of_a_dictionary():
    one, other = named(300, seed=5), named(300, seed=5)
    assert one.equals(other)
    assert isinstance(one["speaks"].dtype, pl.List)
