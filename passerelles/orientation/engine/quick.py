"""Verdicts without reasons: the logic of `core.answers` on bits, for populations. A test holds the two together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

YES, NO, UNKNOWN = 1, 0, -1

Quick = Callable[[int], int]


def settled(verdict: int) -> Quick:
    return lambda _: verdict


def leaf(true_bit: int, false_bit: int) -> Quick:
    return lambda outcomes: YES if outcomes & true_bit else NO if outcomes & false_bit else UNKNOWN


def all_of(true_bits: int, false_bits: int, others: Sequence[Quick]) -> Quick:
    """`true_bits`: every one must be set; `false_bits`: any one set decides for no."""

    def verdict(outcomes: int) -> int:
        if outcomes & false_bits:
            return NO
        found = YES if outcomes & true_bits == true_bits else UNKNOWN
        for other in others:
            state = other(outcomes)
            if state == NO:
                return NO
            if state == UNKNOWN:
                found = UNKNOWN
        return found

    return verdict


def any_of(true_bits: int, false_bits: int, others: Sequence[Quick]) -> Quick:
    """`true_bits`: any one set decides for yes; `false_bits`: every one must be set for no."""

    def verdict(outcomes: int) -> int:
        if outcomes & true_bits:
            return YES
        found = NO if outcomes & false_bits == false_bits else UNKNOWN
        for other in others:
            state = other(outcomes)
            if state == YES:
                return YES
            if state == UNKNOWN:
                found = UNKNOWN
        return found

    return verdict


def negate(part: Quick) -> Quick:
    def verdict(outcomes: int) -> int:
        state = part(outcomes)
        return state if state == UNKNOWN else YES - state

    return verdict


def at_least(count: int, parts: Sequence[Quick]) -> Quick:
    def verdict(outcomes: int) -> int:
        states = [part(outcomes) for part in parts]
        sure = states.count(YES)
        if sure >= count:
            return YES
        return NO if sure + states.count(UNKNOWN) < count else UNKNOWN

    return verdict
