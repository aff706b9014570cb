"""Writes of the end of a case, and of taking one up again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for, move_stage
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section, Stage
from ruangaman.cases.models import Case, Need, SafetyNote
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.closure import policies, queries
from ruangaman.closure.actions.rows import _add, _record
from ruangaman.closure.models import Ending
from ruangaman.intake.actions import finish_thread, reopen_thread
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import Verb


@transaction.atomic
def end_case(
    *,
    viewer: Viewer,
    dossier: Dossier,
    reason: str,
    word_of: str,
    asked_privately: bool,
    note: str,
    at: datetime,
) -> Ending:
    """This will end a case: the decision is kept, the reporter reads *selesai*, partners and team lose their access.

    :raises Refused: by anybody but the case manager, or for a reason that the case does not bear out.
    """
    case = Case.objects.filter(dossier=dossier).first()
    if case is None:
        raise Refused(_("Laporan ini belum menjadi kasus."))
    noted = SafetyNote.objects.filter(dossier=dossier).order_by("-written_at").first()
    policies.check_can_end(
        stage=dossier.stage,
        roles=viewer.roles_in(dossier.unit_id),
        reason=reason,
        word_of=word_of,
        asked_privately=asked_privately,
        needs=list(Need.objects.filter(dossier=dossier).values_list("state", flat=True)),
        risk=noted.level if noted else "",
        risk_noted_on=timezone.localdate(noted.written_at) if noted else None,
        last_contact=queries.last_contact(viewer, dossier.id, case),
        homes=[one.returned_on for one in queries.returns_of(viewer, dossier.id)],
        visits=[
            policies.Visit(one.visited_on, one.no_violence) for one in queries.visits_of(viewer, dossier.id)
        ],
        today=timezone.localdate(at),
    )
    key = key_for(dossier=dossier, section=Section.PLAN)
    ending = Ending(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        reason=reason,
        word_of=word_of,
        asked_privately=asked_privately,
        key_id=key.id,
        decided_by_id=viewer.id,
        decided_at=at,
    )
    seal(ending, "note", note or None, key)
    _add(ending)
    Case.objects.filter(id=case.id).update(ended_at=at)
    happened(event=Event.CASE_ENDED, dossier=dossier, at=at, by=viewer.id)
    # Before the move: an ended case lets nobody write in its thread.
    finish_thread(dossier=dossier, by=viewer.id, at=at)
    _record(Verb.CASE_ENDED, viewer, dossier, at, ending.id, reason)
    move_stage(dossier=dossier, to=Stage.CLOSED, by=viewer.id, at=at)
    return ending


@transaction.atomic
def reopen_case(*, viewer: Viewer, dossier: Dossier, reason: str, note: str = "", at: datetime) -> None:
    """This will take an ended case up again. Who was on its team, and consents that still hold, reach it again.

    :raises Refused: by anybody but the case manager or supervisor, or where it is open.
    """
    policies.check_can_reopen(stage=dossier.stage, roles=viewer.roles_in(dossier.unit_id), reason=reason)
    # First the move: in an ended case nothing but its place may be written.
    move_stage(dossier=dossier, to=Stage.CASE, by=viewer.id, at=at)
    Case.objects.filter(dossier=dossier).update(ended_at=None)
    ending = Ending.objects.filter(dossier=dossier, reopened_at=None).first()
    if ending is not None:
        key = key_for(dossier=dossier, section=Section.PLAN)
        seal(ending, "reopening_note", note or None, key)
        ending.reopening, ending.reopened_by_id, ending.reopened_at = reason, viewer.id, at
        ending.save(update_fields=["reopening", "reopening_note", "reopened_by", "reopened_at"])
    reopen_thread(dossier=dossier, by=viewer.id, at=at)
    _record(Verb.REOPENED, viewer, dossier, at, ending.id if ending else dossier.id, reason)
