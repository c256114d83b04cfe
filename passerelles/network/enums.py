"""Closed lists of the network: kinds of organisations, roles, resources, actions, scopes (requirements A.1 to A.6)."""

from __future__ import annotations

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    """Who takes part in the partnership (A-001 to A-061)."""

    OFII_DT = "ofii_dt", "Direction territoriale de l’OFII"
    OPERATOR = "operator", "Opérateur AGIR"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    CAP_EMPLOI = "cap_emploi", "Cap emploi"
    APEC = "apec", "APEC"
    DEPARTMENT_COUNCIL = "department_council", "Conseil départemental"
    PREFECTURE = "prefecture", "Préfecture"
    DDETS = "ddets", "DDETS(PP)"
    DREETS = "dreets", "DREETS"
    MINISTRY = "ministry", "Administration centrale"
    TEST_PROVIDER = "test_provider", "Prestataire de positionnement linguistique"
    TRAINING_BODY = "training_body", "Organisme de formation"
    SIAE = "siae", "Structure d’insertion par l’activité économique"
    EMPLOYER = "employer", "Employeur"
    ASSOCIATION = "association", "Association"
    CAF = "caf", "CAF"


class Role(TextChoices):
    """The lines of the matrix A.6, and the administrator of an organisation."""

    OFII_AUDITOR = "ofii_auditor", "Auditeur OFII"
    TEST_PROVIDER = "test_provider", "Prestataire de positionnement"
    CIP = "cip", "CIP de l’opérateur"
    SPE_ADVISER = "spe_adviser", "Conseiller du réseau pour l’emploi"
    AGIR_OPERATOR = "agir_operator", "Intervenant AGIR"
    TRAINING_BODY = "training_body", "Organisme de formation"
    SIAE_EMPLOYER = "siae_employer", "SIAE ou employeur"
    DT_MANAGER = "dt_manager", "Responsable de la DT OFII"
    DEPARTMENT_STATE = "department_state", "DDETS(PP), référent départemental"
    REGION_STATE = "region_state", "DREETS, préfecture de région"
    NATIONAL_STATE = "national_state", "Administration centrale"
    ORGANISATION_ADMIN = "organisation_admin", "Administrateur de l’organisme"


class Resource(TextChoices):
    """The columns of the matrix A.6, and what the platform itself adds."""

    PERSON = "person", "Personne et CIR"
    ASSESSMENT = "assessment", "Évaluation linguistique"
    HEALTH = "health", "Santé, vulnérabilité"
    HEALTH_BARRIER = "health_barrier", "Frein de santé, sans sa nature"
    HEALTH_APPOINTMENT = "health_appointment", "Rendez-vous de santé, statut de travailleur handicapé"
    DIAGNOSIS = "diagnosis", "Diagnostic"
    ORIENTATION = "orientation", "Recommandation et décision"
    REFERRAL = "referral", "Orientation et suivi"
    REGISTRATION = "registration", "Inscription à France Travail"
    SESSION = "session", "Séances et entretiens"
    APPOINTMENT = "appointment", "Premier rendez-vous"
    CHECK = "check", "Vérifications"
    CROSS_CHECK = "cross_check", "Fiches à rapprocher entre deux DT"
    OFFER = "offer", "Répertoire de l’offre"
    EMPLOYER_NEED = "employer_need", "Besoins des employeurs"
    STEERING = "steering", "CTAI, subventions, contrôles"
    INDICATOR = "indicator", "Indicateurs"
    IMPACT = "impact", "Repères d’impact"
    RETURN = "return", "Remontées"
    IMPORT = "import", "Fichiers importés"
    ANSWERS = "answers", "Réponses par tableur"
    MEMBERSHIP = "membership", "Agents de l’organisme"
    PARAMETER = "parameter", "Paramètres datés"
    PRESCRIPTION = "prescription", "Prescriptions et entretiens de l’OFII"
    FOLLOW_UP = "follow_up", "Alertes de suivi"
    LEARNER = "learner", "Stagiaires de l’organisme de formation"


class Action(TextChoices):
    """What a role may do with a resource. COUNT gives figures and never a list of persons."""

    VIEW = "view", "consulter"
    COUNT = "count", "compter"
    EDIT = "edit", "modifier"
    EXPORT = "export", "exporter"
    VALIDATE = "validate", "valider"
    SEND = "send", "envoyer"
    ACKNOWLEDGE = "acknowledge", "accuser réception"


class Scope(TextChoices):
    """How far a grant reaches."""

    OWN_SESSIONS = "own_sessions", "ses séances"
    OWN_DT = "own_dt", "sa direction territoriale"
    TRANSMITTED = "transmitted", "les personnes qui lui sont adressées"
    OWN_ORGANISATION = "own_organisation", "son organisme"
    DEPARTMENT = "department", "son département"
    REGION = "region", "sa région"
    NATION = "nation", "la France entière"
