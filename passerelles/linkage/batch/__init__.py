"""Whole lists against one another on the embedded analytical engine (DuckDB): no server, no database, no Django."""
