"""The axes of the joint table of signatories: motive × sex × age band × schooling × French. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from passerelles.reference import age_bands
from passerelles.reference.levels import Level
from passerelles.reference.schooling import Schooling

MOTIVES = ("ASILE", "AUTRES", "ECONOMIQUE", "FAMILIAL")
ASYLUM, OTHER, ECONOMIC, FAMILY = range(4)
SEXES = ("F", "H")
WOMAN, MAN = range(2)
AGE_BANDS = tuple(
    (band.lowest, min(band.highest or 85, 85))
    for band in age_bands.bands(age_bands.Scheme.HAUTE_GARONNE)
    if band.lowest is not None
)
SCHOOLINGS = tuple(Schooling)
HOURS = (0, 100, 200, 400, 600)
LANGUAGES: tuple[tuple[Level, int], ...] = (
    (Level.INFRA_A1_1, 600),
    (Level.INFRA_A1_1, 400),
    (Level.A1_1, 400),
    (Level.INFRA_A1_1, 200),
    (Level.A1_1, 200),
    (Level.A1_1, 100),
    (Level.A1, 0),
    (Level.A2, 0),
    (Level.B1, 0),
    (Level.B2, 0),
    (Level.C1, 0),
)
"""What the first assessment may come to: below A1 if and only if hours are prescribed (B-019, rules of 2019)."""

SHAPE = (len(MOTIVES), len(SEXES), len(AGE_BANDS), len(SCHOOLINGS), len(LANGUAGES))
MOTIVE, SEX, AGE, SCHOOLING, LANGUAGE = range(5)

Index = npt.NDArray[np.int64]

HOURS_OF_LANGUAGE: Index = np.array([HOURS.index(hours) for _, hours in LANGUAGES])
HIGHER_OF_SCHOOLING: Index = np.array([int(schooling.is_higher_graduate) for schooling in SCHOOLINGS])
THRESHOLD_OF_LANGUAGE: Index = np.array(
    [0 if level < Level.A1 else 1 if level < Level.A2 else 2 for level, _ in LANGUAGES]
)
"""0 below A1, 1 A1, 2 A2 and above."""

SCHOOLING_GROUP: Index = np.array([0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
"""Little schooling, secondary, higher: what nationality, occupation and skills depend on."""

LANGUAGE_GROUP: Index = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2])
"""Below A1, A1 or A2, B1 and above."""
