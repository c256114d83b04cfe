"""The command line. Importing any of it makes click speak French."""

from passerelles.cli import french

french.speak()
