"""Files with a report: sealed as they come, examined, taken away again; papers of the thread once it is sent."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake import jobs
from ruangaman.intake.models import Draft, DraftFile
from ruangaman.intake.policies import form as rules
from ruangaman.kernel.fields import unseal
from ruangaman.papers import storing
from ruangaman.papers.actions import strangers
from ruangaman.papers.models import Paper
from tests.intake.sending import step, text
from tests.notices.working import working
from tests.papers import makings
from tests.worlds import World, acting

STORY = "Cerita dengan berkas."


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """A folder of the test's own."""
    options = {**settings.STORAGES["papers"]["OPTIONS"], "location": str(tmp_path / "papers")}
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {**settings.STORAGES["papers"], "OPTIONS": options},
    }
    return tmp_path / "papers"


def left(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


@pytest.fixture
def client(world: World) -> Client:
    """Somebody who has told what happened, and wants to add a file."""
    client = Client()
    step(client, "about")
    assert "Foto, rekaman, atau berkas" in text(step(client, "what", go="files", story=STORY))
    return client


def announce(client: Client, content: bytes, name: str, paper_id: str = "") -> Any:
    fields = {"file_name": name, "size": len(content), "paper_id": paper_id or uuid4().hex}
    return client.post("/unggah/lapor/", fields)


def put(client: Client, begun: Any, content: bytes, index: int) -> Any:
    piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
    url = begun["piece_url"].replace("/0/", f"/{index}/")
    return client.post(url, piece, content_type="application/octet-stream")


def in_pieces(client: Client, content: bytes, name: str) -> Any:
    begun = announce(client, content, name).json()
    for index in range(-(-len(content) // storing.PIECE)):
        assert put(client, begun, content, index).json() == {"received": index + 1}
    return client.post(begun["finish_url"])


def whole(client: Client, content: bytes, name: str) -> Any:
    file = io.BytesIO(content)
    file.name = name
    return client.post("/unggah/utuh/lapor/", {"file": file})


def send(client: Client) -> str:
    return text(step(client, "check"))


def test_files_in_pieces_and_whole_become_papers_of_the_thread_that_the_unit_reads(
    world: World, client: Client, store: Path
) -> None:
    sound, photo = makings.sound(seconds=20), makings.picture()
    assert in_pieces(client, sound, "suara.wav").json()["kept"]
    answer = whole(client, photo, "foto.jpg")
    assert (answer.status_code, answer["Location"]) == (303, "/lapor/")
    for path in left(store):
        assert photo[:64] not in path.read_bytes()
    page = text(client.get("/lapor/"))
    assert "suara.wav" in page and "foto.jpg" in page
    assert "suara.wav (3" in text(step(client, "reach"))  # with its size
    assert "Laporanmu sudah kami terima" in send(client)
    assert not DraftFile.objects.using("owner").exists()
    with acting(world.person(Role.INTAKE_OFFICER)):
        papers = list(Paper.objects.order_by("size"))
        key = key_of(papers[0].dossier_id, Section.THREAD)
        assert key
        assert [unseal(paper, "name", key) for paper in papers] == ["foto.jpg", "suara.wav"]
        assert {(paper.section, paper.added_by_id, paper.origin) for paper in papers} == {
            ("thread", None, "reporter")
        }
        assert b"".join(storing.pieces(papers[0].id, papers[0].pieces, key)) == photo
    # What deletes the files of drafts that are over leaves these alone.
    before = left(store)
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '1 day'")
    with working():
        jobs.forget_drafts(2**31)
    assert left(store) == before
    assert not Draft.objects.using("owner").exists()


def test_a_lost_line_goes_on_where_it_was(world: World, client: Client) -> None:
    sound, number = makings.sound(seconds=40), uuid4().hex
    begun = announce(client, sound, "suara.wav", number).json()
    put(client, begun, sound, 0)
    # The answer got lost: announced again, and the piece again.
    assert announce(client, sound, "suara.wav", number).json()["received"] == 1
    assert put(client, begun, sound, 0).json() == {"received": 1}
    assert client.get(begun["state_url"]).json() == {"received": 1, "kept": False}
    assert put(client, begun, sound, 2).status_code == 409
    put(client, begun, sound, 1)
    put(client, begun, sound, 2)
    assert client.post(begun["finish_url"]).json()["kept"]
    assert client.post(begun["finish_url"]).json()["kept"]
    assert client.get(begun["state_url"]).json()["kept"]


def test_whoever_still_sends_has_time_to_go_on(world: World, client: Client) -> None:
    sound = makings.sound(seconds=40)
    begun = announce(client, sound, "suara.wav").json()
    world.rows("UPDATE intake_draft SET expires_at = now() + interval '1 minute'")
    put(client, begun, sound, 0)
    assert world.rows("SELECT expires_at > now() + interval '29 minutes' FROM intake_draft") == [(True,)]


def test_a_file_that_is_taken_away_leaves_nothing(world: World, client: Client, store: Path) -> None:
    whole(client, makings.picture(), "foto.jpg")
    file = DraftFile.objects.using("owner").get()
    page = text(step(client, "files", go="remove", file=str(file.id)))
    assert "foto.jpg" not in page
    assert left(store) == [] and not DraftFile.objects.using("owner").exists()
    for wrong in ("", "bukan-nomor", str(uuid4())):
        assert step(client, "files", go="remove", file=wrong).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ" + bytes(400), "foto.jpg", "program"),
        (makings.archive(), "foto.zip", "arsip"),
        (b"", "kosong.jpg", "kosong"),
        (makings.picture(), "foto.pdf", "berakhiran lain"),
    ],
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    world: World, client: Client, store: Path, content: bytes, name: str, sentence: str
) -> None:
    answer = whole(client, content, name)
    assert answer.status_code == 400
    assert sentence in text(answer)
    if content:
        assert sentence in in_pieces(client, content, name).json()["errors"][0]
    assert left(store) == [] and not DraftFile.objects.using("owner").exists()
    assert STORY in text(step(client, "reach"))


def test_more_and_larger_files_than_are_taken_are_refused_before_they_come(
    world: World, client: Client
) -> None:
    huge = announce(client, b"x", "film.mp4")
    assert huge.status_code == 201
    fields = {"file_name": "film.mp4", "size": strangers.LARGEST + 1, "paper_id": uuid4().hex}
    assert "20 MB" in client.post("/unggah/lapor/", fields).json()["errors"][0]
    for number in range(rules.MOST_FILES - 1):
        assert announce(client, b"x", f"{number}.jpg").status_code == 201
    assert "Paling banyak 10" in announce(client, b"x", "satu-lagi.jpg").json()["errors"][0]


def test_a_file_that_never_came_whole_is_not_sent_and_goes_with_the_draft(
    world: World, client: Client, store: Path
) -> None:
    sound = makings.sound(seconds=40)
    begun = announce(client, sound, "suara.wav").json()
    put(client, begun, sound, 0)
    assert "belum lengkap, tidak ikut terkirim" in text(step(client, "reach"))
    send(client)
    assert not Paper.objects.using("owner").exists()
    assert put(client, begun, sound, 1).status_code == 409
    client.post("/lapor/", {"go": "done"})
    assert left(store) == []
    assert not Draft.objects.using("owner").exists() and not DraftFile.objects.using("owner").exists()


def test_leaving_deletes_the_pieces_at_once(world: World, client: Client, store: Path) -> None:
    """Source: care.md 3."""
    whole(client, makings.picture(), "foto.jpg")
    assert left(store)
    client.post("/keluar/")
    assert left(store) == []


def test_the_task_deletes_the_files_of_a_draft_that_is_over(
    world: World, client: Client, store: Path
) -> None:
    whole(client, makings.picture(), "foto.jpg")
    world.rows("UPDATE intake_draft SET expires_at = now() - interval '6 minutes'")
    with working():
        jobs.forget_drafts(2**31)
    assert left(store) == []
    assert not Draft.objects.using("owner").exists()


def test_nobody_reaches_a_file_of_another_draft(world: World, client: Client, store: Path) -> None:
    whole(client, makings.picture(), "foto.jpg")
    file = DraftFile.objects.using("owner").get()
    other = Client()
    step(other, "what", go="files", story="Orang lain.")
    assert other.get(f"/unggah/lapor/{file.id}/").status_code == 409
    step(other, "files", go="remove", file=str(file.id))
    other.post(f"/unggah/lapor/{file.id}/batal/")
    assert DraftFile.objects.using("owner").exists() and left(store)
    for who in (Client(), world.client(world.person(Role.HEAD))):
        assert who.get(f"/unggah/lapor/{file.id}/").status_code == 409
        assert announce(who, b"x", "foto.jpg").status_code == 409
    row = world.rows("SELECT to_jsonb(f)::text FROM intake_draftfile f")[0][0]
    assert "foto" not in row


def test_a_file_that_is_taken_away_while_it_is_looked_at_leaves_nothing(
    world: World, client: Client, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine = strangers.examine

    def leaving(**values: Any) -> strangers.Facts:
        facts = examine(**values)
        client.post("/keluar/")
        return facts

    monkeypatch.setattr(strangers, "examine", leaving)
    sound = makings.sound()
    begun = announce(client, sound, "suara.wav").json()
    put(client, begun, sound, 0)
    assert client.post(begun["finish_url"]).status_code == 400
    assert left(store) == []


def test_the_camera_of_a_telephone_and_a_voice_are_offered(world: World, client: Client) -> None:
    answer = client.get("/lapor/")
    page = text(answer)
    assert 'accept="image/*" capture="environment"' in page
    assert "microphone=(self)" in answer["Permissions-Policy"]
    assert "microphone=()" in Client().get("/lapor/")["Permissions-Policy"]
    # Said where files are chosen, not only where the story is told. Source: care.md 14.
    assert "Jangan kirim foto atau video bagian tubuh" in page
