"""What the screens of linkage read, each through the policy: checks, pairs of records, identities, look-ups."""

from passerelles.linkage.queries.checks import (
    Narrowed,
    Pair,
    derived,
    lists_loaded,
    pair,
    registers_without_list,
    to_review,
)
from passerelles.linkage.queries.crossed import CrossedPage, CrossedPair, crossed_lines, crossed_page, crossed_pairs
from passerelles.linkage.queries.identities import (
    LinkedRecord,
    PairPage,
    answers_of_identity,
    linked_records,
    members_sharing,
    next_of,
    open_pairs,
    others_of,
    pair_page,
    records_sharing,
    registered_under_other_records,
    waiting_pairs_of,
)

__all__ = [
    "CrossedPage",
    "CrossedPair",
    "LinkedRecord",
    "Narrowed",
    "Pair",
    "PairPage",
    "answers_of_identity",
    "crossed_lines",
    "crossed_page",
    "crossed_pairs",
    "derived",
    "linked_records",
    "lists_loaded",
    "next_of",
    "members_sharing",
    "open_pairs",
    "others_of",
    "pair",
    "pair_page",
    "records_sharing",
    "registered_under_other_records",
    "registers_without_list",
    "to_review",
    "waiting_pairs_of",
]
