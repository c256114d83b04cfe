"""Closed lists of the pathway (requirements C.3, D.2, D.6). Codes are those that the journal already writes."""

from __future__ import annotations

from django.db.models import TextChoices


class TrainingKind(TextChoices):
    LANGUAGE = "language", "Formation linguistique"
    CIVIC = "civic", "Formation civique"


class TrainingStatus(TextChoices):
    """Prescribed, followed, ended (C-004, C-024 to C-026)."""

    PRESCRIBED = "prescribed", "Prescrite"
    STARTED = "started", "En cours"
    COMPLETED = "completed", "Suivie jusqu’au bout"
    DROPPED = "dropped", "Abandonnée"
    CANCELLED = "cancelled", "Annulée"


class Mode(TextChoices):
    """How a language course is given (C-004)."""

    IN_PERSON = "in_person", "En présentiel"
    DIGITAL = "digital", "Sur la plateforme numérique"


class ExamPurpose(TextChoices):
    """For which card the civic exam is taken (B-027, D-027): the words that the journal writes."""

    MULTI_YEAR_CARD = "multi_year_card", "Carte de séjour pluriannuelle"
    RESIDENT_CARD = "resident_card", "Carte de résident"
    NATURALISATION = "naturalisation", "Naturalisation"


class MeetingKind(TextChoices):
    """Appointments of the pathway with OFII. The first appointment with France Travail is another room."""

    ASSESSMENT = "assessment", "Évaluation linguistique"
    END_OF_CIR = "end_of_cir", "Entretien de bilan de fin de CIR"


class MeetingStatus(TextChoices):
    FIXED = "fixed", "Fixé"
    ATTENDED = "attended", "Tenu"
    MISSED = "missed", "Manqué"
    EXCUSED = "excused", "Excusé"
    RESCHEDULED = "rescheduled", "Reporté"
    CANCELLED = "cancelled", "Annulé"


class Procedure(TextChoices):
    """How a diploma or an experience is recognised (B-056, C-031)."""

    ENIC_NARIC = "enic_naric", "Attestation de comparabilité (ENIC-NARIC)"
    VAE = "vae", "Validation des acquis de l’expérience (VAE)"
    REGULATED = "regulated_profession", "Autorisation d’exercer une profession réglementée"


class RecognitionStatus(TextChoices):
    REQUESTED = "requested", "Demandée"
    ANSWERED = "answered", "Réponse reçue"
    ABANDONED = "abandoned", "Abandonnée"


class RecognitionResult(TextChoices):
    RECOGNISED = "recognised", "Reconnue"
    PARTLY = "partly", "Reconnue en partie"
    REFUSED = "refused", "Refusée"


class DocumentKind(TextChoices):
    """What expires: its nature is never said outside the DT, it may tell a protection (A.6)."""

    RESIDENT = "carte_resident", "Carte de résident"
    MULTI_YEAR = "csp", "Carte de séjour pluriannuelle"
    TEMPORARY = "cst", "Carte de séjour temporaire"
    VISA = "vls_ts", "Visa de long séjour valant titre de séjour"
    EXTENSION = "api", "Attestation de prolongation d’instruction (API)"
    RECEIPT = "recepisse", "Récépissé"
    PROVISIONAL = "aps", "Autorisation provisoire de séjour (APS)"
    LICENCE = "driving_licence", "Délai d’échange du permis de conduire"
    OTHER = "autre", "Autre document de séjour"


class FollowUpKind(TextChoices):
    """Why somebody must look again at a person."""

    DOCUMENT = "document", "Document bientôt échu"
    LANGUAGE_LICENCE = "language_licence", "Licence de français bientôt échue"
    NOT_STARTED = "not_started", "Formation prescrite et pas commencée"
    END_OF_CIR = "end_of_cir", "Entretien de bilan à tenir"
    MEETING = "meeting", "Rendez-vous passé, sans suite notée"
    RECOGNITION = "recognition", "Demande de reconnaissance sans réponse"
    CIVIC_EXAM = "civic_exam", "Examen civique à passer"
    NO_NEWS = "no_news", "Sans nouvelles"
    NO_SHOWS = "no_shows", "Rendez-vous manqués à la suite : reprendre contact"
    LOST = "lost_contact", "Contact perdu : joindre la personne"


class FollowUpStatus(TextChoices):
    OPEN = "open", "À suivre"
    TREATED = "treated", "Traitée"
    RESOLVED = "resolved", "Résolue d’elle-même"


class Treatment(TextChoices):
    """What was done about it. Nothing here says why a person did not come."""

    CONTACTED = "contacted", "Personne jointe"
    UNREACHABLE = "unreachable", "Personne injoignable"
    RENEWED = "renewed", "Démarche engagée"
    FIXED = "fixed", "Rendez-vous donné"
    NOTHING_NEEDED = "nothing_needed", "Rien à faire"
