"""A report about somebody of the service: walls before everybody of that rank, and another one decides."""

import pytest
from django.db import transaction

from ruangaman.access.models import User, Wall
from ruangaman.access.states import Role
from ruangaman.intake import actions, queries
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.models import Report
from ruangaman.intake.states import Channel, Triage, TriageReason
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from tests.access.filled import tried
from tests.intake.reaching import decide
from tests.intake.roster import announce
from tests.worlds import Filed, World, acting


def about_staff(world: World, accused: str = "") -> Filed:
    number, code, now = new_id(), new_code(), clock.now()
    told = Told(
        story="Tentang seorang petugas.",
        reporter_kind="victim",
        about_staff=True,
        accused=accused,
        place="31.73.01",
    )
    with transaction.atomic(), filing(number, now):
        dossier = receive(dossier_id=number, told=told, channel=Channel.WEB, at=now, code=code)
    return Filed(dossier, code)


@pytest.fixture
def officers(world: World) -> list[User]:
    return [
        world.person(role, tag=tag)
        for role, tag in (
            (Role.INTAKE_OFFICER, ""),
            (Role.INTAKE_OFFICER, "-dua"),
            (Role.COMPANION, ""),
            (Role.CASE_MANAGER, ""),
        )
    ]


@pytest.fixture
def supervisor(world: World) -> User:
    return world.person(Role.SUPERVISOR)


def keep_out(world: World, filed: Filed, person: User, by: User) -> None:
    viewer = world.viewer(by)
    with acting(by):
        actions.keep_out(viewer=viewer, dossier=filed.dossier, person=person.id, at=clock.now())


def test_nobody_of_that_rank_sees_it_counts_it_or_is_told_of_it(
    world: World, officers: list[User], supervisor: User
) -> None:
    filed = about_staff(world)
    world.rows("DELETE FROM notices_delivery; DELETE FROM notices_notice")
    announce(filed)
    told = {row[0] for row in world.rows("SELECT person_id FROM notices_notice")}
    assert supervisor.id in told
    for person in officers:
        assert person.id not in told
        browser = world.client(person)
        for address in ("berkas/{}/", "laporan/{}/triase/", "laporan/{}/tembok/", "laporan/{}/gabung/"):
            assert browser.get("/" + address.format(filed.reference)).status_code == 404
        assert filed.reference not in browser.get("/laporan/").content.decode()
        assert filed.reference not in browser.get("/hari-ini/").content.decode()
        viewer = world.viewer(person)
        with acting(person):
            assert queries.count_unanswered(viewer) == 0
            assert queries.untriaged(viewer, 100) == []
            for table in ("intake_report", "intake_story", "intake_thread", "access_wall"):
                assert tried(f"SELECT 1 FROM {table}") == []
    assert world.client(supervisor).get(f"/berkas/{filed.reference}/").status_code == 200


def test_who_comes_to_the_unit_later_is_kept_out_too(world: World, supervisor: User) -> None:
    filed = about_staff(world)
    late = world.person(Role.INTAKE_OFFICER, tag="-baru")
    assert world.client(late).get(f"/berkas/{filed.reference}/").status_code == 404
    head = world.person(Role.HEAD)
    assert world.client(head).get(f"/berkas/{filed.reference}/").status_code == 200
    world.seat(supervisor, world.unit, Role.INTAKE_OFFICER)
    assert world.client(supervisor).get(f"/berkas/{filed.reference}/").status_code == 200


def test_a_supervisor_whose_name_is_told_does_not_decide_and_the_head_does(world: World) -> None:
    accused, head = world.person(Role.SUPERVISOR), world.person(Role.HEAD)
    filed = about_staff(world, accused=accused.name)
    assert world.client(accused).get(f"/berkas/{filed.reference}/").status_code == 404
    decide(world, filed, Triage.HEAD_OFFICE, TriageReason.COMES_HERSELF, by=head)
    assert Report.objects.using("owner").get().triage == Triage.HEAD_OFFICE


def test_who_takes_it_over_is_let_in_and_still_does_not_decide(
    world: World, officers: list[User], supervisor: User
) -> None:
    filed = about_staff(world)
    browser = world.client(supervisor)
    page = browser.get(f"/laporan/{filed.reference}/tembok/").content.decode()
    assert all(person.name in page for person in officers)
    wall = Wall.objects.using("owner").get(person_id=officers[0].id)
    answered = browser.post(f"/laporan/{filed.reference}/tembok/", {"lift": str(wall.id)})
    assert answered.status_code == 302
    assert world.client(officers[0]).get(f"/berkas/{filed.reference}/").status_code == 200
    assert world.client(officers[1]).get(f"/berkas/{filed.reference}/").status_code == 404
    with pytest.raises(Refused, match="Hanya penyelia atau kepala"):
        decide(world, filed, Triage.OUTREACH, TriageReason.CANNOT_COME, by=officers[0])
    assert world.client(officers[0]).get(f"/laporan/{filed.reference}/tembok/").status_code == 404
    again = browser.post(f"/laporan/{filed.reference}/tembok/", {"lift": str(wall.id)})
    assert again.status_code == 400
    raised = browser.post(f"/laporan/{filed.reference}/tembok/", {"person": str(officers[0].id)})
    assert raised.status_code == 302
    assert world.client(officers[0]).get(f"/berkas/{filed.reference}/").status_code == 404


def test_one_of_rank_always_stays_who_can_decide(world: World, supervisor: User) -> None:
    head = world.person(Role.HEAD)
    filed = about_staff(world)
    keep_out(world, filed, head, by=supervisor)
    assert world.client(head).get(f"/berkas/{filed.reference}/").status_code == 404
    with pytest.raises(Refused, match="sudah dijauhkan"):
        keep_out(world, filed, head, by=supervisor)
    with pytest.raises(Refused, match="Paling sedikit satu"):
        keep_out(world, filed, supervisor, by=supervisor)
    assert world.client(supervisor).get(f"/berkas/{filed.reference}/").status_code == 200


def test_who_is_kept_out_does_not_read_in_the_journal_that_there_is_a_file(
    world: World, supervisor: User
) -> None:
    head = world.person(Role.HEAD)
    filed = about_staff(world)
    keep_out(world, filed, head, by=supervisor)
    with acting(head):
        assert tried("SELECT 1 FROM ledger_entry WHERE dossier_id = %s", [filed.dossier.id]) == []


def test_an_officer_raises_no_wall_and_lifts_none_in_raw_sql(world: World) -> None:
    ordinary = world.file(reporter_kind="victim")
    officer, viewer = world.person(Role.INTAKE_OFFICER), world.viewer(world.person(Role.INTAKE_OFFICER))
    with acting(officer), pytest.raises(Refused, match="Hanya penyelia"):
        actions.keep_out(
            viewer=viewer,
            dossier=ordinary.dossier,
            person=world.person(Role.HEAD).id,
            at=clock.now(),
        )
    filed = about_staff(world)
    with acting(officer):
        assert (
            tried("UPDATE access_wall SET lifted_at = now() WHERE dossier_id = %s", [filed.dossier.id]) == []
        )
    assert not Wall.objects.using("owner").filter(lifted_at__isnull=False).exists()
