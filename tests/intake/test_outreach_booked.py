"""An attempt and its appointment: kept apart from the reported person, and in step. Source: care.md 5; ADR-0014."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ruangaman.access.models import Dossier
from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.actions.presence import tell_presence
from ruangaman.agenda.models import Booking, Venue
from ruangaman.agenda.policies.bookings import Apart
from ruangaman.agenda.policies.presence import windows
from ruangaman.agenda.states import BookingKind, BookingState, Whose, Why
from ruangaman.intake.models import Outreach, Report
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.intake.states.outreach import NeighbourGround
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.states import PersonRole
from ruangaman.places.models import Place
from tests.intake.reaching import (
    CENGKARENG,
    COVER,
    NEIGHBOUR,
    PLAN,
    decide,
    end,
    plan,
    plan_as_sent,
    planned,
)
from tests.worlds import Filed, World, acting

WIB = ZoneInfo("Asia/Jakarta")
KAPUK = "31.73.01.1005"
REASON = "Guru UKS menahan terlapor di gerbang sampai selesai."
TOLD = {
    "ground": NeighbourGround.HER_WORD,
    "who": "Ibu RT",
    "words": "“Ibu RT boleh tahu.”",
    "unrelated": True,
}


def decided(world: World, **answers: Any) -> Filed:
    filed = world.file(**{**NEIGHBOUR, **answers})
    decide(world, filed)
    return filed


def tomorrow(hour: int) -> datetime:
    day = clock.now().astimezone(WIB).date() + timedelta(days=1)
    return datetime.combine(day, time(hour), WIB)


def booking_of(made: Outreach) -> Booking:
    kept = Outreach.objects.using("owner").select_related("booking").get(id=made.id)
    assert kept.booking is not None
    return kept.booking


def is_often_at(world: World, filed: Filed, area: str, since: int, until: int) -> None:
    """The reported person is recorded, and nobody else; every day between these hours he is there."""
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        dossier = Dossier.objects.get(id=filed.dossier.id)
        reported = add_person(
            dossier=dossier,
            role=PersonRole.REPORTED,
            identity=Identity("Darmawan Rekaan"),
            by=officer.id,
            at=clock.now(),
        ).person
        tell_presence(
            viewer=viewer,
            dossier=dossier,
            person=reported,
            windows=windows(range(7), time(since), time(until), timezone.localdate(), None),
            area=Place.objects.get(code=area),
            where="",
            at=clock.now(),
        )


# --- one appointment an attempt ---------------------------------------------------------------------------------------


def test_an_attempt_is_one_appointment_in_the_section_risk_with_the_companion_in_it(world: World) -> None:
    filed = decided(world)
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        client = add_person(
            dossier=Dossier.objects.get(id=filed.dossier.id),
            role=PersonRole.CLIENT,
            identity=Identity("Ratna Rekaan"),
            by=officer.id,
            at=clock.now(),
        ).person
    made = plan(world, filed)
    one = booking_of(made)
    assert (one.section, one.kind, one.state) == (Section.RISK, BookingKind.OUTREACH, BookingState.PLANNED)
    assert (one.starts_at, one.ends_at, one.area_id) == (made.starts_at, made.ends_at, CENGKARENG)
    seats = world.rows("SELECT user_id, person_id FROM agenda_seat ORDER BY user_id")
    assert seats == [(world.person(Role.COMPANION).id, None), (None, client.id)]
    with acting(world.person(Role.COMPANION)):
        key = key_of(filed.dossier.id, Section.RISK)
        assert key is not None
        seen = Booking.objects.get()
        told = [unseal(seen, field, key) for field in ("where", "safety_plan", "cover_reason")]
    assert told == ["Ruang UKS", PLAN, COVER]


def test_who_goes_is_told_and_goes_out_from_the_attempt_itself(world: World) -> None:
    filed = decided(world)
    made = plan(world, filed, starts_at=clock.now() + timedelta(minutes=20))
    companion = world.client(world.person(Role.COMPANION))
    page = companion.get(f"/berkas/{filed.reference}/").content.decode()
    way = f"/agenda/pergi/?janji={made.booking_id}"
    assert way in page
    assert way in companion.get("/hari-ini/").content.decode()
    assert str(made.booking_id) in companion.get(way).content.decode()
    # Nobody else goes out in the companion's place.
    assert (
        way
        not in world.client(world.person(Role.SUPERVISOR)).get(f"/berkas/{filed.reference}/").content.decode()
    )


def test_a_building_of_the_unit_says_where_and_its_room_stays_sealed(world: World) -> None:
    Venue.objects.using("owner").create(owner_id=world.unit.id, name="Puskesmas Uji", area_id=KAPUK)
    filed = decided(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    venue = Venue.objects.using("owner").get()
    sent = plan_as_sent(
        world.person(Role.COMPANION), venue=str(venue.id), area="", place_kind="health_centre"
    )
    assert browser.post(f"/laporan/{filed.reference}/penjangkauan/", sent).status_code == 302
    assert booking_of(Outreach.objects.using("owner").get()).venue_id == venue.id
    both = {**sent, "area": CENGKARENG, "outreach_id": ""}
    assert browser.post(f"/laporan/{filed.reference}/penjangkauan/", both).status_code == 400


def test_nobody_is_sent_where_nobody_knows_where_it_is(world: World) -> None:
    filed = decided(world)
    with pytest.raises(Refused, match="Pilih kelurahan atau gedungnya"):
        plan(world, filed, area=None)
    with pytest.raises(Refused, match="Tulis nomor teleponnya"):
        plan(world, filed, place_kind=OutreachPlace.CALL, place_name=" ")
    with pytest.raises(Refused, match="Telepon tidak punya tempat"):
        plan(world, filed, place_kind=OutreachPlace.CALL, area=Place.objects.get(code=KAPUK))
    assert not Booking.objects.using("owner").exists()


def test_a_call_takes_the_hour_and_sends_nobody_out(world: World) -> None:
    made = plan(world, decided(world), place_kind=OutreachPlace.CALL, place_name="0812 rekaan")
    one = booking_of(made)
    assert (one.kind, one.area_id, one.where, one.venue_id) == (BookingKind.SESSION, None, None, None)


def test_two_attempts_at_one_hour_are_not_given_to_one_companion(world: World) -> None:
    first = plan(world, decided(world))
    with pytest.raises(Refused, match="sudah ada janji atau piket"):
        plan(world, decided(world), starts_at=first.starts_at)
    assert Outreach.objects.using("owner").count() == 1


# --- no encounter -----------------------------------------------------------------------------------------------------


def test_no_officer_plans_an_attempt_where_the_reported_person_is_even_before_she_is_recorded(
    world: World,
) -> None:
    filed = decided(world)
    is_often_at(world, filed, KAPUK, 8, 11)
    area = Place.objects.get(code=KAPUK)
    for hour in (7, 8, 10, 11):  # an hour before and after as well
        with pytest.raises(Apart):
            plan(world, filed, area=area, starts_at=tomorrow(hour))
    with pytest.raises(Apart):  # known no nearer than the kecamatan that holds it
        plan(world, filed, starts_at=tomorrow(9))
    assert not Outreach.objects.using("owner").exists()
    assert world.rows("SELECT count(*) FROM access_grant WHERE source = 'team'") == [(0,)]
    plan(world, filed, area=area, starts_at=tomorrow(13))
    assert Outreach.objects.using("owner").count() == 1


def test_a_visit_in_that_window_needs_a_second_look_by_the_supervisor_with_a_reason(world: World) -> None:
    filed = decided(world)
    is_often_at(world, filed, KAPUK, 8, 11)
    told = {"area": Place.objects.get(code=KAPUK), "starts_at": tomorrow(9)}
    with pytest.raises(Refused, match="Hanya penyelia atau kepala"):
        plan(world, filed, override_reason=REASON, **told)
    supervisor = world.person(Role.SUPERVISOR)
    with pytest.raises(Apart):
        plan(world, filed, by=supervisor, **told)
    made = plan(world, filed, by=supervisor, override_reason=REASON, **told)
    one = booking_of(made)
    assert one.overridden_by_id == supervisor.id
    assert one.override_reason
    assert REASON.encode() not in bytes(one.override_reason)
    told_ledger = world.rows("SELECT actor_id, fields_named FROM ledger_entry WHERE verb = 'booked'")
    assert told_ledger == [(supervisor.id, ["outreach", "overridden"])]
    page = world.client(supervisor).get(f"/berkas/{filed.reference}/").content.decode()
    assert "penyelia memutuskan: terlapor mungkin ada di sana" in page


def test_the_page_offers_an_officer_to_ask_and_a_supervisor_to_decide(world: World) -> None:
    filed = decided(world)
    is_often_at(world, filed, KAPUK, 8, 11)
    address = f"/laporan/{filed.reference}/penjangkauan/"
    sent = plan_as_sent(
        world.person(Role.COMPANION), area=KAPUK, starts_at=tomorrow(9).strftime("%Y-%m-%dT%H:%M")
    )
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert "08.00–11.00" in officer.get(address).content.decode()
    refused = officer.post(address, sent)
    shown = refused.content.decode()
    assert refused.status_code == 400
    for said in ("terlapor mungkin ada di sana", "Minta penyelia memutuskan", PLAN):
        assert said in shown
    assert "override_reason" not in shown
    # The name of the field alone decides nothing.
    assert officer.post(address, {**sent, "override_reason": REASON}).status_code == 400
    world.person(Role.SUPERVISOR)
    assert officer.post(address, {**sent, "ask": "on"}).status_code == 302
    asked = world.rows("SELECT person_id FROM notices_notice WHERE kind = 'second_person'")
    assert asked == [(world.person(Role.SUPERVISOR).id,)]
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert "Alasan penjangkauan ini tetap dibuat" in supervisor.post(address, sent).content.decode()
    assert not Outreach.objects.using("owner").exists()
    assert supervisor.post(address, {**sent, "override_reason": REASON}).status_code == 302
    assert Outreach.objects.using("owner").exists()


# --- in step ----------------------------------------------------------------------------------------------------------


def change(world: World, made: Outreach, action: Any, **told: Any) -> Any:
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        one = Booking.objects.select_related("dossier").get(id=Outreach.objects.get(id=made.id).booking_id)
        return action(viewer=viewer, booking=one, at=clock.now(), **told)


def test_moved_in_the_agenda_the_attempt_moves_along(world: World) -> None:
    filed = decided(world)
    made = plan(world, filed)
    starts = made.starts_at + timedelta(days=1)
    moved = change(
        world,
        made,
        bookings.move,
        side=Whose.UNIT,
        why=Why.OTHER_DUTY,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        area=Place.objects.get(code=KAPUK),
        where="Ruang guru",
    )
    kept = Outreach.objects.using("owner").get()
    assert (kept.booking_id, kept.starts_at, kept.ends_at) == (moved.id, starts, starts + timedelta(hours=2))
    page = world.client(world.person(Role.COMPANION)).get(f"/berkas/{filed.reference}/").content.decode()
    assert "Ruang guru" in page
    assert "Ruang UKS" not in page  # nobody is sent to where it was


@pytest.mark.parametrize(
    ("action", "result"),
    [(bookings.cancel, OutreachResult.CALLED_OFF), (bookings.miss, OutreachResult.NOT_FOUND)],
)
def test_cancelled_or_missed_in_the_agenda_the_attempt_has_ended_and_another_is_awaited(
    world: World, action: Any, result: str
) -> None:
    filed, made = planned(world)
    change(world, made, action, side=Whose.OTHER, why=Why.NO_WORD)
    assert Outreach.objects.using("owner").get().result == result
    assert Report.objects.using("owner").get(dossier_id=filed.dossier.id).awaits_outreach
    with pytest.raises(Refused, match="sudah dicatat"):
        end(world, made)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (OutreachResult.REACHED, BookingState.DONE),
        (OutreachResult.NOT_ALONE, BookingState.DONE),
        (OutreachResult.DECLINED, BookingState.DONE),
        (OutreachResult.NOT_FOUND, BookingState.MISSED),
        (OutreachResult.CALLED_OFF, BookingState.CANCELLED),
    ],
)
def test_a_result_ends_the_appointment_along_with_the_attempt(world: World, result: str, state: str) -> None:
    _filed, made = planned(world)
    end(world, made, result, note="Catatan.")
    one = booking_of(made)
    assert (one.state, one.changed_by_id) == (state, world.person(Role.COMPANION).id)
    assert Outreach.objects.using("owner").get().result == result  # in the companion's own words


def test_what_the_agenda_noted_first_does_not_keep_the_companion_from_the_record(world: World) -> None:
    _filed, made = planned(world)
    change(world, made, bookings.done)
    end(world, made, note="Ia bercerita.", safe_now="yes", wants="Tetap sekolah.")
    assert Outreach.objects.using("owner").get().result == OutreachResult.REACHED


def test_called_off_before_it_began_its_hour_is_free_again(world: World) -> None:
    made = plan(world, decided(world))
    end(world, made, OutreachResult.CALLED_OFF)
    plan(world, decided(world), starts_at=made.starts_at)
