"""What a keyboard, a spreadsheet and a narrow column do to one name. Pure."""

from __future__ import annotations

from collections.abc import Callable

from passerelles.synthetic.names.identities import without_marks
from passerelles.synthetic.names.spellings import spellings

NEIGHBOURS = {
    row[place]: row[place - 1] + row[place + 1 if place + 1 < len(row) else 0]
    for row in ("azertyuiop", "qsdfghjklm", "wxcvbn")
    for place in range(len(row))
}
"""Keys next to each other on a French keyboard."""
PARTICLES = ("El ", "Al ", "Al-", "El-", "Ait ", "Ben ", "Bel ", "Abd ", "De ", "Dela ")


def another_spelling(name: str, stock: str, chance: float) -> str:
    """The name with one of its words, or all of it, spelled another way; unchanged when no other spelling is known."""
    whole = spellings(name, stock)
    words = name.split(" ")
    place = int(chance * 7919) % len(words)
    choices = whole if len(words) == 1 else [*whole[:2], *_replaced(words, place, stock)]
    if not choices:
        choices = [other for spot in range(len(words)) for other in _replaced(words, spot, stock)]
    # The first spellings are the likeliest: the square of a uniform number falls there more often.
    return choices[int(chance * chance * len(choices))] if choices else name


def _replaced(words: list[str], place: int, stock: str) -> list[str]:
    return [" ".join([*words[:place], other, *words[place + 1 :]]) for other in spellings(words[place], stock)]


def other_marks(name: str, chance: float) -> str:
    """Hyphens, apostrophes, spaces and particles glued or lost: EL IDRISSI, ELIDRISSI, IDRISSI."""
    forms = [form for form in _forms(name) if form and form != name]
    return forms[int(chance * len(forms))] if forms else name


def _forms(name: str) -> list[str]:
    forms = []
    if "-" in name:
        forms += [name.replace("-", " "), name.replace("-", "")]
    elif " " in name:
        forms += [name.replace(" ", "-", 1), name.replace(" ", "", 1)]
    if "’" in name or "'" in name:
        forms += [name.replace("’", "").replace("'", ""), name.replace("’", " ").replace("'", " ")]
    for particle in PARTICLES:
        if name.startswith(particle):
            rest = name.removeprefix(particle)
            forms += [f"{particle.strip(' -')}{rest.lower()}", rest]
    return forms


def mistyped(name: str, chance: float) -> str:
    """One letter lost, doubled, turned with the next one, or struck on the key beside."""
    letters = [place for place, letter in enumerate(name) if letter.isalpha()]
    if len(letters) < 4:
        return name
    place = letters[1 + int(chance * 1000 % 1 * (len(letters) - 2))]
    kind, letter = int(chance * 4), name[place]
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[: place + 1] + letter + name[place + 1 :]
    if kind == 2:
        following = name[place + 1 : place + 2]
        turned = f"{name[:place]}{following}{letter}{name[place + 2 :]}"
        return turned if following.isalpha() else name[:place] + name[place + 1 :]
    beside = NEIGHBOURS.get(letter.lower(), "e")
    return f"{name[:place]}{beside[int(chance * 100) % len(beside)]}{name[place + 1 :]}"


def truncated(name: str, most: int) -> str:
    return name[:most].rstrip(" -’'.") or name[:1]


STYLES: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "capitals": lambda family, given: (family.upper(), given),
    "ascii_capitals": lambda family, given: (without_marks(family).upper(), without_marks(given).upper()),
    "typed": lambda family, given: (family, given),
}
"""How a list writes family and given names, by the name of its style in `names_defects.yaml`."""
