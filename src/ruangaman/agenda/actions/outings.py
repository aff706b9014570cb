"""Going out, staying longer, coming back, and being looked for. Source: issue 4, "Check-in and check-out"."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, reach_of
from ruangaman.access.states import Section
from ruangaman.agenda.models import Booking, Outing
from ruangaman.agenda.policies import outings as policies
from ruangaman.agenda.states import OutingEnd
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def go_out(
    *,
    viewer: Viewer,
    dossier: Dossier,
    expected_at: datetime,
    at: datetime,
    booking: Booking | None = None,
    area: str | None = None,
    outing_id: UUID | None = None,
) -> Outing:
    """This will write down that the viewer goes out, and wait for them: late, their supervisors are told at any hour.

    ``area``: the code of the kelurahan, where no appointment says it. ``outing_id``: from the form, so that one that
    was sent twice begins once.

    :raises Refused: where they are out already, may not know of the file, or name no hour that can be.
    """
    policies.check_can_go_out(at=at, expected_at=expected_at)
    if Section.RISK not in reach_of(viewer, dossier, at)[0] or not viewer.roles_in(dossier.unit_id):
        raise Refused(_("Anda tidak bisa mencatat kepergian di berkas ini. Pilih berkas yang Anda tangani."))
    outing = Outing(
        id=outing_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        booking=booking,
        area_id=(booking.area_id or (booking.venue.area_id if booking.venue else None)) if booking else area,
        user_id=viewer.id,
        out_at=at,
        expected_at=expected_at,
    )
    try:
        with transaction.atomic():
            outing.save(force_insert=True)
    except IntegrityError:
        there = Outing.objects.filter(id=outing.id, user_id=viewer.id).first()
        if there:
            return there
        raise Refused(
            _("Anda masih tercatat sedang di luar. Lapor kembali dulu, baru catat kepergian berikutnya.")
        ) from None
    _wait_for(outing, dossier, viewer, at)
    record(
        Verb.WENT_OUT, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[outing.id]
    )  # fmt: skip
    return outing


def _wait_for(outing: Outing, dossier: Dossier, viewer: Viewer, at: datetime) -> None:
    happened(
        event=Event.WENT_OUT,
        dossier=dossier,
        at=at,
        by=viewer.id,
        about=outing.id,
        given=outing.expected_at,
        holder=viewer.id,
    )


@transaction.atomic
def add_time(*, viewer: Viewer, outing: Outing, at: datetime) -> Outing:
    """This will wait half an hour longer for the viewer; who was told of their being late stays told.

    :raises Refused: where they are back already, were out for a day, or the file left them meanwhile.
    """
    dossier = Dossier.objects.filter(id=outing.dossier_id).first()
    if dossier is None:
        raise Refused(_("Berkas ini tidak lagi Anda tangani. Lapor kembali, dan hubungi penyelia Anda."))
    expected_at = policies.more_time(expected_at=outing.expected_at, at=at)
    policies.check_can_go_out(at=outing.out_at, expected_at=expected_at)
    if not Outing.objects.filter(id=outing.id, user_id=viewer.id, back_at=None).update(
        expected_at=expected_at
    ):
        raise Refused(_("Anda sudah tercatat kembali."))
    outing.expected_at = expected_at
    happened(event=Event.CAME_BACK, dossier=dossier, at=at, by=viewer.id, about=outing.id)
    _wait_for(outing, dossier, viewer, at)
    record(
        Verb.WENT_OUT, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[outing.id],
        fields=["expected_at"],
    )  # fmt: skip
    return outing


@transaction.atomic
def come_back(*, viewer: Viewer, outing: Outing, ending: OutingEnd, at: datetime) -> Outing:
    """This will write down that somebody is back, or was found safe, or that help was sent; nobody waits any longer.

    :raises Refused: by anybody but who went out or who keeps watch, or where it has ended already.
    """
    watches = bool(policies.WATCHERS & viewer.roles_in(outing.unit_id))
    policies.check_can_end(own=outing.user_id == viewer.id, watches=watches, ending=ending)
    # The database ends the clock along with it.
    if not Outing.objects.filter(id=outing.id, back_at=None).update(
        back_at=at, ending=ending, ended_by_id=viewer.id
    ):
        raise Refused(_("Ini sudah tercatat. Muat ulang halaman."))
    outing.back_at, outing.ending, outing.ended_by_id = at, ending, viewer.id
    dossier = Dossier.objects.filter(id=outing.dossier_id).first()
    if dossier is not None:
        happened(event=Event.CAME_BACK, dossier=dossier, at=at, by=viewer.id, about=outing.id)
    record(
        Verb.CAME_BACK, at=at, by=viewer.id, unit=outing.unit_id, dossier=outing.dossier_id, objects=[outing.id],
        fields=[ending.value],
    )  # fmt: skip
    return outing
