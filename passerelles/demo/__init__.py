"""A fictitious territory to try the platform on.

Its persons come from the generator of the population (`synthetic`): the years before the experiment are stored in one
go, everything since goes through the rooms' verbs.
"""
