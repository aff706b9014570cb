"""Blank forms that anybody may print, and forms that come back filled in by hand (issue 6)."""

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from ruangaman.access.states import Role
from ruangaman.intake import typesetting
from ruangaman.intake.policies.register import new_form_number
from ruangaman.intake.states import Channel
from ruangaman.kernel import limits
from ruangaman.kernel.ids import new_id
from ruangaman.papers.models import Paper
from tests.worlds import World, acting


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())


def a_scan(pages: int = 1) -> SimpleUploadedFile:
    made, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(595, 842)
    made.write(out)
    return SimpleUploadedFile("pindaian.pdf", out.getvalue(), "application/pdf")


def way(world: World, channel: str = Channel.POST, *, unit: Any = None, active: bool = True) -> UUID:
    made, where = new_id(), unit or world.unit
    world.rows(
        "INSERT INTO intake_way (id, unit_id, owner_id, channel, name, usual_reporter, needs_ticket, takes_anonymous, "
        "is_active, changed_at) VALUES (%s, %s, %s, %s, %s, '', false, true, %s, now())",
        [made, where.id, where.id, channel, f"Pos {made}", active],
    )
    return made


def filled(way_id: UUID, **more: Any) -> dict[str, Any]:
    return {
        "report_id": str(new_id()),
        "paper_id": str(new_id()),
        "way": str(way_id),
        "number": new_form_number(),
        "summary": "Ia menulis bahwa ia takut pulang.",
        "file": a_scan(),
        **more,
    }


# --- printing --------------------------------------------------------------------------------------------------------


def test_anybody_prints_each_form_in_both_languages(world: World) -> None:
    page = Client().get("/formulir/").content.decode()
    for kind in ("umum", "anak"):
        for language in ("id", "en"):
            url = f"/formulir/{kind}/?bahasa={language}"
            assert url.replace("&", "&amp;") in page
            sent = Client().get(url)
            assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
            assert "pdfaid" in sent.content.decode("latin-1")
    assert Client().get("/formulir/lain/").status_code == 404
    assert Client().get("/formulir/umum/?bahasa=xx").status_code == 404
    assert "Formulir sudah diisi" not in page


def test_each_copy_has_a_number_of_its_own_as_text_and_as_square(world: World) -> None:
    one, two = (words_of(Client().get("/formulir/umum/").content) for _ in range(2))
    assert one != two
    number = new_form_number()
    made = typesetting.blank_form_pdf(
        kind="umum", language="id", number=number, unit="", day=timezone.localdate()
    )
    assert words_of(made).count(number) >= 2
    assert number in str(typesetting.square(number)) or "<path" in typesetting.square(number)


def test_danger_is_asked_first_then_how_to_reach_her_and_then_what_happened() -> None:
    made = typesetting.blank_form_pdf(
        kind="umum", language="id", number=new_form_number(), unit="", day=timezone.localdate()
    )
    text = words_of(made)
    order = [
        "bahaya sekarang, untukmu",
        "boleh menghubungimu",
        "Kata kunci bersama",
        "Siapa yang melapor?",
        "Apa yang terjadi?",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert "112" in text


def test_the_childs_sheet_asks_whom_it_trusts_and_no_parents_name() -> None:
    """Source: care.md 12."""
    made = typesetting.blank_form_pdf(
        kind="anak", language="id", number=new_form_number(), unit="", day=timezone.localdate()
    )
    text = words_of(made)
    assert "Siapa yang kamu percaya?" in text
    assert "Siapa yang tidak boleh tahu?" in text
    assert "Namamu" not in text
    assert "18 tahun" not in text


def test_a_caller_who_prints_without_end_is_told_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "allow", lambda *_args, **_more: False)
    sent = Client().get("/formulir/umum/")
    assert sent.status_code == 429
    assert "Coba lagi nanti" in sent.content.decode()


# --- coming back -----------------------------------------------------------------------------------------------------


def test_a_form_becomes_a_report_with_its_scan_in_one_act(world: World) -> None:
    officer = world.person(Role.INTAKE_OFFICER)
    client, sent = world.client(officer), filled(way(world))
    answer = client.post("/formulir/terisi/", sent)
    assert answer.status_code == 302
    ((reference, dossier),) = world.rows("SELECT reference, id FROM access_dossier")
    assert answer["Location"] == f"/berkas/{reference}/"
    assert dossier == UUID(sent["report_id"])
    assert world.rows("SELECT channel, taken_by_id FROM intake_report") == [("post", officer.id)]
    with acting(officer):
        (paper,) = Paper.objects.all()
    assert (paper.kind, paper.section, paper.state, paper.added_by_id) == (
        "letter_in",
        "narrative",
        "kept",
        officer.id,
    )
    page = client.get(f"/berkas/{reference}/").content.decode()
    assert "(lihat pindaian)" in page
    assert "takut pulang" in page


def test_a_scan_that_is_not_kept_leaves_no_report_either_and_what_was_typed_stays(world: World) -> None:
    client = world.client(world.person(Role.INTAKE_OFFICER))
    bad = SimpleUploadedFile("pindaian.pdf", b"MZ\x90\x00 nothing of a PDF", "application/pdf")
    answer = client.post("/formulir/terisi/", filled(way(world), file=bad))
    assert answer.status_code == 400
    assert "takut pulang" in answer.content.decode()
    for table in ("access_dossier", "intake_report", "papers_paper", "intake_delivery"):
        assert world.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def test_the_same_form_sent_twice_and_the_same_number_typed_again_make_one_report(world: World) -> None:
    client, where = world.client(world.person(Role.INTAKE_OFFICER)), way(world)
    sent = filled(where)
    for _twice in range(2):
        assert client.post("/formulir/terisi/", {**sent, "file": a_scan()}).status_code == 302
    again = client.post("/formulir/terisi/", filled(where, number=sent["number"].lower()))
    assert again.status_code == 400
    assert "sudah dicatat" in again.content.decode()
    assert world.rows("SELECT count(*) FROM intake_report") == [(1,)]
    assert world.rows("SELECT count(*) FROM papers_paper") == [(1,)]


def test_a_scan_is_kept_as_evidence_where_it_is_said_to_be(world: World) -> None:
    client = world.client(world.person(Role.INTAKE_OFFICER))
    assert client.post("/formulir/terisi/", filled(way(world), is_evidence="on")).status_code == 302
    assert world.rows("SELECT is_evidence FROM papers_paper") == [(True,)]


def test_whoever_is_still_there_gets_a_code_that_is_changed_at_its_first_visit(world: World) -> None:
    client = world.client(world.person(Role.INTAKE_OFFICER))
    answer = client.post("/formulir/terisi/", filled(way(world), gives_code="on"))
    assert answer.status_code == 200
    assert answer.content.decode().count('class="words__check"') == 1
    assert world.rows("SELECT known_to_staff, locator IS NOT NULL FROM intake_thread") == [(True, True)]


def test_a_form_about_somebody_of_the_service_is_taken_down_by_the_supervisor(world: World) -> None:
    where = way(world)
    refused = world.client(world.person(Role.INTAKE_OFFICER)).post(
        "/formulir/terisi/", filled(where, about_staff="on")
    )
    assert refused.status_code == 400
    assert "penyelia" in refused.content.decode()
    assert world.rows("SELECT count(*) FROM intake_report") == [(0,)]
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.post("/formulir/terisi/", filled(where, about_staff="on")).status_code == 302
    assert world.rows("SELECT about_staff FROM intake_report") == [(True,)]


def test_only_ways_of_ones_own_unit_on_which_paper_comes_are_offered(world: World) -> None:
    client = world.client(world.person(Role.INTAKE_OFFICER))
    strange, off, app = way(world, unit=world.other), way(world, active=False), way(world, Channel.APP)
    for one in (strange, off, app):
        assert client.post("/formulir/terisi/", filled(one)).status_code == 400
    for role in (Role.COMPANION, Role.HEAD, Role.ADMINISTRATOR):
        assert world.client(world.person(role)).get("/formulir/terisi/").status_code == 404
    assert Client().get("/formulir/terisi/").status_code == 302
    assert world.rows("SELECT count(*) FROM intake_report") == [(0,)]


@pytest.mark.parametrize("page", ["/", "/lapor/"])
def test_who_would_rather_write_on_paper_finds_the_forms(unchanged: None, page: str) -> None:
    shown = Client().get(page).content.decode()
    assert 'href="/formulir/"' in shown and "kertas" in shown
    forms = Client().get("/formulir/").content.decode()
    assert "tertinggal di HP ini" in forms, "a file that was fetched is a trace"
