"""The rule kit: facts, conditions, dated rules, plans, evaluations, questions. Knows no rule and no fact of its own."""
