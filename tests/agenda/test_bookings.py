"""Appointments: made once, moved, missed, cancelled by whom and why; who may, who is told, and the pages for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from ruangaman.access.states import Role, Section
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.models import Booking, Seat
from ruangaman.agenda.states import BookingKind, ResourceKind
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.agenda.booked import KAPUK, Case, case
from tests.worlds import World, acting

SECRETS = ("Puskesmas rahasia", "bawa susu", "mobil di depan", "pendataan posyandu")
BECAUSE: dict[str, Any] = {"side": "client", "why": "her_wish"}


@pytest.fixture
def story(world: World) -> Case:
    return case(world)


def state(booking: Booking) -> str:
    return str(Booking.objects.using("owner").values_list("state", flat=True).get(id=booking.id))


def live(booking: Booking) -> int:
    return Seat.objects.using("owner").filter(booking_id=booking.id, is_live=True).count()


def notices(story: Case) -> set[tuple[Any, ...]]:
    return set(story.world.rows("SELECT person_id, kind FROM notices_notice WHERE cause LIKE 'booking:%%'"))


def test_texts_of_an_appointment_are_sealed(story: Case) -> None:
    place, note, plan, cover = SECRETS
    story.book(
        story.client,
        kind=BookingKind.HOME_VISIT,
        area=story.areas[KAPUK],
        where=place,
        note=note,
        safety_plan=plan,
        cover_reason=cover,
    )
    rows = str(story.world.rows("SELECT row_to_json(b), b.note, b.where FROM agenda_booking b"))
    assert not any(text in rows for text in SECRETS)


def test_a_form_that_was_sent_twice_books_once(story: Case) -> None:
    told = new_id()
    assert story.book(story.client, booking_id=told) == story.book(story.client, booking_id=told)
    assert story.world.rows("SELECT count(*) FROM agenda_booking") == [(1,)]


@pytest.mark.parametrize("kind", [BookingKind.OUTREACH, BookingKind.HOME_VISIT])
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"safety_plan": "Berdua."},
        {"cover_reason": "Posyandu."},
        {"safety_plan": " ", "cover_reason": " "},
    ],
)
def test_no_visit_without_a_safety_plan_and_a_cover_reason(
    story: Case, kind: str, told: dict[str, str]
) -> None:
    # care.md 5
    with pytest.raises(Refused, match="rencana keselamatan"):
        story.book(story.client, kind=kind, **told)


def test_no_visit_without_a_plan_in_the_database_either(story: Case) -> None:
    made = story.book(story.client)
    with pytest.raises(DatabaseError, match="agenda_visit_has_a_plan"):
        story.world.rows("UPDATE agenda_booking SET kind = 'home_visit' WHERE id = %s", [made.id])


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        ((-3, -1), "sudah lewat"),
        ((5, 5), "sesudah jam mulai"),
        ((5, 4), "sesudah"),
        ((5, 24 * 16), "14 hari"),
        ((24 * 800, 24 * 800 + 1), "dua tahun"),
    ],
)
def test_hours_that_can_not_be_are_told(story: Case, hours: tuple[int, int], why: str) -> None:
    starts, ends = (story.world.now + timedelta(hours=hour) for hour in hours)
    with pytest.raises(Refused, match=why):
        story.book(story.client, starts_at=starts, ends_at=ends)


def test_words_of_a_place_need_its_kelurahan(story: Case) -> None:
    with pytest.raises(Refused, match="kelurahan"):
        story.book(story.client, where="Balai RW", venue=None)


# --- nobody in two places ---


def test_somebody_who_is_taken_is_named(story: Case) -> None:
    story.book(story.client)
    with pytest.raises(Refused, match=f"sudah terisi: {story.manager.name}"):
        story.book(story.witness, starts_at=story.at(7, 10), venue=story.court)


def test_a_room_that_is_taken_is_named_and_its_building_is_the_place(story: Case) -> None:
    made = story.book(story.client, resources=[story.room], venue=None)
    assert made.venue_id == story.office.id and made.area_id == story.office.area_id
    with pytest.raises(Refused, match="sudah terisi: Ruang Melati"):
        story.book(story.witness, staff=[story.companion.id], resources=[story.room])
    with pytest.raises(Refused, match="Ruang Melati ada di Kantor Unit Uji"):
        story.book(story.witness, resources=[story.room], venue=story.court, starts_at=story.at(9, 9))


def test_one_after_the_other_is_no_clash(story: Case) -> None:
    first = story.book(story.client)
    assert story.book(story.client, starts_at=first.ends_at).id


def test_the_database_keeps_staff_from_two_places_whoever_asks(story: Case) -> None:
    made = story.book(story.client)
    with pytest.raises(DatabaseError, match="agenda_one_person_one_place"):
        story.world.rows(
            "INSERT INTO agenda_seat (id, dossier_id, unit_id, stage, section, booking_id, user_id, "
            "starts_at, ends_at, is_live) SELECT %s, dossier_id, unit_id, stage, section, booking_id, user_id, "
            "starts_at, ends_at, true "
            "FROM agenda_seat WHERE booking_id = %s AND user_id IS NOT NULL",
            [new_id(), made.id],
        )


# --- what becomes of it ---


@pytest.mark.parametrize("action", [bookings.cancel, bookings.move])
def test_a_change_has_a_side_and_a_reason_frees_the_hours_and_is_told(story: Case, action: Any) -> None:
    made = story.book(story.client, staff=[story.manager.id, story.companion.id])
    more = (
        {"starts_at": story.at(8, 9), "ends_at": story.at(8, 10), "venue": story.office}
        if action is bookings.move
        else {}
    )
    after = story.do(action, made, **BECAUSE, **more)
    assert live(made) == 0 and state(made) in ("cancelled", "moved")
    assert (story.companion.id, "booking_changed") in notices(story)
    assert story.world.rows(
        "SELECT changed_side, changed_why, changed_by_id FROM agenda_booking WHERE id = %s", [made.id]
    ) == [("client", "her_wish", story.manager.id)]
    if after:
        assert live(after) == live(made) + 3 and after.moved_from_id == made.id
    assert story.book(story.client).id  # the hours are free again


def test_a_move_keeps_note_and_plan_sealed_anew(story: Case) -> None:
    made = story.book(story.client, note="bawa susu")
    told = {"starts_at": story.at(8, 9), "ends_at": story.at(8, 10), "venue": story.office}
    after = story.do(bookings.move, made, **BECAUSE, **told)
    page = story.world.client(story.manager).get(f"/agenda/{after.id}/").content.decode()
    assert "bawa susu" in page and "Buka janji sebelum dipindah" in page


def test_it_is_done_or_missed_only_once_it_has_begun(story: Case) -> None:
    made = story.book(story.client)
    for action, why in ((bookings.done, {}), (bookings.miss, BECAUSE)):
        with pytest.raises(Refused, match="belum dimulai"):
            story.do(action, made, **why)
    story.do(bookings.done, made, at=made.starts_at)
    assert state(made) == "done"


def test_what_has_ended_stays(story: Case) -> None:
    made = story.book(story.client)
    story.do(bookings.cancel, made, **BECAUSE)
    for action in (bookings.cancel, bookings.miss):
        with pytest.raises(Refused):
            story.do(action, made, at=made.ends_at, **BECAUSE)
    with (
        pytest.raises(DatabaseError, match="ends once"),
        acting(story.manager),
        connections["default"].cursor() as c,
    ):
        c.execute("UPDATE agenda_booking SET state = 'planned' WHERE id = %s", [made.id])


def test_nobody_ends_it_in_the_name_of_another(story: Case) -> None:
    made = story.book(story.client)
    with (
        pytest.raises(DatabaseError, match="by who says so"),
        acting(story.manager),
        connections["default"].cursor() as c,
    ):
        c.execute(
            "UPDATE agenda_booking SET state = 'cancelled', changed_side = 'unit', changed_why = 'other', "
            "changed_by_id = %s, changed_at = now() WHERE id = %s",
            [story.companion.id, made.id],
        )


def test_staff_are_reminded_by_a_clock_that_ends_with_the_appointment(story: Case) -> None:
    made = story.book(story.client)
    clock = "SELECT due_at, ended_at IS NULL FROM clocks_clock WHERE code = 'appointment' AND about = %s"
    assert story.world.rows(clock, [made.id]) == [(made.starts_at, True)]
    story.do(bookings.cancel, made, **BECAUSE)
    assert story.world.rows(clock, [made.id]) == [(made.starts_at, False)]


# --- who ---


def test_a_partner_with_a_grant_sees_no_appointment_of_the_unit_and_makes_none(story: Case) -> None:
    made = story.book(story.client, section=Section.RISK)
    partner = story.world.person(Role.PARTNER_OFFICER)
    story.world.grant(story.filed, story.world.hospital.id, Section.RISK)
    story.world.grant(story.filed, story.world.hospital.id, Section.LEGAL, writes=True)
    with acting(partner):
        assert not Booking.objects.exists() and not Seat.objects.exists()
    client = story.world.client(partner)
    assert client.get(f"/agenda/{made.id}/").status_code == 404
    assert client.get(f"/agenda/{story.filed.reference}/baru/").status_code == 404


def test_who_sits_in_it_without_the_section_knows_the_hours_only(story: Case) -> None:
    guide = story.world.person(Role.SPIRITUAL_GUIDE)
    made = story.book(story.client, section=Section.PLAN, staff=[story.manager.id, guide.id])
    with acting(guide):
        assert Seat.objects.filter(user_id=guide.id).count() == 1 and not Booking.objects.exists()
    assert story.world.client(guide).get(f"/agenda/{made.id}/").status_code == 404
    page = story.world.client(guide).get(f"/agenda/?mulai={made.starts_at.date()}").content.decode()
    assert "Terisi" in page and story.filed.reference not in page


# --- pages ---


def typed(story: Case, **more: Any) -> dict[str, Any]:
    day = story.at(7, 9).date().isoformat()
    return {
        "booking_id": str(new_id()),
        "kind": "session",
        "day": day,
        "start": "09:00",
        "end": "11:00",
        "venue": str(story.office.id),
        "staff": [str(story.manager.id)],
        "people": [str(story.client.id)],
    } | more


def post(story: Case, data: dict[str, Any], client: Client | None = None) -> Any:
    browser = client or story.world.client(story.manager)
    return browser.post(f"/agenda/{story.filed.reference}/baru/", data)


def test_a_manager_books_in_the_browser_and_sees_it_on_the_files_page(story: Case) -> None:
    browser = story.world.client(story.manager)
    first = browser.get(f"/agenda/{story.filed.reference}/baru/")
    assert first.status_code == 200 and "govuk-error" not in first.content.decode()
    answer = post(story, typed(story, note="bawa susu"), browser)
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer["Location"]).content.decode()
    assert "Kantor Unit Uji" in page and "bawa susu" in page and "Klien · R. W." in page
    file = browser.get(f"/berkas/{story.filed.reference}/").content.decode()
    assert answer["Location"] in file and "Janji baru" in file
    assert story.world.rows("SELECT starts_at FROM agenda_booking") == [(story.at(7, 9),)]


def test_sealed_text_on_a_page_leaves_a_trace(story: Case) -> None:
    bare, full = (
        story.book(story.client),
        story.book(story.client, starts_at=story.at(8, 9), note="bawa susu"),
    )
    browser = story.world.client(story.manager)
    count = "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND %s = ANY (objects_named)"
    for made, traces in ((bare, 0), (full, 1)):
        assert browser.get(f"/agenda/{made.id}/").status_code == 200
        assert story.world.rows(count, [made.id]) == [(traces,)]


def test_what_was_typed_stays_when_two_would_meet_and_a_supervisor_can_be_asked(story: Case) -> None:
    story.seen_at()
    data = typed(story, note="bawa susu")
    answer = post(story, data)
    page = answer.content.decode()
    assert answer.status_code == 400 and "terlapor mungkin ada di sana" in page and "bawa susu" in page
    assert "Minta penyelia memutuskan" in page and "Alasan janji ini tetap dibuat" not in page
    assert notices(story) == set()
    assert post(story, data | {"ask": "on"}).status_code == 302
    assert notices(story) == {(story.supervisor.id, "second_person")}
    assert story.world.rows("SELECT count(*) FROM agenda_booking") == [(0,)]


def test_a_supervisor_writes_why_on_the_same_page(story: Case) -> None:
    story.seen_at()
    browser = story.world.client(story.supervisor)
    data = typed(story, staff=[str(story.supervisor.id)])
    page = post(story, data, browser).content.decode()
    assert "Alasan janji ini tetap dibuat" in page and "Minta penyelia" not in page
    answer = post(story, data | {"override_reason": "Polisi mendampingi."}, browser)
    assert answer.status_code == 302
    assert "Polisi mendampingi." in browser.get(answer["Location"]).content.decode()


def test_a_manager_who_sends_a_reason_of_their_own_is_not_let_in(story: Case) -> None:
    story.seen_at()
    assert post(story, typed(story, override_reason="Aman.")).status_code == 400
    assert story.world.rows("SELECT count(*) FROM agenda_booking") == [(0,)]


@pytest.mark.parametrize(
    "broken",
    [
        {"day": "31-02-2027"},
        {"start": "25:99"},
        {"venue": "bukan-gedung"},
        {"staff": [str(new_id())]},
        {"people": [str(new_id())]},
        {"section": "journal"},
        {"area": KAPUK},
        {"note": "x" * 2001},
        {"until_day": "2020-01-01"},
        {"kind": "mediation"},
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(story: Case, broken: dict[str, Any]) -> None:
    answer = post(story, typed(story, **broken))
    assert answer.status_code == 400 and "govuk-error-message" in answer.content.decode()
    assert story.world.rows("SELECT count(*) FROM agenda_booking") == [(0,)]


def test_an_appointment_is_moved_missed_and_cancelled_in_the_browser(story: Case) -> None:
    browser = story.world.client(story.manager)
    made = story.book(story.client)
    shown = browser.get(f"/agenda/{made.id}/pindah/")
    assert shown.status_code == 200 and 'value="09:00"' in shown.content.decode()
    day = story.at(9, 9).date().isoformat()
    told = {**BECAUSE, "booking_id": str(new_id()), "day": day, "start": "13:00", "end": "14:00"}
    answer = browser.post(f"/agenda/{made.id}/pindah/", told | {"venue": str(story.office.id)})
    assert answer.status_code == 302 and state(made) == "moved"
    again = answer["Location"]
    assert browser.post(f"{again}tidak-terlaksana/", BECAUSE).status_code == 400  # it has not begun
    assert browser.post(f"{again}terlaksana/").status_code == 409
    assert browser.post(f"{again}batal/", {"side": "unit"}).status_code == 400
    assert browser.post(f"{again}batal/", BECAUSE).status_code == 302
    page = browser.get(again).content.decode()
    assert "Dibatalkan" in page and "Klien memintanya" in page and "Pindahkan" not in page


# --- what can be booked ---


def test_a_head_keeps_the_list_of_buildings_and_rooms(story: Case) -> None:
    browser = story.world.client(story.world.person(Role.HEAD))
    told = {"what": "venue", "venue-name": "Puskesmas Kapuk", "venue-area": KAPUK}
    assert browser.post("/agenda/sarana/", told).status_code == 302
    assert browser.post("/agenda/sarana/", told).status_code == 400
    room = {"what": "resource", "resource-kind": ResourceKind.ROOM, "resource-name": "Ruang Mawar"}
    assert browser.post("/agenda/sarana/", room).status_code == 400  # in which building?
    assert browser.post("/agenda/sarana/", room | {"resource-venue": str(story.court.id)}).status_code == 302
    page = browser.get("/agenda/sarana/").content.decode()
    assert "Puskesmas Kapuk" in page and "Ruang Mawar" in page
    assert browser.post(f"/agenda/sarana/{story.court.id}/pakai/").status_code == 302
    form = story.world.client(story.manager).get(f"/agenda/{story.filed.reference}/baru/").content.decode()
    assert "Puskesmas Kapuk" in form and "Pengadilan Uji" not in form


def test_others_do_not_keep_it(story: Case) -> None:
    assert story.world.client(story.manager).get("/agenda/sarana/").status_code == 404
    for other in (story.world.person(Role.HEAD, story.world.other), story.manager):
        with acting(other), connections["default"].cursor() as cursor:
            cursor.execute("UPDATE agenda_venue SET is_active = false")
            assert cursor.rowcount == 0
    elsewhere = story.world.client(story.world.person(Role.HEAD, story.world.other))
    assert elsewhere.post(f"/agenda/sarana/{story.court.id}/pakai/").status_code == 404


def test_a_shelter_is_no_place_for_an_appointment(story: Case) -> None:
    # care.md 19
    story.world.rows(
        "INSERT INTO network_facility (id, organisation_id, kind, name, address, phone, note, always_open, rank) "
        "VALUES (%s, %s, 'shelter', 'Rumah Teduh', '', '', '', true, 1)",
        [new_id(), story.world.unit.id],
    )
    browser = story.world.client(story.world.person(Role.HEAD))
    told = {"what": "venue", "venue-name": "rumah-teduh", "venue-area": KAPUK}
    answer = browser.post("/agenda/sarana/", told)
    assert answer.status_code == 400 and "tidak bisa menjadi tempat janji" in answer.content.decode()
    assert "Rumah Teduh" not in browser.get("/agenda/sarana/").content.decode()
