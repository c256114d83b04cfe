"""The verbs of the outbox: queue, tell a person or an organisation, send what is due, revive; and signed links."""

from passerelles.messages.services.outbox import MAX_ATTEMPTS, drop, has_stopped, queue, revive, send_due
from passerelles.messages.services.tell import drop_appointment, tell_appointment, tell_organisation, tell_person

__all__ = [
    "MAX_ATTEMPTS",
    "drop",
    "drop_appointment",
    "has_stopped",
    "queue",
    "revive",
    "send_due",
    "tell_appointment",
    "tell_organisation",
    "tell_person",
]
