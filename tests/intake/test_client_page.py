"""What a client sees and does with her own code, and what nobody else's code or ticket reaches of it.

Source: care.md 1, 2, 4, 14, 17.
"""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ruangaman.access.states import Role
from ruangaman.agenda.states import BookingKind
from ruangaman.intake import actions as reports
from ruangaman.intake import jobs
from ruangaman.intake.actions import clients as actions
from ruangaman.intake.models import Wish
from ruangaman.intake.queries import clients as queries
from ruangaman.intake.states.client import WishAnswer, WishKind
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.notices.models import Notice
from tests.access.filled import tried
from tests.agenda.booked import case
from tests.clocks.test_firing import as_worker
from tests.intake.hers import Hers, enter, give_code, hers, page, wish, write
from tests.intake.test_thread import with_code
from tests.papers.makings import picture
from tests.worlds import World, acting


def asked_of_tasks(world: World, task: str) -> list[dict[str, str]]:
    found = world.rows("SELECT args::text FROM procrastinate_jobs WHERE task_name = %s", [task])
    return [json.loads(row[0]) for row in found]


# --- messages ---


def test_what_she_writes_the_unit_reads_and_the_reverse(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    told = {"act": "message", "message_id": str(new_id()), "body": "Besok saya bisa bicara."}
    assert browser.post("/cek/", told).status_code == 302
    assert browser.post("/cek/", told).status_code == 302  # a double click
    staff = world.client(made.companion)
    file = f"/berkas/{made.filed.reference}/"
    assert "Besok saya bisa bicara." in staff.get(file).content.decode()
    url = f"/laporan/{made.filed.reference}/klien/{made.person.id}/jawab/"
    assert staff.post(url, {"message_id": str(new_id()), "body": "Baik, jam berapa?"}).status_code == 302
    shown = page(browser)
    assert shown.count("Besok saya bisa bicara.") == 1
    assert shown.index("Besok saya bisa bicara.") < shown.index("Baik, jam berapa?")
    assert made.companion.name not in shown
    kinds = world.rows(
        "SELECT verb, actor_kind FROM ledger_entry WHERE verb IN ('wrote', 'answered') ORDER BY id"
    )
    assert kinds == [("wrote", "client"), ("answered", "staff")]


def test_her_message_tells_who_works_on_the_file_once(world: World) -> None:
    made = hers(world)
    write(made, "Halo.")
    [args] = asked_of_tasks(world, "intake.pass_on_client")
    with as_worker():
        for _ in range(2):
            jobs.pass_on_client(**args)
    told = Notice.objects.using("owner").filter(cause=args["cause"])
    assert {notice.person_id for notice in told} == {made.companion.id}
    assert told.count() == 1


def test_she_hides_what_is_older_and_shows_it_again_and_the_unit_reads_it_all(world: World) -> None:
    made = hers(world)
    write(made, "Pesan lama.")
    browser = enter(made)
    assert browser.post("/cek/", {"act": "hide"}).status_code == 302
    write(made, "Pesan baru.")
    assert "Pesan lama." not in page(browser)
    assert "Pesan baru." in page(browser)
    assert (
        "Pesan lama." in world.client(made.companion).get(f"/berkas/{made.filed.reference}/").content.decode()
    )
    # A new code hides what the old one hid.
    with acting(made.companion):
        actions.revoke_code(
            viewer=world.viewer(made.companion),
            dossier=made.filed.dossier,
            thread=made.thread,
            at=clock.now(),
        )
    again = Hers(made.filed, made.person, give_code(world, made.filed, made.person), made.companion)
    browser = enter(again)
    assert "Pesan lama." not in page(browser)
    assert browser.post("/cek/", {"act": "show"}).status_code == 302
    assert "Pesan lama." in page(browser)


def test_a_text_that_is_refused_stays_where_she_typed_it(world: World) -> None:
    made = hers(world)
    browser = enter(made)
    answered = browser.post("/cek/", {"act": "message", "message_id": str(new_id()), "body": "x" * 5001})
    assert answered.status_code == 400
    assert "x" * 5001 in answered.content.decode()
    assert (
        browser.post("/cek/", {"act": "wish", "wish_id": str(new_id()), "kind": "apa saja"}).status_code
        == 400
    )
    assert browser.post("/cek/", {"act": "entah"}).status_code == 200
    assert not Wish.objects.using("owner").exists()


# --- wishes ---


def test_a_wish_is_a_request_that_changes_nothing_and_starts_a_clock(world: World) -> None:
    made = hers(world)
    before = world.rows("SELECT stage FROM access_dossier")
    browser = enter(made)
    told = {"act": "wish", "wish_id": str(new_id()), "kind": WishKind.STOP}
    assert browser.post("/cek/", told).status_code == 302
    assert browser.post("/cek/", told).status_code == 302
    assert (
        browser.post("/cek/", {**told, "wish_id": str(new_id())}).status_code == 302
    )  # asked again while it waits
    [asked] = Wish.objects.using("owner").all()
    assert world.rows("SELECT stage FROM access_dossier") == before
    assert world.rows("SELECT code, about, ended_at FROM clocks_clock WHERE code = 'wish'") == [
        ("wish", asked.id, None)
    ]
    assert "menunggu petugas" in page(browser)
    shown = world.client(made.companion).get(f"/berkas/{made.filed.reference}/").content.decode()
    assert "Saya ingin berhenti" in shown
    [args] = asked_of_tasks(world, "intake.pass_on_wish")
    with as_worker():
        jobs.pass_on_wish(**args)
    assert Notice.objects.using("owner").get(kind="wish").person_id == made.companion.id


def test_somebody_asks_her_alone_first_and_writes_down_what_she_said(world: World) -> None:
    made = hers(world)
    asked = wish(made, WishKind.STOP)
    staff, url = world.client(made.companion), f"/permintaan/{asked.id}/"
    shown = staff.get(url).content.decode()
    assert "berdua saja" in shown
    assert "apakah ada yang meminta Anda berhenti?" in shown
    assert staff.post(url, {"answer": WishAnswer.SETTLED}).status_code == 400
    answered = staff.post(url, {"answer": WishAnswer.PRESSED})
    assert "Ada yang menekannya" in answered.content.decode()
    assert world.rows("SELECT ended_at IS NULL FROM clocks_clock WHERE code = 'wish'") == [(False,)]
    again = staff.post(url, {"answer": WishAnswer.HERS})
    assert again.status_code == 400
    assert "sudah dijawab" in again.content.decode()
    assert Wish.objects.using("owner").get().answer == WishAnswer.PRESSED
    assert "sudah dibicarakan" in page(enter(made))


def test_a_wish_that_was_not_hers_leads_to_revoking_the_code(world: World) -> None:
    made = hers(world)
    asked = wish(made, WishKind.PAUSE)
    staff = world.client(made.companion)
    shown = staff.post(f"/permintaan/{asked.id}/", {"answer": WishAnswer.NOT_HERS}).content.decode()
    assert f"/kode-klien/{made.thread.id}/cabut/" in shown


def test_a_contact_that_is_not_safe_any_more_stands_in_red_until_another_is_written_down_with_her(
    world: World,
) -> None:
    """An answer to her request alone makes nothing safe. Source: care.md 7."""
    made = hers(world)
    asked = wish(made, WishKind.OTHER_CONTACT)
    staff, file = world.client(made.companion), f"/berkas/{made.filed.reference}/"
    warning = "Jangan menelepon atau mengirim pesan ke kontak yang lama"
    assert warning in staff.get(file).content.decode()
    with acting(made.companion):
        assert queries.contact_is_doubted(world.viewer(made.companion), made.filed.dossier.id)
    answered = staff.post(f"/permintaan/{asked.id}/", {"answer": WishAnswer.HERS}).content.decode()
    contact = f"/orang/{made.filed.reference}/kontak/"
    assert f"{contact}?klien=" in answered
    shown = staff.get(file).content.decode()
    assert warning in shown and contact in shown
    told = {"contact_id": new_id(), "means": "not", "weekdays": list("0123456")}
    assert staff.post(contact, told).status_code == 302
    assert warning not in staff.get(file).content.decode()


@pytest.mark.parametrize("role", [Role.LAWYER, Role.DATA_OFFICER, Role.HEAD])
def test_who_may_not_write_this_part_answers_no_wish(world: World, role: str) -> None:
    made = hers(world)
    asked = wish(made, WishKind.CALL_ME)
    person = world.person(role)
    assert world.client(person).post(f"/permintaan/{asked.id}/", {"answer": "settled"}).status_code == 404
    with acting(person):
        assert not tried("UPDATE intake_wish SET answer = 'hers', answered_at = now() RETURNING id")


# --- what she chose to see ---


def test_she_sees_what_she_chose_and_what_she_did_not_choose_is_not_there(world: World) -> None:
    made = hers(world)
    for table, values in (
        ("cases_need", "'medical', 'open', ''"),
        ("cases_need", "'legal', 'met', ''"),
        ("cases_need", "'shelter', 'unmet', 'declined'"),
        ("cases_need", "'social', 'unmet', 'mistaken'"),
    ):
        world.rows(
            f"INSERT INTO {table} (id, dossier_id, unit_id, stage, client_id, service, state, unmet, recorded_by_id, "
            f"recorded_at) SELECT gen_random_uuid(), dossier_id, unit_id, stage, id, {values}, %s, now() "
            "FROM people_person WHERE id = %s",
            [made.companion.id, made.person.id],
        )
    shown = page(enter(made))
    for title in ("Yang ditawarkan kepadamu", "Berikutnya", "Perkembangan"):
        assert title in shown
    assert "Kesehatan dan visum" in shown
    assert "Sudah diberikan" in shown
    assert "Kamu tidak mau, dan itu tidak apa-apa" in shown
    assert "Rehabilitasi sosial" not in shown
    world.rows(
        "UPDATE intake_clientthread SET opens_rights = false, opens_legal = false, opens_appointments = false"
    )
    shown = page(enter(made))
    for title in ("Yang ditawarkan kepadamu", "Berikutnya", "Perkembangan", "Kesehatan dan visum"):
        assert title not in shown
    with acting(purpose="client", scope=made.thread.id):
        assert tried("SELECT * FROM door.client_rights()") == []


def test_a_code_that_opens_no_messages_shows_and_takes_none(world: World) -> None:
    made = hers(world)
    write(made, "Tersimpan.")
    world.rows("UPDATE intake_clientthread SET opens_messages = false")
    browser = enter(made)
    assert "Tersimpan." not in page(browser)
    answered = browser.post("/cek/", {"act": "message", "message_id": str(new_id()), "body": "Masih bisa?"})
    assert answered.status_code == 400
    with acting(purpose="client", scope=made.thread.id):
        assert tried("SELECT id FROM intake_clientmessage") == []
    with pytest.raises(Refused):
        write(made, "Lagi.")


# --- a suspect who reports as a neighbour (care.md 4) ---


def same(text: str) -> str:
    """A page without what differs from one answer to the next for everybody: tokens and ids of forms."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "", text)


def test_a_suspect_who_reported_reads_the_same_page_whatever_the_unit_does(world: World) -> None:
    filed = world.file()
    suspect = with_code(filed)
    before = same(suspect.get("/cek/").content.decode())
    made = hers(world, filed)
    write(made, "Saya takut.")
    wish(made, WishKind.CALL_ME)
    browser = enter(made)
    sent = {"paper_id": str(new_id()), "file": SimpleUploadedFile("a.jpg", picture())}
    assert browser.post("/unggah/utuh/cek/", sent).status_code == 302
    with acting(made.companion):
        actions.answer_client(
            viewer=world.viewer(made.companion), dossier=filed.dossier, person=made.person, message_id=new_id(),
            body="Kami datang.", at=clock.now() + timedelta(seconds=1),
        )  # fmt: skip
    page(browser)
    browser.post("/cek/", {"act": "hide"})
    actions_of_unit = world.person(Role.SUPERVISOR)
    with acting(actions_of_unit):
        reports.revoke_code(
            viewer=world.viewer(actions_of_unit), dossier=filed.dossier, thread=made.thread, at=clock.now()
        )
    assert same(suspect.get("/cek/").content.decode()) == before


def test_she_sees_when_she_is_awaited_and_where_the_process_stands_in_codes_and_moments_alone(
    world: World,
) -> None:
    made = case(world)
    booked = made.book(made.client, kind=BookingKind.MEETING, starts_at=made.at(3, 9))
    made.book(made.witness, kind=BookingKind.HEARING, starts_at=made.at(4, 9))
    hidden = made.book(
        made.client, kind=BookingKind.HOME_VISIT, starts_at=made.at(5, 9), safety_plan="Telepon dulu.",
        cover_reason="Pendataan.",
    )  # fmt: skip
    place = (
        "INSERT INTO justice_legalstep (id, dossier_id, unit_id, stage, client_id, side, step, happened_on, statute, "
        "outcome, key_id, recorded_by_id, recorded_at) "
        "SELECT gen_random_uuid(), p.dossier_id, p.unit_id, p.stage, p.id, %s, %s, %s, '', '', p.key_id, %s, now() "
        "FROM people_person p WHERE p.id = %s"
    )
    for side, step, day in (
        ("hers", "police_report", "2026-10-01"),
        ("hers", "investigation", "2026-11-02"),
        ("against", "trial", "2026-11-20"),
    ):
        world.rows(place, [side, step, day, made.companion.id, made.client.id])
    code = give_code(world, made.filed, made.client)
    mine = Hers(made.filed, made.client, code, made.companion)
    shown = page(enter(mine))
    assert "Rapat atau pertemuan" in shown
    assert booked.starts_at.strftime("%H.%M") in shown
    for inside in (
        "Sidang atau pemeriksaan",
        "Kunjungan rumah",
        made.office.name,
        made.room.name,
        "Pendataan",
    ):
        assert inside not in shown
    assert hidden.kind == BookingKind.HOME_VISIT
    assert "Penyidikan" in shown
    assert "2 Nov 2026" in shown
    assert "Laporan polisi" not in shown
    with acting(purpose="client", scope=mine.thread.id):
        assert tried("SELECT step FROM door.client_legal()") == [("investigation",)]
        assert tried("SELECT kind FROM door.client_appointments()") == [("meeting",)]
    with acting(made.companion):
        assert tried("SELECT * FROM door.client_appointments()") == []
        assert tried("SELECT * FROM door.client_rights()") == []
