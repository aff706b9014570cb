"""Pages of letters: writing one, what is withheld, drafts; texts and letterhead written in the browser."""

import io
import re
from typing import Any

import docx
import pytest

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.ledger.states import Verb
from ruangaman.papers.models import Letter, Letterhead, Paper, Series, Template
from tests.papers.lettering import (
    CLIENT,
    LOOK,
    NIK,
    agreed,
    case_with_client,
    issued,
    text_of,
    with_letterhead,
)
from tests.worlds import Filed, World


def verbs(world: World) -> list[str]:
    return [verb for (verb,) in world.rows("SELECT verb FROM ledger_entry ORDER BY at")]


def send(world: World, filed: Filed, who: Any, kind: str, act: str, query: str = "", **typed: Any) -> Any:
    given = {
        "recipient": "Direktur RS Contoh\ndi Kota Contoh",
        "addition": "",
        "copies": "",
        "act": act,
        **typed,
    }
    page = world.client(who)
    html = page.get(f"/surat/{filed.reference}/baru/{kind}/{query}").content.decode()
    officer = re.search(r'<option value="([0-9a-f-]+:case_manager)"', html)
    return page.post(
        f"/surat/{filed.reference}/baru/{kind}/{query}", {"officer": officer and officer[1], **given}
    )


def test_a_manager_writes_looks_and_sends_and_the_dossier_shows_the_letter(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    draft = send(world, filed, manager, "examination", "preview")
    said = text_of(draft.content)
    assert draft["Content-Type"] == "application/pdf" and draft["Content-Disposition"].startswith("inline")
    assert "KONSEP" in said and "…/SP/UPTD/" in said and CLIENT not in said
    assert "script" not in draft["Content-Security-Policy"]
    assert not Paper.objects.using("owner").exists() and not Series.objects.using("owner").exists()
    sent = send(world, filed, manager, "examination", "issue")
    letter = Letter.objects.using("owner").get()
    assert sent["Location"] == f"/surat/{letter.id}/"
    browser = world.client(manager)
    for address in (sent["Location"], f"/surat/{filed.reference}/", f"/berkas/{filed.reference}/"):
        page = browser.get(address).content.decode()
        assert letter.number in page and "Direktur RS Contoh" in page and CLIENT not in page
    taken = browser.post(f"/surat/{letter.id}/pdf/")
    assert (
        taken["Content-Disposition"]
        == f'attachment; filename="surat-{letter.number.lower().replace("/", "-")}.pdf"'
    )
    assert "KONSEP" not in text_of(taken.content)
    assert Verb.LETTER_ISSUED in verbs(world) and Verb.PAPER_DOWNLOADED in verbs(world)


def test_the_page_says_before_issuing_what_is_withheld(world: World) -> None:
    filed, manager = case_with_client(world)
    agreed(world, filed, manager, world.hospital)
    address = f"/surat/{filed.reference}/baru/referral/"
    to_others = world.client(manager).get(address).content.decode()
    withheld = to_others[to_others.index("Tidak dicantumkan") :]
    assert "Nama klien" in withheld and "Kronologi" in withheld
    to_partner = world.client(manager).get(f"{address}?kepada={world.hospital.id}").content.decode()
    withheld = to_partner[to_partner.index("Tidak dicantumkan") :]
    assert "Nama klien" not in withheld and "Kronologi" in withheld
    tasks = world.client(manager).get(f"/surat/{filed.reference}/baru/assignment/").content.decode()
    assert "Cantumkan juga" not in tasks and 'name="addition"' not in tasks and 'name="copies"' not in tasks


def test_more_than_covered_without_a_reason_comes_back_with_all_that_was_typed(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    answer = send(
        world, filed, manager, "examination", "issue", extra=["identity"], addition="Tulisan panjang."
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and "Tulis alasan" in page
    assert "Tulisan panjang." in page and "Direktur RS Contoh" in page
    assert not Letter.objects.using("owner").exists()


def test_a_draft_that_shows_a_name_leaves_an_entry_and_one_that_does_not_leaves_none(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    before = verbs(world)
    send(world, filed, manager, "examination", "preview")
    assert verbs(world) == before
    shown = send(world, filed, manager, "examination", "preview", extra=["identity"])
    assert CLIENT in text_of(shown.content) and verbs(world) == [*before, Verb.OPENED]


def test_a_docx_is_a_draft_without_number_or_square_and_tells_no_more(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    taken = send(
        world, filed, manager, "referral", "docx", service="psychological", addition="Kalimat tambahan."
    )
    file = docx.Document(io.BytesIO(taken.content))
    said = "\n".join(p.text for p in file.paragraphs) + "\n".join(
        cell.text for table in file.tables for row in table.rows for cell in row.cells
    )
    assert "KONSEP" in said and "Kalimat tambahan." in said and CLIENT not in said and "/asli/" not in said
    assert Verb.LETTER_EDITED in verbs(world) and not Series.objects.using("owner").exists()
    more = send(
        world, filed, manager, "referral", "docx", service="psychological", extra=["identity"], reason="perlu"
    )
    assert more.status_code == 400 and "DOCX" in more.content.decode()


def test_who_has_no_right_gets_nothing(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="summary")
    for stranger in (
        world.person(Role.HEAD, world.other),
        world.person(Role.PARTNER_OFFICER),
        world.person(Role.COMPANION),
        world.person(Role.DATA_OFFICER),
        world.person(Role.ADMINISTRATOR),
    ):
        browser = world.client(stranger)
        assert browser.get(f"/surat/{letter.id}/").status_code == 404
        assert browser.post(f"/surat/{letter.id}/pdf/").status_code == 404
        assert browser.post(f"/surat/{letter.id}/tarik/").status_code == 404
        assert browser.get(f"/surat/{filed.reference}/baru/summary/").status_code == 404
    assert Letter.objects.using("owner").get().state == "issued"


def test_a_head_reads_letters_and_issues_none_that_tell_of_the_client(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    letter = issued(world, filed, manager, kind="summary")
    browser = world.client(world.person(Role.HEAD))
    assert browser.get(f"/surat/{letter.id}/").status_code == 200
    assert browser.post(f"/surat/{letter.id}/tarik/").status_code == 404
    assert browser.get(f"/surat/{filed.reference}/baru/summary/").status_code == 404


def test_a_letter_whose_file_was_altered_is_not_sent(world: World) -> None:
    from django.core.files.storage import storages

    with_letterhead(world)
    filed, manager = case_with_client(world)
    first, second = (issued(world, filed, manager, kind="summary") for _time in range(2))
    storage = storages["papers"]
    places = [f"{one.hex[-2:]}/{one.hex[-4:-2]}/{one.hex}/0" for one in (first.paper_id, second.paper_id)]
    with storage.open(places[1]) as other:
        exchanged = other.read()
    from pathlib import Path

    Path(storage.path(places[0])).write_bytes(exchanged)
    answer = world.client(manager).post(f"/surat/{first.id}/pdf/")
    assert answer.status_code == 409 and "tidak terbaca" in answer.content.decode()


# --- texts and letterhead ------------------------------------------------------------------------------------------


def test_a_new_version_is_used_by_the_next_letter_and_the_old_letter_keeps_its_own(world: World) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    before = issued(world, filed, manager, kind="summary")
    browser = world.client(world.person(Role.HEAD))
    typed = {
        "title": "Ringkasan Baru",
        "code": "RB",
        "body": "Berkas {nomor_berkas}.",
        "version": 0,
        "act": "save",
    }
    assert browser.post("/surat/naskah/summary/", typed).status_code == 302
    after = issued(world, filed, manager, kind="summary")
    assert before.number.startswith("001/RK/") and after.number.startswith("002/RB/")
    assert before.template_id != after.template_id
    # Somebody else's page still shows the version before: theirs is not overwritten in silence.
    late = browser.post("/surat/naskah/summary/", {**typed, "body": "Lain {nomor_berkas}."})
    assert (
        late.status_code == 400 and "Orang lain" in late.content.decode() and "Lain" in late.content.decode()
    )
    assert Template.objects.using("owner").filter(owner=world.unit).count() == 1


def test_a_text_with_a_field_of_another_kind_is_refused_with_the_list(world: World) -> None:
    browser = world.client(world.person(Role.SUPERVISOR))
    typed = {"title": "Surat Tugas", "code": "ST", "body": "Untuk {nama_klien}", "version": 0, "act": "save"}
    answer = browser.post("/surat/naskah/assignment/", typed)
    page = answer.content.decode()
    assert answer.status_code == 400 and "{nama_klien}" in page and "nama_petugas, jabatan_petugas" in page
    assert not Template.objects.using("owner").filter(owner=world.unit).exists()


def test_the_preview_of_a_text_is_made_of_made_up_data(world: World) -> None:
    case_with_client(world)
    browser = world.client(world.person(Role.HEAD))
    body = "| Nama | {nama_klien} |\n| NIK | {nik} |\n\n{kronologi}"
    made = browser.post(
        "/surat/naskah/summary/", {"title": "R", "code": "R", "body": body, "version": 0, "act": "preview"}
    )
    said = text_of(made.content)
    assert "CONTOH" in said and "Nama Rekaan" in said and CLIENT not in said and NIK not in said


@pytest.mark.parametrize("kind", ["examination", "assignment", "referral", "consent_form", "summary"])
def test_each_shipped_text_has_a_page_and_a_preview(world: World, kind: str) -> None:
    browser = world.client(world.person(Role.HEAD))
    page = browser.get(f"/surat/naskah/{kind}/").content.decode()
    shipped = Template.objects.using("owner").filter(owner=None, kind=kind).latest("version")
    typed = {
        "title": shipped.title,
        "code": shipped.code,
        "body": shipped.body,
        "version": 0,
        "act": "preview",
    }
    assert "{nama_petugas}" in page
    assert "Contoh Petugas" in text_of(browser.post(f"/surat/naskah/{kind}/", typed).content)


def test_the_letterhead_is_set_by_head_and_supervisor_alone_and_each_change_leaves_an_entry(
    world: World,
) -> None:
    for stranger in (Role.CASE_MANAGER, Role.DATA_OFFICER, Role.ADMINISTRATOR, Role.PARTNER_OFFICER):
        assert world.client(world.person(stranger)).post("/surat/kop/", LOOK).status_code == 404
    browser = world.client(world.person(Role.HEAD))
    assert browser.post("/surat/kop/", {**LOOK, "act": "save"}).status_code == 302
    assert browser.post("/surat/kop/", {**LOOK, "town": "Kota Baru", "act": "save"}).status_code == 302
    fields = world.rows(
        "SELECT fields_named FROM ledger_entry WHERE verb = %s ORDER BY at", [Verb.LETTERHEAD_SET]
    )
    assert fields[1] == (["town"],)
    wrong = browser.post("/surat/kop/", {**LOOK, "scheme": "{nomor}", "act": "save"})
    assert wrong.status_code == 400 and "{tahun}" in wrong.content.decode()
    assert Letterhead.objects.using("owner").get().scheme == LOOK["scheme"]
    other = world.client(world.person(Role.HEAD, world.other)).get("/surat/kop/").content.decode()
    assert "Kota Baru" not in other


def test_by_raw_sql_no_other_unit_writes_texts_or_letterheads(world: World) -> None:
    from django.db import DatabaseError

    from tests.worlds import acting

    with_letterhead(world)
    stranger = world.person(Role.HEAD, world.other)
    with acting(stranger):
        world.rows("UPDATE papers_letterhead SET signer_name = 'X'", using="default")
        assert world.rows("SELECT * FROM papers_letterhead", using="default") == []
    assert Letterhead.objects.using("owner").get().signer_name == LOOK["signer_name"]
    for owner in (world.unit.id, None):
        with pytest.raises(DatabaseError, match="row-level security"), acting(stranger):
            world.rows(
                "INSERT INTO papers_template (id, owner_id, kind, version, title, code, body, written_by_id, "
                "written_at) VALUES (gen_random_uuid(), %s, 'summary', 9, 'X', 'X', 'X', %s, now())",
                [owner, stranger.id],
                using="default",
            )


def test_pages_of_letters_stay_within_a_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    with_letterhead(world)
    filed, manager = case_with_client(world)
    for _time in range(5):
        issued(world, filed, manager, kind="summary")
    browser = world.client(manager)
    browser.get(f"/surat/{filed.reference}/")
    with django_assert_max_num_queries(14):
        browser.get(f"/surat/{filed.reference}/")
    assert Dossier.objects.using("owner").count() == 1
