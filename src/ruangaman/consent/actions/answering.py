"""Writing down what was answered. The database turns what was agreed to into grants."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import OrganisationKind, Section
from ruangaman.consent import policies, queries
from ruangaman.consent.actions.lasting import keep_clock
from ruangaman.consent.models import Consent
from ruangaman.consent.policies import Answered
from ruangaman.consent.policies.wording import VERSION
from ruangaman.consent.queries.answering import Capacity
from ruangaman.consent.states import Answer, Basis, Understood
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Part, Person
from ruangaman.people.queries import clients_of, guardian_of


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

    For a partner one service at a time: what it is shown goes by the service. A yes opens to it what was agreed, at
    once; the newest answer about a service and recipient decides, and a no closes what a yes before had opened.
    ``first_id``: from the form, so that one that was sent twice records once.

    :raises Refused: where nobody could have answered so, or the recipient is no partner.
    """
    if recipient is not None:
        if len(services) > 1:
            raise Refused(
                _("Untuk lembaga mitra, catat satu layanan sekali: yang dilihat mitra tergantung layanannya.")
            )
        is_partner = recipient.kind == OrganisationKind.PARTNER
        policies.check_recipient(is_partner=is_partner, is_active=recipient.is_active)
    guardian = guardian_of(viewer, dossier.id, client)
    capacity = _checked(viewer, dossier, client, services, guardian, answered, at)
    ids = [first_id or new_id(), *(new_id() for _service in services[1:])]
    try:
        with transaction.atomic():
            made = [
                _write(viewer, dossier, client, service, recipient, guardian, capacity, answered, at, row_id)
                for service, row_id in zip(services, ids, strict=True)
            ]
    except IntegrityError:
        # A form that was sent twice; or one whose id was changed on the way.
        there = list(Consent.objects.filter(id=ids[0], dossier=dossier))
        if not there:
            raise Refused(_("Jawaban ini tidak bisa disimpan. Buka halamannya lagi.")) from None
        return there
    keep_clock(viewer=viewer, dossier=dossier, clients=[client], at=at)
    return made


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
    understood: str = Understood.WELL,
    helper: str = "",
    at: datetime,
    consent_id: UUID | None = None,
) -> Consent:
    """This will write down the answer about one service (`record_consents`).

    :raises Refused: where nobody could have answered so, or the recipient is no partner.
    """
    answered = Answered(
        answer=answer,
        basis=basis,
        assent=assent,
        method=method,
        also=also,
        witness=witness,
        wish=wish,
        until=until,
        understood=understood,
        helper=helper,
    )
    return record_consents(
        viewer=viewer,
        dossier=dossier,
        client=client,
        services=[service],
        recipient=recipient,
        answered=answered,
        at=at,
        first_id=consent_id,
    )[0]


def _checked(
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    services: Sequence[str],
    guardian: Part | None,
    answered: Answered,
    at: datetime,
) -> Capacity:
    """Who she is and whether somebody could have answered so, for each of the services."""
    if client.one_id not in {one.one_id for one in clients_of(viewer, dossier.id)}:
        raise Refused(_("Orang ini bukan klien berkas ini. Pilih klien."))
    capacity = queries.capacities(viewer, dossier.id, [client], at)[client.id]
    for service in services:
        policies.check_can_record(
            service=service,
            band=client.age_band,
            alone=capacity.alone,
            has_guardian=guardian is not None,
            answered=answered,
            roles=viewer.roles_in(dossier.unit_id),
            at=at,
        )
    named = [name for name in (answered.witness, answered.helper) if name.strip()]
    if named:
        policies.check_bystanders(named, queries.kept_away(viewer, dossier.id))
    return capacity


def _write(
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    service: str,
    recipient: Organisation | None,
    guardian: Part | None,
    capacity: Capacity,
    answered: Answered,
    at: datetime,
    row_id: UUID,
) -> Consent:
    by_whom = {Basis.CLIENT: client.id, Basis.GUARDIAN: guardian.person_id if guardian else None}
    given = answered.answer == Answer.GIVEN
    until = policies.until_of_age(answered.until, basis=answered.basis, born_on=capacity.born_on)
    key = key_for(dossier=dossier, section=Section.PLAN)
    consent = Consent(
        id=row_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client_id=client.id,
        service=service,
        recipient_id=recipient.id if recipient else None,
        scope=policies.scope_of(service, answered.also) if recipient and given else [],
        answer=answered.answer,
        basis=answered.basis,
        given_by_id=by_whom.get(Basis(answered.basis)),
        assent=answered.assent,
        method=answered.method,
        understood=answered.understood,
        words=VERSION,
        key_id=key.id,
        recorded_by_id=viewer.id,
        answered_at=at,
        until=until if given else None,
    )
    for field in ("witness", "helper", "wish"):
        seal(consent, field, getattr(answered, field).strip() or None, key)
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
