"""The only writers of this room: the lines that figures are counted on, and the impact benchmarks."""

from passerelles.indicators.services.impact import declare_benchmark, may_declare, measure_benchmark
from passerelles.indicators.services.lines import WHOLE_JOURNAL, rebuild, refresh

__all__ = ["WHOLE_JOURNAL", "declare_benchmark", "may_declare", "measure_benchmark", "rebuild", "refresh"]
