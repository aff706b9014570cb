"""Who has no business with a report gets the same answer as for a page that is not there."""

import re

import pytest

from tests.journeys.people import Visitor, Visitors
from tests.journeys.running import Site

STORY = "Cerita yang bukan untuk semua orang."


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    return {}


@pytest.fixture
def reference(visitors: Visitors, site: Site, told: dict[str, str]) -> str:
    """A report of DKI Jakarta with a name in it, filed once."""
    if not told:
        visitors.arrive(script=False).tell(STORY, name="Nurhayati Lestari", place="31.73.01")
        told["reference"] = str(
            site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0]
        )
    return told["reference"]


def opens(reference: str) -> list[str]:
    return [f"/berkas/{reference}/"]


def sends(reference: str) -> list[str]:
    return [f"/orang/{reference}/buka/", f"/laporan/{reference}/jawab/"]


def post(person: Visitor, path: str) -> tuple[int, str, str]:
    """A form sent by hand, with a token that fits."""
    token = next((c["value"] for c in person.context.cookies() if c["name"] == "formulir"), "")
    fields = {
        "csrfmiddlewaretoken": token,
        "body": "Halo",
        "message_id": "3f0b8c52-5f0e-4d36-8f5c-3a4f0d6d7a11",
    }
    answer = person.context.request.post(
        path, form=fields, max_redirects=0, headers={"Origin": person.site.url}
    )
    return answer.status, answer.text(), answer.headers.get("location", "")


@pytest.mark.parametrize("name", ["admin", "tetangga", "analis", "mitra", "pendamping"])
def test_others_get_no_more_than_of_a_report_that_is_not_there(
    visitors: Visitors, site: Site, reference: str, name: str
) -> None:
    stranger = visitors.staff(name)
    stranger.go("/kelola/perangkat/")
    messages = site.count("intake_message")
    for path in opens(reference):
        assert stranger.go(path) == 404
        stranger.heading("Halaman tidak ada")
        missing = stranger.page.content().replace(reference, "RA-0000-0000")
        assert stranger.go(path.replace(reference, "RA-0000-0000")) == 404
        assert stranger.page.content() == missing
    for path in sends(reference):
        status, text, _ = post(stranger, path)
        assert status == 404
        assert "Nurhayati" not in text
        assert STORY not in text
    assert stranger.go("/laporan/") in (200, 404)
    assert reference not in stranger.page.content()
    assert site.count("intake_message") == messages


@pytest.mark.parametrize("name", ["petugas", "tetangga", "analis", "mitra", "pendamping", "pengawas"])
def test_powers_and_accounts_open_for_administrators_and_heads_alone(visitors: Visitors, name: str) -> None:
    stranger = visitors.staff(name)
    assert stranger.go("/kelola/peran/") == 404
    assert stranger.go("/kelola/orang/") == 404


@pytest.mark.parametrize("name", ["petugas", "admin", "analis", "tetangga"])
def test_the_journal_opens_for_heads_and_data_officers_alone(
    visitors: Visitors, site: Site, name: str
) -> None:
    stranger = visitors.staff(name)
    assert stranger.go("/jurnal/") == 404


def test_who_did_not_sign_in_is_asked_to(visitors: Visitors, reference: str) -> None:
    nobody = visitors.arrive()
    for path in [
        "/laporan/",
        "/jurnal/",
        "/kelola/peran/",
        "/kelola/orang/",
        "/kelola/perangkat/",
        *opens(reference),
    ]:
        nobody.go(path)
        nobody.heading("Masuk")
        assert "Nurhayati" not in nobody.page.content()
    nobody.look("sign in")
    for path in sends(reference):
        status, text, location = post(nobody, path)
        assert status == 302
        assert location.startswith("/akun/login/")
        assert "Nurhayati" not in text


def test_a_refused_attempt_stands_in_the_journal_of_the_unit(
    visitors: Visitors, site: Site, reference: str
) -> None:
    stranger = visitors.staff("tetangga")
    query = (
        "SELECT count(*) FROM ledger_entry e JOIN access_dossier d ON d.id = e.dossier_id "
        "WHERE d.reference = %s AND e.verb = 'refused'"
    )
    before = site.rows(query, [reference])[0][0]
    assert stranger.go(f"/berkas/{reference}/") == 404
    assert site.rows(query, [reference])[0][0] == before + 1
    officer = visitors.staff("pengawas")
    officer.go("/jurnal/")
    assert officer.page.locator(".moj-timeline__item").filter(has_text="ditolak").count() >= 1
    assert not re.search("Nurhayati", officer.page.content())
