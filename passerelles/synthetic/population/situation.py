"""Work, wish to work, RSA, registration at France Travail and AGIR at signature. Pure.

The rates are published for groups (sex, protection, year); inside a group those whose profile makes it likelier come
first. What is left free by the figures is in `assumptions.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from passerelles.synthetic.population import agir, axes, ipf, margins, published
from passerelles.synthetic.population.draws import Flags, Index, Numbers, Rng, pick_evenly, quota
from passerelles.synthetic.population.joint import Cells
from passerelles.synthetic.population.stay import Days

JOBS = ("cdi", "cdd", "other_job")
WITHOUT = ("none", "training", "student", "other")
REGISTERED_WITH_RSA_FROM = 2025


@dataclass(frozen=True, slots=True)
class Situation:
    """One entry per person."""

    kind: npt.NDArray[np.str_]
    wishes_work: Flags
    rsa: Flags
    ft: Flags
    agir: Flags


def draw(cells: Cells, bpi: Flags, age: Index, signed_on: Days, department: str, year: int, rng: Rng) -> Situation:
    """The situation of each person on the day of signature."""
    active = _active(cells, bpi, age, year, rng)
    wishing = _wishing(active, age, year, rng)
    rsa = _rsa(active, bpi, age, rng)
    return Situation(
        kind=_kinds(active, age, rng),
        wishes_work=wishing,
        rsa=rsa,
        ft=_registered(active, wishing, rsa, year, rng),
        agir=_oriented(cells, bpi, age, active, signed_on, department, year, rng),
    )


@lru_cache(maxsize=16)
def active_rates(year: int) -> Numbers:
    """Rates of activity: women and men without protection, then BPI women and men; over all, the published rates."""
    protected = published.shares("active_bpi") / 100
    by_sex = np.array(published.of_year("active_by_sex", year)) / 100
    sexes = ipf.marginal(margins.shape(year).table, (axes.MOTIVE, axes.SEX))
    share = sexes[axes.ASYLUM] * published.assumed("bpi_among_asylum") / sexes.sum(axis=0)
    return np.concatenate([(by_sex - share * protected) / (1 - share), protected])


@lru_cache(maxsize=16)
def wishing_rate(year: int) -> float:
    """Who wishes to work among those without a job, so that with those who work they are the published share."""
    sexes = ipf.marginal(margins.shape(year).table, (axes.SEX,))
    active = float((np.array(published.of_year("active_by_sex", year)) / 100 * sexes).sum())
    return (published.published_value("wishes_work_2021") / 100 - active) / (1 - active)


def _active(cells: Cells, bpi: Flags, age: Index, year: int, rng: Rng) -> Flags:
    likely = published.shares("activity_by_motive")[cells.motive]
    likely = likely * np.select([age < 19, age < 26, age < 56, age < 65], [0.08, 0.75, 1.0, 0.6], 0.03)
    likely = likely * np.array([0.8, 1.15, 1.35])[axes.LANGUAGE_GROUP[cells.language]]
    return quota(rng, cells.sex + 2 * bpi, active_rates(year), likely)


def _wishing(active: Flags, age: Index, year: int, rng: Rng) -> Flags:
    likely = np.select([age < 19, age < 51, age < 62, age < 66], [0.7, 1.0, 0.6, 0.15], 0.01)
    return active | quota(rng, active.astype(np.int64), [wishing_rate(year), 0.0], likely)


def _rsa(active: Flags, bpi: Flags, age: Index, rng: Rng) -> Flags:
    entitled = ~active & (age >= 25) & (age < 65)
    rates = published.assumed("rsa")
    groups = np.where(entitled, 1 + bpi, 0)
    return quota(rng, groups, [0.0, rates["others"] / 100, rates["bpi"] / 100])


def _registered(active: Flags, wishing: Flags, rsa: Flags, year: int, rng: Rng) -> Flags:
    """Recipients of RSA at their own rate; the other seekers so that the published share stays unregistered (F-033)."""
    rates = published.assumed("registered_without_job")
    with_rsa = published.of_year("rsa_registered", year) / 100
    seekers = wishing & ~active
    registered = 1 - published.published_value("not_registered_2023") / 100
    if year < REGISTERED_WITH_RSA_FROM and (seekers & ~rsa).any():
        of_rsa = int((seekers & rsa).sum())
        registered = (registered * int(seekers.sum()) - with_rsa * of_rsa) / int((seekers & ~rsa).sum())
    groups = np.select([rsa, seekers, active], [1, 2, 3], 0)
    return quota(rng, groups, [rates["not_wishing"] / 100, with_rsa, registered, rates["working"] / 100])


def _oriented(
    cells: Cells, bpi: Flags, age: Index, active: Flags, signed_on: Days, department: str, year: int, rng: Rng
) -> Flags:
    """BPI oriented to AGIR, now or when it opens in the department (B-043, B-046)."""
    since = agir.eligible_from(department)
    if since is None:
        return np.zeros(len(bpi), dtype=np.bool_)
    weights = published.assumed("agir_weights")
    likely = np.where(cells.sex == axes.MAN, weights["man"], 1.0)
    likely = likely * np.where(age < 40, weights["under_40"], 1.0) * np.where(active, weights["job"], 1.0)
    second_half = signed_on >= np.datetime64(f"{year}-07-01")
    eligible = bpi & (signed_on >= np.datetime64(since))
    groups = np.where(eligible, 1 + second_half, 0)
    return quota(rng, groups, [0.0, *agir.rates(department, year)], likely)


def _kinds(active: Flags, age: Index, rng: Rng) -> npt.NDArray[np.str_]:
    jobs, without = published.shares("kind_of_job"), published.shares("kind_of_inactivity")
    weights = np.zeros((3, len(JOBS) + len(WITHOUT)))
    weights[0, : len(JOBS)] = jobs
    weights[1, len(JOBS) :] = without
    weights[2, len(JOBS) :] = without * [0.45, 2.0, 14.0, 2.0]
    rows = np.where(active, 0, np.where(age < 21, 2, 1))
    return np.array(JOBS + WITHOUT)[pick_evenly(rng, weights, rows)]
