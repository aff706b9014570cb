"""Background tasks of notices. They carry ids only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from ruangaman.kernel import clock
from ruangaman.notices import sending

LONGEST_RUN = timedelta(seconds=40)  # then other tasks get their turn; the next minute goes on


@app.periodic(cron="* * * * *")
@app.task(name="notices.send", queue="default", queueing_lock="notices.send")
def send(timestamp: int) -> None:
    """This will plan what was told and send what is due. Several workers may do it at once."""
    until, down = clock.now() + LONGEST_RUN, set[str]()
    while sending.plan(clock.now()) == sending.MOST_PLANNED:
        continue
    while clock.now() < until and sending.send_next(clock.now(), down):
        continue


@app.task(name="notices.try_messenger", queue="default")
def try_messenger(organisation_id: str, person_id: str, name: str) -> None:
    """This will send one message on trial to whoever asked for it."""
    sending.try_messenger(
        organisation=UUID(organisation_id), person=UUID(person_id), name=UUID(name), at=clock.now()
    )


@app.periodic(cron="41 * * * *")
@app.task(name="notices.forget", queue="default", queueing_lock="notices.forget")
def forget(timestamp: int) -> None:
    """This will delete notices whose time is over."""
    sending.forget(datetime.fromtimestamp(timestamp, UTC))
