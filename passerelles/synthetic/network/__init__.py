"""The partnership of a synthetic France: organisations, agents, référents, delegations. All fictitious. Pure."""

from __future__ import annotations

from passerelles.synthetic.network.agents import agents, delegations, referents
from passerelles.synthetic.network.organisations import organisations

__all__ = ["agents", "delegations", "organisations", "referents"]
