"""Writes of the legal process: steps are only ever added."""

from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import is_erased, key_for
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section, Stage
from ruangaman.clocks.actions import happened
from ruangaman.clocks.policies import day_of
from ruangaman.clocks.queries import zone_of
from ruangaman.justice import policies
from ruangaman.justice.models import LegalStep
from ruangaman.justice.queries import steps_of
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person


@transaction.atomic
def record_step(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    step: str,
    happened_on: date,
    institution: Organisation | None = None,
    statute: str = "",
    outcome: str = "",
    number: str = "",
    note: str = "",
    step_id: UUID,
    at: datetime,
) -> LegalStep:
    """This will write down one step of the legal process as it happened. Sent twice, it is written once.

    :raises Refused: where the step can't have happened then, or the dossier is no case.
    """
    if dossier.stage != Stage.CASE:
        raise Refused(_("Langkah hukum dicatat di dalam kasus yang sedang berjalan."))
    recorded = steps_of(viewer, dossier.id, client.id)
    sent_before = next((one for one in recorded if one.id == step_id), None)
    if sent_before is not None:
        return sent_before
    policies.check_can_record_step(
        before=[(one.step, one.happened_on) for one in recorded],
        step=step,
        happened_on=happened_on,
        statute=statute,
        outcome=outcome,
        today=timezone.localdate(at),
    )
    key = key_for(dossier=dossier, section=Section.LEGAL)
    made = LegalStep(
        id=step_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client=client,
        step=step,
        happened_on=happened_on,
        institution=institution,
        statute=statute,
        outcome=outcome,
        key_id=key.id,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(made, "number", number or None, key)
    seal(made, "note", note or None, key)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except DatabaseError as error:
        # The very same form arrived at this moment, or the dossier has just moved on or been erased.
        if not (isinstance(error, IntegrityError) or is_erased(error)):
            raise
        raise Refused(
            _("Langkah ini belum tersimpan: berkasnya baru saja berubah. Periksa berkasnya, lalu kirim lagi.")
        ) from None
    record(
        Verb.LEGAL_STEP,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[made.id],
        fields=[step],
    )
    if event := policies.event_of(step=step, statute=statute):
        day = day_of(happened_on, zone_of(dossier.unit_id))
        happened(event=event, dossier=dossier, at=at, by=viewer.id, since=min(day, at))
    return made
