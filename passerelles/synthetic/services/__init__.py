"""The writers of a synthetic population: straight into the tables, through the verbs of the rooms, or into files."""
