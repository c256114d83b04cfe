"""The verbs of linkage: load a list, check persons against the newest lists, settle a doubtful pair, already known?"""

from passerelles.linkage.services.checks import (
    add_records,
    check_people,
    close_list,
    newest_lists,
    open_list,
)
from passerelles.linkage.services.decisions import declare_check, settle, undo
from passerelles.linkage.services.known import Known, Likeness, keep_reason, known

__all__ = [
    "Known",
    "Likeness",
    "add_records",
    "check_people",
    "close_list",
    "declare_check",
    "keep_reason",
    "known",
    "newest_lists",
    "open_list",
    "settle",
    "undo",
]
