"""Writes about what was done at once where danger was told."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import FirstAct
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb


@transaction.atomic
def first_act(*, viewer: Viewer, dossier: Dossier, step: str, at: datetime, act_id: UUID) -> FirstAct:
    """This will record what was done at once. It ends the clock of danger, and lets triage be decided.

    ``act_id`` travels with the form: sent twice, it is recorded once.

    :raises Refused: where the file was erased meanwhile. Source: flow.md 2.
    """
    act = FirstAct(
        id=act_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        step=step,
        done_by_id=viewer.id,
        done_at=at,
    )
    try:
        with refused_if_erased(
            sentence=_("Laporan ini baru saja dihapus, jadi catatan ini tidak tersimpan.")
        ):
            act.save(force_insert=True)
    except IntegrityError:
        there = FirstAct.objects.filter(id=act_id, dossier_id=dossier.id).first()
        if there is None:
            raise Refused(_("Formulir ini sudah terpakai. Buka lagi dari berkasnya, lalu simpan.")) from None
        return there
    record(
        Verb.FIRST_ACT,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[act.id],
        fields=[str(step)],
    )
    happened(event=Event.FIRST_ACT, dossier=dossier, at=at, by=viewer.id)
    return act
