"""The ten levels of schooling of the Haute-Garonne annex (B-018)."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from passerelles.core.text import ascii_key
from passerelles.reference.matching import index_of


class Schooling(StrEnum):
    """In rising order of schooling (B-018, D-007). The value is stored; the label is shown."""

    NONE = "non_scolarise"
    PRIMARY = "primaire_sans_diplome"
    SECONDARY = "secondaire_sans_diplome"
    SECONDARY_BREVET = "secondaire_brevet"
    SECONDARY_CAP_BEP = "secondaire_cap_bep"
    SECONDARY_BAC = "secondaire_bac"
    HIGHER = "superieur_sans_diplome"
    HIGHER_BAC_2 = "superieur_bac_2"
    HIGHER_BAC_3 = "superieur_bac_3"
    HIGHER_BAC_4 = "superieur_bac_4_et_plus"

    @property
    def label_fr(self) -> str:
        return _LABELS[self][0]

    @property
    def is_higher_graduate(self) -> bool:
        """Graduate of higher education, one of the groups needing particular attention (B-016)."""
        return self in {Schooling.HIGHER_BAC_2, Schooling.HIGHER_BAC_3, Schooling.HIGHER_BAC_4}


_LABELS: dict[Schooling, tuple[str, ...]] = {
    Schooling.NONE: ("Non scolarisé", "Non scolarisée", "Jamais scolarisé", "Jamais scolarisée"),
    Schooling.PRIMARY: ("Primaire - Sans diplôme", "Primaire"),
    Schooling.SECONDARY: ("Secondaire - Sans diplôme",),
    Schooling.SECONDARY_BREVET: (
        "Secondaire - Diplôme national du brevet",
        "Secondaire - Brevet",
        "Diplôme national du brevet",
        "DNB",
        "Brevet",
    ),
    Schooling.SECONDARY_CAP_BEP: ("Secondaire - CAP / BEP", "CAP / BEP", "CAP", "BEP"),
    Schooling.SECONDARY_BAC: (
        "Secondaire - Baccalauréat général ; technologique ou pro.",
        "Secondaire - Baccalauréat",
        "Secondaire - Bac",
        "Baccalauréat",
        "Bac",
    ),
    Schooling.HIGHER: ("Supérieur - Sans diplôme",),
    Schooling.HIGHER_BAC_2: ("Supérieur - BAC+2 (DUT ; BTS ; DEUG...)", "Supérieur - BAC+2", "BAC+2"),
    Schooling.HIGHER_BAC_3: ("Supérieur - BAC+3", "BAC+3"),
    Schooling.HIGHER_BAC_4: ("Supérieur - BAC+4 et plus", "BAC+4 et plus", "Supérieur - BAC+4"),
}

_INDEX = index_of((schooling, (schooling.value, *labels)) for schooling, labels in _LABELS.items())


@lru_cache(maxsize=1024)
def find(text: str) -> Schooling | None:
    """The level meant by a label; accents, case and a leading dot (`.Non scolarisé`) ignored; else None."""
    return _INDEX.get(ascii_key(text))
