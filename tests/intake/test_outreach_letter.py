"""The surat tugas of an attempt: officer, number, kelurahan and days, never victim, offence or place. care.md 5."""

import re
from datetime import timedelta
from typing import Any

import pytest

from ruangaman.access.models import Dossier
from ruangaman.access.states import Role
from ruangaman.agenda.actions import bookings
from ruangaman.agenda.models import Booking, Venue
from ruangaman.agenda.states import Whose, Why
from ruangaman.intake.actions.assignment import assign
from ruangaman.intake.models import Outreach
from ruangaman.intake.queries.outreach import outreach_of
from ruangaman.intake.states import OutreachPlace, OutreachResult
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.papers.models import Letter
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.states import PersonRole
from ruangaman.places.models import Place
from tests.intake.reaching import COVER, NEIGHBOUR, PLAN, decide, end, plan
from tests.papers.lettering import LOOK, pdf_of, text_of, with_letterhead
from tests.worlds import Filed, World, acting

KAPUK = "31.73.01.1005"
STORY, CLIENT, REPORTED, SCHOOL = (
    "Ia dipukul setiap malam.",
    "Ratna Rekasari",
    "Darmawan Kusnadi",
    "SMP Negeri Contoh 7",
)


def attempt(world: World, **told: Any) -> tuple[Filed, Outreach]:
    """A neighbour's report with people in it, and an attempt at a school in Kapuk."""
    filed = world.file(**NEIGHBOUR, story=STORY, name="Sulastri Rekaan", phone="0812555123", means="text")
    decide(world, filed)
    officer = world.person(Role.INTAKE_OFFICER)
    with acting(officer):
        dossier = Dossier.objects.get(id=filed.dossier.id)
        for role, name in ((PersonRole.CLIENT, CLIENT), (PersonRole.REPORTED, REPORTED)):
            add_person(
                dossier=dossier, role=role, identity=Identity(name, sex="f"), by=officer.id, at=clock.now()
            )
    where = {} if told.get("place_kind") == OutreachPlace.CALL else {"area": Place.objects.get(code=KAPUK)}
    return filed, plan(
        world,
        filed,
        **{"place_name": SCHOOL, "safety_note": "Di warung.", "trusted_nearby": "Bu guru", **where, **told},
    )


def issue(world: World, made: Outreach, role: str = Role.INTAKE_OFFICER) -> Letter:
    person = world.person(role)
    viewer = world.viewer(person)
    with acting(person):
        found = outreach_of(viewer, made.id)
        assert found is not None
        return assign(viewer=viewer, outreach=found, at=clock.now())


def test_care_5_the_letter_holds_officer_number_kelurahan_and_days_and_nothing_else_of_the_file(
    world: World,
) -> None:
    with_letterhead(world)
    filed, made = attempt(world)
    letter = issue(world, made)
    officer = world.person(Role.INTAKE_OFFICER)
    said = text_of(pdf_of(world, letter, officer))
    for needed in (world.person(Role.COMPANION).name, letter.number, "Kapuk", "Surat Tugas"):
        assert needed.casefold() in said.casefold()
    secrets = [
        *(CLIENT, *CLIENT.split(), REPORTED, *REPORTED.split(), SCHOOL, "SMP", "UKS", "Sekolah", COVER, PLAN),
        *(STORY, "Sulastri", "0812555123", "Bu guru", "warung", filed.reference, str(filed.dossier.id)),
        *("korban", "kekerasan", "klien", "terlapor", "lapor kepada", "penjangkauan", "anak"),
    ]
    # The unit's own name and head stand on every letter of it.
    body = said.casefold()
    for line in (*LOOK["lines"].split("\n"), world.unit.name, world.person(Role.COMPANION).name):
        body = body.replace(line.casefold(), "")
    for secret in secrets:
        assert not re.search(rf"\b{re.escape(secret.casefold())}\b", body), secret


def test_the_letter_is_issued_once_for_an_attempt_and_is_genuine(world: World) -> None:
    with_letterhead(world)
    _filed, made = attempt(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    address = f"/penjangkauan/{made.id}/tugas/"
    assert browser.get(address).status_code == 200
    assert not Letter.objects.using("owner").exists()
    for _ in range(2):
        assert browser.post(address).status_code == 302
    letter = Letter.objects.using("owner").get()
    assert str(letter.id) in browser.get(address).headers["Location"]
    content = pdf_of(world, letter, world.person(Role.INTAKE_OFFICER))
    code = re.search(r"dengan kode ([A-Z2-7 -]+)\. Halaman", text_of(content))
    assert code is not None
    page = world.client().get(f"/asli/{re.sub('[- ]', '', code[1])}/").content.decode()
    assert "Surat ini asli" in page
    assert letter.number in page


def test_a_moved_attempt_gets_a_letter_of_its_own_day(world: World) -> None:
    with_letterhead(world)
    _filed, made = attempt(world)
    first = issue(world, made)
    officer = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(officer)
    with acting(officer):
        bookings.move(
            viewer=viewer,
            booking=Booking.objects.select_related("dossier").get(id=made.booking_id),
            side=Whose.UNIT,
            why=Why.OTHER_DUTY,
            starts_at=made.starts_at + timedelta(days=2),
            ends_at=made.starts_at + timedelta(days=2, hours=1),
            area=Place.objects.get(code=KAPUK),
            at=clock.now(),
        )
    assert issue(world, made).id != first.id


def test_a_building_is_told_by_its_kelurahan_alone(world: World) -> None:
    with_letterhead(world)
    Venue.objects.using("owner").create(owner_id=world.unit.id, name="Puskesmas Rekaan", area_id=KAPUK)
    with acting(world.person(Role.INTAKE_OFFICER)):
        venue = Venue.objects.select_related("area").get()
    _filed, made = attempt(world, venue=venue, area=None, place_kind=OutreachPlace.HEALTH_CENTRE)
    said = text_of(pdf_of(world, issue(world, made), world.person(Role.INTAKE_OFFICER)))
    assert "Kapuk" in said
    assert "Puskesmas" not in said


def test_for_a_call_or_what_has_ended_there_is_no_letter(world: World) -> None:
    with_letterhead(world)
    _filed, call = attempt(world, place_kind=OutreachPlace.CALL, place_name="0812 rekaan")
    with pytest.raises(Refused, match="Untuk telepon"):
        issue(world, call)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    assert browser.get(f"/penjangkauan/{call.id}/tugas/").status_code == 404
    _other, made = attempt(world, starts_at=clock.now() + timedelta(hours=6))
    end(world, made, OutreachResult.CALLED_OFF)
    with pytest.raises(Refused, match="sudah berakhir"):
        issue(world, made)
    assert not Letter.objects.using("owner").exists()


def test_without_a_letterhead_the_page_says_what_is_missing(world: World) -> None:
    _filed, made = attempt(world)
    browser = world.client(world.person(Role.INTAKE_OFFICER))
    answered = browser.post(f"/penjangkauan/{made.id}/tugas/")
    assert answered.status_code == 400
    assert "Kop surat unit belum diatur" in answered.content.decode()


def test_who_may_not_write_the_administration_issues_none(world: World) -> None:
    with_letterhead(world)
    _filed, made = attempt(world)
    address = f"/penjangkauan/{made.id}/tugas/"
    for person in (
        world.person(Role.COMPANION),
        world.person(Role.INTAKE_OFFICER, world.other),
        world.person(Role.PARTNER_OFFICER),
    ):
        assert world.client(person).get(address).status_code == 404
        assert world.client(person).post(address).status_code == 404
    assert not Letter.objects.using("owner").exists()
