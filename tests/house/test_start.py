"""Every command starts Django: what takes seconds to load waits until it is used."""

from __future__ import annotations

import subprocess
import sys

LONG = ("scipy", "ibis", "duckdb", "polars", "weasyprint", "sklearn")


def test_starting_loads_none_of_the_long_libraries():
    script = f"import sys, django; django.setup(); print(*[name for name in {LONG} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
