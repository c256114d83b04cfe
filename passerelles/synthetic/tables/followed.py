"""What a person follows, as rows of the pathway: what its facts tell, folded into the present (C-004, C-051, D-020).

Trainings, exams and requests of recognition are told by events; the end-of-CIR interview has a frame of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.synthetic.tables.story import Story

LANGUAGE = {
    "path": pl.String,
    "mode": pl.String,
    "hours": pl.Int64,
    "target": pl.String,
    "compulsory": pl.Boolean,
}
ENDED = {"reason": pl.String, "hours_attended": pl.Int64, "written": pl.String, "oral": pl.String}
CIVIC = {"days": pl.Int64, "hours": pl.Int64}
ATTENDED = {"days": pl.Int64, "of": pl.Int64}
EXAM = {"purpose": pl.String, "attempt": pl.Int64, "passed": pl.Boolean}
PROCEDURE = {"procedure": pl.String}
ANSWER = {"result": pl.String}
BLANK = pl.lit("")
Fields = Mapping[str, type[pl.DataType]]


def followed_tables(told: Story) -> dict[str, pl.DataFrame]:
    """The tables of the pathway: database table, then database columns."""
    return {
        "pathway_training": pl.concat([_language(told), _civic(told)]),
        "pathway_exam": _exams(told),
        "pathway_meeting": _meetings(told),
        "pathway_recognition": _recognitions(told),
    }


def told_as(told: Story, kind: FactKind, fields: Fields) -> pl.DataFrame:
    """Every event of this kind: its columns, and its data as columns of its own."""
    events = told.events.filter(pl.col("kind") == kind.value)
    if not fields:
        return events
    return events.with_columns(pl.col("data").str.json_decode(pl.Struct(fields))).unnest("data")


def _then(frame: pl.DataFrame, told: Story, kind: FactKind, fields: Fields, day: str) -> pl.DataFrame:
    """`frame` with the data of the event of this kind about the same thing, and its day under the name `day`."""
    after = told_as(told, kind, fields).select("subject", *fields, pl.col("occurred_on").alias(day))
    return frame.join(after, on="subject", how="left", maintain_order="left", suffix="_then")


def _language(told: Story) -> pl.DataFrame:
    courses = told_as(told, FactKind.LANGUAGE_PRESCRIBED, LANGUAGE)
    courses = _then(courses, told, FactKind.LANGUAGE_STARTED, {}, "started_on")
    courses = _then(courses, told, FactKind.LANGUAGE_ENDED, ENDED, "ended_on")
    begun = pl.when(pl.col("started_on").is_null()).then(pl.lit("prescribed")).otherwise(pl.lit("started"))
    return _trainings(
        courses,
        "language",
        status=pl.coalesce("reason", begun),
        path=pl.col("path"),
        mode=pl.col("mode"),
        hours=pl.col("hours"),
        target=pl.col("target"),
        compulsory=pl.col("compulsory"),
        started_on=pl.col("started_on"),
        ended_on=pl.col("ended_on"),
        hours_attended=pl.col("hours_attended"),
        written=pl.col("written").fill_null(""),
        oral=pl.col("oral").fill_null(""),
    )


def _civic(told: Story) -> pl.DataFrame:
    courses = told_as(told, FactKind.CIVIC_PRESCRIBED, CIVIC)
    courses = _then(courses, told, FactKind.CIVIC_ATTENDED, ATTENDED, "last_on")
    whole = (pl.col("days_then") == pl.col("of")).fill_null(False)
    there = pl.col("last_on").is_not_null()
    return _trainings(
        courses,
        "civic",
        status=pl.when(whole)
        .then(pl.lit("completed"))
        .when(there)
        .then(pl.lit("started"))
        .otherwise(pl.lit("prescribed")),
        hours=pl.col("hours"),
        days=pl.col("days"),
        started_on=pl.col("last_on"),
        ended_on=pl.when(whole).then("last_on"),
        days_attended=pl.col("days_then"),
    )


def _trainings(courses: pl.DataFrame, kind: str, **known: pl.Expr) -> pl.DataFrame:
    """Rows of `pathway_training`; what this kind of training does not have is empty."""
    empty: dict[str, pl.Expr] = dict.fromkeys(("path", "mode", "target", "rule", "reference", "written", "oral"), BLANK)
    empty |= {name: pl.lit(None, pl.Int64) for name in ("hours", "days", "hours_attended", "days_attended")}
    columns = empty | {"compulsory": pl.lit(True)} | known
    return courses.select(
        pl.col("subject").alias("id"),
        pl.col("known_at").alias("created_at"),
        "person_id",
        pl.lit(kind).alias("kind"),
        pl.col("organisation_id").alias("provider_id"),
        pl.col("occurred_on").alias("prescribed_on"),
        *(columns[name].alias(name) for name in sorted(columns)),
    )


def _exams(told: Story) -> pl.DataFrame:
    return told_as(told, FactKind.CIVIC_EXAM_TAKEN, EXAM).select(
        pl.col("subject").alias("id"),
        pl.col("known_at").alias("created_at"),
        "person_id",
        "purpose",
        pl.col("occurred_on").alias("taken_on"),
        "passed",
        "attempt",
    )


def _meetings(told: Story) -> pl.DataFrame:
    return told.meetings.select(
        "id",
        pl.col("fixed_at").alias("created_at"),
        "person_id",
        pl.lit("end_of_cir").alias("kind"),
        pl.col("office_id").alias("organisation_id"),
        pl.col("known_at").alias("fixed_for"),
        BLANK.alias("place"),
        pl.lit("attended").alias("status"),
        "level",
        "situation",
    )


def _recognitions(told: Story) -> pl.DataFrame:
    asked = told_as(told, FactKind.RECOGNITION_REQUESTED, PROCEDURE)
    asked = _then(asked, told, FactKind.RECOGNITION_ANSWERED, ANSWER, "answered_on")
    answered = pl.col("answered_on").is_not_null()
    return asked.select(
        pl.col("subject").alias("id"),
        pl.col("known_at").alias("created_at"),
        "person_id",
        "procedure",
        BLANK.alias("title"),
        "organisation_id",
        pl.when(answered).then(pl.lit("answered")).otherwise(pl.lit("requested")).alias("status"),
        pl.col("occurred_on").alias("requested_on"),
        "answered_on",
        pl.col("result").fill_null(""),
    )
