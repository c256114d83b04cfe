"""Who signs a CIR: fictitious people whose numbers are the published ones. Pure (numpy, polars).

`plan` lists the chunks of a run, `people` makes one; identities are written by `synthetic.names`. Margins are fitted
(`ipf`), counted out in whole people (`rounding`, `margins`, `joint`), then each person gets the attributes that their
cell makes likely. Figures with a source are in `data/published.yaml`, choices without one in `data/assumptions.yaml`.
"""

from passerelles.synthetic.population.agir import agir_start
from passerelles.synthetic.population.people import people
from passerelles.synthetic.population.territory import NoFigures, Size, first_number, plan

__all__ = ["NoFigures", "Size", "agir_start", "first_number", "people", "plan"]
