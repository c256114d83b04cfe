"""What is compared in a pair, level by level from the strongest agreement to none, with its words in French. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.linkage.engine.conditions import (
    Condition,
    EitherWay,
    Flag,
    Initial,
    Known,
    Missing,
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
    """One degree of agreement. `rare`: what its frequency makes this agreement weigh more or less (`RARITIES`)."""

    code: str
    label: str
    when: Condition | None = None  # None: everything that no level above took
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: levels in order, the last takes the rest; compared only when `known`, and when none of `unless` holds.

    `unless` is apart from `known` so that engines ask it of the few pairs that may meet it.
    """

    code: str
    known: Condition
    levels: tuple[Level, ...]
    unless: tuple[Condition, ...] = ()

    def level(self, code: str) -> Level:
        return next(level for level in self.levels if level.code == code)


def _crossed(what: str) -> Condition:
    """Family and given names exchanged, both of them."""
    straight = one_of(Same("family"), Same("given"))
    return every(Not(straight), Overlap(f"given_{what}", f"family_{what}"), Overlap(f"family_{what}", f"given_{what}"))


def _single(*columns: str) -> Condition:
    """The only name of one is that column of the other."""
    return EitherWay(every(Missing("given"), one_of(*(Same("family", column) for column in columns))))


_ONE_NAME = EitherWay(Missing("given"))
_CROSSED, _CROSSED_KEYS = _crossed("tokens"), _crossed("keys")
_SAME_YEAR, _NEXT_YEAR = Same("born_year"), EitherWay(Same("born_year", "born_next"))
_ESTIMATED = Flag("estimated")
_REAL_DAYS = Not(_ESTIMATED)

COMPARISONS = (
    Comparison(
        "family",
        every(Known(("family",)), Not(_ONE_NAME)),
        (
            Level("same", "même nom de famille", Same("family"), rare="family"),
            Level("crossed", "nom et prénom inversés", _CROSSED, rare="names"),
            Level(
                "birth",
                "nom de famille de l’un, nom de naissance de l’autre",
                one_of(EitherWay(Same("family", "birth")), Same("birth")),
            ),
            Level("key", "nom de famille translittéré", Overlap("family_keys"), rare="family_keys"),
            Level("crossed_key", "nom et prénom inversés, translittérés", _CROSSED_KEYS, rare="names_keys"),
            Level(
                "birth_key",
                "nom de naissance translittéré",
                one_of(EitherWay(Overlap("family_keys", "birth_keys")), Overlap("birth_keys")),
            ),
            Level(
                "swap", "nom de famille trouvé parmi les prénoms", EitherWay(Overlap("family_tokens", "given_tokens"))
            ),
            Level(
                "swap_key",
                "nom de famille trouvé parmi les prénoms, translittéré",
                EitherWay(Overlap("family_keys", "given_keys")),
            ),
            Level("token", "une partie du nom de famille en commun", Overlap("family_tokens")),
            Level("letter", "nom de famille à une lettre près", Near("family", 1)),
            Level("letters", "nom de famille proche ou coupé", one_of(Near("family", 2, 5), Prefix("family"))),
            Level("other", "nom de famille différent"),
        ),
    ),
    # One list writes one name only, where another cut it in two or gave a family name: compared wherever it stands.
    Comparison(
        "single",
        every(Known(("family",)), _ONE_NAME),
        (
            Level("same", "nom unique, retrouvé chez l’autre", _single("given", "first", "family"), rare="first"),
            Level(
                "key",
                "nom unique, translittéré",
                EitherWay(
                    every(Missing("given"), one_of(Overlap("family_keys", "given_keys"), Overlap("family_keys")))
                ),
                rare="first_keys",
            ),
            Level("other", "nom unique, différent"),
        ),
    ),
    # Names exchanged are counted once, by `family`: what is found on the other side says nothing more of `given`.
    Comparison(
        "given",
        Known(("given",)),
        (
            Level("same", "mêmes prénoms", Same("given"), rare="first"),
            Level("first", "même premier prénom", Same("first"), rare="first"),
            Level("token", "un prénom en commun", Overlap("given_tokens")),
            Level("first_key", "prénom translittéré", Overlap("first_keys"), rare="first_keys"),
            Level("key", "un prénom translittéré en commun", Overlap("given_keys")),
            Level(
                "initial",
                "initiale du prénom",
                one_of(EitherWay(Initial("given", "given")), EitherWay(Initial("given", "family"))),
            ),
            Level(
                "elsewhere",
                "prénom trouvé dans le nom de famille",
                EitherWay(Overlap("given_tokens", "family_tokens")),
            ),
            Level(
                "elsewhere_key",
                "prénom trouvé dans le nom de famille, translittéré",
                EitherWay(Overlap("given_keys", "family_keys")),
            ),
            Level("letter", "prénom à une lettre près", one_of(Near("given", 1), Near("first", 1))),
            Level("letters", "prénom proche ou coupé", one_of(Near("given", 2, 5), Prefix("given"), Prefix("first"))),
            Level("other", "prénoms différents"),
        ),
        unless=(_CROSSED, _CROSSED_KEYS),
    ),
    Comparison(
        "born",
        Known(("born",)),
        (
            Level("same_estimated", "même date de naissance, estimée", every(Same("born"), _ESTIMATED)),
            Level("same", "même date de naissance", Same("born")),
            Level("inverted", "jour et mois de naissance inversés", every(_SAME_YEAR, Same("born_dm", "born_md"))),
            Level("estimated", "même année de naissance, date estimée d’un côté", every(_SAME_YEAR, _ESTIMATED)),
            Level("calendar", "mêmes jour et mois, à un an près", every(_REAL_DAYS, Same("born_md"), _NEXT_YEAR)),
            Level("digit", "date de naissance à un chiffre près", every(_REAL_DAYS, Near("born", 1))),
            Level("same_day", "mêmes jour et mois de naissance, autre année", every(_REAL_DAYS, Same("born_md"))),
            Level("year", "même année de naissance", _SAME_YEAR),
            Level("next_year", "date estimée d’un côté, à un an près", every(_ESTIMATED, _NEXT_YEAR)),
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
            Level("postcode", "même code postal", Same("postcode"), rare="postcode"),
            Level("city", "même commune", Same("city")),
            Level("department", "même département", Same("department"), rare="department"),
            Level("other", "autre département"),
        ),
    ),
    Comparison(
        "address",
        Known(("address",)),
        (
            Level("same", "même adresse", Same("address"), rare="address"),
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
        (
            Level("same", "même NIR", Same("nir")),
            Level("renewed", "NIR différent, qui a pu changer", Flag("nir_unsettled")),
            Level("other", "NIR définitif différent"),
        ),
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
