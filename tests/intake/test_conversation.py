"""Messages between a reporter and the unit: each side reads the other, once, sealed, and only who may."""

import pytest

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import actions, queries
from ruangaman.intake.models import Message, Report, Thread
from ruangaman.intake.states import PublicStatus
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from tests.access.filled import write_as_reporter
from tests.intake.test_thread import answer, opened, with_code
from tests.worlds import World, acting


def test_what_the_reporter_writes_the_unit_reads_and_the_reverse(world: World) -> None:
    made = world.file()
    write_as_reporter(made, "Apakah ada kabar?")
    answer(world, made, "Kami sedang mengurusnya.")
    head = world.person(Role.HEAD)
    with acting(head):
        key = key_of(made.dossier.id, Section.THREAD)
        thread = queries.thread_of(world.viewer(head), made.dossier.id, key)
    assert [(m["mine"], m["body"]) for m in thread] == [
        (False, "Apakah ada kabar?"),
        (True, "Kami sedang mengurusnya."),
    ]
    browser = with_code(made)
    page = browser.get("/cek/").content.decode()
    assert page.index("Apakah ada kabar?") < page.index("Kami sedang mengurusnya.")
    assert browser.post("/cek/", {"message_id": new_id(), "body": "Terima kasih."}).status_code == 302
    assert "Terima kasih." in browser.get("/cek/").content.decode()


def test_a_message_sent_twice_is_written_once(world: World) -> None:
    made = world.file()
    dossier_id, key = opened(made)
    same = {
        "dossier_id": dossier_id,
        "key": key,
        "message_id": new_id(),
        "body": "Satu kali.",
        "at": clock.now(),
    }
    actions.write_as_reporter(**same)
    actions.write_as_reporter(**same)
    head = world.person(Role.HEAD)
    again = {
        "viewer": world.viewer(head),
        "dossier": made.dossier,
        "message_id": new_id(),
        "body": "Ya.",
        "at": clock.now(),
    }
    for _ in range(2):
        with acting(head):
            actions.answer(**again)
    assert Message.objects.using("owner").count() == 2
    verbs = [
        row[0]
        for row in world.rows("SELECT verb FROM ledger_entry WHERE verb IN ('wrote', 'answered') ORDER BY id")
    ]
    assert verbs == ["wrote", "answered"]


def test_the_first_answer_is_the_moment_that_counts_and_starts_the_handling(world: World) -> None:
    made = world.file()
    answer(world, made, "Pertama.")
    first = Report.objects.using("owner").get().first_answered_at
    answer(world, made, "Kedua.")
    assert Report.objects.using("owner").get().first_answered_at == first
    assert Thread.objects.using("owner").get().status == PublicStatus.IN_PROGRESS


def test_a_report_that_is_done_takes_no_more_messages_of_its_reporter(world: World) -> None:
    made = world.file()
    world.rows("UPDATE intake_thread SET status = 'done'")
    with pytest.raises(Refused):
        write_as_reporter(made, "Masih ada.")
    browser = with_code(made)
    page = browser.post("/cek/", {"message_id": new_id(), "body": "Masih ada satu hal."}).content.decode()
    assert "Masih ada satu hal." in page
    assert not Message.objects.using("owner").exists()


@pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.ANALYST, Role.ADMINISTRATOR, Role.COMPANION])
def test_who_may_not_answer_does_not(world: World, role: str) -> None:
    made, person = world.file(), world.person(role)
    with acting(person), pytest.raises(Refused, match="tidak terjangkau"):
        actions.answer(
            viewer=world.viewer(person), dossier=made.dossier, message_id=new_id(), body="x", at=clock.now()
        )
    answered = world.client(person).post(
        f"/laporan/{made.reference}/jawab/", {"message_id": new_id(), "body": "x"}
    )
    assert answered.status_code == 404


def test_a_thread_that_was_erased_is_not_answered(world: World) -> None:
    made, head = world.file(), world.person(Role.HEAD)
    world.rows(
        "UPDATE access_datakey SET wrapped = NULL, destroyed_at = now() WHERE section = %s", [Section.THREAD]
    )
    with acting(head), pytest.raises(Refused, match="sudah dihapus"):
        actions.answer(
            viewer=world.viewer(head), dossier=made.dossier, message_id=new_id(), body="x", at=clock.now()
        )


def test_a_message_that_was_altered_or_moved_does_not_open(world: World) -> None:
    made, other = world.file(), world.file()
    message, target = write_as_reporter(made, "Asli."), write_as_reporter(other, "Lain.")
    dossier_id, key = opened(other)
    sealed = bytes(world.rows("SELECT body FROM intake_message WHERE id = %s", [message])[0][0])
    world.rows("UPDATE intake_message SET body = %s WHERE id = %s", [sealed, target])
    with acting(purpose="reporter", scope=dossier_id), pytest.raises(Unreadable):
        queries.opened_messages(dossier_id, key, staff=False)
