"""Telling people, and sending what waits: at least once, by one name each time, so that a copy is known as a copy.

An envelope is claimed in a transaction of its own, which puts its next attempt off; it is then sent outside any
transaction, and marked. A worker killed in between leaves an envelope that is due again (ADR-0011).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from ruangaman.access.models import User
from ruangaman.kernel import dictionary
from ruangaman.kernel.ids import new_id
from ruangaman.notices import policies
from ruangaman.notices.models import Delivery, Messenger, Notice, Preference
from ruangaman.notices.sending import ways
from ruangaman.notices.states import URGENT, Channel, Kind, Outcome

__all__ = ["forget", "plan", "reachers", "send_next", "tell", "try_messenger"]
logger = logging.getLogger(__name__)
MOST_PLANNED = 500  # notices a transaction
CLAIMING = 0x6E6F7469  # one claim at a time, over all workers: an envelope must not be put together twice


@dataclass(frozen=True, slots=True)
class Envelope:
    """What one attempt carries: its lasting name, and the way it goes."""

    name: UUID
    way: ways.Mailbox | ways.Hook
    tries: int


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody works: the hours of the place, and whose messenger reaches them."""

    zone: ZoneInfo
    messenger: UUID | None


def tell(
    *, people: Iterable[UUID], kind: Kind, cause: str, at: datetime, dossier: UUID | None = None
) -> None:
    """This will leave one notice for each of ``people``, in the caller's transaction.

    ``cause`` names what happened (``clock:<uuid>:due``): nobody is told of it twice. Who is walled off the dossier or
    has no account any more is passed over by the database, whoever tells. The database refuses a dossier that the
    teller can't see.
    """
    # In one order for everybody: two who tell the same people of the same thing must not wait for each other.
    rows = [
        Notice(person_id=person, dossier_id=dossier, kind=kind, cause=cause, made_at=at)
        for person in sorted(set(people))
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        # Only a nudge: what it misses, the task of every minute finds. So its failure must not undo what was done.
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    try:
        app.configure_task("notices.send", allow_unknown=False).defer(timestamp=0)
    except exceptions.AlreadyEnqueued:
        return  # one that waits will see these notices as well


def reachers(*, dossier: UUID, section: str, roles: Iterable[str]) -> list[tuple[UUID, str]]:
    """This will give (person, role) of whoever holds one of ``roles`` and reaches the section of the dossier.

    Only a task gets an answer, and only under its ticket for that very dossier. Who is walled is not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, role FROM door.job_reachers(%s, %s, %s)", [dossier, section, list(roles)]
        )
        return [(person, role) for person, role in cursor.fetchall()]


@transaction.atomic
def plan(at: datetime) -> int:
    """This will decide by which ways, and from when, the oldest notices leave; it gives how many it looked at."""
    waiting = (
        Notice.objects.select_for_update(skip_locked=True).filter(planned_at=None).order_by("made_at", "id")
    )
    rows = list(waiting.values_list("id", "person_id", "kind")[:MOST_PLANNED])
    people = {person for _id, person, _kind in rows}
    chosen, homes = Preference.objects.in_bulk(people), _homes(people)
    deliveries = []
    for notice, person, kind in rows:
        wish, home, urgent = chosen.get(person) or Preference(), homes.get(person, NOWHERE), kind in URGENT
        channels = policies.ways(
            by_mail=wish.by_mail,
            by_messenger=wish.by_messenger and bool(wish.messenger_name),
            has_messenger=home.messenger is not None,
            urgent=urgent,
        )
        due_at = policies.send_at(
            at, zone=home.zone, quiet_from=wish.quiet_from, quiet_until=wish.quiet_until, urgent=urgent
        )
        deliveries += [
            Delivery(notice_id=notice, person_id=person, channel=channel, due_at=due_at)
            for channel in sorted(channels)
        ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    Notice.objects.filter(id__in=[notice for notice, _person, _kind in rows]).update(planned_at=at)
    return len(rows)


def send_next(at: datetime, down: set[str]) -> bool:
    """This will send the envelope that is due the longest and say whether there was one.

    ``down``: servers that took nothing just now; what goes there waits without being tried.
    """
    found, envelope = _claim(at, down)
    if envelope:
        outcome = ways.send(envelope.way, name=envelope.name, at=at)
        if outcome == Outcome.DOWN:
            down.add(envelope.way.server)
        _mark(envelope, outcome, at)
    return found


@transaction.atomic
def _claim(at: datetime, down: set[str]) -> tuple[bool, Envelope | None]:
    """Whether anything was due, and what to send of it; it is put off before it is tried."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
    due = Delivery.objects.filter(due_at__lte=at, sent_at=None, given_up_at=None)
    first = due.order_by("due_at", "id").first()
    if first is None:
        return False, None
    name = first.envelope or new_id()
    same = due.filter(person_id=first.person_id, channel=first.channel, envelope=first.envelope)
    rows = list(same.values_list("id", "notice_id"))
    may = _may_tell([notice for _id, notice in rows])
    # Walled meanwhile, read meanwhile, no account any more: nothing is sent.
    due.filter(id__in=[row for row, notice in rows if notice not in may]).update(given_up_at=at)
    mine = Delivery.objects.filter(id__in=[row for row, notice in rows if notice in may])
    way = _way_to(first.person_id, Channel(first.channel)) if may else None
    if not may:
        return True, None
    if way is None or first.tries >= policies.MOST_TRIES:
        _give_up(mine, Channel(first.channel), at)
        return True, None
    if way.server in down:
        mine.update(due_at=at + policies.FIRST_WAIT)
        return True, None
    tries = first.tries + 1
    mine.update(envelope=name, tries=tries, due_at=at + policies.wait_after(tries))
    return True, Envelope(name, way, tries)


def _may_tell(notices: list[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM unnest(%s::uuid[]) AS id WHERE door.job_may_tell(id)", [notices])
        return {row[0] for row in cursor.fetchall()}


def _way_to(person: UUID, channel: Channel) -> ways.Mailbox | ways.Hook | None:
    address, language = User.objects.filter(id=person).values_list("email", "language").get()
    if channel == Channel.MAIL:
        return ways.Mailbox(address, language)
    wish = Preference.objects.filter(person_id=person, by_messenger=True).exclude(messenger_name="").first()
    reached_by = _homes([person]).get(person, NOWHERE).messenger
    messenger = Messenger.objects.filter(organisation_id=reached_by).first() if reached_by else None
    if wish is None or messenger is None:
        return None
    return _hook(messenger, wish.messenger_name, language)


def _hook(messenger: Messenger, to: str, language: str) -> ways.Hook:
    return ways.Hook(messenger.organisation_id, messenger.url, to, language, bytes(messenger.secret or b""))


def _give_up(rows: models.QuerySet[Delivery], channel: Channel, at: datetime) -> None:
    """What a messenger does not take goes by mail. What no mail server took for a day is shown beside the notice."""
    if channel == Channel.MESSENGER:
        Delivery.objects.bulk_create(
            [
                Delivery(notice_id=notice, person_id=person, channel=Channel.MAIL, due_at=at)
                for notice, person in rows.values_list("notice_id", "person_id")
            ],
            ignore_conflicts=True,
        )
    else:
        logger.error("a notice was given up: no mail server took it in %d attempts", policies.MOST_TRIES)
    rows.update(given_up_at=at)


@transaction.atomic
def _mark(envelope: Envelope, outcome: Outcome, at: datetime) -> None:
    if isinstance(envelope.way, ways.Hook):
        _mark_messenger(envelope.way.organisation, outcome, at)
    if outcome == Outcome.SENT:
        Delivery.objects.filter(envelope=envelope.name, sent_at=None, given_up_at=None).update(sent_at=at)


def _mark_messenger(organisation: UUID, outcome: Outcome, at: datetime) -> None:
    marked = {"worked_at": at} if outcome == Outcome.SENT else {"failed_at": at}
    Messenger.objects.filter(organisation_id=organisation).update(**marked)


def try_messenger(*, organisation: UUID, person: UUID, name: UUID, at: datetime) -> None:
    """This will send one person a message as a notice is sent, so that whoever set it up sees whether it works."""
    messenger = Messenger.objects.filter(organisation_id=organisation).first()
    wish = Preference.objects.filter(person_id=person).first()
    language = User.objects.filter(id=person, is_active=True).values_list("language", flat=True).first()
    if messenger and wish and language:
        outcome = ways.send(_hook(messenger, wish.messenger_name, language), name=name, at=at)
        _mark_messenger(organisation, outcome, at)


@transaction.atomic
def forget(at: datetime) -> None:
    """This will delete notices that are older than was promised.

    Source: policy/data.yaml, retention ``notice``.
    """
    before = at - timedelta(minutes=dictionary.codes()["retention"]["notice"]["minutes"])
    with connection.cursor() as cursor:
        # In SQL: Django would first read whole rows, and the worker may not read which file a notice is about.
        cursor.execute(
            "DELETE FROM notices_delivery d USING notices_notice n WHERE n.id = d.notice_id AND n.made_at < %s",
            [before],
        )
        cursor.execute("DELETE FROM notices_notice WHERE made_at < %s", [before])


NOWHERE = Home(ZoneInfo(settings.TIME_ZONE), None)


def _homes(people: Iterable[UUID]) -> dict[UUID, Home]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, zone, messenger FROM door.job_homes(%s::uuid[])", [list(people)])
        return {
            person: Home(ZoneInfo(zone or settings.TIME_ZONE), messenger)
            for person, zone, messenger in cursor.fetchall()
        }
