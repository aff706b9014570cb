"""A child who reports alone. Source: care.md 12."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from ruangaman.access.queries import key_of
from ruangaman.access.states import Role, Section
from ruangaman.intake.models import Report, SafeContact
from ruangaman.kernel.fields import unseal
from tests.intake.sending import step, text
from tests.worlds import World, acting

MOST_WORDS = 12
PAGES = {
    "about": {"reporter_kind": "victim", "age_band": "under_15"},
    "child": {"trusted": "Bibi Rekaan", "must_not_know": "Ayah tiri"},
    "what": {"story": "Aku takut di rumah."},
    "where": {},
    "reach": {"means": "text"},
    "contact": {},
}


class Sentences(HTMLParser):
    """The sentences that a page says in its middle; what one chooses from in a list is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.left_out, self.said = False, 0, [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        self.left_out += tag in ("select", "textarea", "noscript", "svg")
        if tag in ("p", "li", "label", "legend", "h1", "h2", "button", "div", "dt", "dd", "summary", "a"):
            self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"
        self.left_out -= tag in ("select", "textarea", "noscript", "svg")

    def handle_data(self, data: str) -> None:
        if self.inside and not self.left_out:
            self.said[-1] += data

    def all(self) -> list[str]:
        return [
            one.strip() for text in self.said for one in re.split(r"[.?!:;]\s", text + " ") if one.strip()
        ]


def sentences(page: str) -> list[str]:
    reader = Sentences()
    reader.feed(page)
    return reader.all()


def walk(client: Client, **changed: dict[str, str]) -> list[str]:
    """The pages that a child reads after the first, and the receipt."""
    pages = []
    for name, fields in (PAGES | changed).items():
        pages.append(text(step(client, name, **fields)))
    pages.append(text(step(client, "check")))
    return pages


def test_no_sentence_that_a_child_reads_is_longer_than_twelve_words(world: World) -> None:
    client = Client()
    pages = walk(client)
    files = Client()
    step(files, "about", **PAGES["about"])
    pages.append(text(step(files, "what", go="files", story="Aku takut.")))
    said = {one for page in pages for one in sentences(page)}
    assert len(said) > 40
    long = [one for one in said if len(one.split()) > MOST_WORDS]
    assert not long, long


def test_a_child_is_asked_whom_they_trust_and_never_for_a_parent(world: World) -> None:
    pages = walk(Client())
    assert "Siapa yang kamu percaya?" in pages[0]
    assert "Siapa yang tidak boleh tahu?" in pages[0]
    for page in pages:
        for word in ("orang tua", "orangtua", "ibumu", "ayahmu", "wali"):
            assert word not in page.lower()


def test_a_child_need_give_no_number(world: World) -> None:
    assert "Laporanmu sudah kami terima" in walk(Client())[-1]
    contact = SafeContact.objects.using("owner").get()
    assert contact.means == "code"


def test_whom_a_child_trusts_lies_sealed_where_the_reporter_is(world: World) -> None:
    walk(Client(), contact={"phone": "0812-1"})
    report = Report.objects.using("owner").get()
    assert report.age_band == "under_15"
    with acting(world.person(Role.INTAKE_OFFICER)):
        contact, key = SafeContact.objects.get(), key_of(report.dossier_id, Section.REPORTER)
        assert key
        assert unseal(contact, "trusted", key) == "Bibi Rekaan"
        assert unseal(contact, "must_not_know", key) == "Ayah tiri"
    assert world.rows("SELECT count(*) FROM people_person") == [(0,)]


@pytest.mark.parametrize("band", ["adult", ""])
def test_whoever_is_no_child_is_not_asked(world: World, band: str) -> None:
    client = Client()
    assert "Apa yang terjadi?" in text(step(client, "about", reporter_kind="victim", age_band=band))
