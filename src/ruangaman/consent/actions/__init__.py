"""Writes of consent. The database turns what was agreed to into grants, and takes them back with a withdrawal."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section
from ruangaman.consent import policies
from ruangaman.consent.models import Consent
from ruangaman.consent.policies import Answered
from ruangaman.consent.states import Answer, Basis
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import guardian_of


@transaction.atomic
def record_consents(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    services: Sequence[str],
    recipient: Organisation | None,
    answered: Answered,
    at: datetime,
    first_id: UUID | None = None,
) -> list[Consent]:
    """This will write down one answer about several services, a row each: all of them, or none.

    For a partner one service at a time: what it is shown goes by the service. ``first_id``: from the form, so that one
    that was sent twice records once.

    :raises Refused: where nobody could have answered so, or the recipient is no partner.
    """
    if recipient is not None and len(services) > 1:
        raise Refused(
            _("Untuk lembaga mitra, catat satu layanan sekali: yang dilihat mitra tergantung layanannya.")
        )
    ids = [first_id or new_id(), *(new_id() for _service in services[1:])]
    try:
        with transaction.atomic():
            return [
                record_consent(
                    viewer=viewer,
                    dossier=dossier,
                    client=client,
                    service=service,
                    recipient=recipient,
                    at=at,
                    consent_id=consent_id,
                    **{name: getattr(answered, name) for name in Answered.__slots__},
                )
                for service, consent_id in zip(services, ids, strict=True)
            ]
    except IntegrityError:
        there = list(Consent.objects.filter(id=ids[0], dossier=dossier))
        if not there:
            raise
        return there


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
    consent_id: UUID | None = None,
) -> Consent:
    """This will write down the answer about one service; a yes for a partner opens to it what was agreed, at once.

    ``also``: sections she agrees to share besides number, identity and the service's own. The newest answer about a
    service and recipient decides; a no closes what a yes before had opened.

    :raises Refused: where nobody could have answered so, or the recipient is no partner.
    """
    guardian = guardian_of(viewer, dossier.id, client)
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
    if recipient is not None:
        is_partner = recipient.kind == OrganisationKind.PARTNER
        policies.check_recipient(is_partner=is_partner, is_active=recipient.is_active)
    by_whom = {Basis.CLIENT: client.id, Basis.GUARDIAN: guardian.person_id if guardian else None}
    given = answer == Answer.GIVEN
    key = key_for(dossier=dossier, section=Section.PLAN)
    consent = Consent(
        id=consent_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client_id=client.id,
        service=service,
        recipient_id=recipient.id if recipient else None,
        scope=policies.scope_of(service, also) if recipient and given else [],
        answer=answer,
        basis=basis,
        given_by_id=by_whom.get(Basis(basis)),
        assent=assent,
        method=method,
        key_id=key.id,
        recorded_by_id=viewer.id,
        answered_at=at,
        until=until if given else None,
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
        # Who reads the ledger may read no file: neither service nor answer stands there.
        objects=[consent.id, *([recipient.id] if recipient else [])],
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *,
    consent: Consent,
    by: UUID,
    at: datetime,
    word_of: str = Basis.CLIENT,
    roles: frozenset[str] = frozenset(),
) -> None:
    """This will withdraw a consent on somebody's word: access that rested on it closes in the same transaction.

    ``roles``: what who writes it down holds in the unit; only a supervisor ends what a supervisor decided.

    :raises Refused: where it was not given, is withdrawn, or this word can't withdraw it.
    """
    policies.check_can_withdraw(
        answer=consent.answer,
        withdrawn=consent.withdrawn_at is not None,
        service=consent.service,
        basis=consent.basis,
        band=consent.client.age_band,
        word_of=word_of,
        roles=roles,
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
    )
