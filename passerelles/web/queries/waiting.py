"""What waits for an agent in the queues of the other rooms, as one line each on “Ma journée” (A-054, C-035, D-035)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor
from passerelles.pathway.queries import follow_ups, learners
from passerelles.referrals.queries import lists
from passerelles.referrals.queries.lists import RECEIVED_TABS, SENT_TABS


@dataclass(frozen=True, slots=True)
class Waiting:
    """`count` things to do: one or several in words, and the list where they are (name of the address, its query)."""

    count: int
    one: str
    several: str
    address: str
    query: str = ""

    @property
    def words(self) -> str:
        return self.one if self.count == 1 else self.several


def waiting(actor: Actor, on: dt.date) -> list[Waiting]:
    """What is not empty, the most pressing first. At most four queries."""
    found = [*_referrals(actor), *_alerts(actor, on), *_learners(actor)]
    return [each for each in found if each.count]


def _referrals(actor: Actor) -> list[Waiting]:
    """Received without an answer, or without a date; come back to us, or for us to validate; contradicted.

    What a role sees of the others' cases is in the lists, not here: the owner of a case is the one it waits for.
    """
    if not actor.may(Resource.REFERRAL, Action.EDIT):
        return []
    found = []
    if lists.receives(actor):
        states = lists.counted(lists.received(actor), RECEIVED_TABS, ("a_repondre", "a_donner"))
        found += [
            Waiting(
                states["a_repondre"],
                "orientation reçue attend votre réponse",
                "orientations reçues attendent votre réponse",
                "referrals:received",
                "?etat=a_repondre",
            ),
            Waiting(
                states["a_donner"],
                "personne attend son rendez-vous",
                "personnes attendent leur rendez-vous",
                "referrals:received",
                "?etat=a_donner",
            ),
        ]
    ours = lists.sent(actor).filter(owner_id=actor.organisation_id)
    states = lists.counted(ours, SENT_TABS, ("a_reprendre", "a_valider"))
    return [
        *found,
        Waiting(
            states["a_reprendre"],
            "orientation à reprendre",
            "orientations à reprendre",
            "referrals:sent",
            "?etat=a_reprendre",
        ),
        Waiting(
            states["a_valider"],
            "orientation proposée à valider (AGIR)",
            "orientations proposées à valider (AGIR)",
            "referrals:sent",
            "?etat=a_valider",
        ),
        Waiting(
            lists.disputes(actor).count(),
            "contradiction à trancher sur un rendez-vous",
            "contradictions à trancher sur des rendez-vous",
            "referrals:disputes",
        ),
    ]


def _alerts(actor: Actor, on: dt.date) -> list[Waiting]:
    if not actor.may(Resource.FOLLOW_UP, Action.VIEW):
        return []
    count = follow_ups.totals(actor, on)["toutes"]
    return [Waiting(count, "alerte de suivi", "alertes de suivi", "pathway:follow-ups")]


def _learners(actor: Actor) -> list[Waiting]:
    if not actor.may(Resource.LEARNER, Action.EDIT):
        return []
    count = learners.totals(actor)
    return [
        Waiting(
            count["a_commencer"],
            "formation prescrite chez vous, à commencer",
            "formations prescrites chez vous, à commencer",
            "pathway:learners",
            "?etat=a_commencer",
        ),
        Waiting(
            count["en_cours"],
            "formation en cours : présences et fin à noter",
            "formations en cours : présences et fins à noter",
            "pathway:learners",
            "?etat=en_cours",
        ),
    ]
