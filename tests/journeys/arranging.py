"""What stands there before a journey begins, filled in without a browser: those pages are shown by other journeys."""

import html
import re
from datetime import datetime

from tests.journeys.calling import Caller
from tests.journeys.one_report import HERE
from tests.journeys.people import signed_in
from tests.journeys.running import Site

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
STORY = "Tolong, saya perlu bicara dengan seseorang tentang yang terjadi di rumah."


def fill(site: Site, who: str, path: str, /, **answers: str | list[str]) -> dict[str, str]:
    """Somebody opens the page of a form, fills it in and sends it; gives what the page carried unseen."""
    caller = signed_in(who, site)
    page = caller.get(path)
    assert page.status == 200, f"{who} got {page.status} at {path}"
    unseen = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
    unseen.pop("csrfmiddlewaretoken", None)
    answer = caller.post(path, follow=False, **{**unseen, **answers})
    told = re.findall(r'class="govuk-error-message"[^>]*>(.*?)</p>', answer.text, re.S)
    assert answer.status in (302, 303), f"{path} answered {answer.status}: {told}"
    return unseen


def born(age: int) -> str:
    """A birthday that makes somebody so many years old this year."""
    return f"{datetime.now(HERE).year - age}-01-01"


def a_report(site: Site) -> str:
    """A neighbour has told; the number of the file."""
    Caller(site.url).tell(story=STORY)
    return str(site.rows("SELECT reference FROM access_dossier ORDER BY opened_at DESC LIMIT 1")[0][0])


def a_person(site: Site, reference: str, role: str, name: str, *, who: str = "petugas", **more: str) -> str:
    """Somebody is recorded in the file; the id of the person."""
    told = {"who": "new", "sex": "f", **more}
    return fill(site, who, f"/orang/{reference}/tambah/", role=role, name=name, **told)["person_id"]


def needs(site: Site, reference: str, services: list[str]) -> None:
    """Each client of the file needs those services."""
    for client in clients_of(site, reference):
        fill(site, "petugas", f"/kasus/{reference}/kebutuhan/", client=client, services=services)


def a_case(site: Site, reference: str, services: list[str]) -> str:
    """The file is assessed, its clients need those services, and the case manager has taken it."""
    fill(site, "petugas", f"/kasus/{reference}/asesmen/", chronology=STORY, seen_alone="on")
    needs(site, reference, services)
    manager = site.rows("SELECT id FROM access_user WHERE email = 'manajer@contoh.example'")[0][0]
    fill(site, "penyelia", f"/kasus/{reference}/tim/", colleague=f"case_manager~{manager}")
    fill(site, "manajer", f"/kasus/{reference}/ambil/")
    return reference


def clients_of(site: Site, reference: str) -> list[str]:
    """The ids of the clients of a file, in the order they were written down."""
    sql = (
        "SELECT p.person_id FROM people_part p JOIN access_dossier d ON d.id = p.dossier_id "
        "WHERE d.reference = %s AND p.role = 'client' AND p.status = 'active' ORDER BY p.since"
    )
    return [str(row[0]) for row in site.rows(sql, [reference])]
