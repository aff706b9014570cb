"""Writes about the attempt to reach her: planned with a safety plan and a cover reason, ended once."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import join_team, key_for
from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Section
from ruangaman.intake import policies
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.queries import companions_for, has_declined
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def plan_outreach(
    *,
    viewer: Viewer,
    dossier: Dossier,
    place_kind: str,
    place_name: str,
    cover_reason: str,
    safety_plan: str,
    companion: User,
    starts_at: datetime,
    at: datetime,
    outreach_id: UUID | None = None,
) -> Outreach:
    """This will plan a safe attempt to reach her, and put the companion who goes on the team of the dossier.

    ``outreach_id`` travels with the form: sent twice, it makes one plan.

    :raises Refused: where the attempt is not safe enough, not decided by triage, or out of reach. Source: care.md 5.
    """
    there = Outreach.objects.filter(id=outreach_id, dossier_id=dossier.id).first() if outreach_id else None
    if there:
        return there
    report = Report.objects.filter(dossier_id=dossier.id).first()
    policies.check_can_plan_outreach(
        triage=report.triage if report else "",
        place_kind=place_kind,
        roles=viewer.roles_in(dossier.unit_id),
        cover_reason=cover_reason,
        safety_plan=safety_plan,
        starts_at=starts_at,
        at=at,
        declined=has_declined(viewer, dossier.id),
        companion_serves=any(one.id == companion.id for one in companions_for(viewer, dossier, at)),
    )
    key = key_for(dossier=dossier, section=Section.RISK)
    planned = Outreach(
        id=outreach_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        key_id=key.id,
        place_kind=place_kind,
        companion_id=companion.id,
        planned_by_id=viewer.id,
        planned_at=at,
        starts_at=starts_at,
    )
    seal(planned, "place_name", place_name or None, key)
    seal(planned, "cover_reason", cover_reason, key)
    seal(planned, "safety_plan", safety_plan, key)
    try:
        with refused_if_erased(sentence=_("Berkas ini baru saja dihapus, jadi rencana ini tidak tersimpan.")):
            planned.save(force_insert=True)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other one has just planned it.
        there = Outreach.objects.filter(id=planned.id, dossier_id=dossier.id).first()
        if there is None:
            raise Refused(_("Formulir ini sudah terpakai. Buka lagi dari berkasnya, lalu simpan.")) from None
        return there
    join_team(
        dossier=dossier,
        person=companion.id,
        role=Role.COMPANION,
        until=at + policies.TEAM_TIME,
        by=viewer.id,
        at=at,
    )
    record(
        Verb.OUTREACH_PLANNED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[planned.id, companion.id],
        fields=[str(place_kind)],
    )
    return planned


@transaction.atomic
def end_outreach(*, viewer: Viewer, outreach: Outreach, result: str, note: str, at: datetime) -> Outreach:
    """This will record how an attempt to reach her ended. It can be said once.

    :raises Refused: where it has not begun, a colleague has recorded it, or it is out of reach. Source: care.md 5.
    """
    current = Outreach.objects.select_for_update().filter(id=outreach.id).first()
    if current is None:
        raise Refused(_("Penjangkauan ini di luar jangkauan Anda."))
    policies.check_can_end_outreach(
        ended=current.ended_at is not None, starts_at=current.starts_at, result=result, at=at
    )
    current.result, current.ended_at = result, at
    seal(current, "note", note or None, key_for(dossier=current.dossier, section=Section.RISK))
    current.save(update_fields=["result", "ended_at", "note"])
    record(
        Verb.OUTREACH_ENDED,
        at=at,
        by=viewer.id,
        unit=current.unit_id,
        dossier=current.dossier_id,
        objects=[current.id],
        fields=[str(result)],
    )
    return current
