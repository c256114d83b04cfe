"""Where the weights come from: Splink on the embedded engine, with the levels of `engine.comparisons`.

Splink is an optional dependency (`requirements/bench.txt`): training happens once, the model file is what ships.
"""
