"""What the screens, and the rooms above, read of the pathway."""

from __future__ import annotations

from passerelles.pathway.queries.steps import Right, Step, rights_of, steps_of

__all__ = ["Right", "Step", "rights_of", "steps_of"]
