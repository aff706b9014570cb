"""Powers need two other persons: in the pages, in the actions, and by raw SQL."""

import threading
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from ruangaman.access import actions, policies
from ruangaman.access.models import Membership, Organisation, PowerProposal, User
from ruangaman.access.queries import accounts, administered, open_proposals
from ruangaman.access.states import Decision, OrganisationKind, PowerKind, Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.worlds import World, acting


def propose(
    world: World, by: User, subject: User, role: str = Role.SUPERVISOR, kind: str = PowerKind.GIVE
) -> PowerProposal:
    viewer = world.viewer(by)
    with acting(by):
        return actions.propose_power(
            viewer=viewer,
            kind=PowerKind(kind),
            user=subject,
            organisation=world.unit,
            role=role,
            at=clock.now(),
        )


def decide(world: World, by: User, proposal: PowerProposal, approve: bool = True) -> None:
    viewer = world.viewer(by)
    with acting(by):
        actions.decide_power(viewer=viewer, proposal_id=proposal.id, approve=approve, at=clock.now())


def roles_of(user: User) -> set[str]:
    return set(Membership.objects.using("owner").filter(user=user, until=None).values_list("role", flat=True))


def test_a_role_is_given_when_a_second_person_says_yes(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal = propose(world, admin, officer)
    assert roles_of(officer) == {Role.INTAKE_OFFICER}
    decide(world, head, proposal)
    assert roles_of(officer) == {Role.INTAKE_OFFICER, Role.SUPERVISOR}
    told = world.rows("SELECT verb, actor_id, objects_named, fields_named FROM ledger_entry ORDER BY id")
    assert told == [
        ("power_proposed", admin.id, [proposal.id, officer.id], ["supervisor"]),
        ("power_approved", head.id, [proposal.id, officer.id], ["supervisor"]),
    ]


def test_a_role_is_taken_when_a_second_person_says_yes(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    decide(world, head, propose(world, admin, officer, Role.INTAKE_OFFICER, PowerKind.TAKE))
    assert roles_of(officer) == set()


def test_a_role_that_is_held_already_is_not_held_twice(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    decide(world, head, propose(world, admin, officer, Role.INTAKE_OFFICER))
    assert Membership.objects.using("owner").filter(user=officer).count() == 1


def test_a_refused_proposal_gives_nothing_and_can_not_be_decided_again(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal = propose(world, admin, officer)
    decide(world, head, proposal, approve=False)
    assert roles_of(officer) == {Role.INTAKE_OFFICER}
    with pytest.raises(Refused, match="sudah diputuskan"):
        decide(world, head, proposal)
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'power_refused'") == [(1,)]


def test_who_proposed_can_not_approve(world: World) -> None:
    head, officer = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    proposal = propose(world, head, officer)
    with pytest.raises(Refused, match="Anda buat sendiri"):
        decide(world, head, proposal)
    assert roles_of(officer) == {Role.INTAKE_OFFICER}


def test_whom_it_is_about_can_not_approve(world: World) -> None:
    admin, head = world.person(Role.ADMINISTRATOR), world.person(Role.HEAD)
    proposal = propose(world, admin, head)
    with pytest.raises(Refused, match="tentang Anda"):
        decide(world, head, proposal)
    assert roles_of(head) == {Role.HEAD}


def test_nobody_proposes_for_oneself(world: World) -> None:
    head = world.person(Role.HEAD)
    with pytest.raises(Refused, match="diri sendiri"):
        propose(world, head, head)


@pytest.mark.parametrize("role", [r for r in Role.values if r not in policies.POWER_ROLES])
def test_other_roles_neither_propose_nor_decide(world: World, role: str) -> None:
    with pytest.raises(Refused, match="Hanya administrator"):
        policies.check_can_propose(roles=[role], proposer=uuid4(), subject=uuid4())
    with pytest.raises(Refused, match="Hanya administrator"):
        policies.check_can_decide(
            roles=[role], decider=uuid4(), proposer=uuid4(), subject=uuid4(), decision=Decision.OPEN
        )


def test_administrators_of_another_region_see_and_decide_nothing(world: World) -> None:
    admin, officer = world.person(Role.ADMINISTRATOR), world.person(Role.INTAKE_OFFICER)
    stranger = world.person(Role.ADMINISTRATOR, world.other)
    proposal = propose(world, admin, officer)
    viewer = world.viewer(stranger)
    with acting(stranger):
        assert open_proposals(viewer) == []
        assert administered(viewer) == [world.other.id]
        assert [user.id for user in accounts(viewer)] == [stranger.id]
        assert not Membership.objects.filter(user=officer).exists()
    with pytest.raises(PowerProposal.DoesNotExist):
        decide(world, stranger, proposal)
    with pytest.raises(DatabaseError, match="row-level security"):
        propose(world, stranger, officer)
    answer = world.client(stranger).post(f"/kelola/peran/{proposal.id}/setuju/")
    assert answer.status_code == 404
    assert roles_of(officer) == {Role.INTAKE_OFFICER}


def test_who_looks_after_a_province_looks_after_all_below_and_nothing_above(world: World) -> None:
    province = Organisation.objects.using("owner").create(
        kind=OrganisationKind.PROVINCE, name="Provinsi", place_id="31"
    )
    world.rows("UPDATE access_organisation SET parent_id = %s WHERE id = %s", [province.id, world.unit.id])
    post = world.organisation(OrganisationKind.POST, "Pos", "31.73.01", parent=world.unit)
    above, below = world.person(Role.ADMINISTRATOR, province), world.person(Role.HEAD)
    with acting(above):
        assert set(administered(world.viewer(above))) >= {province.id, world.unit.id, post.id}
    with acting(below):
        assert set(administered(world.viewer(below))) == {world.unit.id, post.id}


# --- by raw SQL, as an injected statement would ---------------------------------------------------------------------


def test_no_membership_is_written_by_hand(world: World) -> None:
    head, officer = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    with acting(head):
        values = [officer.id, world.unit.id]
        assert tried(
            "INSERT INTO access_membership (id, user_id, organisation_id, role, since) "
            "VALUES (gen_random_uuid(), %s, %s, 'supervisor', now())", values
        ) is None  # fmt: skip
        assert (
            tried("UPDATE access_membership SET role = 'supervisor' WHERE user_id = %s", values[:1]) is None
        )
        assert tried("DELETE FROM access_membership") is None


def test_an_undecided_proposal_is_not_applied(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal = propose(world, admin, officer)
    for person in (admin, head):
        with acting(person):
            assert tried("SELECT door.apply_power(%s)", [proposal.id]) is None
            assert tried("SELECT door.apply_power(%s)", [uuid4()]) is None
    assert roles_of(officer) == {Role.INTAKE_OFFICER}


APPROVE = (
    "UPDATE access_powerproposal SET decision = 'approved', decided_by_id = %s, decided_at = now() "
    "WHERE id = %s RETURNING 1"
)


def test_the_proposer_can_not_approve_by_hand_in_any_name(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal = propose(world, admin, officer)
    with acting(admin):
        for name in (admin.id, head.id, officer.id, None):
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connections["default"].cursor() as cursor,
            ):
                cursor.execute(APPROVE, [name, proposal.id])
        for column in ("proposed_by_id", "user_id", "role", "organisation_id", "applied_at", "kind"):
            assert tried(f"UPDATE access_powerproposal SET {column} = {column}") is None
        assert tried("DELETE FROM access_powerproposal") is None


def test_nobody_proposes_by_hand_in_somebody_elses_name(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    insert = (
        "INSERT INTO access_powerproposal (id, kind, user_id, organisation_id, role, proposed_by_id, proposed_at, "
        "decision, decided_by_id, decided_at) VALUES (gen_random_uuid(), 'give', %s, %s, 'head', %s, now(), %s, %s, {})"
    )
    with acting(admin):
        assert tried(insert.format("NULL"), [officer.id, world.unit.id, admin.id, "open", None]) == []
        assert tried(insert.format("NULL"), [officer.id, world.unit.id, head.id, "open", None]) is None
        assert tried(insert.format("NULL"), [admin.id, world.unit.id, admin.id, "open", None]) is None
        assert tried(insert.format("NULL"), [officer.id, world.other.id, admin.id, "open", None]) is None
        assert (
            tried(insert.format("now()"), [officer.id, world.unit.id, admin.id, "approved", head.id]) is None
        )


def test_an_approval_by_hand_is_applied_once_and_by_the_approver_only(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal = propose(world, admin, officer)
    with acting(head):
        world.rows(APPROVE, [head.id, proposal.id], using="default")
    with acting(admin):
        assert tried("SELECT door.apply_power(%s)", [proposal.id]) is None
    with acting(head):
        world.rows("SELECT door.apply_power(%s)", [proposal.id], using="default")
        assert tried("SELECT door.apply_power(%s)", [proposal.id]) is None


def test_an_approver_who_lost_the_power_meanwhile_gives_nothing(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    proposal, viewer = propose(world, admin, officer), world.viewer(head)
    world.rows("UPDATE access_membership SET until = now() WHERE role = 'head'")
    with acting(head), pytest.raises(PowerProposal.DoesNotExist):
        actions.decide_power(viewer=viewer, proposal_id=proposal.id, approve=True, at=clock.now())


def test_two_approvals_at_once_give_the_role_once(world: World) -> None:
    admin, officer = world.person(Role.ADMINISTRATOR), world.person(Role.INTAKE_OFFICER)
    deciders = [world.person(Role.HEAD, tag=str(number)) for number in range(6)]
    proposal = propose(world, admin, officer)
    start, answers = threading.Barrier(len(deciders)), []

    def press(decider: User) -> None:
        start.wait()
        try:
            decide(world, decider, proposal)
            answers.append("yes")
        except Refused:
            answers.append("decided already")
        finally:
            connections.close_all()

    hands = [threading.Thread(target=press, args=[decider]) for decider in deciders]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == ["decided already"] * (len(deciders) - 1) + ["yes"]
    assert Membership.objects.using("owner").filter(user=officer, role=Role.SUPERVISOR).count() == 1
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE verb = 'power_approved'") == [(1,)]


# --- on the pages -----------------------------------------------------------------------------------------------------


def test_the_page_says_who_must_decide_and_takes_the_second_persons_yes(world: World) -> None:
    admin, head, officer = (world.person(r) for r in (Role.ADMINISTRATOR, Role.HEAD, Role.INTAKE_OFFICER))
    form = {"kind": "give", "user": officer.id, "organisation": world.unit.id, "role": "supervisor"}
    first, second = world.client(admin), world.client(head)
    assert first.post("/kelola/peran/", form).status_code == 302
    proposal = PowerProposal.objects.using("owner").get()
    assert b"Orang kedua yang harus memutuskan" in first.get("/kelola/peran/").content
    first.post(f"/kelola/peran/{proposal.id}/setuju/")
    assert roles_of(officer) == {Role.INTAKE_OFFICER}
    assert second.post(f"/kelola/peran/{proposal.id}/setuju/").status_code == 302
    assert roles_of(officer) == {Role.INTAKE_OFFICER, Role.SUPERVISOR}


def test_the_page_takes_no_proposal_for_oneself_or_for_another_region(world: World) -> None:
    admin, stranger = world.person(Role.ADMINISTRATOR), world.person(Role.HEAD, world.other)
    browser = world.client(admin)
    for user, organisation in ((admin, world.unit), (stranger, world.unit), (admin, world.other)):
        form = {"kind": "give", "user": user.id, "organisation": organisation.id, "role": "head"}
        assert browser.post("/kelola/peran/", form).status_code == 200
    assert not PowerProposal.objects.using("owner").exists()


def test_a_new_account_has_no_power_and_no_password(world: World) -> None:
    admin = world.person(Role.ADMINISTRATOR)
    form = {"name": "Rekaan Baru", "email": "Baru@unit.example"}
    browser = world.client(admin)
    assert browser.post("/kelola/orang/", form).status_code == 302
    made = User.objects.using("owner").get(email="baru@unit.example")
    assert roles_of(made) == set()
    assert not made.has_usable_password()
    assert browser.post("/kelola/orang/", form).status_code == 200
    assert world.rows("SELECT objects_named FROM ledger_entry WHERE verb = 'account_made'") == [([made.id],)]


def test_the_first_seat_of_an_installation_is_given_by_the_owner_alone(world: World) -> None:
    newcomer = User.objects.using("owner").create(email="pertama@unit.example", name="Pertama")
    with acting(world.person(Role.HEAD)), pytest.raises(DatabaseError), transaction.atomic():
        actions.seat(user=newcomer, organisation=world.unit, role=Role.HEAD, since=world.now, at=world.now)
    assert len(actions.temporary_password()) >= 16
