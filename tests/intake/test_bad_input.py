"""Whatever is sent: a sentence that says what to do, nothing typed is lost, nothing is half written."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from ruangaman.access.states import Role
from ruangaman.kernel.codes import new_code
from tests.intake.sending import FORM, TABLES, opened, raw, send, step, text
from tests.journeys.calling import Caller
from tests.journeys.running import Site, shared
from tests.worlds import World

UNREADABLE = "Sebagian teks tidak terbaca. Ketik ulang bagian yang bertanda aneh, lalu kirim lagi."
UNSTORABLE = "Ada tanda yang tidak bisa disimpan. Hapus tanda aneh di teks ini, lalu kirim lagi."
STALE = "Halaman ini sudah terlalu lama terbuka"
OVERRIDE = "\u202e"


@pytest.fixture
def world(lasting_world: World) -> World:
    return lasting_world


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Site:
    return shared(request.config)


# --- too much ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["a", "é", "😢", "ጸ"])
def test_a_story_exactly_at_the_limit_is_taken_whole(world: World, letter: str) -> None:
    story = letter * 20_000
    client = Client()
    assert "Laporanmu sudah kami terima" in text(send(client, story))
    reference = world.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
    page = text(world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{reference}/"))
    assert story in page


def test_line_breaks_count_once(world: World) -> None:
    assert "Laporanmu sudah kami terima" in text(send(Client(), "a\r\n" * 9_999 + "ab"))


@pytest.mark.parametrize(("length", "told"), [(20_001, "20.001"), (200_000, "200.000")])
def test_a_story_beyond_the_limit_is_shown_again_with_both_numbers(
    unchanged: None, length: int, told: str
) -> None:
    client = Client()
    step(client, "about")
    story = "b" * length
    page = text(step(client, "what", story=story))
    assert f"Teks ini terlalu panjang: paling banyak 20000 huruf, sekarang {length}." in page.replace(
        "20.000", "20000"
    ).replace(told, str(length))
    assert story in page


@pytest.mark.parametrize(
    ("field", "value"), [("name", "n" * 121), ("phone", "1" * 31), ("hours", "j" * 121)], ids=lambda v: v[:5]
)
def test_a_long_field_is_told_beside_it_and_kept(unchanged: None, field: str, value: str) -> None:
    client = Client()
    page = text(step(client, "contact", **{field: value}))
    assert "Teks ini terlalu panjang: paling banyak" in page
    assert value in page
    assert f'id="id_{field}_error"' in page


def test_going_back_with_a_text_that_can_not_be_kept_loses_none_of_it(unchanged: None) -> None:
    client = Client()
    step(client, "about")
    for go in ("back", "about"):
        page = text(step(client, "what", go=go, story="c" * 20_001))
        assert "c" * 20_001 in page
        assert "terlalu panjang" in page


def test_going_back_from_an_empty_page_asks_nothing(unchanged: None) -> None:
    client = Client()
    step(client, "about")
    assert "Tentang siapa laporan ini?" in text(step(client, "what", go="back", story=""))


def test_a_thousand_fields_are_refused_with_a_sentence(world: World, unchanged: None) -> None:
    body = urlencode({f"isian{number}": "x" for number in range(1000)}).encode()
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    for client, path in (
        (Client(), "/lapor/"),
        (Client(), "/cek/"),
        (Client(), "/akun/login/"),
        (officer, "/kelola/perangkat/"),
    ):
        answer = raw(client, path, body)
        assert answer.status_code == 400
        assert "Kembali ke halaman sebelumnya, periksa isian, lalu kirim lagi." in text(answer)


def test_a_body_beyond_a_mebibyte_is_refused_at_the_door_with_a_sentence(site: Site) -> None:
    before = [site.count(table) for table in TABLES]
    woman = Caller(site.url)
    woman.get("/lapor/")
    for path in ("/lapor/", "/cek/", "/akun/login/", "/keluar/"):
        answer = woman.post(path, story="d" * 1_100_000)
        assert answer.status == 413
        assert "Kiriman ini terlalu besar" in answer.text
    assert [site.count(table) for table in TABLES] == before


def test_an_address_that_is_no_text_is_answered_by_the_real_door(site: Site) -> None:
    woman = Caller(site.url)
    for path in ("/%ff%fe/", "/berkas/%ed%a0%80/", "/lapor/?a=%ff", "/" + "p" * 5000 + "/"):
        assert woman.send("GET", path).status in (200, 302, 404), path
    assert woman.send("GET", "/lapor/?a=%00").status == 400
    for cookie in ("tulisan=\u00ff\u00fe", "masuk=\u00f0\u009f\u0098\u00a2", "kode=\u00e9", "=", ";;;=;"):
        assert woman.send("GET", "/cek/", headers={"Cookie": cookie}).status == 200, cookie
    for method in ("PUT", "DELETE", "PATCH", "NGAWUR"):
        assert woman.send(method, "/lapor/").status == 403  # no form of ours sends these, so none has a token
    assert woman.send("OPTIONS", "/lapor/").status == 405


# --- wrong characters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [(b"Saya takut %FF%FE di rumah", UNREADABLE),
     (b"Saya takut %ED%A0%80 di rumah", UNREADABLE), (b"Saya takut %00 di rumah", UNSTORABLE)],
    ids=["escaped", "half a letter", "NUL"],
)  # fmt: skip
def test_a_text_that_can_not_be_read_is_told_and_shown_again(
    unchanged: None, world: World, typed: bytes, sentence: str
) -> None:
    client = Client()
    step(client, "about")
    answer = raw(client, "/lapor/", b"step=what&go=next&story=" + typed)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert "Saya takut" in text(answer)
    for field in (b"name", b"phone", b"hours"):
        assert sentence in text(raw(client, "/lapor/", b"step=contact&go=next&" + field + b"=" + typed))
    reporter, reference = opened_without_counting(world)
    assert sentence in text(raw(reporter, "/cek/", b"message_id=x&body=" + typed))
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    answer = raw(officer, f"/laporan/{reference}/jawab/", b"body=" + typed)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert "Saya takut" in text(answer)
    assert sentence in text(raw(Client(), "/cek/", b"code=" + typed))


_opened: list[tuple[Client, str]] = []


@pytest.fixture(autouse=True, scope="module")
def one_thread(lasting_world: World) -> None:
    """A thread that stands before anything is counted."""
    _opened[:] = [opened(lasting_world)]


def opened_without_counting(world: World) -> tuple[Client, str]:
    return _opened[0]


def test_marks_that_turn_the_reading_direction_are_taken_out(world: World) -> None:
    client = Client()
    assert "Laporanmu" in text(send(client, f"Nomornya {OVERRIDE}4321\u202c, bukan\u200b yang lain."))
    reference = world.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
    page = text(world.client(world.person(Role.INTAKE_OFFICER)).get(f"/berkas/{reference}/"))
    assert "Nomornya 4321, bukan yang lain." in page


# --- pieces that are missing, wrong or strange -------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["step", "go", "both"])
def test_a_step_without_its_hidden_fields_is_taken_as_the_one_at_hand(world: World, missing: str) -> None:
    client = Client()
    step(client, "about")
    fields = {"step": "what", "go": "next", "story": "Tanpa isian tersembunyi."}
    for name in ("step", "go") if missing == "both" else (missing,):
        del fields[name]
    assert "Di mana?" in text(client.post("/lapor/", fields, follow=True))


@pytest.mark.parametrize("name", ["ngawur", "%00", "../../", "check\0", "", "9" * 5000])
def test_an_unknown_step_or_button_shows_the_form(unchanged: None, name: str) -> None:
    client = Client()
    step(client, "about")
    for fields in (
        {"step": name, "go": "next"},
        {"step": "about", "go": name},
        {"step": "check", "go": name},
    ):
        answer = client.post("/lapor/", fields, follow=True)
        assert answer.status_code in (200, 409)
        assert "<h1" in text(answer)


def test_sending_before_anything_was_written_leads_to_what_must_be(unchanged: None) -> None:
    client = Client()
    assert "Isian tadi sudah tidak ada" in text(step(client, "check"))
    step(client, "about")
    assert "Tulis sedikit saja apa yang terjadi" in text(step(client, "check"))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("about", {"reporter_kind": "raja"}),
        ("about", {"danger_now": "mungkin"}),
        ("where", {"place": "99.99.99"}),
        ("where", {"place": "\0"}),
        ("reach", {"means": "merpati"}),
        ("about", {"age_band": "seratus"}),
        ("contact", {"weekdays": "9", "phone": "0812"}),
    ],
)
def test_a_choice_that_is_none_of_ours_is_told(unchanged: None, name: str, fields: dict[str, str]) -> None:
    page = text(step(Client(), name, **fields))
    assert "Ada yang perlu dibetulkan" in page
    assert "Pilihan ini tidak ada di daftar." in page or "Pilih satu dari daftar." in page


def test_a_call_that_is_never_wanted_can_not_be_chosen(unchanged: None) -> None:
    page = text(step(Client(), "reach", means="call", never_call="on"))
    assert "Pilih salah satu." in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"from_time": "pagi"}, "Tulis jam yang ada"),
        ({"from_time": "09:00"}, "Isi kedua jamnya"),
        ({"from_time": "12:00", "until_time": "09:00"}, "Jam selesai harus sesudah jam mulai"),
        ({"phone": ""}, "Tulis nomornya"),
    ],
)
def test_safe_hours_that_make_no_sense_are_told_and_what_was_typed_stays(
    unchanged: None, fields: dict[str, str], told: str
) -> None:
    page = text(step(Client(), "contact", **{"phone": "0812-0000", "code_word": "melati", **fields}))
    assert told in page
    assert "melati" in page


@pytest.mark.parametrize("number", [None, "", "bukan-nomor", "\0", "1" * 400])
def test_a_message_without_a_readable_number_arrives_all_the_same(world: World, number: str | None) -> None:
    client, reference = opened(world)
    fields = {"body": f"Pesan dengan nomor {str(number)[:5]!r}"} | (
        {} if number is None else {"message_id": number}
    )
    page = text(client.post("/cek/", fields, follow=True))
    assert "Pesan dengan nomor" in page
    sent = (
        "SELECT 1 FROM intake_message m JOIN access_dossier d ON d.id = m.dossier_id WHERE d.reference = %s"
    )
    assert len(world.rows(sent, [reference])) == 1
    officer = world.client(world.person(Role.INTAKE_OFFICER))
    assert officer.post(f"/laporan/{reference}/jawab/", fields).status_code == 302
    assert len(world.rows(sent, [reference])) == 2


def test_a_message_whose_code_closed_meanwhile_is_kept_until_the_code_is_typed_again(world: World) -> None:
    filed = world.file()
    client = Client()
    words = " ".join(filed.code.words)
    client.post("/cek/", {"code": words})
    client.cookies.pop("kode")
    page = text(client.post("/cek/", {"body": "Pesan panjang\nyang ditulis lama.", "message_id": ""}))
    assert "Ketik kodemu sekali lagi" in page
    assert "Pesan panjang\nyang ditulis lama." in page
    wrong = text(client.post("/cek/", {"body": "Pesan panjang\nyang ditulis lama.", "code": "salah semua"}))
    assert "Pesan panjang\nyang ditulis lama." in wrong
    again = text(client.post("/cek/", {"body": "Pesan panjang\nyang ditulis lama.", "code": words}))
    assert "Pesan panjang\nyang ditulis lama.</textarea>" in again
    assert "Kirim pesan" in again


@pytest.mark.parametrize(
    "code", ["x", "satu dua tiga", "😢" * 100, OVERRIDE * 7, "a" * 400, "'; DROP TABLE x;--"]
)
def test_a_code_that_is_none_is_told_and_shown_again(unchanged: None, world: World, code: str) -> None:
    world.rows("DELETE FROM kernel_cache")
    answer = Client().post("/cek/", {"code": code})
    assert answer.status_code == 200
    assert "Ada yang perlu dibetulkan" in text(answer)
    assert "Cek laporan saya" in text(answer)


def test_too_many_wrong_codes_are_told_when_to_try_again(world: World) -> None:
    world.rows("DELETE FROM kernel_cache")
    answers = [Client().post("/cek/", {"code": " ".join(new_code().words)}) for _ in range(11)]
    world.rows("DELETE FROM kernel_cache")
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "sepuluh menit lagi" in text(answers[-1])


@pytest.mark.parametrize("token", ["", "x" * 32, "é" * 64])
def test_a_stale_page_shows_again_what_was_typed_and_no_password(unchanged: None, token: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/lapor/")  # a browser that holds a cookie of ours, from another visit
    fields = {"csrfmiddlewaretoken": token, "step": "what", "go": "next", "story": "Tolong kami"}
    answer = strict.post("/lapor/", fields)
    assert answer.status_code == 403
    assert STALE in text(answer)
    assert "Tolong kami" in text(answer)
    assert ">next<" not in text(answer)
    answer = strict.post(
        "/cek/", {"body": "Besok saja", "message_id": "0b9c2f54-3f0c-4b52-9a55-2f2f4a0c9d01"}
    )
    assert "Besok saja" in text(answer)
    assert "0b9c2f54" not in text(answer)
    secret = "kata sandi yang panjang sekali"
    answer = strict.post("/akun/login/", {"login": "a@b.example", "password": secret})
    assert answer.status_code == 403
    assert secret not in text(answer)


def test_a_browser_that_carries_nothing_of_ours_any_more_is_shown_nothing_that_was_typed(
    world: World,
) -> None:
    """After Exit, Back sends the last form once more: whoever presses it reads nothing. Source: care.md 3."""
    left = Client(enforce_csrf_checks=True)
    for address, fields in (
        ("/lapor/", {"step": "what", "go": "next", "story": "Tolong kami"}),
        ("/cek/", {"body": "Tolong kami"}),
    ):
        answer = left.post(address, fields)
        assert answer.status_code == 403
        assert STALE in text(answer)
        assert "Tolong kami" not in text(answer)


# --- other methods, other kinds of bodies ------------------------------------------------------------------------


def test_pages_take_the_methods_they_are_made_for_and_no_other(world: World, unchanged: None) -> None:
    _reporter, reference = opened_without_counting(world)
    head = world.client(world.person(Role.HEAD))
    pages = ["/", "/bantuan/", "/hak/", "/lapor/", "/lapor/lanjut/", "/cek/"]
    inside = [
        "/laporan/",
        f"/berkas/{reference}/",
        "/jurnal/",
        "/kelola/peran/",
        "/kelola/orang/",
        "/kelola/perangkat/",
    ]
    deeds = [f"/orang/{reference}/buka/", f"/laporan/{reference}/jawab/", "/keluar/", "/bahasa/"]
    for client, paths in ((Client(), pages), (head, inside)):
        for path in paths:
            answer = client.head(path)
            assert (answer.status_code, answer.content) == (200, b""), path
            for method in ("PUT", "DELETE", "PATCH", "TRACE", "NGAWUR"):
                assert client.generic(method, path, b"x=1", content_type=FORM).status_code == 405, (
                    method,
                    path,
                )
    for path in deeds[:3]:
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert head.generic(method, path).status_code == 405, (method, path)
    assert head.get("/bahasa/").status_code == 302


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"story": "x"}'),
        ("text/plain", b"story=x"),
        ("multipart/form-data", b"no boundary at all"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="story"\r\n\r\nx'),
        ("multipart/form-data; boundary=" + "y" * 300, b"--y"),
        (FORM + "; charset=utf-16", "story=x".encode("utf-16")),
        (FORM + "; charset=ngawur", b"story=x"),
        (FORM, b"step=what&go=next&story=Saya \xff\xfe"),
        ("", b"\x00\xff"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_of_another_kind_is_answered_with_a_page(unchanged: None, kind: str, body: bytes) -> None:
    for path in ("/lapor/", "/cek/", "/akun/login/"):
        answer = Client().generic("POST", path, body, content_type=kind)
        assert answer.status_code in (200, 302, 303, 400), path
        assert answer.status_code in (302, 303) or "<h1" in text(answer)


@pytest.mark.parametrize(
    "value", ["x", "é", "A" * 64, "A" * 63 + "=", "\0", '"', "tulisan=", "😢", "A" * 4000]
)
def test_a_cookie_that_is_none_of_ours_is_nobodys(unchanged: None, value: str) -> None:
    for name in ("tulisan", "kode", "masuk", "formulir", "bahasa"):
        for path in ("/lapor/", "/cek/", "/laporan/"):
            answer = Client(headers={"Cookie": f"{name}={value}".encode().decode("latin-1")}).get(path)
            assert answer.status_code in (200, 302), (name, path)
