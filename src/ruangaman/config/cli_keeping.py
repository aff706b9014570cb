"""Commands that keep an installation: its ledger, its keys, its backups."""

import os
from pathlib import Path

import click

from ruangaman.config import doctor
from ruangaman.config.environment import OWNER_URL, keys_of
from ruangaman.config.owning import as_owner, make_keyring, make_roles, run_django
from ruangaman.kernel import keyring


@click.group()
def ledger() -> None:
    """The ledger: who did what, with whose data, and when."""


@ledger.command()
@click.option(
    "--checkpoint", multiple=True, type=click.Path(exists=True), help="A checkpoint file kept elsewhere."
)
def verify(checkpoint: tuple[str, ...]) -> None:
    """Check the whole ledger: finds a changed, removed, inserted or reordered entry and says where.

    Exit code 0 where it is whole. It also says how many entries are younger than the last seal. With a checkpoint
    kept elsewhere it also finds that the newest seals were cut off.
    """
    with as_owner():
        run_django("ledger_verify", *(f"--checkpoint={name}" for name in checkpoint))


@ledger.command()
def checkpoint() -> None:
    """Print the last signed checkpoint, to be kept elsewhere: what is older can't be changed unseen."""
    with as_owner():
        run_django("ledger_checkpoint")


@click.group()
def keys() -> None:
    """The keys that live outside the database. Without them nothing sealed can be opened."""


@keys.command()
def status() -> None:
    """Show the numbers and ages of the keys and what is still wrapped by old ones; never a key."""
    with as_owner():
        run_django("keys", "status")


@keys.command()
def rotate() -> None:
    """Add a new root key and rewrap the data keys with it. No row of data is touched; the site may run."""
    with as_owner():
        run_django("keys", "rotate")


@keys.command()
@click.argument("number", type=int)
def retire(number: int) -> None:
    """Take the old root key NUMBER out of the keyring for ever. With it go all copies of what it wrapped.

    This is what makes an erasure complete. It is refused until the backups that need the key have expired
    (RUANGAMAN_ERASURE_DELAY_DAYS, default 30). Copies of the key in escrow are yours to destroy.
    """
    with as_owner():
        run_django("keys", "retire", str(number))


@keys.command()
def new() -> None:
    """Make the keyring of a new installation. Refuses where there is one, or the database holds data."""
    path = keys_of(os.environ) / keyring.FILE_NAME
    if path.exists():
        raise doctor.Refusal(
            f"There is a keyring at {path} already. A new one would open nothing that it sealed."
        )
    with as_owner() as env:
        doctor.check_keyring(keys_of(env), env[OWNER_URL], env)
        make_keyring(env)
    click.echo(f"Made {path}. Keep a copy with two persons, apart from the database (docs/operations.md).")


@click.command()
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the backups. Default: RUANGAMAN_BACKUPS, or backups/ in RUANGAMAN_VAR.",
)  # fmt: skip
@click.option("--keep", type=click.IntRange(1), default=30, show_default=True, help="How many stay there.")
def backup(to: Path | None, keep: int) -> None:
    """Write a sealed backup into a folder of its own, and delete there what has expired. The site may run.

    The keyring is not in it, and nothing in it opens without the keyring: keep that on another way. The file of
    keys (keys-…) is deleted after RUANGAMAN_ERASURE_DELAY_DAYS; where you copy backups elsewhere, delete it there
    too.
    """
    with as_owner():
        run_django("backup", f"--keep={keep}", *([f"--to={to}"] if to else []))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--into", default="", help="postgresql://… of an empty database. Default: RUANGAMAN_OWNER_URL.")
def restore(folder: Path, into: str) -> None:
    """Bring the backup in FOLDER into an empty database, and erase again whatever was erased since.

    Stop serve, worker and sealer first. It never writes over a database that holds something; for the embedded one,
    move postgres/ and postgres.json out of RUANGAMAN_VAR first. RUANGAMAN_KEYS must hold the keyring of this
    installation. Afterwards: ruangaman ledger verify.
    """
    try:
        keyring.read(keys_of(os.environ))
    except keyring.KeyringMissing as missing:
        raise doctor.Refusal(str(missing)) from None
    with as_owner(into) as env:
        make_roles(env)
        run_django("restore", str(folder))


@click.command()
def erase() -> None:
    """Carry out recorded erasures that a crash left undone. Until then serve and worker refuse to start."""
    with as_owner():
        run_django("erase", "--verbosity=2")


KEEPING: tuple[click.Command, ...] = (ledger, keys, backup, restore, erase)
