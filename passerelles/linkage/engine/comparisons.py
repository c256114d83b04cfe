"""What is compared in a pair, level by level from the strongest agreement to none, with its words in French. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.linkage.engine.conditions import (
    Condition,
    EitherWay,
    Flag,
    Known,
    Near,
    Not,
    Overlap,
    Prefix,
    Same,
    every,
    one_of,
)


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement. `rare`: the column whose frequency makes this agreement weigh more or less."""

    code: str
    label: str
    when: Condition | None = None  # None: everything that no level above took
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: levels in order, the last takes the rest; compared only when `known`."""

    code: str
    known: Condition
    levels: tuple[Level, ...]

    @property
    def rare(self) -> str:
        """The column whose frequency counts at some level; "" when none does."""
        return next((level.rare for level in self.levels if level.rare), "")

    def level(self, code: str) -> Level:
        return next(level for level in self.levels if level.code == code)


def _crossed(what: str) -> Condition:
    """Family and given names exchanged, both of them: one word found on the other side is counted once, by `family`."""
    return every(Overlap(f"given_{what}", f"family_{what}"), Overlap(f"family_{what}", f"given_{what}"))


_SAME_YEAR = Same("born_year")
_REAL_DAYS = Not(Flag("estimated"))

COMPARISONS = (
    Comparison(
        "family",
        Known(("family",)),
        (
            Level("same", "même nom de famille", Same("family"), rare="family"),
            Level(
                "birth",
                "nom de famille de l’un, nom de naissance de l’autre",
                one_of(EitherWay(Same("family", "birth")), Same("birth")),
            ),
            Level("key", "nom de famille translittéré", Overlap("family_keys")),
            Level(
                "birth_key",
                "nom de naissance translittéré",
                one_of(EitherWay(Overlap("family_keys", "birth_keys")), Overlap("birth_keys")),
            ),
            Level(
                "swap", "nom de famille trouvé parmi les prénoms", EitherWay(Overlap("family_tokens", "given_tokens"))
            ),
            Level("token", "une partie du nom de famille en commun", Overlap("family_tokens")),
            Level("letter", "nom de famille à une lettre près", Near("family", 1)),
            Level("letters", "nom de famille proche ou coupé", one_of(Near("family", 2, 5), Prefix("family"))),
            Level("other", "nom de famille différent"),
        ),
    ),
    Comparison(
        "given",
        Known(("given",)),
        (
            Level("same", "mêmes prénoms", Same("given"), rare="first"),
            Level("first", "même premier prénom", Same("first"), rare="first"),
            Level("token", "un prénom en commun", Overlap("given_tokens")),
            Level("first_key", "prénom translittéré", Overlap("first_keys")),
            Level("key", "un prénom translittéré en commun", Overlap("given_keys")),
            Level("swap", "nom et prénom inversés", _crossed("tokens")),
            Level("swap_key", "nom et prénom inversés, translittérés", _crossed("keys")),
            Level("letter", "prénom à une lettre près", one_of(Near("given", 1), Near("first", 1))),
            Level("letters", "prénom proche ou coupé", one_of(Near("given", 2, 5), Prefix("given"), Prefix("first"))),
            Level("other", "prénoms différents"),
        ),
    ),
    Comparison(
        "born",
        Known(("born",)),
        (
            Level("same_estimated", "même date de naissance, estimée", every(Same("born"), Flag("estimated"))),
            Level("same", "même date de naissance", Same("born")),
            Level("inverted", "jour et mois de naissance inversés", every(_SAME_YEAR, Same("born_dm", "born_md"))),
            Level("estimated", "même année de naissance, date estimée d’un côté", every(_SAME_YEAR, Flag("estimated"))),
            Level("digit", "date de naissance à un chiffre près", every(_REAL_DAYS, Near("born", 1))),
            Level("same_day", "mêmes jour et mois de naissance, autre année", every(_REAL_DAYS, Same("born_md"))),
            Level("year", "même année de naissance", _SAME_YEAR),
            Level("other", "date de naissance différente"),
        ),
    ),
    Comparison(
        "sex",
        Known(("sex",)),
        (Level("same", "même sexe", Same("sex")), Level("other", "sexe différent")),
    ),
    Comparison(
        "country",
        Known(("country",)),
        (Level("same", "même pays", Same("country")), Level("other", "pays différent")),
    ),
    Comparison(
        "place",
        Known(("postcode",)),
        (
            Level("postcode", "même code postal", Same("postcode")),
            Level("city", "même commune", Same("city")),
            Level("department", "même département", Same("department")),
            Level("other", "autre département"),
        ),
    ),
    Comparison(
        "address",
        Known(("address",)),
        (
            Level("same", "même adresse", Same("address")),
            Level("letters", "adresse proche ou coupée", one_of(Near("address", 3, 8), Prefix("address", 8))),
            Level("other", "autre adresse"),
        ),
    ),
    Comparison(
        "email",
        Known(("email",)),
        (Level("same", "même adresse électronique", Same("email")), Level("other", "autre adresse électronique")),
    ),
    Comparison(
        "phone",
        Known(("phone",)),
        (Level("same", "même téléphone", Same("phone")), Level("other", "autre téléphone")),
    ),
    Comparison(
        "agdref",
        Known(("agdref",)),
        (
            Level("same", "même numéro étranger", Same("agdref")),
            Level("digit", "numéro étranger à un chiffre près", Near("agdref", 1)),
            Level("other", "numéro étranger différent"),
        ),
    ),
    Comparison(
        "nir",
        Known(("nir",)),
        (Level("same", "même NIR", Same("nir")), Level("other", "NIR différent")),
    ),
    Comparison(
        "ft",
        Known(("ft",)),
        (
            Level("same", "même identifiant France Travail", Same("ft")),
            Level("other", "identifiant France Travail différent"),
        ),
    ),
)
KIN = "kin"
KIN_LABEL = "pourrait être un proche : père, sœur, conjoint, jumeau"
"""What two members of one family have in common counts for less; the words for it among the contributions."""
BY_CODE = {comparison.code: comparison for comparison in COMPARISONS}
