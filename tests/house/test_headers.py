"""What each page tells the browser to allow, to keep and to pass on: nothing that it need not."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from ruangaman.access.states import Role
from tests.worlds import World

PUBLIC = (
    "/",
    "/bantuan/",
    "/hak/",
    "/lapor/",
    "/cek/",
    "/akun/login/",
    "/akun/password/reset/",
    "/tidak-ada/",
)
STAFF = ("/laporan/", "/jurnal/", "/kelola/peran/", "/kelola/orang/", "/kelola/perangkat/", "/akun/faktor/")
REFUSED = (
    ("GET", "/lapor/?a=%00", 400),
    ("POST", "/lapor/", 403),
    ("OPTIONS", "/lapor/", 405),
    ("GET", "/laporan/", 302),
    ("POST", "/keluar/", 303),
)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Inline scripts and styles, and whatever is asked of another place. Data for a script is no script.
INLINE = re.compile(
    r"<script(?![^>]*\b(src=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=|javascript:|"
    r"(src|href|action)=\"(https?:)?//",
    re.I,
)


@pytest.fixture
def world(lasting_world: World) -> World:
    return lasting_world


def pages(world: World) -> list[tuple[str, Any]]:
    """An answer of every kind of page, refusals too."""
    head = world.client(world.person(Role.HEAD))
    filed = world.file()
    found = [(path, Client().get(path)) for path in PUBLIC]
    found += [(path, head.get(path)) for path in (*STAFF, f"/berkas/{filed.reference}/")]
    strict = Client(enforce_csrf_checks=True)
    for method, path, status in REFUSED:
        answer = strict.generic(method, path)
        assert answer.status_code == status, path
        found.append((f"{method} {path}", answer))
    return found


def test_every_answer_carries_the_same_strict_headers(world: World) -> None:
    for path, answer in pages(world):
        told = answer.headers
        rules = dict(part.strip().partition(" ")[::2] for part in told["Content-Security-Policy"].split(";"))
        leads = rules.pop("form-action").split()
        assert rules == POLICY, path
        assert leads[0] == "'self'", path
        assert all(settings.EXIT_URL.startswith(place) for place in leads[1:]), path
        assert "unsafe" not in told["Content-Security-Policy"], path
        assert told["Cache-Control"] == "no-store", path
        assert told["X-Content-Type-Options"] == "nosniff", path
        assert told["Referrer-Policy"] in ("no-referrer", "same-origin"), path
        assert told["X-Frame-Options"] == "DENY", path
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", path
        for power in ("camera", "microphone", "geolocation"):
            assert f"{power}=()" in told["Permissions-Policy"], path
        assert "Server" not in told, path
        assert "X-Powered-By" not in told, path


def test_no_page_holds_a_script_or_style_of_its_own_or_asks_another_place(world: World) -> None:
    for path, answer in pages(world):
        found = INLINE.search(answer.content.decode().replace(f'data-away="{settings.EXIT_URL}"', ""))
        assert not found, (path, found)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    client = world.client()
    client.get("/lapor/")
    client.post("/lapor/", {"step": "about", "go": "next"})
    client.post("/cek/", {"code": " ".join(world.file().code.words)})
    client.post("/bahasa/", {"language": "en"})
    user = world.person(Role.HEAD)
    client.post("/akun/login/", {"login": user.email, "password": "kata-sandi-uji-panjang"})
    assert set(client.cookies) == {"formulir", "tulisan", "kode", "bahasa", "masuk"}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Strict", "Lax"), name
        assert not cookie["domain"], name
        if name != "bahasa":
            assert not cookie["max-age"], f"{name} outlives the browser"


def test_leaving_clears_what_the_browser_kept(world: World) -> None:
    client = world.client()
    client.get("/lapor/")
    client.post("/lapor/", {"step": "about", "go": "next"})
    answer = client.post("/keluar/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Location"] == settings.EXIT_URL
    for name in ("tulisan", "kode"):
        assert answer.cookies[name]["max-age"] == 0
