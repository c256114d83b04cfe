"""Closed lists about persons (requirements B, D.1 to D.3)."""

from __future__ import annotations

from django.db.models import TextChoices


class Sex(TextChoices):
    """F / H in every statistic (B-012)."""

    WOMAN = "F", "Femme"
    MAN = "H", "Homme"


class Motive(TextChoices):
    """Admission motive (B-011)."""

    ASYLUM = "ASILE", "Asile"
    FAMILY = "FAMILIAL", "Familial"
    ECONOMIC = "ECONOMIQUE", "Économique"
    OTHER = "AUTRES", "Autres"


class IdentifierKind(TextChoices):
    """Identifiers of a person; formats in `core.identifiers`."""

    AGDREF = "agdref", "Numéro étranger (AGDREF)"
    NIR = "nir", "NIR"
    FRANCE_TRAVAIL = "ft", "Identifiant France Travail"
    OFII = "ofii", "Numéro de dossier OFII"
    CAF = "caf", "Numéro d’allocataire"


class ContractKind(TextChoices):
    """CIR, or residually CAI (B-006)."""

    CIR = "cir", "CIR"
    CAI = "cai", "CAI"


class AssessmentKind(TextChoices):
    INITIAL = "initial", "Positionnement initial"
    FINAL = "final", "Fin de formation"
    CERTIFICATION = "certification", "Certification"


class Register(TextChoices):
    """Where a person may already be known (B-051)."""

    FRANCE_TRAVAIL = "ft", "France Travail"
    RSA = "rsa", "RSA"
    AGIR = "agir", "AGIR"


class SituationKind(TextChoices):
    """Situation at the interview (D-012): the breakdown of the reception day."""

    PERMANENT = "cdi", "En emploi, CDI"
    FIXED_TERM = "cdd", "En emploi, CDD"
    OTHER_JOB = "other_job", "En emploi, autre (intérim, indépendant…)"
    TRAINING = "training", "En formation professionnelle"
    STUDENT = "student", "Étudiant"
    NO_JOB = "none", "Sans emploi"
    OTHER = "other", "Autre situation"


class RegisteredBy(TextChoices):
    CIP = "cip", "CIP"
    OFII = "ofii", "OFII"
    FRANCE_TRAVAIL = "ft", "France Travail"
    AUTOMATIC = "auto", "Inscription automatique"
    SELF = "self", "La personne"


class RegistrationPlace(TextChoices):
    PLATFORM = "pfa", "Plateforme d’accueil (PFA)"
    AGENCY = "agency", "Agence"
    ONLINE = "online", "En ligne"


class ConsentPurpose(TextChoices):
    REGISTRATION = "registration", "Inscription à France Travail par le CIP, avec les éléments déclarés"
    MESSAGES = "messages", "Rappels par SMS ou courriel"
    HEALTH_BARRIER = "health", "Mention d’un frein de santé, sans sa nature, au conseiller qui l’accompagne"
    TESTIMONY = "testimony", "Témoignage, communication"
