"""What the journal holds of a look into a dossier, and from whom it is kept."""

from ruangaman.access import actions
from ruangaman.access.states import Role
from ruangaman.kernel import clock
from tests.worlds import World, acting


def test_who_reads_the_sealed_parts_of_a_dossier_stands_in_the_ledger(world: World) -> None:
    filed, officer = world.file(phone="0812", means="text"), world.person(Role.INTAKE_OFFICER)
    assert world.client(officer).get(f"/berkas/{filed.reference}/").status_code == 200
    assert world.rows(
        "SELECT actor_id, unit_id, dossier_id, fields_named FROM ledger_entry WHERE verb = 'opened'"
    ) == [(officer.id, world.unit.id, filed.dossier.id, ["narrative", "reporter"])]


def test_a_look_that_opens_nothing_sealed_is_no_opening(world: World) -> None:
    filed, officer = world.file(), world.person(Role.DATA_OFFICER)
    assert world.client(officer).get(f"/berkas/{filed.reference}/").status_code == 200
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'opened'") == [(0,)]


def test_a_head_who_is_walled_off_is_not_told_so_by_the_journal(world: World) -> None:
    head, supervisor = world.person(Role.HEAD), world.person(Role.SUPERVISOR)
    filed, other = world.file(), world.file()
    with acting(supervisor):
        actions.raise_wall(dossier=filed.dossier, person=head.id, by=supervisor.id, at=clock.now())
    page = world.client(head).get("/jurnal/").content.decode()
    assert other.reference in page
    assert page.count("laporan diterima") == 1
    assert "memasang tembok" not in page
    watcher = world.client(world.person(Role.DATA_OFFICER)).get("/jurnal/").content.decode()
    assert "memasang tembok" in watcher
