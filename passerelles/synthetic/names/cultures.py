"""How each culture turns the roots of a name into the family name, birth name and given names of a French file. Pure.

One function per culture, from a `Root` (one person) to a `Written`. `chance` and `other` are numbers of [0, 1): the
conventions of the office that wrote. `birth` is empty when it is the family name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Root(NamedTuple):
    """What a person is called at home; see `families.Roots`. `sex` is F or H."""

    sex: str
    stock: str
    given: str
    second: str
    father: str
    grandfather: str
    family: str
    other_family: str
    husband: str
    chance: float
    other: float


class Written(NamedTuple):
    family: str
    birth: str
    given: str


Writer = Callable[[Root], Written]

WITHOUT_MUHAMMAD = frozenset("Das Roy Barua Paul Saha Debnath Mondal Biswas Majumder Sarker".split())
"""Bengali families mostly Hindu or Buddhist: neither Md nor Begum."""
BENGALI_WOMEN = ("Begum", "Akter", "Khatun", "Sultana", "Bibi", "Parvin", "Nahar", "Khanam")
PAKISTANI_WOMEN = ("Bibi", "Begum", "Kausar", "Parveen", "Akhtar", "Khanum")
CHINESE_SPLIT = ("xiao", "guo", "jian", "zhi", "hai", "zhen", "wen", "yu", "xiu", "li", "mei", "shu", "yuan", "chun")


def plain(root: Root) -> Written:
    """One or two given names, one family name; her husband's name in use when she bears it."""
    return _married(root, root.family, root.husband, _joined(root.given, root.second))


def chain(root: Root) -> Written:
    """Arabic chains: the given name, sometimes followed by the father's, then the name of the line."""
    given = _joined(root.given, root.father) if root.chance < 0.35 else root.given
    return Written(root.family, "", given)


def given_chain(root: Root) -> Written:
    """Sudan: three or four given names in line and no family name; the office cuts where it likes."""
    if root.chance < 0.5:
        return Written(_joined(root.father, root.grandfather), "", root.given)
    if root.chance < 0.8:
        return Written(root.grandfather, "", _joined(root.given, root.father))
    return Written(_joined(root.father, root.grandfather, root.other_family), "", root.given)


def three_names(root: Root) -> Written:
    """Eritrea, Ethiopia, Somalia: own name, father's, grandfather's; one or both of the last become the family."""
    if root.chance < 0.4:
        return Written(_joined(root.father, root.grandfather), "", root.given)
    if root.chance < 0.65:
        return Written(root.father, "", root.given)
    return Written(root.grandfather, "", _joined(root.given, root.father) if root.other < 0.4 else root.given)


def father_name(root: Root) -> Written:
    """Comoros: the father's given name, or a family name."""
    return Written(root.father if root.chance < 0.5 else root.family, "", _joined(root.given, root.second))


def afghan(root: Root) -> Written:
    """A recent or tribal family name; compounds with Abdul, Sayed, Gul, -ullah written in one word or two."""
    given = root.given.replace("ullah", " Ullah") if root.chance < 0.12 else root.given
    return Written(root.family, "", given)


def persian(root: Root) -> Written:
    """Compounds such as Mohammad Reza, -zadeh, -pour: in one word or two."""
    given = root.given.replace(" ", "").capitalize() if root.chance < 0.35 else root.given
    family = root.family
    for ending in ("zadeh", "pour", "nejad"):
        if family.endswith(ending) and root.other < 0.2:
            family = f"{family.removesuffix(ending)} {ending.capitalize()}"
    return Written(family, "", given)


def pakistani(root: Root) -> Written:
    """The father's given name, or a family, as a name; Muhammad put first; Bibi, Begum or the husband's for women."""
    if root.sex == "H":
        head = "Muhammad" if root.chance < 0.35 and root.given not in {"Muhammad", "Ghulam Abbas"} else ""
        return Written(
            root.father if root.other < 0.3 and root.father != root.given else root.family,
            "",
            _joined(head, root.given),
        )
    title = PAKISTANI_WOMEN[int(root.other * len(PAKISTANI_WOMEN))]
    if root.husband:
        return Written(root.husband, title if root.chance < 0.5 else root.family, root.given)
    return Written(title if root.chance < 0.35 else root.family, "", root.given)


def bengali(root: Root) -> Written:
    """Md or Mohammad before the names of men; Begum, Akter, Khatun… instead of a common family name for women."""
    if root.family in WITHOUT_MUHAMMAD:
        return Written(root.family, "", root.given)
    if root.sex == "H":
        head = "Md" if root.chance < 0.5 else "Mohammad" if root.chance < 0.65 else ""
        return Written(root.family, "", _joined(head, root.given))
    if root.chance < 0.65:
        return Written(BENGALI_WOMEN[int(root.other * len(BENGALI_WOMEN))], "", root.given)
    return Written(root.family, "", root.given)


def tamil(root: Root) -> Written:
    """No stable family name: the father's name, or her husband's, stands for it, sometimes as an initial."""
    father = root.father if root.chance < 0.45 and root.father != root.given else root.family
    if root.husband and root.husband != root.given:
        return Written(root.husband, father, root.given)
    if root.other < 0.04:
        return Written(father, "", f"{father[0]}. {root.given}")
    return Written(father, "", root.given)


def sikh(root: Root) -> Written:
    """Singh for men, Kaur for women, alone or with the name of the line."""
    title = "Kaur" if root.sex == "F" else "Singh"
    line = "" if root.family == "Singh" else root.family
    if root.chance < 0.55 or not line:
        return Written(title, "", root.given)
    if root.chance < 0.8:
        return Written(line, "", _joined(root.given, title))
    return Written(_joined(title, line), "", root.given)


def two_names(root: Root) -> Written:
    """Tibet: two given names; the second is taken for a family name."""
    return Written(root.father if root.father != root.given else root.grandfather, "", root.given)


def west_african(root: Root) -> Written:
    """A small stock of families; women keep theirs. Mauritania: Ould for men, Mint for women."""
    family = root.family
    if family.startswith(("Ould ", "Mint ")):
        family = f"{'Mint' if root.sex == 'F' else 'Ould'} {family.split(' ', 1)[1]}"
    return Written(family, "", _joined(root.given, root.second))


def two_part(root: Root) -> Written:
    """Cameroon, Congo: one name in three is made of two."""
    family = root.family
    if root.chance < 0.3 and " " not in family and root.other_family != family:
        family = f"{family} {root.other_family.split(' ')[-1]}"
    return _married(root, family, root.husband, _joined(root.given, root.second))


def post_name(root: Root) -> Written:
    """Democratic Republic of the Congo: name, post-name, given name; the post-name goes with one or the other."""
    after = root.other_family
    if root.chance < 0.7:
        return Written(_joined(root.family, after), "", _joined(root.given, root.second))
    if root.chance < 0.85:
        return Written(root.family, "", _joined(after, root.given))
    return Written(root.family, "", _joined(root.given, root.second))


def haitian(root: Root) -> Written:
    """Given names borne as families: nothing tells an inversion."""
    return _married(root, root.family, root.husband, _joined(root.given, root.second))


def chinese(root: Root) -> Written:
    """A family of one syllable; the two syllables of the given name glued, split or hyphened."""
    given = root.given
    if root.chance < 0.22:
        given = split_syllables(given, " " if root.other < 0.7 else "-")
    return Written(root.family, "", given)


def vietnamese(root: Root) -> Written:
    """Family, Văn or Thị, given name."""
    return Written(root.family, "", _joined(root.second, root.given))


def middle_name(root: Root) -> Written:
    """Philippines: the mother's family between given names and family, poured into the given names or left out."""
    middle = root.other_family if root.chance < 0.4 and not root.husband else ""
    middle = root.family if root.chance < 0.4 and root.husband else middle
    return _married(root, root.family, root.husband, _joined(root.given, root.second, middle))


def slavic(root: Root) -> Written:
    """Families inflected for women; the patronymic only in old civil status."""
    given = _joined(root.given, patronymic(root)) if root.chance < 0.10 else root.given
    if root.sex == "H":
        return Written(root.family, "", given)
    return _married(root, feminine(root.family), feminine(root.husband), given)


def turkish(root: Root) -> Written:
    """The husband's name in use, one time in eight after her own."""
    if root.husband and root.husband != root.family and root.chance < 0.12:
        return Written(_joined(root.family, root.husband), root.family, _joined(root.given, root.second))
    return _married(root, root.family, root.husband, _joined(root.given, root.second))


def two_surnames(root: Root) -> Written:
    """Spanish America: father's then mother's name."""
    return Written(_joined(root.family, root.other_family), "", _joined(root.given, root.second))


def two_surnames_reversed(root: Root) -> Written:
    """Brazil, Portuguese Africa: mother's then father's name, with their particles; the last is the one that counts."""
    particle = ("", "", "da", "de", "dos")[int(root.chance * 5)]
    last = root.family
    if particle and " " not in last:
        fitting = {"Santos": "dos", "Silva": "da", "Costa": "da", "Souza": "de", "Oliveira": "de", "Rocha": "da"}
        last = _joined(fitting.get(last, ""), last)
    own = _joined(root.other_family, last) if root.other_family != root.family else last
    return _married(root, own, root.husband, _joined(root.given, root.second))


def english(root: Root) -> Written:
    """A middle name, in full or as an initial, kept or lost."""
    second = root.second if root.chance < 0.75 else f"{root.second[0]}." if root.second else ""
    return _married(root, root.family, root.husband, _joined(root.given, second))


def nigerian(root: Root) -> Written:
    """Three names without a fixed order."""
    given, family = _joined(root.given, root.second), root.family
    if root.chance < 0.12 and root.second:
        return Written(root.second, "", _joined(root.given, family))
    return _married(root, family, root.husband, given)


WRITERS: dict[str, Writer] = {
    "plain": plain,
    "maghreb": plain,
    "chain": chain,
    "given_chain": given_chain,
    "three_names": three_names,
    "father_name": father_name,
    "afghan": afghan,
    "persian": persian,
    "pakistani": pakistani,
    "bengali": bengali,
    "tamil": tamil,
    "sikh": sikh,
    "two_names": two_names,
    "west_african": west_african,
    "two_part": two_part,
    "post_name": post_name,
    "haitian": haitian,
    "chinese": chinese,
    "vietnamese": vietnamese,
    "middle_name": middle_name,
    "slavic": slavic,
    "turkish": turkish,
    "two_surnames": two_surnames,
    "two_surnames_reversed": two_surnames_reversed,
    "english": english,
    "nigerian": nigerian,
}


def feminine(family: str) -> str:
    """Ivanov → Ivanova, Vysotskii → Vysotskaia, Kovalskyi → Kovalska; others do not change."""
    for ending, turned in (("skii", "skaia"), ("skyi", "ska"), ("oi", "aia")):
        if family.endswith(ending):
            return f"{family.removesuffix(ending)}{turned}"
    return f"{family}a" if family.endswith(("ov", "ev", "in")) else family


def masculine(family: str) -> str:
    """The inverse of `feminine` as an office reads it: Ivanova → Ivanov, Vysotskaia → Vysotskii."""
    for ending, turned in (("skaia", "skii"), ("ska", "skyi")):
        if family.endswith(ending):
            return f"{family.removesuffix(ending)}{turned}"
    return family[:-1] if family.endswith(("ova", "eva", "ina")) and len(family) > 4 else family


def patronymic(root: Root) -> str:
    """Ivanovitch, Sergeevna, as French civil status spells them."""
    father = {"Pavel": "Pavl", "Lev": "Lv", "Petr": "Petr"}.get(root.father, root.father)
    soft = father.endswith("i")
    stem = father[:-1] if father.endswith(("i", "a", "o")) else father
    man, woman = ("evitch", "evna") if soft else ("ovitch", "ovna")
    return f"{stem}{woman if root.sex == 'F' else man}"


def split_syllables(given: str, between: str) -> str:
    """Xiaoming → Xiao Ming; names of one syllable do not change."""
    lower = given.lower()
    for first in sorted(CHINESE_SPLIT, key=len, reverse=True):
        rest = given[len(first) :]
        if lower.startswith(first) and len(rest) >= 2 and rest[0] not in "aeioungü":
            return f"{given[: len(first)]}{between}{rest.capitalize()}"
    return given


def _married(root: Root, own: str, husband: str, given: str) -> Written:
    if root.sex == "F" and husband and husband != own:
        return Written(husband, own, given)
    return Written(own, "", given)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
