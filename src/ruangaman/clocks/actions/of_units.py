"""Writes of deadlines of a unit and no file: its semester report, the notice of a breach."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.clocks import policies, queries
from ruangaman.clocks.models import UnitClock
from ruangaman.clocks.states import End, Event
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def begin_unit_clock(
    *, viewer: Viewer, unit: UUID, code: str, period: str, found_at: datetime, at: datetime
) -> UnitClock:
    """This will start a deadline of a unit that began at ``found_at``; also one that has run out already.

    :raises Refused: where it began later than now, runs already, does not apply there, or the viewer may not.
    """
    policies.check_can_begin_of_unit(roles=viewer.roles_in(unit), found_at=found_at, at=at)
    one = queries.in_force(unit, code, found_at)
    if one is None or one.definition.section:
        raise Refused(_("Tenggat ini tidak berlaku di unit Anda."))
    row = queries.unit_clock_of(one, unit, period, found_at)
    UnitClock.objects.bulk_create([row], ignore_conflicts=True)
    begun = UnitClock.objects.filter(id=row.id).first()
    if begun is None:
        raise Refused(_("Tenggat ini sudah dicatat untuk saat itu. Buka tenggat unit Anda."))
    record(Verb.UNIT_CLOCK_BEGAN, at=at, by=viewer.id, unit=unit, objects=[row.id], fields=[code])
    return begun


@transaction.atomic
def find_breach(*, viewer: Viewer, unit: UUID, found_at: datetime, at: datetime) -> None:
    """This will start, all or none, the deadlines of a breach of data that a unit has known of since ``found_at``.

    :raises Refused: as for each of them, or where none applies there. Source: UU 27/2022 Pasal 46.
    """
    due = queries.definitions_of(unit, Event.BREACH_FOUND, found_at)
    if not due:
        raise Refused(_("Tenggat ini tidak berlaku di unit Anda."))
    for one in due:
        begin_unit_clock(
            viewer=viewer,
            unit=unit,
            code=one.definition.code,
            period=found_at.astimezone(ZoneInfo(one.zone)).strftime("%Y-%m-%d %H.%M"),
            found_at=found_at,
            at=at,
        )


@transaction.atomic
def finish_unit_clock(*, viewer: Viewer, clock: UnitClock, note: str, at: datetime) -> None:
    """This will say that a unit did what it had to, and how.

    :raises Refused: without a note, or where it has ended already or is out of reach.
    """
    if not note.strip():
        raise Refused(_("Tulis apa yang sudah dilakukan, misalnya nomor dan tanggal suratnya."))
    ended = UnitClock.objects.filter(id=clock.id, ended_at=None).update(
        ended_at=at, ending=End.MET, ended_by_id=viewer.id, end_note=note.strip()[:240], fires_at=None
    )
    if not ended:
        raise Refused(_("Tenggat ini sudah berakhir atau di luar jangkauan Anda. Muat ulang halamannya."))
    record(
        Verb.CLOCK_ENDED,
        at=at,
        by=viewer.id,
        unit=clock.unit_id,
        objects=[clock.id],
        fields=[clock.code, End.MET.value],
    )
