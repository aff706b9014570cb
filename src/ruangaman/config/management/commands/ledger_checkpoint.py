import json
from typing import Any

from django.core.management.base import BaseCommand

from ruangaman.ledger.sealing import checkpoint


class Command(BaseCommand):
    help = "Print the newest seal, signed. Keep it where nobody who runs this system can change it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(checkpoint(), indent=1))
