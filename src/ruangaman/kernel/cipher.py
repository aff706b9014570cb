"""AES-256-GCM and nothing else. Only ``kernel.fields`` imports this (an import contract keeps it so)."""

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ruangaman.kernel.errors import Unreadable

VERSION = b"\x01"
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Key:
    """An open data key: its id, and 32 bytes that ``repr`` never shows."""

    id: UUID
    secret: bytes = field(repr=False)


def encrypt(secret: bytes, plain: bytes, bound_to: str) -> bytes:
    """This will seal ``plain`` under ``secret``, bound to the place it belongs: version, nonce, text, tag."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(secret).encrypt(nonce, plain, bound_to.encode())


def decrypt(secret: bytes, sealed: bytes, bound_to: str) -> bytes:
    """This will open what ``encrypt`` sealed for the same place.

    :raises Unreadable: where a bit was changed, the value was moved, or the key is another.
    """
    sealed = bytes(sealed)
    if sealed[:1] != VERSION:
        raise Unreadable("unknown version of a sealed value")
    try:
        return AESGCM(secret).decrypt(
            sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to.encode()
        )
    except (InvalidTag, ValueError):  # a text that is too short to hold a nonce and a tag is a ValueError
        raise Unreadable("a sealed value does not open with its key at this place") from None
