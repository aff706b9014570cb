"""Writes of consent. The database turns what was agreed to into grants, and takes them back with a withdrawal."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section
from ruangaman.consent import policies
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Basis
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import parts_of
from ruangaman.people.states import PartStatus, PersonRole


@transaction.atomic
def record_consent(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    service: str,
    recipient: Organisation | None,
    answer: str,
    basis: str,
    assent: str,
    method: str,
    also: Iterable[str] = (),
    witness: str = "",
    wish: str = "",
    until: datetime | None = None,
    at: datetime,
) -> Consent:
    """This will write down what was answered about one service; a yes for a partner opens to it what was agreed, at once.

    ``also``: sections she agrees to share besides number, identity and the service's own.

    :raises Refused: where nobody could have answered so, or the recipient is no partner.
    """
    guardian = next(
        (
            part
            for part in parts_of(viewer, dossier.id)
            if part.role == PersonRole.GUARDIAN and part.status == PartStatus.ACTIVE
        ),
        None,
    )
    policies.check_can_record(
        service=service,
        answer=answer,
        basis=basis,
        band=client.age_band,
        has_guardian=guardian is not None,
        assent=assent,
        method=method,
        witness=witness,
        roles=viewer.roles_in(dossier.unit_id),
        until=until,
        at=at,
    )
    if recipient is not None and recipient.kind != OrganisationKind.PARTNER:
        raise Refused(_("Penerima harus lembaga mitra; untuk layanan unit sendiri kosongkan."))
    by_whom = {Basis.CLIENT: client.id, Basis.GUARDIAN: guardian.person_id if guardian else None}
    key = key_for(dossier=dossier, section=Section.PLAN)
    consent = Consent(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client=client,
        service=service,
        recipient=recipient,
        scope=policies.scope_of(service, also) if recipient and answer == Answer.GIVEN else [],
        answer=answer,
        basis=basis,
        given_by_id=by_whom.get(Basis(basis)),
        assent=assent,
        method=method,
        key_id=key.id,
        recorded_by_id=viewer.id,
        answered_at=at,
        until=until if answer == Answer.GIVEN else None,
    )
    seal(consent, "witness", witness or None, key)
    seal(consent, "wish", wish or None, key)
    consent.save(force_insert=True)
    record(
        Verb.CONSENT_RECORDED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[consent.id, *([recipient.id] if recipient else [])],
        fields=[service, answer],
    )
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: UUID, at: datetime) -> None:
    """This will withdraw a consent: access that rested on it closes in the same transaction.

    :raises Refused: where it was not given, is withdrawn, or is a supervisor's decision.
    """
    policies.check_can_withdraw(
        answer=consent.answer,
        withdrawn=consent.withdrawn_at is not None,
        service=consent.service,
        basis=consent.basis,
    )
    changed = Consent.objects.filter(id=consent.id, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by_id=by
    )
    if not changed:
        raise Refused(_("Persetujuan ini sudah ditarik."))
    consent.withdrawn_at, consent.withdrawn_by_id = at, by
    record(
        Verb.CONSENT_WITHDRAWN,
        at=at,
        by=by,
        unit=consent.unit_id,
        dossier=consent.dossier_id,
        objects=[consent.id],
        fields=[consent.service],
    )
