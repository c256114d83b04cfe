"""The closed lists of a referral: states, events, who speaks, through what, and every reason. Pure.

A-013, A-049, C-007, C-020, C-036, C-047, C-048, D-035. Values are written in the journal: a value never changes.
"""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """A value and its French label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Word:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """As a form or a column lists them."""
        return [(word.value, word.label) for word in cls]


class State(Word):
    """Where a referral stands. `rescheduled`: the date fell through and another one is to be given."""

    DRAFT = "draft", "Brouillon"
    PROPOSED = "proposed", "À valider par l’OFII"
    SENT = "sent", "Envoyée, sans réponse"
    RECEIVED = "received", "Reçue, sans réponse"
    UNDER_STUDY = "under_study", "À l’étude"
    ACCEPTED = "accepted", "Acceptée, rendez-vous à donner"
    APPOINTMENT_FIXED = "appointment_fixed", "Rendez-vous fixé"
    RESCHEDULED = "rescheduled", "Nouveau rendez-vous à donner"
    MISSED = "missed", "Rendez-vous manqué"
    ATTENDED = "attended", "Rendez-vous honoré"
    STARTED = "started", "Accompagnement commencé"
    DECLINED = "declined", "Déclinée, à réorienter"
    TAKEN_OVER = "taken_over", "Reprise, à réorienter"
    REDIRECTED = "redirected", "Réorientée vers un autre organisme"
    ENDED = "ended", "Terminée"
    WITHDRAWN = "withdrawn", "Retirée"


CLOSED = frozenset({State.REDIRECTED, State.ENDED, State.WITHDRAWN})
OPEN = frozenset(State) - CLOSED
UNSENT = frozenset({State.DRAFT, State.PROPOSED})
"""The receiver does not know of it yet."""


class Event(Word):
    """What somebody says or does. A table of `transitions` tells who may, from where and to where."""

    PROPOSE = "propose", "proposer à la validation de l’OFII"
    VALIDATE = "validate", "valider et envoyer"
    REJECT = "reject", "refuser la proposition"
    SEND = "send", "envoyer"
    RECEIVE = "receive", "accuser réception"
    STUDY = "study", "mettre à l’étude"
    ACCEPT = "accept", "accepter"
    DECLINE = "decline", "décliner"
    FIX = "fix", "donner un rendez-vous"
    RESCHEDULE = "reschedule", "changer la date du rendez-vous"
    POSTPONE = "postpone", "ne pas pouvoir tenir la date"
    CONFIRM = "confirm", "confirmer la venue"
    ATTEND = "attend", "dire que le rendez-vous a eu lieu"
    MISS = "miss", "dire que la personne n’est pas venue"
    SETTLE_ATTENDED = "settle_attended", "retenir que le rendez-vous a eu lieu"
    SETTLE_MISSED = "settle_missed", "retenir que le rendez-vous n’a pas eu lieu"
    START = "start", "commencer l’accompagnement"
    REVIEW = "review", "faire le point"
    END = "end", "terminer"
    REDIRECT = "redirect", "réorienter vers un autre organisme"
    WITHDRAW = "withdraw", "retirer"
    HOLD = "hold", "reporter l’échéance"
    REMIND = "remind", "rappeler l’échéance passée"
    ESCALATE = "escalate", "prévenir le responsable et le référent"
    TAKE_OVER = "take_over", "reprendre"
    RAISE_ALERT = "raise_alert", "mettre en alerte"
    LAPSE = "lapse", "clore sans nouvelles"


class Party(Word):
    """In what quality somebody speaks."""

    SENDER = "sender", "l’organisme qui adresse"
    VALIDATOR = "validator", "l’OFII qui valide"
    RECEIVER = "receiver", "l’organisme qui reçoit"
    PERSON = "person", "la personne"
    ACCOMPANIER = "accompanier", "l’accompagnateur"
    SYSTEM = "system", "la plateforme"


class Channel(Word):
    """How it was said."""

    ACCOUNT = "account", "avec un compte"
    LINK = "link", "par le lien reçu"
    PAGE = "page", "sur la page de la personne"
    FILE = "file", "par un fichier"
    API = "api", "par l’interface automatique"
    CLOCK = "clock", "à l’échéance"


class Purpose(Word):
    """Why the person is sent (D-035, C-007)."""

    EMPLOYMENT = "employment", "Accompagnement vers l’emploi"
    AGIR = "agir", "Accompagnement global (AGIR)"
    TRAINING = "training", "Formation professionnelle ou linguistique"
    BUSINESS = "business_creation", "Création d’entreprise"
    MOBILISATION = "mobilisation", "Repérage et remobilisation (O2R)"
    RECOGNITION = "recognition", "Reconnaissance d’un diplôme ou de l’expérience"
    INCLUSION = "siae", "Insertion par l’activité économique"
    MENTORING = "mentoring", "Parrainage, mentorat"
    CHILDCARE = "childcare", "Garde d’enfants"
    MOBILITY = "mobility", "Mobilité, permis de conduire"
    HOUSING = "housing", "Logement"
    RIGHTS = "rights", "Droits sociaux"
    WOMEN = "women_support", "Accompagnement des femmes"
    HEALTH = "health", "Santé"
    OTHER = "other", "Autre besoin"


SENSITIVE = frozenset({Purpose.WOMEN, Purpose.HEALTH})
"""Seen by the organisation that sends and the one that receives, by nobody else (A.6, C-030, E-012, E-013)."""


class Basis(Word):
    """On what ground personal data leave for the receiver (K-005)."""

    PUBLIC_MISSION = "public_mission", "Mission de service public (accord départemental)"
    CONSENT = "consent", "Accord de la personne"


class DeclineReason(Word):
    NO_CAPACITY = "no_place", "Plus de place"
    NOT_ELIGIBLE = "not_eligible", "Personne hors du public accueilli"
    OUT_OF_AREA = "out_of_area", "Hors du territoire"
    UNREACHABLE = "not_reached", "Personne injoignable"
    ALREADY_FOLLOWED = "already_followed", "Déjà accompagnée"
    OTHER = "other", "Autre motif"


class MissReason(Word):
    """Why the appointment was not honoured. `not_held` is said by the person when nobody received them."""

    NO_NEWS = "no_news", "Sans nouvelles"
    EXCUSED = "excused", "Absence excusée"
    ILL = "ill", "Santé"
    WORK = "work", "Travail ou formation"
    CHILDCARE = "childcare", "Garde d’enfants"
    TRANSPORT = "transport", "Transport"
    NOT_TOLD = "not_told", "Rendez-vous non reçu"
    NOT_HELD = "not_held", "Personne n’a reçu le public ce jour-là"
    OTHER = "other", "Autre motif"


class PostponeReason(Word):
    WORK = "work", "Travail ou formation"
    CHILDCARE = "childcare", "Garde d’enfants"
    TRANSPORT = "transport", "Transport"
    ILL = "ill", "Santé"
    SERVICE = "service", "Le service ne peut pas recevoir"
    OTHER = "other", "Autre motif"


class WithdrawReason(Word):
    REFUSED = "refused", "La personne ne souhaite pas d’accompagnement"
    NO_LONGER_NEEDED = "not_needed", "Le besoin a disparu (emploi, formation…)"
    DEPARTED = "departed", "La personne a quitté le département"
    MISTAKE = "mistake", "Saisie par erreur"
    NOT_VALIDATED = "not_validated", "Proposition refusée par l’OFII"
    LOST = "lost", "Contact perdu après relances"
    OTHER = "other", "Autre motif"


class TakeOverReason(Word):
    SILENCE = "silence", "L’organisme n’a pas répondu"
    NO_SHOWS = "no_shows", "Rendez-vous manqués plusieurs fois"
    DECIDED = "decided", "Décidé par l’organisme qui adresse"


class Outcome(Word):
    """What came of it (C-049, C-053)."""

    JOB = "job", "Emploi"
    TRAINING = "training", "Formation"
    NEED_MET = "need_met", "Besoin satisfait"
    ONWARD = "onward", "Passage vers un autre accompagnement"
    ABANDONED = "abandoned", "Abandon, contact perdu"
    DEPARTED = "departed", "Départ du département"
    OTHER = "other", "Autre issue"
    UNTOLD = "untold", "Rencontre faite, suite non communiquée"


class Mode(Word):
    """How an appointment is held."""

    PLACE = "place", "Sur place"
    VISIO = "visio", "En visioconférence"
    PHONE = "phone", "Par téléphone"


class Stage(Word):
    """How far silence has gone in the present state."""

    WAITING = "waiting", "dans les délais"
    REMINDED = "reminded", "rappelée"
    ESCALATED = "escalated", "responsable et référent prévenus"
