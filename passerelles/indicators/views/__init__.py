"""The screens of the figures: the catalogue and its tables, cohorts, impact benchmarks."""
