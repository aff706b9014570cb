"""Sealed values: how a model holds them, and the only door to the cipher.

A sealed field holds bytes. It is bound to its table, its row's id, its field and its key, so a ciphertext that is
moved to another row, field or table does not open. Reading or writing one is always an explicit call, with the key in
hand: there is no way to open a name by accident.
"""

import os
from typing import Any
from uuid import UUID

from django.db import models

from ruangaman.kernel import keyring
from ruangaman.kernel.cipher import Key, decrypt, encrypt
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.ids import new_id

__all__ = [
    "Key",
    "SealedField",
    "Unreadable",
    "new_key",
    "open_under",
    "seal",
    "seal_under",
    "unseal",
    "unwrap",
    "wrap",
]


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # has no type arguments at run time
    """Bytes of a sealed text. ``None`` where there is nothing; an erased one stays, and can't be opened."""

    description = "text sealed under a data key"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


def new_key() -> Key:
    """This will make a data key that wraps nothing yet."""
    return Key(new_id(), os.urandom(keyring.KEY_BYTES))


def wrap(key: Key, ring: keyring.Keyring | None = None) -> tuple[int, bytes]:
    """This will wrap a data key under the active key-encryption key: (its number, the wrapped bytes)."""
    ring = ring or keyring.current()
    kek = ring.kek(ring.active)
    assert kek is not None
    return ring.active, encrypt(kek, key.secret, f"datakey|{key.id}")


def unwrap(key_id: UUID, kek_number: int, wrapped: bytes, ring: keyring.Keyring | None = None) -> Key:
    """This will open a wrapped data key.

    :raises Unreadable: where it was altered or destroyed, or its key-encryption key has been retired.
    """
    kek = (ring or keyring.current()).kek(kek_number)
    if kek is None:
        raise Unreadable(f"key-encryption key {kek_number} has been retired")
    return Key(key_id, decrypt(kek, wrapped, f"datakey|{key_id}"))


def seal(row: models.Model, field: str, text: str | None, key: Key) -> None:
    """This will put ``text`` sealed into ``row.field``; nothing is saved."""
    setattr(row, field, None if text is None else encrypt(key.secret, text.encode(), _place(row, field, key)))


def unseal(row: models.Model, field: str, key: Key) -> str | None:
    """This will open ``row.field``.

    :raises Unreadable: where it was altered, moved, or sealed under another key.
    """
    sealed = getattr(row, field)
    return None if sealed is None else decrypt(key.secret, sealed, _place(row, field, key)).decode()


def seal_under(secret: bytes, text: bytes, bound_to: str) -> bytes:
    """This will seal bytes under a derived key, for what has no row of its own (sessions, drafts, authenticators)."""
    return encrypt(secret, text, bound_to)


def open_under(secret: bytes, sealed: bytes, bound_to: str) -> bytes:
    """This will open what ``seal_under`` sealed.

    :raises Unreadable: where it was altered or moved.
    """
    return decrypt(secret, sealed, bound_to)


def _place(row: models.Model, field: str, key: Key) -> str:
    return f"{row._meta.db_table}|{row.pk}|{field}|{key.id}"
