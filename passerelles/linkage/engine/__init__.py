"""Is this the same person? Preparation, blocking, comparison levels, weights and decision. Pure."""

from passerelles.linkage.engine.exact import (
    Comparison,
    ExactMatcher,
    Finding,
    Identity,
    Matcher,
    Zone,
    look_up,
)

__all__ = ["Comparison", "ExactMatcher", "Finding", "Identity", "Matcher", "Zone", "look_up"]
