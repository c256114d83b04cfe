"""Write the compiled query that asks every figure for one person. Run after any change of a definition."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from passerelles.indicators.engine import dialects  # noqa: E402


def main() -> None:
    target = ROOT / "passerelles" / "indicators" / "engine" / dialects.COMPILED
    target.write_text(dialects.person_template(dialects.Dialect.POSTGRES) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
