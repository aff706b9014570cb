"""Background tasks of people. They carry nothing."""

from procrastinate.contrib.django import app

from ruangaman.kernel import clock
from ruangaman.people import firing


@app.periodic(cron="*/10 * * * *")
@app.task(name="people.tell_of_probes", queue="default", queueing_lock="people.tell_of_probes")
def tell_of_probes(timestamp: int) -> None:
    """This will tell of look-ups that led to no report within a day."""
    # Not the moment at which the task was put into the queue: after a downtime that may be long ago.
    firing.tell_of_probes(clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="people.tell_of_matches", queue="default", queueing_lock="people.tell_of_matches")
def tell_of_matches(timestamp: int) -> None:
    """This will tell officers of matches they may look at."""
    firing.tell_of_matches(clock.now())
