"""The facts of a chunk, exactly as the verbs of the rooms append them: kind, subject, organisation, author, data.

The journal is in the order in which things became known; at the same instant, in the order of `RANKS`.
"""

from __future__ import annotations

import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.tables.state import conclusions, said_checks, text
from passerelles.synthetic.tables.story import MESSAGES, PARIS, TOOLS, Story

RANKS = (
    FactKind.SESSION_PLANNED,
    FactKind.PERSON_RECORDED,
    FactKind.CONVOKED,
    FactKind.ATTENDANCE,
    FactKind.CONTRACT_SIGNED,
    FactKind.ASSESSED,
    FactKind.COLLECTIVE_HELD,
    FactKind.SITUATION_OBSERVED,
    FactKind.CHECKED,
    FactKind.OPTED_OUT,
    FactKind.OPT_OUT_REVERSED,
    FactKind.CONSENT_GIVEN,
    FactKind.REGISTERED,
    FactKind.APPOINTMENT_RESULT,
    FactKind.APPOINTMENT_FIXED,
    FactKind.INTERVIEW_HELD,
)
COLUMNS = "kind person_id subject_id organisation_id direction actor_id occurred_on recorded_at data".split()
NOBODY = pl.lit(None, pl.String)
Details = pl.Expr | str


def facts(told: Story) -> pl.DataFrame:
    """Every fact of the chunk, in the order of the journal. `data` is JSON text."""
    order = pl.DataFrame({"kind": [kind.value for kind in RANKS], "_rank": range(len(RANKS))})
    every = pl.concat(
        [*_of_sessions(told), *_of_people(told), *_of_interviews(told), *_of_appointments(told), *_of_meetings(told)]
    )
    every = pl.concat([every, _events(told)])
    return (
        every.join(order, on="kind", how="left", maintain_order="left")
        .sort("recorded_at", "_rank", maintain_order=True, nulls_last=True)
        .drop("_rank")
    )


def _facts(
    frame: pl.DataFrame,
    kind: FactKind,
    *,
    at: Details,
    on: Details,
    subject: Details = NOBODY,
    person: Details = "person_id",
    organisation: Details = "office_id",
    direction: Details = "direction",
    actor: Details = "auditor_id",
    **data: Details,
) -> pl.DataFrame:
    """One fact of this kind per row of `frame`; keywords left over are the keys of `data` (`with_` is `with`)."""
    keys = [_expr(value).alias(key.rstrip("_")) for key, value in data.items()]
    body = pl.struct(keys).struct.json_encode() if keys else pl.lit("{}")
    return frame.select(
        pl.lit(kind.value).alias("kind"),
        _expr(person).alias("person_id"),
        _expr(subject).alias("subject_id"),
        _expr(organisation).alias("organisation_id"),
        _expr(direction).alias("direction"),
        _expr(actor).alias("actor_id"),
        _expr(on).alias("occurred_on"),
        _expr(at).alias("recorded_at"),
        body.alias("data"),
    )


def _expr(details: Details) -> pl.Expr:
    return pl.col(details) if isinstance(details, str) else details


def _paris_day(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(PARIS).dt.date()


def _instant(column: str) -> pl.Expr:
    """As Django's JSON encoder writes an instant in UTC."""
    whole = pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        pl.when(pl.col(column).dt.microsecond() == 0)
        .then(whole)
        .otherwise(pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    )


def _nothing(column: str) -> pl.Expr:
    """Null for an empty text: what is not known has no value in the journal."""
    return pl.when(text(column) != "").then(column)


def _department() -> pl.Expr:
    """As `people.services.department_of` reads it in the code of the commune."""
    commune = pl.col("commune_code")
    overseas = commune.str.starts_with("97")
    return pl.when(text("commune_code") != "").then(commune.str.slice(0, pl.when(overseas).then(3).otherwise(2)))


def _holder(frame: str = "organisation_id") -> pl.Expr:
    """The operator who holds the session, else the DT."""
    return pl.coalesce("operator_id", frame)


def _of_sessions(told: Story) -> list[pl.DataFrame]:
    came = told.convocations.filter(pl.col("status") != "convoked")
    arrived = (pl.col("arrived_at") - pl.col("starts_at")).dt.total_minutes()
    return [
        _facts(
            told.sessions,
            FactKind.SESSION_PLANNED,
            at="planned_at",
            on="held_on",
            subject="id",
            person=NOBODY,
            organisation=_holder(),
            capacity=pl.lit(12),
            half_day="half_day",
        ),
        _facts(
            told.sessions.filter(pl.col("collective_at").is_not_null()),
            FactKind.COLLECTIVE_HELD,
            at="collective_at",
            on="held_on",
            subject="id",
            person=NOBODY,
            organisation=_holder(),
            actor="clerk_id",
            minutes="minutes",
            messages=pl.lit(list(MESSAGES), dtype=pl.List(pl.String)),
            tools=pl.lit(list(TOOLS), dtype=pl.List(pl.String)),
        ),
        _facts(
            told.convocations,
            FactKind.CONVOKED,
            at="convoked_at",
            on="held_on",
            subject="id",
            organisation=_holder(),
            direction="session_direction",
            actor="planner_id",
            session="session_id",
            walk_in=pl.lit(False),
        ),
        _facts(
            came,
            FactKind.ATTENDANCE,
            at="known_at",
            on="held_on",
            subject="id",
            organisation=_holder(),
            direction="session_direction",
            actor="clerk_id",
            session="session_id",
            status="status",
            reason=pl.when(pl.col("status") == "present").then(pl.lit("")).otherwise(text("reason")),
            late_minutes=pl.max_horizontal(arrived.fill_null(0), pl.lit(0)),
            walk_in=pl.lit(False),
        ),
    ]


def _of_people(told: Story) -> list[pl.DataFrame]:
    return [
        _facts(
            told.people,
            FactKind.PERSON_RECORDED,
            at="recorded_at",
            on=_paris_day("recorded_at"),
            sex=_nothing("sex"),
            birth_date="birth_date",
            nationality=_nothing("nationality"),
            motive=_nothing("motive"),
            department=_department(),
        ),
        _facts(
            told.contracts,
            FactKind.CONTRACT_SIGNED,
            at="known_at",
            on="signed_on",
            subject="id",
            kind_=pl.lit("cir"),
        ),
        _facts(
            told.assessments,
            FactKind.ASSESSED,
            at="known_at",
            on="assessed_on",
            subject="id",
            written=text("written"),
            oral=text("oral"),
            overall=text("overall"),
            kind_="kind",
        ),
        _facts(
            told.situations,
            FactKind.SITUATION_OBSERVED,
            at="known_at",
            on="observed_on",
            subject="id",
            situation="kind",
        ),
        _facts(
            told.registrations,
            FactKind.REGISTERED,
            at="known_at",
            on="starts_on",
            subject="id",
            organisation=NOBODY,
            actor=NOBODY,
            register="register",
            by="by",
            place=text("place"),
            at_=_instant("registered_at"),
        ),
        _facts(told.opt_outs, FactKind.OPTED_OUT, at="known_at", on="since", subject="id"),
        _facts(
            told.opt_outs.filter(pl.col("reversed_on").is_not_null()),
            FactKind.OPT_OUT_REVERSED,
            at="reversed_at",
            on="reversed_on",
            subject="id",
        ),
    ]


def _of_interviews(told: Story) -> list[pl.DataFrame]:
    """Everything an interview says, in the name of the CIP who held it."""
    held = pl.concat([told.interviews, conclusions(told)], how="horizontal")
    mine: dict[str, Details] = {"at": "ended_at", "organisation": _holder(), "actor": "clerk_id"}
    registered = held.filter("registered")
    opted_out = held.filter("opted_out")
    return [
        _facts(
            held.filter(text("situation") != ""),
            FactKind.SITUATION_OBSERVED,
            on="held_on",
            subject="observation",
            situation="situation",
            **mine,
        ),
        _facts(
            said_checks(told),
            FactKind.CHECKED,
            on=_paris_day("ended_at"),
            register="register",
            result="result",
            as_of=_paris_day("ended_at"),
            decided=pl.lit(True),
            **mine,
        ),
        _facts(opted_out, FactKind.OPTED_OUT, on="held_on", subject="opt_out", **mine),
        _facts(
            opted_out.filter(pl.col("opt_out_reversed_on").is_not_null()),
            FactKind.OPT_OUT_REVERSED,
            at="opt_out_reversed_at",
            on="opt_out_reversed_on",
            subject="opt_out",
        ),
        _facts(registered, FactKind.CONSENT_GIVEN, on="held_on", purpose=pl.lit("registration"), **mine),
        _facts(
            registered,
            FactKind.REGISTERED,
            on="held_on",
            subject="registration",
            register=pl.lit("ft"),
            by=pl.lit("cip"),
            place=pl.lit("pfa"),
            at_=_instant("ended_at"),
            **mine,
        ),
        _facts(
            held,
            FactKind.INTERVIEW_HELD,
            on="held_on",
            subject="id",
            direction="session_direction",
            session="session_id",
            situation=text("situation"),
            scope="scope",
            outcome="outcome",
            category="category",
            ft="ft",
            rsa="rsa",
            agir="agir",
            covered="covered",
            registered="registered",
            opted_out="opted_out",
            **mine,
        ),
    ]


def _of_appointments(told: Story) -> list[pl.DataFrame]:
    answered = told.appointments.filter(pl.col("asserted_at").is_not_null())
    return [
        _facts(
            told.appointments,
            FactKind.APPOINTMENT_FIXED,
            at="fixed_at",
            on=_paris_day("fixed_at"),
            subject="id",
            organisation=_holder("fixer_organisation_id"),
            actor="fixer_id",
            fixed_for=_instant("fixed_for"),
            with_="organisation_id",
            accompaniment=pl.col("accompaniment_agreed").fill_null(False),
        ),
        _facts(
            answered,
            FactKind.APPOINTMENT_RESULT,
            at="asserted_at",
            on=_paris_day("fixed_for"),
            subject="id",
            organisation=_holder("answerer_organisation_id"),
            actor="answerer_id",
            result="status",
            accompanied=(pl.col("status") == "attended") & pl.col("accompanied").fill_null(False),
            asserted_by="role",
            with_="organisation_id",
        ),
    ]


def _of_meetings(told: Story) -> list[pl.DataFrame]:
    """The end-of-CIR interview: fixed, then held with what it observed."""
    held: dict[str, Details] = {"at": "known_at", "on": "occurred_on"}
    return [
        _facts(
            told.meetings,
            FactKind.MEETING_FIXED,
            at="fixed_at",
            on=_paris_day("fixed_at"),
            subject="id",
            meeting=pl.lit("end_of_cir"),
            fixed_for=_instant("known_at"),
            with_="office_id",
        ),
        _facts(told.meetings, FactKind.SITUATION_OBSERVED, subject="observation", situation="situation", **held),
        _facts(
            told.meetings,
            FactKind.END_OF_CIR_INTERVIEW,
            subject="id",
            level="level",
            situation="situation",
            **held,
        ),
    ]


def _events(told: Story) -> pl.DataFrame:
    return told.events.select(
        "kind",
        "person_id",
        pl.col("subject").alias("subject_id"),
        "organisation_id",
        "direction",
        NOBODY.alias("actor_id"),
        "occurred_on",
        pl.col("known_at").alias("recorded_at"),
        pl.col("data").fill_null("{}"),
    )
