"""The law as data: what comes with the program, what a region's lawyer changes, and the calendar both count by."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from ruangaman.access.duties import Kind
from ruangaman.access.models import User
from ruangaman.access.states import OrganisationKind, Role, Section
from ruangaman.clocks import actions, firing, queries
from ruangaman.clocks.actions import loading
from ruangaman.clocks.actions.defining import Version
from ruangaman.clocks.models import Clock, Definition, Holiday
from ruangaman.clocks.states import OF_A_UNIT, DayOff, Event, Measure
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.clocks.test_firing import as_worker
from tests.worlds import Filed, World, acting

TODAY = timezone.localdate()
# Every code that others build on, and what the law or the practice says of its length.
SHIPPED = {
    "answer": "3 working_days", "danger": "1 hours", "take": "3 working_days", "plan": "7 days",
    "health-72": "72 hours", "police-duty": "72 hours", "police-protection": "24 hours", "protection-7": "7 days",
    "tpks-protection": "24 hours", "protection-14": "14 days", "shelter": "14 days", "trafficking-aid": "7 days",
    "referral": "3 working_days", "first-visit": "14 days", "next-visit": "given", "contact-30": "30 days",
    "appointment": "given", "check-in": "given", "semester": "half_year_end", "breach-person": "72 hours",
    "breach-authority": "72 hours",
}  # fmt: skip


@pytest.fixture
def as_it_was(world: World) -> Iterator[None]:
    """What the owner changes of what is shipped is taken back: other tests rest on it."""
    with transaction.atomic(using="owner"):
        yield
        transaction.set_rollback(True, using="owner")


def answer_clock(filed: Filed) -> Clock:
    return Clock.objects.using("owner").select_related("definition").get(dossier=filed.dossier, code="answer")


def version(**changed: Any) -> Version:
    told: dict[str, Any] = {
        "from_on": TODAY + timedelta(days=1), "name": "Jawab pelapor", "duty": "Rekaan.", "article": "Perda rekaan 1",
        "measure": Measure.WORKING_DAYS, "amount": 1, "told_roles": ["intake_officer"],
    }  # fmt: skip
    return Version(**{**told, **changed})


def define(world: World, who: User, owner: UUID, **changed: Any) -> Definition:
    with acting(who):
        return actions.define(
            viewer=world.viewer(who), owner=owner, code=changed.pop("code", "answer"), version=version(**changed),
            at=clock.now(),
        )  # fmt: skip


# --- what comes with the program ---------------------------------------------------------------------------------


def test_every_deadline_of_flow_and_care_comes_with_the_program() -> None:
    shipped = {code: str(told["length"]) for code, told in loading.shipped().items()}
    assert {code: shipped.get(code) for code in SHIPPED} == SHIPPED


def test_each_shipped_deadline_can_be_read_and_told() -> None:
    starts: set[str] = set()
    for code, told in loading.shipped().items():
        event = Event(told["starts_on"])
        starts.add(event)
        assert told["article"] and told["duty"].endswith(".") and told["duty_en"] and told["name_en"], code
        assert Kind(told["kind"]) and set(told["told"]) <= set(Role.values), code
        assert (event in OF_A_UNIT) is ("section" not in told), code
        assert "section" not in told or Section(told["section"]), code
        assert len(told["duty"]) <= 240 and len(told["article"]) <= 160 and len(told["name"]) <= 80, code
    assert starts - OF_A_UNIT, "nothing starts a clock of a file"


def test_loading_again_adds_nothing_and_a_changed_deadline_is_a_new_version(
    world: World, as_it_was: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loading.load_definitions(at=clock.now()) == 0
    changed = loading.shipped()
    changed["shelter"]["length"] = "7 days"
    with monkeypatch.context() as patched:
        patched.setattr(loading, "shipped", lambda: changed)
        assert loading.load_definitions(at=clock.now()) == 1
        assert loading.load_definitions(at=clock.now()) == 0
    rows = Definition.objects.using("owner").filter(code="shelter", owner=None).order_by("from_on")
    assert [(row.amount, row.from_on.year) for row in rows] == [(14, 2000), (7, clock.now().year)]
    assert loading.load_definitions(at=clock.now() + timedelta(days=1)) == 1  # and back again


@pytest.mark.parametrize("wrong", [{"lenght": "7 days"}, {"starts_on": "nothing"}, {"length": "7 weeks"}])
def test_a_file_with_a_mistake_is_refused_and_nothing_is_added(
    world: World, as_it_was: None, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    shipped = loading.shipped()
    told = {"new": {**shipped["take"]}, "shelter": {**shipped["shelter"], **wrong}}
    monkeypatch.setattr(loading, "shipped", lambda: told)
    with pytest.raises(ValueError):
        loading.load_definitions(at=clock.now())
    assert not Definition.objects.using("owner").filter(code="new").exists()


def test_the_days_off_of_the_nation_are_there_with_joint_leave_and_estimates(world: World) -> None:
    days = {row.day: row for row in Holiday.objects.using("owner").filter(owner=None)}
    assert days[date(2026, 8, 17)].kind == DayOff.NATIONAL
    assert days[date(2026, 3, 20)].kind == DayOff.JOINT_LEAVE
    assert min(days).year == 2015 and max(days).year == clock.now().year + 1
    assert not any("perkiraan" in row.name for row in days.values())


def test_a_day_that_the_package_corrected_is_corrected_and_a_regions_own_day_stays(
    world: World, as_it_was: None
) -> None:
    own = {"day": date(2026, 6, 22), "kind": DayOff.REGIONAL, "name": "Hari jadi kota", "source": "rekaan"}
    Holiday.objects.using("owner").create(owner_id=world.unit.id, **own)
    Holiday.objects.using("owner").filter(day=date(2026, 8, 17), owner=None).delete()
    Holiday.objects.using("owner").filter(day=date(2026, 1, 1), owner=None).update(is_estimate=True)
    Holiday.objects.using("owner").create(
        day=date(2026, 8, 18), kind="national", name="Salah", source="rekaan"
    )
    assert loading.load_days_off(at=clock.now())
    days = {row.day: row for row in Holiday.objects.using("owner").all()}
    assert days[date(2026, 8, 17)].kind == "national" and not days[date(2026, 1, 1)].is_estimate
    assert date(2026, 8, 18) not in days and days[date(2026, 6, 22)].owner_id == world.unit.id
    assert not loading.load_days_off(at=clock.now())


# --- versions ----------------------------------------------------------------------------------------------------


def test_a_lawyer_changes_a_clock_and_running_clocks_keep_the_version_they_began_with(world: World) -> None:
    before = world.file()
    old = answer_clock(before)
    made = define(world, world.person(Role.LAWYER), world.unit.id, from_on=TODAY + timedelta(days=1))
    later = world.file(at=clock.now() + timedelta(days=2))
    assert (
        answer_clock(before).definition_id == old.definition_id and answer_clock(before).due_at == old.due_at
    )
    assert answer_clock(later).definition_id == made.id
    assert answer_clock(world.file()).definition_id == old.definition_id  # not in force yet today
    assert (made.starts_on, made.ends_on, made.section) == (
        "report_received",
        old.definition.ends_on,
        "administration",
    )


def test_the_nearest_owner_decides_then_the_newest_day_then_what_was_written_last(world: World) -> None:
    city = world.organisation(OrganisationKind.REGENCY, "Kota Uji", "31.73")
    type(world.unit).objects.using("owner").filter(id=world.unit.id).update(parent=city)
    base = Definition.objects.using("owner").get(code="shelter", owner=None)

    def write(owner: Any, amount: int, from_on: date, hour: int, is_on: bool = True) -> None:
        values = {f.attname: getattr(base, f.attname) for f in Definition._meta.fields if f.name != "id"}
        at = datetime(2026, 1, 1, hour, tzinfo=UTC)
        told = {"owner_id": owner, "amount": amount, "from_on": from_on, "written_at": at, "is_on": is_on}
        Definition.objects.using("owner").create(**{**values, **told})

    def in_force(on: date) -> int | None:
        found = queries.definition_for(world.unit.id, "shelter", on)
        return found and found.amount

    write(city.id, 7, date(2026, 2, 1), 1)
    write(city.id, 8, date(2026, 2, 1), 2)
    write(world.other.id, 1, date(2026, 1, 1), 3)
    assert [in_force(date(2026, month, 1)) for month in (1, 2)] == [14, 8]
    write(world.unit.id, 5, date(2026, 3, 1), 1)
    write(world.unit.id, 6, date(2026, 4, 1), 0)
    write(city.id, 9, date(2026, 5, 1), 9)
    assert [in_force(date(2026, month, 1)) for month in (2, 3, 4, 5)] == [8, 5, 6, 6]
    write(world.unit.id, 6, date(2026, 6, 1), 0, is_on=False)
    assert in_force(date(2026, 6, 1)) is None  # switched off: neither the city's nor the nation's comes back


def test_a_version_is_written_by_a_lawyer_or_head_of_the_organisation_and_by_nobody_else(
    world: World,
) -> None:
    for role in (Role.SUPERVISOR, Role.DATA_OFFICER, Role.CASE_MANAGER, Role.ADMINISTRATOR):
        with pytest.raises(Refused):
            define(world, world.person(role), world.unit.id)
    with pytest.raises(Refused):
        define(world, world.person(Role.LAWYER), world.other.id)
    assert define(world, world.person(Role.HEAD), world.unit.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_on": TODAY - timedelta(days=2)}, {"article": " "}, {"amount": 0}, {"measure": Measure.GIVEN},
        {"code": "unknown"},
    ],
)  # fmt: skip
def test_a_version_nobody_could_rely_on_is_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        define(world, world.person(Role.LAWYER), world.unit.id, **wrong)
    assert not Definition.objects.using("owner").filter(owner__isnull=False).exists()


COPY = (
    "INSERT INTO clocks_definition SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), "
    "'owner_id', %s::uuid, 'written_by_id', %s::uuid))).* FROM clocks_definition d WHERE code = 'shelter'"
)


def test_the_database_lets_nobody_write_the_nations_law_anothers_or_in_anothers_name(world: World) -> None:
    lawyer, head = world.person(Role.LAWYER), world.person(Role.HEAD)
    for owner, writer in ((None, lawyer.id), (world.other.id, lawyer.id), (world.unit.id, head.id)):
        with pytest.raises(DatabaseError, match="row-level security"), acting(lawyer):
            world.rows(COPY, [owner, writer], using="default")
    with acting(lawyer):
        world.rows(COPY, [world.unit.id, lawyer.id], using="default")
    for change in ("UPDATE clocks_definition SET amount = 1", "DELETE FROM clocks_definition"):
        with pytest.raises(DatabaseError), acting(lawyer):
            world.rows(change, using="default")
        with pytest.raises(DatabaseError, match="Cannot update or delete"):
            world.rows(change)


# --- the calendar ------------------------------------------------------------------------------------------------


def set_day(world: World, day: date, kind: DayOff, who: User | None = None, **more: Any) -> Holiday:
    lawyer = who or world.person(Role.LAWYER)
    told = {"name": "Hari rekaan", "source": "Keputusan rekaan 3", **more}
    with acting(lawyer):
        return actions.set_day_off(
            viewer=world.viewer(lawyer), owner=world.unit.id, day=day, kind=kind, at=clock.now(), **told
        )


def test_a_new_day_off_moves_what_runs_in_that_unit_and_taking_it_back_moves_it_back(world: World) -> None:
    monday = next(
        TODAY + timedelta(days=n) for n in range(7, 15) if (TODAY + timedelta(days=n)).weekday() == 0
    )
    while not all(queries.calendar_of(world.unit.id).works_on(monday + timedelta(days=n)) for n in range(5)):
        monday += timedelta(days=7)
    filed = world.file(at=datetime.combine(monday, datetime.min.time(), UTC))
    due = answer_clock(filed).due_at
    row = set_day(world, monday + timedelta(days=2), DayOff.REGIONAL)
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'clocks.recount'") == [(1,)]
    with as_worker():
        firing.recount()
    assert answer_clock(filed).due_at == due + timedelta(days=1)
    lawyer = world.person(Role.LAWYER)
    with acting(lawyer):
        actions.take_back_day_off(viewer=world.viewer(lawyer), day=row, at=clock.now())
    with as_worker():
        firing.recount()
    assert answer_clock(filed).due_at == due


def test_a_unit_may_work_on_a_day_off_of_the_nation(world: World) -> None:
    day = date(2026, 8, 17)
    assert not queries.calendar_of(world.unit.id).works_on(day)
    set_day(world, day, DayOff.WORKED)
    assert queries.calendar_of(world.unit.id).works_on(day)
    assert not queries.calendar_of(world.other.id).works_on(day)


def test_a_day_is_set_once_with_its_ground_by_who_may(world: World) -> None:
    day = date(2027, 2, 3)
    set_day(world, day, DayOff.REGIONAL)
    with pytest.raises(Refused):
        set_day(world, day, DayOff.WORKED)
    for wrong in ({"name": " "}, {"source": ""}):
        with pytest.raises(Refused):
            set_day(world, date(2027, 2, 4), DayOff.REGIONAL, **wrong)
    with pytest.raises(Refused):
        set_day(world, date(2027, 2, 4), DayOff.NATIONAL)
    with pytest.raises(Refused):
        set_day(world, date(2027, 2, 4), DayOff.REGIONAL, who=world.person(Role.SUPERVISOR))


def test_nobody_takes_back_a_day_of_the_nation_or_of_another_unit(world: World) -> None:
    lawyer = world.person(Role.LAWYER)
    day = Holiday.objects.using("owner").get(day=date(2026, 8, 17), owner=None)
    with pytest.raises(Refused), acting(lawyer):
        actions.take_back_day_off(viewer=world.viewer(lawyer), day=day, at=clock.now())
    with acting(lawyer):
        world.rows("DELETE FROM clocks_holiday", using="default")
    assert Holiday.objects.using("owner").filter(owner=None).exists()


# --- for who can't read the clock itself -------------------------------------------------------------------------


def test_a_deadline_can_be_told_without_its_clock(world: World) -> None:
    filed = world.file()
    row = answer_clock(filed)
    assert queries.deadline(unit_id=world.unit.id, code="answer", since=row.started_at) == row.due_at
    assert queries.deadline(unit_id=world.unit.id, code="appointment", since=row.started_at) is None
    assert queries.deadline(unit_id=world.unit.id, code="unknown", since=row.started_at) is None


def test_a_unit_in_papua_keeps_its_own_time(world: World) -> None:
    papua = world.organisation(OrganisationKind.UNIT, "Unit Timur", "91")
    moment = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # the next day there already
    found = queries.deadline(unit_id=papua.id, code="plan", since=moment)
    west = queries.deadline(unit_id=world.unit.id, code="plan", since=moment)
    assert found and west and found - west == timedelta(hours=22)
