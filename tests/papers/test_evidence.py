"""Evidence stays bit-exact and unseen; it opens for a reason and a second person; every hand is told (care.md 14)."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ruangaman.access.duties import Kind
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.models import Entry
from ruangaman.ledger.states import Verb
from ruangaman.papers import duties
from ruangaman.papers.actions import evidence as actions
from ruangaman.papers.models import Paper
from tests.papers.evidences import CONTENT, allow, ask, chain, companion_of, file_of, keep, on_team
from tests.worlds import World, acting


def address(name: str, paper: Paper, *more: Any) -> str:
    return reverse(f"papers:{name}", args=[paper.id, *more])


def sent(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- care.md 14: a reason and a second person --------------------------------------------------------------


def test_evidence_opens_bit_exact_after_a_second_person_agreed(world: World) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    paper = keep(world, filed, companion)
    hers, his = world.client(companion), world.client(supervisor)

    asked = hers.post(address("ask_opening", paper), {"reason": "Diminta penyidik untuk berita acara."})
    assert asked.status_code == 302
    ((opening,),) = world.rows("SELECT id FROM papers_opening")
    assert "Diminta penyidik untuk berita acara." in his.get(address("evidence", paper)).content.decode()
    assert his.post(address("decide_opening", paper, opening, "setuju")).status_code == 302
    opened = hers.post(address("open_evidence", paper))

    assert sent(opened) == CONTENT
    assert opened["Content-Disposition"] == 'attachment; filename="foto ancaman.jpg"'
    assert opened["Content-Type"] == "application/octet-stream"
    assert opened["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Cache-Control"] == "no-store"
    assert chain(world, paper) == ["entered", "asked", "allowed", "opened"]
    verbs = Entry.objects.using("owner").filter(dossier_id=filed.dossier.id).values_list("verb", flat=True)
    wanted = {Verb.EVIDENCE_ASKED, Verb.EVIDENCE_ALLOWED, Verb.EVIDENCE_OPENED}
    assert wanted <= set(verbs)


def test_no_page_shows_a_byte_of_evidence_before_or_after_it_was_opened(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    telling = b"<CANARY-evidence-CANARY>" * 40
    paper = keep(world, filed, companion, telling)
    allow(world, paper, ask(world, paper, companion), world.person(Role.SUPERVISOR))
    page = world.client(companion).get(address("evidence", paper)).content.decode()
    assert "CANARY" not in page
    assert "<img" not in page
    assert hashlib.sha256(telling).hexdigest() in page


def test_without_a_reason_nothing_is_asked(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper = keep(world, filed, companion)
    answer = world.client(companion).post(address("ask_opening", paper), {"reason": "  "})
    assert answer.status_code == 400
    assert world.rows("SELECT 1 FROM papers_opening") == []


def test_nobody_opens_before_a_second_person_agreed_after_a_refusal_or_when_the_hour_is_over(
    world: World,
) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    paper = keep(world, filed, companion)
    hers = world.client(companion)
    assert hers.post(address("open_evidence", paper)).status_code == 409
    refused = ask(world, paper, companion)
    assert hers.post(address("open_evidence", paper)).status_code == 409
    allow(world, paper, refused, supervisor, yes=False)
    assert hers.post(address("open_evidence", paper)).status_code == 409
    allow(world, paper, ask(world, paper, companion), supervisor)
    with acting(companion), pytest.raises(Refused, match="satu jam"):
        later = clock.now() + timedelta(hours=1, seconds=1)
        actions.open_evidence(viewer=world.viewer(companion), paper=paper, at=later)
    assert "opened" not in chain(world, paper)
    assert sent(hers.post(address("open_evidence", paper))) == CONTENT


def test_what_one_person_was_allowed_opens_for_nobody_else(world: World) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    paper = keep(world, filed, companion)
    allow(world, paper, ask(world, paper, companion), supervisor)
    assert world.client(supervisor).post(address("open_evidence", paper)).status_code == 409


def test_who_asks_can_not_agree_even_as_supervisor(world: World) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    paper = keep(world, filed, companion)
    opening = ask(world, paper, supervisor)
    browser = world.client(supervisor)
    assert "Izinkan satu jam" not in browser.get(address("evidence", paper)).content.decode()
    answer = browser.post(address("decide_opening", paper, opening.id, "setuju"))
    assert answer.status_code == 409
    assert "Orang kedua yang memutuskan" in answer.content.decode()
    allow(world, paper, opening, world.person(Role.HEAD))


def test_a_second_companion_does_not_decide_and_a_decision_is_made_once(world: World) -> None:
    filed = world.file()
    companion, other = companion_of(world, filed), on_team(world, filed, Role.COMPANION, tag="2")
    paper = keep(world, filed, companion)
    opening = ask(world, paper, companion)
    with pytest.raises(Refused, match="penyelia, kepala unit, atau manajer kasus"):
        allow(world, paper, opening, other)
    allow(world, paper, opening, world.person(Role.SUPERVISOR))
    with pytest.raises(Refused, match="sudah diputuskan"):
        allow(world, paper, opening, world.person(Role.HEAD), yes=False)


def test_one_request_at_a_time(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper = keep(world, filed, companion)
    ask(world, paper, companion)
    with pytest.raises(Refused, match="masih menunggu"):
        ask(world, paper, companion)


def test_who_may_decide_is_told_and_finds_it_on_hari_ini_but_not_who_is_walled(world: World) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    head, walled = world.person(Role.HEAD), world.person(Role.SUPERVISOR, tag="2")
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier",
        [walled.id],
    )
    paper = keep(world, filed, companion)
    opening = ask(world, paper, companion)
    told = world.rows("SELECT person_id, kind, cause FROM notices_notice")
    assert {person for person, _kind, _cause in told} == {supervisor.id, head.id}
    assert {(kind, cause) for _person, kind, cause in told} == {("second_person", f"opening:{opening.id}")}
    for person, waiting in ((supervisor, 1), (head, 1), (walled, 0), (companion, 0)):
        with acting(person):
            found = duties.openings_to_decide(world.viewer(person), clock.now(), 100)
        assert len(found) == waiting, person
        assert all(duty.kind == Kind.PAPER and duty.url == address("evidence", paper) for duty in found)
    allow(world, paper, opening, supervisor)
    with acting(head):
        assert duties.openings_to_decide(world.viewer(head), clock.now(), 100) == []


def test_of_psychological_evidence_another_psychologist_of_the_team_is_the_second_person(
    world: World,
) -> None:
    filed = world.file()
    world.move(filed, Stage.CASE)
    asks = on_team(world, filed, Role.PSYCHOLOGIST)
    decides = on_team(world, filed, Role.PSYCHOLOGIST, tag="2")
    paper = keep(world, filed, asks, section=Section.PSYCHOLOGICAL)
    opening = ask(world, paper, asks)
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.get(address("evidence", paper)).status_code == 404
    assert supervisor.post(address("decide_opening", paper, opening.id, "setuju")).status_code == 404
    allow(world, paper, opening, decides)
    assert sent(world.client(asks).post(address("open_evidence", paper))) == CONTENT


# --- care.md 14: bit-exact ---------------------------------------------------------------------------------


def test_a_digest_is_checked_without_anybody_seeing_the_evidence(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper = keep(world, filed, companion)
    assert world.client(companion).post(address("check_evidence", paper)).status_code == 302
    assert chain(world, paper) == ["entered", "checked"]


@pytest.mark.parametrize("harm", ["altered", "cut", "missing", "exchanged", "from another file"])
def test_evidence_that_is_not_what_came_in_is_not_sent_and_the_chain_says_so(world: World, harm: str) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper, other = keep(world, filed, companion), keep(world, filed, companion, b"lain" * 200_000)
    allow(world, paper, ask(world, paper, companion), world.person(Role.SUPERVISOR))
    piece = file_of(paper, 1)
    whole = piece.read_bytes()
    if harm == "altered":
        piece.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    elif harm == "cut":
        piece.write_bytes(whole[:-1])
    elif harm == "missing":
        piece.unlink()
    elif harm == "exchanged":
        piece.write_bytes(file_of(paper, 0).read_bytes())
    else:
        piece.write_bytes(file_of(other, 1).read_bytes())
    hers = world.client(companion)
    for name in ("open_evidence", "check_evidence"):
        answer = hers.post(address(name, paper))
        assert answer.status_code == 409
        assert "tidak sama lagi dengan yang diterima" in answer.content.decode()
    assert chain(world, paper) == ["entered", "asked", "allowed", "differs", "differs"]


def test_a_whole_file_that_was_sealed_anew_with_other_bytes_is_found_by_its_digest(world: World) -> None:
    """Who holds the keys can write pieces that open; they are still not what came in."""
    from ruangaman.access.actions import key_for
    from ruangaman.papers import storing

    filed = world.file()
    companion = companion_of(world, filed)
    paper = keep(world, filed, companion)
    with acting(companion):
        key = key_for(dossier=filed.dossier, section=Section.NARRATIVE)
    storing.write_piece(paper.id, 2, b"x" * (len(CONTENT) % storing.PIECE), key)
    assert world.client(companion).post(address("check_evidence", paper)).status_code == 409
    assert chain(world, paper) == ["entered", "differs"]


def test_infected_evidence_is_said_to_be_and_its_name_says_it_too(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper = keep(world, filed, companion, scan="infected")
    assert "program jahat" in world.client(companion).get(address("evidence", paper)).content.decode()
    allow(world, paper, ask(world, paper, companion), world.person(Role.SUPERVISOR))
    opened = world.client(companion).post(address("open_evidence", paper))
    assert opened["Content-Disposition"] == 'attachment; filename="foto ancaman.jpg.terinfeksi"'


# --- who gets nothing --------------------------------------------------------------------------------------


def test_an_officer_without_the_section_gets_nothing_and_each_try_is_recorded(world: World) -> None:
    filed = world.file()
    paper = keep(world, filed, companion_of(world, filed))
    opening = ask(world, paper, world.person(Role.SUPERVISOR))
    for role in (Role.INTAKE_OFFICER, Role.PARTNER_OFFICER, Role.DATA_OFFICER, Role.ADMINISTRATOR):
        browser = world.client(world.person(role))
        assert browser.get(address("evidence", paper)).status_code == 404
        for name in ("ask_opening", "open_evidence", "check_evidence", "hand_evidence", "print_custody"):
            assert browser.post(address(name, paper), {"reason": "x"}).status_code == 404, (role, name)
        assert browser.post(address("decide_opening", paper, opening.id, "setuju")).status_code == 404
    assert chain(world, paper) == ["entered", "asked"]


# --- handing over ------------------------------------------------------------------------------------------


def test_a_hand_over_stands_in_the_chain_sealed_and_twice_sent_once(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper, hers = keep(world, filed, companion), world.client(companion)
    form = {
        "row_id": str(new_id()),
        "taker": "cyber",
        "name": "Ipda Rekaan, BA/12/XI/2026",
        "reason": "Surat permintaan penyidik B/99.",
    }
    assert hers.post(address("hand_evidence", paper), form).status_code == 302
    again = hers.post(address("hand_evidence", paper), form)
    assert again.status_code == 409
    assert "Ipda Rekaan" in again.content.decode(), "what was typed stays"
    assert chain(world, paper) == ["entered", "handed"]
    page = hers.get(address("evidence", paper)).content.decode()
    assert "Siber kepolisian: Ipda Rekaan, BA/12/XI/2026" in page
    ((to_whom, note),) = world.rows("SELECT to_whom, note FROM papers_custody WHERE act = 'handed'")
    assert b"Ipda" not in bytes(to_whom)
    assert b"penyidik" not in bytes(note)


def test_the_chain_is_printed_with_every_hand_and_the_digest_and_printing_is_a_link(world: World) -> None:
    filed = world.file()
    companion, supervisor = companion_of(world, filed), world.person(Role.SUPERVISOR)
    paper, hers = keep(world, filed, companion), world.client(companion)
    opening = ask(world, paper, companion, reason="Alasan #emph[rekaan] $x$.")
    allow(world, paper, opening, supervisor)
    sent(hers.post(address("open_evidence", paper)))
    answer = hers.post(address("print_custody", paper))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    digest = hashlib.sha256(CONTENT).hexdigest()
    for told in (
        "Diterima dan disegel",
        "Pembukaan diminta",
        "Pembukaan disetujui",
        "Dibuka",
        "Catatan dicetak",
    ):
        assert told in text
    assert "Alasan #emph[rekaan] $x$." in text, "what people wrote is never markup"
    assert digest in "".join(text.split())
    assert supervisor.name in " ".join(text.split())
    assert filed.reference in text
    assert chain(world, paper)[-1] == "printed"
    assert b"pdfaid" in answer.content


def test_a_cover_sheet_goes_with_a_copy_and_only_with_one(world: World) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper, hers = keep(world, filed, companion), world.client(companion)
    allow(world, paper, ask(world, paper, companion), world.person(Role.SUPERVISOR))
    sent(hers.post(address("open_evidence", paper)))
    links = dict(world.rows("SELECT act, id FROM papers_custody"))
    sheet = hers.get(address("cover_sheet", paper, links["opened"]))
    text = "".join(text_of(sheet.content).split())
    assert str(links["opened"]) in text
    assert "".join(companion.name.split()) in text
    assert hers.get(address("cover_sheet", paper, links["entered"])).status_code == 404


def text_of(content: bytes) -> str:
    import pypdfium2

    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)
