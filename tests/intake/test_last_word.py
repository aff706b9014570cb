"""The last word of a thread: who may say it, and who may not."""

import pytest

from ruangaman.access.actions import raise_wall
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import actions
from ruangaman.intake.models import Thread
from ruangaman.intake.states import PublicStatus
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from tests.access.filled import tried
from tests.worlds import World, acting


@pytest.mark.parametrize("stage", Stage.values)
def test_the_last_word_of_a_thread_is_said_by_who_may_move_the_file(world: World, stage: str) -> None:
    filed = world.file()
    world.move(filed, stage)
    supervisor = world.person(Role.SUPERVISOR)
    told = {"dossier": filed.dossier, "at": clock.now(), "by": supervisor.id}
    for act, status in (
        (actions.finish_thread, PublicStatus.DONE),
        (actions.reopen_thread, PublicStatus.IN_PROGRESS),
    ):
        with acting(supervisor):
            act(**told)
        assert Thread.objects.using("owner").get().status == status
    verbs = world.rows("SELECT verb FROM ledger_entry WHERE verb LIKE 'thread_%%' ORDER BY id")
    assert verbs == [("thread_finished",), ("thread_reopened",)]


def test_a_case_manager_with_a_grant_says_the_last_word_and_one_without_does_not(world: World) -> None:
    filed, manager = world.file(), world.person(Role.CASE_MANAGER)
    world.move(filed, Stage.CASE)
    told = {"dossier": filed.dossier, "at": clock.now(), "by": manager.id}
    with acting(manager), pytest.raises(Refused, match="tidak bisa Anda ubah"):
        actions.finish_thread(**told)
    world.grant(filed, manager.id, Section.FILE)
    with acting(manager), pytest.raises(Refused, match="tidak bisa Anda ubah"):
        actions.finish_thread(**told)
    world.grant(filed, manager.id, Section.THREAD, writes=True)
    with acting(manager):
        actions.finish_thread(**told)
    assert Thread.objects.using("owner").get().status == PublicStatus.DONE


def test_strangers_walled_people_and_the_reporter_do_not_say_how_far_it_is(world: World) -> None:
    filed, walled = world.file(), world.person(Role.HEAD, tag="-kerabat")
    supervisor = world.person(Role.SUPERVISOR)
    with acting(supervisor):
        raise_wall(dossier=filed.dossier, person=walled.id, by=supervisor.id, at=clock.now())
    for person in (
        walled,
        world.person(Role.HEAD, world.other),
        world.person(Role.COMPANION),
        world.person(Role.DATA_OFFICER),
        world.person(Role.ADMINISTRATOR),
    ):
        with acting(person), pytest.raises(Refused, match="tidak bisa Anda ubah"):
            actions.finish_thread(dossier=filed.dossier, by=person.id, at=clock.now())
    for purpose in ("reporter", "filing"):
        with acting(purpose=purpose, scope=filed.dossier.id):
            assert tried("SELECT door.tell_reporter(%s, 'done')", [filed.dossier.id]) == [(False,)]
    with acting(supervisor):
        assert tried("SELECT door.tell_reporter(%s, 'ditahan')", [filed.dossier.id]) == [(False,)]
    assert Thread.objects.using("owner").get().status == PublicStatus.RECEIVED
