"""Writes of notices: telling, reading, choosing how to be told, and an organisation's own messenger."""

import secrets
from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices import jobs, policies, queries
from ruangaman.notices.models import Messenger, Notice, Preference
from ruangaman.notices.sending import tell
from ruangaman.notices.sending.ways import seal_secret

__all__ = ["choose", "read", "read_all", "set_messenger", "tell", "try_messenger"]
SECRET_BYTES = 32


@transaction.atomic
def read(*, viewer: Viewer, notices: Iterable[UUID], at: datetime) -> None:
    """This will mark the viewer's own notices as read; one of somebody else's is not touched."""
    mine = Notice.objects.filter(person_id=viewer.id, read_at=None)
    mine.filter(id__in=list(notices)).update(read_at=at)


@transaction.atomic
def read_all(*, viewer: Viewer, until: datetime, at: datetime) -> None:
    """This will mark as read what the viewer was told up to ``until``: not what came while they were looking."""
    Notice.objects.filter(person_id=viewer.id, read_at=None, made_at__lte=until).update(read_at=at)


@transaction.atomic
def choose(
    *,
    viewer: Viewer,
    by_mail: bool,
    by_messenger: bool,
    messenger_name: str,
    quiet_from: time | None,
    quiet_until: time | None,
) -> None:
    """This will keep by which ways, and between which hours not, the viewer is told.

    :raises Refused: where the quiet hours lack an end, or the messenger a name.
    """
    policies.check_quiet_hours(quiet_from, quiet_until)
    if by_messenger and not messenger_name:
        raise Refused(_("Tulis nama Anda di pesan singkat unit, supaya pesannya sampai kepada Anda."))
    chosen = {
        "by_mail": by_mail,
        "by_messenger": by_messenger,
        "messenger_name": messenger_name,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    Preference.objects.update_or_create(person_id=viewer.id, defaults=chosen)


@transaction.atomic
def set_messenger(
    *, viewer: Viewer, organisation: Organisation, url: str, is_on: bool, new_secret: bool, at: datetime
) -> str:
    """This will set where an organisation's messenger takes notices; it gives the secret where one was made, else "".

    The secret is told this once: it is kept sealed, and no page opens it again.

    :raises Refused: for an address that is not HTTPS.
    """
    policies.check_webhook(url, demo=settings.DEMO)
    row = Messenger.objects.filter(organisation=organisation).first()
    values, secret = {"url": url, "is_on": is_on, "set_by_id": viewer.id, "set_at": at}, ""
    if new_secret or row is None:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        values["secret"] = seal_secret(organisation.id, secret.encode())
    Messenger.objects.update_or_create(organisation=organisation, defaults=values)
    record(
        Verb.MESSENGER_SET,
        at=at,
        by=viewer.id,
        unit=organisation.id,
        objects=[organisation.id],
        fields=["url", "is_on", *(["secret"] if secret else [])],
    )
    return secret


@transaction.atomic
def try_messenger(*, viewer: Viewer, organisation: Organisation) -> None:
    """This will ask the worker, which is who sends, for one message on trial to the viewer.

    :raises Refused: where the viewer has no name in the messenger, or the organisation no messenger.
    """
    if not queries.preference_of(viewer).messenger_name:
        raise Refused(_("Tulis dulu nama Anda di pesan singkat unit, di halaman Pilihan pemberitahuan."))
    if not Messenger.objects.filter(organisation=organisation).exists():
        raise Refused(_("Simpan dulu alamat pesan singkat unit ini."))
    jobs.try_messenger.defer(
        organisation_id=str(organisation.id), person_id=str(viewer.id), name=str(new_id())
    )
