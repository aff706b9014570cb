"""One person written down twice, and somebody looked for. Source: care.md 18; issue 5."""

import re

import pytest

from tests.journeys.arranging import a_person, a_report, born, clients_of
from tests.journeys.one_report import Case
from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

WIDTHS = pytest.mark.parametrize("wide", [True, False], ids=["1280px", "360px"])


@WIDTHS
def test_one_person_written_down_twice_is_shown_beside_herself_linked_and_undone(
    visitors: Visitors, site: Site, wide: bool
) -> None:
    """Source: care.md 18 (nothing merges itself); issue 5 (a merge shows both, keeps both, and can be undone)."""
    case = Case(site, a_report(site))
    a_person(site, case.reference, "client", "Mawar Kusumaningrum", born_on=born(27))
    a_person(site, case.reference, "client", "Mawar Koesoemaningroem", born_on=born(27))
    officer = visitors.staff("petugas", wide=wide)
    case.follow(officer, "Orang yang sama?", "alike")
    officer.reads("tahun lahir sama")
    officer.page.get_by_role("link", name=re.compile("^Bandingkan")).first.click()
    officer.heading("Dua catatan, satu orang?")
    for name in ("Mawar Kusumaningrum", "Mawar Koesoemaningroem"):
        officer.reads(name)
    officer.look("two records")
    officer.press("Orang yang sama")
    case.back(officer)
    officer.reads("juga dicatat sebagai")
    officer.look("file with one person of two records")
    assert ones_of(site, case) == 1
    officer.page.get_by_role("link", name=re.compile("^Batalkan")).click()
    officer.look("undo two records")
    officer.press("Batalkan keputusan")
    case.back(officer)
    officer.reads("dibatalkan")
    assert "juga dicatat sebagai" not in officer.page.inner_text("main")
    assert ones_of(site, case) == 2


def ones_of(site: Site, case: Case) -> int:
    sql = "SELECT count(DISTINCT one_id) FROM people_person WHERE id = ANY(%s::uuid[])"
    return int(site.rows(sql, [clients_of(site, case.reference)])[0][0])


@WIDTHS
def test_a_look_up_is_no_oracle_and_another_unit_is_only_named(
    visitors: Visitors, site: Site, wide: bool
) -> None:
    """Source: care.md 18."""
    case, name = Case(site, a_report(site)), "Anggraini Wulandari" if wide else "Wulandari Anggraeni Putri"
    a_person(site, case.reference, "client", name, born_on=born(33))
    officer = visitors.staff("petugas", wide=wide)

    def look_for(who: Visitor, **told: str) -> str:
        who.go("/orang/cari/")
        for label, value in {"Nama": name, **told}.items():
            who.page.get_by_label(re.compile(f"^{label}")).fill(value)
        who.press("Cari")
        assert name.split()[0] not in who.page.url and name.split()[0] not in who.page.title()
        return who.page.inner_text("main")

    assert case.reference not in look_for(officer), "a name alone shows nothing"
    officer.look("look-up of one identifier")
    found = look_for(officer, **{"Tahun lahir": born(33)[:4]})
    assert case.reference in found and name not in found
    officer.look("look-up with a hit")

    stranger = visitors.staff("tetangga", wide=wide)
    told = look_for(stranger, **{"Tahun lahir": born(33)[:4]})
    assert "Hubungi UPT PPA DKI Jakarta" in told and case.reference not in told
    stranger.look("look-up that names another unit")
    officer.go("/orang/cari/")
    supervisor = visitors.staff("penyelia", wide=wide)
    supervisor.go("/orang/cari/jejak/")
    supervisor.reads("belum dikaitkan")
    supervisor.look("trace of look-ups")
    assert name not in supervisor.page.content()
    look_for(officer, **{"Tahun lahir": born(33)[:4]})
    officer.press(f"Ini berkasnya {case.reference}")
    supervisor.page.reload()
    supervisor.page.get_by_role("link", name=case.reference).first.wait_for()
