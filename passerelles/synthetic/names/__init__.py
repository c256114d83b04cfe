"""Names and identities of fictitious newcomers: what OFII wrote of each person (D-001, D-002, D-014).

Pure: one generator, one result.

`stock` reads the names by country, `families` says who is kin to whom, `cultures` composes names as each country does,
`spellings` and `native` write one name in several ways, `births`, `places`, `contacts` and `numbers` give the rest.
"""

from passerelles.synthetic.names.identities import identities

__all__ = ["identities"]
