"""A chunk of the stream as the rows of the rooms' tables and the facts of their verbs. Pure: no database, no clock.

`story` says who acts, when each thing becomes known and which rows are one and the same act: both ways of storing read
it. `state` and `facts` then give, for the direct way, what the verbs of the rooms would have written.
"""
