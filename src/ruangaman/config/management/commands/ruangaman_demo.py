from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.config import demo
from ruangaman.config.demo.years import USUAL
from ruangaman.kernel import clock


class Command(BaseCommand):
    help = "Load demonstration data: made-up people and cases. Needs the owner's address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="only what the first start makes")
        parser.add_argument("--cases", type=int, default=USUAL, help="how many clients, from 2021 on")
        parser.add_argument("--seed", type=int, default=1, help="the number that decides all of them")
        parser.add_argument(
            "--part", default="0/1", help="which share, of how many: 0/2 and 1/2 run side by side"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made = demo.load(at=clock.now())
        self.stdout.write("Demonstration data loaded." if made else "Demonstration data was there already.")
        if options["small"]:
            return
        which, _, of = options["part"].partition("/")
        if not (which.isdigit() and of.isdigit() and int(which) < int(of)):
            raise CommandError("--part is written like 0/2.")
        try:
            count = demo.load_years(
                at=clock.now(),
                cases=options["cases"],
                seed=options["seed"],
                part=(int(which), int(of)),
                say=self.stdout.write,
            )
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"{count} cases of the years added.")
