"""Writes of who works on it: the team, and who holds the case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import join_team, leave_team, move_stage
from ruangaman.access.models import Dossier
from ruangaman.access.policies import LONGEST_GRANT
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Stage
from ruangaman.cases import policies, queries
from ruangaman.cases.actions.rows import in_file, spine
from ruangaman.cases.models import Assessment, Case, SafetyNote
from ruangaman.clocks.actions import hand_over, happened
from ruangaman.clocks.states import Event
from ruangaman.consent.queries.sharing import not_agreed
from ruangaman.intake.queries import is_merged
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people.queries import clients_of


@transaction.atomic
def assign(*, viewer: Viewer, dossier: Dossier, person: UUID, role: str, at: datetime) -> None:
    """This will put a colleague of the unit on the team, in a role they hold, for as long as a grant may last.

    :raises Refused: where they don't hold it, the role has no work here, or she agrees to nothing it gives.
    """
    held = [held_role for user, held_role in staff_of(dossier.unit_id, [role], at) if user.id == person]
    policies.check_can_assign(
        role=role,
        held=held,
        stage=dossier.stage,
        not_agreed=not_agreed(viewer, dossier.id, at) if role in policies.PROFESSIONS else (),
        by=viewer.roles_in(dossier.unit_id),
    )
    join_team(dossier=dossier, person=person, role=role, until=at + LONGEST_GRANT, by=viewer.id, at=at)
    if person != viewer.id:
        cause = f"team:{dossier.id}:{role}:{at:%Y%m%d}"
        tell(people=[person], kind=Kind.GIVEN_FILE, cause=cause, at=at, dossier=dossier.id)


@transaction.atomic
def unassign(*, viewer: Viewer, dossier: Dossier, person: UUID, at: datetime) -> None:
    """This will take somebody off the team at once.

    :raises Refused: for who holds the case.
    """
    case = queries.case_of(viewer, dossier.id)
    live = case if case and case.ended_at is None else None
    policies.check_can_leave(person=person, manager=live.manager_id if live else None)
    leave_team(dossier=dossier, person=person, by=viewer.id, at=at)


@transaction.atomic
def take_case(*, viewer: Viewer, dossier: Dossier, at: datetime) -> Case:
    """This will make a report the viewer's case, held whole; or hand over one that a colleague holds.

    :raises Refused: for anybody but a case manager on the team, or before client and assessment are recorded;
        and for a report that was merged into another file.
    """
    if is_merged(viewer, dossier.id):
        raise Refused(
            _("Laporan ini digabung ke berkas lain. Kerjakan di sana, atau batalkan dulu penggabungannya.")
        )
    case = Case.objects.filter(dossier_id=dossier.id).first()
    assessed = Assessment.objects.filter(dossier_id=dossier.id).exists()
    policies.check_can_take(
        roles=viewer.roles_in(dossier.unit_id),
        on_team=queries.on_team(viewer, dossier.id, at),
        stage=dossier.stage,
        assessed=assessed,
        clients=len(clients_of(viewer, dossier.id)),
        viewer=viewer.id,
        manager=case.manager_id if case and case.ended_at is None else None,
    )
    if dossier.stage == Stage.INTAKE:
        move_stage(dossier=dossier, to=Stage.CASE, by=viewer.id, at=at)
    if case is None:
        newest = SafetyNote.objects.filter(dossier_id=dossier.id).order_by("-written_at", "-id").first()
        case = Case.objects.create(
            **spine(dossier=dossier), manager_id=viewer.id, taken_at=at, risk=newest.level if newest else ""
        )
    else:
        case.manager_id = viewer.id
        case.save(update_fields=["manager"])
    record(Verb.CASE_TAKEN, **in_file(viewer=viewer, dossier=dossier, at=at), objects=[case.id])
    happened(event=Event.CASE_TAKEN, dossier=dossier, at=at, by=viewer.id, holder=viewer.id)
    hand_over(dossier=dossier, to=viewer.id)
    return case
