"""The surat tugas of who goes to her: officer, number, kelurahan and days, and nothing of her. Source: care.md 5."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role
from ruangaman.intake.models import Outreach
from ruangaman.intake.queries.outreach import assignment_of
from ruangaman.intake.states import OutreachPlace
from ruangaman.kernel.errors import Refused
from ruangaman.papers.actions import letters
from ruangaman.papers.models import Letter
from ruangaman.papers.policies.letters import Wanted
from ruangaman.papers.queries.letters import LETTERS_SPEAK, template_of, zone_of
from ruangaman.papers.states import LetterKind


@transaction.atomic
def assign(*, viewer: Viewer, outreach: Outreach, at: datetime) -> Letter:
    """This will issue the surat tugas of an attempt, once. The place itself is not on it: a school's name would tell.

    :raises Refused: for a call, an attempt that has ended, or one whose kelurahan nobody knows. Source: care.md 5.
    """
    booking = outreach.booking
    where = booking.area or (booking.venue.area if booking.venue else None) if booking else None
    if outreach.place_kind == OutreachPlace.CALL:
        raise Refused(_("Untuk telepon tidak ada surat tugas."))
    if outreach.ended_at:
        raise Refused(_("Penjangkauan ini sudah berakhir, jadi tidak ada surat tugas baru."))
    template = template_of(viewer, outreach.unit_id, LetterKind.ASSIGNMENT)
    if where is None or template is None:
        raise Refused(
            _("Kelurahan penjangkauan ini belum diketahui. Pindahkan janjinya ke kelurahan itu dulu.")
        )
    dossier = outreach.dossier
    zone = zone_of(dossier.unit)
    with translation.override(LETTERS_SPEAK):
        officer = (outreach.companion.name, str(Role.COMPANION.label))
    wanted = Wanted(
        kind=LetterKind.ASSIGNMENT,
        officer=officer,
        area=where.name,
        starts_on=outreach.starts_at.astimezone(zone).date(),
        ends_on=(outreach.ends_at or outreach.starts_at).astimezone(zone).date(),
    )
    return letters.issue(
        viewer=viewer,
        dossier=dossier,
        template=template,
        wanted=wanted,
        letter_id=assignment_of(outreach),
        at=at,
    )
