"""Background tasks of consent. They carry ids only, or nothing."""

from procrastinate.contrib.django import app

from ruangaman.consent import firing
from ruangaman.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(name="consent.ask_back", queue="default", queueing_lock="consent.ask_back")
def ask_back(timestamp: int) -> None:
    """This will close what lapsed, and ask everybody who may see something no more to delete what they had."""
    firing.close_lapsed()
    firing.ask_back(clock.now())
