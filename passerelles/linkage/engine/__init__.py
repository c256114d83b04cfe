"""Is this the same person? Preparation, blocking, comparison levels, weights and decision. Pure.

`records.prepare` → `blocking.block_keys` → `score.Scorer` or `sql.total_sql` → `decision` and `answers`.
"""
