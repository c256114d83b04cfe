"""The only writers of the orientation: what is stated of a person, what is decided for them, what is to be reviewed."""

from passerelles.orientation.services.decisions import decide
from passerelles.orientation.services.statements import state, withdraw

__all__ = ["decide", "state", "withdraw"]
