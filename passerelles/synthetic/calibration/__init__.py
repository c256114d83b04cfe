"""Does the stream say what was published? Measures over chunks, verdicts, and the report `docs/calibration.md`.

A figure is a line of `data/published.yaml`; a `Measure` of the same code counts each chunk (additive counts) and gives
its value once they are added up. `measures()` lists those of every part of the stream.
"""

from passerelles.synthetic.calibration.measures import Measure, collect, people_alone, ratio
from passerelles.synthetic.calibration.population import measures as population_measures
from passerelles.synthetic.calibration.registry import measures
from passerelles.synthetic.calibration.report import write_report
from passerelles.synthetic.calibration.results import Result, Verdict, results, table_results

__all__ = [
    "Measure",
    "Result",
    "Verdict",
    "collect",
    "measures",
    "people_alone",
    "population_measures",
    "ratio",
    "results",
    "table_results",
    "write_report",
]
