"""How long until something happens, when not everybody has been followed long enough (F-031, F-036, F-072). Pure.

Curves, intervals and comparisons are computed from additive counts: so many people left at day t, by what. Counts of
territories add up to those of the nation, and no personal data moves.
"""
