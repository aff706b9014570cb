"""The keys that live outside the database.

Two kinds of root, both 32 random bytes:

* ``roots``, numbered: each gives one key-encryption key. Rotation adds one and rewraps the data keys; retiring one
  makes every older copy of what it wrapped unreadable (in dumps, in the write-ahead log, in freed pages).
* ``base``, one: everything that must stay the same over the years (search tokens, codes, sessions, tickets,
  the ledger's MAC and signature) is derived from it.

The file is read from ``RUANGAMAN_KEYS/keyring.json``, or its text from ``RUANGAMAN_KEYRING`` where a secret store
puts it into the environment.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
FILE_NAME = "keyring.json"


class KeyringMissing(Exception):
    """There is no keyring where one was expected. The message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Root keys, never printed: ``repr`` shows the numbers only."""

    active: int
    roots: dict[int, bytes] = field(repr=False)
    base: bytes = field(repr=False)
    made_on: dict[int, str] = field(default_factory=dict)

    def kek(self, number: int) -> bytes | None:
        """This will give the key-encryption key of that number, or None where it has been retired."""
        root = self.roots.get(number)
        return derive(root, f"kek/{number}") if root else None

    def derived(self, purpose: str) -> bytes:
        """This will give the 32-byte key for one lasting purpose, such as ``tokens/<unit>``."""
        return derive(self.base, purpose)


@lru_cache(maxsize=4096)
def derive(secret: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """This will derive ``length`` bytes from ``secret`` for ``purpose`` (HKDF-SHA256), and remember them."""
    return derive_once(secret, purpose, length)


def derive_once(secret: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """This will derive the same bytes and remember nothing: for what comes from a data key, which may be destroyed."""
    return HKDF(hashes.SHA256(), length, salt=None, info=b"ruangaman/" + purpose.encode()).derive(secret)


def new_keyring() -> Keyring:
    """This will make a keyring with one root."""
    return Keyring(1, {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES), {1: _today()})


def with_new_root(ring: Keyring) -> Keyring:
    """This will give the same keyring with one more root, which is then the active one."""
    number = max(ring.roots) + 1
    roots = {**ring.roots, number: secrets.token_bytes(KEY_BYTES)}
    return Keyring(number, roots, ring.base, {**ring.made_on, number: _today()})


def without_root(ring: Keyring, number: int) -> Keyring:
    """This will give the keyring without a root; the active one can't be taken away.

    :raises ValueError: for the active root.
    """
    if number == ring.active:
        raise ValueError(f"Key {number} is in use; rotate first, then retire it.")
    roots = {n: root for n, root in ring.roots.items() if n != number}
    return Keyring(ring.active, roots, ring.base, {n: d for n, d in ring.made_on.items() if n != number})


def read(folder: Path) -> Keyring:
    """This will read the keyring from the environment or from ``folder``.

    :raises KeyringMissing: where there is none.
    """
    text = os.environ.get("RUANGAMAN_KEYRING")
    path = folder / FILE_NAME
    if not text:
        try:
            text = path.read_text()
        except FileNotFoundError:
            raise KeyringMissing(
                f"No keyring at {path}. Without it nothing sealed can be opened. Put the keyring file of this "
                f"installation back, or for a new installation run `ruangaman keys new`."
            ) from None
    raw = json.loads(text)
    return Keyring(
        raw["active"],
        {int(n): base64.b64decode(r["key"]) for n, r in raw["roots"].items()},
        base64.b64decode(raw["base"]),
        {int(n): r["made_on"] for n, r in raw["roots"].items()},
    )


def write(ring: Keyring, folder: Path) -> None:
    """This will write the keyring for its owner's eyes only; a crash leaves the old file or the new one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    roots = {
        str(n): {"key": base64.b64encode(key).decode(), "made_on": ring.made_on.get(n, "")}
        for n, key in ring.roots.items()
    }
    text = json.dumps(
        {"active": ring.active, "roots": roots, "base": base64.b64encode(ring.base).decode()}, indent=1
    )
    draft = folder / (FILE_NAME + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / FILE_NAME)
    # The name too must be on disk before any data key is wrapped under a new root: else a power cut could leave the
    # database with wrapped keys and this folder with the old file.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    forget()


def ensure(folder: Path) -> Keyring:
    """This will read the keyring, or make one where there is none yet."""
    try:
        return read(folder)
    except KeyringMissing:
        write(new_keyring(), folder)
        return read(folder)


@lru_cache(maxsize=1)
def _current(folder: Path, stamp: int) -> Keyring:
    return read(folder)


def current() -> Keyring:
    """This will give this process's keyring, read anew when its file changes."""
    from django.conf import settings

    folder = Path(settings.RUANGAMAN_KEYS)
    try:
        stamp = os.stat(folder / FILE_NAME).st_mtime_ns
    except FileNotFoundError:
        stamp = 0
    return _current(folder, stamp)


def forget() -> None:
    """This will drop what is remembered, after the file was written."""
    _current.cache_clear()
    derive.cache_clear()


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011  the administrator's own day
