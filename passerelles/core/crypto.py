"""Encryption at rest of identifiers and keyed hashes to search them.

Keys derive from PASSERELLES_SECRET_KEY (32 bytes or more). AES-256-GCM, random nonce; the hash is HMAC-SHA256
truncated to 16 bytes, separated by purpose, so that equal values of different kinds do not meet.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"


@functools.cache
def _derived(secret: str, purpose: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), b"passerelles:" + purpose.encode(), 20_000)


@functools.cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(_derived(secret, "identifiers"))


def encrypt(value: str, *, secret: str) -> bytes:
    """`value` sealed; every call gives other bytes."""
    nonce = os.urandom(12)
    return VERSION + nonce + _cipher(secret).encrypt(nonce, value.encode(), None)


def decrypt(sealed: bytes, *, secret: str) -> str:
    """The clear value; raises `cryptography.exceptions.InvalidTag` when the key or the bytes are wrong."""
    sealed = bytes(sealed)
    if sealed[:1] != VERSION:
        raise ValueError("unknown format of sealed value")
    return _cipher(secret).decrypt(sealed[1:13], sealed[13:], None).decode()


def keyed_hash(kind: str, value: str, *, secret: str) -> bytes:
    """16 bytes that stand for (`kind`, `value`) in an index without telling the value."""
    key = _derived(secret, "search")
    return hmac.digest(key, f"{kind}\x1f{value}".encode(), "sha256")[:16]


def signature(purpose: str, value: bytes, *, secret: str) -> bytes:
    """32 bytes that only the holder of the key can make for (`purpose`, `value`)."""
    return hmac.digest(_derived(secret, "signature"), purpose.encode() + b"\x1f" + value, "sha256")
