from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ruangaman.access import erasure
from ruangaman.kernel import clock, destructions, keyring


class Command(BaseCommand):
    help = (
        "Carry out the recorded destructions that are not applied: after a crash. Needs the owner's address."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.RUANGAMAN_KEYS) / destructions.FILE_NAME
        try:
            recorded = destructions.read(path, keyring.current())
        except destructions.RecordAltered as altered:
            raise CommandError(str(altered)) from None
        done = erasure.replay(recorded=recorded, at=clock.now(), using="owner")
        if done or options["verbosity"] > 1:
            self.stdout.write(f"Recorded destructions carried out: {done:,}.")
