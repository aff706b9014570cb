"""Writes of the duty roster: shifts, minutes, taking a call, and handing over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.intake.models import DutyRule, HandOver, Shift
from ruangaman.intake.policies import roster as policies
from ruangaman.intake.policies.roster import Turn
from ruangaman.intake.queries import roster as queries
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal_under
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind

TWICE = "RA004"  # door.one_shift


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a call: taken, yours, theirs, done or none; whose it is; of which dossier."""

    outcome: str
    holder: UUID | None
    dossier: UUID | None


@transaction.atomic
def set_shifts(
    *, viewer: Viewer, unit_id: UUID, turns: Sequence[Turn], kind: ShiftKind, rank: int, at: datetime
) -> int:
    """This will write shifts, all of them or none, and count them.

    :raises Refused: where somebody may not be on duty there, or would be on duty twice at one time.
    """
    people = {turn.person for turn in turns}
    names = {person.id: person.name for person in queries.may_be_on_duty(viewer, unit_id, at)}
    policies.check_may_be_on_duty(people, names.keys())
    since = min(turn.when.starts_at for turn in turns)
    until = max(turn.when.ends_at for turn in turns)
    clashes = policies.overlapping(turns, queries.turns_there(viewer, people, since, until))
    if clashes:
        first = clashes[0]
        raise Refused(
            _("%(name)s sudah piket pada %(when)s. Pilih jam atau orang lain.")
            % {
                "name": names[first.person],
                "when": f"{first.when.starts_at:%d-%m-%Y %H.%M}",
            }
        )
    rows = [
        Shift(
            unit_id=unit_id,
            person_id=turn.person,
            kind=kind,
            rank=rank,
            starts_at=turn.when.starts_at,
            ends_at=turn.when.ends_at,
            made_by_id=viewer.id,
            made_at=at,
        )
        for turn in turns
    ]
    try:
        with transaction.atomic():
            Shift.objects.bulk_create(rows)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != TWICE:
            raise
        raise Refused(
            _("Baru saja ada yang mengatur piket orang ini pada jam yang sama. Muat ulang jadwalnya.")
        ) from None
    record(Verb.SHIFT_SET, at=at, by=viewer.id, unit=unit_id, objects=[row.id for row in rows], fields=[kind])
    return len(rows)


@transaction.atomic
def cancel_shift(*, viewer: Viewer, shift: Shift, at: datetime) -> None:
    """This will take a shift out of the roster; a second click changes nothing.

    :raises Refused: where it is over.
    """
    if shift.ends_at <= at:
        raise Refused(_("Giliran ini sudah selesai, jadi tetap tercatat."))
    if Shift.objects.filter(id=shift.id, cancelled_at=None).update(cancelled_at=at):
        record(Verb.SHIFT_CANCELLED, at=at, by=viewer.id, unit=shift.unit_id, objects=[shift.id])


@transaction.atomic
def set_minutes(*, viewer: Viewer, unit_id: UUID, danger_minutes: int, minutes: int, at: datetime) -> None:
    """This will set in how many minutes a call is taken before the next one is called.

    :raises Refused: for times in which nobody could answer.
    """
    policies.check_minutes(danger_minutes, minutes)
    DutyRule.objects.update_or_create(
        unit_id=unit_id,
        defaults={
            "danger_minutes": danger_minutes,
            "minutes": minutes,
            "changed_by_id": viewer.id,
            "changed_at": at,
        },
    )
    record(
        Verb.SHIFT_SET,
        at=at,
        by=viewer.id,
        unit=unit_id,
        objects=[unit_id],
        fields=["danger_minutes", "minutes"],
    )


@transaction.atomic
def take_ring(*, viewer: Viewer, ring_id: UUID, at: datetime) -> Taken:
    """This will say that the viewer takes the report about which they were called, also late where nobody else has.

    A second click changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT outcome, holder, dossier FROM door.take_ring(%s, %s)", [ring_id, at])
        taken = Taken(*cursor.fetchone())
    if taken.outcome == "taken":
        unit = queries.own_ring(viewer, ring_id)
        record(
            Verb.RING_TAKEN,
            at=at,
            by=viewer.id,
            unit=unit.unit_id if unit else None,
            dossier=taken.dossier,
            objects=[ring_id],
        )
    return taken


@transaction.atomic
def hand_over(
    *, viewer: Viewer, unit_id: UUID, hand_over_id: UUID, to: UUID, text: str, at: datetime
) -> HandOver:
    """This will hand a shift over to a colleague, sealed for the unit, and tell them. A double click does it once.

    :raises Refused: without words, with a number that names somebody, or to who does not work there.
    """
    policies.check_hand_over(text)
    if to not in {person.id for person in queries.may_take_over(viewer, unit_id, at)}:
        raise Refused(_("Serah terima hanya kepada rekan yang menjawab laporan di unit ini."))
    there = queries.hand_over(viewer, hand_over_id)
    if there is not None and (there.given_by_id, there.unit_id) == (viewer.id, unit_id):
        return there
    row = HandOver(id=hand_over_id, unit_id=unit_id, given_by_id=viewer.id, to_id=to, given_at=at)
    row.text = seal_under(queries.hand_over_key(unit_id), text.strip().encode(), queries.place_of(row.id))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Halaman ini sudah dipakai. Muat ulang, lalu kirim lagi.")) from None
    tell(people=[to], kind=Kind.HAND_OVER, cause=f"handover:{row.id}", at=at)
    record(Verb.HANDED_OVER, at=at, by=viewer.id, unit=unit_id, objects=[row.id], fields=["given"])
    return row


@transaction.atomic
def read_hand_over(*, viewer: Viewer, row: HandOver, at: datetime) -> None:
    """This will record that the one to whom a shift was handed over has read it; once.

    :raises Refused: for anybody else.
    """
    if row.to_id != viewer.id:
        raise Refused(_("Hanya penerima serah terima yang menyatakan sudah membaca."))
    if HandOver.objects.filter(id=row.id, read_at=None).update(read_at=at):
        record(Verb.HANDED_OVER, at=at, by=viewer.id, unit=row.unit_id, objects=[row.id], fields=["read"])
