"""A name in the script of origin: stored forms where they are known, else letter by letter. Pure.

Believable, not exact: many spellings lead to one form and back. Latin scripts give an empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from passerelles.synthetic.names.pieces import cutter
from passerelles.synthetic.names.spellings import known_natives
from passerelles.synthetic.names.stock import read_yaml, stocks

FAMILY_FIRST = frozenset({"Hans", "Hang"})
WITH_CAPITALS = frozenset({"Cyrl", "Cyrl-UA", "Armn"})
ARTICLE = "ال"


def native_name(family: str, given: str, stock: str) -> str:
    """Given names then family name (family first in Chinese and Korean), in the script of the stock."""
    script = stocks()[stock].script
    if script == "Latn":
        return ""
    parts = [native(given, stock), native(family, stock)]
    if script in FAMILY_FIRST:
        return "".join(reversed(parts)) if all(parts) else ""
    return " ".join(parts) if all(parts) else ""


@lru_cache(maxsize=100_000)
def native(name: str, stock: str) -> str:
    """One name; empty where the script is Latin or no form is known (Chinese names outside the list)."""
    held = stocks()[stock]
    if name in held.natives:
        return held.natives[name]
    write = _writers().get(held.script)
    if write is None:
        return ""
    if held.script == "Arab" and (whole := known_natives().get(name.lower(), "")):
        return whole
    words = name.lower().replace("’", "").replace(".", "").replace("-", " ").split()
    if held.script == "Arab":
        return " ".join(_arabic(word, write) for word in words).replace(f"{ARTICLE} ", ARTICLE)
    written = " ".join(map(write, words))
    return written.title() if held.script in WITH_CAPITALS else written


def _arabic(word: str, write: Callable[[str], str]) -> str:
    if word in {"al", "el"}:
        return ARTICLE
    if known := known_natives().get(word, ""):
        return known
    for latin, sign in _ends()["Arab"].items():
        stem = known_natives().get(word.removesuffix(latin), "") if word.endswith(latin) else ""
        if stem:
            return f"{stem}{sign}"
    return write(word)


@lru_cache(maxsize=1)
def _ends() -> Mapping[str, Mapping[str, str]]:
    return {script: _table(ends) for script, ends in read_yaml("names_scripts")["ends"].items()}


@lru_cache(maxsize=1)
def _writers() -> Mapping[str, Callable[[str], str]]:
    tables = read_yaml("names_scripts")
    writers: dict[str, Callable[[str], str]] = {}
    for script, letters in tables["alphabets"].items():
        writers[script] = _alphabet(_table(letters))
    for script, said in tables["syllabic"].items():
        writers[script] = _syllabic(_table(said["consonants"]), _table(said["vowels"]), said["mute"], said["last"])
    for script, said in tables["series"].items():
        writers[script] = _series(_table(said["consonants"]), _table(said["vowels"]), _table(said["alone"]))
    return writers


def _table(text: str) -> dict[str, str]:
    pairs = [item.split("=", 1) for item in text.split()]
    return {pair[0]: pair[1] for pair in sorted(pairs, key=lambda pair: -len(pair[0]))}


def _alphabet(letters: Mapping[str, str]) -> Callable[[str], str]:
    cut = cutter(letters)
    return lambda word: "".join(letters.get(piece, "") for piece in cut(word))


def _syllabic(consonants: Mapping[str, str], vowels: Mapping[str, str], mute: str, last: str) -> Callable[[str], str]:
    cut = cutter([*consonants, *vowels])

    def write(word: str) -> str:
        signs, after_consonant = [], False
        for piece in cut(word):
            if piece in vowels:
                alone, attached = vowels[piece].split("/")
                signs.append(attached if after_consonant else alone)
                after_consonant = False
            elif piece in consonants:
                signs.append(f"{mute if after_consonant else ''}{consonants[piece]}")
                after_consonant = True
        return "".join(signs) + (last if after_consonant else "")

    return write


def _series(consonants: Mapping[str, str], vowels: Mapping[str, str], alone: Mapping[str, str]) -> Callable[[str], str]:
    without_vowel = 5
    cut = cutter([*consonants, *vowels])

    def write(word: str) -> str:
        signs: list[str] = []
        held = ""
        for piece in cut(word):
            if piece in vowels:
                signs.append(chr(ord(held) + int(vowels[piece])) if held else alone.get(piece, ""))
                held = ""
            elif piece in consonants:
                signs.append(chr(ord(held) + without_vowel) if held else "")
                held = consonants[piece]
        return "".join(signs) + (chr(ord(held) + without_vowel) if held else "")

    return write
