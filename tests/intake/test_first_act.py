"""Where danger was told, help comes before any decision; and a child who reports alone has a path of its own."""

from django.db import transaction

from ruangaman.access.states import Role
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.models import FirstAct, Report
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from tests.access.filled import tried
from tests.intake.reaching import act_at_once
from tests.intake.test_joining import triage_of
from tests.worlds import Filed, World, acting

RUNNING = (
    "SELECT d.code FROM clocks_clock c JOIN clocks_definition d ON d.id = c.definition_id "
    "WHERE c.dossier_id = %s AND c.ended_at IS NULL ORDER BY d.code"
)


def told_by_a_child(world: World) -> Filed:
    number, code, now = new_id(), new_code(), clock.now()
    told = Told(
        story="Ditulis seorang anak.",
        reporter_kind="victim",
        age_band="under_15",
        place="31.73.01",
        trusted="Bu Guru Sari",
        must_not_know="Paman Rekaan",
    )
    with transaction.atomic(), filing(number, now):
        return Filed(receive(dossier_id=number, told=told, channel=Channel.WEB, at=now, code=code), code)


def test_flow_2_what_was_done_at_once_ends_the_clock_of_danger_and_lets_triage_go_on(world: World) -> None:
    filed = world.file(reporter_kind="public", danger_now="yes")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert world.rows(RUNNING, [filed.dossier.id]) == [("answer",), ("danger",)]
    sent = {"seen": "received", "decision": "outreach:not_from_victim"}
    refused = officer.post(f"/laporan/{filed.reference}/triase/", sent)
    assert refused.status_code == 400
    assert "Catat dulu langkah pertama" in refused.content.decode()
    assert triage_of(filed) == "received"
    page = officer.get(f"/berkas/{filed.reference}/").content.decode()
    assert f"/laporan/{filed.reference}/langkah/" in page
    assert "govuk-error" not in officer.get(f"/laporan/{filed.reference}/langkah/").content.decode()
    number = str(new_id())
    for _ in range(2):
        act = {"act_id": number, "step": "called_112"}
        assert officer.post(f"/laporan/{filed.reference}/langkah/", act).status_code == 302
    assert FirstAct.objects.using("owner").count() == 1, "sent twice, recorded once"
    assert world.rows(RUNNING, [filed.dossier.id]) == [("answer",)]
    assert officer.post(f"/laporan/{filed.reference}/triase/", sent).status_code == 302
    assert "112 dihubungi" in officer.get(f"/berkas/{filed.reference}/").content.decode()


def test_an_answer_alone_is_no_first_act(world: World) -> None:
    filed = world.file(reporter_kind="public", danger_now="yes")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    officer.post(f"/laporan/{filed.reference}/jawab/", {"body": "Kami baca.", "message_id": str(new_id())})
    sent = {"seen": "answered", "decision": "outreach:not_from_victim"}
    assert officer.post(f"/laporan/{filed.reference}/triase/", sent).status_code == 400
    assert triage_of(filed) == "answered"


def test_what_was_done_is_told_in_ones_own_name_and_stays(world: World) -> None:
    filed = world.file(reporter_kind="public", danger_now="yes")
    act_at_once(world, filed)
    officer, head = world.person(Role.INTAKE_OFFICER), world.person(Role.HEAD)
    with acting(officer):
        assert tried("UPDATE intake_firstact SET step = 'no_way'") is None
        assert tried("DELETE FROM intake_firstact") is None
        row = (
            "INSERT INTO intake_firstact (id, dossier_id, unit_id, stage, step, done_by_id, done_at) SELECT "
            "gen_random_uuid(), dossier_id, unit_id, stage, 'police', %s, now() FROM intake_report"
        )
        assert tried(row, [head.id]) is None
        assert tried(row, [officer.id]) == []


def test_a_note_of_a_decision_is_sealed_and_opened_on_the_page(world: World) -> None:
    filed = world.file(reporter_kind="victim")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    sent = {"seen": "received", "decision": "not_in_scope:no_violence"}
    without = officer.post(f"/laporan/{filed.reference}/triase/", sent)
    assert without.status_code == 400
    assert "Tulis di catatan" in without.content.decode()
    sent["note"] = "Sengketa warisan; diarahkan ke LBH."
    assert officer.post(f"/laporan/{filed.reference}/triase/", sent).status_code == 302
    assert "diarahkan ke LBH" in officer.get(f"/berkas/{filed.reference}/").content.decode()
    (kept,) = world.rows("SELECT note FROM intake_triagemove")
    assert b"LBH" not in bytes(kept[0])


def test_care_12_the_childs_own_path_is_shown_with_whom_it_trusts_to_who_may_read_it(world: World) -> None:
    filed = told_by_a_child(world)
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    page = officer.get(f"/laporan/{filed.reference}/triase/").content.decode()
    for said in ("Anak melapor sendiri", "Bu Guru Sari", "Paman Rekaan"):
        assert said in page
    assert 'value="head_office"' not in page
    opened = world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'opened'")
    assert sorted(opened) == [(["narrative"],), (["reporter"],)]
    sent = {"seen": "received", "decision": "outreach:cannot_come"}
    assert officer.post(f"/laporan/{filed.reference}/triase/", sent).status_code == 400
    sent["decision"] = "outreach:child_alone"
    assert officer.post(f"/laporan/{filed.reference}/triase/", sent).status_code == 302
    assert Report.objects.using("owner").get().awaits_outreach


def test_an_altered_note_does_not_take_the_page_with_it(world: World) -> None:
    filed = world.file(reporter_kind="victim", story="Cerita yang rekaan.")
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    sent = {"seen": "received", "decision": "not_in_scope:no_violence", "note": "Catatan rekaan."}
    officer.post(f"/laporan/{filed.reference}/triase/", sent)
    world.rows("UPDATE intake_triagemove SET note = note || '\\x00'::bytea")
    page = officer.get(f"/berkas/{filed.reference}/")
    assert page.status_code == 200
    assert "Tidak terbaca" in page.content.decode()
    assert "Cerita yang rekaan." in page.content.decode()
