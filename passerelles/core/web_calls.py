"""One HTTP call to a machine of another organisation: bounded, redirections not followed, refusals not raised. Pure.

Whether the call may have been taken is told apart from a call that never left: who must not say twice needs it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 100_000
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Unreached(OSError):
    """No reply. `taken`: the request may have arrived all the same."""

    def __init__(self, said: str, *, taken: bool) -> None:
        super().__init__(said)
        self.taken = taken


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_StayHere)


def own_or_https(address: str, variable: str) -> str:
    """The address when it is https, or a machine of one's own. Raises ValueError, naming the setting."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OWN):
        return address
    raise ValueError(f"{variable} doit commencer par https://")


def call(method: str, address: str, headers: Mapping[str, str], body: bytes | None, *, timeout: float) -> Reply:
    """Send and wait at most `timeout` seconds. Any status is a reply. Raises Unreached."""
    request = urllib.request.Request(address, data=body, method=method, headers=dict(headers))  # noqa: S310
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return _reply(answer.status, answer.headers, answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error.code, error.headers, error.read(MOST_BYTES))
    except urllib.error.URLError as error:
        never_left = isinstance(error.reason, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)
        raise Unreached(str(error.reason), taken=not never_left) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreached(f"{type(error).__name__}: {error}", taken=True) from error


def _reply(status: int, headers: Any, body: bytes) -> Reply:
    return Reply(status, {name.lower(): value for name, value in headers.items()}, body)
