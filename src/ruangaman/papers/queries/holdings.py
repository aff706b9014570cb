"""What papers gave out of a file: letters that went to a partner, and copies that somebody looked at or took."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.consent.queries.holdings import Holding
from ruangaman.papers.states import LetterKind


def held(viewer: Viewer, dossier_id: UUID, holder_id: UUID) -> list[Holding]:
    """This will list the letters a partner was sent, and the copies somebody looked at or took; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, what, kind FROM door.held_papers(%s, %s)", [dossier_id, holder_id])
        rows = cursor.fetchall()
    return [
        Holding(at, _("Surat dikirim: %s") % LetterKind(kind).label)
        if what == "letter"
        else Holding(
            at,
            _("Salinan diunduh") if what == "copy" else _("Dokumen dilihat di layar"),
            Section(kind).label if kind in Section.values else "",
        )
        for at, what, kind in rows
    ]
