import logging
import signal
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from ruangaman.kernel import clock
from ruangaman.ledger.sealing import keep_check, seal_once

log = logging.getLogger("ruangaman.sealer")
EVERY_SECONDS = 1.0
CHECK_EVERY = timedelta(hours=1)


class Command(BaseCommand):
    help = "Seal the ledger once a second and read it whole once an hour, until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        next_check = clock.now()
        while not stop.is_set():
            now = clock.now()
            try:
                while seal_once(at=now) and not stop.is_set():
                    pass
                if now >= next_check:
                    found = keep_check(at=now)
                    next_check = now + CHECK_EVERY
                    for finding in found.findings:
                        log.error("ledger: %s: %s", finding.where, finding.what)
            except OperationalError:
                log.warning("the database does not answer; trying again")
                connection.close()
            stop.wait(EVERY_SECONDS)
