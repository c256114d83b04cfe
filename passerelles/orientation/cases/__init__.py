"""The test cases of the rules, in YAML, shipped so that the rule book can show them."""
