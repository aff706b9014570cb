"""care.md 21: a colleague who assists the other side, or is kin to it, finds the file no more, whatever their role."""

import pytest

from ruangaman.access.models import User
from ruangaman.access.states import Role
from ruangaman.justice import actions, queries
from ruangaman.kernel.errors import Refused
from tests.justice.scene import Accused
from tests.worlds import World, acting


@pytest.fixture
def case(world: World) -> Accused:
    return Accused(world)


def keep_out(case: Accused, by: User, person: User) -> None:
    with acting(by):
        actions.keep_out(
            viewer=case.world.viewer(by), dossier=case.filed.dossier, person=person.id, at=case.world.now
        )


def test_who_is_walled_finds_nothing_of_the_file_any_more(case: Accused) -> None:
    case.accuse(-1)
    assert case.steps_seen_by(case.lawyer)
    sent = case.world.client(case.manager).post(
        case.address("tembok/"), {"colleague": str(case.lawyer.id)}, follow=True
    )
    assert sent.status_code == 200 and case.lawyer.name in sent.content.decode()
    assert case.steps_seen_by(case.lawyer) == set()
    browser = case.world.client(case.lawyer)
    for page in (f"/berkas/{case.filed.reference}/", case.address(), case.address("balik/")):
        assert browser.get(page).status_code == 404
    assert "Atur tembok" in case.page(case.manager)
    with acting(case.manager):
        viewer = case.world.viewer(case.manager)
        told = queries.guards_of(viewer, case.filed.dossier.id, lawyers=True)
    assert case.lawyer.id not in told  # and is off the team
    verbs = {verb for (verb,) in case.world.rows("SELECT verb FROM ledger_entry")}
    assert {"walled", "team_left"} <= verbs


def test_by_rank_nobody_looks_over_a_wall(case: Accused) -> None:
    head = case.world.person(Role.HEAD)
    assert case.world.client(head).get(f"/berkas/{case.filed.reference}/").status_code == 200
    keep_out(case, case.supervisor, head)
    assert case.world.client(head).get(f"/berkas/{case.filed.reference}/").status_code == 404
    assert case.world.client(head).get(case.address("tembok/")).status_code == 404


def test_a_wall_is_raised_once_never_for_oneself_and_not_for_who_holds_the_case(case: Accused) -> None:
    keep_out(case, case.manager, case.lawyer)
    with pytest.raises(Refused, match="sudah terpasang"):
        keep_out(case, case.manager, case.lawyer)
    with pytest.raises(Refused, match="diri sendiri"):
        keep_out(case, case.supervisor, case.supervisor)
    case.world.rows(
        "INSERT INTO cases_case (id, dossier_id, unit_id, stage, manager_id, taken_at, risk) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now(), '' FROM access_dossier",
        [case.manager.id],
    )
    with pytest.raises(Refused, match="memegang kasusnya"):
        keep_out(case, case.supervisor, case.manager)
    other = case.world.person(Role.CASE_MANAGER, tag="two")
    case.world.rows("UPDATE cases_case SET manager_id = %s", [other.id])
    keep_out(case, case.supervisor, case.manager)
    assert case.world.client(case.manager).get(f"/berkas/{case.filed.reference}/").status_code == 404


def test_only_who_supervises_takes_a_wall_down_and_it_gives_nobody_their_place_back(case: Accused) -> None:
    keep_out(case, case.manager, case.lawyer)
    wall = str(case.world.rows("SELECT id FROM access_wall")[0][0])
    open_it = case.address("tembok/buka/")
    assert case.world.client(case.manager).post(open_it, {"wall": wall}).status_code == 409
    assert "Buka<span" not in case.world.client(case.manager).get(case.address("tembok/")).content.decode()
    assert case.world.client(case.supervisor).post(open_it, {"wall": "x"}).status_code == 400
    assert case.world.client(case.supervisor).post(open_it, {"wall": wall}).status_code == 302
    assert case.world.rows("SELECT count(*) FROM access_wall WHERE lifted_at IS NULL") == [(0,)]
    assert case.world.client(case.lawyer).get(f"/berkas/{case.filed.reference}/").status_code == 404


def test_who_does_not_look_after_the_team_raises_no_wall(case: Accused) -> None:
    companion = case.world.person(Role.COMPANION)
    case.join(companion, Role.COMPANION)
    for user in (case.lawyer, companion, case.advocate, case.world.person(Role.DATA_OFFICER)):
        browser = case.world.client(user)
        assert browser.get(case.address("tembok/")).status_code == 404
        sent = browser.post(case.address("tembok/"), {"colleague": str(case.manager.id)})
        assert sent.status_code == 404
    assert case.world.rows("SELECT count(*) FROM access_wall") == [(0,)]
    assert "Atur tembok" not in case.page(companion)
