"""From what the platform knows of an appointment to what France Travail is told of it. Pure.

Statuses and fields: the facts listed with their source in docs/operations/france-travail.md. Who did not come is
ABSENT, excused or not, never ANNULE (C-020, C-036). What France Travail itself gave or said is never sent back to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from passerelles.referrals.rules.words import Mode, Party, Purpose, Word

PARIS = ZoneInfo("Europe/Paris")
FRANCE_TRAVAIL = "france_travail"
ORGANISATIONS: Mapping[str, str] = {
    FRANCE_TRAVAIL: "FT",
    "mission_locale": "ML",
    "cap_emploi": "CE",
    "department_council": "CD",
}
"""The employment network: the appointments of other organisations are none of France Travail's business."""
_CONTACT = {Mode.PLACE: "PHYSIQUE", Mode.PHONE: "TELEPHONE", Mode.VISIO: "VISIO"}
_LONGEST = {"adresse": 255, "libelleAdresse": 100, "information": 255}


class Status(Word):
    """As France Travail names them."""

    TAKEN = "PRIS", "pris"
    MODIFIED = "MODIFIE", "modifié"
    HELD = "EFFECTUE", "honoré"
    ABSENT = "ABSENT", "absence"
    CANCELLED = "ANNULE", "annulé"


FINAL = frozenset({Status.HELD, Status.ABSENT, Status.CANCELLED})
"""What follows is another appointment for France Travail, not a change of this one."""


class Reason(Word):
    """`motif`."""

    FOLLOW_UP = "ACC", "premier rendez-vous d’accompagnement"


@dataclass(frozen=True, slots=True)
class Known:
    """An appointment as a room knows it. `host`: kind of the organisation; `given_by`, `told_by`: kinds, or empty.

    `purpose`: of the referral, empty for the first appointment. `mistake`: it was entered by mistake and never existed.
    """

    status: str
    starts_at: dt.datetime
    minutes: int
    mode: str
    host: str
    host_name: str
    host_mailbox: str = ""
    host_phone: str = ""
    where: str = ""
    bring: str = ""
    purpose: str = ""
    given_by: str = ""
    told_by: str = ""
    mistake: bool = False


_ABSENT = frozenset({"missed", "excused"})
_CALLED_OFF = frozenset({"postponed", "dropped", "cancelled"})


def concerns(known: Known) -> bool:
    """Is this appointment one that France Travail may learn? Employment only, in the network, and not its own."""
    about_employment = known.purpose in {"", Purpose.EMPLOYMENT}
    its_own = known.host == FRANCE_TRAVAIL and known.given_by == FRANCE_TRAVAIL
    return about_employment and known.host in ORGANISATIONS and not its_own


def status_of(known: Known, former: Status | None, now: dt.datetime) -> Status | None:
    """What is to be told, None when there is nothing to tell. `former`: what was told last of this appointment.

    An appointment called off after its hour is not cancelled: somebody may have come, or not.
    """
    if known.status == "fixed":
        return Status.TAKEN if former is None else Status.MODIFIED
    if known.told_by == FRANCE_TRAVAIL:
        return None
    if known.status == "attended":
        return Status.HELD
    if known.status in _ABSENT:
        return Status.ABSENT
    if known.status in _CALLED_OFF and (known.starts_at > now or known.mistake):
        return Status.CANCELLED
    return None


def body_of(known: Known, status: Status) -> dict[str, object]:
    """The body of a creation or of a change, without identifier. No name of the person, of an agent, no health."""
    organisation = {
        "code": ORGANISATIONS[known.host],
        "libelleStructure": known.host_name[:100],
        "emailContact": known.host_mailbox,
        "telephoneContact": known.host_phone,
    }
    local = known.starts_at.astimezone(PARIS).replace(tzinfo=None)
    return {
        "adresse": known.where[: _LONGEST["adresse"]],
        "libelleAdresse": known.host_name[: _LONGEST["libelleAdresse"]],
        "date": local.isoformat(timespec="seconds"),
        "duree": known.minutes,
        "information": known.bring[: _LONGEST["information"]],
        "initiateur": "PARTENAIRE",
        "modaliteContact": _CONTACT[Mode(known.mode)],
        "motif": Reason.FOLLOW_UP.value,
        "organisme": {name: value for name, value in organisation.items() if value},
        "statut": status.value,
        "theme": "Accompagnement vers l’emploi",
        "typeReception": "IND",
    }


def same_telling(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Nothing new to say: the statut PRIS or MODIFIE of the same appointment is the same."""
    silent = {"statut"} if {one.get("statut"), other.get("statut")} <= {Status.TAKEN, Status.MODIFIED} else set()
    return {k: v for k, v in one.items() if k not in silent} == {k: v for k, v in other.items() if k not in silent}


def giver(party: str, host: str) -> str:
    """The kind of organisation that gave an appointment or speaks of it: the host, or nobody in particular."""
    return host if party == Party.RECEIVER else ""
