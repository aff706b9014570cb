"""Several clients in one file: a partner sees those who agreed to it, and nothing else, however it asks."""

from uuid import UUID

import pytest

from ruangaman.access.states import Role, Section
from ruangaman.consent.models import Recall
from ruangaman.consent.states import MAY_BE_SHARED, Answer, Service
from tests.cases.cases import case
from tests.consent.partners import OTHER, fill_about, second_client, seen_by
from tests.papers.lettering import issued, with_letterhead
from tests.services.referring import another, sent, withdraw
from tests.worlds import Filed, World, acting

ALL = [section.value for section in MAY_BE_SHARED]


def asked_of(world: World, partner: UUID) -> list[list[str]]:
    """What a partner is asked to delete, question by question."""
    found = Recall.objects.using("owner").filter(recipient_id=partner).order_by("asked_at")
    return [recall.sections for recall in found]


def test_of_two_clients_a_partner_sees_the_one_who_agreed_to_it(world: World) -> None:
    one = sent(world, also=ALL)
    one.way.assess(by=one.way.manager, version=1)
    fill_about(one.way)
    before = seen_by(world, one.officer)
    for table in ("people_person", "people_part", "people_contact", "people_profile", "services_referral"):
        assert before[table], table

    other = second_client(one.way)
    theirs = sent(world, way=other, partner=another(world), also=ALL)
    theirs.accept()
    theirs.treat()
    filled = fill_about(other)
    assert {"people_contact", "people_profile", "papers_paper", "people_unborn", "clocks_clock"} <= filled

    after = seen_by(world, one.officer)
    for table, ids in after.items():
        if table != "consent_recall":
            assert ids <= before[table], table
    assert [len(after[t]) for t in ("people_person", "services_referral")] == [1, 1]
    assert after["cases_assessment"] == after["cases_safetynote"] == set(), "told of the whole file"


def test_pages_tell_nothing_of_the_other_client(world: World) -> None:
    one = sent(world, also=ALL)
    other = second_client(one.way)
    sent(world, way=other, partner=another(world))
    pages = [one.browser.get(address).content.decode() for address in (one.page, "/rujukan/", "/hari-ini/")]
    pages.append(one.browser.get(f"/berkas/{one.way.reference}/").content.decode())
    pages.append(one.browser.post(f"/orang/{one.way.reference}/buka/").content.decode())
    assert "Ratna" in pages[-1]
    for page in pages:
        assert OTHER not in page
        assert "C. C." not in page


def test_the_story_is_shared_only_where_every_client_agrees_and_closes_with_a_second_one(
    world: World,
) -> None:
    one = sent(world, also=[Section.NARRATIVE, Section.RISK])
    assert "Kronologi rekaan" in one.browser.get(one.page).content.decode()
    other = second_client(one.way)
    assert "Kronologi rekaan" not in one.browser.get(one.page).content.decode()
    assert asked_of(world, world.hospital.id) == [["narrative", "risk"]]
    other.consent(Service.LEGAL, to=world.hospital, also=[Section.NARRATIVE])
    assert "Kronologi rekaan" in one.browser.get(one.page).content.decode()
    other.consent(Service.LEGAL, to=world.hospital, answer=Answer.REFUSED)
    assert "Kronologi rekaan" not in one.browser.get(one.page).content.decode()


def test_both_agreed_and_one_takes_it_back(world: World) -> None:
    one = sent(world, also=[Section.CONTACT, Section.SUPPORT])
    other = second_client(one.way)
    theirs = sent(world, way=other, also=[Section.CONTACT])
    fill_about(one.way)
    fill_about(other)
    seen = seen_by(world, one.officer)
    assert {one.referral.id, theirs.referral.id} == seen["services_referral"]
    assert {one.way.client.id, other.client.id} <= seen["people_person"]
    with acting(one.officer):
        rows = world.rows("SELECT DISTINCT person_id FROM people_profile", using="default")
    assert rows == [(one.way.client.id,)], "the other agreed to no word about what she needs"

    withdraw(one.way, one.consent)

    seen = seen_by(world, one.officer)
    assert seen["services_referral"] == {theirs.referral.id}
    assert one.way.client.id not in seen["people_person"]
    assert other.client.id in seen["people_person"]
    assert one.browser.get(one.page).status_code == 404
    assert one.browser.get(theirs.page).status_code == 200
    with acting(one.officer):
        for table in ("people_contact", "people_part"):
            rows = world.rows(f"SELECT person_id FROM {table}", using="default")
            assert (one.way.client.id,) not in rows, table
        assert world.rows("SELECT 1 FROM people_profile", using="default") == []
    assert asked_of(world, world.hospital.id) == [["support"]], "what the other still opens is not asked back"


def test_a_letter_tells_a_partner_of_the_client_who_agreed_and_is_seen_with_her_consent(world: World) -> None:
    with_letterhead(world)
    one = sent(world)
    other = second_client(one.way)
    other.consent(Service.LEGAL, to=another(world))
    filed = Filed(one.way.dossier, None)  # type: ignore[arg-type]

    def letter(client: object) -> tuple[object, str]:
        found = issued(
            world, filed, one.way.manager, kind="referral", organisation=world.hospital.id, client=client,
            service="medical",
        )  # fmt: skip
        page = world.client(one.way.manager).get(f"/surat/{found.id}/").content.decode()
        return found.id, page

    hers, page = letter(one.way.client.id)
    assert "Nama klien" not in page
    theirs, page = letter(other.client.id)
    assert "Nama klien" in page, "withheld: she agreed to nothing"
    assert one.browser.get(f"/surat/{hers}/").status_code == 200
    assert one.browser.get(f"/surat/{theirs}/").status_code == 404
    other.consent(Service.LEGAL, to=world.hospital)
    assert one.browser.get(f"/surat/{theirs}/").status_code == 200
    withdraw(one.way, one.consent)
    assert one.browser.get(f"/surat/{hers}/").status_code == 404
    assert one.browser.post(f"/surat/{hers}/pdf/").status_code == 404
    assert one.browser.get(f"/surat/{theirs}/").status_code == 200
    with acting(one.officer):
        for table in ("papers_letter", "papers_paper"):
            assert len(world.rows(f"SELECT 1 FROM {table}", using="default")) == 1, table


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.SUPERVISOR])
def test_the_units_own_people_see_both(world: World, role: str) -> None:
    way = case(world)
    other = second_client(way)
    seen = seen_by(world, way.manager if role == Role.CASE_MANAGER else way.supervisor)
    assert {way.client.id, other.client.id} <= seen["people_person"]
