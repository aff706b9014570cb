"""What a private calendar feed shows: hours, and nothing of what they are for."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Feed
from ruangaman.kernel import keyring


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment in a feed."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    live: bool
    changed_at: datetime


def feed_hash(secret: str) -> bytes:
    """This will give the keyed hash (32 bytes) by which a feed is found; its secret is kept nowhere."""
    return hmac.new(keyring.current().derived("agenda/feeds"), secret.encode(), hashlib.sha256).digest()


def uid_of(booking: UUID) -> str:
    """This will name an appointment outside: always the same name, and not its number here."""
    return hmac.new(keyring.current().derived("agenda/uids"), booking.bytes, hashlib.sha256).hexdigest()[:32]


def entries(secret: str, since: datetime) -> list[Entry] | None:
    """This will give the appointments behind a secret that ended after ``since``, or None where it opens nothing.

    No ticket is needed, for whoever holds the secret has no session: the database gives hours and nothing else.
    """
    wanted = feed_hash(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.is_feed(%s)", [wanted])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT booking, starts, ends, live, changed FROM door.feed(%s, %s)", [wanted, since])
        return [Entry(uid_of(row[0]), *row[1:]) for row in cursor.fetchall()]


def own_feed(viewer: Viewer) -> Feed | None:
    """This will give the viewer's own feed, without its secret, or None; one query."""
    return Feed.objects.filter(person_id=viewer.id).first()
