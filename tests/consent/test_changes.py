"""Every change of a consent changes at once what its recipient gets: pages, list, file, papers, letters, raw SQL.

Source: issue "People and consent" (consent projects into grants; nothing else is read to decide access).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.timezone import localdate

from ruangaman.access.queries import dossier_by_reference
from ruangaman.access.states import Section
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.ids import new_id
from ruangaman.papers.policies.letters import Wanted
from ruangaman.papers.queries.letters import redaction_of, template_of
from ruangaman.people.actions import Identity, add_person
from ruangaman.people.actions.likenesses import decide_same
from ruangaman.people.models import Person
from ruangaman.people.policies import of_age_on
from ruangaman.people.states import PersonRole, Relation, Sameness
from tests.access.filled import protected
from tests.cases.cases import BORN, case
from tests.consent.partners import child_case, second_client
from tests.consent.test_recalls import ask_back, let_lapse
from tests.papers.lettering import issued, with_letterhead
from tests.services.referring import Sent, planned_with, refer, sent, withdraw
from tests.worlds import Filed, World, acting

HERS = {"file", "identity", "referral"}
MORE = [Section.NARRATIVE, Section.CONTACT]
# What a partner with these sections finds rows in, beside its own grants and keys.
TABLES = {
    "file": {"access_dossier"},
    "identity": {"people_person", "people_part"},
    "referral": {"services_referral", "papers_paper", "papers_letter"},
    "narrative": {"cases_assessment", "intake_story"},
}
TELLS = {"identity": "nama_klien", "narrative": "kronologi"}


@dataclass
class Told:
    """A referral that waits for a hospital, and a letter that went with it."""

    one: Sent
    letter: UUID

    def check(self, sections: set[str], *, asked: bool | None = None) -> None:
        """The hospital has exactly these sections, by whichever way it asks."""
        one, world = self.one, self.one.world
        officer, browser, open_ = one.officer, one.browser, bool(sections)
        with acting(officer):
            live = "withdrawn_at IS NULL AND until > now()"
            rows = world.rows(f"SELECT section FROM access_grant WHERE {live}", using="default")
            assert {row[0] for row in rows} == sections
            keys = world.rows("SELECT section FROM access_datakey", using="default")
            assert {row[0] for row in keys} <= sections
            full = {t for t in protected() if world.rows(f"SELECT 1 FROM {t} LIMIT 1", using="default")}
            expected = set().union(*(TABLES.get(section, set()) for section in sections))
            beside = {"access_datakey", "access_grant", "consent_recall", "people_contact"}
            assert full - beside == expected
            recalled = bool(world.rows("SELECT 1 FROM consent_recall", using="default"))
            assert asked is None or recalled == asked
        page = browser.get(one.page)
        assert page.status_code == (200 if open_ else 404)
        assert ("Kronologi rekaan" in page.content.decode()) == ("narrative" in sections)
        assert (one.page in browser.get("/rujukan/").content.decode()) == open_
        assert (one.page in browser.get("/hari-ini/").content.decode()) == open_
        assert browser.get(f"/berkas/{one.way.reference}/").status_code == (200 if open_ else 404)
        names = browser.post(f"/orang/{one.way.reference}/buka/")
        assert names.status_code == (200 if "identity" in sections else 404)
        assert browser.get(f"/surat/{self.letter}/").status_code == (200 if open_ else 404)
        assert browser.post(f"/surat/{self.letter}/pdf/").status_code == (200 if open_ else 404)
        new = self.told_by_a_new_letter()
        for section, field in TELLS.items():
            assert (field in new) == (section in sections), field

    def told_by_a_new_letter(self) -> frozenset[str]:
        """The fields that a referral letter to the hospital would hold, if somebody wrote one now."""
        way, world = self.one.way, self.one.world
        viewer = world.viewer(way.manager)
        with acting(way.manager):
            dossier = dossier_by_reference(viewer, way.reference)
            assert dossier is not None
            template = template_of(viewer, dossier.unit_id, "referral")
            assert template is not None
            wanted = Wanted(kind="referral", organisation=world.hospital.id, client=way.client.id)
            return redaction_of(viewer, dossier, template, wanted, clock.now()).told


def told(one: Sent) -> Told:
    with_letterhead(one.world)
    letter = issued(
        one.world, Filed(one.way.dossier, None), one.way.manager, kind="referral",  # type: ignore[arg-type]
        organisation=one.world.hospital.id, client=one.way.client.id, service="medical",
    )  # fmt: skip
    return Told(one, letter.id)


def narrower(it: Told) -> set[str]:
    it.one.way.consent(Service.MEDICAL, to=it.one.world.hospital, also=[Section.CONTACT])
    return {*HERS, "medical", "contact"}


def wider(it: Told) -> set[str]:
    it.one.way.consent(Service.MEDICAL, to=it.one.world.hospital, also=[*MORE, Section.SUPPORT])
    return {*HERS, "medical", "contact", "narrative", "support"}


def a_no(it: Told) -> set[str]:
    it.one.way.consent(Service.MEDICAL, to=it.one.world.hospital, answer=Answer.REFUSED)
    return set()


def later(it: Told) -> set[str]:
    it.one.way.consent(Service.MEDICAL, to=it.one.world.hospital, answer=Answer.LATER)
    return set()


def taken_back(it: Told) -> set[str]:
    withdraw(it.one.way, it.one.consent)
    return set()


def lapsed(it: Told) -> set[str]:
    let_lapse(it.one.world)
    return set()


def a_second_client(it: Told) -> set[str]:
    second_client(it.one.way)
    return {*HERS, "medical", "contact"}


def no_client_any_more(it: Told) -> set[str]:
    it.one.world.rows("UPDATE people_part SET status = 'ended', until = now() WHERE role = 'client'")
    return set()


@pytest.mark.parametrize(
    "change", [narrower, wider, a_no, later, taken_back, lapsed, a_second_client, no_client_any_more]
)
def test_what_a_partner_gets_follows_each_change_at_once(
    world: World, change: Callable[[Told], set[str]]
) -> None:
    it = told(sent(world, also=MORE))
    it.check({*HERS, "medical", *(section.value for section in MORE)}, asked=False)
    left = change(it)
    if change is lapsed:
        it.check(left, asked=False)  # by time alone, before any task came
        ask_back()
    it.check(left, asked=change is not wider)


def test_the_story_is_open_again_where_the_second_client_was_the_first(world: World) -> None:
    """Who was written down twice is one client, and her one yes counts for both records."""
    it = told(sent(world, also=MORE))
    again = second_client(it.one.way, "Ratna Rekaan", BORN)
    it.check({*HERS, "medical", "contact"}, asked=True)
    supervisor = world.viewer(it.one.way.supervisor)
    with acting(it.one.way.supervisor):
        people = Person.objects.in_bulk([it.one.way.client.id, again.client.id])
        decide_same(
            viewer=supervisor, person=people[it.one.way.client.id], other=people[again.client.id],
            decision=Sameness.SAME, why=[], at=clock.now(),
        )  # fmt: skip
    with acting(it.one.officer):
        sections = {
            row[0]
            for row in world.rows(
                "SELECT section FROM access_grant WHERE withdrawn_at IS NULL", using="default"
            )
        }
    assert sections == {*HERS, "medical", "contact", "narrative"}
    assert "Kronologi rekaan" in it.one.browser.get(it.one.page).content.decode()


def childs(world: World, born_on: date, service: str) -> tuple[Told, Person]:
    way, guardian = child_case(world, born_on)
    consent, item = planned_with(way, world.hospital, service)
    officer = world.person("partner_officer", world.hospital)
    return told(Sent(way, consent, item, refer(way, item), officer)), guardian


@pytest.mark.parametrize(("service", "goes_on"), [(Service.LEGAL, False), (Service.MEDICAL, True)])
def test_what_a_guardian_gave_ends_when_he_is_barred_but_for_medical_care(
    world: World, service: str, goes_on: bool
) -> None:
    """care.md 10: consents are taken again. A treatment that has begun is not cut off meanwhile."""
    it, guardian = childs(world, localdate() - timedelta(days=15 * 365), service)
    it.check({*HERS, str(service)}, asked=False)
    way = it.one.way
    with acting(way.manager):
        add_person(
            dossier=way.dossier, role=PersonRole.REPORTED, identity=Identity("Dewi Contoh"),
            relation=Relation.AUNT_UNCLE, by=way.manager.id, at=clock.now(),
        )  # fmt: skip
    assert world.rows("SELECT status FROM people_part WHERE person_id = %s", [guardian.id]) == [("refused",)]
    sections = {*HERS, str(service)} if goes_on else set()
    with acting(it.one.officer):
        rows = world.rows("SELECT section FROM access_grant WHERE withdrawn_at IS NULL", using="default")
    assert {row[0] for row in rows} == sections
    assert it.one.browser.get(it.one.page).status_code == (200 if goes_on else 404)
    assert it.one.browser.get(f"/surat/{it.letter}/").status_code == (200 if goes_on else 404)
    with acting(it.one.officer):
        names = world.rows("SELECT person_id FROM people_part", using="default")
    assert (guardian.id,) not in names, "nor who was barred"


def test_a_guardians_yes_ends_on_her_eighteenth_birthday_at_the_latest(world: World) -> None:
    """The law of capacity: from that day she answers for herself."""
    born_on = localdate().replace(year=localdate().year - 18) + timedelta(days=20)
    it, _guardian = childs(world, born_on, Service.MEDICAL)
    until = world.rows("SELECT until FROM consent_consent")[0][0]
    assert localdate(until) <= of_age_on(born_on)
    grants = world.rows("SELECT DISTINCT until FROM access_grant WHERE source = 'consent'")
    assert grants == [(until,)]
    let_lapse(world)
    it.check(set())
    ask_back()
    it.check(set(), asked=True)


def test_an_old_page_that_stayed_open_writes_nothing_more(world: World) -> None:
    it = told(sent(world, also=MORE))
    withdraw(it.one.way, it.one.consent)
    assert it.one.post("terima").status_code == 404
    assert it.one.treat(row_id=str(new_id())).status_code == 404
    assert it.one.count("services_delivery") == 0


def test_what_was_closed_stays_closed_when_the_file_moves(world: World) -> None:
    it = told(sent(world, also=MORE))
    withdraw(it.one.way, it.one.consent)
    for stage in ("closed", "case"):
        world.rows("UPDATE access_dossier SET stage = %s", [stage])
    it.check(set(), asked=True)


def test_a_consent_to_the_unit_itself_tells_a_partner_nothing(world: World) -> None:
    way = case(world)
    way.consent(Service.MEDICAL)
    officer = world.person("partner_officer", world.hospital)
    with acting(officer):
        for table in protected():
            assert world.rows(f"SELECT 1 FROM {table}", using="default") == [], table
