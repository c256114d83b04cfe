"""The verbs of referrals. Each is one transaction: policy, table, state, journal, messages.

The first argument of a verb is `by`: an `Actor` (agent with a role) or an `Outsider` (link, person's page).
"""
