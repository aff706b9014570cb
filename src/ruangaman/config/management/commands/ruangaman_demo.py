from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ruangaman.config import demo
from ruangaman.kernel import clock


class Command(BaseCommand):
    help = "Load demonstration data: made-up people and reports. Needs the owner's address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reports", type=int, default=demo.REPORTS, help="how many reports to file")

    def handle(self, *args: Any, **options: Any) -> None:
        made = demo.load(at=clock.now(), reports=options["reports"])
        self.stdout.write("Demonstration data loaded." if made else "Demonstration data was there already.")
