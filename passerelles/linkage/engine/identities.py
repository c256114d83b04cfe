"""Records that are one person: who shares an identity, and which decisions ask for a second reader. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def components(links: Iterable[tuple[Key, Key]]) -> list[frozenset[Key]]:
    """The groups of records that links hold together, two or more each; whatever the order of the links."""
    group: dict[Key, set[Key]] = {}
    for one, other in links:
        joined = group.get(one, {one}) | group.get(other, {other})
        for each in joined:
            group[each] = joined
    return sorted({frozenset(each) for each in group.values()}, key=lambda each: sorted(map(str, each)))


@dataclass(frozen=True, slots=True)
class Stakes:
    """What depends on two records being one person. Everything False: nothing but the record itself."""

    protected: bool = False
    """One of them was admitted as a refugee: the link says it of the other."""
    registered: bool = False
    """One of them is registered somewhere: the other would be found registered too."""
    engaged: bool = False
    """Each signed a contract, or one asked to be exempt: two starts of one pathway, a wish lent to another."""
    owned: bool = True
    """The reader may correct the records that they read."""
    crossed: bool = False
    """The reader follows one of the records only: another DT follows the other."""


def second_reader(stakes: Stakes) -> tuple[str, ...]:
    """Why linking two records asks for a second reader, in French; empty when one reader is enough (K-004).

    A wrong link shows somebody's registration, contract or protection under the name of another; a link missed costs
    a look. So "not the same person" never waits for a second reader.
    """
    if stakes.crossed:  # nothing more is told: the reader does not know what depends on the other record
        return ("une des fiches est suivie par une autre DT : elle confirme",)
    why = []
    if not stakes.owned:
        why.append("relier deux fiches revient à ceux qui les corrigent : l’OFII confirme")
    if stakes.protected:
        why.append("une des fiches dit une protection internationale")
    if stakes.registered:
        why.append("une inscription dépend de la réponse")
    if stakes.engaged:
        why.append("deux contrats ou une dispense dépendent de la réponse")
    return tuple(why)


SENSITIVE_REGISTERS = frozenset({"agir"})
"""Registers whose "known" tells a protection status: AGIR receives beneficiaries of international protection only."""


def check_needs_second_reader(register: str, *, same: bool) -> bool:
    """Does the answer "it is this line" of a check wait for a second reader?"""
    return same and register in SENSITIVE_REGISTERS
