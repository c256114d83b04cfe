"""What each fact says in the timeline: one plain French sentence per kind, its theme, and what reading it asks (A.6).

A sentence never tells a protection, a health matter or a nature of document: the journal does not hold the former,
and the others are left to the file of the DT.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from passerelles.core import clock
from passerelles.core.periods import date_fr
from passerelles.journal.vocabulary import FactKind as K
from passerelles.network.enums import OrganisationKind, Role
from passerelles.network.enums import Resource as R
from passerelles.orientation.rules.facts import FACTS
from passerelles.pathway import enums
from passerelles.people.enums import ConsentPurpose, Register, RegisteredBy, SituationKind
from passerelles.reception.enums import AppointmentStatus, Attendance, CancelReason, Outcome, Word
from passerelles.reference import territories
from passerelles.reference.tables import UnknownCode
from passerelles.referrals.rules import words


class Theme(StrEnum):
    FILE = "dossier"
    RECEPTION = "accueil"
    LANGUAGE = "formation"
    ORIENTATION = "orientation"
    WORK = "emploi"
    RIGHTS = "droits"

    @property
    def label_fr(self) -> str:
        return _THEMES[self]


_THEMES = {
    Theme.FILE: "Dossier",
    Theme.RECEPTION: "Accueil à l’OFII",
    Theme.LANGUAGE: "Langue et formation civique",
    Theme.ORIENTATION: "Orientation et suivi",
    Theme.WORK: "Emploi et formation",
    Theme.RIGHTS: "Droits et documents",
}


@dataclass(frozen=True, slots=True)
class Told:
    """`data` of a fact with the names of the organisations it cites."""

    data: Mapping[str, Any]
    organisations: Mapping[str, str]

    def get(self, key: str) -> Any:
        return self.data.get(key)

    def name(self, key: str) -> str:
        """The organisation cited under `key`; empty when it is not known."""
        return self.organisations.get(str(self.data.get(key) or ""), "")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`reads`: the resource that lets one read it. `own`: a receiver reads only what concerns their organisation."""

    theme: Theme
    reads: R
    says: Callable[[Told], str]
    own: bool = False


def _label(choices: Any, code: Any) -> str:
    return str(choices(code).label) if code in choices.values else str(code or "non précisé").replace("_", " ")


def _word(words: Mapping[str, str], code: Any) -> str:
    return words.get(str(code), str(code or "non précisé").replace("_", " "))


def _day(value: Any) -> str:
    if not value:
        return "une date non précisée"
    if len(str(value)) > 10:
        instant = dt.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        local = instant.astimezone(clock.PARIS)
        return f"{date_fr(local.date())} à {local.hour} h" + (f" {local:%M}" if local.minute else "")
    return date_fr(dt.date.fromisoformat(str(value)))


def _with(told: Told) -> str:
    name = told.name("with")
    return f" avec {name}" if name else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _n(told: Told, key: str, unit: str) -> str:
    """`1 journée`, `4 journées`; `des journées` when the number is not known."""
    number = told.get(key)
    several = unit if unit.endswith("s") else " ".join(f"{word}s" for word in unit.split())
    if number is None:
        return f"des {several}"
    return f"{number} {unit if int(number) < 2 else several}"


def _levels(told: Told) -> str:
    sides = [f"{name} {told.get(key)}" for key, name in (("written", "écrit"), ("oral", "oral")) if told.get(key)]
    overall = told.get("overall") or ""
    return (overall + (f" ({', '.join(sides)})" if sides else "")) if overall else ", ".join(sides)


PATHS = {
    "P100": "parcours de 100 heures vers A1",
    "P200": "parcours de 200 heures vers A1",
    "P400": "parcours de 400 heures vers A1",
    "P600": "parcours de 600 heures vers A1",
    "A1": "parcours vers A1",
    "pilot_a2": "expérimentation vers A2",
    "pilot_vocational": "expérimentation à visée professionnelle",
    "digital": "plateforme numérique",
    "face_to_face": "formation en présentiel",
    "A2": "complément vers A2",
    "B1": "complément vers B1",
}
BODIES = {
    "france_travail": "France Travail",
    "mission_locale": "la mission locale",
    "cap_emploi": "Cap emploi",
    "apec": "l’Apec",
    "agir": "AGIR",
    "adie": "l’ADIE",
    "cidff": "le CIDFF",
    "department_council": "le conseil départemental",
}
PROPER = frozenset({"France Travail", "Cap emploi", "APEC", "CAF", "DDETS(PP)", "DREETS"})
DECLINES = {
    "out_of_area": "hors du secteur",
    "no_place": "plus de place",
    "no_capacity": "plus de place",
    "not_eligible": "pas éligible",
    "not_reached": "personne injoignable",
    "unreachable": "personne injoignable",
    "already_followed": "déjà suivie",
}
EXITS = {
    "job_and_housing": "emploi et logement",
    "job": "emploi",
    "housing": "logement",
    "dropped": "abandon",
    "end_of_support": "fin de l’accompagnement",
}
TRAININGS = {
    "poei": "préparation opérationnelle à l’emploi individuelle (POEI)",
    "poec": "préparation opérationnelle à l’emploi collective (POEC)",
    "qualifying": "formation qualifiante",
    "certifying": "formation certifiante",
    "vocational_language": "français à visée professionnelle",
}
CONTRACTS = {
    "cdi": "CDI",
    "cdd": "CDD",
    "cddi": "CDDI",
    "cdpi": "CDPI",
    "interim": "intérim",
    "apprenticeship": "contrat d’apprentissage",
    "professionalisation": "contrat de professionnalisation",
    "self": "activité indépendante",
}
JOB_ENDS = {
    "end_of_contract": "fin du contrat",
    "resignation": "démission",
    "trial_ended": "fin de la période d’essai",
    "dismissal": "rupture par l’employeur",
}
EXAMS = {
    "multi_year_card": "carte pluriannuelle",
    "resident_card": "carte de résident",
    "naturalisation": "naturalisation",
}
RIGHTS = {"rsa": "RSA", "caf": "prestations de la CAF", "health": "couverture de base", "bank": "compte bancaire"}
DEPARTURES = {"abroad": "départ pour un autre pays", "return": "retour dans le pays d’origine", "unknown": "non connu"}
OUTCOMES = {
    "recruited": "recrutement",
    "vocational_training": "entrée en formation professionnelle",
    "language_training": "entrée en formation de français",
}
CHECKS = {
    "registered": "connue",
    "not_found": "pas trouvée",
    "to_review": "à vérifier",
    "ambiguous": "plusieurs lignes possibles",
    "not_checked": "pas de liste",
}


def _result(told: Told) -> str:
    text = f"Premier rendez-vous{_with(told)} : {_lower(_label(AppointmentStatus, told.get('result')))}"
    if told.get("accompanied"):
        text += ", la personne était accompagnée"
    if told.get("reason"):
        text += f" ({_lower(_label(CancelReason, told.get('reason')))})"
    if told.get("asserted_by") in Role.values:
        text += f", selon {_lower(Role(told.get('asserted_by')).label)}"
    return f"{text}."


def _attendance(told: Told) -> str:
    text = f"Séance d’accueil : {_lower(_label(Attendance, told.get('status')))}"
    if told.get("walk_in"):
        text += ", venue sans convocation"
    if told.get("late_minutes"):
        text += f", {told.get('late_minutes')} minutes de retard"
    # A reason of absence may be of health: it stays with the session.
    return f"{text}."


def _prescribed(told: Told) -> str:
    text = f"Formation linguistique prescrite : {_word(PATHS, told.get('path'))}"
    if told.get("hours") and not str(told.get("path")).startswith("P"):
        text += f", {told.get('hours')} heures"
    if told.get("target"):
        text += f", niveau visé {told.get('target')}"
    return f"{text}, {'obligatoire' if told.get('compulsory') else 'facultative'}."


def _language_ended(told: Told) -> str:
    text = "Formation linguistique " + ("abandonnée" if told.get("reason") == "dropped" else "terminée")
    if told.get("hours_attended") is not None:
        text += f", {told.get('hours_attended')} heures suivies"
    levels = _levels(told)
    if levels:
        text += f", niveau {levels}"
    if told.get("attained") is not None:
        text += ", niveau visé atteint" if told.get("attained") else ", niveau visé non atteint"
    return f"{text}."


def _job_started(told: Told) -> str:
    text = f"Emploi commencé : {_word(CONTRACTS, told.get('contract'))}"
    if told.get("months"):
        text += f" de {told.get('months')} mois"
    if told.get("shortage"):
        text += ", métier en tension"
    return f"{text}."


def _place(code: Any) -> str:
    try:
        return territories.department(str(code)).name
    except UnknownCode:
        return str(code or "non précisé")


def _purpose(told: Told) -> str:
    return _lower(_label(ConsentPurpose, told.get("purpose")))


def _meeting(told: Told) -> str:
    text = _label(enums.MeetingKind, told.get("meeting"))
    return text[:1].upper() + text[1:]


def _to(told: Told) -> str:
    code = str(told.get("to") or "")
    return _lower_body(OrganisationKind(code).label) if code in OrganisationKind.values else _word(BODIES, code)


def _lower_body(name: str) -> str:
    """A common name loses its capital: « Mission locale » does, « France Travail » and « APEC » keep theirs."""
    return name if name in PROPER else _lower(name)


def _stated(told: Told) -> str:
    spec = FACTS.get(str(told.get("code")))
    return f"Diagnostic : {spec.label}." if spec else "Diagnostic complété."


def _decided(told: Told) -> str:
    return "Décision d’orientation" + (", écartée de la recommandation." if told.get("kind") == "overridden" else ".")


def _outcome(told: Told) -> str:
    known = {each.value: each.label for each in words.Outcome}
    return f"Accompagnement terminé par {_to(told)} : {_lower(_word(known, told.get('outcome')))}."


def _s(text: str) -> Callable[[Told], str]:
    return lambda told: text


F, A, L, O, W, D = Theme.FILE, Theme.RECEPTION, Theme.LANGUAGE, Theme.ORIENTATION, Theme.WORK, Theme.RIGHTS

SENTENCES: Mapping[K, Sentence] = {
    K.PERSON_RECORDED: Sentence(F, R.PERSON, _s("Fiche créée sur la plateforme.")),
    K.PERSON_CORRECTED: Sentence(F, R.PERSON, _s("Fiche corrigée.")),
    K.PROFILE_DECLARED: Sentence(A, R.PERSON, _s("Études et souhait de travailler déclarés à la signature.")),
    K.CONTRACT_SIGNED: Sentence(A, R.PERSON, lambda t: f"Contrat signé ({str(t.get('kind') or 'cir').upper()})."),
    K.ASSESSED: Sentence(L, R.ASSESSMENT, lambda t: f"Niveau de français évalué : {_levels(t) or 'non précisé'}."),
    K.CONSENT_GIVEN: Sentence(D, R.PERSON, lambda t: f"Accord donné : {_purpose(t)}."),
    K.CONSENT_WITHDRAWN: Sentence(D, R.PERSON, lambda t: f"Accord retiré : {_purpose(t)}."),
    K.OPTED_OUT: Sentence(O, R.PERSON, _s("Demande à être dispensée de l’accompagnement vers l’emploi.")),
    K.OPT_OUT_REVERSED: Sentence(O, R.PERSON, _s("Revient sur sa dispense.")),
    K.SITUATION_OBSERVED: Sentence(
        W, R.PERSON, lambda t: f"Situation constatée : {_lower(_label(SituationKind, t.get('situation')))}."
    ),
    K.REGISTERED: Sentence(
        D,
        R.REGISTRATION,
        lambda t: f"Inscription : {_label(Register, t.get('register'))} (par : {_label(RegisteredBy, t.get('by'))}).",
    ),
    K.IDENTITY_JOINED: Sentence(F, R.PERSON, _s("Rapprochée d’une autre fiche de la même personne.")),
    K.CHECKED: Sentence(
        D,
        R.CHECK,
        lambda t: f"Vérification {_label(Register, t.get('register'))} : {_word(CHECKS, t.get('result'))}.",
    ),
    K.SESSION_PLANNED: Sentence(A, R.SESSION, _s("Séance d’accueil planifiée.")),
    K.SESSION_CANCELLED: Sentence(A, R.SESSION, _s("Séance d’accueil annulée.")),
    K.COLLECTIVE_HELD: Sentence(A, R.SESSION, _s("Présentation collective tenue.")),
    K.CONVOKED: Sentence(A, R.SESSION, _s("Convoquée à une séance d’accueil.")),
    K.CONVOCATION_MOVED: Sentence(A, R.SESSION, _s("Convocation déplacée à une autre séance.")),
    K.ATTENDANCE: Sentence(A, R.SESSION, _attendance),
    K.INTERVIEW_HELD: Sentence(
        A, R.SESSION, lambda t: f"Entretien à la plateforme d’accueil : {_lower(_label(Outcome, t.get('outcome')))}."
    ),
    K.APPOINTMENT_FIXED: Sentence(
        O, R.APPOINTMENT, lambda t: f"Premier rendez-vous fixé au {_day(t.get('fixed_for'))}{_with(t)}.", own=True
    ),
    K.APPOINTMENT_RESULT: Sentence(O, R.APPOINTMENT, _result, own=True),
    # Why the person cannot come may be of health: it stays with the appointment.
    K.APPOINTMENT_WORD: Sentence(
        O, R.APPOINTMENT, lambda t: f"Premier rendez-vous{_with(t)} : {_lower(_label(Word, t.get('said')))}.", own=True
    ),
    K.RETURN_DRAFTED: Sentence(F, R.RETURN, _s("Remontée préparée.")),
    K.RETURN_VALIDATED: Sentence(F, R.RETURN, _s("Remontée validée.")),
    K.RETURN_SENT: Sentence(F, R.RETURN, _s("Remontée envoyée.")),
    K.IMPACT_DECLARED: Sentence(F, R.IMPACT, _s("Repère d’impact déclaré.")),
    K.IMPACT_MEASURED: Sentence(F, R.IMPACT, _s("Repère d’impact mesuré.")),
    K.IMPORT_APPLIED: Sentence(F, R.IMPORT, _s("Fichier importé.")),
    K.PARAMETER_DECIDED: Sentence(F, R.PARAMETER, _s("Paramètre décidé par l’État.")),
    K.PARAMETER_WITHDRAWN: Sentence(F, R.PARAMETER, _s("Décision sur un paramètre retirée.")),
    K.MEETING_FIXED: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: f"{_meeting(t)} : rendez-vous le {_day(t.get('fixed_for'))}{_with(t)}.",
    ),
    K.MEETING_RESULT: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: f"{_meeting(t)} : rendez-vous {_lower(_label(enums.MeetingStatus, t.get('result')))}.",
    ),
    K.DOCUMENT_NOTED: Sentence(
        D,
        R.PERSON,
        lambda t: (
            (
                "Délai d’échange du permis relevé"
                if t.get("document") == "driving_licence"
                else "Document de séjour relevé"
            )
            + f" : valable jusqu’au {_day(t.get('expires_on'))}."
        ),
    ),
    K.RECOGNITION_ABANDONED: Sentence(
        W, R.REFERRAL, lambda t: f"Demande abandonnée : {_lower(_label(enums.Procedure, t.get('procedure')))}."
    ),
    K.FOLLOW_UP_TREATED: Sentence(
        O,
        R.FOLLOW_UP,
        lambda t: (
            f"Alerte traitée ({_lower(_label(enums.FollowUpKind, t.get('follow_up')))}) : "
            f"{_lower(_label(enums.Treatment, t.get('treatment')))}."
        ),
        own=True,
    ),
    K.RETRACTION: Sentence(F, R.PERSON, lambda t: f"Correction : {t.get('reason') or 'sans motif'}."),
    K.LANGUAGE_PRESCRIBED: Sentence(L, R.PRESCRIPTION, _prescribed),
    K.LANGUAGE_STARTED: Sentence(
        L, R.PRESCRIPTION, lambda t: f"Formation linguistique commencée : {_word(PATHS, t.get('path'))}."
    ),
    K.LANGUAGE_ENDED: Sentence(L, R.PRESCRIPTION, _language_ended),
    K.CIVIC_PRESCRIBED: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: (
            f"Formation civique prescrite : {_n(t, 'days', 'journée')}"
            + (f", {t.get('hours')} heures" if t.get("hours") else "")
            + "."
        ),
    ),
    K.CIVIC_ATTENDED: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: f"Formation civique : {_n(t, 'days', 'journée')} sur {t.get('of') or 'l’ensemble'}.",
    ),
    K.CIVIC_EXAM_TAKEN: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: (
            f"Examen civique ({_word(EXAMS, t.get('purpose'))}) : {'réussi' if t.get('passed') else 'pas réussi'}."
        ),
    ),
    K.END_OF_CIR_INTERVIEW: Sentence(
        L,
        R.PRESCRIPTION,
        lambda t: (
            "Entretien de bilan de fin de CIR"
            + (f", niveau {t.get('level')}" if t.get("level") else "")
            + f", situation : {_lower(_label(SituationKind, t.get('situation')))}."
        ),
    ),
    K.FACT_STATED: Sentence(O, R.DIAGNOSIS, _stated),
    K.ORIENTATION_DECIDED: Sentence(O, R.ORIENTATION, _decided),
    K.RETURN_ACKNOWLEDGED: Sentence(F, R.RETURN, _s("Réception d’une remontée.")),
    K.REFERENT_NAMED: Sentence(F, R.MEMBERSHIP, _s("Référent primo-arrivants nommé.")),
    K.REFERENT_ENDED: Sentence(F, R.MEMBERSHIP, _s("Fin de mission d’un référent primo-arrivants.")),
    K.REFERRAL_PROPOSED: Sentence(O, R.REFERRAL, lambda t: f"Orientation proposée vers {_to(t)}.", own=True),
    K.REFERRAL_RECEIVED: Sentence(O, R.REFERRAL, lambda t: f"Orientation reçue par {_to(t)}.", own=True),
    K.REFERRAL_STUDIED: Sentence(O, R.REFERRAL, lambda t: f"Orientation mise à l’étude par {_to(t)}.", own=True),
    K.REFERRAL_REDIRECTED: Sentence(O, R.REFERRAL, _s("Orientation dirigée vers un autre organisme."), own=True),
    K.REFERRAL_ESCALATED: Sentence(
        O, R.REFERRAL, lambda t: f"Responsable et référent prévenus du silence de {_to(t)}.", own=True
    ),
    K.REFERRAL_TAKEN_OVER: Sentence(O, R.REFERRAL, _s("Orientation reprise par l’organisme qui adresse."), own=True),
    K.REFERRAL_ALERTED: Sentence(O, R.REFERRAL, _s("Orientation mise en alerte."), own=True),
    K.REFERRAL_HELD: Sentence(O, R.REFERRAL, lambda t: f"Échéance reportée : {_day(t.get('until'))}.", own=True),
    K.REFERRAL_APPOINTMENT_CONFIRMED: Sentence(O, R.REFERRAL, _s("Venue au rendez-vous confirmée."), own=True),
    K.REFERRAL_APPOINTMENT_POSTPONED: Sentence(
        O, R.REFERRAL, lambda t: f"Rendez-vous à déplacer avec {_to(t)}.", own=True
    ),
    K.REFERRAL_DISPUTED: Sentence(O, R.REFERRAL, _s("Rendez-vous : deux récits différents, à vérifier."), own=True),
    K.REFERRAL_DISPUTE_SETTLED: Sentence(
        O,
        R.REFERRAL,
        lambda t: f"Vérifié : le rendez-vous {'a eu lieu' if t.get('took_place') else 'n’a pas eu lieu'}.",
        own=True,
    ),
    K.REFERRAL_STARTED: Sentence(O, R.REFERRAL, lambda t: f"Accompagnement commencé par {_to(t)}.", own=True),
    K.REFERRAL_REVIEWED: Sentence(O, R.REFERRAL, lambda t: f"Point d’étape avec {_to(t)}.", own=True),
    K.REFERRAL_ENDED: Sentence(O, R.REFERRAL, _outcome, own=True),
    K.REFERRAL_WITHDRAWN: Sentence(O, R.REFERRAL, _s("Orientation retirée."), own=True),
    K.REFERRAL_ASSIGNED: Sentence(O, R.REFERRAL, _s("Dossier confié à un agent de l’organisme."), own=True),
    K.REFERRAL_SENT: Sentence(O, R.REFERRAL, lambda t: f"Orientation envoyée vers {_to(t)}.", own=True),
    K.REFERRAL_ACCEPTED: Sentence(O, R.REFERRAL, lambda t: f"Orientation acceptée par {_to(t)}.", own=True),
    K.REFERRAL_DECLINED: Sentence(
        O,
        R.REFERRAL,
        lambda t: f"Orientation refusée par {_to(t)} : {_word(DECLINES, t.get('reason'))}.",
        own=True,
    ),
    K.REFERRAL_SILENT: Sentence(
        O, R.REFERRAL, lambda t: f"Pas de réponse de {_to(t)} après {_n(t, 'working_days', 'jour ouvré')}.", own=True
    ),
    K.REFERRAL_APPOINTMENT_GIVEN: Sentence(
        O, R.REFERRAL, lambda t: f"Rendez-vous donné par {_to(t)} le {_day(t.get('fixed_for'))}.", own=True
    ),
    K.REFERRAL_APPOINTMENT_ATTENDED: Sentence(O, R.REFERRAL, lambda t: f"Rendez-vous honoré avec {_to(t)}.", own=True),
    K.REFERRAL_APPOINTMENT_MISSED: Sentence(O, R.REFERRAL, lambda t: f"Rendez-vous manqué avec {_to(t)}.", own=True),
    K.AGIR_PROPOSED: Sentence(O, R.REFERRAL, _s("Orientation vers AGIR proposée."), own=True),
    K.AGIR_ORIENTED: Sentence(O, R.REFERRAL, _s("Orientée vers AGIR par l’OFII."), own=True),
    K.AGIR_ENTERED: Sentence(O, R.REFERRAL, _s("Entrée dans AGIR."), own=True),
    K.AGIR_EXITED: Sentence(O, R.REFERRAL, lambda t: f"Sortie d’AGIR : {_word(EXITS, t.get('reason'))}.", own=True),
    K.RIGHTS_OPENED: Sentence(D, R.REGISTRATION, lambda t: f"Droit ouvert : {_word(RIGHTS, t.get('right'))}."),
    K.NEED_OPENED: Sentence(W, R.EMPLOYER_NEED, _s("Besoin d’un employeur ouvert.")),
    K.TRAINING_PROPOSED: Sentence(
        W, R.REFERRAL, lambda t: f"Formation proposée : {_word(TRAININGS, t.get('training'))}.", own=True
    ),
    K.TRAINING_STARTED: Sentence(
        W, R.REFERRAL, lambda t: f"Formation commencée : {_word(TRAININGS, t.get('training'))}.", own=True
    ),
    K.TRAINING_ENDED: Sentence(
        W,
        R.REFERRAL,
        lambda t: (
            f"Formation {'suivie jusqu’au bout' if t.get('completed') else 'interrompue'} : "
            f"{_word(TRAININGS, t.get('training'))}."
        ),
        own=True,
    ),
    K.IMMERSION_HELD: Sentence(
        W, R.REFERRAL, lambda t: f"Immersion en entreprise : {_n(t, 'days', 'jour')}.", own=True
    ),
    K.JOB_STARTED: Sentence(W, R.REFERRAL, _job_started, own=True),
    K.JOB_CHECKED: Sentence(
        W,
        R.REFERRAL,
        lambda t: f"{'Toujours' if t.get('in_post') else 'Plus'} en poste après {_n(t, 'months', 'mois')}.",
        own=True,
    ),
    K.JOB_ENDED: Sentence(W, R.REFERRAL, lambda t: f"Emploi terminé : {_word(JOB_ENDS, t.get('reason'))}.", own=True),
    K.RECOGNITION_REQUESTED: Sentence(
        W, R.REFERRAL, lambda t: f"Demande envoyée : {_lower(_label(enums.Procedure, t.get('procedure')))}."
    ),
    K.RECOGNITION_ANSWERED: Sentence(
        W,
        R.REFERRAL,
        lambda t: (
            f"Réponse : {_lower(_label(enums.Procedure, t.get('procedure')))}, "
            f"{_lower(_label(enums.RecognitionResult, t.get('result')))}."
        ),
    ),
    K.APPROACH_TARGETED: Sentence(O, R.REFERRAL, _s("Visée par l’approche francilienne de France Travail."), own=True),
    K.APPROACH_RECEIVED: Sentence(O, R.REFERRAL, _s("Reçue au titre de l’approche francilienne."), own=True),
    K.APPROACH_OFFERED: Sentence(O, R.REFERRAL, _s("Offre faite au titre de l’approche francilienne."), own=True),
    K.APPROACH_OUTCOME: Sentence(
        O, R.REFERRAL, lambda t: f"Suite de l’approche francilienne : {_word(OUTCOMES, t.get('outcome'))}.", own=True
    ),
    K.MOVED: Sentence(F, R.PERSON, lambda t: f"Déménagement : {_place(t.get('from'))} vers {_place(t.get('to'))}."),
    K.DEPARTED: Sentence(F, R.PERSON, lambda t: f"Départ du territoire, motif : {_word(DEPARTURES, t.get('reason'))}."),
}
