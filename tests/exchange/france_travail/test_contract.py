"""The contract with France Travail, kept as files, replayed against the local server and against the client.

The files are written from the facts of docs/operations/france-travail.md: nobody here could call the real service.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.parse
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from passerelles.core import clock
from passerelles.core.web_calls import call
from passerelles.exchange.france_travail import client as calls
from passerelles.exchange.france_travail.client import FranceTravail, Settings
from tests.exchange.france_travail.server import CLIENT, SECRET, Server, State

FILES = sorted((Path(__file__).parent / "contracts").glob("*.json"))
CONTRACTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}


def state_for(given: dict[str, Any]) -> State:
    return State(
        by_number={"12345678901": "usager-1"},
        by_nir={("290059934112304", "1990-05-17"): "usager-2"},
        several={*given.get("several", [])},
        forbidden={*given.get("forbidden", [])},
        quota=given.get("quota"),
    )


def sent(request: dict[str, Any]) -> tuple[dict[str, str], bytes | None]:
    headers = dict(request["headers"])
    if "form" in request:
        return headers, urllib.parse.urlencode(request["form"]).encode()
    if "body" in request:
        return headers | {"content-type": "application/json"}, json.dumps(request["body"]).encode()
    return headers, None


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_local_server_keeps_the_contract(name):
    contract = CONTRACTS[name]
    with Server(state_for(contract["given"])) as server:
        for rank, exchange in enumerate(contract["exchanges"]):
            if rank == contract["given"].get("expire_after"):
                server.state.tokens = dict.fromkeys(server.state.tokens, 0.0)
            request, expected = exchange["request"], exchange["response"]
            headers, body = sent(request)
            reply = call(request["method"], server.address + request["path"], headers, body, timeout=5)
            assert reply.status == expected["status"], (rank, reply.body)
            assert (json.loads(reply.body) if reply.body else None) == expected.get("body")
            assert expected.get("headers", {}).items() <= reply.headers.items()


class Replay(BaseHTTPRequestHandler):
    """Gives the recorded responses in their order, and keeps what was asked."""

    server: Any

    def log_message(self, *args: object) -> None:
        """Silent."""

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, raw))
        response = self.server.exchanges[len(self.server.asked) - 1]["response"]
        body = json.dumps(response["body"]).encode() if "body" in response else b""
        self.send_response(response["status"])
        for name, value in response.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = _answer


def settings_of(address: str, secret: str = SECRET) -> Settings:
    return Settings(address, address, CLIENT, secret, "PASSERELLES", timeout=5)


def played(service: FranceTravail, calls_: list[list[Any]]) -> Any:
    """The calls of a contract, the person found being passed on."""
    usager, result = "", None
    for name, *words in calls_:
        if name == "find":
            given = words[0]
            if "birth_date" in given:
                given = given | {"birth_date": dt.date.fromisoformat(given["birth_date"])}
            result = usager = service.find(calls.Person(**given))
        else:
            result = getattr(service, name)(usager, *words)
    return result


@pytest.mark.parametrize("name", [name for name, contract in CONTRACTS.items() if not contract.get("server_only")])
def test_the_client_keeps_the_contract(name):
    contract = CONTRACTS[name]
    with Server(handler=Replay) as server:
        server.exchanges, server.asked = contract["exchanges"], []
        service = FranceTravail(settings_of(server.address, contract["given"].get("client_secret", SECRET)))
        if "raises" in contract:
            with pytest.raises(getattr(calls, contract["raises"])):
                played(service, contract["calls"])
        else:
            assert played(service, contract["calls"]) == contract.get("result")
        assert len(server.asked) == len(contract["exchanges"])
        for (method, path, headers, raw), exchange in zip(server.asked, contract["exchanges"], strict=True):
            request = exchange["request"]
            assert (method, path) == (request["method"], request["path"])
            assert request["headers"].items() <= headers.items()
            if "form" in request:
                assert dict(urllib.parse.parse_qsl(raw.decode())) == request["form"]
            else:
                assert (json.loads(raw) if raw else None) == request.get("body")


TOGETHER = [name for name, each in CONTRACTS.items() if each["calls"] and "expire_after" not in each["given"]]
"""The instant of an expiry is chosen between two calls: that contract is only replayed."""


@pytest.mark.parametrize("name", TOGETHER)
def test_the_client_and_the_local_server_understand_each_other(name):
    contract = CONTRACTS[name]
    with Server(state_for(contract["given"])) as server:
        service = FranceTravail(settings_of(server.address, contract["given"].get("client_secret", SECRET)))
        if "raises" in contract:
            with pytest.raises(getattr(calls, contract["raises"])):
                played(service, contract["calls"])
        else:
            assert played(service, contract["calls"]) == contract.get("result")


def test_a_token_is_asked_once_and_renewed_before_its_end():
    with Server(state_for({})) as server:
        service = FranceTravail(settings_of(server.address))
        for _ in range(3):
            service.find(calls.Person(number="12345678901"))
        tokens = "/connexion/oauth2/access_token"
        assert [path for _, path in server.state.seen].count(tokens) == 1
        with clock.at(clock.now() + dt.timedelta(seconds=server.state.lasts - 59)):
            service.find(calls.Person(number="12345678901"))
        assert [path for _, path in server.state.seen].count(tokens) == 2, "before it ends, not after a refusal"
        server.state.lasts = 0
        service = FranceTravail(settings_of(server.address))
        with pytest.raises(calls.Never):
            service.find(calls.Person(number="12345678901"))


def test_a_secret_never_leaves_for_an_address_that_is_not_https(settings):
    settings.FT_AUTH_URL, settings.FT_API_URL = "http://ailleurs.example", "https://api.example"
    settings.FT_CLIENT_ID, settings.FT_CLIENT_SECRET = "x", "y"
    with pytest.raises(ValueError, match="PASSERELLES_FT_AUTH_URL"):
        calls.configured()
