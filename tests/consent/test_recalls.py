"""Who may see something no more is asked to delete what they had, and answers once. Source: UU 27/2022 Pasal 40."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import resolve

from ruangaman.access.states import Role, Section
from ruangaman.consent import firing
from ruangaman.consent.actions.recalls import answer_recall
from ruangaman.consent.models import Recall
from ruangaman.consent.policies.recalls import answers_for, check_can_answer
from ruangaman.consent.states import Answer, RecallAnswer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.notices.states import PAGES
from tests.clocks.test_firing import as_worker
from tests.consent.answers import woman
from tests.services.referring import another, sent, withdraw
from tests.worlds import World, acting

INBOX = "/persetujuan/penghapusan/"


def ask_back() -> int:
    """What the task of every minute does."""
    with as_worker():
        firing.close_lapsed()
        return firing.ask_back(clock.now())


def recalls(world: World) -> list[Recall]:
    return list(Recall.objects.using("owner").order_by("asked_at", "id"))


def notices(world: World) -> set[UUID]:
    return {row[0] for row in world.rows("SELECT person_id FROM notices_notice WHERE kind = 'recall'")}


def let_lapse(world: World, service: str = "medical") -> None:
    """As if the day to which she agreed had come."""
    world.rows("ALTER TABLE consent_consent DISABLE TRIGGER USER")
    past = "now() - interval '1 hour'"
    world.rows(f"UPDATE consent_consent SET until = {past} WHERE service = %s", [service])
    world.rows("ALTER TABLE consent_consent ENABLE TRIGGER USER")
    world.rows(f"UPDATE access_grant SET until = {past} WHERE source = 'consent'")
    world.rows("UPDATE access_grant SET given_at = now() - interval '1 day'")


def answers(browser: Any, recall: Recall, answer: str = RecallAnswer.DELETED) -> Any:
    return browser.post(f"{INBOX}{recall.id}/", {"answer": answer})


# --- it is asked -----------------------------------------------------------------------------------------------------


def test_a_withdrawal_asks_back_at_once_all_that_closed(world: World) -> None:
    one = woman(world)
    consent = one.answer(recipient=world.hospital, also=[Section.NARRATIVE])
    had = one.granted(world.hospital)
    one.withdraw(consent)
    (recall,) = recalls(world)
    assert set(recall.sections) == had
    assert (recall.recipient_id, recall.person_id) == (world.hospital.id, None)
    assert (recall.reference, recall.consent_id) == (one.filed.reference, consent.id)


def test_who_agrees_to_less_asks_back_the_difference(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital, also=[Section.NARRATIVE, Section.RISK])
    one.answer(recipient=world.hospital, also=[Section.RISK])
    assert [recall.sections for recall in recalls(world)] == [["narrative"]]


def test_a_yes_that_changes_nothing_asks_nothing_back(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    one.answer(recipient=world.hospital, also=[Section.RISK])
    one.answer(Service.LEGAL, Answer.REFUSED, recipient=world.hospital)
    assert recalls(world) == []


def test_several_withdrawn_by_one_decision_are_one_question(world: World) -> None:
    one = woman(world)
    medical = one.answer(recipient=world.hospital)
    legal = one.answer(Service.LEGAL, recipient=world.hospital)
    with acting(one.manager), connection.cursor() as cursor:
        for consent in (medical, legal):
            cursor.execute("UPDATE consent_consent SET withdrawn_at = now() WHERE id = %s", [consent.id])
    (recall,) = recalls(world)
    assert {"medical", "legal", "identity"} <= set(recall.sections)


def test_what_lapsed_is_closed_and_asked_back_once(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    let_lapse(world)
    assert one.granted(world.hospital) == set()
    ask_back()
    ask_back()
    (recall,) = recalls(world)
    assert "medical" in recall.sections
    one.answer(Service.LEGAL, Answer.REFUSED, recipient=world.hospital)  # projects again
    ask_back()
    assert len(recalls(world)) == 1


def test_what_lapsed_and_was_changed_before_the_task_came_is_asked_back_all_the_same(world: World) -> None:
    one = woman(world)
    one.answer(recipient=world.hospital)
    let_lapse(world)
    one.answer(Service.LEGAL, recipient=world.hospital)
    assert [recall.sections for recall in recalls(world)] == [["medical"]]


def test_what_she_opens_again_is_no_longer_asked_back(world: World) -> None:
    one = woman(world)
    one.withdraw(one.answer(recipient=world.hospital))
    ask_back()
    one.answer(recipient=world.hospital)
    (recall,) = recalls(world)
    assert (recall.answer, recall.answered_by_id) == (RecallAnswer.REOPENED, one.manager.id)
    assert world.rows("SELECT count(*) FROM clocks_clock WHERE code = 'recall' AND ended_at IS NULL") == [
        (0,)
    ]


# --- who is told, and by when ----------------------------------------------------------------------------------------


def test_the_partners_officers_are_told_once_and_a_clock_of_three_days_runs(world: World) -> None:
    one = sent(world)
    second = world.person(Role.PARTNER_OFFICER, world.hospital, tag="2")
    stranger = world.person(Role.PARTNER_OFFICER, another(world))
    withdraw(one.way, one.consent)
    assert ask_back() == 1
    assert ask_back() == 0
    assert notices(world) == {one.officer.id, second.id}
    assert stranger.id not in notices(world)
    rows = world.rows("SELECT about, section, due_at - started_at FROM clocks_clock WHERE code = 'recall'")
    assert rows == [(recalls(world)[0].id, "plan", timedelta(hours=72))]
    page = world.client(one.officer).get("/hari-ini/").content.decode()
    assert "Hapus salinan Anda" in page
    assert "Konfirmasi penghapusan" in world.client(one.way.manager).get("/hari-ini/").content.decode()
    notice = world.client(one.officer).get("/pemberitahuan/").content.decode()
    assert f'href="{INBOX}"' in notice
    assert one.way.reference in page


def test_an_officer_who_is_walled_off_learns_of_no_recall(world: World) -> None:
    one = sent(world)
    walled = world.person(Role.PARTNER_OFFICER, world.hospital, tag="2")
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier",
        [walled.id],
    )
    withdraw(one.way, one.consent)
    ask_back()
    assert notices(world) == {one.officer.id}
    with acting(walled):
        assert not Recall.objects.exists()
    assert one.way.reference not in world.client(walled).get(INBOX).content.decode()


def test_a_recall_of_an_erased_file_stops_no_other(world: World) -> None:
    gone, stays = sent(world), sent(world)
    for one in (gone, stays):
        withdraw(one.way, one.consent)
    world.rows("UPDATE access_dossier SET erased_at = now() WHERE id = %s", [gone.way.dossier.id])
    let_lapse(world)
    assert ask_back() == 1
    assert world.rows("SELECT dossier_id FROM clocks_clock WHERE code = 'recall'") == [
        (stays.way.dossier.id,)
    ]


def test_the_task_tells_of_nothing_without_its_ticket_for_that_file(world: World) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    recall = recalls(world)[0]
    with as_worker(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM door.job_recall_told(%s, '[]')", [recall.id])
        assert cursor.fetchone() == (0,)
    assert recalls(world)[0].told_at is None


# --- it is answered --------------------------------------------------------------------------------------------------


def test_the_partner_sees_what_it_had_without_the_file_and_answers_once(world: World) -> None:
    one = sent(world, also=[Section.NARRATIVE])
    one.accept()
    one.treat()
    one.browser.get(one.page)
    withdraw(one.way, one.consent)
    ask_back()
    recall, browser = recalls(world)[0], one.browser
    inbox = browser.get(INBOX).content.decode()
    assert one.way.reference in inbox
    page = browser.get(f"{INBOX}{recall.id}/").content.decode()
    for told in ("Rujukan dikirim", "Layanan dicatat", "Dibuka di layar", str(Section.NARRATIVE.label)):
        assert told in page
    for secret in ("Ratna", "Kronologi rekaan", "Luka dirawat"):
        assert secret not in page + inbox
    assert browser.get(f"/berkas/{one.way.reference}/").status_code == 404

    assert answers(browser, recall).headers["Location"] == INBOX
    assert answers(browser, recall).status_code == 400
    (found,) = recalls(world)
    assert (found.answer, found.answered_by_id) == (RecallAnswer.DELETED, one.officer.id)
    assert world.rows("SELECT ending, ended_by_id FROM clocks_clock WHERE code = 'recall'") == [
        ("met", one.officer.id)
    ]
    assert one.way.reference not in browser.get("/hari-ini/").content.decode()
    entries = world.rows("SELECT actor_id FROM ledger_entry WHERE verb = 'recall_answered'")
    assert entries == [(one.officer.id,)]


def test_the_unit_sees_who_confirmed_and_writes_down_an_answer_on_paper(world: World) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    recall, manager = recalls(world)[0], world.client(one.way.manager)
    page = manager.get(f"/berkas/{one.way.reference}/").content.decode()
    assert "Yang pernah melihat" in page
    assert "menunggu konfirmasi" in page
    assert "Rujukan dikirim" in manager.get(f"{INBOX}{recall.id}/").content.decode()
    assert (
        answers(manager, recall, RecallAnswer.NOTHING).headers["Location"] == f"/berkas/{one.way.reference}/"
    )
    page = manager.get(f"/berkas/{one.way.reference}/").content.decode()
    assert "Tidak pernah menyimpan salinan" in page
    assert recalls(world)[0].answered_by_id == one.way.manager.id


@pytest.mark.parametrize("role", [Role.HEAD, Role.DATA_OFFICER, Role.PSYCHOLOGIST, Role.ADMINISTRATOR])
def test_nobody_else_answers(world: World, role: str) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    recall = recalls(world)[0]
    other = world.person(role)
    for person in (other, world.person(Role.PARTNER_OFFICER, another(world))):
        assert answers(world.client(person), recall).status_code == 404
        with acting(person):
            assert (
                Recall.objects.filter(id=recall.id).update(
                    answer="deleted", answered_by_id=person.id, answered_at=clock.now()
                )
                == 0
            )
    assert recalls(world)[0].answered_at is None


def test_a_recall_is_answered_in_the_own_name_and_never_again_nor_made_up(world: World) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    recall = recalls(world)[0]
    signed = "UPDATE consent_recall SET answer = 'deleted', answered_at = now(), answered_by_id = %s"
    for sql, values in (
        (signed, [one.way.manager.id]),
        ("UPDATE consent_recall SET sections = '[]'", []),
        ("DELETE FROM consent_recall", []),
        ("INSERT INTO consent_recall SELECT * FROM consent_recall", []),
    ):
        with acting(one.officer), pytest.raises(DatabaseError), transaction.atomic():
            world.rows(sql, values, using="default")
    with acting(one.officer):
        world.rows(signed, [one.officer.id], using="default")
    with acting(one.officer), pytest.raises(DatabaseError, match="was answered"), transaction.atomic():
        world.rows(signed, [one.officer.id], using="default")
    viewer = world.viewer(one.officer)
    with acting(one.officer), pytest.raises(Refused, match="sudah dijawab"):
        answer_recall(viewer=viewer, recall=recall, answer=RecallAnswer.NOTHING, at=clock.now())


def test_only_what_the_law_keeps_may_be_kept() -> None:
    assert RecallAnswer.MEDICAL_RECORD in answers_for(["identity", "medical"])
    assert RecallAnswer.MEDICAL_RECORD not in answers_for(["identity", "legal", "narrative"])
    assert RecallAnswer.COURT_RECORD in answers_for(["legal"])
    assert RecallAnswer.REOPENED not in answers_for(Section.values)
    for answer in (RecallAnswer.REOPENED, RecallAnswer.COURT_RECORD, "lain"):
        with pytest.raises(Refused, match="sesuai"):
            check_can_answer(answered=False, answer=answer, sections=["medical"])
    with pytest.raises(Refused, match="sudah dijawab"):
        check_can_answer(answered=True, answer=RecallAnswer.DELETED, sections=["medical"])


def test_what_somebody_had_is_told_to_nobody_else(world: World) -> None:
    one = sent(world)
    withdraw(one.way, one.consent)
    asked = [one.way.dossier.id, world.hospital.id]
    for person, may in (
        (one.officer, True),
        (one.way.manager, True),
        (world.person(Role.PARTNER_OFFICER, another(world)), False),
        (world.person(Role.PSYCHOLOGIST), False),
        (world.person(Role.DATA_OFFICER), False),
    ):
        with acting(person):
            for door in ("held_services", "held_papers", "held_opened"):
                rows = world.rows(f"SELECT 1 FROM door.{door}(%s, %s)", asked, using="default")
                assert may or not rows, (person, door)
            assert bool(world.rows("SELECT 1 FROM door.held_services(%s, %s)", asked, using="default")) == may


def test_every_notice_without_a_file_leads_to_a_page() -> None:
    for address in PAGES.values():
        assert resolve(address)
