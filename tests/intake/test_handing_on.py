"""A report about staff that nobody of its unit may read goes to another unit, and no page of its own unit shows it."""

from uuid import UUID, uuid4

import pytest
from django.core import mail

from ruangaman.access.models import Organisation, User
from ruangaman.access.states import Role
from ruangaman.intake import policies
from ruangaman.intake.models import Report, Transfer
from ruangaman.intake.states import Triage
from ruangaman.intake.states.handling import PassBasis, TransferState
from tests.access.filled import tried
from tests.intake.handing_on import every_minute, file, hand_on, leaves, named
from tests.intake.joining import answered
from tests.intake.roster import announce
from tests.worlds import World, acting


@pytest.fixture
def officer(world: World) -> User:
    return world.person(Role.INTAKE_OFFICER)


@pytest.fixture
def there(world: World) -> User:
    """The supervisor of the other unit."""
    return named(world, Role.SUPERVISOR, "Ratih Kusumadewi", world.other)


# --- whom it goes to: pure ------------------------------------------------------------------------------------------

OWN, CITY, PROVINCE, COUNTRY = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
ABOVE = {OWN: CITY, CITY: PROVINCE, PROVINCE: COUNTRY, COUNTRY: None}
BESIDE, HIGHER, ABOVE_ALL, SAME_PROVINCE, FAR, PARENT_UNIT = (UUID(int=n) for n in range(10, 16))
UNITS = {
    BESIDE: policies.Candidate(BESIDE, CITY, "31.74", True),
    HIGHER: policies.Candidate(HIGHER, PROVINCE, "31", True),
    ABOVE_ALL: policies.Candidate(ABOVE_ALL, COUNTRY, "", True),
    SAME_PROVINCE: policies.Candidate(SAME_PROVINCE, UUID(int=99), "31.75", True),
    FAR: policies.Candidate(FAR, None, "73.71", True),
}


def chosen(*units: UUID, asked: tuple[UUID, ...] = (), unread: tuple[UUID, ...] = ()) -> UUID | None:
    offered = [
        policies.Candidate(one, UNITS[one].parent, UNITS[one].place, one not in unread) for one in units
    ]
    return policies.next_unit(
        unit=OWN, place="31.73", above=ABOVE, units=[policies.Candidate(OWN, CITY, "31.73", True), *offered],
        asked=asked,
    )  # fmt: skip


def test_the_nearest_under_the_same_organisation_then_the_province_then_any() -> None:
    order = [BESIDE, HIGHER, ABOVE_ALL, SAME_PROVINCE, FAR]
    for place, unit in enumerate(order):
        assert chosen(*order[place:]) == unit
        assert chosen(*reversed(order[place:])) == unit, "not by the order of a table"
        assert chosen(*order, asked=tuple(order[:place])) == unit, "who said no is not asked again"
        assert chosen(*order, unread=tuple(order[:place])) == unit, "nor who has nobody to read it"
    assert chosen() is None, "never the unit itself"
    assert chosen(*order, asked=tuple(order)) is None


def test_a_unit_that_stands_over_it_is_nearer_than_one_beside_that() -> None:
    over = policies.Candidate(CITY, PROVINCE, "31.73", True)
    units = [UNITS[HIGHER], over]
    assert policies.next_unit(unit=OWN, place="31.73", above=ABOVE, units=units, asked=()) == CITY


def test_a_ring_of_organisations_and_a_unit_without_a_place_are_no_trap() -> None:
    ring = {OWN: CITY, CITY: OWN}
    assert policies.next_unit(unit=OWN, place="", above=ring, units=[UNITS[FAR]], asked=()) == FAR
    nowhere = policies.Candidate(FAR, None, "", True)
    assert policies.next_unit(unit=OWN, place="31.73", above={}, units=[nowhere], asked=()) == FAR


# --- when it goes ---------------------------------------------------------------------------------------------------


def test_where_a_supervisor_may_read_it_it_stays(world: World, there: User) -> None:
    world.person(Role.SUPERVISOR)
    filed = file(world, "Bambang Prasetyo")
    assert hand_on(filed) is None
    every_minute()
    assert Transfer.objects.using("owner").count() == 0


def test_in_a_unit_without_supervisor_and_head_it_goes_on(world: World, officer: User, there: User) -> None:
    filed = file(world)
    sent = hand_on(filed)
    assert sent is not None
    assert (sent.to_unit_id, sent.basis, sent.sent_by_id, sent.passes) == (
        world.other.id, PassBasis.UNREAD, None, "contact,story",
    )  # fmt: skip
    hand_on(filed)
    assert Transfer.objects.using("owner").count() == 1, "once"
    running = "SELECT code, ended_at FROM clocks_clock WHERE about = %s"
    assert world.rows(running, [sent.id]) == [("transfer", None)]
    told = world.rows("SELECT person_id, dossier_id FROM notices_notice WHERE kind = 'transfer'")
    assert told == [(there.id, None)]


def test_one_of_two_whose_name_is_told_stays_out_and_the_other_reads_it(world: World, there: User) -> None:
    accused, other = named(world, Role.SUPERVISOR, "Bambang Prasetyo"), world.person(Role.HEAD)
    filed = file(world, "Pak Bambang Prasetyo")
    assert hand_on(filed) is None
    assert world.client(other).get(f"/berkas/{filed.reference}/").status_code == 200
    assert world.client(accused).get(f"/berkas/{filed.reference}/").status_code == 404


def test_where_all_of_rank_bear_that_name_it_goes_on(world: World, there: User) -> None:
    named(world, Role.SUPERVISOR, "Bambang Prasetyo"), named(world, Role.HEAD, "Bambang Prasetio")
    assert hand_on(file(world, "Bambang Prasetyo")) is not None


@pytest.mark.parametrize("how", ["seat", "account"])
def test_when_the_last_of_rank_goes_the_task_of_every_minute_finds_it(
    world: World, there: User, how: str
) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    file(world)
    every_minute()
    assert Transfer.objects.using("owner").count() == 0
    if how == "seat":
        leaves(world, supervisor)
    else:
        User.objects.using("owner").filter(id=supervisor.id).update(is_active=False)
    every_minute()
    assert Transfer.objects.using("owner").get().to_unit_id == world.other.id


def test_where_a_colleague_was_let_in_and_works_on_it_it_stays_and_somebody_is_asked_for(
    world: World, officer: User, there: User
) -> None:
    supervisor, administrator = world.person(Role.SUPERVISOR), world.person(Role.ADMINISTRATOR)
    filed = file(world)
    world.rows("UPDATE access_wall SET lifted_at = now() WHERE person_id = %s", [officer.id])
    world.rows("UPDATE intake_report SET triage = 'outreach' WHERE dossier_id = %s", [filed.dossier.id])
    leaves(world, supervisor)
    every_minute()
    assert Transfer.objects.using("owner").count() == 0
    assert world.rows("SELECT person_id FROM notices_notice WHERE kind = 'no_reader'") == [
        (administrator.id,)
    ]


def test_an_ordinary_report_goes_nowhere(world: World, officer: User, there: User) -> None:
    world.file()
    every_minute()
    assert Transfer.objects.using("owner").count() == 0


# --- what its own unit sees -----------------------------------------------------------------------------------------


def test_no_page_of_its_unit_shows_anything_of_it(world: World, officer: User, there: User) -> None:
    colleagues = [
        officer,
        named(world, Role.SUPERVISOR, "Bambang Prasetyo"),
        world.person(Role.COMPANION),
        world.person(Role.DATA_OFFICER),
    ]
    filed = file(world, "Bambang Prasetyo")
    announce(filed)
    sent = hand_on(filed)
    assert sent is not None
    for accepted in (False, True):
        if accepted:
            answered(world, sent, accept=True, by=there)
        for person in colleagues:
            browser = world.client(person)
            for page in (
                "berkas/{}/",
                "laporan/{}/triase/",
                "laporan/{}/tembok/",
                "laporan/{}/rujuk-daerah/",
            ):
                assert browser.get("/" + page.format(filed.reference)).status_code == 404
            for page in ("/laporan/", "/hari-ini/", "/rujukan-daerah/", "/jejak/", "/pemberitahuan/"):
                shown = browser.get(page).content.decode()
                assert filed.reference not in shown
                assert f"/rujukan-daerah/{sent.id}/" not in shown
            assert browser.get(f"/rujukan-daerah/{sent.id}/").status_code == 404
            with acting(person):
                for table in (
                    "intake_transfer",
                    "intake_report",
                    "intake_story",
                    "access_wall",
                    "access_datakey",
                ):
                    assert tried(f"SELECT 1 FROM {table}") == [], (table, person.name)
                others = "SELECT 1 FROM ledger_entry WHERE dossier_id = %s AND actor_id IS DISTINCT FROM %s"
                assert tried(others, [filed.dossier.id, person.id]) == [], "but their own refused attempts"
                assert tried("SELECT door.answer_transfer(%s, true, NULL, %s)", [sent.id, uuid4()]) == [
                    (False,)
                ]
                assert tried("SELECT door.take_over(%s)", [sent.id]) == [(False,)]
                assert tried("SELECT * FROM door.unread()") is None
        assert not world.rows(
            "SELECT 1 FROM notices_notice WHERE person_id = ANY (%s)", [[p.id for p in colleagues]]
        )


def test_the_mailbox_that_colleagues_read_says_nothing(world: World, officer: User, there: User) -> None:
    Organisation.objects.using("owner").filter(id=world.unit.id).update(mailbox="kotak@unit.example")
    mail.outbox.clear()
    announce(file(world))
    assert mail.outbox == []
    announce(world.file())
    assert [one.to for one in mail.outbox] == [["kotak@unit.example"]]


def test_once_it_is_elsewhere_whoever_comes_to_the_unit_is_kept_out_of_any_rank(
    world: World, there: User
) -> None:
    filed = file(world)
    sent = hand_on(filed)
    assert sent is not None
    answered(world, sent, accept=True, by=there)
    head = world.person(Role.HEAD)
    assert world.client(head).get(f"/berkas/{filed.reference}/").status_code == 404


def test_a_head_who_comes_while_it_waits_may_take_it_back(world: World, there: User) -> None:
    filed = file(world)
    sent = hand_on(filed)
    assert sent is not None
    head = world.client(world.person(Role.HEAD))
    assert "Unit Lain" in head.get(f"/berkas/{filed.reference}/").content.decode()
    assert head.post(f"/rujukan-daerah/{sent.id}/", {"decision": "take_back"}).status_code == 302
    assert Transfer.objects.using("owner").get().state == TransferState.TAKEN_BACK
    assert Report.objects.using("owner").get().triage == Triage.RECEIVED
    assert hand_on(filed) is None, "somebody may read it now"


def test_who_gives_up_their_rank_and_stays_is_kept_out(world: World) -> None:
    supervisor = world.person(Role.SUPERVISOR)
    world.person(Role.HEAD)
    world.seat(supervisor, world.unit, Role.INTAKE_OFFICER)
    filed = file(world)
    browser = world.client(supervisor)
    assert browser.get(f"/berkas/{filed.reference}/").status_code == 200
    world.rows(
        "UPDATE access_membership SET until = now() WHERE user_id = %s AND role = 'supervisor'",
        [supervisor.id],
    )
    assert browser.get(f"/berkas/{filed.reference}/").status_code == 404
