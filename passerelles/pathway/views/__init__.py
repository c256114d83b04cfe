"""Screens of the pathway."""
