"""Mistakes a person can make or meet, each with a sentence in French that says how to mend it."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can understand and mend; `sentence` is shown as it is."""

    def __init__(self, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence if not remedy else f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class Refused(UserError):
    """The policy does not let this actor do this (HTTP 403)."""


class Unknown(UserError):
    """The thing does not exist for this actor (HTTP 404)."""


class Impossible(UserError):
    """The state of the thing does not admit this verb."""


class EditedElsewhere(UserError):
    """Somebody else wrote first; what this person typed is kept on their screen."""

    def __init__(self, who: str, when: str) -> None:
        super().__init__(
            f"{who} a enregistré cette fiche à {when}, pendant que vous la remplissiez.",
            remedy="Votre saisie est conservée ci-dessous : comparez, puis enregistrez de nouveau.",
        )
        self.who = who
        self.when = when


class AlreadyTaken(UserError):
    """A place, a slot or a desk was taken a moment before."""
