"""Orientation: dated, three-valued rules with reasons (B, C), and what to propose from them.

`engine`, `rules` and `cases` are pure. The rest is their life with real persons: what is stated of them (`Statement`),
what is decided (`Decision`), and the public rule book.

The whole of what other rooms use:

    from passerelles.orientation.rules import BOOK, FACTS
    facts = FACTS.read({"sejour.statut": "refugie", "rsa.beneficiaire": {"valeur": False, "source": "CAF"}})
    evaluation = BOOK.evaluate(facts, on=day, territory=Territory.parse("department:57"))
    evaluation["agir.eligible"]          # core.answers.Answer: verdict, reasons, missing (the fewest questions)
    evaluation.says("agir.eligible")     # the verdict alone; None when the rule is not in force on the day
    evaluation.conclusion("agir.eligible"), .trace(...), .parameters(...), .questions(), .used(reason)
    recommend(evaluation, PROPOSALS)     # engine.recommendation, rules.proposals
    compare(before, after)               # engine.comparison: the rules whose answer differs, and why
    catalogue(BOOK, day, shipped())      # engine.catalogue, engine.cases: the rule book for a public page

For many persons, `Session(BOOK).evaluate(...)` (engine.evaluation) reads the parameters once per day and territory.
With real persons:

    from passerelles.orientation import services
    from passerelles.orientation.queries import decision_of, facts_of
    facts_of(person, on)                                         # every table, as facts with source and date
    services.state(actor, person_id, {"emploi.recherche": "cherche"}, source="personne", as_of=day)
    services.decide(actor, person_id, chosen=["france_travail"], reason="")
    decision = decision_of(person)                               # the Decision that stands, or None
    decision.proposals, decision.bodies                          # what was chosen, as `rules.proposals.Proposal`

A new rule is a function under `@rule` in `rules/`, its facts in `rules/facts.py`, at least one case in `cases/`.
The logic is written in docs/rules-logic.md.
"""
