"""Opening the number of who reported, for one look: one caller at a time, never one that is in doubt."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, key_of
from ruangaman.access.states import Section
from ruangaman.intake.models import SafeContact
from ruangaman.intake.policies.calling_back import DOUBTED, Safe
from ruangaman.intake.queries.calling_back import safe_of
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.people.actions import note_opening
from ruangaman.people.models import Contact

TOLD = ("phone", "code_word", "hours")
HERS = ("address", "code_word")


@dataclass(frozen=True, slots=True)
class Opened:
    """How who reported can be reached, in clear, for one look."""

    phone: str
    code_word: str
    hours: str = ""


@transaction.atomic
def open_reporter(*, viewer: Viewer, dossier: Dossier, told: UUID | None = None, at: datetime) -> Opened:
    """This will open the number that was told with a report, with an entry in the ledger.

    ``told``: the opening by a colleague of which the viewer was told.

    :raises Refused: where it is in doubt or no longer used, out of reach or erased; where a colleague may be calling
        (``PerhapsCalling``). Source: care.md 7.
    """
    safe = safe_of(viewer, dossier.id)
    if safe and safe.hers:
        raise Refused(_("Kontak dari laporan tidak dipakai lagi. Buka kontak aman klien di berkas ini."))
    return open_way(
        viewer=viewer, dossier_id=dossier.id, unit_id=dossier.unit_id, safe=safe, told=told, at=at
    )


def open_way(
    *,
    viewer: Viewer,
    dossier_id: UUID,
    unit_id: UUID,
    safe: Safe | None,
    about: Collection[UUID] = (),
    told: UUID | None,
    at: datetime,
) -> Opened:
    """This will open the contact by which who reported may be reached: what was told with the report, or hers since she
    doubted that. In the caller's transaction; ``about``: what else the entry names.

    :raises Refused: as ``open_reporter``.
    """
    if safe and safe.doubted:
        raise Refused(DOUBTED)
    section = Section.CONTACT if safe and safe.hers else Section.REPORTER
    contact: Contact | SafeContact | None = (
        Contact.objects.filter(id=safe.hers).first()
        if safe and safe.hers
        else SafeContact.objects.filter(dossier_id=dossier_id).first()
    )
    key = key_of(dossier_id, section)
    if key is None or contact is None:
        raise Refused(_("Nomornya tidak terjangkau untuk Anda atau sudah dihapus."))
    note_opening(
        viewer=viewer, dossier_id=dossier_id, unit_id=unit_id, section=section.value,
        objects={contact.id, *about}, told=told, at=at,
    )  # fmt: skip
    # A colleague's press may have been waited for, and she may have told it meanwhile.
    safe_now = safe_of(viewer, dossier_id)
    if safe_now and safe_now.doubted:
        raise Refused(DOUBTED)
    try:
        return Opened(*(unseal(contact, name, key) or "" for name in (HERS if safe and safe.hers else TOLD)))
    except Unreadable:
        raise Refused(
            _("Kontak di berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
