"""What was acknowledged is there: a message in a moving dossier, a second text of one form, a late receipt."""

from typing import Any

import pytest

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role, Section, Stage
from ruangaman.intake import actions, queries
from ruangaman.intake.models import Thread
from ruangaman.intake.policies import DRAFT_LIFE
from ruangaman.kernel import clock
from ruangaman.kernel.fields import Key
from ruangaman.kernel.ids import new_id
from tests.worlds import Filed, World, acting


def write(filed: Filed, body: str, number: Any = None) -> None:
    actions.write_as_reporter(
        dossier_id=filed.dossier.id,
        key=key_of(filed),
        message_id=number or new_id(),
        body=body,
        at=clock.now(),
    )


def key_of(filed: Filed) -> Key:
    with acting():
        found = queries.locate(actions.locator(filed.code))
    assert found is not None
    return actions.thread_key(filed.code, found[1], found[2])


def texts(filed: Filed) -> list[object]:
    with acting(purpose="reporter", scope=filed.dossier.id):
        return [m["body"] for m in queries.opened_messages(filed.dossier.id, key_of(filed), staff=False)]


def test_a_message_written_while_the_dossier_moves_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = world.file()
    get = Thread.objects.get

    def read_and_then_it_moves(**wanted: Any) -> Thread:
        thread = get(**wanted)
        Dossier.objects.using("owner").filter(id=filed.dossier.id).update(stage=Stage.CASE)
        return thread

    monkeypatch.setattr(Thread.objects, "get", read_and_then_it_moves)
    write(filed, "Tolong.")
    assert texts(filed) == ["Tolong."]


def test_the_same_form_sent_twice_is_one_message_and_a_changed_one_is_a_second(world: World) -> None:
    filed, number = world.file(), new_id()
    for body in ("Tolong.", "Tolong.", "Tolong, ia di depan rumah."):
        write(filed, body, number)
    assert sorted(map(str, texts(filed))) == ["Tolong, ia di depan rumah.", "Tolong."]


def test_a_number_taken_from_another_thread_loses_nothing_and_tells_nothing(world: World) -> None:
    first, second, number = world.file(), world.file(), new_id()
    write(first, "Pesan pertama.", number)
    write(second, "Pesan kedua.", number)
    assert texts(first) == ["Pesan pertama."]
    assert texts(second) == ["Pesan kedua."]


def test_who_sends_late_has_the_whole_time_to_write_the_code_down(world: World) -> None:
    visit, now = actions.new_visit(), clock.now()
    actions.keep_draft(visit=visit, answers={"story": "Cerita rekaan."}, at=now)
    world.rows("UPDATE intake_draft SET expires_at = now() + interval '1 minute'")
    actions.file_report(visit=visit, at=now)
    assert world.rows("SELECT expires_at FROM intake_draft") == [(now + DRAFT_LIFE,)]


def test_an_answer_of_a_companion_counts_as_the_first(world: World) -> None:
    filed, companion = world.file(), world.person(Role.COMPANION)
    for section in (Section.FILE, Section.ADMINISTRATION, Section.THREAD):
        world.grant(filed, companion.id, section, writes=section == Section.THREAD)
    browser = world.client(companion)
    assert browser.post(f"/laporan/{filed.reference}/jawab/", {"body": "Kami di sini."}).status_code == 302
    ((answered, sent),) = world.rows("SELECT first_answered_at, sent_at FROM intake_report, intake_message")
    assert answered == sent
    write(filed, "Terima kasih.")
    browser.post(f"/laporan/{filed.reference}/jawab/", {"body": "Sama-sama."})
    assert world.rows("SELECT first_answered_at FROM intake_report") == [(answered,)]


def test_a_message_of_the_reporter_is_no_answer(world: World) -> None:
    filed = world.file()
    write(filed, "Halo?")
    assert world.rows("SELECT first_answered_at FROM intake_report") == [(None,)]
