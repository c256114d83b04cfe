"""Closed lists of the reception day (C.1, C.2, D.3). Pure values: rules and tables share them."""

from __future__ import annotations

from django.db.models import TextChoices


class HalfDay(TextChoices):
    MORNING = "am", "Matin"
    AFTERNOON = "pm", "Après-midi"


class SessionStatus(TextChoices):
    PLANNED = "planned", "Prévue"
    CLOSED = "closed", "Clôturée"
    CANCELLED = "cancelled", "Annulée"


class Attendance(TextChoices):
    """What became of a convocation (C-001)."""

    CONVOKED = "convoked", "Attendue"
    PRESENT = "present", "Présente"
    ABSENT = "absent", "Absente"
    EXCUSED = "excused", "Excusée"
    MOVED = "moved", "Reportée"


class AbsenceReason(TextChoices):
    NO_NEWS = "no_news", "Sans nouvelles"
    ILL = "ill", "Santé"
    WORK = "work", "Travail ou formation"
    CHILDCARE = "childcare", "Garde d’enfants"
    TRANSPORT = "transport", "Transport"
    LETTER = "letter", "Convocation non reçue"
    DEPARTED = "departed", "A quitté le département"
    OTHER = "other", "Autre motif"


class Message(TextChoices):
    """The five messages of the collective presentation (C-016)."""

    LABOUR_MARKET = "labour_market", "S’intégrer rapidement sur le marché du travail"
    FT_APPOINTMENTS = (
        "ft_appointments",
        "Se rendre aux rendez-vous fixés par France Travail (le premier et les suivants)",
    )
    RSA_APPOINTMENTS = "rsa_appointments", "Se rendre aux rendez-vous fixés par le Département (RSA)"
    UPDATE_RIGHTS = "update_rights", "Mettre à jour ses droits"
    CONSEQUENCES = "consequences", "Conséquences d’un oubli sur l’accompagnement et les indemnités"


class Tool(TextChoices):
    """Tools shown during the collective presentation (C-015)."""

    FT_SITE = "ft_site", "Site d’inscription de France Travail"
    TRAVAILLER_EN_FRANCE = "travailler_en_france", "Application Travailler en France"


class ScopeResult(TextChoices):
    """In or out of the scope of the experiment (B-050)."""

    IN_SCOPE = "in_scope", "Dans le champ"
    OUT_EMPLOYED = "out_employed", "Hors champ : en emploi"
    OUT_TRAINING = "out_training", "Hors champ : en formation professionnelle"
    OUT_STUDENT = "out_student", "Hors champ : étudiant"
    OUT_OTHER = "out_other", "Hors champ : autre motif"


class Outcome(TextChoices):
    """The one outcome of an interview (D-030)."""

    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    ALREADY_RSA = "already_rsa", "Déjà bénéficiaire du RSA"
    ALREADY_AGIR = "already_agir", "Orientée vers AGIR"
    ALREADY_FT = "already_ft", "Déjà inscrite à France Travail"
    REGISTERED = "registered", "Inscrite pendant l’entretien"
    OPTED_OUT = "opted_out", "Demande à être dispensée"
    REFUSED = "refused", "Refuse l’inscription"
    TECHNICAL_FAILURE = "technical_failure", "Échec technique"
    TO_COMPLETE = "to_complete", "Inscription à terminer"


class Category(TextChoices):
    """The breakdown of the persons received (F-007): every person in exactly one line."""

    CDI = "cdi", "CDI"
    CDD = "cdd", "CDD"
    OTHER_JOB = "other_job", "Autre emploi"
    TRAINING = "training", "En formation"
    STUDENT = "student", "Étudiants"
    RSA = "rsa", "Allocataires du RSA"
    AGIR = "agir", "Orientés vers AGIR"
    FT = "ft", "Inscrits à France Travail"
    UNREGISTERED = "unregistered", "Non inscrits"
    OTHER = "other", "Autres"


class NotRegisteredReason(TextChoices):
    REFUSED = "refused", "La personne refuse"
    TECHNICAL = "technical_failure", "Échec technique du système d’information"
    LATER = "to_complete", "Pièce ou information manquante, à terminer"


class InterviewStatus(TextChoices):
    OPEN = "open", "En cours"
    DONE = "done", "Terminé"


class AppointmentStatus(TextChoices):
    """The first appointment (C-020, D-032). "Accompanied" is told apart; a no-show is never "cancelled"."""

    FIXED = "fixed", "Fixé"
    ATTENDED = "attended", "Honoré"
    MISSED = "missed", "Manqué"
    EXCUSED = "excused", "Excusé"
    RESCHEDULED = "rescheduled", "Reporté"
    CANCELLED = "cancelled", "Annulé"


ANSWERS = frozenset({AppointmentStatus.ATTENDED, AppointmentStatus.MISSED, AppointmentStatus.EXCUSED})
"""What the agency or the accompanier may say of an appointment whose hour has passed."""


class Word(TextChoices):
    """What the person says of their first appointment on their page; `settled`: the contradiction is over."""

    CONFIRMED = "confirmed", "La personne confirme sa venue"
    CANNOT_COME = "cannot_come", "La personne ne peut pas venir"
    HELD = "held", "La personne dit qu’il a eu lieu"
    ABSENT = "absent", "La personne dit qu’elle n’y était pas"
    NOBODY = "nobody", "La personne dit que personne ne l’a reçue"
    SETTLED = "settled", "Contradiction tranchée"


BEFORE = frozenset({Word.CONFIRMED, Word.CANNOT_COME})
SPOKEN = frozenset({Word.HELD, Word.ABSENT, Word.NOBODY, Word.SETTLED})
"""Said before the hour; said once it has passed."""


class CancelReason(TextChoices):
    """Why a first appointment will not take place and got no other date."""

    SLOT_CLOSED = "slot_closed", "Créneau fermé par l’agence"
    MISTAKE = "mistake", "Saisi par erreur"
    OPTED_OUT = "opted_out", "La personne demande à être dispensée"
    EMPLOYED = "employed", "La personne a trouvé un emploi ou une formation"
    DEPARTED = "departed", "La personne a quitté le département"
    OTHER = "other", "Autre motif"


REASONS_OF_THE_SERVICE = frozenset({CancelReason.SLOT_CLOSED, CancelReason.MISTAKE})
"""The only reasons that may be given once the date has passed: whoever did not come "missed" the appointment."""


class Barrier(TextChoices):
    """Barriers to employment an agent may note in the interview (D-046), health and violence left out (A.6)."""

    LANGUAGE = "language", "Langue"
    QUALIFICATION = "qualification", "Qualification, diplôme"
    MOBILITY = "mobility", "Mobilité, transport"
    LICENCE = "licence", "Permis de conduire"
    CHILDCARE = "childcare", "Garde d’enfants"
    HOUSING = "housing", "Logement"
    RIGHTS = "rights", "Droits sociaux"
    BANK = "bank", "Compte bancaire"
    DIGITAL = "digital", "Numérique"
    ISOLATION = "isolation", "Isolement"
