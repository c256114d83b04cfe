"""Screens of the network: sign-in in `sign_in`, administration of one's organisation in `organisation`."""

from passerelles.network.views.sign_in import locked_out

__all__ = ["locked_out"]
