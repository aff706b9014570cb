from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.access import rotation
from ruangaman.access.models import Destruction
from ruangaman.kernel import clock, destructions, keyring
from ruangaman.kernel.errors import Refused, Unreadable


class Command(BaseCommand):
    help = "Show the root keys, rotate them, retire an old one. Needs the owner's address; never shows a key."

    def add_arguments(self, parser: CommandParser) -> None:
        act = parser.add_subparsers(dest="act", required=True)
        act.add_parser("status")
        act.add_parser("rotate")
        act.add_parser("retire").add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.RUANGAMAN_KEYS)
        delay = settings.ERASURE_DELAY_DAYS
        try:
            if options["act"] == "status":
                self._status(folder, delay)
            elif options["act"] == "rotate":
                rotation.rotate(folder=folder, at=clock.now(), using="owner", say=self.stdout.write)
            else:
                number = options["number"]
                rotation.retire(number=number, folder=folder, at=clock.now(), delay_days=delay, using="owner")
                self.stdout.write(
                    f"Key {number} is gone. Destroy its copies in escrow too: until then they open old backups."
                )
        except (Refused, Unreadable, destructions.RecordAltered) as no:
            raise CommandError(str(no)) from None

    def _status(self, folder: Path, delay: int) -> None:
        ring = keyring.current()
        for root in rotation.states(ring, delay_days=delay, using="owner"):
            said = "in use" if root.active else f"may be retired from {root.retire_from} on"
            if not root.present:
                said = "MISSING from the keyring: what it wraps does not open"
            elif root.wraps and not root.active:
                said = "still wraps keys: run `ruangaman keys rotate` to its end"
            self.stdout.write(
                f"key {root.number}  made {root.made_on or 'unknown'}  wraps {root.wraps:,} data keys  {said}"
            )
        outside = len(destructions.read(folder / destructions.FILE_NAME, ring))
        inside = Destruction.objects.using("owner").count()
        since = rotation.destroyed_since(ring.made_on.get(ring.active, ""), using="owner")
        self.stdout.write(f"Destructions recorded: {inside:,} in the database, {outside:,} outside it.")
        if outside < inside:
            self.stdout.write(
                "WRONG  The record outside is shorter: put the longest of the backups in its place."
            )
        if since:
            self.stdout.write(
                f"{since:,} since key {ring.active} was made: complete {delay} days after the next rotation, "
                f"when key {ring.active} is retired."
            )
