"""The verbs on the returns: draft, validate, send or deposit, acknowledge; remind before the deadline."""

from passerelles.reports.services.life import (
    acknowledge_return,
    deposit_return,
    draft_return,
    draft_warnings,
    file_name,
    may_draft,
    send_return,
    validate_return,
)
from passerelles.reports.services.recipients import recipients_of
from passerelles.reports.services.reminders import remind

__all__ = [
    "acknowledge_return",
    "deposit_return",
    "draft_return",
    "draft_warnings",
    "file_name",
    "may_draft",
    "recipients_of",
    "remind",
    "send_return",
    "validate_return",
]
