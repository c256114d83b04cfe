"""The same people as OFII, France Travail, RSA payers and AGIR wrote them, and a labelled base for linkage. Pure.

The lists are those a reception day is checked against (E-006, E-007, E-018).

`record` writes one list from people, `names`, `dates`, `cuts` and `slips` say what goes wrong, `strangers` gives the
lines that are nobody of the base. Which record is whose is told by `person` (or by `truth`), never by the order.
"""

from passerelles.synthetic.lists.base import linkage_base
from passerelles.synthetic.lists.records import records

__all__ = ["linkage_base", "records"]
