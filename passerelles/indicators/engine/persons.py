"""From standing facts and episodes to one line per person: dimensions, first dates. Pure."""

from __future__ import annotations

import ibis

from passerelles.indicators.engine import episodes as steps
from passerelles.indicators.engine.relations import PERSON, Expr
from passerelles.journal.vocabulary import FactKind as K

STATED_SCHOOLING, STATED_SEARCH = "etudes.niveau", "emploi.recherche"
PRESCRIBED_WITHIN_DAYS = 15
"""A course prescribed later than this after the signature is not that of the signature."""


def _last(flat: Expr, *kinds: K) -> Expr:
    """The last known fact of these kinds of each person."""
    found = flat.filter(flat.kind.isin([kind.value for kind in kinds]), flat.person_id.notnull())
    ranked = found.mutate(rank=ibis.row_number().over(group_by=found.person_id, order_by=[found.position.desc()]))
    return ranked.filter(ranked["rank"] == 0)


def _base(flat: Expr) -> Expr:
    """Everybody of whom a profile, a declaration or a contract is known, with the day of the first CIR."""
    kinds = [K.PERSON_RECORDED, K.PERSON_CORRECTED, K.PROFILE_DECLARED, K.CONTRACT_SIGNED]
    found = flat.filter(flat.kind.isin([kind.value for kind in kinds]), flat.person_id.notnull())
    is_cir = (found.kind == K.CONTRACT_SIGNED.value) & (found.data_kind == "cir")
    return found.group_by("person_id").agg(
        anywhere=found.direction.max(), signed_on=found.occurred_on.min(where=is_cir)
    )


def _signed_in(flat: Expr) -> Expr:
    """The direction of the first CIR, where the person counts: records of several directions may be one person."""
    found = flat.filter(flat.kind == K.CONTRACT_SIGNED.value, flat.data_kind == "cir", flat.person_id.notnull())
    ranked = found.mutate(
        rank=ibis.row_number().over(group_by=found.person_id, order_by=[found.occurred_on, found.position])
    )
    return ranked.filter(ranked["rank"] == 0).select("person_id", signed_in=ranked.direction.nullif(""))


def _stated(flat: Expr, code: str, **columns: str) -> Expr:
    """The last statement of one fact about each person, as an interview records it."""
    return _last(flat.filter(flat.data_code == code), K.FACT_STATED).select("person_id", **columns)


def _first_levels(flat: Expr) -> Expr:
    found = flat.filter(flat.kind == K.ASSESSED.value, flat.data_kind == "initial", flat.person_id.notnull())
    ranked = found.mutate(
        rank=ibis.row_number().over(group_by=found.person_id, order_by=[found.occurred_on, found.position])
    )
    first = ranked.filter(ranked["rank"] == 0)
    return first.select("person_id", level="data_overall", written="data_written", oral="data_oral")


def _situations(flat: Expr, base: Expr) -> Expr:
    """The last situation observed by the day of the signature."""
    seen = flat.filter(flat.kind == K.SITUATION_OBSERVED.value).select(
        "person_id", "position", "occurred_on", situation="data_situation"
    )
    both = seen.join(base.select("person_id", "signed_on"), "person_id")
    before = both.filter(both.occurred_on <= both.signed_on)
    ranked = before.mutate(
        rank=ibis.row_number().over(
            group_by=before.person_id, order_by=[before.occurred_on.desc(), before.position.desc()]
        )
    )
    return ranked.filter(ranked["rank"] == 0).select("person_id", "situation")


def _registrations(of_person: Expr) -> Expr:
    """The registration at France Travail closest to the signature; of two as close, the earlier."""
    found = of_person.filter(of_person.episode == "registration", of_person.what == "ft")
    days = found.opened_on.delta(found.signed_on, unit="day")
    found = found.mutate(distance=ibis.ifelse(days < 0, -days, days))
    ranked = found.mutate(
        rank=ibis.row_number().over(group_by=found.person_id, order_by=[found.distance, found.opened_on])
    )
    return ranked.filter(ranked["rank"] == 0).select("person_id", registered_on="opened_on")


def _prescriptions(of_person: Expr) -> Expr:
    """The language course prescribed at the signature: the first one, the longest of the same day."""
    found = of_person.filter(of_person.episode == "language")
    found = found.filter(
        found.opened_on.delta(found.signed_on, unit="day") <= PRESCRIBED_WITHIN_DAYS,
        found.opened_on.delta(found.signed_on, unit="day") >= -PRESCRIBED_WITHIN_DAYS,
    )
    ranked = found.mutate(
        rank=ibis.row_number().over(
            group_by=found.person_id, order_by=[found.opened_on, found.amount.fill_null(0).desc(), found.subject_id]
        )
    )
    return ranked.filter(ranked["rank"] == 0).select(
        "person_id", prescribed_on="opened_on", prescribed_hours="amount", prescribed_target="target"
    )


def _first_dates(of_person: Expr) -> Expr:
    e = of_person
    is_job = (e.episode == "job") & (e.opened_on >= e.signed_on)
    return e.group_by("person_id").agg(
        opted_out_on=e.opened_on.min(where=e.episode == "opt_out"),
        referred_on=e.opened_on.min(where=e.episode == "referral"),
        attended_on=e.started_on.min(where=e.episode == "referral"),
        trained_on=e.started_on.min(where=e.episode == "training"),
        job_on=e.opened_on.min(where=is_job),
        agir_on=e.started_on.min(where=e.episode == "agir"),
        closed_on=e.opened_on.min(where=e.episode == "closing"),
    )


def persons(flat: Expr, episodes: Expr) -> Expr:
    """PERSON from FLAT and EPISODE."""
    base = _base(flat)
    opened = episodes.filter(episodes.opened_on.notnull(), episodes.person_id.notnull())
    of_person = opened.join(base.select("person_id", "signed_on"), "person_id")
    profile = _last(flat, K.PERSON_RECORDED, K.PERSON_CORRECTED)
    declared = _last(flat, K.PROFILE_DECLARED)
    gone = flat.filter(flat.kind == K.DEPARTED.value, flat.person_id.notnull())
    parts = (
        profile.select(
            "person_id",
            sex="data_sex",
            birth_date=profile.data_birth_date.cast("date"),
            nationality="data_nationality",
            motive="data_motive",
            home="data_department",
            recorded_in=profile.direction.nullif(""),
        ),
        _signed_in(flat),
        _stated(flat, STATED_SCHOOLING, stated_schooling="data_value"),
        _stated(flat, STATED_SEARCH, stated_search="data_value"),
        declared.select(
            "person_id",
            declared_schooling="data_schooling",
            declared_wish="data_wishes_work",
            bpi=declared.data_bpi == "true",
        ),
        steps.moved(flat, base, "person_id", "signed_on"),
        _first_levels(flat),
        _situations(flat, base),
        _registrations(of_person),
        _prescriptions(of_person),
        _first_dates(of_person),
        gone.group_by("person_id").agg(departed_on=gone.occurred_on.min()),
    )
    found = base
    for part in parts:
        found = found.left_join(part, "person_id").drop("person_id_right")
    return found.mutate(
        direction=ibis.coalesce(found.signed_in, found.recorded_in, found.anywhere),
        department=ibis.coalesce(found.moved_to, found.home, ""),
        schooling=ibis.coalesce(found.stated_schooling, found.declared_schooling),
        wishes_work=ibis.coalesce(found.stated_search, found.declared_wish) == "true",
    ).select(*PERSON)
