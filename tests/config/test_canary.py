"""Names, numbers and a story that exist nowhere else go in through the pages: where do they lie in clear afterwards?

Searched: a dump of every table, all files of the installation (the database's own with its write-ahead log, logs,
mails, temporary files, keys), what the processes printed, and every header and address that was sent back.
"""

import base64
import io
import json
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from tests.journeys.calling import Caller, words_of
from tests.journeys.running import PASSWORD, Site, shared

CONSONANTS, VOWELS = "bcdgklmprtwz", "aiueo"
KNOWN = "Rina Contoh"  # a worker's name, which is meant to be readable: what the search must find


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Site:
    site = shared(request.config)
    site.forget_limits()
    return site


def syllables(count: int) -> str:
    return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(count))


def word(mark: str) -> str:
    """A word that nobody ever wrote; all of a run begin alike, so that one search finds any of them."""
    return (mark + syllables(3)).capitalize()


def forms(text: str) -> Iterator[bytes]:
    """The shapes in which a text can lie in a file: plain, wide, escaped, hexadecimal, base64 at any offset."""
    cases = {text.lower(), text.capitalize(), text.upper()} if text.isalpha() else {text}
    for spoken in cases:
        plain = spoken.encode()
        yield plain
        yield spoken.encode("utf-16-le")
        yield spoken.encode("utf-16-be")
        yield quote(spoken).encode()
        yield "".join(f"\\u{ord(letter):04x}" for letter in spoken).encode()
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for offset in range(3):
            # The first and last figures depend on the neighbours; what stands between does not.
            yield base64.b64encode(b"\0" * offset + plain)[offset + 1 : -4]


def found_in(data: bytes, texts: list[str]) -> list[str]:
    return [text for text in texts if any(form in data for form in forms(text))]


def dump(site: Site) -> bytes:
    """Every table, as a thief of the dump has it."""
    done = subprocess.run(
        [str(site.cluster.bin("pg_dump")), "--dbname", site.cluster.admin_url],
        capture_output=True,
        check=True,
    )
    return done.stdout


def test_the_search_finds_what_is_there() -> None:
    for form in forms("Rahasia Besar"):
        assert found_in(b"xx" + form + b"yy", ["Rahasia Besar"])
    for offset in range(4):
        wrapped = base64.b64encode(b"#" * offset + b"kata Rahasia Besar kata")
        assert found_in(wrapped, ["Rahasia Besar"])
    assert not found_in(b"Rahasia kecil", ["Rahasia Besar"])


def test_what_people_write_lies_nowhere_in_clear(site: Site) -> None:
    mark = syllables(6)
    name, story, typed, answer, agent, lost = (f"{word(mark)} {word(mark)}" for _ in range(6))
    number = "8" + "".join(secrets.choice("123456789") for _ in range(10))
    hours, path, mail = word(mark), word(mark), word(mark)
    try:
        woman = Caller(site.url, agent=f"Mozilla/5.0 {agent}")
        receipt = woman.tell(
            story=f"Cerita {story}.", name=name, means="text", phone=f"0{number}", hours=f"Jam {hours}"
        )
        words = words_of(receipt)
        assert len(words.split()) == 7
        secret_cookie = woman.cookies["tulisan"]
        reference = str(
            site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
        )

        officer = Caller(site.url, agent=f"Mozilla/5.0 {agent}")
        officer.sign_in("petugas", PASSWORD)
        page = officer.get(f"/berkas/{reference}/")
        assert story in page.text
        assert number not in page.text
        assert number in officer.post(f"/laporan/{reference}/kontak/buka/").text
        opened = officer.post(f"/orang/{reference}/buka/", next=f"/berkas/{reference}/")
        assert name in opened.text
        fields = {"message_id": "0b9c2f54-3f0c-4b52-9a55-2f2f4a0c9d01", "next": f"/berkas/{reference}/"}
        assert answer in officer.post(f"/laporan/{reference}/jawab/", body=answer, **fields).text
        session = officer.cookies["masuk"]
        attach(site, officer, reference, name=word(mark), note=word(mark), content=word(mark))
        late = Caller(site.url, cookies={"formulir": officer.cookies["formulir"]}, token=officer.token)
        assert "Masuk" in late.post(f"/laporan/{reference}/jawab/", body=lost, **fields).text

        other = Caller(site.url)
        other.get("/cek/")
        assert answer in other.post("/cek/", code=words).text
        assert (
            typed in other.post("/cek/", message_id="0b9c2f54-3f0c-4b52-9a55-2f2f4a0c9d02", body=typed).text
        )
        code_cookie = other.cookies["kode"]

        what_goes_wrong(site, officer, story=story, path=path, mail=mail)
        wait_for_tasks(site)
        site.rows("CHECKPOINT")

        told = [mark, number, words, words.replace(" ", "-"), secret_cookie, session, code_cookie]
        told.append(base64.urlsafe_b64decode(secret_cookie)[16:].hex())
        tables = dump(site)
        assert found_in(tables, [KNOWN])
        assert found_in(tables, told) == []
        places = {"printed": site.said.read_bytes()}
        for person in (woman, officer, late, other):
            # The cookies themselves are meant to travel; nothing else that was written may.
            headers = "\n".join(line for line in person.told if not line.startswith("set-cookie"))
            places[f"headers {id(person)}"] = headers.encode()
        for where, data in places.items():
            assert found_in(data, told) == [], where
        search_files(site.var.parent, told)
    finally:
        site.forget_limits()


def attach(site: Site, officer: Caller, reference: str, *, name: str, note: str, content: str) -> None:
    """A photo and a recording that tell of somebody wherever a file can; one more is refused at its end.

    They are looked at, and copies are taken.
    """
    told = Image.Exif()
    told[0x010E] = told[0x013B] = content
    photo = io.BytesIO()
    Image.effect_noise((400, 300), 60).save(photo, "JPEG", exif=told, comment=content.encode())
    sound = b"#!AMR\n" + content.encode() * 40_000
    kept = 0
    for file, called in ((photo.getvalue(), f"{name}.jpg"), (sound, f"{name}.amr"), (sound, f"{name}.exe")):
        officer.get(f"/dokumen/{reference}/lampirkan/")
        begun = officer.post(
            f"/unggah/mulai/{reference}/", kind="photo", origin="client", file_name=called, note=note,
            size=str(len(file)),
        )  # fmt: skip
        urls = json.loads(begun.text)
        headers = {"Content-Type": "application/octet-stream", "X-CSRFToken": officer.token}
        for number, start in enumerate(range(0, len(file), 262_144)):
            url = urls["piece_url"].replace("/0/", f"/{number}/")
            assert officer.send("POST", url, file[start : start + 262_144], headers).status == 200
        kept += officer.send("POST", urls["finish_url"], b"", headers).status == 200
    assert kept == 2
    listed = officer.get(f"/dokumen/{reference}/").text
    assert name in listed
    for paper in set(re.findall(r"/dokumen/([0-9a-f-]{36})/", listed)):
        page = officer.get(f"/dokumen/{paper}/").text
        for picture in re.findall(r'class="paper-picture" src="([^"]+)"', page):
            assert officer.get(picture.replace("&amp;", "&")).status == 200
        # Not a page: the copy's own name is meant to travel in a header.
        copied = Caller(site.url, cookies=officer.cookies, token=officer.token)
        assert copied.post(f"/dokumen/{paper}/unduh/").status == 200


def what_goes_wrong(site: Site, officer: Caller, *, story: str, path: str, mail: str) -> None:
    """Pages of every kind of trouble, with what was typed in the request; none of them may say it to a log."""
    woman = Caller(site.url, agent=f"Mozilla/5.0 {story}")
    woman.get("/lapor/")
    assert woman.get(f"/{path}/?q={path}").status == 404
    assert woman.get(f"/lapor/?q={path}%00").status == 400
    many = {f"{path}{number}": story for number in range(1000)}
    assert woman.post("/lapor/", **many).status == 400
    assert officer.get(f"/berkas/{path}/").status == 404
    assert officer.get(f"/laporan/?sebelum={path}~{path}").status == 200
    stale = Caller(site.url, cookies=dict(woman.cookies), token="x" * 64)
    assert stale.post("/lapor/", step="what", go="next", story=f"{story} {story} {story}").status == 403
    door = Caller(site.url)
    door.get("/akun/login/")
    assert door.post("/akun/login/", login=f"{mail}@contoh.example", password=story).status == 200
    door.get("/cek/")
    assert door.post("/cek/", code=f"{story} {path}").status == 200
    site.rows("ALTER TABLE intake_draft RENAME TO intake_draft_away")
    try:
        broken = woman.post("/lapor/", step="what", go="next", story=story)
    finally:
        site.rows("ALTER TABLE intake_draft_away RENAME TO intake_draft")
    assert broken.status == 500
    assert "Ini bukan salahmu" in broken.text
    assert story not in broken.text
    assert re.search("Error", (site.var / "log/web.log").read_text()), "the trouble itself is told"


def wait_for_tasks(site: Site) -> None:
    """Until the worker has sent the notice."""
    until = time.monotonic() + 20
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.announce' AND status <> 'succeeded'"
    while site.rows(waiting)[0][0] and time.monotonic() < until:
        time.sleep(0.2)
    assert site.rows(waiting)[0][0] == 0
    assert list((site.var / "mail").iterdir())


def search_files(folder: Path, told: list[str]) -> None:
    """Every file of the installation, as a thief of the disk has it."""
    seen, known = 0, False
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        try:
            data = file.read_bytes()
        except FileNotFoundError:  # the database put it away meanwhile
            continue
        seen += 1
        known = known or bool(found_in(data, [KNOWN]))
        assert found_in(data, told) == [], file
    assert seen > 500
    assert known
