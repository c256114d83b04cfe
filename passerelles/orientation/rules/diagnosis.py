"""What a diagnosis says of a person, on one page: the sections, and the items that no rule reads (D.1, D.6, C-003).

The eight families of constraints are those of the diagnosis of the employment network. A constraint has an impact and
never a nature; the constraint of health least of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from passerelles.orientation.engine.facts import FactRegistry, FactSpec, FactType
from passerelles.orientation.rules.facts import AGENT, BARRIER, FACTS, PERSON

MEANS = {
    "permis_francais": "permis français",
    "permis_etranger": "permis étranger, à échanger",
    "voiture": "voiture",
    "deux_roues": "vélo ou deux-roues",
    "transports": "transports en commun",
}
CHILDCARE = {
    "aucune": "aucune solution",
    "proches": "famille ou proches",
    "assistante": "assistante maternelle",
    "creche": "crèche",
    "ecole": "école et périscolaire",
}
HOUSING = {
    "autonome": "logement autonome",
    "tiers": "hébergement chez un tiers",
    "structure": "hébergement en structure (CADA, CPH, foyer)",
    "hotel": "hôtel",
    "sans": "sans hébergement",
}
DIGITAL = {"autonome": "fait ses démarches en ligne", "aide": "les fait avec une aide", "non": "ne les fait pas"}
EQUIPMENT = {"smartphone": "téléphone", "ordinateur": "ordinateur", "connexion": "connexion à domicile"}
RIGHTS = {
    "assurance_maladie": "assurance maladie",
    "caf": "prestations de la CAF",
    "logement_social": "demande de logement social",
    "compte_bancaire": "compte bancaire",
    "impots": "numéro fiscal",
    "permis": "échange de permis demandé",
}


def _item(
    code: str, kind: FactType, label: str, question: str, values: Mapping[str, str] | None = None, highest: int = 100
) -> FactSpec:
    return FactSpec(code, kind, label, question, (PERSON, AGENT), values=values or {}, highest=highest)


OWN = (
    _item("metier.exerces", FactType.OCCUPATIONS, "les métiers exercés", "Quels métiers a-t-elle exercés ?"),
    _item("metier.recherches", FactType.OCCUPATIONS, "les métiers recherchés", "Quels métiers recherche-t-elle ?"),
    _item(
        "frein.financier",
        FactType.ENUM,
        "le frein « difficultés financières »",
        "Frein « difficultés financières » : quel effet sur la recherche ou l'exercice d'un emploi ?",
        BARRIER,
    ),
    _item(
        "frein.administratif",
        FactType.ENUM,
        "le frein « démarches administratives ou juridiques »",
        "Frein « démarches administratives ou juridiques » : quel effet sur la recherche ou l'exercice d'un emploi ?",
        BARRIER,
    ),
    _item("mobilite.moyens", FactType.CODES, "les moyens de déplacement", "Comment se déplace-t-elle ?", MEANS),
    _item(
        "garde.enfants",
        FactType.INT,
        "les enfants de moins de trois ans",
        "Combien d'enfants de moins de trois ans sont à sa charge ?",
        highest=20,
    ),
    _item("garde.solution", FactType.ENUM, "la garde des enfants", "Qui garde ses enfants ?", CHILDCARE),
    _item("logement.type", FactType.ENUM, "le logement", "Où la personne est-elle logée ?", HOUSING),
    _item(
        "numerique.autonomie",
        FactType.ENUM,
        "l'autonomie numérique",
        "Fait-elle seule ses démarches en ligne ?",
        DIGITAL,
    ),
    _item("numerique.equipement", FactType.CODES, "l'équipement numérique", "De quoi dispose-t-elle ?", EQUIPMENT),
    _item("droits.ouverts", FactType.CODES, "les droits ouverts", "Quels droits sont ouverts ?", RIGHTS),
)


FAMILIES = {
    "Numérique": ("frein.numerique",),
    "Mobilité": ("frein.mobilite",),
    "Contraintes familiales": ("frein.garde", "frein.aidant"),
    "Santé": ("frein.sante",),
    "Lecture, écriture, calcul, langue": ("frein.langue",),
    "Logement": ("frein.logement",),
    "Difficultés financières": ("frein.financier",),
    "Démarches administratives ou juridiques": ("frein.administratif",),
}
"""The eight families of constraints of the employment network, and the items that say their impact."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the page and the codes under it."""

    code: str
    title: str
    items: tuple[str, ...]


SECTIONS = (
    Section("langue", "Français", ("langue.oral", "langue.ecrit", "langue.lecteur_scripteur", "langue.allophone")),
    Section(
        "parcours",
        "Études et expérience",
        (
            "etudes.niveau",
            "diplome.etranger",
            "diplome.profession_reglementee",
            "metier.exerces",
            "experience.professionnelle",
            "experience.recente",
            "emploi.cadre",
        ),
    ),
    Section(
        "projet",
        "Recherche et projet",
        (
            "emploi.situation",
            "emploi.recherche",
            "metier.recherches",
            "metier.tension",
            "projet.projection",
            "projet.certification",
            "projet.creation",
            "besoin.emploi",
        ),
    ),
    Section(
        "freins",
        "Freins à l’emploi",
        (*(item for family in FAMILIES.values() for item in family), "frein.obstacle"),
    ),
    Section(
        "quotidien",
        "Mobilité, garde, logement, numérique",
        (
            "mobilite.moyens",
            "garde.besoin",
            "garde.enfants",
            "garde.solution",
            "logement.type",
            "besoin.logement",
            "numerique.autonomie",
            "numerique.equipement",
        ),
    ),
    Section(
        "droits",
        "Document de séjour et droits",
        (
            "sejour.titre",
            "sejour.titre_fin",
            "sejour.titre_travail",
            "sejour.statut",
            "sejour.statut_date",
            "rsa.beneficiaire",
            "ft.inscrit",
            "droits.ouverts",
        ),
    ),
    Section("sante", "Santé : rendez-vous et statut", ("handicap.boe", "sante.vulnerable", "sante.visite_ofii")),
)

ITEMS = FactRegistry([*FACTS.values(), *OWN])
"""Everything that may be stated of a person: the facts of the rules, and the items of the page that no rule reads."""

LABELS = {
    "langue.allophone": "Français langue étrangère",
    "langue.lecteur_scripteur": "Sait lire et écrire",
    "emploi.cadre": "A été cadre",
    "emploi.recherche": "Recherche un emploi",
    "diplome.profession_reglementee": "Diplôme d’une profession réglementée",
    "experience.professionnelle": "Expérience professionnelle",
    "projet.projection": "Se projette dans un emploi à court terme",
    "projet.certification": "Vise un diplôme ou un titre",
    "projet.creation": "Veut créer une entreprise",
    "metier.tension": "Cherche un métier en tension",
    "besoin.emploi": "Besoin d’emploi ou de formation constaté",
    "besoin.logement": "Besoin de logement constaté",
    "frein.obstacle": "Obstacle, pour l’instant, à toute recherche",
    "sejour.titre_travail": "Mention « autorise son titulaire à travailler »",
    "handicap.boe": "Bénéficiaire de l’obligation d’emploi",
    "sante.vulnerable": "Situation de vulnérabilité",
    "sante.visite_ofii": "Visite médicale de l’OFII passée",
}
"""Shorter on the page than the label of the fact."""
