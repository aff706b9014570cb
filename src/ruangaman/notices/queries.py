"""Reads of notices: one's own, what one chose, and the messengers of the organisations one looks after."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, administered
from ruangaman.notices.models import Delivery, Messenger, Notice, Preference
from ruangaman.notices.states import PAGES, Channel, Kind

COUNT_LIMIT = 100  # counts over more are not flat (security.md, 3); pages say "99+"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as its person sees it. ``dossier`` is None where it is out of their reach by now."""

    id: UUID
    label: str
    made_at: datetime
    is_unread: bool
    dossier: Dossier | None
    mail_failed: bool
    page: str = ""  # where it is done, where that is no page of a file


def count_unread(viewer: Viewer) -> int:
    """This will count the viewer's unread notices, up to ``COUNT_LIMIT``; one query."""
    return Notice.objects.filter(person_id=viewer.id, read_at=None)[:COUNT_LIMIT].count()


def notices_of(viewer: Viewer, most: int, before: tuple[datetime, UUID] | None = None) -> list[Line]:
    """This will give the viewer's newest notices, or those older than ``before`` (made at, id); one query.

    The database leaves out what is about a file that the viewer is walled off, and the reference of a file that is
    out of reach.
    """
    failed = Delivery.objects.filter(
        notice_id=OuterRef("id"), channel=Channel.MAIL, sent_at=None, given_up_at__isnull=False
    )
    found = Notice.objects.filter(person_id=viewer.id)
    if before:
        made_at, number = before
        found = found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, id__lt=number))
    rows = (
        found.annotate(mail_failed=Exists(failed))
        .select_related("dossier")
        .order_by("-made_at", "-id")[:most]
    )
    return [
        Line(
            row.id,
            row.get_kind_display(),
            row.made_at,
            row.read_at is None,
            row.dossier,
            row.mail_failed and row.read_at is None,
            PAGES.get(Kind(row.kind), ""),
        )
        for row in rows
    ]


def preference_of(viewer: Viewer) -> Preference:
    """This will give what the viewer chose, or what holds for who chose nothing; one query."""
    return Preference.objects.filter(person_id=viewer.id).first() or Preference(person_id=viewer.id)


def messengers(viewer: Viewer) -> list[tuple[Organisation, Messenger | None]]:
    """This will give the organisations the viewer looks after, each with its messenger, by name; three queries."""
    organisations = Organisation.objects.filter(id__in=administered(viewer), is_active=True)
    known = Messenger.objects.in_bulk([one.id for one in organisations])
    return [(one, known.get(one.id)) for one in organisations.order_by("name", "id")]


def messenger_of(viewer: Viewer, organisation: UUID) -> tuple[Organisation, Messenger | None] | None:
    """This will give one organisation that the viewer looks after, with its messenger; or None."""
    return next((pair for pair in messengers(viewer) if pair[0].id == organisation), None)
