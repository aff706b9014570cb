"""What lies about what it is: names, kinds, headers, methods and numbers of others. Source: security.md 16 to 18."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id
from tests.intake.sending import opened, step, text
from tests.intake.test_hostile import STORY, draft
from tests.intake.walker import words_in
from tests.papers.makings import picture
from tests.worlds import World

# --- content that lies ----------------------------------------------------------------------------------------------

NAMES = (
    'foto"; filename="lain.html".jpg',
    "foto\r\nSet-Cookie: masuk=1\r\n.jpg",
    "../../../etc/passwd.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "foto\u202egpj.exe.jpg",
    "a" * 190 + ".jpg",
    "C:\\Users\\Ayah\\rahasia.jpg",
)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_of_a_file_turns_into_no_header_no_markup_and_no_path(world: World, name: str) -> None:
    browser, _reference = opened(world)
    file = SimpleUploadedFile("x.jpg", picture(size=(40, 40)), content_type="text/html")
    file._name = name  # type: ignore[attr-defined]  # as a browser of bad intent would send it
    answer = browser.post("/unggah/utuh/cek/", {"paper_id": str(new_id()), "file": file})
    assert answer.status_code == 302, text(answer)
    page = text(browser.get("/cek/"))
    assert "<img" not in page and "Set-Cookie" not in " ".join(answer.headers)
    [url] = re.findall(r'href="(/cek/berkas/[^"]+)"', page)
    shown = browser.get(url)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"] == "inline"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"


def test_a_page_said_to_be_a_picture_is_refused_or_never_shown_as_one(world: World) -> None:
    browser, _reference = opened(world)
    page = b"<!doctype html><script>alert(1)</script>"
    for kind in ("image/jpeg", "text/html", "application/octet-stream", "", "x" * 300):
        file = SimpleUploadedFile("foto.jpg", page, content_type=kind)
        answer = browser.post("/unggah/utuh/cek/", {"paper_id": str(new_id()), "file": file})
        assert answer.status_code == 400
    assert "/cek/berkas/" not in text(browser.get("/cek/"))


@pytest.mark.parametrize("name", ["phone", "name", "hours", "code_word"])
def test_line_breaks_in_a_field_of_one_line_stay_text(world: World, name: str) -> None:
    client = Client()
    draft(client)
    step(client, "reach", means="text")
    fields = {"phone": "0812-0000", name: "satu\r\nX-Lain: dua\nBcc: tiga@contoh.example"[:30]}
    answer = step(client, "contact", **fields)
    assert "X-Lain" not in answer.headers and "Bcc" not in answer.headers
    assert words_in(text(step(client, "check")))
    reference = world.rows("SELECT reference FROM access_dossier")[0][0]
    assert world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{reference}/").status_code == 200


# --- tricks of method, header and address ---------------------------------------------------------------------------


def test_no_address_fills_a_form_and_no_header_changes_a_method(world: World) -> None:
    client = Client()
    page = text(client.get("/lapor/?step=what&go=next&story=Ditulis+orang+lain&danger_now=yes"))
    assert "Ditulis orang lain" not in re.sub(r'name="next" value="[^"]*"', "", page)
    assert "tulisan" not in client.cookies
    assert 'value="no" checked' in page or 'value="no"' in page
    answer = client.get("/keluar/", headers={"X-HTTP-Method-Override": "POST", "X-Method": "POST"})
    assert answer.status_code == 405
    answer = client.post(
        "/lapor/?step=what&story=Lewat+alamat", {"_method": "DELETE", "step": "about"}, follow=True
    )
    assert "Lewat alamat" not in text(answer)


def test_an_address_named_in_a_header_is_nobodys(world: World) -> None:
    """Whoever writes another address into a header of their own is counted all the same."""
    world.rows("DELETE FROM kernel_cache")
    last = 200
    for number in range(11):
        headers = dict.fromkeys(
            ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP"), f"198.51.100.{number}"
        )
        last = Client(headers=headers).post("/cek/", {"code": str(new_code())}).status_code
    world.rows("DELETE FROM kernel_cache")
    assert last == 429


def test_a_thousand_files_and_fields_at_once_are_refused_with_a_page(world: World) -> None:
    browser, _reference = opened(world)
    for path in ("/unggah/utuh/cek/", "/unggah/utuh/lapor/"):
        files = {f"file{number}": SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(1000)}
        answer = browser.post(path, files)
        assert answer.status_code == 400
        assert "<h1" in text(answer)


def test_a_thread_of_another_is_reached_by_no_number_of_a_form(world: World) -> None:
    """Two reporters; one puts the numbers of the other's forms into their own."""
    mine, _one = opened(world)
    theirs, other = opened(world)
    theirs.post("/cek/", {"message_id": str(new_id()), "body": "Punya orang lain."})
    [(message, dossier)] = world.rows("SELECT id, dossier_id FROM intake_message")
    fields = {"message_id": str(message), "dossier": str(dossier), "reference": other, "body": "Menyusup."}
    mine.post("/cek/", fields)
    assert "Menyusup." not in text(theirs.get("/cek/"))
    assert "Punya orang lain." not in text(mine.get("/cek/"))


def test_without_script_a_chosen_file_and_a_photo_both_come_along(world: World) -> None:
    client = Client()
    draft(client)
    files = [SimpleUploadedFile(name, picture(size=(30, 30))) for name in ("surat.jpg", "potret.jpg")]
    assert client.post("/unggah/utuh/lapor/", {"file": files}).status_code == 303
    page = text(step(client, "what", go="files", story=STORY))
    assert "surat.jpg" in page and "potret.jpg" in page


def test_a_file_that_is_none_is_told_and_the_good_one_beside_it_is_kept(world: World) -> None:
    client = Client()
    draft(client)
    files = [
        SimpleUploadedFile("lain.jpg", b"bukan gambar"),
        SimpleUploadedFile("potret.jpg", picture(size=(30, 30))),
    ]
    page = text(client.post("/unggah/utuh/lapor/", {"file": files}))
    assert "Berkas ini belum ikut" in page and "potret.jpg" in page
