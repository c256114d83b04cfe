"""The verbs of linkage: load a list, check persons against the newest lists, settle a doubtful pair, already known?,
records of one person."""

from passerelles.linkage.services.checks import (
    add_records,
    check_people,
    close_list,
    lists_that_count,
    newest_lists,
    open_list,
)
from passerelles.linkage.services.decisions import declare_check, settle, undo
from passerelles.linkage.services.doubles import find_doubles, find_doubles_now
from passerelles.linkage.services.identities import answer_pair, ask_about, is_crossed, reopen, unlink
from passerelles.linkage.services.known import Described, Known, Likeness, keep_reason, known, known_each

__all__ = [
    "Described",
    "Known",
    "Likeness",
    "add_records",
    "answer_pair",
    "ask_about",
    "check_people",
    "close_list",
    "declare_check",
    "find_doubles",
    "find_doubles_now",
    "is_crossed",
    "keep_reason",
    "known",
    "known_each",
    "lists_that_count",
    "newest_lists",
    "open_list",
    "reopen",
    "settle",
    "undo",
    "unlink",
]
