"""What an organisation writes in the file of its answers: the columns, and the words of its closed lists. Pure.

D-035, A-054: accepted, appointment given, attended, outcome are four separate answers; a refusal has its reason.
"""

from __future__ import annotations

from collections.abc import Callable

from passerelles.core.text import ascii_key
from passerelles.exchange.readers.fields import Layout, field
from passerelles.referrals.rules.words import DeclineReason, MissReason, Mode, Outcome, Word

ANSWERS = "answers"
"""The kind of this file."""
MOST_ROWS = 5_000


class Answer(Word):
    """The first answer."""

    ACCEPT = "accept", "Acceptée"
    DECLINE = "decline", "Déclinée"


class Presence(Word):
    """Did the person come?"""

    CAME = "came", "Venue"
    MISSED = "missed", "Pas venue"


# A value that stands in two lists (`other`) has the same aliases in both.
_ALIASES: dict[Word, str] = {
    Answer.ACCEPT: "accepter|accepte|accepté|acceptee|ok|oui|d’accord|prise en charge|accord",
    Answer.DECLINE: "décliner|décline|décliné|refusée|refusé|refuser|refus|non",
    Presence.CAME: "venu|présente|présent|présence|honoré|oui|a eu lieu|reçue|reçu|est venue|rencontrée",
    Presence.MISSED: "pas venu|absente|absent|absence|non|n’est pas venue|n’est pas venu|manqué|non venue|"
    "non présentée|ne s’est pas présentée|lapin",
    DeclineReason.NO_CAPACITY: "pas de place|sans place|complet|capacité atteinte|plus de places",
    DeclineReason.NOT_ELIGIBLE: "hors public|non éligible|inéligible|pas éligible|hors critères",
    DeclineReason.OUT_OF_AREA: "hors territoire|hors secteur|hors zone|hors département",
    DeclineReason.UNREACHABLE: "injoignable|non joignable|pas joignable",
    DeclineReason.ALREADY_FOLLOWED: "déjà suivie|déjà suivi|déjà accompagné|suivi ailleurs",
    DeclineReason.OTHER: "autre",
    MissReason.NO_NEWS: "sans nouvelle|aucune nouvelle|pas de nouvelles|non excusée|sans motif",
    MissReason.EXCUSED: "excusée|excusé|absent excusé",
    MissReason.ILL: "malade|maladie|raison de santé",
    MissReason.WORK: "travail|formation|au travail|en formation",
    MissReason.CHILDCARE: "garde d’enfant|enfants|enfant",
    MissReason.TRANSPORT: "transports|pas de transport",
    MissReason.NOT_TOLD: "rendez-vous non reçu|convocation non reçue|pas informée",
    MissReason.OTHER: "autre",
    Mode.PLACE: "physique|présentiel|sur site|au bureau|dans nos locaux",
    Mode.VISIO: "visio|visioconférence|à distance",
    Mode.PHONE: "téléphone|téléphonique|tél",
    Outcome.JOB: "en emploi|contrat de travail|cdi|cdd",
    Outcome.TRAINING: "en formation",
    Outcome.NEED_MET: "besoin résolu|terminé|objectif atteint",
    Outcome.ONWARD: "autre accompagnement|passage de relais|relais",
    Outcome.ABANDONED: "abandon|contact perdu|perdue de vue",
    Outcome.DEPARTED: "départ|déménagement|a quitté le département",
    Outcome.OTHER: "autre",
}
LISTS: dict[str, tuple[Word, ...]] = {
    "answer": tuple(Answer),
    "decline_reason": tuple(DeclineReason),
    "mode": tuple(Mode),
    "presence": tuple(Presence),
    "miss_reason": tuple(reason for reason in MissReason if reason is not MissReason.NOT_HELD),
    "outcome": tuple(issue for issue in Outcome if issue is not Outcome.UNTOLD),
}
"""The words of each closed list, as they are offered in the file. `not_held` is said by the person only."""


def _table(words: tuple[Word, ...]) -> dict[str, str]:
    table: dict[str, str] = {}
    for word in words:
        for text in (word.label, word.value, *_ALIASES.get(word, "").split("|")):
            table.setdefault(ascii_key(text), word.value)
    table.pop("", None)
    return table


def finder(name: str) -> Callable[[str], str | None]:
    """From what is written to the value of the list `name`, None when unknown."""
    table = _table(LISTS[name])
    return lambda text: table.get(ascii_key(text))


def offered(name: str) -> str:
    """The words of a list in one sentence."""
    return ", ".join(word.label for word in LISTS[name])


LAYOUT = Layout(
    ANSWERS,
    "Réponses aux orientations reçues",
    (
        field(
            "reference",
            "Référence",
            "answer_reference",
            "Réf. | Référence de la ligne | Référence Passerelles",
            "Telle qu’elle est dans le tableau téléchargé : ne la changez pas.",
            required=True,
        ),
        field("known_name", "Nom de famille", "text", "Nom"),
        field("answer", "Réponse", "answer", "Réponse de l’organisme | Votre réponse | Décision"),
        field("decline_reason", "Motif du refus", "decline_reason", "Motif refus | Motif | Motif de refus"),
        field("decline_note", "Précision sur le refus", "text", "Précision | Précisions"),
        field(
            "meeting_date",
            "Date du rendez-vous",
            "session_date",
            "Date RDV | RDV | Rendez-vous | Rendez-vous le | Date | Date de la rencontre",
            "jj/mm/aaaa.",
        ),
        field("meeting_time", "Heure du rendez-vous", "time", "Heure RDV | Heure | Horaire", "14:30 ou 14h30."),
        field("mode", "Forme", "mode", "Forme du rendez-vous | Modalité"),
        field("place", "Lieu ou lien", "text", "Lieu | Lieu du rendez-vous | Adresse du rendez-vous"),
        field("bring", "À apporter", "text", "Pièces à apporter | Documents à apporter"),
        field("presence", "Présence", "presence", "Venue ou non | Est venue | Venu(e) | A eu lieu"),
        field("miss_reason", "Motif de l’absence", "miss_reason", "Motif absence | Raison de l’absence"),
        field("outcome", "Issue", "outcome", "Issue de l’accompagnement | Résultat | Suite donnée"),
    ),
    dated_by="",
)
FILLED = tuple(entry.name for entry in LAYOUT.fields if entry.name not in {"reference", "known_name"})
"""The columns that the organisation fills in."""
