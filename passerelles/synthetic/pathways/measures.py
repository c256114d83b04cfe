"""The published figures on pathways, measured on the frames of a chunk (calibration report). Pure."""

from __future__ import annotations

from collections import Counter

import polars as pl

from passerelles.journal.vocabulary import FactKind
from passerelles.reference import territories
from passerelles.synthetic.calibration.measures import Counts, Measure, number, ratio
from passerelles.synthetic.frames import Chunk

PATHS_TO_A1 = ("P100", "P200", "P400", "P600")
POE = ("poei", "poec")
INTO_JOB = "3mo"
"""A job begun within three months of the end of a POE counts as its outcome: the instruction gives no delay."""


def cohort_counts(chunk: Chunk) -> Counts:
    """Access to a job within twelve months among those registered within three of signature, by year, region and sex.

    F-031. Keys `cohort:<year>:<region>[:F|:H]` and the same under `access:`.
    """
    people = chunk.people
    if people.is_empty():
        return {}
    signed = people.select("number", "sex", "department", "signed_on")
    listed = chunk.registrations.filter(pl.col("register") == "ft").select("person", "starts_on")
    near = (pl.col("starts_on") >= pl.col("signed_on").dt.offset_by("-3mo")) & (
        pl.col("starts_on") <= pl.col("signed_on").dt.offset_by("3mo")
    )
    cohort = signed.join(listed, left_on="number", right_on="person").filter(near).unique("number", maintain_order=True)
    jobs = _of_kind(chunk, FactKind.JOB_STARTED).select("person", job_on="occurred_on")
    in_time = (pl.col("job_on") > pl.col("signed_on")) & (pl.col("job_on") <= pl.col("signed_on").dt.offset_by("12mo"))
    found = cohort.join(jobs, left_on="number", right_on="person").filter(in_time)["number"].unique()
    counts: Counter[str] = Counter()
    by_group = cohort.with_columns(hired=pl.col("number").is_in(found.implode()), year=pl.col("signed_on").dt.year())
    for year, department, sex, n, hired in (
        by_group.group_by("year", "department", "sex").agg(pl.len(), pl.col("hired").sum()).iter_rows()
    ):
        region = territories.department(department).region_code
        for key in (f"{year}:{region}", f"{year}:{region}:{sex}"):
            counts[f"cohort:{key}"] += n
            counts[f"access:{key}"] += hired
    return counts


def training_counts(chunk: Chunk) -> Counts:
    """Level A1 among those evaluated at the end of a path to A1, by year of signature; what followed each POE."""
    if chunk.people.is_empty():
        return {}
    ended = _of_kind(chunk, FactKind.LANGUAGE_ENDED).select("person", path=_value("path"), attained=_value("attained"))
    evaluated = ended.filter(pl.col("path").is_in(PATHS_TO_A1) & pl.col("attained").is_not_null()).join(
        chunk.people.select("number", year=pl.col("signed_on").dt.year()), left_on="person", right_on="number"
    )
    counts: Counter[str] = Counter()
    for year, path, n, reached in (
        evaluated.group_by("year", "path").agg(pl.len(), (pl.col("attained") == "true").sum()).iter_rows()
    ):
        for key in (f"{year}", f"{year}:{path}"):
            counts[f"a1:{key}"] += n
            counts[f"a1_reached:{key}"] += reached
    poe = (
        _of_kind(chunk, FactKind.TRAINING_ENDED)
        .filter(_value("training").is_in(POE) & (_value("completed") == "true"))
        .select("person", "subject", ended_on="occurred_on")
    )
    jobs = _of_kind(chunk, FactKind.JOB_STARTED).select("person", job_on="occurred_on")
    after = (pl.col("job_on") >= pl.col("ended_on")) & (pl.col("job_on") <= pl.col("ended_on").dt.offset_by(INTO_JOB))
    counts["poe"] = len(poe)
    counts["poe_into_job"] = poe.join(jobs, on="person").filter(after)["subject"].n_unique()
    return counts


def job_counts(chunk: Chunk) -> Counts:
    """Posts looked at six months after they began, and those still held (F-036)."""
    checks = _of_kind(chunk, FactKind.JOB_CHECKED).filter(_value("months") == "6")
    return {"checked": len(checks), "in_post": int(checks.select((_value("in_post") == "true").sum()).item())}


def agir_delay_counts(chunk: Chunk) -> Counts:
    """Orientations to AGIR of 2023 and the days they took (E-007)."""
    oriented = _of_kind(chunk, FactKind.AGIR_ORIENTED).filter(pl.col("occurred_on").dt.year() == 2023)
    days = oriented.select(_value("days").cast(pl.Int64).sum()).item()
    return {"agir_oriented_2023": len(oriented), "agir_days_2023": int(days or 0)}


def approach_counts(chunk: Chunk) -> Counts:
    """The approach of 2025 in Île-de-France (J-010)."""
    counts: Counter[str] = Counter()
    kinds = {
        FactKind.APPROACH_TARGETED: "targeted",
        FactKind.APPROACH_RECEIVED: "received",
        FactKind.APPROACH_OFFERED: "offered",
        FactKind.APPROACH_OUTCOME: "outcome",
    }
    facts = chunk.events.filter(pl.col("kind").is_in([kind.value for kind in kinds]))
    if facts.is_empty():
        return counts
    where = chunk.people.select("number", "department")
    known = facts.join(where, left_on="person", right_on="number").with_columns(outcome=_value("outcome"))
    for kind, department, outcome, n in known.group_by("kind", "department", "outcome").len().iter_rows():
        name = outcome or kinds[FactKind(kind)]
        counts[f"idf:{name}"] += n
        counts[f"idf:{name}:{department}"] += n
    return counts


def measures() -> list[Measure]:
    """Every figure measured on pathways, by the code of `data/published.yaml`."""
    access = {"": "", "_women": ":F", "_men": ":H"}
    found = [
        Measure(f"job_access_bfc{name}_2023", cohort_counts, ratio(f"access:2023:27{key}", f"cohort:2023:27{key}"))
        for name, key in access.items()
    ]
    found += [
        Measure(f"a1_attained_{year}", training_counts, ratio(f"a1_reached:{year}", f"a1:{year}"))
        for year in (2021, 2022, 2023)
    ]
    found += [
        Measure("a1_attained_600_2022", training_counts, ratio("a1_reached:2022:P600", "a1:2022:P600")),
        Measure("poe_into_job", training_counts, ratio("poe_into_job", "poe")),
        Measure("job_kept_6_months", job_counts, ratio("in_post", "checked")),
        Measure("agir_delay_2023", agir_delay_counts, ratio("agir_days_2023", "agir_oriented_2023", scale=1.0)),
    ]
    approach = {
        "idf_category_a_2024": "idf:targeted",
        "idf_target_2025": "idf:received",
        "idf_offered_75_2025": "idf:offered:75",
        "idf_offered_93_2025": "idf:offered:93",
        "idf_hired_2025": "idf:recruited",
        "idf_vocational_2025": "idf:vocational_training",
        "idf_language_2025": "idf:language_training",
    }
    return found + [Measure(code, approach_counts, number(key)) for code, key in approach.items()]


def _of_kind(chunk: Chunk, kind: FactKind) -> pl.DataFrame:
    return chunk.events.filter(pl.col("kind") == kind.value)


def _value(key: str) -> pl.Expr:
    """One key of the data of a fact, as text; null when it is null or absent."""
    return pl.col("data").str.json_path_match(f"$.{key}")
