"""One notice a person and cause, for nobody who is walled, in the transaction of what it tells."""

import pytest
from django.db import DatabaseError, connection, transaction

from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.notices import queries
from ruangaman.notices.actions import tell
from ruangaman.notices.sending import reachers
from ruangaman.notices.states import Kind
from tests.notices.working import told, working
from tests.worlds import Filed, World, acting

WAITING = "SELECT person_id, kind, cause FROM notices_notice ORDER BY made_at, person_id"


def wall(world: World, filed: Filed, person: object) -> None:
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [person, filed.dossier.id],
    )


def test_a_colleague_is_told_of_a_file_once_whoever_tells_and_however_often(world: World) -> None:
    filed = world.file()
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    for _again in range(2):
        with acting(head):
            tell(
                people=[officer.id, officer.id],
                kind=Kind.GIVEN_FILE,
                cause="file:1",
                at=clock.now(),
                dossier=filed.dossier.id,
            )
    told([officer], Kind.CLOCK_DUE, cause="file:1")
    assert world.rows(WAITING) == [(officer.id, "given_file", "file:1")]


def test_a_notice_goes_when_what_it_tells_is_taken_back(world: World) -> None:
    head = world.person(Role.HEAD)
    with pytest.raises(ZeroDivisionError), acting(head):
        tell(people=[head.id], kind=Kind.NEW_REPORT, cause="x", at=clock.now())
        raise ZeroDivisionError
    assert world.rows(WAITING) == []
    assert world.rows("SELECT FROM procrastinate_jobs WHERE task_name = 'notices.send'") == []


def test_telling_wakes_the_worker_once_with_no_word_of_anything(world: World) -> None:
    told([world.person(Role.HEAD)], cause="a")
    told([world.person(Role.HEAD)], cause="b")
    queued = "SELECT args FROM procrastinate_jobs WHERE task_name = 'notices.send'"
    assert world.rows(queued) == [('{"timestamp": 0}',)]


def test_what_was_told_stays_told_when_the_worker_can_not_be_woken(world: World) -> None:
    head = world.person(Role.HEAD)
    world.rows("ALTER TABLE procrastinate_jobs RENAME TO procrastinate_jobs_away")
    try:
        told([head])
    finally:
        world.rows("ALTER TABLE procrastinate_jobs_away RENAME TO procrastinate_jobs")
    assert world.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.send'") == [(0,)]
    assert world.rows(WAITING) == [(head.id, "clock_due", "clock:1:due")]


def test_who_is_walled_off_the_file_is_passed_over_also_when_a_task_tells(world: World) -> None:
    """Source: care.md, walls: a notice skips who is walled."""
    filed = world.file()
    head, officer = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    wall(world, filed, officer.id)
    told([head, officer], dossier=filed.dossier.id)
    with acting(head):
        tell(people=[officer.id], kind=Kind.GIVEN_FILE, cause="f", at=clock.now(), dossier=filed.dossier.id)
    assert [person for person, _kind, _cause in world.rows(WAITING)] == [head.id]


def test_a_wall_raised_later_hides_the_notice(world: World) -> None:
    filed, officer = world.file(), world.person(Role.INTAKE_OFFICER)
    told([officer], dossier=filed.dossier.id)
    viewer = world.viewer(officer)
    with acting(officer):
        assert queries.count_unread(viewer) == 1
    wall(world, filed, officer.id)
    with acting(officer), connection.cursor() as cursor:
        assert queries.count_unread(viewer) == 0
        assert queries.notices_of(viewer, 10) == []
        cursor.execute("SELECT count(*) FROM notices_notice")
        assert cursor.fetchone() == (0,)


def test_a_closed_account_is_told_nothing(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    world.rows("UPDATE access_user SET is_active = false WHERE id = %s", [officer.id])
    told([officer])
    assert world.rows(WAITING) == []


def test_nobody_tells_of_a_file_they_do_not_see(world: World) -> None:
    filed, stranger = world.file(), world.person(Role.HEAD, world.other)
    with pytest.raises(DatabaseError), acting(stranger):
        tell(people=[stranger.id], kind=Kind.GIVEN_FILE, cause="f", at=clock.now(), dossier=filed.dossier.id)
    with pytest.raises(DatabaseError), acting(purpose="reporter", scope=filed.dossier.id):
        tell(people=[stranger.id], kind=Kind.MESSAGE, cause="f", at=clock.now(), dossier=filed.dossier.id)
    assert world.rows(WAITING) == []


def test_nobody_reads_or_alters_the_notices_of_another(world: World) -> None:
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    told([officer])
    with acting(head), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notices_notice")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE notices_notice SET read_at = now()")
        assert cursor.rowcount == 0
    for sql in (
        "UPDATE notices_notice SET kind = 'danger'",
        "DELETE FROM notices_notice",
        "INSERT INTO notices_delivery (id, notice_id, person_id, channel, due_at, tries) "
        "SELECT gen_random_uuid(), id, person_id, 'mail', now(), 0 FROM notices_notice",
        "SELECT tries FROM notices_delivery",
    ):
        with pytest.raises(DatabaseError), acting(officer), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_worker_can_not_read_which_file_a_notice_is_about(world: World) -> None:
    told([world.person(Role.HEAD)])
    for column in ("dossier_id", "cause"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            working(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT {column} FROM notices_notice")


def test_a_task_learns_who_reaches_a_file_by_rank_and_by_grant_and_never_who_is_walled(world: World) -> None:
    filed = world.file()
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    companion, walled = world.person(Role.COMPANION), world.person(Role.INTAKE_OFFICER, tag="walled")
    world.person(Role.INTAKE_OFFICER, world.other)
    world.person(Role.COMPANION, tag="without")
    world.grant(filed, companion.id, Section.ADMINISTRATION)
    wall(world, filed, walled.id)
    wanted = {"section": Section.ADMINISTRATION, "roles": [Role.INTAKE_OFFICER, Role.HEAD, Role.COMPANION]}
    with working(filed.dossier.id):
        assert sorted(reachers(dossier=filed.dossier.id, **wanted)) == sorted(
            [
                (officer.id, Role.INTAKE_OFFICER.value),
                (head.id, Role.HEAD.value),
                (companion.id, Role.COMPANION.value),
            ]
        )
    with working(new_id()):
        assert reachers(dossier=filed.dossier.id, **wanted) == []
    with working(), transaction.atomic():
        assert reachers(dossier=filed.dossier.id, **wanted) == []
