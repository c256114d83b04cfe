"""Tagged PDF (PDF/UA-1, PDF/A-2a) typeset by typst with the fonts of `core/fonts`, none of the machine."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).resolve().parent / "fonts"
STANDARDS = ["ua-1", "a-2a"]


def typeset(template: Path, data: dict[str, Any], *, known_at: dt.datetime) -> bytes:
    """The bytes of the .pdf file; the template reads `data` in `sys.inputs.data`. The same for the same arguments."""
    return typst.compile(
        template,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(known_at.timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
