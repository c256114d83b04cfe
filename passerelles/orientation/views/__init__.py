"""The screens: the public rule book, the diagnosis and the recommendation of a person."""
