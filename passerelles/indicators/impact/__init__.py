"""Impact benchmarks of an experiment (F-037): declared before it starts, then compared with people alike. Pure.

The answer may be “we cannot conclude”: too few people, or people who do not compare, give no verdict at all.
"""
