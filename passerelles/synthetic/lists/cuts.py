"""Where an office cuts, turns, keeps or loses the parts of a name. Pure: words in, words out.

One function per habit, named as in `names_defects.yaml`. A habit that does not fit a name leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from passerelles.synthetic.names.cultures import Root, masculine, patronymic, split_syllables
from passerelles.synthetic.names.stock import defects, stocks

Words = tuple[str, ...]


class Name(NamedTuple):
    """`chance` is a number of [0, 1) for the habits that choose."""

    family: Words
    given: Words
    sex: str
    stock: str
    chance: float


Cut = Callable[[Name], Name]

TITLES = frozenset("Md Mohammad Muhammad Sayed Haji Hadja Elhadj Serigne Cheikh Abdul Ghulam Bibi".split())
ARTICLES = ("El ", "Al-", "El-", "Al ", "De la ", "Dela ", "Del ", "De ", "de ", "da ", "dos ", "Ait ", "Ould ")
COMPOUND_HEADS = ("Abdel", "Abdul", "Abder", "Abd", "Gebre", "Ghebre", "Wolde", "Welde", "Habte", "Tesfa", "Mohammad")
COMPOUND_ENDS = ("ullah", "uddin", "zadeh", "pour", "eddine", "rahman")
SHORTEST_PART = 3
COMMON_FATHERS = 20
"""A father is named from among that many of the most common names."""


def first_given_only(name: Name) -> Name:
    return name._replace(given=name.given[:1])


def drop_last_given(name: Name) -> Name:
    return name._replace(given=name.given[:-1]) if len(name.given) > 1 else name


def drop_first_given(name: Name) -> Name:
    return name._replace(given=name.given[1:]) if len(name.given) > 1 else name


def last_given_to_family(name: Name) -> Name:
    if len(name.given) < 2:
        return name
    return name._replace(given=name.given[:-1], family=(name.given[-1], *name.family))


def first_given_to_family(name: Name) -> Name:
    if len(name.given) < 2:
        return name
    return name._replace(given=name.given[1:], family=(*name.family, name.given[0]))


def first_family_to_given(name: Name) -> Name:
    if len(name.family) < 2:
        return name
    return name._replace(family=name.family[1:], given=(*name.given, name.family[0]))


def last_family_to_given(name: Name) -> Name:
    if len(name.family) < 2:
        return name
    return name._replace(family=name.family[:-1], given=(name.family[-1], *name.given))


def drop_first_family(name: Name) -> Name:
    return name._replace(family=name.family[1:]) if len(name.family) > 1 else name


def drop_last_family(name: Name) -> Name:
    return name._replace(family=name.family[:-1]) if len(name.family) > 1 else name


def full_swap(name: Name) -> Name:
    return name._replace(family=name.given, given=name.family)


def swap_last(name: Name) -> Name:
    """The last given name and the first family name change places."""
    family, given = (name.given[-1], *name.family[1:]), (*name.given[:-1], name.family[0])
    return name._replace(family=family, given=given)


def family_lost(name: Name) -> Name:
    """The given names alone, with what the office writes where a family name should stand."""
    conventions = defects()["ofii"]["no_name"]
    convention = conventions[int(name.chance * len(conventions))]
    return name._replace(family=name.given if convention == "=" else (convention,))


def given_as_family(name: Name) -> Name:
    return name._replace(family=name.given)


def family_to_given(name: Name) -> Name:
    """The father's name before the given one, which becomes the family."""
    return name._replace(family=name.given, given=(*name.family, *name.given))


def initial(name: Name) -> Name:
    """`Nadarajah / Sivakumar` → `Sivakumar / N.`"""
    return name._replace(family=name.given, given=(f"{name.family[0][0]}.",))


def initial_of_second(name: Name) -> Name:
    if len(name.given) < 2:
        return name
    return name._replace(given=(name.given[0], f"{name.given[1][0]}."))


def drop_title(name: Name) -> Name:
    return name._replace(given=name.given[1:]) if len(name.given) > 1 and name.given[0] in TITLES else name


def abbreviate_title(name: Name) -> Name:
    short = {"Mohammad": "Md", "Md": "Mohammad", "Muhammad": "M."}
    head = short.get(name.given[0])
    return name._replace(given=(head, *name.given[1:])) if head and len(name.given) > 1 else name


def add_muhammad(name: Name) -> Name:
    if name.sex == "F" or name.given[0] in TITLES:
        return name
    return name._replace(given=("Muhammad", *name.given))


def add_patronymic(name: Name) -> Name:
    men = stocks()[name.stock].kinds["man"].values
    father = str(men[int(name.chance * min(COMMON_FATHERS, len(men)))])
    root = Root(name.sex, name.stock, "", "", father, "", "", "", "", 0, 0)
    return name._replace(given=(name.given[0], patronymic(root)))


def masculine_form(name: Name) -> Name:
    return name._replace(family=tuple(masculine(word) for word in name.family)) if name.sex == "F" else name


def drop_article(name: Name) -> Name:
    whole = " ".join(name.family)
    for article in ARTICLES:
        if whole.startswith(article) and len(whole) - len(article) >= SHORTEST_PART:
            return name._replace(family=_words(whole.removeprefix(article)))
    return name


def glue_family(name: Name) -> Name:
    return name._replace(family=(_glued(name.family),))


def glue_given(name: Name) -> Name:
    return name._replace(given=(_glued(name.given),))


def split_compound(name: Name) -> Name:
    """Abdelkader → Abd El Kader or Abdel Kader; Najibullah → Najib Ullah; Gebremedhin → Gebre Medhin."""
    given = tuple(part for word in name.given for part in _split(word, name.chance))
    family = tuple(part for word in name.family for part in _split(word, name.chance))
    return name._replace(given=given) if given != name.given else name._replace(family=family)


def split_hyphen(name: Name) -> Name:
    return name._replace(
        given=_words(" ".join(name.given).replace("-", " ")), family=_words(" ".join(name.family).replace("-", " "))
    )


def split_chinese(name: Name) -> Name:
    return name._replace(given=_words(split_syllables(" ".join(name.given), " ")))


def _words(text: str) -> Words:
    return tuple(text.split())


def _glued(words: Words) -> str:
    return words[0] + "".join(word.lower() for word in words[1:])


def _split(word: str, chance: float) -> Words:
    if word.startswith("Abdel") and chance < 0.4 and len(word) >= len("Abdel") + SHORTEST_PART:
        return ("Abd", "El", word[5:].capitalize())
    for head in COMPOUND_HEADS:
        if word.startswith(head) and len(word) >= len(head) + SHORTEST_PART:
            return (head, word[len(head) :].capitalize())
    for end in COMPOUND_ENDS:
        if word.endswith(end) and len(word) >= len(end) + SHORTEST_PART:
            return (word.removesuffix(end), end.capitalize())
    return (word,)


CUTS: Mapping[str, Cut] = {
    cut.__name__: cut
    for cut in (
        first_given_only, drop_last_given, drop_first_given, last_given_to_family, first_given_to_family,
        first_family_to_given, last_family_to_given, drop_first_family, drop_last_family, full_swap, swap_last,
        family_lost, given_as_family, family_to_given, initial, initial_of_second, drop_title, abbreviate_title,
        add_muhammad, add_patronymic, drop_article, glue_family, glue_given, split_compound, split_hyphen,
    )
} | {"masculine": masculine_form, "split_syllables": split_chinese}  # fmt: skip


def cut(habit: str, name: Name) -> Name:
    """The name after the habit; unchanged when nothing would be left of the family or of the given names."""
    found = CUTS[habit](name)
    return found if "".join(found.family) and "".join(found.given) else name
