"""Writing to the ledger: always inside the transaction of what it tells."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connections

from ruangaman.kernel import keyring
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import ActorKind, Verb

INSERT = """
INSERT INTO ledger_entry (id, at, actor_id, actor_kind, verb, unit_id, dossier_id, objects_named, fields_named, mac)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s)
"""


def record(
    verb: Verb,
    *,
    at: datetime,
    by: UUID | None = None,
    kind: ActorKind = ActorKind.STAFF,
    unit: UUID | None = None,
    dossier: UUID | None = None,
    objects: Iterable[UUID] = (),
    fields: Iterable[str] = (),
    using: str = "default",
) -> UUID:
    """This will add one entry in the caller's transaction and give its id.

    ``objects`` are the ids of what was touched, ``fields`` the names of sections or fields; a value never comes here.

    :raises RuntimeError: outside a transaction, where the entry could outlive what it tells, or the reverse.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger entry is written in the transaction of the act it records.")
    entry_id, touched, names = new_id(), list(objects), list(fields)
    mac = authentication_code(entry_id, at, by, kind.value, verb.value, unit, dossier, touched, names)
    with connection.cursor() as cursor:
        # No RETURNING: the writer may not read the ledger.
        cursor.execute(INSERT, [entry_id, at, by, kind.value, verb.value, unit, dossier, touched, names, mac])
    return entry_id


def authentication_code(
    entry_id: UUID,
    at: datetime,
    by: UUID | None,
    kind: str,
    verb: str,
    unit: UUID | None,
    dossier: UUID | None,
    objects: Sequence[UUID],
    fields: Sequence[str],
) -> bytes:
    """This will give the entry's MAC (32 bytes), under a key that the database does not hold."""
    told = json.dumps(
        [
            str(entry_id),
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(by or ""),
            kind,
            verb,
            str(unit or ""),
            str(dossier or ""),
            [str(o) for o in objects],
            list(fields),
        ]
    )
    return hmac.new(keyring.current().derived("ledger/mac"), told.encode(), hashlib.sha256).digest()
