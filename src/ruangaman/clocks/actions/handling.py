"""Writes about one running clock: it stands still, goes on, is ended by hand, or a decision ends it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.clocks import policies, queries
from ruangaman.clocks.models import Clock, Pause, Ruled
from ruangaman.clocks.policies import Facts
from ruangaman.clocks.states import End, Event, PauseReason, Ruling
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def pause(*, viewer: Viewer, clock: Clock, reason: PauseReason, note: str, at: datetime) -> Pause:
    """This will let a clock stand still from now on, for one of the reasons there are.

    :raises Refused: where its law knows no pause, or it stands still or has ended already.
    """
    row = _locked(clock)
    policies.check_can_pause(
        row.definition, is_running=row.ended_at is None, is_paused=row.paused_at is not None
    )
    stretch = Pause(
        **_place(row), section=row.section, clock=row, reason=reason, paused_at=at, paused_by_id=viewer.id
    )
    if note.strip():
        key = key_for(dossier=row.dossier, section=row.section)
        stretch.key_id = key.id
        seal(stretch, "note", note.strip(), key)
    stretch.save(force_insert=True)
    _change(row, paused_at=at, fires_at=None)
    _record(Verb.CLOCK_PAUSED, row, viewer, at, reason.value)
    return stretch


@transaction.atomic
def resume(*, viewer: Viewer, clock: Clock, at: datetime) -> None:
    """This will let a clock go on; its deadline moves by what it stood still, as its definition counts.

    :raises Refused: where it is not standing still.
    """
    row = _locked(clock)
    policies.check_can_resume(is_running=row.ended_at is None, is_paused=row.paused_at is not None)
    Pause.objects.filter(clock=row, resumed_at=None).update(resumed_at=at, resumed_by_id=viewer.id)
    due_at, fires_at = queries.recounted(row)
    _change(row, paused_at=None, due_at=due_at, fires_at=fires_at)
    _record(Verb.CLOCK_RESUMED, row, viewer, at)


@transaction.atomic
def end_by_hand(*, viewer: Viewer, clock: Clock, note: str, at: datetime) -> None:
    """This will end a clock whose duty does not apply any more, with the reason.

    :raises Refused: without a reason, or where a decision has to be recorded instead.
    """
    row = _locked(clock)
    policies.check_can_end(row.definition, is_running=row.ended_at is None, note=note)
    key = key_for(dossier=row.dossier, section=row.section)
    row.key_id = key.id
    seal(row, "end_note", note.strip(), key)
    _change(
        row, key_id=key.id, end_note=row.end_note, ended_at=at, ending=End.NOT_NEEDED, ended_by_id=viewer.id,
        fires_at=None,
    )  # fmt: skip
    _record(Verb.CLOCK_ENDED, row, viewer, at, End.NOT_NEEDED.value)


@transaction.atomic
def rule(*, viewer: Viewer, clock: Clock, facts: Facts, ruling: Ruling, reason: str, at: datetime) -> Ruled:
    """This will record a decision about a duty that may go against her consent, and end its clock. It sends nothing.

    :raises Refused: where it goes against her word, or rests on nothing. Source: care.md 9.
    """
    row = _locked(clock)
    policies.check_can_rule(
        row.definition, facts, is_running=row.ended_at is None, ruling=ruling, reason=reason
    )
    key = key_for(dossier=row.dossier, section=row.section)
    ruled = Ruled(
        **_place(row), section=row.section, clock=row, key_id=key.id, on_complaint=facts.on_complaint,
        child=facts.child, disability=facts.disability, she_agrees=facts.she_agrees, danger=facts.danger,
        ruling=ruling, ruled_by_id=viewer.id, ruled_at=at,
    )  # fmt: skip
    seal(ruled, "reason", reason.strip(), key)
    ruled.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.end_clocks(%s, %s, %s, %s)",
            [row.dossier_id, Event.POLICE_DECIDED.value, row.about, at],
        )
    _record(Verb.DUTY_RULED, row, viewer, at, ruling.value)
    return ruled


def _locked(clock: Clock) -> Clock:
    """The clock as it is now, held against others.

    :raises Refused: where it may be read but not written, or is out of reach.
    """
    row = (
        Clock.objects.select_for_update(of=("self",))
        .select_related("definition", "dossier")
        .filter(id=clock.id)
        .first()
    )
    if row is None:
        raise Refused(_("Tenggat ini tidak bisa Anda ubah: bagiannya di luar jangkauan Anda."))
    return row


def _change(row: Clock, **values: object) -> None:
    if not Clock.objects.filter(id=row.id).update(**values):
        raise Refused(_("Tenggat ini tidak bisa Anda ubah: bagiannya di luar jangkauan Anda."))


def _place(row: Clock) -> dict[str, Dossier | UUID | str]:
    return {"dossier": row.dossier, "unit_id": row.unit_id, "stage": row.stage}


def _record(verb: Verb, row: Clock, viewer: Viewer, at: datetime, *told: str) -> None:
    record(
        verb,
        at=at,
        by=viewer.id,
        unit=row.unit_id,
        dossier=row.dossier_id,
        objects=[row.id],
        fields=[row.code, *told],
    )
