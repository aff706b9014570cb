"""Writes about the attempt to reach her: planned with a safety plan and a cover reason, ended once.

An attempt has one appointment in the agenda, which keeps her and whoever goes away from where the reported person may
be, takes the hours of who goes, and waits for them to come back. Source: ADR-0014; care.md 5.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import join_team, key_for
from ruangaman.access.models import Dossier, User
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Role, Section
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.models import Booking, Venue
from ruangaman.agenda.states import BookingKind, BookingState, Whose, Why
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Answer, Event
from ruangaman.intake import policies
from ruangaman.intake.actions.doubted import refused_if_not_to_be_called
from ruangaman.intake.actions.erased import refused_if_erased
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.policies import assigning
from ruangaman.intake.policies import outreach as rules
from ruangaman.intake.queries import has_declined
from ruangaman.intake.queries.assigning import crew_for
from ruangaman.intake.queries.outreach import is_of_a_child, safe_to_call
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of
from ruangaman.places.models import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Somebody around her who is to be asked: on which ground, who it is, and her words or the supervisor's reason."""

    ground: str
    who: str
    words: str
    unrelated: bool  # looked into: neither the reported person nor theirs


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
    ends_at: datetime | None = None,
    venue: Venue | None = None,
    area: Place | None = None,
    trusted_nearby: str = "",
    safety_note: str = "",
    neighbours: Neighbours | None = None,
    skills: Collection[str] = (),
    override_reason: str = "",
    outreach_id: UUID | None = None,
    seen: int | None = None,
) -> Outreach:
    """This will plan a safe attempt to reach her, book it, and put the companion who goes on the team of the dossier.

    ``outreach_id`` travels with the form: sent twice, it makes one plan. ``override_reason``: why a supervisor keeps
    an attempt at an hour and place where the reported person may be. ``seen``: of how many attempts who plans knew; of
    two officers at once the second is told, so that no two companions come to her without knowing of each other.

    :raises Refused: where a colleague planned meanwhile, or the attempt is not safe enough, not decided by triage, or
        out of reach; ``agenda.policies.bookings.Apart`` where the reported person may be there. Source: care.md 5 to 7;
        ADR-0014.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"outreach:{dossier.id}"])
    there = Outreach.objects.filter(id=outreach_id, dossier_id=dossier.id).first() if outreach_id else None
    if there:
        return there
    known = Outreach.objects.filter(dossier_id=dossier.id).count()
    rules.check_knows_of_others(seen=known if seen is None else seen, known=known)
    report = Report.objects.filter(dossier_id=dossier.id).first()
    clients = clients_of(viewer, dossier.id)
    hours = (starts_at, ends_at or starts_at + rules.USUAL_LENGTH)
    roles = viewer.roles_in(dossier.unit_id)
    policies.check_can_plan_outreach(
        triage=report.triage if report else "",
        place_kind=place_kind,
        roles=roles,
        cover_reason=cover_reason,
        safety_plan=safety_plan,
        starts_at=starts_at,
        at=at,
        declined=has_declined(viewer, dossier.id),
    )
    rules.check_has_place(place_kind=place_kind, known=bool(venue or area), place_name=place_name)
    if report and place_kind == OutreachPlace.CALL:
        rules.check_safe_hours(safe_to_call(viewer, dossier, report), starts_at=hours[0], ends_at=hours[1])
    if neighbours:
        rules.check_can_tell_neighbours(
            ground=neighbours.ground,
            who=neighbours.who,
            words=neighbours.words,
            unrelated=neighbours.unrelated,
            child=is_of_a_child(report, clients),
            roles=roles,
        )
    code = _code_of(venue or area)
    crew = crew_for(viewer, dossier, area=code, skills=skills, hours=hours, at=at)
    assigning.check_can_go(
        serves=crew.has(companion.id), busy=crew.is_away(companion.id), name=companion.name
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
        starts_at=hours[0],
        ends_at=hours[1],
        proposed_why=assigning.codes_of(crew.proposals, companion.id),
        tells_neighbours=neighbours is not None,
        neighbours_ground=neighbours.ground if neighbours else "",
    )
    planned.booking_id = uuid5(planned.id, "booking")
    texts = {
        "place_name": place_name,
        "cover_reason": cover_reason,
        "safety_plan": safety_plan,
        "trusted_nearby": trusted_nearby,
        "safety_note": safety_note,
        "neighbours_word": f"{neighbours.who.strip()}\n{neighbours.words.strip()}" if neighbours else "",
    }
    for name, text in texts.items():
        seal(planned, name, text.strip() or None, key)
    try:
        # Before its appointment, which the database waits for until the end: of the same form, sent twice at the same
        # moment, the second is told here.
        with (
            refused_if_not_to_be_called(),
            refused_if_erased(sentence=_("Berkas ini baru saja dihapus, jadi rencana ini tidak tersimpan.")),
        ):
            planned.save(force_insert=True)
    except IntegrityError:
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
    planned.booking = _book(viewer, planned, clients, venue or area, texts, override_reason, at)
    record(
        Verb.OUTREACH_PLANNED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[planned.id, companion.id],
        fields=[str(place_kind), *([f"neighbours_{neighbours.ground}"] if neighbours else [])],
    )
    return planned


def _code_of(where: Venue | Place | None) -> str:
    code = where.area_id if isinstance(where, Venue) else where.code if where else ""
    return code or ""


def _book(
    viewer: Viewer,
    planned: Outreach,
    clients: Collection[Person],
    at_place: Venue | Place | None,
    texts: dict[str, str],
    override_reason: str,
    at: datetime,
) -> Booking:
    """The one appointment of an attempt. A call is nowhere: nobody goes out for it, and nobody is met on the way."""
    called = planned.place_kind == OutreachPlace.CALL
    venue = at_place if isinstance(at_place, Venue) else None
    return bookings.book(
        viewer=viewer,
        dossier=planned.dossier,
        section=Section.RISK,
        kind=BookingKind.SESSION if called else BookingKind.OUTREACH,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at or planned.starts_at + rules.USUAL_LENGTH,
        venue=venue,
        area=at_place if isinstance(at_place, Place) else None,
        where="" if called or venue else texts["place_name"],
        staff=[planned.companion_id],
        people=list(clients),
        safety_plan=texts["safety_plan"],
        cover_reason=texts["cover_reason"],
        at=at,
        booking_id=planned.booking_id,
        override_reason=override_reason,
    )


@transaction.atomic
def end_outreach(
    *,
    viewer: Viewer,
    outreach: Outreach,
    result: str,
    note: str,
    at: datetime,
    safe_now: str = "",
    wants: str = "",
) -> Outreach:
    """This will record how an attempt to reach her ended, and end its appointment with it. It can be said once.

    ``safe_now``: whether she is safe, as she says, alone; where she is not, the hour of danger begins. ``wants``: what
    she wants next, in her words.

    :raises Refused: where it has not begun, a colleague has recorded it, or it is out of reach. Source: care.md 5, 11.
    """
    current = Outreach.objects.select_for_update(of=("self",)).filter(id=outreach.id).first()
    if current is None:
        raise Refused(_("Penjangkauan ini di luar jangkauan Anda."))
    policies.check_can_end_outreach(
        ended=current.ended_at is not None, starts_at=current.starts_at, result=result, at=at
    )
    rules.check_record(result=result, safe_now=safe_now)
    key = key_for(dossier=current.dossier, section=Section.RISK)
    current.result, current.ended_at, current.safe_now = result, at, safe_now
    seal(current, "note", note or None, key)
    seal(current, "wants", wants or None, key)
    current.save(update_fields=["result", "ended_at", "note", "safe_now", "wants"])
    _end_booking(viewer, current, result, at)
    record(
        Verb.OUTREACH_ENDED,
        at=at,
        by=viewer.id,
        unit=current.unit_id,
        dossier=current.dossier_id,
        objects=[current.id],
        fields=[str(result), *([f"safe_{safe_now}"] if safe_now else [])],
    )
    if safe_now == Answer.NO:
        happened(event=Event.DANGER_TOLD, dossier=current.dossier, at=at, by=viewer.id)
    return current


def _end_booking(viewer: Viewer, ended: Outreach, result: str, at: datetime) -> None:
    """After the attempt itself, so that the database finds nothing left to end. One that ended already stays so."""
    if ended.booking_id is None:
        return
    booking = Booking.objects.select_related("dossier").filter(id=ended.booking_id).first()
    if booking is None or booking.state != BookingState.PLANNED:
        return
    if result == OutreachResult.CALLED_OFF:
        bookings.cancel(viewer=viewer, booking=booking, side=Whose.UNIT, why=Why.NOT_SAFE, at=at)
    elif result == OutreachResult.NOT_FOUND:
        bookings.miss(viewer=viewer, booking=booking, side=Whose.OTHER, why=Why.NO_WORD, at=at)
    else:
        bookings.done(viewer=viewer, booking=booking, at=at)
