"""The one ancestor of what can go wrong with the database server."""

from passerelles.core.errors import UserError


class PostgresError(UserError):
    """A sentence in French: what is wrong, where, and how to mend it."""
