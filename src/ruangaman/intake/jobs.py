"""Background tasks of intake. They carry ids only."""

from datetime import UTC, datetime
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.states import Role, Section
from ruangaman.intake.models import CallDraft, Draft, DraftFile, Report
from ruangaman.intake.storing import forget_files
from ruangaman.kernel import clock, tickets
from ruangaman.notices.sending import reachers, tell
from ruangaman.notices.states import Kind

ANSWERING = (Role.INTAKE_OFFICER, Role.SUPERVISOR)  # who answers a report, and who sees to it that they do


WORKING = (Role.INTAKE_OFFICER, Role.COMPANION, Role.CASE_MANAGER)


# Over about a day: a mail server that is down for a night must not swallow that somebody waits.
@app.task(name="intake.announce", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def announce(dossier_id: str) -> None:
    """This will tell intake, its supervisors and the unit's mailbox that a report waits: no name, place or content.

    Each of them once, also where the mail server failed and the task is run again.
    """
    scope, now = UUID(dossier_id), clock.now()
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=now)), transaction.atomic():
        danger = Report.objects.filter(dossier_id=scope, danger_now=True).exists()
        people = reachers(dossier=scope, section=Section.ADMINISTRATION, roles=ANSWERING)
        tell(
            people=[person for person, _role in people],
            kind=Kind.DANGER if danger else Kind.NEW_REPORT,
            cause=f"report:{scope}",
            at=now,
            dossier=scope,
        )
        unit_id = Dossier.objects.filter(id=scope).values_list("unit_id", flat=True).first()
        unit = Organisation.objects.filter(id=unit_id).first() if unit_id else None
    if unit and unit.mailbox:
        send_mail(
            _("Ada yang menunggu"),
            _("Ada laporan baru. Masuk ke sistem untuk melihatnya."),
            None,
            [unit.mailbox],
        )


@app.task(name="intake.pass_on", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def pass_on(dossier_id: str, message_id: str) -> None:
    """This will tell whoever works on a file and may answer in it that its reporter has written, once a message."""
    scope, now = UUID(dossier_id), clock.now()
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=now)), transaction.atomic():
        people = reachers(dossier=scope, section=Section.THREAD, roles=WORKING)
        tell(
            people=[person for person, _role in people],
            kind=Kind.MESSAGE,
            cause=f"message:{message_id}",
            at=now,
            dossier=scope,
        )


@app.periodic(cron="* * * * *")
@app.task(name="intake.forget_drafts", queue="default", queueing_lock="forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """This will delete drafts whose time is over; until then nobody but their browser could open them anyway."""
    forget_files()
    Draft.objects.filter(expires_at__lte=datetime.fromtimestamp(timestamp, UTC)).exclude(
        id__in=DraftFile.objects.values("draft_id")
    ).delete()
    CallDraft.objects.filter(expires_at__lte=datetime.fromtimestamp(timestamp, UTC)).delete()
