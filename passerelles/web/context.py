"""What every page needs: who acts, where they may go, and whose marks the deployer may show."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from passerelles.network.enums import Action, Resource
from passerelles.network.policy import Actor


class Entry(NamedTuple):
    """One line of the main navigation. `resource` None: for every signed-in agent with a role."""

    label: str
    url_name: str
    resource: Resource | None
    action: Action = Action.VIEW


ENTRIES = (
    Entry("Ma journée", "web:home", None),
    Entry("Séances", "reception:sessions", Resource.SESSION),
    Entry("Premiers rendez-vous", "reception:appointments", Resource.APPOINTMENT),
    Entry("Orientations", "referrals:home", Resource.REFERRAL),
    Entry("Personnes", "web:persons", Resource.PERSON),
    Entry("À suivre", "pathway:follow-ups", Resource.FOLLOW_UP),
    Entry("Stagiaires", "pathway:learners", Resource.LEARNER),
    Entry("Réexamens", "orientation-person:changes", Resource.ORIENTATION, Action.EDIT),
    Entry("Vérifications", "linkage:review", Resource.CHECK),
    Entry("Fichiers", "exchange:imports", Resource.IMPORT),
    Entry("Tableau de bord", "reports:dashboard", Resource.INDICATOR, Action.COUNT),
    Entry("Remontées", "reports:returns", Resource.RETURN),
    Entry("Chiffres", "indicators:catalogue", Resource.INDICATOR, Action.COUNT),
    Entry("Organisme", "network:organisation", Resource.MEMBERSHIP),
    Entry("Paramètres", "web:parameters", Resource.PARAMETER),
)


def link_to(url_name: str, *args: Any) -> str:
    """The address of a screen, empty when the room that owns it is not installed."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The entries this role may open (A.6), the current one marked."""
    if actor.role is None:
        return []
    entries = []
    for label, url_name, resource, action in ENTRIES:
        url = link_to(url_name)
        if url and (resource is None or actor.may(resource, action)):
            entries.append({"label": label, "url": url, "current": False})
    within = [
        entry for entry in entries if path == entry["url"] or (entry["url"] != "/" and path.startswith(entry["url"]))
    ]
    if within:
        max(within, key=lambda entry: len(entry["url"]))["current"] = True
    return entries


def layout(request: HttpRequest) -> dict[str, Any]:
    """The State's marks only when the deployer is a service of the State (K-007)."""
    actor = getattr(request, "actor", None)
    return {
        "site_name": settings.SITE_NAME,
        "deployer": settings.DEPLOYER,
        "state_service": settings.STATE_SERVICE,
        "demo": settings.DEMO,
        "actor": actor,
        "memberships": getattr(request, "memberships", []),
        "membership": getattr(request, "membership", None),
        "navigation": navigation(actor, request.path) if actor else [],
    }
