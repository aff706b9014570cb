import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ruangaman.ledger.sealing import verify


class Command(BaseCommand):
    help = "Read the whole ledger and say what was changed, removed, inserted or reordered, and where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint", action="append", default=[], help="a checkpoint file kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = [json.loads(Path(name).read_text()) for name in options["checkpoint"]]
        report = verify(kept=kept)
        self.stdout.write(
            f"{report.entries} entries under {report.seals} seals; {report.unsealed} newer ones not sealed yet."
        )
        for finding in report.findings:
            self.stdout.write(f"ALTERED  {finding.where}: {finding.what}")
        if not report.ok:
            sys.exit(1)
        self.stdout.write(
            "The ledger is whole." if not kept else f"The ledger is whole and holds {len(kept)} checkpoints."
        )
