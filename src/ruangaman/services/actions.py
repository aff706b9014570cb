"""Writes of services: referrals and their answers, services given, the number of a visum."""

from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.cases.models import PlanItem
from ruangaman.clocks.actions import happened
from ruangaman.clocks.policies import day_of
from ruangaman.clocks.queries import zone_of
from ruangaman.clocks.states import Event
from ruangaman.consent.queries import live_consent
from ruangaman.consent.states import SECTION_OF, Service
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.services import policies
from ruangaman.services.models import Delivery, Referral, Visum
from ruangaman.services.states import Kind, ReferralStatus

OPEN = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)


@transaction.atomic
def refer(
    *,
    viewer: Viewer,
    dossier: Dossier,
    item: PlanItem,
    request: str,
    visum_wanted: bool,
    at: datetime,
    referral_id: UUID | None = None,
) -> Referral:
    """This will ask the partner of a plan for its service, on the newest consent to just that.

    ``referral_id`` comes with the form, so that a double click asks once.

    :raises Refused: without a plan with a partner, without a live consent, or where it was asked already.
    """
    before = Referral.objects.filter(id=referral_id, dossier_id=dossier.id).first() if referral_id else None
    if before:
        return before
    waiting = Referral.objects.filter(item=item, status__in=OPEN).exists()
    policies.check_can_refer(
        stage=dossier.stage,
        has_partner=item.organisation_id is not None,
        dropped=item.dropped_at is not None,
        request=request,
        waiting=waiting,
    )
    assert item.organisation_id is not None
    # She may have been asked again since the plan was made: the answer that holds now counts.
    consent = live_consent(
        viewer,
        dossier.id,
        client_id=item.need.client_id,
        service=item.service,
        recipient_id=item.organisation_id,
        at=at,
    )
    key = key_for(dossier=dossier, section=Section.REFERRAL)
    referral = Referral(
        id=referral_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client_id=item.need.client_id,
        service=item.service,
        organisation_id=item.organisation_id,
        consent_id=consent.id if consent else item.consent_id,
        item=item,
        key_id=key.id,
        visum_wanted=visum_wanted,
        sent_by_id=viewer.id,
        sent_at=at,
    )
    seal(referral, "request", request, key)
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Rujukan ini sudah dikirim dan belum selesai.")) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "RA002":
            raise
        raise Refused(
            _(
                "Persetujuan untuk mitra ini tidak berlaku lagi. Tanyakan lagi kepada klien dan catat jawabannya."
            )
        ) from None
    _record(Verb.REFERRED, viewer, dossier, at, referral.id, referral.organisation_id)
    happened(
        event=Event.REFERRAL_SENT, dossier=dossier, at=at, by=viewer.id, about=referral.id, holder=viewer.id
    )
    if referral.service == Service.MEDICAL:
        happened(event=Event.HEALTH_CARE, dossier=dossier, at=at, by=viewer.id)
    return referral


def _record(verb: Verb, viewer: Viewer, dossier: Dossier, at: datetime, *objects: UUID) -> None:
    # Who reads the ledger may read no file: neither service nor answer stands there.
    record(verb, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=list(objects))


@transaction.atomic
def answer_referral(
    *, viewer: Viewer, referral: Referral, accept: bool, decline: str, at: datetime
) -> Referral:
    """This will take a referral on, or decline it with a reason.

    :raises Refused: where it was answered already, or a no has no reason.
    """
    to = ReferralStatus.ACCEPTED if accept else ReferralStatus.DECLINED
    policies.check_can_move(now=referral.status, to=to, decline=decline)
    ended = None if accept else at
    _move(
        referral,
        to,
        answered_by_id=viewer.id,
        answered_at=at,
        decline="" if accept else decline,
        ended_at=ended,
    )
    _record(Verb.REFERRAL_ANSWERED, viewer, referral.dossier, at, referral.id)
    _say_answered(viewer, referral, at)
    return referral


@transaction.atomic
def finish_referral(*, viewer: Viewer, referral: Referral, at: datetime) -> Referral:
    """This will say that a partner has done what it was asked for.

    :raises Refused: where it was not accepted, or is over.
    """
    policies.check_can_move(now=referral.status, to=ReferralStatus.DONE)
    _move(referral, ReferralStatus.DONE, ended_at=at)
    _record(Verb.REFERRAL_ANSWERED, viewer, referral.dossier, at, referral.id)
    return referral


@transaction.atomic
def withdraw_referral(*, viewer: Viewer, referral: Referral, at: datetime) -> Referral:
    """This will take a referral back; what the partner may see ends with the consent, not with this.

    :raises Refused: where it is over.
    """
    policies.check_can_move(now=referral.status, to=ReferralStatus.WITHDRAWN)
    _move(referral, ReferralStatus.WITHDRAWN, ended_at=at)
    _record(Verb.REFERRAL_ANSWERED, viewer, referral.dossier, at, referral.id)
    _say_answered(viewer, referral, at)
    return referral


def _say_answered(viewer: Viewer, referral: Referral, at: datetime) -> None:
    happened(event=Event.REFERRAL_ANSWERED, dossier=referral.dossier, at=at, by=viewer.id, about=referral.id)


def _move(referral: Referral, to: ReferralStatus, **changed: object) -> None:
    """Two people who answer at once: the second is told, and nothing of the first is lost."""
    rows = Referral.objects.filter(id=referral.id, status=referral.status)
    if not rows.update(status=to, **changed):
        raise Refused(_("Rujukan ini baru saja dijawab. Muat ulang halaman."))
    referral.status = to
    for name, value in changed.items():
        setattr(referral, name, value)


@transaction.atomic
def give_service(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    service: str,
    kind: str,
    given_on: date,
    organisation_id: UUID,
    item: UUID | PlanItem | None,
    referral: Referral | None,
    note: str,
    delivery_id: UUID,
    at: datetime,
) -> Delivery:
    """This will record one service, given on one day, in the section of that service; the database follows the plan.

    ``delivery_id`` comes with the form, so that a double click writes once.

    :raises Refused: for a day ahead, a kind that is none of that service, a referral that is not accepted, or a day on
        which no consent covers it.
    """
    before = Delivery.objects.filter(id=delivery_id, dossier_id=dossier.id).first()
    if before:
        return before
    _check_accepted(referral)
    policies.check_can_give(service=service, kind=kind, given_on=given_on, today=localdate(at))
    section = SECTION_OF[Service(service)]
    key = key_for(dossier=dossier, section=section)
    delivery = Delivery(
        id=delivery_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        client_id=client.id,
        service=service,
        kind=kind,
        given_on=given_on,
        organisation_id=organisation_id,
        item_id=item.id if isinstance(item, PlanItem) else item,
        referral_id=referral.id if referral else None,
        key_id=key.id,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(delivery, "note", note or None, key)
    _save_once(delivery)
    _record(Verb.SERVICE_GIVEN, viewer, dossier, at, delivery.id)
    _say_given(viewer, delivery, at)
    return delivery


# What a service of some kinds ends or starts.
GIVEN = {
    Kind.EXAMINATION: Event.HEALTH_CARE,
    Kind.VISUM_ACCOMPANIED: Event.HEALTH_CARE,
    Kind.SOCIAL_ASSISTANCE: Event.EMERGENCY_AID,
    Kind.SHELTER_STAY: Event.SHELTER_ENTERED,
}


def _say_given(viewer: Viewer, delivery: Delivery, at: datetime) -> None:
    if delivery.kind in GIVEN:
        event, day = GIVEN[Kind(delivery.kind)], day_of(delivery.given_on, zone_of(delivery.unit_id))
        happened(event=event, dossier=delivery.dossier, at=at, by=viewer.id, since=min(day, at))


def _check_accepted(referral: Referral | None) -> None:
    """As the referral stands at this moment: a colleague may have finished it while this was being written."""
    if referral is not None:
        now = Referral.objects.select_for_update().filter(id=referral.id).values_list("status", flat=True)
        policies.check_accepted(status=next(iter(now), referral.status))


def _save_once(row: Delivery | Visum) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("Catatan ini baru saja tersimpan. Muat ulang halaman untuk melihatnya.")) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "RA002":
            raise
        raise Refused(
            _(
                "Tidak ada persetujuan klien untuk layanan ini pada hari itu. Bicarakan dulu dengan manajer kasus."
            )
        ) from None


@transaction.atomic
def note_visum(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client_id: UUID,
    referral: Referral | None,
    number: str,
    request_number: str,
    dated_on: date,
    visum_id: UUID,
    at: datetime,
) -> Visum:
    """This will keep number and date of a visum; there is no place for its findings.

    :raises Refused: without a number, for a day ahead, or on a referral that is not accepted.
    """
    before = Visum.objects.filter(id=visum_id, dossier_id=dossier.id).first()
    if before:
        return before
    _check_accepted(referral)
    policies.check_visum(dated_on=dated_on, today=localdate(at), number=number)
    key = key_for(dossier=dossier, section=Section.MEDICAL)
    visum = Visum(
        id=visum_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client_id=client_id,
        referral_id=referral.id if referral else None,
        key_id=key.id,
        dated_on=dated_on,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(visum, "number", number, key)
    seal(visum, "request_number", request_number or None, key)
    _save_once(visum)
    _record(Verb.VISUM_NOTED, viewer, dossier, at, visum.id)
    return visum
