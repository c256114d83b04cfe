"""The calls of « rendez-vous partenaire » v1 (realm /agent): token, person, appointment. Knows no table.

The interface: `create`, `modify`, `cancel`. France Travail offers no reading of an appointment by a partner: what it
has acknowledged is kept by the platform.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings

from passerelles.core import clock
from passerelles.core.web_calls import Reply, Unreached, call, own_or_https

SCOPES = "api_rechercher-usagerv2 rechercheusager profil_accedant api_rendez-vous-partenairev1 gererRDV"
RENEWED_BEFORE = dt.timedelta(seconds=60)
DEFAULT_WAIT = 60
"""Seconds to wait after a 429 that does not say how long."""
NEEDED = tuple(f"PASSERELLES_FT_{name}" for name in ("AUTH_URL", "API_URL", "CLIENT_ID", "CLIENT_SECRET"))


class Later(Exception):
    """Try again after `wait` seconds, or when the caller sees fit.

    `taken`: this call may have been taken. `down`: the service itself does not answer, another call would fare no
    better now.
    """

    def __init__(self, said: str, *, wait: int = 0, taken: bool = False, down: bool = False) -> None:
        super().__init__(said)
        self.wait, self.taken, self.down = wait, taken, down


class NotAdmitted(Exception):
    """The secret of the platform is refused: nothing can be told until it is mended."""


class Never(Exception):
    """Trying again is of no use: refused, or set up wrong."""


class NobodyFound(Exception):
    """France Travail finds no such person, or several: to be tried again another day."""


class UnknownAppointment(Exception):
    """ID_NON_RECONNU: the identifier died with a file that France Travail merged; the appointment is created again."""


@dataclass(frozen=True, slots=True)
class Person:
    """How a person is found: the 11-digit number, or the NIR with the date of birth."""

    number: str = ""
    nir: str = ""
    birth_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and as whom. `agent`: the name of the batch in the headers of the realm."""

    auth_url: str
    api_url: str
    client_id: str
    client_secret: str
    agent: str
    timeout: float = 10


def configured() -> Settings | None:
    """The settings when they are complete, None otherwise: then nothing is kept nor sent."""
    if missing():
        return None
    return Settings(
        auth_url=own_or_https(settings.FT_AUTH_URL, NEEDED[0]).rstrip("/"),
        api_url=own_or_https(settings.FT_API_URL, NEEDED[1]).rstrip("/"),
        client_id=settings.FT_CLIENT_ID,
        client_secret=settings.FT_CLIENT_SECRET,
        agent=settings.FT_AGENT,
        timeout=settings.FT_TIMEOUT,
    )


def missing() -> list[str]:
    """The settings that are not given; all of them when the connector is simply not used."""
    given = (settings.FT_AUTH_URL, settings.FT_API_URL, settings.FT_CLIENT_ID, settings.FT_CLIENT_SECRET)
    return [name for name, value in zip(NEEDED, given, strict=True) if not value]


class FranceTravail:
    """One conversation: the token is asked once and renewed before its end."""

    def __init__(self, here: Settings) -> None:
        self.here = here
        self._token, self._ends_at = "", clock.now()

    def find(self, person: Person) -> str:
        """The token of a person, to be passed with their appointments. Raises NobodyFound, Later, Never."""
        if person.number:
            found = self._asked("par-numero-francetravail", {"numeroFranceTravail": person.number})
        else:
            born = person.birth_date.isoformat() if person.birth_date else ""
            found = self._asked("par-datenaissance-et-nir", {"dateNaissance": born, "nir": person.nir})
        code = str(found.get("codeRetour", ""))
        if code == "S001" and found.get("jetonUsager"):
            return str(found["jetonUsager"])
        raise NobodyFound(code or "réponse sans code")

    def create(self, usager: str, body: Mapping[str, object]) -> str:
        """The identifier that France Travail gives to the appointment. Raises Later, Never."""
        reply = self._call("POST", "/rendez-vous-partenaire/v1/rendez-vous", body, usager=usager)
        found = str(_json(reply).get("id", ""))
        if not found:
            raise Later("créé sans identifiant", taken=True)
        return found

    def modify(self, usager: str, appointment: str, body: Mapping[str, object]) -> None:
        """Another date, another place, or what became of it. Raises UnknownAppointment, Later, Never."""
        self._call("PUT", "/rendez-vous-partenaire/v1/rendez-vous", {"id": appointment, **body}, usager=usager)

    def cancel(self, usager: str, appointment: str) -> None:
        """It was entered by mistake: it disappears. Raises UnknownAppointment, Later, Never."""
        name = urllib.parse.quote(appointment, safe="")
        self._call("DELETE", f"/rendez-vous-partenaire/v1/rendez-vous/{name}", None, usager=usager)

    def _asked(self, by: str, body: Mapping[str, object]) -> dict[str, Any]:
        return _json(self._call("POST", f"/rechercher-usager/v2/usagers/{by}", body))

    def _call(self, method: str, path: str, body: Mapping[str, object] | None, *, usager: str = "") -> Reply:
        """One call; a token that has died in the meantime is renewed once."""
        for attempt in (1, 2):
            headers = {
                "Accept": "application/json",
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {self._valid_token()}",
                "pa-identifiant-agent": "BATCH",
                "pa-nom-agent": self.here.agent,
                "pa-prenom-agent": self.here.agent,
                **({"ft-jeton-usager": usager} if usager else {}),
            }
            sent = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
            reply = _reached(method, f"{self.here.api_url}{path}", headers, sent, self.here.timeout)
            if reply.status != 401 or attempt == 2:
                break
            self._token = ""
        if not 200 <= reply.status < 300:
            _refused(reply)
        return reply

    def _valid_token(self) -> str:
        if self._token and clock.now() < self._ends_at:
            return self._token
        form = {
            "grant_type": "client_credentials",
            "client_id": self.here.client_id,
            "client_secret": self.here.client_secret,
            "scope": SCOPES,
        }
        address = f"{self.here.auth_url}/connexion/oauth2/access_token?realm=%2Fagent"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            reply = _reached("POST", address, headers, urllib.parse.urlencode(form).encode(), self.here.timeout)
        except Later as error:  # A token asked twice is no harm: the appointment itself was not sent.
            raise Later(f"jeton : {error}", wait=error.wait, down=True) from error
        if reply.status in {400, 401, 403}:
            raise NotAdmitted(f"jeton refusé (HTTP {reply.status}) : vérifiez l’identifiant et le secret")
        found = _json(reply) if reply.status == 200 else {}
        if not found.get("access_token"):
            raise Later(f"jeton non obtenu (HTTP {reply.status})", wait=_wait(reply), down=True)
        lasts = dt.timedelta(seconds=max(float(found.get("expires_in", 0) or 0), 0))
        self._token = str(found["access_token"])
        self._ends_at = clock.now() + max(lasts - RENEWED_BEFORE, lasts / 2)
        return self._token


def _reached(method: str, address: str, headers: Mapping[str, str], body: bytes | None, timeout: float) -> Reply:
    try:
        return call(method, address, headers, body, timeout=timeout)
    except Unreached as error:
        raise Later(f"sans réponse : {error}"[:250], taken=error.taken, down=True) from error


def _refused(reply: Reply) -> NoReturn:
    """Turn a refusal into what is to be done about it; the text of the server is cut, it may name nobody."""
    code = _code(reply)
    said = f"HTTP {reply.status}" + (f" {code}" if code else "")
    if code == "ID_NON_RECONNU":
        raise UnknownAppointment(said)
    if reply.status == 429:
        raise Later(said, wait=_wait(reply), down=True)
    if reply.status >= 500:
        raise Later(said, wait=_wait(reply, 0), taken=reply.status != 503, down=True)
    if reply.status == 302:
        raise Never(f"{said} : entête d’agent absent")
    raise Never(said)


def _wait(reply: Reply, default: int = DEFAULT_WAIT) -> int:
    try:
        return min(max(int(reply.headers.get("retry-after", "")), 1), 86_400)
    except ValueError:
        return default


def _code(reply: Reply) -> str:
    found = _json(reply)
    code = found.get("code") or found.get("codeErreur") or found.get("codeRetour") or ""
    return str(code)[:40] if isinstance(code, str) else ""


def _json(reply: Reply) -> dict[str, Any]:
    """The object in the body, {} when there is none: a status never depends on it."""
    try:
        found = json.loads(reply.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
