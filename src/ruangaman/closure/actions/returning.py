"""Writes of the way home: prepared, met about, come home, taken in again, visited."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, every_key
from ruangaman.access.states import Section
from ruangaman.cases.models import Need
from ruangaman.clocks.actions import happened
from ruangaman.clocks.policies import day_of
from ruangaman.clocks.queries import zone_of
from ruangaman.clocks.states import Event
from ruangaman.closure import policies, queries
from ruangaman.closure.actions.rows import _add, _record
from ruangaman.closure.models import HomeVisit, Invitee, Meeting, Return
from ruangaman.consent.queries import live_consent
from ruangaman.consent.states import Service
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import parts_of
from ruangaman.services.actions import give_service
from ruangaman.services.states import Kind

# A visit has a day and no hour: it is due by noon of that day.
NOON = timedelta(hours=12)


class Overtaken(Refused):
    """Somebody else wrote the preparation meanwhile; it carries theirs, so that both are read before one is kept."""

    def __init__(self, saved: Return) -> None:
        super().__init__(
            _("Persiapan ini baru saja ditulis orang lain. Bandingkan keduanya, lalu simpan lagi.")
        )
        self.saved = saved


@transaction.atomic
def prepare_return(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    destination: str,
    preparation: str,
    seen: datetime | None = None,
    at: datetime,
) -> Return:
    """This will write down where she will live and how the way there is prepared, or change it before she goes.

    ``seen``: when the preparation that the writer had before them was written; None where there was none.

    :raises Refused: without her consent, or where she came home meanwhile.
    :raises Overtaken: where somebody else wrote meanwhile.
    """
    policies.check_can_prepare(
        stage=dossier.stage, consented=queries.agreed_to_return(viewer, dossier.id, at, client)
    )
    key = key_for(dossier=dossier, section=Section.PLAN)
    before = _returns(dossier, client).filter(returned_on=None).select_for_update(of=("self",)).first()
    if before and before.prepared_at != seen:
        raise Overtaken(before)
    if seen and not before:
        raise Refused(_("Kepulangannya baru saja dicatat. Muat ulang halaman sebelum menyiapkan yang baru."))
    row = before or Return(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        client=client,
        key_id=key.id,
    )
    row.destination, row.prepared_by_id, row.prepared_at = destination, viewer.id, at
    seal(row, "preparation", preparation, key)
    if before is None:
        _add(row)
    else:
        row.save(update_fields=["destination", "preparation", "prepared_by", "prepared_at"])
    _record(Verb.RETURN_PREPARED, viewer, dossier, at, row.id, destination)
    return row


def _returns(dossier: Dossier, client: Person) -> QuerySet[Return]:
    """Hers, by whichever record of hers they were written."""
    return Return.objects.filter(dossier=dossier, client__one_id=client.one_id).order_by("prepared_at", "id")


@transaction.atomic
def hold_meeting(
    *,
    viewer: Viewer,
    dossier: Dossier,
    held_on: date,
    invitees: Sequence[Person],
    agreed: str,
    approved: bool,
    known_around: bool,
    meeting_id: UUID | None = None,
    at: datetime,
) -> Meeting:
    """This will write down a closed meeting: who was there, and what was agreed for her safety. Sent twice, it is one.

    ``approved``: she approved each of them. ``known_around``: what happened is known around her already.

    :raises Refused: with the reported person or a namesake among them, or without her word on each.
    """
    policies.check_can_prepare(
        stage=dossier.stage, consented=queries.agreed_to_return(viewer, dossier.id, at)
    )
    parts = parts_of(viewer, dossier.id)
    keys = every_key(dossier.id)
    try:
        invited = [queries.invited_in_clear(person, parts, keys) for person in invitees]
        reported = [queries.name_in_clear(person, keys) for person in queries.around(parts).reported]
    except (Unreadable, KeyError):
        # A name that does not open can't be compared, and might be his.
        raise Refused(
            _("Ada nama di berkas ini yang tidak terbaca; belum tentu bukan terlapor. Hubungi penyelia.")
        ) from None
    policies.check_can_invite(
        invited=invited,
        reported_names=[name for name in reported if name],
        approved=approved,
        known_around=known_around,
        held_on=held_on,
        today=timezone.localdate(at),
    )
    if meeting_id and (there := Meeting.objects.filter(id=meeting_id, dossier=dossier).first()):
        return there
    key = key_for(dossier=dossier, section=Section.PLAN)
    place = {"dossier": dossier, "unit_id": dossier.unit_id, "stage": dossier.stage}
    meeting = Meeting(
        **place,
        id=meeting_id or new_id(),
        held_on=held_on,
        key_id=key.id,
        recorded_by_id=viewer.id,
        recorded_at=at,
    )
    seal(meeting, "agreed", agreed, key)
    _add(meeting)
    Invitee.objects.bulk_create(
        Invitee(**place, meeting=meeting, person=person) for person in {p.id: p for p in invitees}.values()
    )
    _record(Verb.MEETING_HELD, viewer, dossier, at, meeting.id)
    return meeting


@transaction.atomic
def record_return(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    returned_on: date,
    reunited_on: date | None = None,
    at: datetime,
) -> Return:
    """This will write down that she came home, and when her family or community took her back in, if that is known.

    :raises Refused: without a preparation or her consent, or on a day that can't be.
    """
    policies.check_can_return(
        stage=dossier.stage,
        consented=queries.agreed_to_return(viewer, dossier.id, at, client),
        returned_on=returned_on,
        reunited_on=reunited_on,
        today=timezone.localdate(at),
    )
    row = _returns(dossier, client).filter(returned_on=None).first()
    changed = row and Return.objects.filter(id=row.id, returned_on=None).update(
        returned_on=returned_on, reunited_on=reunited_on
    )
    if not row or not changed:
        raise Refused(_("Siapkan dulu pemulangannya: ke mana, dan bagaimana ia aman di sana."))
    row.returned_on, row.reunited_on = returned_on, reunited_on
    _answer_need(viewer, dossier, client, Service.RETURN, returned_on, at)
    if reunited_on:
        _answer_need(viewer, dossier, client, Service.REINTEGRATION, reunited_on, at)
    _record(Verb.RETURNED, viewer, dossier, at, row.id, row.destination)
    day = day_of(returned_on, zone_of(dossier.unit_id))
    happened(
        event=Event.RETURNED,
        dossier=dossier,
        at=at,
        by=viewer.id,
        since=min(day, at),
    )
    return row


@transaction.atomic
def record_reunion(
    *, viewer: Viewer, dossier: Dossier, client: Person, reunited_on: date, at: datetime
) -> Return:
    """This will write down when those around her took her back in, where that came after the day she came home.

    :raises Refused: before she is home, twice, without her consent, or on a day that can't be.
    """
    home = _returns(dossier, client).filter(returned_on__isnull=False)
    row = home.order_by("-returned_on").first()
    if row is None or row.returned_on is None:
        raise Refused(_("Catat dulu kepulangannya."))
    policies.check_can_return(
        stage=dossier.stage,
        consented=queries.agreed_to_return(viewer, dossier.id, at, client),
        returned_on=row.returned_on,
        reunited_on=reunited_on,
        today=timezone.localdate(at),
    )
    if not Return.objects.filter(id=row.id, reunited_on=None).update(reunited_on=reunited_on):
        raise Refused(_("Penyatuan kembali sudah tercatat."))
    row.reunited_on = reunited_on
    _answer_need(viewer, dossier, client, Service.REINTEGRATION, reunited_on, at)
    _record(Verb.RETURNED, viewer, dossier, at, row.id, row.destination)
    return row


def _answer_need(
    viewer: Viewer, dossier: Dossier, client: Person, service: Service, day: date, at: datetime
) -> None:
    """Where she needed and agreed to it, coming home is the service given, and the database notes the need as met."""
    need = Need.objects.filter(dossier=dossier, client__one_id=client.one_id, service=service).first()
    agreed = live_consent(viewer, dossier.id, client_id=client.id, service=service, recipient_id=None, at=at)
    if need is None or agreed is None:
        return
    own = need.items.filter(dropped_at=None, organisation=None).order_by("planned_at").first()
    give_service(
        viewer=viewer,
        dossier=dossier,
        client=client,
        service=service,
        kind=Kind.ESCORT_HOME if service == Service.RETURN else Kind.RESOCIALISATION,
        given_on=day,
        organisation_id=dossier.unit_id,
        item=own,
        referral=None,
        note="",
        delivery_id=new_id(),
        at=at,
    )


@transaction.atomic
def visit_home(
    *,
    viewer: Viewer,
    dossier: Dossier,
    visited_on: date,
    no_violence: bool,
    no_stigma: bool,
    supported: bool,
    note: str = "",
    next_on: date | None = None,
    visit_id: UUID | None = None,
    at: datetime,
) -> HomeVisit:
    """This will write down what a visit at her home found, and when the next one is due. Sent twice, it is one.

    :raises Refused: before she is home, or on days that can't be.
    """
    policies.check_can_visit(
        stage=dossier.stage,
        returned_on=queries.newest_home(queries.returns_of(viewer, dossier.id)),
        visited_on=visited_on,
        next_on=next_on,
        today=timezone.localdate(at),
    )
    if visit_id and (there := HomeVisit.objects.filter(id=visit_id, dossier=dossier).first()):
        return there
    key = key_for(dossier=dossier, section=Section.PLAN)
    visit = HomeVisit(
        id=visit_id or new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        visited_on=visited_on,
        no_violence=no_violence,
        no_stigma=no_stigma,
        supported=supported,
        key_id=key.id,
        next_on=next_on,
        visited_by_id=viewer.id,
        recorded_at=at,
    )
    seal(visit, "note", note or None, key)
    _add(visit)
    _record(Verb.HOME_VISITED, viewer, dossier, at, visit.id)
    happened(
        event=Event.HOME_VISITED,
        dossier=dossier,
        at=at,
        by=viewer.id,
        given=day_of(next_on, zone_of(dossier.unit_id)) + NOON if next_on else None,
    )
    return visit
