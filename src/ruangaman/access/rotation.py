"""Rotating the root keys: every data key wrapped anew, no row of data touched; and retiring an old root.

A retired root is what makes an erasure complete: from then on no older copy of a wrapped key (in a stolen dump, in the
write-ahead log, in a freed page) opens. It waits until the backups that need the root have expired.
Source: security.md 9 and 10; ADR-0006.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Count
from django.utils.timezone import localdate

from ruangaman.access.models import DataKey, Destruction
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unwrap, wrap
from ruangaman.kernel.keyring import Keyring
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

BATCH = 1000
REWRAP = """
UPDATE access_datakey k SET kek_number = %s, wrapped = n.wrapped
FROM unnest(%s::uuid[], %s::bytea[]) AS n (id, wrapped) WHERE k.id = n.id AND k.wrapped IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class RootState:
    """One root key, without the key: since when, how many data keys it wraps, from when it may be retired."""

    number: int
    made_on: str
    active: bool
    wraps: int
    present: bool
    retire_from: date | None


def states(ring: Keyring, *, delay_days: int, using: str) -> list[RootState]:
    """This will give the state of each root of the keyring, and of roots that still wrap keys and are missing."""
    counted = _wrapped_by(using)
    return [
        RootState(
            number,
            ring.made_on.get(number, ""),
            number == ring.active,
            counted.get(number, 0),
            number in ring.roots,
            _retire_from(ring, number, delay_days),
        )
        for number in sorted({*ring.roots, *counted})
    ]


def destroyed_since(day: str, *, using: str) -> int:
    """This will count the dossiers erased since a day: their keys stay wrapped by an older root in older copies."""
    found = Destruction.objects.using(using)
    return (found.filter(destroyed_at__date__gte=date.fromisoformat(day)) if day else found).count()


def rotate(*, folder: Path, at: datetime, using: str, say: Callable[[str], None], batch: int = BATCH) -> int:
    """This will add a root and wrap every data key anew; a rotation that was interrupted is brought to its end instead.

    The site may run meanwhile: its processes read the keyring anew when the file changes, and both roots are in it.
    An erasure that runs at the same time wins: a key it destroyed is not touched. Gives the number of the active root.

    :raises Refused: where the keyring is not a file here, or another rotation is running.
    :raises Unreadable: where a wrapped key was altered.
    """
    _check_file(folder)
    with _alone(using):
        ring = keyring.read(folder)
        if sum(_wrapped_by(using).get(number, 0) for number in ring.roots if number != ring.active):
            say(f"A rotation to key {ring.active} was interrupted; it goes on.")
        else:
            ring = keyring.with_new_root(ring)
            keyring.write(ring, folder)
            say(f"Key {ring.active} is made and in use. The data keys are wrapped anew …")
        rewrapped = rewrap(ring, using=using, say=say, batch=batch)
        with transaction.atomic(using=using):
            record(Verb.KEYS_ROTATED, at=at, kind=ActorKind.OWNER, fields=[str(ring.active)], using=using)
        say(f"{rewrapped:,} data keys are wrapped by key {ring.active}.")
    return ring.active


def rewrap(ring: Keyring, *, using: str, say: Callable[[str], None], batch: int = BATCH) -> int:
    """This will wrap by the active root what other roots of the keyring wrap, and give how many; each batch commits."""
    older = [number for number in ring.roots if number != ring.active]
    done, total = 0, sum(count for number, count in _wrapped_by(using).items() if number in older)
    # A request that had the old keyring in hand may add a key behind the place reached: so until nothing is left.
    while True:
        last: UUID | None = None
        while keys := _rewrap_batch(ring, older, last, using, batch):
            done, last = done + len(keys), keys[-1]
            say(f"{done:,} of {max(done, total):,}")
        if last is None:
            return done


def _rewrap_batch(ring: Keyring, older: list[int], after: UUID | None, using: str, batch: int) -> list[UUID]:
    with transaction.atomic(using=using):
        found = DataKey.objects.using(using).select_for_update()
        found = found.filter(kek_number__in=older, wrapped__isnull=False).order_by("id")
        rows = list(found.filter(id__gt=after)[:batch] if after else found[:batch])
        wrapped = [
            wrap(unwrap(row.id, row.kek_number, bytes(row.wrapped or b""), ring), ring)[1] for row in rows
        ]
        ids = [row.id for row in rows]
        with connections[using].cursor() as cursor:
            cursor.execute(REWRAP, [ring.active, ids, wrapped])
    return ids


def retire(*, number: int, folder: Path, at: datetime, delay_days: int, using: str) -> None:
    """This will take a root out of the keyring for ever.

    :raises Refused: for an unknown root, the active one, one that wraps a key, one that backups may still need.
    """
    _check_file(folder)
    with _alone(using):
        ring = keyring.read(folder)
        if number not in ring.roots:
            raise Refused(f"There is no key {number} in the keyring.")
        if number == ring.active:
            raise Refused(f"Key {number} is in use. Run `ruangaman keys rotate` first.")
        wraps = _wrapped_by(using).get(number, 0)
        if wraps:
            raise Refused(
                f"Key {number} still wraps {wraps:,} data keys. First run `ruangaman keys rotate` to its end."
            )
        earliest = _retire_from(ring, number, delay_days)
        if earliest is None or localdate(at) < earliest:
            raise Refused(
                f"Key {number} may be retired from {earliest} on: until then backups need it "
                f"(RUANGAMAN_ERASURE_DELAY_DAYS is {delay_days})."
            )
        with transaction.atomic(using=using):
            record(Verb.KEY_RETIRED, at=at, kind=ActorKind.OWNER, fields=[str(number)], using=using)
            keyring.write(keyring.without_root(ring, number), folder)


def _retire_from(ring: Keyring, number: int, delay_days: int) -> date | None:
    """The delay after the next root was made: the youngest backup of keys that this root wraps is from that day."""
    after = [other for other in ring.roots if other > number]
    made = ring.made_on.get(min(after), "") if after and number in ring.roots else ""
    return date.fromisoformat(made) + timedelta(days=delay_days) if made else None


def _wrapped_by(using: str) -> dict[int, int]:
    found = DataKey.objects.using(using).filter(wrapped__isnull=False).values_list("kek_number")
    return dict(found.annotate(Count("id")).order_by("kek_number"))


def _check_file(folder: Path) -> None:
    if os.environ.get("RUANGAMAN_KEYRING"):
        raise Refused(
            "The keyring comes from RUANGAMAN_KEYRING. Write it to keyring.json in RUANGAMAN_KEYS, unset the variable, "
            "run this again, and put the new text into your secret store before any process starts again."
        )
    if not (folder / keyring.FILE_NAME).exists():
        raise Refused(f"There is no keyring at {folder / keyring.FILE_NAME}.")


@contextmanager
def _alone(using: str) -> Iterator[None]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('ruangaman/keys'))")
        if not cursor.fetchone()[0]:
            raise Refused("Another rotation or retirement is running.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('ruangaman/keys'))")
