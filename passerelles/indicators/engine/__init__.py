"""Figures computed from plain facts: no database, no clock, no Django model."""
