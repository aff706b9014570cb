"""The chain over the ledger: sealing, signed checkpoints, and finding what was altered.

Chaining inside each transaction would make writers wait for one another; so a sealer, once a second, chains the
entries of all transactions that are surely over: those older than ``pg_snapshot_xmin(pg_current_snapshot())``. No
entry can appear below that line any more, so a seal covers its range of transactions completely.
Source: security.md 14; ADR-0003.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connections, transaction

from ruangaman.kernel import keyring
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import authentication_code

DIGEST_BYTES = 32
MOST_ENTRIES_A_SEAL = 20_000
START = b"\0" * DIGEST_BYTES
COLUMNS = "xid::text::bigint, id, at, actor_id, actor_kind, verb, unit_id, dossier_id, objects_named, fields_named, mac"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed, in words a data officer can pass on."""

    where: str
    what: str


@dataclass(slots=True)
class Report:
    """What a check of the whole ledger found."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings


def signing_key() -> Ed25519PrivateKey:
    """This will give the key that signs seals and checkpoints."""
    return Ed25519PrivateKey.from_private_bytes(keyring.current().derived("ledger/signature"))


def public_key() -> bytes:
    """This will give the public key (32 bytes) that checks them, to be kept elsewhere with the checkpoints."""
    return signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def leaf(epoch: int, row: Sequence[Any]) -> bytes:
    """This will give the digest of one entry, its place in the order of transactions included."""
    xid, entry_id, at, by, kind, verb, unit, dossier, objects, fields, mac = row
    told = json.dumps(
        [
            epoch,
            xid,
            str(entry_id),
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(by or ""),
            kind,
            verb,
            str(unit or ""),
            str(dossier or ""),
            [str(o) for o in objects],
            fields,
            bytes(mac).hex(),
        ]
    )
    return hashlib.sha256(told.encode()).digest()


def link(
    number: int, epoch: int, from_xid: int, upto_xid: int, count: int, leaves: bytes, previous: bytes
) -> bytes:
    """This will give the digest of a seal, which holds the digest of the one before."""
    head = f"{number}|{epoch}|{from_xid}|{upto_xid}|{count}|".encode()
    return hashlib.sha256(head + hashlib.sha256(leaves).digest() + previous).digest()


def seal_once(*, at: datetime, using: str = "default") -> int:
    """This will chain what is surely over, and give how many entries were sealed (0 when there was nothing)."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        # One sealer at a time, on however many machines.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('ruangaman/ledger'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT number, epoch, upto_xid, digest FROM ledger_seal ORDER BY number DESC LIMIT 1")
        number, epoch, from_xid, previous = cursor.fetchone() or (0, None, 0, START)
        cursor.execute("SELECT door.epoch(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        current_epoch, horizon = cursor.fetchone()
        # After a restore the numbers of transactions begin anew: first the rest of the old epoch is closed.
        epoch = current_epoch if epoch is None else epoch
        closing = epoch < current_epoch
        upto = 2**63 - 1 if closing else horizon
        cursor.execute(
            f"SELECT {COLUMNS} FROM ledger_entry WHERE epoch = %s AND xid >= %s::text::xid8 AND xid < %s::text::xid8 "
            "ORDER BY epoch, xid, id LIMIT %s",
            [epoch, from_xid, upto, MOST_ENTRIES_A_SEAL],
        )
        rows = cursor.fetchall()
        if len(rows) == MOST_ENTRIES_A_SEAL and rows[0][0] != rows[-1][0]:
            # A transaction is never cut in two: the last, perhaps incomplete one waits for the next seal.
            upto = rows[-1][0]
            rows = [row for row in rows if row[0] < upto]
        elif len(rows) == MOST_ENTRIES_A_SEAL:
            upto = rows[-1][0] + 1
            cursor.execute(
                f"SELECT {COLUMNS} FROM ledger_entry WHERE epoch = %s AND xid = %s::text::xid8 ORDER BY id",
                [epoch, rows[0][0]],
            )
            rows = cursor.fetchall()
        if not rows and not closing:
            return 0
        leaves = b"".join(leaf(epoch, row) for row in rows)
        digest = link(number + 1, epoch, from_xid, upto, len(rows), leaves, bytes(previous))
        cursor.execute(
            "INSERT INTO ledger_seal (number, epoch, from_xid, upto_xid, count, leaves, previous, digest, signature, "
            "sealed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                number + 1, epoch, from_xid, upto, len(rows), leaves, bytes(previous), digest,
                signing_key().sign(digest), at,
            ],
        )  # fmt: skip
        if closing and upto == 2**63 - 1:
            # The next one, not the newest: there may be lives in which no sealer ran.
            _open_epoch(cursor, number + 2, epoch + 1, digest, at)
        return len(rows)


def _open_epoch(cursor: Any, number: int, epoch: int, previous: bytes, at: datetime) -> None:
    digest = link(number, epoch, 0, 0, 0, b"", previous)
    cursor.execute(
        "INSERT INTO ledger_seal (number, epoch, from_xid, upto_xid, count, leaves, previous, digest, signature, "
        "sealed_at) VALUES (%s, %s, 0, 0, 0, '', %s, %s, %s, %s)",
        [number, epoch, previous, digest, signing_key().sign(digest), at],
    )


def checkpoint(*, using: str = "default") -> dict[str, Any]:
    """This will give the newest seal as a signed text, to be kept where nobody here can change it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT number, digest, signature, sealed_at FROM ledger_seal ORDER BY number DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return {"seal": 0, "public_key": public_key().hex()}
    return {
        "seal": row[0],
        "digest": bytes(row[1]).hex(),
        "signature": bytes(row[2]).hex(),
        "sealed_at": row[3].astimezone(UTC).isoformat(),
        "public_key": public_key().hex(),
    }


def verify(*, using: str = "default", kept: Sequence[dict[str, Any]] = ()) -> Report:
    """This will read the whole ledger and say what was changed, removed, inserted or reordered, and where.

    ``kept`` are checkpoints from elsewhere: with them, the loss of the newest seals is found as well.
    """
    report, previous, epoch, upto = Report(), START, None, 0
    digests: dict[int, bytes] = {}
    epochs: set[int] = set()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for seal in _seals(cursor):
            report.seals += 1
            number, seal_epoch, from_xid, upto_xid, count, leaves, before, digest, signature = seal
            digests[number] = digest
            epochs.add(seal_epoch)
            where = f"seal {number}"
            if number != report.seals:
                report.findings.append(Finding(where, f"seal {report.seals} is missing"))
                report.seals = number
            if (
                before != previous
                or link(number, seal_epoch, from_xid, upto_xid, count, leaves, before) != digest
            ):
                report.findings.append(
                    Finding(where, "the chain is broken: the seal or the one before it was altered")
                )
            elif not _signed(digest, signature):
                report.findings.append(Finding(where, "the signature is not ours"))
            if seal_epoch == epoch and from_xid != upto:
                report.findings.append(
                    Finding(where, "the seal does not begin where the one before it ended")
                )
            _compare(cursor, report, number, seal_epoch, from_xid, upto_xid, leaves)
            previous, epoch, upto = digest, seal_epoch, upto_xid
        if epoch is None:
            cursor.execute("SELECT min(epoch) FROM ledger_entry")
            epoch = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT {COLUMNS}, epoch FROM ledger_entry WHERE epoch > %s OR (epoch = %s AND xid >= %s::text::xid8)",
            [epoch, epoch, upto],
        )
        for row in cursor.fetchall():
            report.unsealed += 1
            if not _authentic(row[:-1]):
                report.findings.append(
                    Finding(f"entry {row[1]}, not sealed yet", "the entry was altered or forged")
                )
        cursor.execute(
            "SELECT id FROM ledger_entry WHERE epoch < %s AND epoch <> ALL (%s) ORDER BY id",
            [epoch, sorted(epochs)],
        )
        for (entry_id,) in cursor.fetchall():
            report.findings.append(Finding(f"entry {entry_id}", "an entry was inserted where no seal can be"))
    for known in kept:
        number = known["seal"]
        if not number:
            continue
        ours = known["public_key"] == public_key().hex()
        if not ours or not _signed(bytes.fromhex(known["digest"]), bytes.fromhex(known["signature"])):
            report.findings.append(
                Finding(f"checkpoint {number}", "the checkpoint was not signed by this installation")
            )
        elif digests.get(number) != bytes.fromhex(known["digest"]):
            report.findings.append(
                Finding(
                    f"checkpoint {number}",
                    "the chain no longer holds this seal: the end was cut off or rewritten",
                )
            )
    return report


def _seals(cursor: Any) -> Iterator[tuple[Any, ...]]:
    after = 0
    while True:
        cursor.execute(
            "SELECT number, epoch, from_xid, upto_xid, count, leaves, previous, digest, signature FROM ledger_seal "
            "WHERE number > %s ORDER BY number LIMIT 500",
            [after],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        for row in rows:
            yield (*row[:5], *(bytes(value) for value in row[5:]))
        after = rows[-1][0]


def _compare(
    cursor: Any, report: Report, number: int, epoch: int, from_xid: int, upto_xid: int, leaves: bytes
) -> None:
    """Lay the sealed digests beside the entries of the same transactions and name each difference."""
    sealed = [leaves[i : i + DIGEST_BYTES] for i in range(0, len(leaves), DIGEST_BYTES)]
    cursor.execute(
        f"SELECT {COLUMNS} FROM ledger_entry WHERE epoch = %s AND xid >= %s::text::xid8 AND xid < %s::text::xid8 "
        "ORDER BY epoch, xid, id",
        [epoch, from_xid, upto_xid],
    )
    rows = cursor.fetchall()
    found = [leaf(epoch, row) for row in rows]
    report.entries += len(rows)
    if found == sealed:
        return
    known, present = set(sealed), set(found)
    strange = [
        (place, row)
        for place, (row, digest) in enumerate(zip(rows, found, strict=True), 1)
        if digest not in known
    ]
    missing = [place for place, digest in enumerate(sealed, 1) if digest not in present]
    altered = 0
    for place, row in strange:
        what = (
            "the entry's number or order was altered"
            if _authentic(row)
            else "the entry was altered or inserted"
        )
        if len(rows) > len(sealed):
            what = "an entry was inserted"
        altered += 1
        report.findings.append(Finding(f"seal {number}, entry {row[1]} (place {place})", what))
    for place in missing[altered:] if len(missing) > altered else []:
        report.findings.append(Finding(f"seal {number}, place {place}", "an entry was removed"))
    if not strange and not missing:
        report.findings.append(Finding(f"seal {number}", "entries were reordered"))


def _authentic(row: Sequence[Any]) -> bool:
    return bool(bytes(row[10]) == authentication_code(*row[1:10]))


def _signed(digest: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key()).verify(signature, digest)
    except InvalidSignature:
        return False
    return True


def keep_check(*, at: datetime, using: str = "default") -> Report:
    """This will read the whole ledger and keep what was found, for the data officer's page."""
    report = verify(using=using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_check (id, at, seals, entries, unsealed, findings) VALUES (%s, %s, %s, %s, %s, %s)",
            [
                new_id(), at, report.seals, report.entries, report.unsealed,
                json.dumps([[finding.where, finding.what] for finding in report.findings]),
            ],
        )  # fmt: skip
    return report
