"""Search first: a person by what one heard of their name, whatever the accents, the order, the spelling, the script.

Exact words are found by `people.queries.search`; here, those who sound alike. Candidates come from one GIN index on the
phonetic keys of every name of a record; the policy narrows them in the same query.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from rapidfuzz.distance import Levenshtein

from passerelles.core.dates import parse_date
from passerelles.core.text import ascii_key
from passerelles.linkage.engine import phonetics
from passerelles.linkage.engine.names import DROPPED, NOBODY, TITLES
from passerelles.linkage.engine.records import number_of
from passerelles.linkage.models import NAME_KEYS, Profile
from passerelles.network import policy
from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.people.models import Person

MOST_WORDS = 6
MOST_CANDIDATES = 400
MOST_NEAR = 20
LEAST_LIKENESS = 0.5
_DATE = re.compile(r"\b(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{1,2}-\d{1,2})\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Near:
    """A person who sounds like what was typed, and how."""

    person: Person
    likeness: float
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: the words that may be names, with their keys; the birth date or year."""

    words: tuple[str, ...]
    keys: tuple[frozenset[int], ...]
    born: dt.date | None = None
    year: str = ""

    @classmethod
    def of(cls, text: str, *, on: dt.date) -> Asked:
        """Particles, titles and words of one or two letters say nothing; two words side by side may be one."""
        born = next((day for found in _DATE.findall(text) if (day := parse_date(found, pivot_year=on.year).day)), None)
        rest = _DATE.sub(" ", text)
        year = next(iter(_YEAR.findall(rest)), "")
        tokens = ascii_key(_YEAR.sub(" ", rest)).split()
        silent = DROPPED | NOBODY | TITLES
        words = tuple(dict.fromkeys(t for t in tokens if len(t) > 2 and t not in silent and not t.isdigit()))
        words = words[:MOST_WORDS]
        keys = []
        for n, word in enumerate(words):
            glued = [before + word for before in words[n - 1 : n]] + [word + after for after in words[n + 1 : n + 2]]
            forms = [word, *glued]
            keys.append(frozenset(number_of(key) for form in forms for key in phonetics.keys(form)))
        return cls(words, tuple(keys), born, year)


def near(actor: Actor, text: str, *, on: dt.date, without: Sequence[uuid.UUID] = ()) -> list[Near]:
    """The persons whom the actor may see and who sound like `text`, the likeliest first, twenty at most.

    Every word must sound like one of their names; of three words or more, one may be missing.
    """
    asked = Asked.of(text, on=on)
    if not asked.words:
        return []
    people = policy.visible(actor, Person.objects.exclude(pk__in=without), Resource.PERSON)
    found = _candidates(people, asked, range(len(asked.words)))
    if not found and len(asked.words) > 2:
        for missing in range(len(asked.words)):
            found += _candidates(people, asked, [n for n in range(len(asked.words)) if n != missing])
    told = {person.pk: Near(person, *_likeness(asked, person)) for person in found}
    kept = [each for each in told.values() if each.likeness >= LEAST_LIKENESS]
    return sorted(kept, key=lambda each: (-each.likeness, str(each.person), str(each.person.pk)))[:MOST_NEAR]


def _candidates(people: QuerySet[Person], asked: Asked, words: Sequence[int]) -> list[Person]:
    profiles = Profile.objects.alias(names=NAME_KEYS)
    for n in words:
        profiles = profiles.filter(names__overlap=sorted(asked.keys[n]))
    if asked.born:
        day = asked.born
        profiles = profiles.filter(Q(born=day.isoformat()) | Q(born_year=str(day.year)) | Q(born_md=f"{day:%m-%d}"))
    elif asked.year:
        profiles = profiles.filter(born_year=asked.year)
    ids = profiles.order_by().values("person_id")
    return list(people.filter(pk__in=ids).order_by()[:MOST_CANDIDATES])


def _likeness(asked: Asked, person: Person) -> tuple[float, str]:
    """Mean over the words of the best likeness with one of the person's names, between 0 and 1; in words."""
    names = ascii_key(f"{person.family_name} {person.birth_name} {person.given_names}").split()
    names += [one + other for one, other in zip(names, names[1:], strict=False)]
    best = [max((_alike(word, name) for name in names), default=0.0) for word in asked.words]
    likeness = sum(best) / len(best)
    if asked.born:
        likeness += 0.2 if person.birth_date == asked.born else 0.0
    if all(each == 1.0 for each in best):
        other_day = asked.born and asked.born != person.birth_date
        return likeness, "mêmes noms, autre date de naissance" if other_day else "mêmes noms"
    changed = [word for word, each in zip(asked.words, best, strict=True) if each < 1.0]
    return likeness, f"orthographe proche de « {' '.join(changed)} »"


def _alike(word: str, name: str) -> float:
    if word == name:
        return 1.0
    letters = Levenshtein.normalized_similarity(word, name)
    return max(letters, 0.6) if phonetics.keys(word) & phonetics.keys(name) else letters * 0.8


def elsewhere(actor: Actor, text: str, *, on: dt.date) -> list[uuid.UUID]:
    """The persons outside the scope who bear every name typed and the whole birth date: asked with enough to know them.

    Nothing but their existence may be told; the caller notes the look-up.
    """
    asked = Asked.of(text, on=on)
    if not asked.born or len(asked.words) < 2 or not actor.may(Resource.CHECK, Action.VIEW):
        return []
    profiles = Profile.objects.alias(names=NAME_KEYS).filter(born=asked.born.isoformat())
    for keys in asked.keys:
        profiles = profiles.filter(names__overlap=sorted(keys))
    mine = policy.visible(actor, Person.objects.all(), Resource.PERSON).values("pk")
    found = Person.objects.filter(pk__in=profiles.order_by().values("person_id")).exclude(pk__in=mine)
    return [person.pk for person in found.order_by("pk")[:MOST_NEAR] if _likeness(asked, person)[0] >= LEAST_LIKENESS]
