"""An unborn child who was the aim of violence or of trafficking: recorded with its mother's yes, ended at her wish."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people import policies
from ruangaman.people.actions.sealing import _roles_of
from ruangaman.people.models import Person, Unborn


@transaction.atomic
def record_unborn(
    *,
    viewer: Viewer,
    dossier: Dossier,
    mother: Person,
    ground: str,
    agreed: bool,
    at: datetime,
    unborn_id: UUID | None = None,
) -> Unborn:
    """This will record an unborn child on one of two grounds, because its mother wants it.

    :raises Refused: without her yes, on another ground, where it is recorded already, or of who is no client here.
        Source: care.md 13.
    """
    policies.check_can_record_unborn(ground=ground, agreed=agreed, roles=_roles_of(dossier, mother))
    unborn = Unborn(
        id=unborn_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        mother=mother,
        ground=ground,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            unborn.save(force_insert=True)
    except IntegrityError:
        there = Unborn.objects.filter(dossier=dossier, id=unborn.id).first()
        if there is None:
            raise Refused(_("Ini sudah dicatat di berkas ini.")) from None
        return there
    record(
        Verb.UNBORN_RECORDED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[unborn.id],
    )  # fmt: skip
    return unborn


@transaction.atomic
def end_unborn(*, viewer: Viewer, unborn: Unborn, ending: str, at: datetime) -> Unborn:
    """This will end such a record; from then on it is shown and counted no more.

    :raises Refused: where it has ended.
    """
    policies.check_can_end_unborn(ending=ending, ended_at=unborn.ended_at)
    live = Unborn.objects.filter(id=unborn.id, ended_at=None)
    if not live.update(ending=ending, ended_at=at, ended_by_id=viewer.id):
        raise Refused(_("Catatan ini sudah berakhir."))
    unborn.ending, unborn.ended_at, unborn.ended_by_id = ending, at, viewer.id
    record(
        Verb.UNBORN_ENDED, at=at, by=viewer.id, unit=unborn.unit_id, dossier=unborn.dossier_id,
        objects=[unborn.id],
    )  # fmt: skip
    return unborn
