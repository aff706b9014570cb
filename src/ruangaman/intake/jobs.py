"""Background tasks of intake. They carry ids only."""

from datetime import UTC, datetime
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ruangaman.access.models import Dossier, Organisation
from ruangaman.intake.models import Draft
from ruangaman.kernel import clock, tickets


# Over about a day: a mail server that is down for a night must not swallow that somebody waits.
@app.task(name="intake.announce", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def announce(dossier_id: str) -> None:
    """This will tell the unit's mailbox that a report waits: no reference, no name, no place, no content."""
    scope = UUID(dossier_id)
    with (
        tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=clock.now())),
        transaction.atomic(),
    ):
        unit_id = Dossier.objects.filter(id=scope).values_list("unit_id", flat=True).first()
        unit = Organisation.objects.filter(id=unit_id).first() if unit_id else None
    if unit and unit.mailbox:
        send_mail(
            _("Ada yang menunggu"),
            _("Ada laporan baru. Masuk ke sistem untuk melihatnya."),
            None,
            [unit.mailbox],
        )


@app.periodic(cron="* * * * *")
@app.task(name="intake.forget_drafts", queue="default", queueing_lock="forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """This will delete drafts whose time is over; until then nobody but their browser could open them anyway."""
    Draft.objects.filter(expires_at__lte=datetime.fromtimestamp(timestamp, UTC)).delete()
