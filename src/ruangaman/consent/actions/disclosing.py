"""A supervisor's decision about telling somebody without her consent. It opens nothing and sends nothing."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.consent import policies
from ruangaman.consent.models import Disclosure
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of


@transaction.atomic
def decide_disclosure(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    ground: str,
    decision: str,
    recipient: str,
    what: str,
    reason: str,
    told_her: bool,
    at: datetime,
    disclosure_id: UUID | None = None,
) -> Disclosure:
    """This will record what was decided about a duty to tell against her consent: on which ground, to whom, what, why.

    ``disclosure_id``: from the form, so that one that was sent twice is recorded once.

    :raises Refused: where no supervisor decides, or something is missing. Source: care.md 6, 9.
    """
    policies.check_disclosure(
        ground=ground,
        decision=decision,
        band=client.age_band,
        recipient=recipient,
        what=what,
        reason=reason,
        roles=viewer.roles_in(dossier.unit_id),
    )
    if client.one_id not in {one.one_id for one in clients_of(viewer, dossier.id)}:
        raise Refused(_("Orang ini bukan klien berkas ini. Pilih klien."))
    key = key_for(dossier=dossier, section=Section.PLAN)
    row = Disclosure(
        id=disclosure_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client_id=client.id,
        ground=ground,
        decision=decision,
        key_id=key.id,
        told_her=told_her,
        decided_by_id=viewer.id,
        decided_at=at,
    )
    for field, text in (("recipient", recipient), ("what", what), ("reason", reason)):
        seal(row, field, text.strip() or None, key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = Disclosure.objects.filter(id=row.id, dossier=dossier).first()
        if there is None:
            raise Refused(_("Keputusan ini tidak bisa disimpan. Buka halamannya lagi.")) from None
        return there
    record(
        Verb.DISCLOSURE_DECIDED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[row.id],
    )
    return row
