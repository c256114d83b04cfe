"""The rows of the rooms' tables as the verbs would have left them. Keys: database tables; columns: database columns.

The order of the tables is that in which they are written. Lists are array literals of PostgreSQL, bytes are `\\x` text.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

import polars as pl

from passerelles.core import crypto
from passerelles.core.text import ascii_key
from passerelles.reception.rules import scope as rules
from passerelles.synthetic.frames import END_OF_CIR, Network
from passerelles.synthetic.tables.followed import followed_tables
from passerelles.synthetic.tables.story import (
    INTERVIEW_SOURCE,
    MESSAGES,
    SESSION_LENGTH,
    SOURCE,
    TOOLS,
    Story,
    identifiers,
)

Tables = dict[str, pl.DataFrame]

IDENTIFIERS = {"agdref": "foreigner_number", "ofii": "ofii_number", "nir": "nir", "ft": "ft_number"}
REGISTERS = ("ft", "rsa", "agir")
PLATFORM_CAPACITY, SLOT_MINUTES = 12, 15
BLANK = pl.lit("")
NO_CODES = pl.lit("{}")


def network_tables(network: Network, founded_at: dt.datetime) -> Tables:
    """Organisations, agents with unusable passwords, their memberships, delegations and référents."""
    founded = pl.lit(founded_at).cast(pl.Datetime("us", "UTC"))
    ids = network.organisations.select("number", organisation_id="id")
    agents = network.agents.join(ids, left_on="organisation", right_on="number", how="left", maintain_order="left")
    # Django's own form of a password that nobody has: nothing can be hashed into it.
    locked = pl.Series("password", [f"!{secrets.token_urlsafe(30)}" for _ in range(agents.height)], dtype=pl.String)
    referents = network.referents.join(
        ids, left_on="organisation", right_on="number", how="left", maintain_order="left"
    ).join(
        network.agents.select("number", agent_id="id"),
        left_on="agent",
        right_on="number",
        how="left",
        maintain_order="left",
    )
    operators = network.delegations.join(ids, left_on="operator", right_on="number", how="left", maintain_order="left")
    return {
        "network_organisation": network.organisations.select(
            "id",
            founded.alias("created_at"),
            *(text(c) for c in ("name", "kind", "direction")),
            text("department").alias("department_code"),
            text("region").alias("region_code"),
            *(text(c) for c in ("mailbox", "address", "phone")),
        ),
        "network_agent": agents.select(
            "id", founded.alias("created_at"), locked, text("email"), text("name"), pl.lit(True).alias("is_active")
        ),
        "network_membership": agents.select(
            pl.col("membership").alias("id"),
            founded.alias("created_at"),
            pl.col("id").alias("agent_id"),
            "organisation_id",
            "role",
            "starts_on",
            "ends_on",
        ),
        "network_delegation": operators.select(
            "id",
            founded.alias("created_at"),
            pl.col("organisation_id").alias("operator_id"),
            "direction",
            "starts_on",
            "ends_on",
            text("legal_basis"),
        ),
        "network_referent": referents.select(
            "id",
            founded.alias("created_at"),
            "organisation_id",
            text("function"),
            "agent_id",
            text("mailbox"),
            "starts_on",
            "ends_on",
            "trained_on",
        ),
    }


def state_tables(told: Story, seed: str, secret: str) -> Tables:
    """Every table of the chunk. Identifiers are sealed under `secret` and found through its keyed hash."""
    desks = _desks(told, seed)
    return {
        "reception_session": _sessions(told),
        "reception_desk": desks.drop("session"),
        "people_person": _persons(told),
        "people_identifier": _identifiers(told, seed, secret),
        "people_contract": told.contracts.select(
            "id",
            created("known_at"),
            "person_id",
            pl.lit("cir").alias("kind"),
            "number",
            "signed_on",
            "direction",
            BLANK.alias("lot"),
        ),
        "people_assessment": told.assessments.select(
            "id",
            created("known_at"),
            "person_id",
            "kind",
            *(text(c) for c in ("written", "oral", "overall")),
            "assessed_on",
            "provider_id",
        ),
        "people_situation": _situations(told),
        "people_registration": _registrations(told),
        "people_consent": _consents(told, seed),
        "people_optout": _opt_outs(told),
        "reception_convocation": _convocations(told, desks),
        "reception_interview": _interviews(told, desks),
        "reception_firstappointment": _appointments(told),
        "linkage_check": _checks(told, seed),
        **followed_tables(told),
    }


def text(column: str) -> pl.Expr:
    """A text column as Django keeps it: never null."""
    return pl.col(column).fill_null("")


def created(column: str) -> pl.Expr:
    return pl.col(column).alias("created_at")


def span(lower: str, length: dt.timedelta) -> pl.Expr:
    """`[lower,lower + length)` as PostgreSQL writes it; null when `lower` is."""
    day = "%Y-%m-%dT%H:%M:%S%.fZ"
    return pl.format("[{},{})", pl.col(lower).dt.strftime(day), (pl.col(lower) + length).dt.strftime(day))


def _codes(values: tuple[str, ...], condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit(f"{{{','.join(values)}}}")).otherwise(NO_CODES)


def _sessions(told: Story) -> pl.DataFrame:
    held = pl.col("collective_at").is_not_null()
    return told.sessions.select(
        "id",
        created("planned_at"),
        "organisation_id",
        "operator_id",
        "direction",
        "held_on",
        "half_day",
        span("starts_at", SESSION_LENGTH).alias("during"),
        text("place"),
        pl.lit(PLATFORM_CAPACITY).alias("capacity"),
        pl.lit(SLOT_MINUTES).alias("slot_minutes"),
        NO_CODES.alias("languages"),
        NO_CODES.alias("partners"),
        pl.when(pl.col("closed_at").is_not_null()).then(pl.lit("closed")).otherwise(pl.lit("planned")).alias("status"),
        pl.when(held).then("starts_at").alias("collective_started_at"),
        pl.when(held).then("minutes").alias("collective_minutes"),
        _codes(MESSAGES, held).alias("collective_messages"),
        _codes(TOOLS, held).alias("tools_shown"),
    )


def _desks(told: Story, seed: str) -> pl.DataFrame:
    desks = (
        told.sessions.select(
            created("planned_at"),
            pl.col("id").alias("session_id"),
            pl.col("number").alias("session"),
            pl.int_ranges(1, pl.max_horizontal(pl.col("desks"), pl.lit(1)).cast(pl.Int64) + 1).alias("number"),
        )
        .explode("number")
        .with_columns(label=pl.format("Bureau {}", "number"))
    )
    return desks.with_columns(identifiers(seed, "desk", desks.height))


def _persons(told: Story) -> pl.DataFrame:
    columns = (
        "family_name birth_name given_names sex nationality motive language phone email address postcode city "
        "commune_code"
    ).split()
    people = told.people
    names = pl.concat([people["family_name"], people["given_names"]]).unique().drop_nulls().to_list()
    keys = {name: ascii_key(name) for name in names}
    days = people["birth_date"].dt.to_string("%Y-%m-%d").fill_null("?").to_list()
    identity = pl.Series(
        "identity_key",
        [
            f"{keys[family]}|{keys[given]}|{day}"
            for family, given, day in zip(people["family_name"], people["given_names"], days, strict=True)
        ],
        dtype=pl.String,
    )
    return people.select(
        "id",
        created("recorded_at"),
        *(text(column) for column in columns),
        "birth_date",
        text("birth_date_precision"),
        pl.col("needs_interpreter").fill_null(False),
        "direction",
        identity,
        pl.lit(SOURCE).alias("source"),
    )


def _identifiers(told: Story, seed: str, secret: str) -> pl.DataFrame:
    parts = [
        told.people.filter(text(column) != "").select(
            identifiers(seed, kind, told.people.filter(text(column) != "").height),
            created("recorded_at"),
            "person_id",
            pl.lit(kind).alias("kind"),
            pl.col(column).alias("value"),
        )
        for kind, column in IDENTIFIERS.items()
    ]
    every = pl.concat(parts)
    values, kinds = every["value"].to_list(), every["kind"].to_list()
    sealed = ["\\x" + crypto.encrypt(value, secret=secret).hex() for value in values]
    hashes = [
        "\\x" + crypto.keyed_hash(kind, value, secret=secret).hex() for kind, value in zip(kinds, values, strict=True)
    ]
    return every.drop("value").with_columns(
        pl.Series("sealed", sealed, dtype=pl.String),
        pl.Series("search_hash", hashes, dtype=pl.String),
        source=pl.lit(SOURCE),
    )


def _situations(told: Story) -> pl.DataFrame:
    apart = told.situations.select("id", created("known_at"), "person_id", "kind", "observed_on", text("source"))
    seen = told.interviews.filter(text("situation") != "").select(
        pl.col("observation").alias("id"),
        created("ended_at"),
        "person_id",
        pl.col("situation").alias("kind"),
        pl.col("held_on").alias("observed_on"),
        pl.lit(INTERVIEW_SOURCE).alias("source"),
    )
    at_the_end = told.meetings.select(
        pl.col("observation").alias("id"),
        created("known_at"),
        "person_id",
        pl.col("situation").alias("kind"),
        pl.col("occurred_on").alias("observed_on"),
        pl.lit(END_OF_CIR).alias("source"),
    )
    return pl.concat([apart, seen, at_the_end])


def _registrations(told: Story) -> pl.DataFrame:
    apart = told.registrations.select(
        "id",
        created("known_at"),
        "person_id",
        "register",
        "starts_on",
        "ends_on",
        "registered_at",
        "by",
        text("place"),
        pl.lit("{}").alias("declared"),
    )
    made = told.interviews.filter("registered").select(
        pl.col("registration").alias("id"),
        created("ended_at"),
        "person_id",
        pl.lit("ft").alias("register"),
        pl.col("held_on").alias("starts_on"),
        pl.lit(None, pl.Date).alias("ends_on"),
        pl.col("ended_at").alias("registered_at"),
        pl.lit("cip").alias("by"),
        pl.lit("pfa").alias("place"),
        pl.lit("{}").alias("declared"),
    )
    return pl.concat([apart, made])


def _consents(told: Story, seed: str) -> pl.DataFrame:
    given = told.interviews.filter("registered")
    return given.select(
        identifiers(seed, "consent", given.height),
        created("ended_at"),
        "person_id",
        pl.lit("registration").alias("purpose"),
        pl.col("held_on").alias("given_on"),
    )


def _opt_outs(told: Story) -> pl.DataFrame:
    apart = told.opt_outs.select("id", created("known_at"), "person_id", "since", "reason", "reversed_on")
    said = told.interviews.filter("opted_out").select(
        pl.col("opt_out").alias("id"),
        created("ended_at"),
        "person_id",
        pl.col("held_on").alias("since"),
        pl.when(pl.col("opt_out_reason") == "").then(pl.lit("non précisé")).otherwise("opt_out_reason").alias("reason"),
        pl.col("opt_out_reversed_on").alias("reversed_on"),
    )
    return pl.concat([apart, said])


def _convocations(told: Story, desks: pl.DataFrame) -> pl.DataFrame:
    at_desk = _at_desk(told.convocations, desks)
    return at_desk.select(
        "id",
        created("convoked_at"),
        "session_id",
        "person_id",
        span("starts_at", SESSION_LENGTH).alias("during"),
        "desk_id",
        span("slot_at", dt.timedelta(minutes=SLOT_MINUTES)).alias("slot"),
        "status",
        pl.lit(False).alias("walk_in"),
        "arrived_at",
        pl.when(pl.col("status").is_in(["absent", "excused"]))
        .then(text("reason"))
        .otherwise(BLANK)
        .alias("absence_reason"),
        BLANK.alias("note"),
        pl.lit(SOURCE).alias("source"),
    )


def _at_desk(frame: pl.DataFrame, desks: pl.DataFrame) -> pl.DataFrame:
    there = desks.select("session", pl.col("number").cast(pl.UInt8).alias("desk"), pl.col("id").alias("desk_id"))
    return frame.join(there, on=["session", "desk"], how="left", maintain_order="left")


def facts_of(told: Story) -> Iterator[rules.Facts]:
    """What the rules need of each interview, in their order."""
    for row in told.interviews.iter_rows(named=True):
        yield rules.Facts(
            situation=row["situation"] or "",
            ft=row["ft"],
            rsa=row["rsa"],
            agir=row["agir"],
            opted_out=row["opted_out"],
        )


def conclusions(told: Story) -> pl.DataFrame:
    """scope, outcome, category and covered of each interview, in their order. Raises ValueError on an open one."""
    rows = []
    interviews = told.interviews.select("id", "registered", "not_registered_reason")
    for facts, (pk, registered, reason) in zip(facts_of(told), interviews.iter_rows(), strict=True):
        outcome = rules.outcome(facts, registered=registered, not_registered_reason=reason or "")
        if outcome is None:
            raise ValueError(f"interview {pk} comes to nothing: {facts}")
        rows.append((rules.scope(facts) or "", outcome, rules.category(facts), rules.covered(facts)))
    columns = {"scope": pl.String, "outcome": pl.String, "category": pl.String, "covered": pl.Boolean}
    return pl.DataFrame(rows, schema=columns, orient="row")


def _interviews(told: Story, desks: pl.DataFrame) -> pl.DataFrame:
    at_desk = pl.concat([_at_desk(told.interviews, desks), conclusions(told)], how="horizontal")
    return at_desk.select(
        "id",
        created("started_at"),
        pl.col("convocation").alias("convocation_id"),
        "person_id",
        "desk_id",
        pl.lit(2).alias("version"),
        pl.col("clerk_id").alias("written_by"),
        pl.col("ended_at").alias("written_at"),
        "started_at",
        "ended_at",
        pl.lit("done").alias("status"),
        text("situation"),
        BLANK.alias("out_reason"),
        *REGISTERS,
        text("occupation"),
        pl.concat_str(pl.lit("{"), pl.col("barriers").list.join(",").fill_null(""), pl.lit("}")).alias("barriers"),
        pl.lit(True).alias("told_first_appointment"),
        pl.lit(True).alias("told_rights"),
        "opted_out",
        pl.when("opted_out").then("opt_out_reason").otherwise(BLANK).alias("opt_out_reason"),
        "registered",
        pl.when("registered").then("ended_at").alias("registered_at"),
        pl.col("registered").alias("consent"),
        pl.lit("{}").alias("declared"),
        text("not_registered_reason"),
        pl.col("appointment_organisation_id").alias("appointment_with_id"),
        "appointment_at",
        pl.col("accompaniment").fill_null(False),
        "scope",
        "outcome",
        "category",
    )


def _appointments(told: Story) -> pl.DataFrame:
    answered = pl.col("asserted_at").is_not_null()
    return told.appointments.select(
        "id",
        created("fixed_at"),
        "person_id",
        "session_id",
        "organisation_id",
        "direction",
        "fixed_for",
        "status",
        pl.col("accompaniment_agreed").fill_null(False),
        pl.when(pl.col("status") == "attended")
        .then(pl.col("accompanied").fill_null(False))
        .when(pl.col("status").is_in(["missed", "excused"]))
        .then(pl.lit(False))
        .alias("accompanied"),
        pl.when(answered).then("answerer_id").alias("asserted_by"),
        pl.when(answered).then("answerer_organisation_id").alias("asserted_for_id"),
        "asserted_at",
        pl.col("replaces").alias("replaces_id"),
    )


def _checks(told: Story, seed: str) -> pl.DataFrame:
    said = said_checks(told)
    return said.select(
        identifiers(seed, "check", said.height),
        created("ended_at"),
        "person_id",
        "register",
        "result",
        pl.lit(INTERVIEW_SOURCE).alias("source"),
        pl.col("ended_at").dt.convert_time_zone("Europe/Paris").dt.date().alias("as_of"),
        pl.format("vérifié par {}", pl.col("clerk_name").fill_null("None")).alias("reason"),
        pl.col("clerk_id").alias("settled_by"),
        pl.col("ended_at").alias("settled_at"),
    )


def said_checks(told: Story) -> pl.DataFrame:
    """One row per interview and register that the interview established, with its `result`."""
    return (
        told.interviews.unpivot(
            on=list(REGISTERS),
            index=["person_id", "direction", "ended_at", "clerk_id", "clerk_name", "organisation_id", "operator_id"],
            variable_name="register",
            value_name="known",
        )
        .drop_nulls("known")
        .with_columns(
            result=pl.when("known").then(pl.lit("registered")).otherwise(pl.lit("not_found")),
        )
    )
