from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.config.restoring import restore
from ruangaman.kernel import clock, keyring
from ruangaman.kernel.destructions import RecordAltered
from ruangaman.kernel.errors import Refused, Unreadable


class Command(BaseCommand):
    help = "Restore a backup into an empty database, and erase again what was erased since. Needs the owner's address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of one backup, with its manifest.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(
                folder=options["folder"],
                keys=Path(settings.RUANGAMAN_KEYS),
                ring=keyring.current(),
                at=clock.now(),
                using="owner",
                say=self.stdout.write,
            )
        except (Refused, RecordAltered, Unreadable) as no:
            raise CommandError(str(no)) from None
        self.stdout.write(f"Restored {done.rows:,} rows. Erased again: {done.erased_again:,} dossiers.")
        if done.missing_roots:
            numbers = ", ".join(map(str, done.missing_roots))
            self.stdout.write(f"Key {numbers} is not in the keyring any more: what it wraps stays closed.")
        elif not done.opens:
            self.stdout.write(
                "The file of keys has expired or is missing: what was sealed stays closed for ever."
            )
        papers = done.papers
        self.stdout.write(f"Papers whose files are whole and open: {papers.whole:,}.")
        if papers.incomplete or (papers.closed and done.opens):
            self.stdout.write(
                f"WARNING: of {papers.incomplete:,} papers files are missing; {papers.closed:,} do not open. Take them "
                f"from another backup, or from the versions of the bucket."
            )
        self.stdout.write(
            "Everybody signs in again. Now `ruangaman ledger verify`, with a checkpoint kept elsewhere."
        )
