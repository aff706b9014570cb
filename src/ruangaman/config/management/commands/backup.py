from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.config.backup import backup
from ruangaman.config.restoring import read_manifest
from ruangaman.kernel import clock, keyring
from ruangaman.kernel.errors import Refused


class Command(BaseCommand):
    help = "Write a sealed backup, and delete what has expired. Needs the owner's address. The keyring is not in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.RUANGAMAN_BACKUPS, help="the folder of the backups"
        )
        parser.add_argument("--keep", type=int, default=30, help="how many backups stay there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1:
            raise CommandError("--keep must be at least 1.")
        try:
            made = backup(
                to=options["to"],
                keep=options["keep"],
                delay_days=settings.ERASURE_DELAY_DAYS,
                keys=Path(settings.RUANGAMAN_KEYS),
                ring=keyring.current(),
                at=clock.now(),
                using="owner",
            )
        except Refused as no:
            raise CommandError(str(no)) from None
        except OSError as error:
            raise CommandError(
                f"The backup could not be written into {options['to']}: {error.strerror}."
            ) from None
        self.stdout.write(f"{made}")
        papers = read_manifest(made, keyring.current())["papers"]
        if papers["where"] == "elsewhere":
            self.stdout.write(
                "The files of papers lie in a bucket and are NOT in this backup. Turn on the bucket's versions, and "
                "keep a copy of it elsewhere."
            )
        elif papers["damaged"]:
            self.stdout.write(
                f"WARNING: of {papers['damaged']:,} papers the storage has lost or changed files. What earlier backups "
                f"hold of them is in this one too; restore it on another machine to see which."
            )
        self.stdout.write(
            f"Its file of keys expires after {settings.ERASURE_DELAY_DAYS} days; then delete its copies elsewhere too. "
            f"Keep the keyring apart from it: without the keyring nothing in it opens."
        )
