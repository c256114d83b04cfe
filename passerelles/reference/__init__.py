"""Dated facts of the outside world: territories, countries, languages, parameters. No Django, no clock."""
