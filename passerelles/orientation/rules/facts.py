"""The registry of facts: every fact a rule may read, in the order in which an interview would ask for it.

Codes and words are French: lawyers write them in the cases, agents in the fact files. Requirements D.1, D.2, D.6.
"""

from __future__ import annotations

from collections.abc import Mapping

from passerelles.orientation.engine.facts import FactRegistry, FactSpec, FactType, Sensitivity
from passerelles.reference.schooling import Schooling

PERSON, OFII, FT, DEPARTMENT, PREFECTURE = "personne", "OFII", "France Travail", "département", "préfecture"
OPERATOR, EMPLOYER, AGENT = "opérateur AGIR", "employeur", "conseiller"

TITLES = {
    "carte_resident": "carte de résident, ou de résident de longue durée-UE",
    "vie_privee_familiale": "carte ou visa « vie privée et familiale »",
    "vpf_famille_rld_ue": "carte « vie privée et familiale », famille d'un résident de longue durée-UE",
    "talent": "carte « talent » ou « talent (famille) »",
    "ict_famille": "carte « salarié détaché ICT (famille) »",
    "stagiaire_ict_famille": "carte « stagiaire ICT (famille) »",
    "csp_salarie": "carte pluriannuelle « salarié »",
    "cst_salarie": "carte temporaire ou visa « salarié »",
    "famille_ue": "carte de membre de la famille d'un citoyen de l'Union",
    "travailleur_temporaire": "carte ou visa « travailleur temporaire »",
    "recherche_emploi": "carte « recherche d'emploi ou création d'entreprise »",
    "etudiant": "carte ou visa « étudiant »",
    "csp_protection_subsidiaire": "carte pluriannuelle « bénéficiaire de la protection subsidiaire » ou famille",
    "csp_apatride": "carte pluriannuelle « bénéficiaire du statut d'apatride » ou famille",
    "aps": "autorisation provisoire de séjour (dont protection temporaire)",
    "aps_sortie_prostitution": "autorisation provisoire de séjour de l'article L.425-4 du CESEDA",
    "recepisse_premiere": "récépissé de première demande",
    "recepisse_renouvellement": "récépissé de renouvellement",
    "attestation_decision_favorable": "attestation de décision favorable",
    "attestation_prolongation": "attestation de prolongation d'instruction (API)",
    "certificat_algerien": "certificat de résidence algérien",
    "saisonnier": "carte « travailleur saisonnier »",
    "detache": "carte « salarié détaché »",
    "visiteur": "carte ou visa « visiteur »",
    "stagiaire": "carte ou visa « stagiaire »",
    "etranger_malade": "carte délivrée pour soins",
    "attestation_demande_asile": "attestation de demande d'asile",
    "autre": "autre document",
    "aucun": "aucun document",
}
STATUSES = {
    "refugie": "réfugié",
    "protection_subsidiaire": "protection subsidiaire",
    "apatride": "apatride",
    "protection_temporaire": "protection temporaire (BPT)",
    "demandeur_asile": "demandeur d'asile",
    "aucun": "aucune protection",
}
BARRIER = {"sans_impact": "sans impact", "moyen": "moyen", "fort": "fort"}
SITUATIONS = {
    "cdi": "en emploi, CDI",
    "cdd": "en emploi, CDD",
    "other_job": "en emploi, autre (intérim, indépendant…)",
    "training": "en formation professionnelle",
    "student": "étudiant",
    "none": "sans emploi",
    "other": "autre situation",
}
IAE_CRITERIA = {
    "ASS": "allocataire de l'ASS",
    "AAH": "allocataire de l'AAH",
    "DETLD": "demandeur d'emploi depuis plus de 24 mois",
    "DELD": "demandeur d'emploi depuis 12 à 24 mois",
    "ASE": "aide sociale à l'enfance",
    "PI": "parent isolé",
    "ZRR": "réside en zone de revitalisation rurale",
    "QPV": "réside en quartier prioritaire de la politique de la ville",
    "DETENTION_MJ": "sortant de détention ou placé sous main de justice",
}


def _yes_no(
    code: str, label: str, question: str, *sources: str, sensitivity: Sensitivity = Sensitivity.ORDINARY
) -> FactSpec:
    return FactSpec(code, FactType.BOOL, label, question, sources or (PERSON,), sensitivity=sensitivity)


def _choice(code: str, label: str, question: str, values: Mapping[str, str], *sources: str) -> FactSpec:
    return FactSpec(code, FactType.ENUM, label, question, sources or (PERSON,), values=values)


def _day(
    code: str,
    label: str,
    question: str,
    *sources: str,
    may_be_never: bool = False,
    sensitivity: Sensitivity = Sensitivity.ORDINARY,
) -> FactSpec:
    return FactSpec(
        code, FactType.DATE, label, question, sources or (PERSON,), may_be_never=may_be_never, sensitivity=sensitivity
    )


def _level(code: str, label: str, question: str) -> FactSpec:
    return FactSpec(code, FactType.LEVEL, label, question, (OFII,))


def _number(code: str, label: str, question: str, highest: int, *sources: str) -> FactSpec:
    return FactSpec(code, FactType.INT, label, question, sources or (PERSON,), highest=highest)


def _barrier(name: str, label: str, sensitivity: Sensitivity = Sensitivity.ORDINARY) -> FactSpec:
    """A barrier and how much it weighs on the search for a job (D-046); never its nature."""
    return FactSpec(
        f"frein.{name}",
        FactType.ENUM,
        f"le frein « {label} »",
        f"Frein « {label} » : quel effet sur la recherche ou l'exercice d'un emploi ?",
        (AGENT, PERSON),
        values=BARRIER,
        sensitivity=sensitivity,
    )


_HEALTH, _RESTRICTED = Sensitivity.HEALTH, Sensitivity.RESTRICTED

FACTS = FactRegistry(
    [
        FactSpec(
            "departement",
            FactType.DEPARTMENT,
            "le département de résidence",
            "Dans quel département la personne réside-t-elle ?",
            (PERSON, OFII),
        ),
        FactSpec("nationalite", FactType.COUNTRY, "la nationalité", "Quelle est sa nationalité ?", (OFII,)),
        _day("naissance", "la date de naissance", "Quelle est sa date de naissance ?", OFII),
        _choice("sexe", "le sexe", "Quel est le sexe porté sur le titre ?", {"F": "femme", "H": "homme"}, OFII),
        _yes_no("sejour.regulier", "le séjour régulier", "Le séjour est-il régulier ?", OFII, PREFECTURE),
        _choice("sejour.titre", "le titre de séjour", "Quel document de séjour détient la personne ?", TITLES, OFII),
        _day(
            "sejour.titre_fin",
            "la fin de validité du titre",
            "Jusqu'à quand le document de séjour est-il valable ?",
            OFII,
            may_be_never=True,
        ),
        _yes_no(
            "sejour.titre_travail",
            "la mention autorisant à travailler",
            "Le document porte-t-il la mention « autorise son titulaire à travailler » ?",
            OFII,
        ),
        _yes_no(
            "sejour.titre_condition",
            "la condition propre au titre",
            "La condition propre à ce titre est-elle remplie (autorisation de travail, durée de séjour, "
            "rupture du contrat par l'employeur, droit à l'allocation chômage) ?",
            OFII,
            FT,
        ),
        _choice(
            "sejour.motif",
            "le motif d'admission",
            "À quel titre la personne a-t-elle été admise au séjour ?",
            {"ASILE": "asile", "FAMILIAL": "familial", "ECONOMIQUE": "économique", "AUTRES": "autres"},
            OFII,
        ),
        _choice("sejour.statut", "la protection", "La personne bénéficie-t-elle d'une protection ?", STATUSES, OFII),
        _day(
            "sejour.statut_date",
            "la date de la protection",
            "Quand la protection a-t-elle été accordée ?",
            OFII,
            may_be_never=True,
        ),
        _day(
            "sejour.premier_titre",
            "la date du premier titre de séjour",
            "Depuis quand la personne est-elle titulaire d'un titre de séjour ?",
            OFII,
            may_be_never=True,
        ),
        _day(
            "sejour.debut_regulier",
            "le début du séjour régulier",
            "Depuis quand la personne est-elle en situation régulière en France ?",
            OFII,
            may_be_never=True,
        ),
        _yes_no(
            "sejour.premiere_admission",
            "la première admission au séjour",
            "La personne est-elle admise au séjour pour la première fois ?",
            OFII,
        ),
        _yes_no(
            "sejour.installation_durable",
            "l'intention de s'installer",
            "La personne souhaite-t-elle s'installer durablement en France ?",
        ),
        _yes_no(
            "sejour.premiere_demande",
            "la première demande de cette carte",
            "Est-ce la première demande de cette carte (et non un renouvellement) ?",
            PREFECTURE,
        ),
        _choice(
            "cir.contrat",
            "le contrat signé",
            "Quel contrat la personne a-t-elle signé ?",
            {"cir": "CIR", "cai": "CAI", "aucun": "aucun contrat"},
            OFII,
        ),
        _day(
            "cir.date_signature",
            "la date de signature du contrat",
            "Quand le contrat a-t-il été signé ?",
            OFII,
            may_be_never=True,
        ),
        _yes_no(
            "etudes.en_france",
            "les études en France",
            "A-t-elle suivi en France au moins trois ans d'études secondaires ou un an d'études supérieures ?",
        ),
        _level("langue.ecrit", "le niveau à l'écrit", "Quel est son niveau de français à l'écrit ?"),
        _level("langue.oral", "le niveau à l'oral", "Quel est son niveau de français à l'oral ?"),
        _day(
            "langue.evaluation",
            "la date de l'évaluation initiale",
            "Quand l'OFII a-t-il évalué le niveau initial ?",
            OFII,
            may_be_never=True,
        ),
        _yes_no(
            "langue.lecteur_scripteur",
            "la lecture et l'écriture",
            "La personne sait-elle lire et écrire (dans une langue ou une autre) ?",
            OFII,
        ),
        _level(
            "langue.certifie_ecrit",
            "le niveau prouvé à l'écrit",
            "Quel niveau d'écrit un diplôme ou un test prouve-t-il ?",
        ),
        _level(
            "langue.certifie_oral",
            "le niveau prouvé à l'oral",
            "Quel niveau d'oral un diplôme ou un test prouve-t-il ?",
        ),
        _yes_no("langue.allophone", "l'allophonie", "Le français est-il pour elle une langue étrangère ?"),
        _yes_no(
            "langue.parcours_a2",
            "le parcours vers A2 ou plus",
            "Suit-elle un parcours de français visant au moins le niveau A2 ?",
            PERSON,
            OFII,
        ),
        _number(
            "langue.heures_travail",
            "les heures déjà prises sur le temps de travail",
            "Combien d'heures de cours ont déjà été prises sur le temps de travail ?",
            2000,
            EMPLOYER,
        ),
        _number(
            "langue.heures_cpf",
            "les heures d'absence déjà prises (CPF)",
            "Combien d'heures d'absence ont déjà été prises pour un cours financé par le CPF ?",
            2000,
            EMPLOYER,
        ),
        _number(
            "civique.jours",
            "les journées civiques suivies",
            "Combien de journées de formation civique ont été suivies ?",
            10,
            OFII,
        ),
        _choice(
            "civique.examen",
            "l'examen civique réussi",
            "Quel examen civique la personne a-t-elle réussi ?",
            {
                "aucun": "aucun",
                "csp": "mention carte pluriannuelle",
                "cr": "mention carte de résident",
                "naturalisation": "mention naturalisation",
            },
            PREFECTURE,
        ),
        _yes_no(
            "civique.dispense_certificat",
            "le certificat de dispense",
            "Présente-t-elle un certificat qui dispense de l'examen (sa raison n'est pas demandée) ?",
            PREFECTURE,
            sensitivity=_HEALTH,
        ),
        _choice(
            "emploi.situation", "la situation professionnelle", "Quelle est sa situation ?", SITUATIONS, PERSON, AGENT
        ),
        _choice(
            "emploi.recherche",
            "la recherche d'emploi",
            "La personne cherche-t-elle un emploi ?",
            {"cherche": "cherche un emploi", "pourrait": "pourrait en chercher", "non": "n'en cherche pas"},
        ),
        _yes_no(
            "spe.dispense",
            "la dispense demandée",
            "La personne a-t-elle expressément demandé à être dispensée de l'accompagnement vers l'emploi ?",
        ),
        _yes_no("ft.inscrit", "l'inscription à France Travail", "Est-elle inscrite à France Travail ?", FT),
        _choice(
            "ft.categorie",
            "la catégorie de demandeur d'emploi",
            "Dans quelle catégorie est-elle inscrite ?",
            {name: f"catégorie {name}" for name in "ABCDEFG"},
            FT,
        ),
        _number(
            "ft.mois_sans_contact",
            "les mois sans contact avec un référent",
            "Depuis combien de mois la personne n'a-t-elle plus eu de contact avec un référent ?",
            600,
            FT,
        ),
        _yes_no(
            "rsa.beneficiaire",
            "le RSA",
            "La personne, son conjoint, concubin ou partenaire demande-t-il ou reçoit-il le RSA ?",
            DEPARTMENT,
            PERSON,
        ),
        _yes_no(
            "mission_locale.sollicitee",
            "la demande à une mission locale",
            "La personne s'est-elle adressée à une mission locale ?",
        ),
        _yes_no(
            "cap_emploi.sollicite",
            "la demande à un Cap emploi",
            "La personne s'est-elle adressée à un Cap emploi ?",
        ),
        _yes_no(
            "handicap.boe",
            "l'obligation d'emploi",
            "Est-elle bénéficiaire de l'obligation d'emploi des travailleurs handicapés ?",
            PERSON,
            sensitivity=_HEALTH,
        ),
        _yes_no(
            "apec.signataire",
            "l'Apec partie à l'accord",
            "L'Apec est-elle partie à l'accord du département ?",
            AGENT,
        ),
        _yes_no("agir.suivi", "l'accompagnement AGIR", "Est-elle accompagnée par AGIR ?", OPERATOR, OFII),
        _yes_no("agir.valide_ofii", "la validation par l'OFII", "L'OFII a-t-il validé l'orientation vers AGIR ?", OFII),
        _yes_no(
            "agir.departement_ouvert",
            "l'ouverture d'AGIR dans le département",
            "AGIR est-il ouvert dans le département ?",
            OFII,
        ),
        _yes_no(
            "agir.cohorte_demarrage",
            "la cohorte de démarrage d'AGIR",
            "La protection date-t-elle de l'année qui précède le démarrage d'AGIR dans le département ?",
            OFII,
        ),
        _yes_no(
            "agir.vulnerable",
            "la vulnérabilité retenue par l'OFII",
            "L'OFII retient-il une vulnérabilité particulière (sa raison n'est pas demandée) ?",
            OFII,
            sensitivity=_HEALTH,
        ),
        _day(
            "agir.date_entree",
            "la date d'entrée dans AGIR",
            "Quand la personne est-elle entrée dans AGIR ?",
            OPERATOR,
            may_be_never=True,
        ),
        _yes_no("besoin.emploi", "le besoin d'emploi", "Un besoin d'emploi ou de formation est-il constaté ?", OFII),
        _yes_no("besoin.logement", "le besoin de logement", "Un besoin de logement est-il constaté ?", OFII),
        _yes_no(
            "logement.sans_hebergement",
            "l'absence d'hébergement",
            "La personne est-elle sans hébergement, hébergée ou passée par la rue ?",
        ),
        _yes_no("garde.besoin", "le besoin de garde", "La personne a-t-elle besoin d'une garde d'enfant ?"),
        _choice(
            "formation.en_cours",
            "la formation en cours",
            "Quelle formation suit-elle ?",
            {
                "linguistique_cir": "formation linguistique du CIR",
                "professionnelle": "formation professionnelle",
                "aucune": "aucune formation",
            },
        ),
        _day(
            "cir.fin_formations",
            "la fin des formations du contrat",
            "Quand les formations du contrat ont-elles pris fin ?",
            OFII,
            may_be_never=True,
        ),
        _choice(
            "etudes.niveau",
            "le niveau d'études",
            "Quel est son niveau d'études ?",
            {level.value: level.label_fr for level in Schooling},
        ),
        _yes_no("emploi.cadre", "l'expérience de cadre", "Est-elle ou a-t-elle été cadre ?"),
        _yes_no("diplome.etranger", "le diplôme étranger", "A-t-elle un diplôme obtenu à l'étranger ?"),
        _yes_no(
            "diplome.profession_reglementee",
            "la profession réglementée",
            "Ce diplôme conduit-il à une profession réglementée en France ?",
            AGENT,
        ),
        _yes_no("experience.professionnelle", "l'expérience", "A-t-elle une expérience professionnelle ?"),
        _choice(
            "experience.recente",
            "l'activité récente",
            "Quand a-t-elle travaillé pour la dernière fois ?",
            {
                "en_activite": "travaille",
                "deux_ans": "dans les deux dernières années",
                "plus_ancienne": "il y a plus de deux ans",
                "jamais": "jamais",
            },
        ),
        _yes_no("projet.projection", "le projet à court terme", "Se projette-t-elle dans un emploi à court terme ?"),
        _yes_no("projet.creation", "le projet de création", "Veut-elle créer une entreprise ?"),
        _yes_no("projet.certification", "le projet de certification", "Vise-t-elle un diplôme ou un titre ?"),
        _yes_no(
            "metier.tension",
            "le métier en tension",
            "Cherche-t-elle un emploi dans un métier en tension de la région ?",
            AGENT,
        ),
        _barrier("sante", "santé", _HEALTH),
        _barrier("logement", "logement"),
        _barrier("mobilite", "mobilité"),
        _barrier("garde", "garde d'enfants"),
        _barrier("aidant", "proche aidant"),
        _barrier("langue", "langue, lecture, écriture"),
        _barrier("numerique", "numérique"),
        _yes_no(
            "frein.obstacle",
            "l'obstacle temporaire à la recherche",
            "Ces difficultés font-elles pour l'instant obstacle à toute recherche d'emploi ?",
            AGENT,
        ),
        FactSpec(
            "iae.criteres",
            FactType.CODES,
            "les autres critères de l'insertion par l'activité économique",
            "Quels autres critères d'insertion par l'activité économique remplit-elle ?",
            (AGENT,),
            values=IAE_CRITERIA,
            sensitivity=_RESTRICTED,
        ),
        _yes_no(
            "sante.vulnerable",
            "la vulnérabilité constatée",
            "La personne est-elle en situation de vulnérabilité (sa raison n'est pas demandée) ?",
            OFII,
            sensitivity=_HEALTH,
        ),
        _yes_no(
            "sante.visite_ofii",
            "la visite médicale de l'OFII",
            "A-t-elle déjà passé une visite médicale à l'OFII ?",
            OFII,
            sensitivity=_HEALTH,
        ),
        _yes_no(
            "sante.rdv_propose",
            "le rendez-vous santé de la DT",
            "La direction territoriale propose-t-elle le rendez-vous santé ?",
            OFII,
        ),
        _day(
            "banque.demande",
            "la demande d'ouverture de compte",
            "Quand l'ouverture d'un compte bancaire a-t-elle été demandée ?",
            may_be_never=True,
        ),
        _choice(
            "banque.reponse",
            "la réponse de la banque",
            "Qu'a répondu la banque ?",
            {"aucune": "rien", "accord": "accord", "refus": "refus"},
        ),
        _day(
            "psp.debut",
            "le début du parcours de sortie",
            "Quand a commencé le parcours de sortie de la prostitution ?",
            PREFECTURE,
            may_be_never=True,
            sensitivity=_RESTRICTED,
        ),
        _day(
            "teh.debut_reflexion",
            "le début du délai de réflexion",
            "Quand a commencé le délai de réflexion ?",
            PREFECTURE,
            may_be_never=True,
            sensitivity=_RESTRICTED,
        ),
        _yes_no(
            "teh.victime",
            "la qualité de victime de traite",
            "La personne est-elle identifiée comme victime de traite des êtres humains ?",
            PREFECTURE,
            sensitivity=_RESTRICTED,
        ),
        _yes_no(
            "metz.autre_motif",
            "un autre motif hors champ",
            "L'agent met-il la personne hors du champ de l'expérimentation pour un autre motif ?",
            AGENT,
        ),
    ]
)
