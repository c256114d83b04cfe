"""A few persons with a diagnosis: one recommendation followed, one override, one decision to look at again."""

from __future__ import annotations

from typing import Any

from passerelles.core import clock
from passerelles.demo.partnership import Partnership
from passerelles.demo.people import DIRECTION
from passerelles.network.policy import Actor
from passerelles.orientation import services
from passerelles.orientation.engine.recommendation import Standing
from passerelles.orientation.queries.recommendation import outlook_of
from passerelles.people.models import Person
from passerelles.reception.enums import InterviewStatus
from passerelles.reception.models import Interview

SEEKER = {
    "emploi.recherche": "cherche",
    "spe.dispense": "non",
    "besoin.emploi": "oui",
    "besoin.logement": "non",
    "sejour.statut": "aucun",
    "projet.projection": "oui",
}
DIAGNOSES: tuple[dict[str, Any], ...] = (
    {
        "etudes.niveau": "secondaire_cap_bep",
        "experience.professionnelle": "oui",
        "experience.recente": "deux_ans",
        "metier.exerces": ["F1703"],
        "metier.recherches": ["F1703", "F1704"],
        "frein.mobilite": "moyen",
        "mobilite.moyens": ["transports"],
        "numerique.autonomie": "aide",
    },
    {
        "etudes.niveau": "superieur_bac_3",
        "experience.professionnelle": "oui",
        "experience.recente": "plus_ancienne",
        "metier.exerces": ["M1203"],
        "metier.recherches": ["M1203", "M1602"],
        "diplome.etranger": "oui",
        "diplome.profession_reglementee": "non",
        "projet.creation": "oui",
    },
    {
        "etudes.niveau": "primaire_sans_diplome",
        "experience.professionnelle": "non",
        "metier.recherches": ["K2204"],
        "garde.besoin": "oui",
        "garde.enfants": 1,
        "garde.solution": "aucune",
        "frein.garde": "fort",
        "logement.type": "tiers",
    },
)
REASON = "Projet de création d’entreprise déjà avancé : la personne souhaite commencer par ce projet."


def tell(partnership: Partnership) -> None:
    """After the past days, at the present moment: the persons without a job of the last interviews."""
    seekers = _seekers(len(DIAGNOSES))
    auditor, cip = partnership.actors["auditeur"], partnership.actors["cip"]
    for place, (person, diagnosis) in enumerate(zip(seekers, DIAGNOSES, strict=False)):
        _state(auditor, person, SEEKER | diagnosis)
        if place == 1:
            services.decide(auditor, person.pk, chosen=["adie"], reason=REASON)
        else:
            actor = cip if place == 0 else auditor
            wanted = outlook_of(actor, person, clock.today()).codes(Standing.RECOMMENDED)
            services.decide(actor, person.pk, chosen=wanted, reason="" if wanted else REASON)
    if len(seekers) == len(DIAGNOSES):
        _state(auditor, seekers[-1], {"emploi.recherche": "non"})


def _state(actor: Actor, person: Person, values: dict[str, Any]) -> None:
    services.state(actor, person.pk, values, source="personne", as_of=clock.today())


def _seekers(count: int) -> list[Person]:
    """The last persons interviewed who have no job."""
    rows = Interview.objects.filter(
        person__direction=DIRECTION,
        status=InterviewStatus.DONE,
        situation="none",
        opted_out=False,
        ended_at__isnull=False,
    )
    found = rows.select_related("person").order_by("-ended_at", "id")[:count]
    return [row.person for row in found]
