import signal
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ruangaman.config import demo
from ruangaman.config.demo.years import USUAL
from ruangaman.kernel import clock

STOPPED = "Stopped. Each case is whole; the same command again goes on from here."


class Command(BaseCommand):
    help = "Load demonstration data: made-up people and cases. Needs the owner's address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="only what the first start makes")
        parser.add_argument("--cases", type=int, default=USUAL, help="how many clients, from 2021 on")
        parser.add_argument("--seed", type=int, default=1, help="the number that decides all of them")
        parser.add_argument("--processes", type=int, default=1, help="how many load side by side")
        parser.add_argument("--part", default="", help="which share, of how many, this process loads: 0/2")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"]:
            self.load(options, options["part"])
            return
        made = demo.load(at=clock.now())
        self.stdout.write("Demonstration data loaded." if made else "Demonstration data was there already.")
        if options["small"]:
            return
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if options["processes"] < 1:
            raise CommandError("--processes is 1 or more.")
        try:
            demo.check_years(at=clock.now(), cases=options["cases"], seed=options["seed"])
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
        if options["processes"] == 1:
            self.load(options, "0/1")
        else:
            self.load_side_by_side(options)

    def load_side_by_side(self, options: dict[str, Any]) -> None:
        """This will load with several processes, and leave none behind."""
        same = ["--skip-checks", f"--cases={options['cases']}", f"--seed={options['seed']}"]
        parts = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "django",
                    "ruangaman_demo",
                    *same,
                    f"--part={number}/{options['processes']}",
                ],
                start_new_session=True,  # Ctrl-C is for this process, which ends them
            )
            for number in range(options["processes"])
        ]
        try:
            codes = {part.wait() for part in parts}
        except KeyboardInterrupt:
            raise CommandError(STOPPED) from None
        finally:
            for part in parts:
                part.terminate()
                part.wait()
        if codes != {0}:
            raise CommandError("A process broke off. The same command again goes on from here.")

    def load(self, options: dict[str, Any], part: str) -> None:
        """This will load one share of the cases."""
        which, _, of = part.partition("/")
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
        except KeyboardInterrupt:
            raise CommandError(STOPPED) from None
        self.stdout.write(f"{count:,} cases of the years added.")
