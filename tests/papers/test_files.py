"""Files: sealed as they come in, kept only when they are what they seem, looked at and copied with a trace."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from PIL import Image

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel.fields import unseal
from ruangaman.papers import storing
from ruangaman.papers.models import Paper
from ruangaman.papers.states import PaperState, Scan
from tests.papers import makings
from tests.worlds import Filed, World, acting

ABOUT = {"kind": "photo", "origin": "client"}


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own."""
    options = {**settings.STORAGES["papers"]["OPTIONS"], "location": str(tmp_path / "papers")}
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {**settings.STORAGES["papers"], "OPTIONS": options},
    }
    return tmp_path / "papers"


@pytest.fixture
def filed(world: World) -> Filed:
    return world.file()


@pytest.fixture
def officer(world: World, store: Path) -> Client:
    return world.client(world.person(Role.INTAKE_OFFICER))


def in_pieces(client: Client, filed: Filed, content: bytes, name: str, **about: Any) -> Any:
    """Send a file as the script does, and give the last answer."""
    begun = client.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": name, "size": len(content), **about}
    )
    if begun.status_code != 201:
        return begun
    told = begun.json()
    for index in range(-(-len(content) // storing.PIECE)):
        piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
        url = told["piece_url"].replace("/0/", f"/{index}/")
        answer = client.post(url, piece, content_type="application/octet-stream")
        assert answer.status_code == 200 and answer.json() == {"received": index + 1}
    return client.post(told["finish_url"])


def whole(client: Client, filed: Filed, content: bytes, called: str, **about: Any) -> Any:
    """Send a file as a form without script does."""
    file = io.BytesIO(content)
    file.name = called
    return client.post(f"/unggah/utuh/{filed.reference}/", {**ABOUT, **about, "file": file})


def the_paper(world: World) -> Paper:
    return Paper.objects.using("owner").get()


def verbs(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT verb FROM ledger_entry ORDER BY at, id")]


def test_a_film_comes_in_pieces_and_lies_sealed(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    content = makings.film(700_000)
    answer = in_pieces(officer, filed, content, "rekaman.mp4", kind="recording")
    assert answer.status_code == 200 and answer.json()["kept"] is True
    paper = the_paper(world)
    assert (paper.state, paper.content_type, paper.pieces) == (PaperState.KEPT, "video/mp4", 3)
    assert (paper.section, paper.scan) == (Section.NARRATIVE, Scan.UNSCANNED)
    with acting(world.person(Role.INTAKE_OFFICER)):
        key = key_of(filed.dossier.id, Section.NARRATIVE)
        assert key
        assert b"".join(storing.pieces(paper.id, 3, key)) == content
        assert unseal(paper, "digest", key) == hashlib.sha256(content).hexdigest()
        assert unseal(paper, "name", key) == "rekaman.mp4"
    lying = [path for path in store.rglob("*") if path.is_file()]
    assert len(lying) == 3
    assert all(oct(path.stat().st_mode)[-3:] == "600" for path in lying)
    assert all(
        content[:64] not in path.read_bytes() and b"rekaman" not in path.read_bytes() for path in lying
    )
    assert "rekaman" not in " ".join(str(path) for path in lying)
    assert "paper_added" in verbs(world)


def test_a_telephones_photo_goes_in_one_form_without_script(
    world: World, filed: Filed, officer: Client
) -> None:
    answer = whole(officer, filed, makings.photo_with_place(), "IMG_1.jpg", name="Foto pintu")
    assert answer.status_code == 302 and answer["Location"] == f"/berkas/{filed.reference}/"
    paper = the_paper(world)
    assert (paper.content_type, paper.pages) == ("image/jpeg", 1)
    with acting(world.person(Role.INTAKE_OFFICER)):
        assert unseal(paper, "name", key_of(filed.dossier.id, Section.NARRATIVE)) == "Foto pintu.jpg"


def test_what_is_looked_at_is_upright_and_says_nothing_of_place_or_camera(
    world: World, filed: Filed, officer: Client
) -> None:
    whole(officer, filed, makings.photo_with_place(), "IMG_1.jpg")
    paper = the_paper(world)
    page = officer.get(f"/dokumen/{paper.id}/")
    assert page.status_code == 200
    assert verbs(world).count("paper_looked_at") == 1
    (url,) = page.context["pictures"]
    answer = officer.get(url)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == "inline"
    seen = Image.open(io.BytesIO(answer.content))
    assert seen.size == (600, 900) and not dict(seen.getexif()) and b"Melati" not in answer.content
    assert verbs(world).count("paper_looked_at") == 1, "its pictures are part of one look"


def test_a_picture_is_not_fetched_without_a_look_that_is_recorded(
    world: World, filed: Filed, officer: Client
) -> None:
    whole(officer, filed, makings.picture(), "a.jpg")
    paper = the_paper(world)
    url = officer.get(f"/dokumen/{paper.id}/").context["pictures"][0]
    assert officer.get(url.split("?")[0]).status_code == 404
    supervisor = world.client(world.person(Role.SUPERVISOR))
    assert supervisor.get(url).status_code == 404, "somebody else's look is not mine"
    small = officer.get(f"/dokumen/{filed.reference}/").context["rows"][0]["thumbnail"]
    assert officer.get(small).status_code == 200
    assert officer.get(small.replace("/gambar/0/", "/gambar/1/")).status_code == 404


def test_a_picture_is_copied_with_the_name_of_who_took_it(
    world: World, filed: Filed, officer: Client
) -> None:
    whole(officer, filed, makings.photo_with_place(), "IMG_1.jpg")
    paper = the_paper(world)
    answer = officer.post(f"/dokumen/{paper.id}/unduh/")
    assert answer.status_code == 200
    entry = world.rows("SELECT id FROM ledger_entry WHERE verb = 'paper_downloaded'")[0][0]
    number = "-".join(entry.hex[-12:][i : i + 4] for i in (0, 4, 8))
    assert number in answer["Content-Disposition"] and "attachment" in answer["Content-Disposition"]
    seen = Image.open(io.BytesIO(answer.content))
    assert seen.width == 640 and seen.height > 900, "the mark stands under the picture and hides nothing"
    told = str(seen.getexif()[0x010E]).encode("latin-1").decode()  # as Pillow reads it, letter by byte
    assert "intake_officer Unit Uji · " in told and str(entry) in told and "WIB" in told
    assert b"Melati" not in answer.content
    band = seen.convert("L").crop((0, seen.height - 12, seen.width, seen.height))
    assert min(band.tobytes()) < 160, "something is written there"


def test_each_page_of_a_copied_pdf_names_who_took_it(world: World, filed: Filed, officer: Client) -> None:
    whole(officer, filed, makings.pdf(3), "surat.pdf", kind="letter_in", section="narrative")
    paper = the_paper(world)
    assert (paper.content_type, paper.pages) == ("application/pdf", 3)
    assert len(officer.get(f"/dokumen/{paper.id}/").context["pictures"]) == 3
    answer = officer.post(f"/dokumen/{paper.id}/unduh/")
    copy = pypdf.PdfReader(io.BytesIO(answer.content))
    entry = world.rows("SELECT id FROM ledger_entry WHERE verb = 'paper_downloaded'")[0][0]
    assert len(copy.pages) == 3
    for number, page in enumerate(copy.pages):
        text = page.extract_text()
        assert f"Surat rekaan {number + 1}" in text
        assert "intake_officer Unit Uji" in text and entry.hex[-4:] in text
    assert str(entry) in str(copy.metadata)


def test_a_recording_and_a_word_document_say_in_their_name_who_took_them(
    world: World, filed: Filed, officer: Client
) -> None:
    whole(officer, filed, makings.sound(), "telepon.wav", kind="recording")
    paper = the_paper(world)
    answer = officer.post(f"/dokumen/{paper.id}/unduh/")
    entry = world.rows("SELECT id FROM ledger_entry WHERE verb = 'paper_downloaded'")[0][0]
    assert answer.content == makings.sound() and entry.hex[-4:] in answer["Content-Disposition"]
    assert "tanda tidak bisa dicetak" in officer.get(f"/dokumen/{paper.id}/").content.decode()


def test_a_copied_word_document_says_in_its_properties_who_took_it(
    world: World, filed: Filed, officer: Client
) -> None:
    import docx

    whole(officer, filed, makings.word(), "catatan.docx", kind="other")
    answer = officer.post(f"/dokumen/{the_paper(world).id}/unduh/")
    copy = docx.Document(io.BytesIO(answer.content))
    assert "intake_officer Unit Uji" in copy.core_properties.comments
    assert [paragraph.text for paragraph in copy.paragraphs] == ["Catatan rekaan."]


def test_evidence_is_kept_to_the_bit_without_pictures_and_begins_its_chain(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    """care.md 14: evidence is bit-exact and without preview."""
    content = makings.photo_with_place()
    assert in_pieces(officer, filed, content, "bukti.jpg", is_evidence="on").status_code == 200
    paper = the_paper(world)
    assert (paper.is_evidence, paper.pages) == (True, 0)
    assert [path.name for path in store.rglob("*") if path.is_file()] == ["0"]
    assert world.rows("SELECT act FROM papers_custody") == [("entered",)]
    assert officer.get(f"/dokumen/{paper.id}/")["Location"] == f"/bukti/{paper.id}/"
    assert officer.post(f"/dokumen/{paper.id}/unduh/")["Location"] == f"/bukti/{paper.id}/"
    assert officer.get(f"/dokumen/{paper.id}/gambar/1/").status_code == 404
    with acting(world.person(Role.INTAKE_OFFICER)):
        key = key_of(filed.dossier.id, Section.NARRATIVE)
        assert key and b"".join(storing.pieces(paper.id, 1, key)) == content


def test_sending_goes_on_where_the_connection_was_lost(world: World, filed: Filed, officer: Client) -> None:
    content = makings.film(600_000)
    told = officer.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": len(content)}
    ).json()
    first, second, third = (content[i * storing.PIECE : (i + 1) * storing.PIECE] for i in range(3))

    def send(index: int, piece: bytes) -> Any:
        url = told["piece_url"].replace("/0/", f"/{index}/")
        return officer.post(url, piece, content_type="application/octet-stream")

    assert send(0, first).json() == {"received": 1}
    assert send(0, second).json() == {"received": 1}, "what was acknowledged is not written over"
    assert send(2, third).status_code == 409
    assert officer.post(told["finish_url"]).status_code == 400, "not whole: it stays, to be gone on with"
    assert officer.get(told["state_url"]).json() == {"received": 1, "kept": False}
    assert send(1, second[:-1]).status_code == 409
    assert send(1, second).json() == {"received": 2}
    assert send(2, third).json() == {"received": 3}
    assert officer.post(told["finish_url"]).json()["kept"] is True
    assert officer.post(told["finish_url"]).json()["kept"] is True, "asked twice, kept once"
    assert verbs(world).count("paper_added") == 1


def test_a_double_click_keeps_one_file(world: World, filed: Filed, officer: Client) -> None:
    form = officer.get(f"/dokumen/{filed.reference}/lampirkan/").context["form"]
    same = {"paper_id": form["paper_id"].value()}
    for _click in range(2):
        assert whole(officer, filed, makings.picture(), "a.jpg", **same).status_code == 302
    assert Paper.objects.using("owner").count() == 1 and verbs(world).count("paper_added") == 1


def test_another_file_from_a_form_that_the_browser_kept_is_not_lost(
    world: World, filed: Filed, officer: Client
) -> None:
    form = officer.get(f"/dokumen/{filed.reference}/lampirkan/").context["form"]
    same = {"paper_id": form["paper_id"].value()}
    whole(officer, filed, makings.picture(), "a.jpg", **same)
    whole(officer, filed, makings.picture(size=(300, 200)), "a.jpg", **same)
    whole(officer, filed, makings.picture(), "b.jpg", **same)
    rows = officer.get(f"/dokumen/{filed.reference}/").context["rows"]
    assert sorted(row["name"] for row in rows) == ["a.jpg", "a.jpg", "b.jpg"]


def test_a_file_that_was_given_up_leaves_nothing(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    content = makings.film(600_000)
    told = officer.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": len(content)}
    ).json()
    officer.post(told["piece_url"], content[: storing.PIECE], content_type="application/octet-stream")
    assert officer.post(told["drop_url"]).status_code == 200
    assert not Paper.objects.using("owner").exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_somebody_without_right_gets_nothing(world: World, filed: Filed, officer: Client) -> None:
    whole(officer, filed, makings.picture(), "a.jpg")
    paper = the_paper(world)
    told = officer.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": 300_000}
    ).json()
    strangers = [world.person(Role.INTAKE_OFFICER, world.other), world.person(Role.PARTNER_OFFICER)]
    for stranger in strangers:
        client = world.client(stranger)
        for url in (
            f"/dokumen/{paper.id}/",
            f"/dokumen/{paper.id}/gambar/1/",
            f"/dokumen/{filed.reference}/",
            f"/dokumen/{filed.reference}/lampirkan/",
            told["state_url"],
        ):
            assert client.get(url).status_code == 404, url
        for url in (
            f"/dokumen/{paper.id}/unduh/",
            f"/dokumen/{paper.id}/pindai/",
            f"/unggah/mulai/{filed.reference}/",
            f"/unggah/utuh/{filed.reference}/",
            told["piece_url"],
            told["finish_url"],
            told["drop_url"],
        ):
            assert client.post(url).status_code == 404, url
        with acting(stranger):
            assert world.rows("SELECT id FROM papers_paper", using="default") == []
    # A colleague who reaches the same dossier does not go on with somebody else's upload.
    assert world.client(world.person(Role.SUPERVISOR)).post(told["drop_url"]).status_code == 404
    assert verbs(world).count("refused") >= 2


def test_a_partner_sees_what_it_brought_itself_and_not_the_units(
    world: World, filed: Filed, officer: Client
) -> None:
    whole(officer, filed, makings.picture(), "milik-unit.jpg")
    world.move(filed, "case")
    partner = world.person(Role.PARTNER_OFFICER)
    world.grant(filed, partner.id, Section.MEDICAL, writes=True)
    world.grant(filed, partner.id, Section.FILE)
    client = world.client(partner)
    theirs = whole(client, filed, makings.pdf(), "hasil.pdf", kind="medical")
    assert theirs.status_code == 302, theirs.content
    rows = client.get(f"/dokumen/{filed.reference}/").context["rows"]
    assert [row["name"] for row in rows] == ["hasil.pdf"]


def test_the_page_of_the_file_lists_its_papers(world: World, filed: Filed, officer: Client) -> None:
    whole(officer, filed, makings.picture(), "pintu.jpg")
    page = officer.get(f"/berkas/{filed.reference}/").content.decode()
    assert "pintu.jpg" in page and f"/dokumen/{filed.reference}/lampirkan/" in page
    assert "Belum dipindai" in page
    opened = world.rows(
        "SELECT fields_named FROM ledger_entry WHERE verb = 'opened' ORDER BY at DESC LIMIT 1"
    )
    assert Section.NARRATIVE in opened[0][0]


def test_a_form_that_is_not_complete_keeps_what_was_typed(
    world: World, filed: Filed, officer: Client
) -> None:
    answer = officer.post(f"/unggah/utuh/{filed.reference}/", {"name": "Foto pintu", "note": "dari tetangga"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Foto pintu" in page and "dari tetangga" in page and "Pilih berkasnya dulu." in page


def test_what_may_not_be_written_is_said_in_a_sentence(world: World, filed: Filed, officer: Client) -> None:
    answer = in_pieces(officer, filed, makings.pdf(), "a.pdf", kind="psychological")
    assert answer.status_code == 400
    assert "tidak bisa menulis" in json.loads(answer.content)["errors"][0]
