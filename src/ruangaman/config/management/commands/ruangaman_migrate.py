from typing import Any

from django.core.management.base import BaseCommand

from ruangaman.config.installing import install


class Command(BaseCommand):
    help = "Bring the database to this version: tables, places, access matrix, ticket key. Needs the owner's address."

    def handle(self, *args: Any, **options: Any) -> None:
        install(verbosity=options["verbosity"])
