"""Background tasks of clocks. They carry ids only, or nothing."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ruangaman.clocks import firing
from ruangaman.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(name="clocks.fire", queue="default", queueing_lock="clocks.fire")
def fire(timestamp: int) -> None:
    """This will tell of the deadlines whose moment has come."""
    # Not the moment at which the task was put into the queue: after a downtime that may be long ago.
    firing.fire_due(clock.now())


@app.periodic(cron="11 17 * * *")  # shortly after midnight of Western Indonesia
@app.task(name="clocks.begin_half_years", queue="default", queueing_lock="clocks.begin_half_years")
def begin_half_years(timestamp: int) -> None:
    """This will start the semester report in each unit, where this half-year's was not started yet."""
    firing.begin_half_years(datetime.fromtimestamp(timestamp, UTC))


# One after the other, and never lost for one that waits already: that one may have read the calendar before the change.
@app.task(
    name="clocks.recount",
    queue="default",
    lock="clocks.recount",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def recount() -> None:
    """This will count running deadlines anew by the calendar as it is now."""
    firing.recount()


@app.periodic(cron="41 17 * * *")
@app.task(name="clocks.recount_nightly", queue="default", queueing_lock="clocks.recount_nightly")
def recount_nightly(timestamp: int) -> None:
    """This will do so each night too: the nation's days come with the program, whose owner can't ask for a task."""
    firing.recount()
