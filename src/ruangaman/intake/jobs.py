"""Background tasks of intake. They carry ids only."""

from datetime import UTC, datetime
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ruangaman.access.models import Organisation
from ruangaman.access.states import Role, Section
from ruangaman.clocks.actions import started_by
from ruangaman.clocks.states import Event
from ruangaman.intake import firing, sending, storing
from ruangaman.intake.models import CallDraft, Draft, DraftFile, Report
from ruangaman.intake.sending import ring
from ruangaman.intake.states.handling import PassBasis
from ruangaman.intake.storing import forget_files, forget_receipts
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb
from ruangaman.notices.sending import reachers, tell
from ruangaman.notices.states import Kind

WORKING = (Role.INTAKE_OFFICER, Role.COMPANION, Role.CASE_MANAGER)


# Over about a day: a mail server that is down for a night must not swallow that somebody waits.
@app.task(name="intake.announce", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def announce(dossier_id: str) -> None:
    """This will call who is on duty, else tell intake and its supervisors, and the unit's mailbox, that a report
    waits: no name, place or content.

    Each of them once, also where the mail server failed and the task is run again. A report that was answered or
    decided on before the task ran calls nobody.
    """
    scope, now = UUID(dossier_id), clock.now()
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=now)), transaction.atomic():
        called = ring(dossier=scope, at=now)
        # In a flood the mailbox stays quiet: the supervisors are told of it as a whole. Of a report about staff too:
        # who is kept out of it reads that mailbox, and would look for what is not in the list.
        quiet = (
            called.outcome == "flood" or Report.objects.filter(dossier_id=scope, about_staff=True).exists()
        )
        unit_id = called.unit if called.is_waiting and not quiet else None
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


@app.task(
    name="intake.tell_region", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3)
)
def tell_region(dossier_id: str, transfer_id: str) -> None:
    """This will tell who may answer it in another region's unit that a report was handed to them: nothing of it."""
    scope, now = UUID(dossier_id), clock.now()
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=now)), transaction.atomic():
        tell(
            people=sending.takers(UUID(transfer_id)),
            kind=Kind.TRANSFER,
            cause=f"transfer:{transfer_id}",
            at=now,
        )


@app.task(name="intake.hand_on", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def hand_on(dossier_id: str) -> None:
    """This will hand a report about a member of staff to another unit where nobody of its own may read it; where none
    is left that could take it, it tells who can give the unit a supervisor. Source: issue 6.
    """
    scope, now, number = UUID(dossier_id), clock.now(), new_id()
    with firing.handing_on(scope):
        one = firing.unread(scope)
        if one is None:
            return
        passes = None
        if one.taker:
            begun = started_by(event=Event.TRANSFER_SENT, unit=one.unit, at=now, about=number)
            passes = firing.send(one, begun=begun, number=number)
        if one.taker is None or passes is None:
            firing.tell_who_can_help(one, now)
            return
        record(
            Verb.TRANSFERRED,
            at=now,
            kind=ActorKind.SYSTEM,
            unit=one.unit,
            dossier=scope,
            objects=[number, one.taker],
            fields=[PassBasis.UNREAD.value, *passes],
        )
        tell_region.defer(dossier_id=dossier_id, transfer_id=str(number))


@app.periodic(cron="* * * * *")
@app.task(name="intake.hand_on_unread", queue="default", queueing_lock="hand_on_unread")
def hand_on_unread(timestamp: int) -> None:
    """This will hand on what nobody of a unit may read any more, since the last one who could has left.

    :raises ExceptionGroup: after all others were handed on, where some could not be.
    """
    failed: list[Exception] = []
    for dossier in firing.waiting():
        try:
            hand_on(dossier_id=str(dossier))
        except Exception as error:  # one that can't be handed on must not keep the others back
            failed.append(error)
    if failed:
        raise ExceptionGroup("reports about staff that could not be handed on", failed)


@app.periodic(cron="* * * * *")
@app.task(name="intake.compare_later_names", queue="default", queueing_lock="compare_later_names")
def compare_later_names(timestamp: int) -> None:
    """This will keep out of reports about staff whoever came, or took a name, that may be meant by them. Until it did,
    the database keeps them out of each report with which their name was not compared. Source: issue 6.

    :raises ExceptionGroup: after all others were compared, where some could not be: those stay shut.
    """
    failed: list[Exception] = []
    for dossier in firing.uncompared():
        try:
            _compare_later_names(dossier)
        except Exception as error:  # one that can't be opened must not keep the others waiting
            failed.append(error)
    if failed:
        raise ExceptionGroup("reports about staff whose names could not be compared", failed)


def _compare_later_names(scope: UUID) -> None:
    now = clock.now()
    with firing.comparing(scope):
        found = firing.keep_out_later(scope)
        if found is None:
            return
        unit, walls = found
        for wall, person in walls:
            record(
                Verb.WALLED,
                at=now,
                kind=ActorKind.SYSTEM,
                unit=unit,
                dossier=scope,
                objects=[wall, person],
            )
        if walls:
            hand_on.defer(dossier_id=str(scope))  # it may have been the last one who could read it


@app.periodic(cron="* * * * *")
@app.task(name="intake.pass_on_overdue", queue="default", queueing_lock="pass_on_overdue")
def pass_on_overdue(timestamp: int) -> None:
    """This will call the next one on duty wherever nobody took a report in the minutes that the unit allows."""
    sending.pass_on_overdue(clock.now())


@app.task(
    name="intake.pass_on_client", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3)
)
def pass_on_client(dossier_id: str, cause: str) -> None:
    """This will tell whoever works on a file that its client has written or sent something with her own code."""
    _tell_of_client(UUID(dossier_id), Kind.MESSAGE, cause)


@app.task(
    name="intake.pass_on_wish", queue="default", retry=RetryStrategy(max_attempts=10, exponential_wait=3)
)
def pass_on_wish(dossier_id: str, wish_id: str) -> None:
    """This will tell whoever works on a file that its client asks for something; once a wish."""
    _tell_of_client(UUID(dossier_id), Kind.WISH, f"wish:{wish_id}")


def _tell_of_client(scope: UUID, kind: Kind, cause: str) -> None:
    now = clock.now()
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=scope, at=now)), transaction.atomic():
        people = reachers(dossier=scope, section=Section.CLIENT_THREAD, roles=(*WORKING, Role.SUPERVISOR))
        # Nobody works on it yet, or any more: then the supervisors, so that she does not write to nobody.
        working = [person for person, role in people if role in WORKING]
        tell(
            people=working or [person for person, _role in people],
            kind=kind,
            cause=cause,
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


@app.periodic(cron="*/10 * * * *")
@app.task(name="intake.forget_codes", queue="default", queueing_lock="forget_codes")
def forget_codes(timestamp: int) -> None:
    """This will delete the codes that partners' applications could ask for again, once their day is over."""
    forget_receipts()


@app.periodic(cron="17 * * * *")
@app.task(name="intake.forget_hand_overs", queue="default", queueing_lock="forget_hand_overs")
def forget_hand_overs(timestamp: int) -> None:
    """This will delete what one shift told the next once its time is over."""
    storing.forget_hand_overs(datetime.fromtimestamp(timestamp, UTC))
