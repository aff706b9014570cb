"""The pages of the calendar, and of what a unit owes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ruangaman.access.duties import Kind
from ruangaman.access.states import Role
from ruangaman.clocks import duties
from ruangaman.clocks.models import Holiday, UnitClock
from ruangaman.kernel import clock
from tests.worlds import World, acting


def today() -> date:
    return timezone.localdate(clock.now())


def text(response: Any) -> str:
    return str(response.content.decode())


def day_off(**changed: Any) -> dict[str, Any]:
    return {
        "day": "2027-06-22",
        "kind": "regional",
        "name": "HUT Kota Rekaan",
        "source": "SE 1/2027",
        **changed,
    }


def test_a_lawyer_adds_a_regional_day_off_and_takes_it_back(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    assert lawyer.post("/tenggat/kalender/", day_off()).status_code == 302
    page = text(lawyer.get("/tenggat/kalender/?tahun=2027"))
    assert "HUT Kota Rekaan" in page
    assert "HUT Kota Rekaan" not in text(lawyer.get("/tenggat/kalender/?tahun=2026"))
    row = Holiday.objects.using("owner").get(owner_id=world.unit.id)
    head = world.client(world.person(Role.HEAD, world.other))
    assert head.post(f"/tenggat/kalender/{row.id}/batalkan/").status_code == 404
    lawyer.post(f"/tenggat/kalender/{row.id}/batalkan/")
    assert not Holiday.objects.using("owner").filter(owner_id=world.unit.id)


def test_the_nations_days_stand_there_and_are_taken_back_by_nobody(world: World) -> None:
    head = world.client(world.person(Role.HEAD))
    page = text(head.get("/tenggat/kalender/?tahun=2026"))
    assert "Hari libur nasional" in page
    assert "Cuti bersama" in page
    national = Holiday.objects.using("owner").filter(owner_id=None)[0]
    assert f"/tenggat/kalender/{national.id}/" not in page
    assert head.post(f"/tenggat/kalender/{national.id}/batalkan/").status_code == 404
    assert Holiday.objects.using("owner").filter(id=national.id).exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"day": ""}, "Tulis tanggalnya"),
        ({"day": "1999-01-01"}, "Periksa tahunnya"),
        ({"day": "9999-12-31"}, "Periksa tahunnya"),
        ({"kind": "national"}, "tidak ada di daftar"),
        ({"name": " "}, "Tulis hari apa"),
        ({"source": ""}, "Tulis dasarnya"),
        ({"name": "x" * 4000}, "terlalu panjang"),
    ],
)
def test_a_day_that_can_not_be_is_refused(world: World, changed: dict[str, Any], says: str) -> None:
    sent = world.client(world.person(Role.LAWYER)).post("/tenggat/kalender/", day_off(**changed))
    assert sent.status_code == 400
    assert says in text(sent)
    assert not Holiday.objects.using("owner").filter(owner_id=world.unit.id)


def test_a_day_is_added_once(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    lawyer.post("/tenggat/kalender/", day_off())
    again = lawyer.post("/tenggat/kalender/", day_off(name="Nama lain"))
    assert again.status_code == 400
    assert "Nama lain" in text(again)
    assert Holiday.objects.using("owner").filter(owner_id=world.unit.id).count() == 1


def test_a_year_that_is_none_shows_the_present_one(world: World) -> None:
    lawyer = world.client(world.person(Role.LAWYER))
    for asked in ("x", "99999", "1999", "-2026", "²⁰²⁶", "0" * 500):
        assert lawyer.get(f"/tenggat/kalender/?tahun={asked}").context["year"] == today().year


def test_a_supervisor_reads_the_calendar_and_adds_nothing(world: World) -> None:
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.post("/tenggat/kalender/", day_off()).status_code == 404
    assert not Holiday.objects.using("owner").filter(owner_id=world.unit.id)


# --- what a unit owes ---


def found(hours_ago: int = 2) -> dict[str, str]:
    local = timezone.localtime(clock.now() - timedelta(hours=hours_ago))
    return {"found_at": local.strftime("%Y-%m-%dT%H:%M")}


def of_unit(world: World) -> list[UnitClock]:
    return list(UnitClock.objects.using("owner").filter(unit_id=world.unit.id).select_related("definition"))


def test_a_breach_starts_both_its_deadlines_from_when_it_was_known(world: World) -> None:
    officer = world.person(Role.DATA_OFFICER)
    browser = world.client(officer)
    assert browser.post("/tenggat/unit/", found()).status_code == 302
    running = of_unit(world)
    assert {one.code for one in running} == {"breach-person", "breach-authority"}
    for one in running:
        assert one.due_at - one.started_at == timedelta(hours=72)
    page = text(browser.get("/tenggat/unit/"))
    assert all(one.definition.name in page for one in running)
    with acting(officer):
        asked = duties.of_the_unit(world.viewer(officer), clock.now(), 10)
    assert {(duty.kind, duty.url) for duty in asked} == {(Kind.UNIT, "/tenggat/unit/")}
    assert len(asked) == 2


def test_a_breach_is_written_once_and_never_half(world: World) -> None:
    browser = world.client(world.person(Role.DATA_OFFICER))
    browser.post("/tenggat/unit/", found())
    again = browser.post("/tenggat/unit/", found())
    assert again.status_code == 400
    assert len(of_unit(world)) == 2


def test_a_breach_of_tomorrow_is_refused(world: World) -> None:
    sent = world.client(world.person(Role.HEAD)).post("/tenggat/unit/", found(hours_ago=-30))
    assert sent.status_code == 400
    assert "belum terjadi" in text(sent)
    assert not of_unit(world)


def test_what_was_done_is_told_with_a_note(world: World) -> None:
    browser = world.client(world.person(Role.HEAD))
    browser.post("/tenggat/unit/", found())
    one = of_unit(world)[0]
    address = f"/tenggat/unit/{one.id}/selesai/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"note": " "}).status_code == 400
    assert browser.post(address, {"note": "Surat 12/2026 ke lembaga."}).status_code == 302
    assert "Surat 12/2026" in text(browser.get("/tenggat/unit/"))
    assert browser.post(address, {"note": "Sekali lagi."}).status_code == 400


def test_who_watches_starts_no_breach_and_strangers_see_nothing(world: World) -> None:
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.get("/tenggat/unit/").status_code == 200
    assert supervisor.post("/tenggat/unit/", found()).status_code == 404
    world.client(world.person(Role.HEAD)).post("/tenggat/unit/", found())
    one = of_unit(world)[0]
    stranger = world.client(world.person(Role.HEAD, world.other))
    assert one.definition.name not in text(stranger.get("/tenggat/unit/")).split("<h2")[1]
    assert stranger.get(f"/tenggat/unit/{one.id}/selesai/").status_code == 404
    for role in (Role.INTAKE_OFFICER, Role.CASE_MANAGER, Role.PARTNER_OFFICER):
        assert world.client(world.person(role)).get("/tenggat/unit/").status_code == 404
