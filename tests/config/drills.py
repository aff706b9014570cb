"""Backing up, and restoring on another machine, as tests need it."""

from datetime import timedelta
from pathlib import Path

from ruangaman.config import backup as backups
from ruangaman.config import restoring
from ruangaman.intake.models import Story
from ruangaman.kernel import clock, keyring
from ruangaman.kernel.fields import unseal, unwrap
from tests.worlds import Filed

CANARY = "Zulaikha Kenari Burungwangi"
DELAY = 30


def back_up(to: Path, keys: Path, days: int = 0, keep: int = 30) -> Path:
    return backups.backup(
        to=to,
        keep=keep,
        delay_days=DELAY,
        keys=keys,
        ring=keyring.current(),
        at=clock.now() + timedelta(days=days),
        using="owner",
    )


def restore(folder: Path, keys: Path, using: str) -> restoring.Restored:
    return restoring.restore(
        folder=folder, keys=keys, ring=keyring.current(), at=clock.now(), using=using, say=lambda line: None
    )


def story(filed: Filed, using: str) -> str | None:
    """What happened, as whoever holds database and keyring reads it."""
    told = Story.objects.using(using).get(dossier_id=filed.dossier.id)
    key = told.key
    if key.wrapped is None:
        return None
    return unseal(told, "text", unwrap(key.id, key.kek_number, bytes(key.wrapped)))
