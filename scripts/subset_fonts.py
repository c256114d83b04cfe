"""Cut out of Noto Sans CJK SC the characters of the Chinese texts: `subset_fonts.py NotoSansCJK-Regular.ttc`.

Needs fontTools (`pip install fonttools`), and the font of Debian's fonts-noto-cjk. Run again when a Chinese text
changes: a test says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "passerelles"
OUT = ROOT / "core" / "fonts" / "PasserellesHans-Regular.otf"
HELD = OUT.with_suffix(".txt")
"""The characters in the font, for the test that compares them with the texts."""
FAMILY = "Passerelles Hans"
FACE = "Noto Sans CJK SC"
ALWAYS = "0123456789 ，。：；？！（）“”、·—年月日"


def characters() -> str:
    """What the Chinese texts hold, outside ASCII."""
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("*/texts/cmn.yaml")))
    return "".join(sorted({each for each in texts + ALWAYS if ord(each) > 127}))


def main(source: str) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    font = next(each for each in TTCollection(source).fonts if each["name"].getDebugName(1) == FACE)
    options = subset.Options(
        name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], layout_features=["*"], desubroutinize=True, notdef_outline=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters())
    cutter.subset(font)
    for record in list(font["name"].names):
        if record.nameID in {1, 3, 4, 6}:
            name = FAMILY.replace(" ", "") + "-Regular" if record.nameID == 6 else FAMILY
            record.string = name
    font["CFF "].cff.fontNames = [FAMILY.replace(" ", "") + "-Regular"]
    font.save(OUT)
    HELD.write_text(characters() + "\n", encoding="utf-8")
    sys.stdout.write(f"{OUT.name}: {len(characters())} caractères, {OUT.stat().st_size // 1024} ko\n")


if __name__ == "__main__":
    main(sys.argv[1])
