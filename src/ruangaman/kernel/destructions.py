"""The record of destroyed keys that stands outside the database, so that a restore can't bring them back.

One file, one line a destruction, only ever added to. Each line is authenticated under a key of the keyring and holds
the code of the line before it, so that a line that was altered, removed or inserted shows. Source: security.md 10.
"""

import fcntl
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from ruangaman.kernel.keyring import Keyring

FILE_NAME = "destructions.jsonl"
START = "0" * 64


class RecordAltered(Exception):
    """The record of destructions is not as it was written. The message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One dossier whose keys were destroyed: ids, the moment, and the code of the legal basis."""

    dossier: UUID
    unit: UUID
    keys: tuple[UUID, ...]
    at: datetime
    basis: str


def append(folder: Path, ring: Keyring, *destroyed: Destroyed) -> None:
    """This will add a line each, on disk when it returns; a dossier that stands there already is not added again.

    :raises RecordAltered: where the lines before them are not as they were written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        # Half a line is what a crash left of an erasure that did not come to its end; its task writes it anew.
        whole = text[: text.rfind("\n") + 1]
        known, last = _parse(whole, ring, folder / FILE_NAME)
        there = {line.dossier for line in known}
        file.seek(len(whole.encode()))
        file.truncate()
        for each in destroyed:
            if each.dossier not in there:
                line, last = _line(each, last, ring)
                file.write(line)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)


def read(path: Path, ring: Keyring) -> list[Destroyed]:
    """This will give the destructions recorded in a file, oldest first; none where there is no file.

    :raises RecordAltered: where a line was altered, removed or inserted.
    """
    try:
        text = path.read_text()
    except FileNotFoundError:
        return []
    return _parse(text[: text.rfind("\n") + 1], ring, path)[0]


def _line(destroyed: Destroyed, previous: str, ring: Keyring) -> tuple[str, str]:
    told = {
        **asdict(destroyed),
        "dossier": str(destroyed.dossier),
        "unit": str(destroyed.unit),
        "keys": [str(key) for key in destroyed.keys],
        "at": destroyed.at.astimezone(UTC).isoformat(),
        "previous": previous,
    }
    mac = _mac(told, ring)
    return json.dumps({**told, "mac": mac}) + "\n", mac


def _parse(text: str, ring: Keyring, path: Path) -> tuple[list[Destroyed], str]:
    found: list[Destroyed] = []
    previous = START
    for number, line in enumerate(text.splitlines(), 1):
        try:
            told = json.loads(line)
            mac = told.pop("mac")
            if told["previous"] != previous or not hmac.compare_digest(mac, _mac(told, ring)):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RecordAltered(
                f"{path}, line {number}: the record of destructions was altered, or belongs to another keyring. "
                f"Compare it with the copies in the backups and put the longest whole one in its place."
            ) from None
        previous = mac
        keys = tuple(UUID(key) for key in told["keys"])
        at = datetime.fromisoformat(told["at"])
        found.append(Destroyed(UUID(told["dossier"]), UUID(told["unit"]), keys, at, told["basis"]))
    return found, previous


def _mac(told: dict[str, object], ring: Keyring) -> str:
    text = json.dumps(told, sort_keys=True)
    return hmac.new(ring.derived("destructions"), text.encode(), hashlib.sha256).hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
