"""Where she feels safe to stay is said where a shelter is asked and where it works, to nobody else (care.md 22)."""

from ruangaman.access.states import Role
from ruangaman.consent.states import Service
from ruangaman.people.policies.profiles import Courtesy
from ruangaman.people.states import PlaceChoice
from tests.cases.cases import case
from tests.people.profiles import tell
from tests.services.referring import planned_with, sent
from tests.worlds import World

ALONE = Courtesy(called="Rere", place=PlaceChoice.ALONE.value)
LOOKS = "SELECT count(*) FROM ledger_entry WHERE verb = 'opened' AND 'courtesy' = ANY (fields_named)"


def test_care_22_who_asks_a_shelter_is_told_where_she_feels_safe(world: World) -> None:
    way = case(world)
    tell(world, way, way.manager, way.client, ALONE)
    page, where = world.client(way.manager), f"/rujukan/{way.reference}/kirim/"
    planned_with(way, world.hospital)
    assert "Kamar sendiri" not in page.get(where).content.decode()
    planned_with(way, world.hospital, Service.SHELTER)
    assert world.rows(LOOKS) == [(0,)]
    assert "merasa aman tinggal: Kamar sendiri" in page.get(where).content.decode()
    assert world.rows(LOOKS) == [(1,)]


def test_care_22_who_works_in_the_shelter_reads_it_where_the_stay_is_recorded(world: World) -> None:
    way = case(world)
    tell(world, way, way.manager, way.client, ALONE)
    officer = world.person(Role.SHELTER_OFFICER)
    way.consent(Service.SHELTER)
    way.plan(way.need(Service.SHELTER)[Service.SHELTER], officer)
    text = world.client(officer).get(f"/berkas/{way.reference}/").content.decode()
    assert "<strong>Merasa aman tinggal:</strong> Kamar sendiri" in text


def test_care_22_a_partners_shelter_is_never_told_by_the_system(world: World) -> None:
    asked = sent(world, service=Service.SHELTER)
    tell(world, asked.way, asked.way.manager, asked.way.client, ALONE)
    for where in (asked.page, f"/berkas/{asked.way.reference}/"):
        text = asked.browser.get(where).content.decode()
        assert "Kamar sendiri" not in text
        assert "Rere" not in text
