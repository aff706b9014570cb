"""The secret address of one's own calendar."""

import secrets
from datetime import datetime

from django.db import transaction

from ruangaman.access.queries import Viewer
from ruangaman.agenda.models import Feed
from ruangaman.agenda.policies.feed import SECRET_BYTES
from ruangaman.agenda.queries.feed import feed_hash
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def make_feed(*, viewer: Viewer, at: datetime) -> str:
    """This will give a new secret for the viewer's calendar, once; the one before opens nothing any more."""
    secret = secrets.token_hex(SECRET_BYTES)
    Feed.objects.update_or_create(
        person_id=viewer.id, defaults={"secret_hash": feed_hash(secret), "made_at": at}
    )
    record(Verb.FEED_MADE, at=at, by=viewer.id)
    return secret


@transaction.atomic
def end_feed(*, viewer: Viewer, at: datetime) -> None:
    """This will close the viewer's calendar to whoever holds its address."""
    if Feed.objects.filter(person_id=viewer.id).delete()[0]:
        record(Verb.FEED_ENDED, at=at, by=viewer.id)
