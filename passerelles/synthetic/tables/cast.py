"""Who acts in a story: the agents of an organisation take turns, so that every account has done something."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from passerelles.synthetic.frames import NUMBER, Network

AUDITOR, CIP, ADVISER = "ofii_auditor", "cip", "spe_adviser"


@dataclass(frozen=True, slots=True)
class Cast:
    """The network seen from the stage."""

    network: Network
    posts: pl.DataFrame
    """organisation, role, ids and names: the agents of those who act, in the order of their numbers."""
    organisations: pl.DataFrame
    """number, organisation_id, kind, direction."""
    offices: pl.DataFrame
    """direction, office, office_id: the DT of each direction."""


def cast(network: Network) -> Cast:
    """Those who act, from the whole network or from a part of it."""
    posts = (
        network.agents.filter(pl.col("role").is_in([AUDITOR, CIP, ADVISER]))
        .sort("number")
        .group_by("organisation", "role", maintain_order=True)
        .agg(ids="id", names="name")
    )
    organisations = network.organisations.select("number", "kind", "direction", organisation_id="id")
    offices = organisations.filter(pl.col("kind") == "ofii_dt").select(
        "direction", office="number", office_id="organisation_id"
    )
    return Cast(network, posts, organisations, offices)


def with_author(
    frame: pl.DataFrame, of: Cast, *, organisation: str, role: pl.Expr, turn: str, prefix: str
) -> pl.DataFrame:
    """`frame` with `<prefix>_id` and `<prefix>_name`: whose turn it is, by the number in column `turn`.

    `organisation` is a column of `frame`. Null where the organisation has no agent in that role.
    """
    mine = pl.col(turn) % pl.col("ids").list.len()
    return (
        frame.lazy()
        .with_columns(__role=role, __organisation=pl.col(organisation).cast(NUMBER))
        .join(
            of.posts.lazy(),
            left_on=["__organisation", "__role"],
            right_on=["organisation", "role"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col("ids").list.get(mine).alias(f"{prefix}_id"), pl.col("names").list.get(mine).alias(f"{prefix}_name")
        )
        .drop("ids", "names", "__organisation", "__role")
        .collect()
    )
