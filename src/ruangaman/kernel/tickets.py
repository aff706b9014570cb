"""The signed ticket: who is asking, for what, until when.

A database session proves who it acts for by one text in ``app.ticket``:
``<key number>|<person>|<purpose>|<scope>|<expires, seconds>|<mac>``. The MAC is HMAC-SHA256 under a key that the
database holds in a table only its owner can read, so SQL that slips in through the application can't write a ticket.
What the person may see is not in the ticket: the database works it out from memberships and the access matrix, so a
role that is taken away counts at the next statement. Source: ADR-0002.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from ruangaman.kernel import keyring

LIFE_SECONDS = 300  # a request, a task or a command that takes longer asks for another ticket
SETTING = "app.ticket"

_carried: ContextVar[str] = ContextVar("ticket", default="")


def signing_key() -> bytes:
    """This will give the 32-byte key that tickets are signed with."""
    return keyring.current().derived("tickets")


def pads(key: bytes) -> tuple[bytes, bytes]:
    """This will give HMAC's inner and outer pads (64 bytes each), which is what the database needs of the key."""
    block = key.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def key_number(key: bytes) -> str:
    """This will name a signing key without telling it."""
    return hashlib.sha256(b"ticket key|" + key).hexdigest()[:8]


def sign(*, purpose: str, at: datetime, person: UUID | None = None, scope: UUID | None = None) -> str:
    """This will sign a ticket that lasts five minutes.

    ``purpose`` is ``staff`` for a signed-in person, or the name of a scoped role of the matrix (``reporter``,
    ``filing``, ``draft``, ``job_…``), which reaches the one dossier or draft named by ``scope`` and nothing else.
    """
    key = signing_key()
    expires = int(at.timestamp()) + LIFE_SECONDS
    body = f"{key_number(key)}|{person or ''}|{purpose}|{scope or ''}|{expires}"
    return f"{body}|{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def carried() -> str:
    """This will give the ticket that this thread of work carries, or an empty text."""
    return _carried.get()


@contextmanager
def carry(ticket: str, using: str = "default") -> Iterator[None]:
    """This will carry ``ticket`` to the database within the block, also when a transaction is already open."""
    token = _carried.set(ticket)
    connection: Any = connections[using]
    try:
        _show(connection, ticket)
        yield
    finally:
        _carried.reset(token)
        # After an error the transaction is on its way out, and takes the setting with it.
        if not connection.needs_rollback:
            _show(connection, _carried.get())


def _show(connection: Any, ticket: str) -> None:
    if connection.in_atomic_block and hasattr(connection, "send_ticket"):
        connection.send_ticket(ticket)
