"""Readers of the files offices send. Pure: no Django, no clock, no database; the reference date is always given."""
