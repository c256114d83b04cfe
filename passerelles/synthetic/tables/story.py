"""What a chunk tells, made explicit: who acts, when each thing becomes known, which rows are one and the same act.

The frames of the stream may tell one act twice: an interview with a registration, and the registration. Here each act
has one place; the other frame only lends it its identifier.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.frames import END_OF_CIR, MOMENT, NUMBER, Chunk
from passerelles.synthetic.tables.cast import ADVISER, AUDITOR, CIP, Cast, with_author

PARIS = "Europe/Paris"
SOURCE = "Population fictive"
INTERVIEW_SOURCE = "Entretien à la plateforme d’accueil"
FIXED_BEFORE = 5
"""Days between the day on which an end-of-CIR interview is fixed and the interview."""
SESSION_LENGTH = dt.timedelta(hours=3, minutes=15)
MESSAGES = ("labour_market", "ft_appointments", "rsa_appointments", "update_rights", "consequences")
TOOLS = ("ft_site", "travailler_en_france")
SHORTEST_TALK, TALKS = 12, 4
"""The collective presentation lasts 12 to 15 minutes, by the number of the session."""
TOLD_AT = {
    "convocations": "convoked_at",
    "assessments": "known_at",
    "situations": "known_at",
    "registrations": "known_at",
    "opt_outs": "known_at",
    "appointments": "fixed_at",
    "events": "known_at",
}
"""Where something first becomes known of a person: their record is older than any of it."""


@dataclass(frozen=True, slots=True)
class Story:
    """The frames of a chunk, each act once. Besides the columns of the stream, every frame about persons has
    `person_id`, `direction`, `office_id` (the DT) and `auditor_id`; every session has its author and its clerk.
    """

    people: pl.DataFrame
    """+ recorded_at."""
    contracts: pl.DataFrame
    """person, id, number, signed_on, known_at."""
    sessions: pl.DataFrame
    """+ organisation_id, operator_id, auditor_id, clerk_id, clerk_name, minutes, collective_at, closed_at."""
    convocations: pl.DataFrame
    """+ the columns of its session; status "convoked" while attendance is not known."""
    interviews: pl.DataFrame
    """+ convocation, and what follows: registration, observation, appointment, opt_out (identifiers), its reason and
    reversal; appointment_organisation_id."""
    assessments: pl.DataFrame
    situations: pl.DataFrame
    registrations: pl.DataFrame
    opt_outs: pl.DataFrame
    """+ reversed_at."""
    appointments: pl.DataFrame
    """+ in_interview, replaces, fixed_by, organisation_id, operator_id, role and answerer_id of who answers."""
    meetings: pl.DataFrame
    """End-of-CIR interviews: id, person, occurred_on, known_at, level, situation; fixed_at, and the observation."""
    events: pl.DataFrame
    """+ organisation_id."""


def identifiers(seed: str, what: str, count: int) -> pl.Series:
    """`count` random UUIDs (text), always the same for one chunk and one kind of row."""
    key = int.from_bytes(hashlib.sha256(f"{seed}/{what}".encode()).digest()[:16], "big")
    raw = np.random.default_rng(key).integers(0, 256, size=(count, 16), dtype=np.uint8)
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    whole = pl.DataFrame({"id": [text[i : i + 32] for i in range(0, len(text), 32)]}, schema={"id": pl.String})
    cuts = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    parts = [pl.col("id").str.slice(start, length) for start, length in cuts]
    return whole.select(pl.concat_str(parts, separator="-").alias("id")).to_series()


def seed_of(chunk: Chunk) -> str:
    """What distinguishes this chunk from every other: the identifiers of its persons."""
    return hashlib.sha256("".join(chunk.people["id"].to_list()).encode()).hexdigest()


def in_paris(day: str, hour: int) -> pl.Expr:
    """The instant at which it is `hour` o'clock in Paris on the day of column `day`."""
    local = pl.col(day).cast(pl.Datetime("us")) + pl.duration(hours=hour)
    return local.dt.replace_time_zone(PARIS).dt.convert_time_zone("UTC")


def _later(day: str, known: str) -> pl.Expr:
    """In the morning of `day`, and not before the instant `known`; null without a day."""
    return pl.when(pl.col(day).is_not_null()).then(pl.max_horizontal(in_paris(day, 10), pl.col(known)))


def story(chunk: Chunk, cast: Cast) -> Story:
    """Every act of the chunk, once, with its author and its instant."""
    seed = seed_of(chunk)
    people = _people(chunk, cast)
    sessions = _sessions(chunk, cast)
    convocations = _convocations(chunk, sessions, people)
    interviews = _interviews(chunk, convocations, people, cast, seed)
    appointments = _appointments(chunk, interviews, sessions, people, cast, seed)
    followed = appointments.filter("in_interview").select("person", "session", appointment="id")
    meetings = _meetings(chunk, people)
    return Story(
        people=people,
        contracts=_contracts(people, convocations, seed),
        sessions=_held(sessions, convocations, interviews),
        convocations=convocations,
        interviews=interviews.join(followed, on=["person", "session"], how="left", maintain_order="left"),
        assessments=_about(_with_provider(chunk.assessments, cast), people),
        situations=_about(_apart(_apart(chunk.situations, interviews, "observation"), meetings, "observation"), people),
        registrations=_about(_apart(chunk.registrations, interviews, "registration"), people),
        opt_outs=_about(_apart(chunk.opt_outs, interviews, "opt_out"), people).with_columns(
            reversed_at=_later("reversed_on", "known_at")
        ),
        appointments=appointments,
        meetings=meetings,
        events=_events(chunk, people, cast),
    )


def _people(chunk: Chunk, cast: Cast) -> pl.DataFrame:
    told = [getattr(chunk, name).select("person", at=column) for name, column in TOLD_AT.items()]
    first = pl.concat(told).drop_nulls().group_by("person").agg(pl.col("at").min())
    people = (
        chunk.people.join(first, left_on="number", right_on="person", how="left", maintain_order="left")
        .with_columns(recorded_at=pl.coalesce("at", in_paris("signed_on", 9)))
        .drop("at")
        .join(cast.offices, on="direction", how="left", maintain_order="left")
    )
    return (
        with_author(people, cast, organisation="office", role=pl.lit(AUDITOR), turn="number", prefix="auditor")
        .with_columns(person_id="id", person="number")
        .drop("auditor_name")
    )


def _about(frame: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """`frame` with what every row about a person needs."""
    known = people.select("person", "person_id", "direction", "office_id", "auditor_id")
    return frame.join(known, on="person", how="left", maintain_order="left")


def _sessions(chunk: Chunk, cast: Cast) -> pl.DataFrame:
    ids = cast.organisations.select("number", "organisation_id")
    operators = ids.rename({"organisation_id": "operator_id"})
    sessions = (
        chunk.sessions.join(ids, left_on="organisation", right_on="number", how="left", maintain_order="left")
        .join(operators, left_on="operator", right_on="number", how="left", maintain_order="left")
        .with_columns(
            _desk=pl.coalesce("operator", "organisation"),
            minutes=pl.when(pl.col("operator").is_not_null()).then(SHORTEST_TALK + pl.col("number") % TALKS),
        )
    )
    auditor, cip = pl.lit(AUDITOR), pl.lit(CIP)
    clerk = pl.when(pl.col("operator").is_null()).then(auditor).otherwise(cip)
    sessions = with_author(sessions, cast, organisation="organisation", role=auditor, turn="number", prefix="auditor")
    sessions = with_author(sessions, cast, organisation="_desk", role=clerk, turn="number", prefix="clerk")
    return sessions.drop("_desk", "auditor_name")


def _convocations(chunk: Chunk, sessions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    of_session = sessions.select(
        "held_on",
        "starts_at",
        "organisation_id",
        "operator_id",
        "clerk_id",
        "clerk_name",
        planner_id="auditor_id",
        session="number",
        session_id="id",
        session_direction="direction",
    )
    there = pl.col("known_at").is_not_null()
    return _about(
        chunk.convocations.with_columns(status=pl.when(there).then("status").otherwise(pl.lit("convoked"))), people
    ).join(of_session, on="session", how="left", maintain_order="left")


def _contracts(people: pl.DataFrame, convocations: pl.DataFrame, seed: str) -> pl.DataFrame:
    """Signed at the session of the day when there is one: known with the arrival, and not signed without it."""
    arrivals = pl.col("known_at").filter(pl.col("status") == "present")
    that_day = (
        convocations.join(people.select("person", "signed_on"), on="person")
        .filter(pl.col("held_on") == pl.col("signed_on"))
        .group_by("person")
        .agg(came=(pl.col("status") == "present").any(), arrival=arrivals.min())
    )
    by_evening = pl.max_horizontal(in_paris("signed_on", 18), pl.col("recorded_at"))
    contracts = (
        people.filter(pl.col("signed_on").is_not_null())
        .join(that_day, on="person", how="left", maintain_order="left")
        .filter(pl.col("came").fill_null(True))
        .with_columns(known_at=pl.coalesce("arrival", by_evening))
        .select(
            "person",
            "person_id",
            "signed_on",
            "direction",
            "office_id",
            "auditor_id",
            "known_at",
            number=pl.col("cir_number").fill_null(""),
        )
    )
    return contracts.with_columns(identifiers(seed, "contract", contracts.height))


def _interviews(chunk: Chunk, convocations: pl.DataFrame, people: pl.DataFrame, cast: Cast, seed: str) -> pl.DataFrame:
    """With the identifiers of what follows from each, lent by the other frames or drawn here."""
    came = convocations.select(
        "person",
        "session",
        "desk",
        "held_on",
        "session_id",
        "session_direction",
        "operator_id",
        "organisation_id",
        "clerk_id",
        "clerk_name",
        convocation="id",
    )
    interviews = _about(chunk.interviews, people).join(
        came, on=["person", "session"], how="left", maintain_order="left"
    )
    by_cip = chunk.registrations.filter((pl.col("by") == "cip") & (pl.col("register") == "ft")).select(
        "person", held_on="starts_on", lent="id", registered=pl.lit(True)
    )
    wishes = chunk.opt_outs.select(
        "person",
        held_on="since",
        lent="id",
        opted_out=pl.lit(True),
        opt_out_reason="reason",
        opt_out_reversed_on="reversed_on",
    )
    seen = chunk.situations.filter(pl.col("source") == INTERVIEW_SOURCE).select(
        "person", held_on="observed_on", lent="id"
    )
    interviews = _lent(interviews, by_cip, ["person", "held_on", "registered"], "registration", seed)
    interviews = _lent(interviews, wishes, ["person", "held_on", "opted_out"], "opt_out", seed)
    interviews = _lent(interviews, seen, ["person", "held_on"], "observation", seed)
    agencies = cast.organisations.select(appointment_with="number", appointment_organisation_id="organisation_id")
    return interviews.join(agencies, on="appointment_with", how="left", maintain_order="left").with_columns(
        pl.col("opt_out_reason").fill_null(""),
        opt_out_reversed_at=_later("opt_out_reversed_on", "ended_at"),
    )


def _lent(interviews: pl.DataFrame, lender: pl.DataFrame, on: list[str], what: str, seed: str) -> pl.DataFrame:
    found = interviews.join(lender, on=on, how="left", maintain_order="left")
    drawn = identifiers(seed, what, found.height).alias("_drawn")
    return found.with_columns(drawn).with_columns(pl.coalesce("lent", "_drawn").alias(what)).drop("lent", "_drawn")


def _apart(frame: pl.DataFrame, tellers: pl.DataFrame, what: str) -> pl.DataFrame:
    """The rows of `frame` that no interview, or no meeting, tells."""
    return frame.join(tellers.select(id=what), on="id", how="anti", maintain_order="left")


def _appointments(
    chunk: Chunk, interviews: pl.DataFrame, sessions: pl.DataFrame, people: pl.DataFrame, cast: Cast, seed: str
) -> pl.DataFrame:
    """Those of interviews, those that replace another, those fixed apart; with who fixed and who answered."""
    given = interviews.filter(pl.col("appointment_with").is_not_null() & pl.col("appointment_at").is_not_null())
    first = chunk.appointments.sort("fixed_at", maintain_order=True).unique(
        ["person", "session"], keep="first", maintain_order=True
    )
    told = first.join(given.select("person", "session"), on=["person", "session"], how="semi").select("id")
    untold = given.join(chunk.appointments, on=["person", "session"], how="anti", maintain_order="left")
    drawn = untold.select(
        identifiers(seed, "appointment", untold.height),
        "person",
        "session",
        pl.col("appointment_with").alias("organisation"),
        pl.col("appointment_at").alias("fixed_for"),
        pl.lit("fixed").alias("status"),
        pl.col("accompaniment").alias("accompaniment_agreed"),
        pl.lit(None, pl.Boolean).alias("accompanied"),
        pl.col("ended_at").alias("fixed_at"),
        pl.lit(None, MOMENT).alias("asserted_at"),
        pl.lit(None, NUMBER).alias("asserted_for"),
    )
    every = (
        pl.concat([chunk.appointments, drawn])
        .with_columns(in_interview=pl.col("id").is_in(pl.concat([told["id"], drawn["id"]]).implode()))
        .sort("person", "fixed_at", maintain_order=True)
        .with_columns(
            _former=pl.col("id").shift(1).over("person"),
            _follows=(
                (pl.col("status").shift(1).over("person") == "rescheduled")
                & (pl.col("asserted_at").shift(1).over("person") == pl.col("fixed_at"))
            ).fill_null(False),
            _answerer=pl.col("asserted_for").shift(1).over("person"),
        )
        .with_columns(
            replaces=pl.when("_follows").then("_former"),
            _fixer=pl.when("_follows").then("_answerer"),
        )
        .drop("_former", "_follows", "_answerer")
    )
    held = sessions.select(
        "operator_id", "clerk_id", session="number", session_id="id", _desk=pl.coalesce("operator", "organisation")
    )
    ids = cast.organisations.select("number", "organisation_id")
    every = (
        _about(every, people)
        .join(held, on="session", how="left", maintain_order="left")
        .join(ids, left_on="organisation", right_on="number", how="left", maintain_order="left")
        .with_columns(_fixer=pl.coalesce("_fixer", "_desk"))
    )
    for role, who, prefix in (("role", "asserted_for", "answerer"), ("fixer_role", "_fixer", "fixer")):
        every = _speaks(every, cast, who=who, role=role, prefix=prefix)
    # The interview's own appointment is fixed by the clerk who holds the interview.
    mine = pl.col("in_interview")
    return every.with_columns(
        fixer_id=pl.when(mine).then("clerk_id").otherwise("fixer_id"),
    ).drop("_desk", "_fixer")


def _speaks(frame: pl.DataFrame, cast: Cast, *, who: str, role: str, prefix: str) -> pl.DataFrame:
    """`frame` with the role in which the organisation `who` speaks, its identifier, and the agent whose turn it is."""
    roles = {"operator": CIP, "france_travail": ADVISER, "ofii_dt": AUDITOR}
    kinds = cast.organisations.select(
        pl.col("number").alias(who),
        pl.col("kind").replace_strict(roles, default=ADVISER, return_dtype=pl.String).alias(role),
        pl.col("organisation_id").alias(f"{prefix}_organisation_id"),
    )
    frame = frame.join(kinds, on=who, how="left", maintain_order="left")
    author = with_author(frame, cast, organisation=who, role=pl.col(role), turn="person", prefix=prefix)
    return author.drop(f"{prefix}_name")


def _held(sessions: pl.DataFrame, convocations: pl.DataFrame, interviews: pl.DataFrame) -> pl.DataFrame:
    """When the collective presentation was held, and when the session was closed: everybody accounted for."""
    done = interviews.select("person", "session", "ended_at")
    lived = (
        convocations.join(done, on=["person", "session"], how="left")
        .group_by("session")
        .agg(
            came=(pl.col("status") == "present").any(),
            complete=(
                (pl.col("status") != "convoked") & ((pl.col("status") != "present") | pl.col("ended_at").is_not_null())
            ).all(),
            last=pl.max_horizontal(pl.col("known_at").max(), pl.col("ended_at").max()),
        )
    )
    talk = pl.col("starts_at") + pl.duration(minutes=pl.col("minutes"))
    return (
        sessions.join(lived, left_on="number", right_on="session", how="left", maintain_order="left")
        .with_columns(collective_at=pl.when("came").then(talk))
        .with_columns(
            closed_at=pl.when("complete").then(
                pl.max_horizontal(pl.col("last"), pl.col("starts_at") + SESSION_LENGTH, pl.col("collective_at"))
            ),
            minutes=pl.when(pl.col("collective_at").is_not_null()).then("minutes"),
        )
        .drop("came", "complete", "last")
    )


def _with_provider(assessments: pl.DataFrame, cast: Cast) -> pl.DataFrame:
    ids = cast.organisations.select(provider="number", provider_id="organisation_id")
    return assessments.join(ids, on="provider", how="left", maintain_order="left")


def _meetings(chunk: Chunk, people: pl.DataFrame) -> pl.DataFrame:
    """The end-of-CIR interviews, fixed by the DT some days before, with the situation that each observed."""
    seen = chunk.situations.filter(pl.col("source") == END_OF_CIR).select(
        "person", observation="id", occurred_on="observed_on"
    )
    fields = {"level": pl.String, "situation": pl.String}
    held = chunk.events.filter(pl.col("kind") == FactKind.END_OF_CIR_INTERVIEW.value)
    return (
        _about(held, people)
        .with_columns(pl.col("data").str.json_decode(pl.Struct(fields)))
        .unnest("data")
        .with_columns(id="subject", _eve=pl.col("occurred_on") - pl.duration(days=FIXED_BEFORE))
        .with_columns(fixed_at=in_paris("_eve", 10))
        .join(seen, on=["person", "occurred_on"], how="left", maintain_order="left")
        .drop("_eve", "subject", "kind", "organisation")
    )


def _events(chunk: Chunk, people: pl.DataFrame, cast: Cast) -> pl.DataFrame:
    """Facts without a person are told in the direction of their organisation; requests are followed by the DT."""
    ids = cast.organisations.select("organisation_id", organisation="number", _place="direction")
    apart = chunk.events.filter(pl.col("kind") != FactKind.END_OF_CIR_INTERVIEW.value)
    by_office = pl.col("kind").is_in([FactKind.RECOGNITION_REQUESTED.value, FactKind.RECOGNITION_ANSWERED.value])
    return (
        _about(apart, people)
        .join(ids, on="organisation", how="left", maintain_order="left")
        .with_columns(
            direction=pl.coalesce("direction", "_place").fill_null(""),
            organisation_id=pl.when(by_office).then("office_id").otherwise("organisation_id"),
        )
        .drop("_place")
    )
