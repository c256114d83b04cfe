"""Months of referrals in a small region where some never answer, to see whether anybody is ever lost.

Plays only the public verbs. Run on a database of its own (`passerelles simulate`), shortened in the tests.
"""
