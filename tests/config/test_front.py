"""The door with real phones (sockets) and the real server in front of a site of the test's own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ruangaman.config import front
from ruangaman.config.cluster import free_port
from ruangaman.config.wsgi import environ_of
from ruangaman.kernel import http

HERE = Path(__file__).parent


@dataclass
class Site:
    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def ask(self, request: bytes, *then: bytes, pause: float = 0.0, answer: bool = True) -> bytes:
        """Sends ``request``, then the rest with pauses, and reads until the server ends the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=15) as phone:
            phone.sendall(request)
            for part in then:
                time.sleep(pause)
                try:
                    phone.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    break
            received = b""
            while answer:
                try:
                    more = phone.recv(65536)
                except ConnectionResetError:
                    break
                if not more:
                    break
                received += more
            return received

    def get(self, path: str, *headers: str, method: str = "GET") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: aman", "Connection: close", *headers, "", ""]
        return self.ask("\r\n".join(lines).encode())


def post(path: str, length: int, kind: str = "application/x-www-form-urlencoded") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: aman\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def wait_for(file: Path, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not file.exists():
        assert time.monotonic() < until, f"no {file.name}"
        time.sleep(0.05)


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Site]:
    port = free_port()
    code = f"from ruangaman.config.front import serve; serve('127.0.0.1', {port}, 'front_site:make')"
    env = os.environ | {"PYTHONPATH": str(HERE), "FRONT_SITE_FOLDER": str(folder)} | environment
    env.pop("DJANGO_SETTINGS_MODULE", None)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=log, stderr=log)
    site = Site(port, folder, process)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                if b" 200 " in site.get("/halo/"):
                    break
            except OSError:
                pass
            assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("front")) as running_site:
        yield running_site


def test_a_form_arrives_whole(site: Site) -> None:
    form = "cerita=Ia+takut+pulang"
    answer = json.loads(body_of(site.ask(post("/kirim/", len(form)), form.encode())))
    assert answer == {"bytes": len(form), "text": "Ia takut pulang"}


def test_a_hundred_slow_phones_leave_the_site_quick_for_others(site: Site) -> None:
    gathered: list[bytes] = []
    crowd = [
        threading.Thread(
            target=lambda: gathered.append(
                site.ask(post("/kirim/", 6_000), *[b"x" * 400] * 15, pause=0.2)  # 2 kB/s, three seconds each
            )
        )
        for _ in range(100)
    ]
    for phone in crowd:
        phone.start()
    time.sleep(0.5)
    took = []
    while any(phone.is_alive() for phone in crowd) and len(took) < 60:
        began = time.monotonic()
        assert status_of(site.get("/halo/")) == 200
        took.append(time.monotonic() - began)
        time.sleep(0.02)
    for phone in crowd:
        phone.join()
    assert len(took) >= 20, "the quick ones were asked while the slow ones still sent"
    assert sorted(took)[int(len(took) * 0.95)] < 1.0
    assert [status_of(answer) for answer in gathered] == [200] * 100


def test_a_phone_that_is_too_slow_is_told_so(site: Site) -> None:
    began = time.monotonic()
    answer = site.ask(post("/kirim/", 50_000), b"x")
    assert status_of(answer) == 408
    assert "Sambungan terlalu lambat" in body_of(answer).decode()
    assert 0.9 < time.monotonic() - began < 4


def test_a_body_may_not_take_for_ever_however_steady_it_is(site: Site) -> None:
    began = time.monotonic()
    answer = site.ask(post("/kirim/", 99_000), *[b"x" * 550] * 40, pause=0.25)  # 2.2 kB/s: 45 seconds
    assert status_of(answer) == 408
    assert time.monotonic() - began < 11


def test_a_large_body_is_refused_with_a_sentence_and_the_browser_can_read_it(site: Site) -> None:
    answer = site.ask(post("/kirim/", 3_000_000), b"x" * 3_000_000)
    assert status_of(answer) == 413
    assert "terlalu besar" in body_of(answer).decode()
    assert b"<title>Belum terkirim</title>" in answer


def test_a_piece_of_an_upload_has_a_smaller_limit(site: Site) -> None:
    assert status_of(site.ask(post("/unggah/a/", 20_000), b"x" * 20_000)) == 200
    assert status_of(site.ask(post("/unggah/a/", 20_001), b"x" * 20_001)) == 413


def test_a_small_file_with_its_form_has_a_larger_limit_of_its_own(site: Site) -> None:
    assert status_of(site.ask(post("/unggah/utuh/a/", 300_000), b"x" * 300_000)) == 200
    assert status_of(site.ask(post("/unggah/utuh/a/", 300_001), b"x" * 300_001)) == 413


def test_many_large_unfinished_bodies_are_put_out_and_a_small_form_survives(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        answers: list[bytes] = []
        large = [
            # 90 kB at once and then nothing: twenty of them are more than both workers may hold.
            threading.Thread(
                target=lambda: answers.append(
                    site.ask(post("/kirim/", 99_000) + b"x" * 90_000, b"x" * 9_000, pause=3)
                )
            )
            for _ in range(20)
        ]
        for phone in large:
            phone.start()
        time.sleep(1)
        assert status_of(site.ask(post("/kirim/", 10) + b"x" * 4, b"x" * 6, pause=0.4)) == 200
        for phone in large:
            phone.join()
        statuses = {status_of(answer) for answer in answers}
        assert 503 in statuses and statuses <= {200, 503}


def test_a_body_cut_off_in_the_middle_never_reaches_the_application(site: Site) -> None:
    (site.folder / "work").unlink(missing_ok=True)
    site.ask(post("/kerja/", 100), b"x" * 40, answer=False)
    time.sleep(1.5)
    assert not (site.folder / "work").exists()


def test_a_body_of_unknown_length_is_refused(site: Site) -> None:
    request = (
        b"POST /kirim/ HTTP/1.1\r\nHost: aman\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert status_of(site.ask(request + b"3\r\nabc\r\n0\r\n\r\n")) == 411


def test_a_program_is_refused_in_json_and_never_with_a_page(site: Site) -> None:
    chunked = b"POST /api/v1/laporan/ HTTP/1.1\r\nHost: aman\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers = {
        408: site.ask(post("/api/v1/laporan/", 50_000), b"x"),
        411: site.ask(chunked + b"3\r\nabc\r\n0\r\n\r\n"),
        413: site.ask(post("/api/v1/laporan/", 3_000_000), b"x" * 3_000_000),
    }
    for status, answer in answers.items():
        assert status_of(answer) == status
        assert b"content-type: application/problem+json" in answer.lower()
        told = json.loads(body_of(answer))
        assert (told["status"], told["type"]) == (status, "about:blank")
        assert told["title"] and told["detail"].endswith(".")


def test_each_refusal_has_a_sentence_for_people_and_one_for_programs() -> None:
    assert front.SENTENCES.keys() == front.TOLD_TO_MACHINES.keys()
    assert front.MACHINES == http.MACHINES


def test_work_is_finished_when_the_client_leaves(site: Site) -> None:
    for name in ("began", "work"):
        (site.folder / name).unlink(missing_ok=True)
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as phone:
        phone.sendall(post("/kerja/", 3) + b"abc")
        wait_for(site.folder / "began")
    wait_for(site.folder / "work")


def test_every_cookie_of_an_answer_arrives(site: Site) -> None:
    head = site.get("/kue/").partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"set-cookie:") == 2


def test_a_streamed_answer_arrives_whole_and_is_closed(site: Site) -> None:
    (site.folder / "closed").unlink(missing_ok=True)
    assert body_of(site.get("/alir/")) == b"".join(b"%05d" % number * 1000 for number in range(50))
    assert (site.folder / "closed").exists()


def test_a_stream_that_fails_half_way_is_an_error_not_half_a_page(site: Site) -> None:
    (site.folder / "closed").unlink(missing_ok=True)
    answer = site.get("/alir/?putus=1")
    assert (status_of(answer), body_of(answer)) == (500, b"")
    assert (site.folder / "closed").exists()
    assert "Siti" not in (site.folder / "log").read_text()


def test_a_head_request_gets_the_headers_alone(site: Site) -> None:
    answer = site.get("/halo/", method="HEAD")
    assert b"content-length: 4" in answer.lower()
    assert body_of(answer) == b""


def test_an_empty_answer_stays_empty(site: Site) -> None:
    answer = site.get("/kosong/")
    assert status_of(answer) == 204
    assert body_of(answer) == b""


def test_an_error_shows_and_logs_nothing_of_what_was_written(site: Site) -> None:
    answer = site.get("/meledak/")
    assert status_of(answer) == 500
    assert body_of(answer) == b""
    log = (site.folder / "log").read_text()
    assert "ValueError" in log
    assert "Siti" not in log


def test_nothing_of_one_request_is_left_for_the_next(site: Site) -> None:
    assert {body_of(site.get("/konteks/")) for _ in range(40)} == {b"nothing"}


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_hyphen(site: Site) -> None:
    answer = json.loads(
        body_of(site.get("/meta/x", "X_Csrftoken: a", "Proxy: http://jahat", "Cookie: a=1", "Cookie: b=2"))
    )
    assert "HTTP_X_CSRFTOKEN" not in answer
    assert "HTTP_PROXY" not in answer
    assert answer["HTTP_COOKIE"] == "a=1; b=2"


def test_a_stranger_cannot_tell_us_his_address(site: Site) -> None:
    answer = json.loads(body_of(site.get("/meta/x", "X-Forwarded-For: 10.9.8.7", "X-Forwarded-Proto: https")))
    assert answer["REMOTE_ADDR"] == "127.0.0.1"
    assert "HTTP_X_FORWARDED_FOR" not in answer
    assert "HTTP_X_FORWARDED_PROTO" not in answer


def test_a_trusted_proxy_can_and_only_its_own_word_counts(tmp_path: Path) -> None:
    with running(tmp_path, FRONT_SITE_TRUSTS="1") as site:
        answer = json.loads(
            body_of(site.get("/meta/x", "X-Forwarded-For: 6.6.6.6, 10.9.8.7", "X-Forwarded-Proto: https"))
        )
    assert answer["REMOTE_ADDR"] == "10.9.8.7"
    assert answer["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/meta/Rumah%20Aman", "/meta/Rumah Aman"),
        ("/meta/a%2520b", "/meta/a%20b"),
        ("/meta/caf%C3%A9", "/meta/caf\u00e9"),
    ],
)
def test_a_path_is_decoded_once(site: Site, path: str, seen: str) -> None:
    assert json.loads(body_of(site.get(path)))["PATH_INFO"] == seen


@pytest.mark.parametrize("path", ["/%FF", "/%00", "/%ED%A0%80", "/?a=%FF%00", "/../../etc/passwd"])
def test_a_broken_address_is_no_error_of_the_server(site: Site, path: str) -> None:
    assert status_of(site.get(path)) in (400, 404)


def test_an_ipv6_client_keeps_its_address() -> None:
    class Scope:
        method, path, query_string, http_version, scheme = "GET", "/", "", "1.1", "http"
        server, client = "[::1]:8000", "[2001:db8::7]:4242"
        headers: dict[str, str] = {}

    environ = environ_of(Scope, b"")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "2001:db8::7",
        "::1",
        "8000",
    )


def test_the_door_closes_gracefully_and_leaves_nobody_behind(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        answers: list[bytes] = []
        begun = threading.Thread(target=lambda: answers.append(site.ask(post("/kerja/", 3) + b"abc")))
        begun.start()
        wait_for(tmp_path / "began")
        site.process.send_signal(signal.SIGTERM)
        begun.join()
        assert site.process.wait(8) == 0
    assert (tmp_path / "work").read_text() == "finished"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", site.port), timeout=1)


def test_the_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        site.process.kill()
        site.process.wait()
        until = time.monotonic() + 8
        while True:
            try:
                socket.create_connection(("127.0.0.1", site.port), timeout=1).close()
            except OSError:
                break
            assert time.monotonic() < until, "a worker without a parent still answers"
            time.sleep(0.1)
