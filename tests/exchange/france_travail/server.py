"""A server with the rules of « rendez-vous partenaire » v1 as they are known: it can be slow, refuse, count, forget.

Not a mock of the connector: a real HTTP server with its own state, which knows nothing of the platform.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLIENT, SECRET = "passerelles-essai", "phrase-secrete-d-essai"
SCOPES = {"api_rechercher-usagerv2", "rechercheusager", "profil_accedant", "api_rendez-vous-partenairev1", "gererRDV"}
AGENT_HEADERS = ("pa-identifiant-agent", "pa-nom-agent", "pa-prenom-agent")
CHOICES = {
    "initiateur": {"USAGER", "PARTENAIRE"},
    "modaliteContact": {"PHYSIQUE", "TELEPHONE", "VISIO"},
    "motif": {"ORI", "ACC", "AUT"},
    "statut": {"PRIS", "EFFECTUE", "MODIFIE", "ABSENT", "ANNULE"},
    "typeReception": {"IND", "COL"},
}
ORGANISMS = {"IND", "FT", "CD", "DCD", "ML", "CE"}
NEEDED = ("adresse", "date", "duree", "initiateur", "modaliteContact", "motif", "organisme", "statut", "typeReception")
LOCAL_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
APPOINTMENTS = "/rendez-vous-partenaire/v1/rendez-vous"


@dataclass
class State:
    """What the server holds, and the troubles it has been asked for."""

    by_number: dict[str, str] = field(default_factory=dict)
    by_nir: dict[tuple[str, str], str] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    appointments: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    lasts: int = 1500
    quota: int | None = None
    troubles: list[str] = field(default_factory=list)
    """For the next calls on appointments: `slow`, `500`, `503`, `lost` (done, then the line is cut), `twice`."""
    seen: list[tuple[str, str]] = field(default_factory=list)

    def usager(self, token: str) -> bool:
        known = {*self.by_number.values(), *self.by_nir.values()}
        return token in known


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.0"

    def log_message(self, *args: object) -> None:
        """Silent."""

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._send(405, {"code": "METHODE_NON_AUTORISEE"})

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urllib.parse.urlsplit(self.path)
        with self.server.turn:
            self.server.state.seen.append((self.command, path.path))
            if path.path == "/connexion/oauth2/access_token":
                self._token(urllib.parse.parse_qs(path.query), urllib.parse.parse_qs(raw.decode()))
            elif self._may_enter():
                self._enter(path.path, raw)

    def _token(self, query: dict[str, list[str]], form: dict[str, list[str]]) -> None:
        given = {name: values[0] for name, values in form.items()}
        if query.get("realm") != ["/agent"] or given.get("grant_type") != "client_credentials":
            return self._send(400, {"error": "unsupported_grant_type"})
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            return self._send(401, {"error": "invalid_client"})
        if not set(given.get("scope", "").split()) >= SCOPES:
            return self._send(400, {"error": "invalid_scope"})
        state = self.server.state
        token = f"jeton-{len(state.tokens) + 1}"
        state.tokens[token] = time.monotonic() + state.lasts
        return self._send(200, {"access_token": token, "token_type": "Bearer", "expires_in": state.lasts})

    def _may_enter(self) -> bool:
        state = self.server.state
        if any(self.headers.get(name) is None for name in AGENT_HEADERS):
            self._send(302, None, Location="/erreur")
            return False
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if any(not self.headers[name] for name in AGENT_HEADERS) or state.tokens.get(token, 0) <= time.monotonic():
            self._send(401, {"code": "NON_AUTORISE"})
            return False
        if state.quota is not None:
            if state.quota == 0:
                state.quota = None
                self._send(429, {"code": "QUOTA"}, **{"Retry-After": "7"})
                return False
            state.quota -= 1
        return True

    def _enter(self, path: str, raw: bytes) -> None:
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return self._send(400, {"code": "JSON"})
        if path.startswith("/rechercher-usager/v2/usagers/") and self.command == "POST":
            return self._search(path.rsplit("/", 1)[1], body)
        if path != APPOINTMENTS and not path.startswith(f"{APPOINTMENTS}/"):
            return self._send(404, {"code": "INCONNU"})
        if not self.server.state.usager(self.headers.get("ft-jeton-usager") or ""):
            return self._send(403, {"code": "JETON_USAGER"})
        return self._appointment(path, body)

    def _search(self, by: str, body: dict[str, Any]) -> None:
        state = self.server.state
        if by == "par-numero-francetravail":
            key = str(body.get("numeroFranceTravail", ""))
            found = state.by_number.get(key) if re.fullmatch(r"\d{11}", key) else None
        else:
            key = str(body.get("nir", ""))
            found = state.by_nir.get((key, str(body.get("dateNaissance", ""))))
        if key in state.forbidden:
            return self._send(403, {"codeRetour": "R001"})
        if key in state.several:
            return self._send(200, {"codeRetour": "S003"})
        if found is None:
            return self._send(200, {"codeRetour": "S002"})
        return self._send(200, {"codeRetour": "S001", "jetonUsager": found, "topIdentiteCertifiee": "O"})

    def _appointment(self, path: str, body: dict[str, Any]) -> None:
        state = self.server.state
        trouble = state.troubles.pop(0) if state.troubles else ""
        if trouble == "slow":
            time.sleep(self.server.slowness)
        if trouble in {"500", "503"}:
            return self._send(int(trouble), {"code": "INDISPONIBLE"})
        status, reply = self._done(path, body)
        if trouble == "lost":
            return self.close_connection_now()
        self._send(status, reply)
        if trouble == "twice":
            self._send(status, reply)
        return None

    def _done(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        state = self.server.state
        if self.command == "DELETE":
            gone = urllib.parse.unquote(path.rsplit("/", 1)[1])
            if state.appointments.pop(gone, None) is None:
                return 404, {"code": "ID_NON_RECONNU"}
            state.deleted.append(gone)
            return 204, None
        if wrong := faults(body):
            return 400, {"code": "CHAMP_INVALIDE", "champs": wrong}
        if self.command == "POST":
            made = f"RDV-{len(state.appointments) + len(state.deleted) + 1}"
            state.appointments[made] = body
            return 201, {"id": made}
        if body.get("id") not in state.appointments:
            return 400, {"code": "ID_NON_RECONNU"}
        state.appointments[body["id"]] = {name: value for name, value in body.items() if name != "id"}
        return 200, {"id": body["id"]}

    def _send(self, status: int, body: dict[str, Any] | None, **headers: str) -> None:
        raw = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if raw:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def close_connection_now(self) -> None:
        """The line is cut: no status, no byte."""
        self.close_connection = True


def faults(body: dict[str, Any]) -> list[str]:
    """The fields that the server refuses."""
    wrong = [name for name in NEEDED if name not in body]
    wrong += [name for name, allowed in CHOICES.items() if name in body and body[name] not in allowed]
    if not LOCAL_DATE.fullmatch(str(body.get("date", ""))):
        wrong.append("date")
    else:
        dt.datetime.fromisoformat(body["date"])
    if not isinstance(body.get("duree"), int):
        wrong.append("duree")
    organism = body.get("organisme")
    if not isinstance(organism, dict) or organism.get("code") not in ORGANISMS:
        wrong.append("organisme")
    return sorted(set(wrong))


class Server(ThreadingHTTPServer):
    """Start with `with`; `address` is where it listens."""

    daemon_threads = True

    def __init__(self, state: State | None = None, handler: type[BaseHTTPRequestHandler] = Handler) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.state = state or State()
        self.turn = threading.RLock()
        self.slowness = 0.6
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Server:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join(5)
