"""The accounts of the demonstration: who signs in, with what password, and what to try. Nobody real."""

from __future__ import annotations

from dataclasses import dataclass

from passerelles.network.enums import OrganisationKind as Kind
from passerelles.network.enums import Role

DOMAIN = "demo.example"
SECOND_FACTOR_KEY = b"passerelles-demo-key"
"""The same 20 bytes for every account: one entry in a phone signs in as anybody."""


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the demonstration. Places are real, organisations are not, except offices of the State.

    The DT of Metz, its operator and the offices of the State are those of the fictitious past, by their names.
    """

    name: str
    kind: Kind
    direction: str = ""
    department: str = ""
    region: str = "44"
    referent: str = ""
    """The function of its référent; empty when it has none, "?" when the place is vacant."""


HOUSES = {
    "dt_metz": House("DT OFII Metz", Kind.OFII_DT, "metz", "57", referent="Référente intégration"),
    "dt_strasbourg": House("DT OFII Strasbourg", Kind.OFII_DT, "strasbourg", "67"),
    "dt_reims": House("DT OFII Reims", Kind.OFII_DT, "reims", "51"),
    "operator": House("Nouveaux Départs (AGIR 57)", Kind.OPERATOR, "", "57", referent="Coordination du dispositif"),
    "agency_moselle": House(
        "France Travail, agence des Mirabelles", Kind.FRANCE_TRAVAIL, "metz", "57", referent="Référent primo-arrivants"
    ),
    "agency_meurthe": House(
        "France Travail, agence des Bergamotes", Kind.FRANCE_TRAVAIL, "metz", "54", referent="Référent primo-arrivants"
    ),
    "agency_vosges": House("France Travail, agence des Images", Kind.FRANCE_TRAVAIL, "metz", "88", referent="?"),
    "mission_locale": House(
        "Mission locale des Trois-Rives", Kind.MISSION_LOCALE, "metz", "57", referent="Référente jeunes primo-arrivants"
    ),
    "cap_emploi": House("Cap emploi des Ballons", Kind.CAP_EMPLOI, "metz", "88", referent="?"),
    "dreets": House("DREETS Grand Est", Kind.DREETS, "", "67", referent="Pôle entreprises, emploi, économie"),
    "ddets": House("DDETS (Moselle)", Kind.DDETS, "metz", "57", referent="Référent départemental"),
    "nation": House("Direction de l’intégration (fictive)", Kind.MINISTRY, region=""),
    "tests": House("Langues de Lorraine (démonstration)", Kind.TEST_PROVIDER, "metz", "57"),
    "training": House("L’Atelier des mots (démonstration)", Kind.TRAINING_BODY, "metz", "57"),
    "siae": House("Les Jardins de la Seille (démonstration)", Kind.SIAE, "metz", "57"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """`key` is the name under which the scenes of the demonstration call this agent."""

    key: str
    email: str
    name: str
    house: str
    roles: tuple[Role, ...]
    password: str
    to_try: str


def _account(key: str, name: str, house: str, roles: Role | tuple[Role, ...], password: str, to_try: str) -> Account:
    email = f"{key.replace('_', '-')}@{DOMAIN}"
    return Account(key, email, name, house, roles if isinstance(roles, tuple) else (roles,), password, to_try)


ACCOUNTS = (
    _account(
        "cip",
        "Camille (CIP, bureau 1)",
        "operator",
        Role.CIP,
        "mirabelle-du-matin",
        "conduire la séance du jour, puis la remontée du mois",
    ),
    _account(
        "cip2",
        "Dominique (CIP, bureau 2)",
        "operator",
        Role.CIP,
        "bergamote-du-soir",
        "ouvrir le même entretien que le bureau 1 : rien ne se perd",
    ),
    _account(
        "auditeur",
        "Claude (auditeur, Metz)",
        "dt_metz",
        Role.OFII_AUDITOR,
        "passerelle-sur-la-seille",
        "importer la liste des convocations, planifier une séance",
    ),
    _account(
        "responsable",
        "Morgane (responsable, Metz)",
        "dt_metz",
        Role.DT_MANAGER,
        "cathedrale-de-pierre-jaune",
        "recevoir la remontée mensuelle, suivre la direction",
    ),
    _account(
        "conseiller",
        "Alix (conseil, agence des Mirabelles)",
        "agency_moselle",
        Role.SPE_ADVISER,
        "rendez-vous-de-mardi",
        "dire qui est venu au premier rendez-vous",
    ),
    _account(
        "conseiller-nancy",
        "Sacha (conseil, agence des Bergamotes)",
        "agency_meurthe",
        Role.SPE_ADVISER,
        "rendez-vous-de-jeudi",
        "vérifier que chaque agence ne voit que les siens",
    ),
    _account(
        "mission-locale",
        "Noa (conseil, mission locale)",
        "mission_locale",
        Role.SPE_ADVISER,
        "trois-rives-au-printemps",
        "constater qu’aucune personne ne lui est adressée",
    ),
    _account(
        "administration",
        "Dany (administration de l’opérateur)",
        "operator",
        Role.ORGANISATION_ADMIN,
        "trousseau-de-clefs-bleu",
        "valider la remontée mensuelle, gérer les habilitations",
    ),
    _account(
        "polyvalent",
        "Lou (deux rôles)",
        "operator",
        (Role.CIP, Role.AGIR_OPERATOR),
        "double-casquette-verte",
        "changer de rôle par le menu en haut de page",
    ),
    _account(
        "agir",
        "Andréa (intervention AGIR)",
        "operator",
        Role.AGIR_OPERATOR,
        "parapluie-de-novembre",
        "voir ce qu’un rôle limité voit",
    ),
    _account(
        "dreets",
        "Charlie (DREETS)",
        "dreets",
        Role.REGION_STATE,
        "grand-est-en-chiffres",
        "lire les remontées de la région, sans aucun nom",
    ),
    _account(
        "ddets",
        "Maxence (DDETS)",
        "ddets",
        Role.DEPARTMENT_STATE,
        "moselle-en-chiffres",
        "lire les indicateurs du département",
    ),
    _account(
        "national",
        "Eden (administration centrale)",
        "nation",
        Role.NATIONAL_STATE,
        "hexagone-en-chiffres",
        "lire les remontées envoyées",
    ),
    _account(
        "positionnement",
        "Gaby (positionnement linguistique)",
        "tests",
        Role.TEST_PROVIDER,
        "dictee-de-vingt-mots",
        "voir ce qu’un rôle limité voit",
    ),
    _account(
        "formation",
        "Jo (organisme de formation)",
        "training",
        Role.TRAINING_BODY,
        "tableau-noir-et-craie",
        "dire qui a commencé, qui est venu, qui a fini (Stagiaires)",
    ),
    _account(
        "siae",
        "Sam (structure d’insertion)",
        "siae",
        Role.SIAE_EMPLOYER,
        "potager-de-la-seille",
        "voir ce qu’un rôle limité voit",
    ),
    _account(
        "auditeur-strasbourg",
        "Ange (auditeur, Strasbourg)",
        "dt_strasbourg",
        Role.OFII_AUDITOR,
        "cigogne-sur-le-toit",
        "constater que Metz lui est invisible",
    ),
    _account(
        "auditeur-reims",
        "Céleste (auditeur, Reims)",
        "dt_reims",
        Role.OFII_AUDITOR,
        "vigne-de-champagne",
        "constater que Metz lui est invisible",
    ),
)
