"""Who comes after a report about staff, or takes another name: kept out until compared, and for good if meant."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from ruangaman.access.actions import decide_power, make_account, propose_power
from ruangaman.access.models import Organisation, User, Wall
from ruangaman.access.states import PowerKind, Role
from ruangaman.intake import policies
from ruangaman.intake.models import LaterName, Transfer
from ruangaman.kernel import clock
from ruangaman.notices.states import Kind
from tests.access.erasing import approve, carry_out
from tests.access.filled import tried
from tests.intake.handing_on import every_minute, file, hand_on, named
from tests.intake.joining import answered, merge, split
from tests.intake.later_names import NAME, comes, compare, reads, renamed, walls
from tests.notices.working import run, told
from tests.worlds import Filed, World, acting


@pytest.fixture
def supervisor(world: World) -> User:
    """Somebody of rank who is there from the beginning, and not meant."""
    return named(world, Role.SUPERVISOR, "Ratih Kusumadewi")


# --- whose name it is: pure -----------------------------------------------------------------------------------------


def bearer(name: str, former: str = "", *, let_in: bool = False) -> policies.Bearer:
    return policies.Bearer(uuid4(), name, former or name, let_in)


@pytest.mark.parametrize(
    "name", [NAME, "Drs. H. Bambang Prasetyo, M.Si.", "Prasetyo Bambang", "Bambang Prasetio", "Bambang bin Prasetyo"]
)  # fmt: skip
def test_a_title_another_order_and_another_spelling_are_the_same_name(name: str) -> None:
    one = bearer(name)
    assert policies.meant(told=["Pak Bambang Prasetyo"], people=[one]) == [one.id]


def test_another_name_is_not_meant_and_neither_is_anybody_by_no_name() -> None:
    assert policies.meant(told=[NAME], people=[bearer("Ratih Kusumadewi"), bearer("")]) == []
    assert policies.meant(told=[], people=[bearer(NAME)]) == []
    assert policies.meant(told=[""], people=[bearer(NAME)]) == []


def test_who_was_let_in_by_hand_stays_in_under_the_same_name_and_goes_under_a_new_one() -> None:
    with_title, new = bearer(f"Ir. {NAME}", NAME, let_in=True), bearer(NAME, "Agus Salim", let_in=True)
    assert policies.meant(told=[NAME], people=[with_title, new]) == [new.id]


# --- who comes later ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HEAD, Role.DATA_OFFICER])
def test_who_comes_back_under_a_new_account_reads_nothing_before_the_task_and_after_it(
    world: World, supervisor: User, role: Role
) -> None:
    filed = file(world, NAME)
    accused = comes(world, f"Pak {NAME}, S.H.", role)
    assert not reads(world, accused, filed), "nobody has compared the name yet"
    assert walls(filed, accused) == 0
    compare()
    assert walls(filed, accused) == 1
    assert not reads(world, accused, filed)
    assert reads(world, supervisor, filed)
    assert not LaterName.objects.using("owner").exists()


def test_through_the_pages_of_the_administrators_it_is_the_same(world: World, supervisor: User) -> None:
    filed, now = file(world, NAME), clock.now()
    first, second = world.person(Role.ADMINISTRATOR), world.person(Role.ADMINISTRATOR, tag="-dua")
    with acting(first):
        accused = make_account(email="kembali@unit.example", name=NAME, by=first.id, at=now)
    viewer = world.viewer(first)
    with acting(first):
        unit = Organisation.objects.get(id=world.unit.id)
        asked = propose_power(
            viewer=viewer, kind=PowerKind.GIVE, user=accused, organisation=unit, role=Role.SUPERVISOR, at=now
        )
    viewer = world.viewer(second)
    with acting(second):
        decide_power(viewer=viewer, proposal_id=asked.id, approve=True, at=now)
    assert not reads(world, accused, filed)
    compare()
    assert (walls(filed, accused), reads(world, accused, filed)) == (1, False)


def test_somebody_of_another_name_reads_it_once_they_were_compared(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    head = comes(world, "Sri Wahyuni", Role.HEAD)
    assert not reads(world, head, filed)
    compare()
    assert reads(world, head, filed)
    assert walls(filed, head) == 0


def test_nobody_waits_for_a_report_that_tells_no_name_nor_for_any_other(
    world: World, supervisor: User
) -> None:
    nameless, ordinary = file(world), world.file()
    head = comes(world, NAME, Role.HEAD)
    assert reads(world, head, nameless)
    assert reads(world, head, ordinary)
    assert not LaterName.objects.using("owner").exists()


def test_a_seat_in_another_unit_opens_nothing_and_keeps_nobody_waiting(
    world: World, supervisor: User
) -> None:
    filed = file(world, NAME)
    other = comes(world, NAME, Role.SUPERVISOR, world.other)
    assert not LaterName.objects.using("owner").exists()
    world.seat(other, world.unit, Role.HEAD)
    assert not reads(world, other, filed)
    compare()
    assert (walls(filed, other), reads(world, other, filed)) == (1, False)


def test_an_account_that_was_closed_when_it_was_filed_is_compared_when_it_is_opened_again(
    world: World, supervisor: User
) -> None:
    accused = named(world, Role.HEAD, NAME)
    User.objects.using("owner").filter(id=accused.id).update(is_active=False)
    filed = file(world, NAME)
    assert walls(filed, accused) == 0
    User.objects.using("owner").filter(id=accused.id).update(is_active=True)
    assert not reads(world, accused, filed)
    compare()
    assert (walls(filed, accused), reads(world, accused, filed)) == (1, False)


def test_a_seat_that_had_ended_and_begins_again_is_compared(world: World, supervisor: User) -> None:
    accused = named(world, Role.HEAD, NAME)
    world.rows("UPDATE access_membership SET until = now() WHERE user_id = %s", [accused.id])
    filed = file(world, NAME)
    world.rows("UPDATE access_membership SET until = NULL WHERE user_id = %s", [accused.id])
    assert not reads(world, accused, filed)
    compare()
    assert walls(filed, accused) == 1


# --- who takes another name -----------------------------------------------------------------------------------------


def test_who_takes_the_name_reads_nothing_from_that_statement_on(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    head = comes(world, "Agus Salim", Role.HEAD)
    compare()
    assert reads(world, head, filed)
    renamed(head, NAME)
    assert not reads(world, head, filed)
    compare()
    assert (walls(filed, head), reads(world, head, filed)) == (1, False)


def test_who_takes_another_name_and_is_not_meant_reads_on(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    renamed(supervisor, "Ratih Kusumadewi, M.Psi.")
    assert not reads(world, supervisor, filed)
    compare()
    assert reads(world, supervisor, filed)


def test_a_rename_to_another_name_lifts_no_wall(world: World, supervisor: User) -> None:
    head = named(world, Role.HEAD, NAME)
    filed = file(world, NAME)
    assert walls(filed, head) == 1
    renamed(head, "Agus Salim")
    compare()
    assert (walls(filed, head), reads(world, head, filed)) == (1, False)


def test_there_and_back_before_the_task_came_is_compared_with_the_name_of_now(
    world: World, supervisor: User
) -> None:
    filed = file(world, NAME)
    renamed(supervisor, NAME)
    renamed(supervisor, "Ratih Kusumadewi")
    assert LaterName.objects.using("owner").count() == 1
    compare()
    assert reads(world, supervisor, filed)


def test_who_was_let_in_by_hand_stays_in_with_a_title_and_not_with_the_accuseds_name(
    world: World, supervisor: User
) -> None:
    alike, officer = named(world, Role.HEAD, NAME), named(world, Role.INTAKE_OFFICER, "Agus Salim")
    filed = file(world, NAME)
    browser = world.client(supervisor)
    for person in (alike, officer):
        wall = Wall.objects.using("owner").get(person_id=person.id, lifted_at=None)
        assert browser.post(f"/laporan/{filed.reference}/tembok/", {"lift": str(wall.id)}).status_code == 302
        assert reads(world, person, filed)
    renamed(alike, f"Drs. {NAME}")
    renamed(officer, NAME)
    compare()
    assert (reads(world, alike, filed), reads(world, officer, filed)) == (True, False)


# --- which files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["case", "closed"])
def test_it_holds_when_the_report_is_a_case_and_when_it_has_ended(
    world: World, supervisor: User, stage: str
) -> None:
    filed = file(world, NAME)
    world.move(filed, stage)
    accused, other = comes(world, NAME), comes(world, "Sri Wahyuni")
    assert not reads(world, accused, filed)
    compare()
    assert (reads(world, accused, filed), reads(world, other, filed)) == (False, True)
    assert walls(filed, accused) == 1


def test_a_wall_of_the_task_goes_with_the_report_into_the_case(world: World, supervisor: User) -> None:
    filed = file(world, NAME)
    accused = comes(world, NAME)
    compare()
    world.move(filed, "case")
    assert not reads(world, accused, filed)


def test_a_report_that_was_merged_and_the_part_that_was_split_off_are_compared(
    world: World, supervisor: User
) -> None:
    filed, whole = file(world, NAME), file(world, NAME)
    merge(world, filed, world.file(), by=supervisor)
    part = Filed(split(world, whole, by=supervisor), whole.code)
    accused = comes(world, NAME)
    compare()
    for one in (filed, whole, part):
        assert (walls(one, accused), reads(world, accused, one)) == (1, False)


def test_while_it_waits_in_another_unit_who_comes_there_under_that_name_does_not_see_that_it_waits(
    world: World,
) -> None:
    named(world, Role.SUPERVISOR, "Ratih Kusumadewi", world.other)
    filed = file(world, NAME)
    sent = hand_on(filed)
    assert sent is not None
    accused, other = (comes(world, name, Role.HEAD, world.other) for name in (NAME, "Sri Wahyuni"))
    see = "SELECT 1 FROM intake_transfer"
    for person in (accused, other):
        with acting(person):
            assert tried(see) == []
            assert tried("SELECT door.answer_transfer(%s, true, NULL, %s)", [sent.id, uuid4()]) == [(False,)]
    compare()
    with acting(accused):
        assert tried(see) == []
    with acting(other):
        assert tried(see) == [(1,)]
    taken = answered(world, sent, accept=True, by=other)
    assert taken is not None
    assert walls(Filed(taken, filed.code), accused) == 1, "and of the report that was made of it"


def test_in_the_unit_that_took_it_over_it_goes_on(world: World) -> None:
    there = named(world, Role.SUPERVISOR, "Ratih Kusumadewi", world.other)
    filed = file(world, NAME)
    sent = hand_on(filed)
    assert sent is not None
    taken = answered(world, sent, accept=True, by=there)
    assert taken is not None
    accused = comes(world, NAME, Role.HEAD, world.other)
    compare()
    assert (walls(Filed(taken, filed.code), accused), reads(world, accused, Filed(taken, filed.code))) == (
        1,
        False,
    )


def test_who_reads_by_a_grant_from_elsewhere_and_takes_the_name_is_kept_out(
    world: World, supervisor: User
) -> None:
    filed = file(world, NAME)
    companion = named(world, Role.COMPANION, "Agus Salim", world.other)
    world.grant(filed, companion.id, "file")
    world.move(filed, "case")
    assert reads(world, companion, filed)
    renamed(companion, NAME)
    assert not reads(world, companion, filed)
    compare()
    assert walls(filed, companion) == 1


def test_where_nobody_is_left_who_may_read_it_it_is_handed_on(world: World, supervisor: User) -> None:
    named(world, Role.SUPERVISOR, "Sri Wahyuni", world.other)
    filed = file(world, NAME)
    renamed(supervisor, NAME)
    every_minute()
    assert not Transfer.objects.using("owner").exists(), "a name that was not compared yet is no reason"
    compare()
    put = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.hand_on' AND args->>'dossier_id' = %s"
    assert world.rows(put, [str(filed.dossier.id)]) == [(2,)], "at filing, and now"
    every_minute()
    assert Transfer.objects.using("owner").get().to_unit_id == world.other.id


def test_nobody_is_told_of_it_by_mail_before_they_were_compared_and_who_is_meant_never(
    world: World, supervisor: User
) -> None:
    filed = file(world, NAME)
    accused, other = comes(world, NAME), comes(world, "Sri Wahyuni")
    told([accused, other], Kind.DANGER, cause="danger:1", dossier=filed.dossier.id)
    mail.outbox.clear()
    run()
    assert mail.outbox == []
    for person in (accused, other):
        with acting(person):
            assert tried("SELECT 1 FROM notices_notice") == []
    compare()
    run(clock.now() + timedelta(minutes=3))
    assert [one.to for one in mail.outbox] == [[other.email]]
    for person, seen in ((accused, []), (other, [(1,)])):
        with acting(person):
            assert tried("SELECT 1 FROM notices_notice") == seen


def test_an_erasure_takes_along_who_waits(world: World, supervisor: User) -> None:
    for role in (Role.DATA_OFFICER, Role.HEAD):
        world.person(role)  # there before, so that they read it
    filed, kept = file(world, NAME), file(world, NAME)
    comes(world, NAME)
    approve(world, filed)
    assert carry_out(filed)
    left = LaterName.objects.using("owner").values_list("dossier_id", flat=True).distinct()
    assert list(left) == [kept.dossier.id]
    compare()
    assert not LaterName.objects.using("owner").exists()
