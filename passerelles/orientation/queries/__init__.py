"""What screens and the rooms above read of the orientation: the rule book, the facts, the decisions."""

from passerelles.orientation.queries.decisions import decision_of, decisions_of
from passerelles.orientation.queries.facts import facts_of, facts_of_many

__all__ = ["decision_of", "decisions_of", "facts_of", "facts_of_many"]
