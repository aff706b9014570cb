"""Appointments: two who must not meet are kept apart, a week on a telephone, a calendar without names; who goes out
comes back, or is looked for.
"""

import re
import urllib.request
from datetime import datetime, timedelta
from urllib.error import HTTPError

import pytest
import vobject
from playwright.sync_api import Locator, expect

from tests.journeys.one_report import HERE
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site
from tests.journeys.working import run_task

COMPANION, SUPERVISOR = "Sari Contoh", "Yanti Contoh"
BUILDING, ROOM, KELURAHAN = "Balai Warga Contoh Sebelas", "Ruang Melati Sebelas", "31.73.01.1001"
# Far enough that nobody of the demonstration has an appointment yet.
DAY = (datetime.now(HERE) + timedelta(days=45)).strftime("%Y-%m-%d")
REASON = "Masuk lewat pintu samping, diantar dua petugas; keamanan gedung menunggu di lorong."


def a_case(site: Site, *, of: str = "pendamping", without: str = "rohani") -> str:
    """The number of a case of the demonstration that a companion is on the team of, and the guide is not."""
    live = (
        "EXISTS (SELECT FROM access_grant g JOIN access_user u ON u.id = g.principal_id WHERE g.dossier_id = d.id "
        "AND g.withdrawn_at IS NULL AND g.until > now() AND g.section = 'file' AND u.email = %s)"
    )
    part = "EXISTS (SELECT FROM people_part p WHERE p.dossier_id = d.id AND p.status = 'active' AND p.role = '{}')"
    found = site.rows(
        f"SELECT d.reference FROM access_dossier d WHERE d.stage = 'case' AND {live} AND NOT {live} "
        f"AND {part.format('client')} AND {part.format('reported')} ORDER BY d.opened_at DESC LIMIT 1",
        [f"{of}@contoh.example", f"{without}@contoh.example"],
    )
    assert found, "the demonstration holds no such case"
    return str(found[0][0])


def begin(person: Visitor, reference: str, hours: tuple[str, str], kind: str = "Pertemuan layanan") -> None:
    """Open the form of a new appointment from the file, and say what for and when."""
    assert person.go(f"/berkas/{reference}/") == 200
    person.page.get_by_role("link", name="Janji baru").click()
    person.heading("Janji baru")
    person.look("new appointment")
    person.page.get_by_label("Jenis janji").select_option(label=kind)
    person.page.get_by_label("Tanggal", exact=True).fill(DAY)
    person.page.get_by_label("Mulai jam").fill(hours[0])
    person.page.get_by_label("Selesai jam").fill(hours[1])


def at_the_building(person: Visitor) -> None:
    person.page.get_by_role("combobox", name=re.compile("^Gedung")).select_option(label=BUILDING)
    person.page.get_by_label(re.compile(f"^{ROOM}")).check()
    client = person.page.get_by_role("group", name="Orang di berkas ini").get_by_label(re.compile("^Klien"))
    expect(client.first).to_be_checked()  # nobody forgets the one whom it is about


def count_of(site: Site, table: str, reference: str) -> int:
    """How many rows a file has in a table."""
    sql = (
        f"SELECT count(*) FROM {table} r JOIN access_dossier d ON d.id = r.dossier_id WHERE d.reference = %s"
    )
    return int(site.rows(sql, [reference])[0][0])


def test_two_who_must_not_meet_are_booked_apart_unless_a_supervisor_says_why(
    visitors: Visitors, site: Site
) -> None:
    """Source: care.md 5 and 6; issue 4, "No-encounter"."""
    reference = a_case(site)
    supervisor, companion = visitors.staff("penyelia"), visitors.staff("pendamping", wide=False)
    the_supervisor_writes_a_building_and_a_room(supervisor)
    the_companion_tells_where_the_reported_person_is(companion, reference)

    before = count_of(site, "agenda_booking", reference)
    begin(companion, reference, ("10:00", "11:00"))
    at_the_building(companion)
    companion.page.get_by_label("Catatan").fill("Bawa berkas sekolah.")
    companion.press("Buat janji")
    companion.reads("Pada jam dan tempat ini terlapor mungkin ada di sana")
    companion.look("appointment refused")
    assert companion.page.get_by_label("Catatan").input_value() == "Bawa berkas sekolah.", (
        "what was typed stays"
    )
    companion.page.get_by_label("Minta penyelia memutuskan").check()
    companion.press("Buat janji")
    companion.reads("Penyelia diberi tahu.")
    assert count_of(site, "agenda_booking", reference) == before
    # An hour after he has gone is not far enough either; two are.
    begin(companion, reference, ("16:30", "17:30"))
    at_the_building(companion)
    companion.press("Buat janji")
    companion.reads("Pada jam dan tempat ini terlapor mungkin ada di sana")
    companion.page.get_by_label("Mulai jam").fill("18:00")
    companion.page.get_by_label("Selesai jam").fill("19:00")
    companion.press("Buat janji")
    companion.heading("Pertemuan layanan")
    companion.reads(BUILDING)
    companion.look("appointment")
    apart = companion.page.url

    the_supervisor_decides(supervisor, reference)
    assert count_of(site, "agenda_booking", reference) == before + 2
    its_week_is_read_by_its_people_and_is_only_taken_for_the_others(visitors, reference)
    for stranger in ("tetangga", "admin", "mitra", "rohani"):
        person = visitors.staff(stranger)
        for page in (
            apart,
            supervisor.page.url,
            f"/agenda/{reference}/kehadiran/",
            f"/agenda/{reference}/baru/",
        ):
            assert person.go(page) == 404, f"{stranger} got {page}"


def the_supervisor_writes_a_building_and_a_room(supervisor: Visitor) -> None:
    supervisor.go("/agenda/")
    supervisor.page.get_by_role("link", name="Gedung dan sarana").click()
    supervisor.heading("Gedung dan sarana")
    supervisor.look("buildings and rooms")
    supervisor.page.get_by_label("Nama gedung").fill(BUILDING)
    supervisor.page.get_by_label("Kelurahan").select_option(KELURAHAN)
    supervisor.press("Tambahkan gedung")
    supervisor.reads("Ditambahkan.")
    supervisor.page.get_by_label("Ruang", exact=True).check()
    supervisor.page.get_by_label("Nama", exact=True).fill(ROOM)
    supervisor.press("Tambahkan")
    supervisor.reads("Pilih di gedung mana ruang ini.")
    supervisor.page.get_by_role("combobox", name=re.compile("^Gedung")).select_option(label=BUILDING)
    supervisor.press("Tambahkan")
    expect(supervisor.page.get_by_role("row").filter(has_text=ROOM)).to_contain_text(BUILDING)
    supervisor.look("buildings and rooms in use")


def the_companion_tells_where_the_reported_person_is(companion: Visitor, reference: str) -> None:
    companion.go(f"/berkas/{reference}/")
    companion.page.get_by_role("link", name="Catat atau ubah").click()
    companion.heading("Di mana terlapor biasanya")
    companion.look("presence")
    expect(companion.page.get_by_role("checkbox", checked=True)).to_have_count(7)
    companion.page.get_by_label("Dari jam").fill("08:00")
    companion.page.get_by_label("Sampai jam").fill("16:00")
    companion.press("Simpan")
    companion.reads("Pilih kelurahannya. Tanpa itu jarak tidak bisa dijaga.")
    companion.look("presence refused")
    companion.page.get_by_label("Di gedung yang dikenal unit").select_option(label=BUILDING)
    companion.press("Simpan")
    row = companion.page.get_by_role("row").filter(has_text=BUILDING)
    expect(row).to_contain_text("setiap hari, 08.00–16.00")
    companion.look("presence told")


def the_supervisor_decides(supervisor: Visitor, reference: str) -> None:
    supervisor.go("/pemberitahuan/")
    asked = supervisor.page.get_by_role("row").filter(has_text=reference)
    expect(asked.filter(has_text="Keputusan menunggu orang kedua")).to_have_count(1)
    begin(supervisor, reference, ("10:00", "11:00"))
    at_the_building(supervisor)
    supervisor.page.get_by_label(SUPERVISOR).uncheck()
    supervisor.page.get_by_label(COMPANION).check()
    assert supervisor.page.get_by_label("Alasan janji ini tetap dibuat").count() == 0, (
        "first he is told why not"
    )
    supervisor.press("Buat janji")
    supervisor.reads("Pada jam dan tempat ini terlapor mungkin ada di sana")
    supervisor.look("appointment refused to a supervisor")
    supervisor.press("Buat janji")
    supervisor.reads("Pada jam dan tempat ini terlapor mungkin ada di sana")
    supervisor.page.get_by_label("Alasan janji ini tetap dibuat").fill(REASON)
    supervisor.press("Buat janji")
    supervisor.heading("Pertemuan layanan")
    supervisor.reads("Tetap dibuat walau terlapor mungkin ada di sana")
    supervisor.reads(REASON)
    supervisor.look("appointment made all the same")


def its_week_is_read_by_its_people_and_is_only_taken_for_the_others(
    visitors: Visitors, reference: str
) -> None:
    for wide in (False, True):
        companion = visitors.staff("pendamping", wide=wide)
        companion.go(f"/agenda/?mulai={DAY}")
        companion.heading("Agenda")
        expect(companion.page.get_by_role("link", name="Pertemuan layanan")).to_have_count(2)
        companion.look("week")
        companion.page.get_by_role("link", name="Lihat satu hari").click()
        companion.look("day")
    guide = visitors.staff("rohani", wide=False)
    guide.go(f"/agenda/?mulai={DAY}")
    guide.page.get_by_label("Rekan", exact=True).select_option(label=COMPANION)
    guide.press("Tampilkan")
    guide.heading(f"Agenda: {COMPANION}")
    guide.look("week of a colleague")
    expect(guide.page.locator(".week__row--taken")).to_have_count(2)
    for hidden in (reference, BUILDING, "Pertemuan layanan"):
        assert hidden not in guide.page.inner_text("main"), hidden


def test_a_telephone_reads_the_calendar_by_its_secret_and_finds_hours_without_names(
    visitors: Visitors, site: Site
) -> None:
    reference, companion = a_case(site), visitors.staff("pendamping", wide=False)
    begin(companion, reference, ("20:00", "21:00"), "Rapat atau pertemuan")
    companion.press("Buat janji")
    companion.heading("Rapat atau pertemuan")
    companion.go("/agenda/")
    companion.page.get_by_role("link", name="Kalender di telepon saya").click()
    companion.look("calendar")
    first = new_address(companion, "Buat alamat")
    companion.look("calendar with its address")

    text = fetched(first)
    events = list(vobject.readOne(text).vevent_list)
    assert {event.summary.value for event in events} == {"Janji"}
    when = datetime.fromisoformat(f"{DAY}T20:00").replace(tzinfo=HERE)
    assert when in [event.dtstart.value for event in events]
    known = site.rows("SELECT name FROM access_user UNION SELECT reference FROM access_dossier UNION SELECT name "
                      "FROM agenda_venue UNION SELECT name FROM agenda_resource")  # fmt: skip
    for (word,) in known:
        assert word not in text, word
    for word in (
        "Contoh",
        "Rapat",
        "terlapor",
        "contoh.example",
        "LOCATION",
        "DESCRIPTION",
        "ATTENDEE",
        "ORGANIZER",
    ):
        assert word not in text, word

    companion.go("/agenda/kalender/")
    assert first not in companion.page.content(), "it is shown once"
    second = new_address(companion, "Buat alamat baru, tutup yang lama")
    assert vobject.readOne(fetched(second)).vevent_list
    refused(first)
    companion.press("Tutup alamat")
    companion.reads("Alamat kalender ditutup.")
    refused(second)


def new_address(companion: Visitor, button: str) -> str:
    companion.press(button)
    told = companion.page.locator("main code")
    expect(told).to_have_count(1)
    return told.inner_text().strip()


def fetched(address: str) -> str:
    """What a calendar gets: no browser, no cookie, no account."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        return str(answer.read().decode())


def refused(address: str) -> None:
    with pytest.raises(HTTPError) as refusal:
        fetched(address)
    assert refusal.value.code == 404
    refusal.value.close()


def test_who_does_not_come_back_is_looked_for_and_comes_back_with_two_taps(
    visitors: Visitors, site: Site
) -> None:
    """Source: issue 4, "Check-in and check-out of who goes out, with an alarm when a check-out is late"."""
    reference = a_case(site)
    companion = visitors.staff("pendamping", wide=False, script=False)
    companion.go("/agenda/")
    companion.page.get_by_role("link", name="Berangkat ke luar").click()
    companion.page.get_by_label(f"Berkas {reference}").check()
    companion.page.get_by_label("Kelurahan tujuan").select_option(KELURAHAN)
    companion.press("Saya berangkat")
    companion.reads("Anda sedang di luar. Lapor kembali sebelum")
    watching = visitors.staff("penyelia", wide=False)
    expect(out_now(watching)).to_contain_text(reference)
    expect(out_now(watching)).not_to_contain_text("terlambat")

    the_hour_passes(site, reference)
    supervisor = visitors.staff("penyelia")
    supervisor.go("/pemberitahuan/")
    told = supervisor.page.get_by_role("row").filter(has_text=reference)
    expect(told.filter(has_text="Petugas belum lapor kembali")).to_have_count(1)
    supervisor.finds(f"{COMPANION} belum lapor kembali").get_by_role("link").click()
    supervisor.heading("Siapa di luar")
    for person in (supervisor, watching):
        row = out_now(person)
        expect(row).to_contain_text("terlambat")
        expect(row).to_contain_text("Cengkareng Barat")
        person.look("who is out, one late")

    seen = visitors.staff("pendamping", wide=False)
    seen.go("/agenda/kembali/")
    seen.reads("terlambat")
    seen.look("late to come back")
    companion.go("/agenda/kembali/")
    companion.press("Tambah 30 menit")
    companion.reads("Anda sedang di luar. Lapor kembali sebelum")
    expect(out_now(watching)).not_to_contain_text("terlambat")
    the_hour_passes(site, reference)
    supervisor.go("/pemberitahuan/")
    expect(told.filter(has_text="Petugas belum lapor kembali")).to_have_count(2)

    companion.finds("Anda sedang di luar: lapor kembali sebelum").get_by_role("link").click()
    companion.press("Saya sudah kembali")
    companion.reads("Anda tidak tercatat sedang di luar.")
    expect(out_now(watching)).to_have_count(0)
    watching.look("nobody is out")
    for nobody in ("pendamping", "petugas", "admin", "mitra"):
        assert visitors.staff(nobody).go("/agenda/di-luar/") == 404, nobody


def out_now(supervisor: Visitor) -> Locator:
    """The companion's row on the page of who is out."""
    assert supervisor.go("/agenda/di-luar/") == 200
    return supervisor.page.get_by_role("row").filter(has_text=COMPANION)


def the_hour_passes(site: Site, reference: str) -> None:
    """It is a minute after the hour at which she meant to be back."""
    site.rows(
        "WITH out AS (UPDATE agenda_outing o SET out_at = now() - interval '2 hours', "
        "expected_at = now() - interval '1 minute' FROM access_dossier d "
        "WHERE d.id = o.dossier_id AND d.reference = %s AND o.back_at IS NULL RETURNING o.id) "
        "UPDATE clocks_clock c SET started_at = now() - interval '2 hours', due_at = now() - interval '1 minute', "
        "given_at = now() - interval '1 minute', fires_at = now() - interval '1 minute' "
        "FROM out WHERE c.about = out.id AND c.ended_at IS NULL",
        [reference],
    )
    run_task(site, "clocks.fire")
