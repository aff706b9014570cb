"""Two who must not meet are not booked into one place, and nobody gets around it. Source: issue 4; care.md 15."""

import json
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections

from ruangaman.access.actions import raise_wall
from ruangaman.access.states import Section
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.models import Booking
from ruangaman.agenda.policies.bookings import MARGIN, Apart
from ruangaman.agenda.queries import bookings_in_conflict
from ruangaman.agenda.queries.bookings import own_conflicts
from ruangaman.agenda.queries.places import spot_of
from ruangaman.agenda.states import BookingKind
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.agenda.booked import CENGKARENG, KAPUK, RAWA_BUAYA, Case, case
from tests.worlds import World, acting

PLAN = {"safety_plan": "Berdua, mobil di depan.", "cover_reason": "Pendataan posyandu."}


@pytest.fixture
def story(world: World) -> Case:
    return case(world)


def test_the_margin_of_the_database_is_the_policys(story: Case) -> None:
    assert story.world.rows("SELECT door.apart_margin()") == [(MARGIN,)]


def test_the_client_is_not_booked_where_the_reported_person_is(story: Case) -> None:
    story.book(story.reported)
    with pytest.raises(Apart):
        story.book(story.client, staff=[story.companion.id])


def test_the_reported_person_is_not_booked_where_the_client_is(story: Case) -> None:
    story.book(story.client)
    with pytest.raises(Apart):
        story.book(story.reported, staff=[story.companion.id])


@pytest.mark.parametrize("minutes", [1, 59])
def test_not_within_the_margin_either(story: Case, minutes: int) -> None:
    first = story.book(story.client)
    with pytest.raises(Apart):
        story.book(story.reported, starts_at=first.ends_at + timedelta(minutes=minutes))


def test_after_the_margin_they_may_come_to_one_house(story: Case) -> None:
    first = story.book(story.client)
    assert story.book(story.reported, starts_at=first.ends_at + MARGIN).id


def test_at_one_hour_in_two_buildings_they_do_not_meet(story: Case) -> None:
    story.book(story.client)
    assert story.book(story.reported, staff=[story.companion.id], venue=story.court).id


@pytest.mark.parametrize("venue", ["office", None])
def test_both_are_never_in_one_appointment_also_by_telephone(story: Case, venue: str | None) -> None:
    # care.md 15: no mediation against a violent partner.
    with pytest.raises(Apart):
        story.book(story.client, story.reported, venue=getattr(story, venue) if venue else None)
    assert story.world.rows("SELECT count(*) FROM agenda_booking") == [(0,)]


def test_a_witness_is_kept_from_him_too(story: Case) -> None:
    story.book(story.reported)
    with pytest.raises(Apart):
        story.book(story.witness, staff=[story.companion.id])


def test_a_visit_of_staff_alone_is_kept_from_him(story: Case) -> None:
    story.seen_at()
    with pytest.raises(Apart):
        story.book(kind=BookingKind.HOME_VISIT, **PLAN)


def test_staff_alone_go_to_court_where_he_is(story: Case) -> None:
    story.seen_at(venue_id=story.court.id)
    assert story.book(kind=BookingKind.HEARING, venue=story.court, section=Section.PLAN).id


def test_words_that_are_written_otherwise_are_one_place(story: Case) -> None:
    kapuk = story.areas[KAPUK]
    story.book(story.reported, area=kapuk, where="Puskesmas  Kapuk!")
    with pytest.raises(Apart):
        story.book(story.client, staff=[story.companion.id], area=kapuk, where="puskesmas kapuk")


def test_other_words_in_the_same_kelurahan_may_be_one_place(story: Case) -> None:
    kapuk = story.areas[KAPUK]
    story.book(story.reported, area=kapuk, where="Puskesmas Kapuk")
    with pytest.raises(Apart):
        story.book(story.client, staff=[story.companion.id], area=kapuk, where="PKM Kapuk, lantai dua")


def test_a_kelurahan_is_one_place_with_the_building_in_it_and_with_its_kecamatan(story: Case) -> None:
    story.book(story.reported)  # at the office, which is in Rawa Buaya
    for code in (RAWA_BUAYA, CENGKARENG):
        with pytest.raises(Apart):
            story.book(story.client, staff=[story.companion.id], area=story.areas[code])
    assert story.book(story.client, staff=[story.companion.id], area=story.areas[KAPUK]).id


def test_equal_words_of_two_files_are_not_to_be_told_as_equal() -> None:
    one = new_id()
    assert spot_of(one, "Kapuk ") == spot_of(one, "kapuk")
    assert spot_of(one, "Kapuk") != spot_of(new_id(), "Kapuk")


# --- when he is known to be there ---


@pytest.mark.parametrize(("hour", "apart"), [(4, True), (5, False), (8, True), (12, True), (13, False)])
def test_his_hours_with_their_margin(story: Case, hour: int, apart: bool) -> None:
    story.seen_at(from_time=time(7), until_time=time(12))
    told: dict[str, Any] = {"starts_at": story.at(7, hour), "ends_at": story.at(7, hour) + timedelta(hours=1)}
    if hour == 4:
        told["ends_at"] = story.at(7, 6, 1)
    if apart:
        with pytest.raises(Apart):
            story.book(story.client, **told)
    else:
        assert story.book(story.client, **told).id


def test_his_weekdays(story: Case) -> None:
    day = story.at(7, 9).isoweekday() - 1
    story.seen_at(weekdays=127 & ~(1 << day))
    assert story.book(story.client).id
    story.seen_at(weekdays=1 << day)
    with pytest.raises(Apart):
        story.book(story.client, staff=[story.companion.id])


def test_an_appointment_over_midnight_meets_him_in_the_morning(story: Case) -> None:
    morning = story.at(8, 1).isoweekday() - 1
    story.seen_at(weekdays=1 << morning, from_time=time(0), until_time=time(1))
    with pytest.raises(Apart):
        story.book(story.client, starts_at=story.at(7, 22), ends_at=story.at(7, 23, 30))


def test_hours_that_ended_or_have_not_begun_do_not_count(story: Case) -> None:
    day: date = story.at(7, 9).date()
    story.seen_at(until_on=day - timedelta(days=1))
    story.seen_at(from_on=day + timedelta(days=1))
    assert story.book(story.client).id


def test_the_hours_are_those_of_the_units_own_time(story: Case) -> None:
    story.world.rows("UPDATE access_organisation SET place_id = '91' WHERE id = %s", [story.world.unit.id])
    story.seen_at(from_time=time(13), until_time=time(14))  # in Papua: eleven to noon in Jakarta
    with pytest.raises(Apart):
        story.book(story.client, starts_at=story.at(7, 11))
    assert story.book(story.client, starts_at=story.at(7, 14)).id


# --- who may decide otherwise ---


def test_a_supervisor_overrides_with_a_reason_that_stays(story: Case) -> None:
    story.seen_at()
    made = story.book(story.client, by=story.supervisor, override_reason="Polisi mendampingi.")
    assert made.overridden_by_id == story.supervisor.id
    assert story.world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'booked'") == [
        (["session", "overridden"],)
    ]


def test_nobody_else_does(story: Case) -> None:
    story.seen_at()
    with pytest.raises(Refused):
        story.book(story.client, override_reason="Saya yakin aman.")


def test_nobody_else_does_in_the_database_either(story: Case) -> None:
    made = story.book(story.client)
    copy = story.world.rows("SELECT row_to_json(b) FROM agenda_booking b WHERE id = %s", [made.id])[0][0]
    copy |= {"id": str(new_id()), "overridden_by_id": str(story.manager.id), "override_reason": "\\x01"}
    with pytest.raises(DatabaseError, match="only a supervisor overrides"), acting(story.manager):
        _insert("agenda_booking", copy)
    copy["overridden_by_id"] = str(story.supervisor.id)
    with pytest.raises(DatabaseError, match="only a supervisor overrides"), acting(story.manager):
        _insert("agenda_booking", copy)


def _run(sql: str, *values: Any) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, values)


def _insert(table: str, row: dict[str, Any]) -> None:
    _run(f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s::json)", json.dumps(row))


def test_what_was_let_in_once_does_not_let_in_the_next(story: Case) -> None:
    story.seen_at()
    story.book(story.client, by=story.supervisor, override_reason="Polisi mendampingi.")
    with pytest.raises(Apart):
        story.book(story.reported)
    with pytest.raises(Apart):
        story.book(story.witness)


def test_no_page_moves_an_appointment_that_is_made_to_where_he_is(story: Case) -> None:
    made = story.book(story.client)
    for change in ("venue_id = NULL", "starts_at = now()", "state = 'planned', kind = 'meeting'"):
        with pytest.raises(DatabaseError, match="permission denied"), acting(story.manager):
            _run(f"UPDATE agenda_booking SET {change} WHERE id = %s", made.id)


def test_no_page_frees_or_moves_a_seat_beside_its_appointment(story: Case) -> None:
    made = story.book(story.client)
    for change in ("is_live = false", "starts_at = now()", "person_id = NULL"):
        with pytest.raises(DatabaseError, match="permission denied"), acting(story.manager):
            _run(f"UPDATE agenda_seat SET {change} WHERE booking_id = %s", made.id)


def test_nobody_of_another_file_is_seated(story: Case) -> None:
    elsewhere = case(story.world)
    with pytest.raises(DatabaseError, match="not of this file"):
        story.book(elsewhere.client)


def test_who_is_walled_off_is_given_no_hours_of_the_file(story: Case) -> None:
    with acting(story.supervisor):
        raise_wall(
            dossier=story.dossier, person=story.companion.id, by=story.supervisor.id, at=story.world.now
        )
    with pytest.raises(Refused, match="tidak bisa dijadwalkan"):
        story.book(story.client, staff=[story.manager.id, story.companion.id])


# --- what is learned later ---


def conflicts(story: Case) -> list[Booking]:
    with acting(story.manager):
        return bookings_in_conflict(story.viewer(), story.dossier, story.world.now)


def test_an_appointment_that_would_bring_them_together_by_what_was_learned_later_is_told(story: Case) -> None:
    made = story.book(story.client)
    assert conflicts(story) == []
    story.seen_at()
    assert conflicts(story) == [made]
    with acting(story.manager):
        assert own_conflicts(story.viewer(), story.world.now, 10) == [made]
    with acting(story.companion):
        assert own_conflicts(story.viewer(story.companion), story.world.now, 10) == []


def test_also_where_somebody_turns_out_to_be_the_reported_person(story: Case) -> None:
    made = story.book(story.client, story.witness)
    story.turns_out_to_be_reported(story.witness)
    assert conflicts(story) == [made]


def test_what_a_supervisor_let_in_is_not_told_again(story: Case) -> None:
    story.seen_at()
    story.book(story.client, by=story.supervisor, override_reason="Polisi mendampingi.")
    first = story.book(story.client, starts_at=story.at(9, 15))
    story.world.now += timedelta(seconds=1)
    story.book(
        story.reported,
        by=story.supervisor,
        starts_at=story.at(9, 15),
        override_reason="Dipisah ruang, polisi berjaga.",
    )
    assert first not in conflicts(story) and conflicts(story) == []


def test_a_file_moves_on_also_where_something_booked_is_in_the_way(story: Case) -> None:
    story.book(story.client)
    story.seen_at()
    story.world.move(story.filed, "closed")
    assert story.world.rows("SELECT DISTINCT stage FROM agenda_seat") == [("closed",)]


def test_a_moved_appointment_leaves_its_place_and_is_held_to_the_new_one(story: Case) -> None:
    made = story.book(story.client)
    story.book(story.reported, starts_at=story.at(7, 14), staff=[story.companion.id])
    told = {"side": "client", "why": "her_wish", "venue": story.office}
    with pytest.raises(Apart):
        story.do(bookings.move, made, starts_at=story.at(7, 13), ends_at=story.at(7, 14), **told)
    assert Booking.objects.using("owner").get(id=made.id).state == "planned"
    moved = story.do(bookings.move, made, starts_at=story.at(8, 9), ends_at=story.at(8, 10), **told)
    assert Booking.objects.using("owner").get(id=made.id).state == "moved" and moved.moved_from_id == made.id
    assert story.book(story.reported, staff=[story.companion.id]).id


def test_who_is_in_it_reads_so_on_the_pages_and_among_what_waits(story: Case) -> None:
    made = story.book(story.client)
    browser = story.world.client(story.manager)
    pages = (f"/agenda/{made.id}/", f"/berkas/{story.filed.reference}/", "/hari-ini/")
    assert not any("erlapor mungkin ada" in browser.get(page).content.decode() for page in pages)
    story.seen_at()
    assert all("erlapor mungkin ada" in browser.get(page).content.decode() for page in pages)
    day = {"side": "client", "why": "not_safe", "venue": story.court}
    story.do(bookings.move, made, starts_at=made.starts_at, ends_at=made.ends_at, **day)
    assert not any("erlapor mungkin ada" in browser.get(page).content.decode() for page in pages)
