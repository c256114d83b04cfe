"""The verbs of linkage: load a list, check persons against the newest lists, settle a doubtful pair."""

from passerelles.linkage.services.checks import (
    add_records,
    check_people,
    close_list,
    declare_check,
    newest_lists,
    open_list,
    settle,
)

__all__ = ["add_records", "check_people", "close_list", "declare_check", "newest_lists", "open_list", "settle"]
