"""The verbs of the pathway, the only writers of this room."""
