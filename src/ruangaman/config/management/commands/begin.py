from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.config.beginning import begin
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused


class Command(BaseCommand):
    help = "Make the organisations, facilities and first people of an installation from a YAML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = begin(options["file"].read_text(encoding="utf-8"), at=clock.now())
        except (Refused, OSError, KeyError, ValueError) as error:
            what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise CommandError(f"{what}. Nothing was changed.") from None
        self.stdout.write(f"{made.organisations} organisations and {made.facilities} facilities are new.")
        for email, password in made.passwords.items():
            self.stdout.write(f"  {email}  first password: {password}")
        if made.passwords:
            self.stdout.write(
                "Hand each password over in person; everybody sets a second factor at the first sign-in."
            )
