"""Publishing counts without revealing anyone (F, K): which cells to hide, proof that they stay so, cell keys. Pure.

A cell is sensitive when it counts some people but fewer than the threshold. Hiding it alone is not enough: totals,
linked tables and earlier publications give it back. `protect` hides what else must be hidden and proves it by tables
that an attacker cannot tell from the true one; `audit` attacks the result with linear programs; `cell_keys` serves
free drill-down, where no table is known beforehand.
"""
