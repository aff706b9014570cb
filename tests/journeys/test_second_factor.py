"""A second factor: set up, used, and a way in when the telephone is lost."""

import base64
import hmac
import re
import struct
import time

from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import PASSWORD, Site


def one_time_code(secret: str) -> str:
    """The six figures that an authenticator shows now. Source: RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_out(worker: Visitor) -> None:
    worker.go("/akun/faktor/")
    worker.press("Keluar")
    worker.page.wait_for_url(re.compile("/$"))


def confirm_password(worker: Visitor) -> None:
    """The page that asks who is there before anything about security changes, where it comes."""
    if "reauthenticate" in worker.page.url:
        worker.page.get_by_label("Kata sandi").fill(PASSWORD)
        worker.press("Lanjut")


def test_a_one_time_code_is_set_up_and_asked_for_and_a_spare_code_works_once(
    visitors: Visitors, site: Site
) -> None:
    worker = visitors.arrive()
    worker.sign_in("penyelia")
    worker.heading("Hari ini")
    worker.go("/akun/faktor/")
    worker.look("security")
    worker.page.get_by_role("link", name="Pasang", exact=True).click()
    confirm_password(worker)
    worker.heading("Pasang aplikasi autentikator")
    worker.look("set up codes")
    secret = worker.page.locator(".secret").inner_text().strip()
    stored_before = site.rows("SELECT data::text FROM mfa_authenticator")
    assert stored_before == []
    worker.page.get_by_role("textbox").fill("000000" if one_time_code(secret) != "000000" else "111111")
    worker.press("Pasang")
    worker.page.locator(".govuk-error-summary").wait_for()
    assert worker.page.locator(".secret").inner_text().strip() == secret
    worker.page.get_by_role("textbox").fill(one_time_code(secret))
    worker.press("Pasang")
    spare = spare_codes(worker)
    assert all(secret not in row[0] for row in site.rows("SELECT data::text FROM mfa_authenticator"))

    sign_out(worker)
    worker.sign_in("penyelia")
    worker.heading("Langkah kedua")
    worker.look("second step")
    worker.go("/laporan/")
    worker.heading("Langkah kedua")  # no page of the desk with a password alone
    worker.page.get_by_role("textbox").fill(one_time_code(secret))
    worker.press("Masuk")
    worker.heading("Hari ini")

    sign_out(worker)
    for expected in ("Hari ini", "Langkah kedua"):
        worker.sign_in("penyelia")
        worker.page.get_by_role("textbox").fill(spare[0])
        worker.press("Masuk")
        worker.heading(expected)
        if expected == "Hari ini":
            sign_out(worker)
    assert worker.page.locator(".govuk-error-summary").count() == 1
    site.rows("DELETE FROM mfa_authenticator")


def spare_codes(worker: Visitor) -> list[str]:
    """The list of spare codes, made where the library did not make it by itself."""
    worker.page.wait_for_load_state()
    if not worker.page.locator("ul.codes").count():
        worker.go("/akun/faktor/recovery-codes/generate/")
        confirm_password(worker)
        worker.look("make spare codes")
        worker.press("Buat kode")
    if not worker.page.locator("ul.codes").count():
        worker.go("/akun/faktor/recovery-codes/")
    worker.look("spare codes")
    return worker.page.locator("ul.codes li").all_inner_texts()


def test_a_passkey_is_added_and_signs_in_without_a_password(visitors: Visitors, site: Site) -> None:
    worker = visitors.arrive(wide=True, host=site.other_host)
    browser = worker.context.new_cdp_session(worker.page)
    browser.send("WebAuthn.enable")
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    worker.sign_in("manajer")
    worker.heading("Hari ini")
    worker.go("/akun/faktor/webauthn/add/")
    confirm_password(worker)
    worker.heading("Tambah kunci")
    worker.look("add key")
    worker.page.get_by_label("Nama kunci").fill("HP kantor")
    worker.page.get_by_role("checkbox").check()
    worker.press("Tambah")
    worker.page.wait_for_url(re.compile("(?<!add/)$"))
    worker.go("/akun/faktor/webauthn/")
    worker.look("keys")
    worker.reads("HP kantor")

    sign_out(worker)
    worker.go("/akun/login/")
    worker.press("Masuk dengan kunci sandi (passkey)")
    worker.heading("Hari ini")
    site.rows("DELETE FROM mfa_authenticator")
