"""Whoever was written down twice is one client in every room: consent, plan, services, appointments, the way home."""

from dataclasses import replace

import pytest
from django.utils import timezone

from ruangaman.agenda.policies.bookings import Apart
from ruangaman.clocks.models import Clock
from ruangaman.consent.states import Answer, Service
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of, contacts_of
from ruangaman.people.states import PersonRole, Sex
from ruangaman.services.actions import give_service
from ruangaman.services.queries import table
from ruangaman.services.states import Kind
from tests.agenda import booked
from tests.agenda.test_reminders import asked, says
from tests.cases.cases import Way, case
from tests.closure.stories import Story
from tests.people.alike import decided, undone
from tests.people.people import added
from tests.people.test_contact import told
from tests.worlds import Filed, World, acting


def again(way: Way) -> Way:
    """The same woman, recorded a second time in the same file."""
    filed = Filed(way.dossier, None)  # type: ignore[arg-type]
    second = added(filed, way.manager, PersonRole.CLIENT, "Ratna R.", age=35, sex=Sex.FEMALE).person
    return replace(way, client=second)


def lines(way: Way) -> list[tuple[str, int, int]]:
    """What the table of the file shows: service, consents and plans, line by line."""
    with acting(way.manager):
        found = table(way.world.viewer(way.manager), way.dossier.id, clock.now())
    return [(line.service, len(line.consents), len(line.items)) for line in found]


def test_a_no_under_one_record_is_a_no_under_the_other(world: World) -> None:
    first = case(world)
    second = again(first)
    first.consent(Service.MEDICAL, world.hospital)
    second.consent(Service.MEDICAL, world.hospital, Answer.REFUSED)
    link = decided(world, first.manager, first.client, second.client)
    live = "SELECT count(*) FROM access_grant WHERE source = 'consent' AND withdrawn_at IS NULL"
    assert world.rows(live) == [(0,)]
    with pytest.raises(Refused):
        first.plan(first.need(Service.MEDICAL)[Service.MEDICAL], organisation=world.hospital)
    undone(world, first.manager, link)
    assert world.rows(live)[0][0] > 0


def test_a_yes_under_one_record_carries_a_plan_and_a_service_under_the_other(world: World) -> None:
    first = case(world)
    second = again(first)
    second.consent(Service.SOCIAL)
    decided(world, first.manager, first.client, second.client)
    item = first.plan(first.need(Service.SOCIAL)[Service.SOCIAL], first.companion)
    with acting(first.manager):
        give_service(
            viewer=world.viewer(first.manager),
            dossier=first.dossier,
            client=second.client,
            service=Service.SOCIAL,
            kind=Kind.SOCIAL_ASSISTANCE,
            given_on=timezone.localdate(),
            organisation_id=world.unit.id,
            item=item,
            referral=None,
            note="",
            delivery_id=new_id(),
            at=clock.now(),
        )
    assert world.rows("SELECT given FROM cases_planitem") == [(1,)]
    assert world.rows("SELECT state FROM cases_need WHERE service = 'social'") == [("met",)]
    assert ("social", 1, 1) in lines(first)


def test_what_she_needs_is_written_once_and_shown_once(world: World) -> None:
    first = case(world)  # with two needs
    second = again(first)
    second.need(Service.PSYCHOLOGICAL)
    assert len(lines(first)) == 3
    link = decided(world, first.manager, first.client, second.client)
    assert [service for service, _consents, _items in lines(first)] == ["medical", "psychological"]
    kept = Person.objects.using("owner").get(id=second.client.id)
    replace(second, client=kept).need(Service.MEDICAL)
    assert world.rows("SELECT count(*) FROM cases_need") == [(3,)]
    undone(world, first.manager, link)
    assert len(lines(first)) == 3


def test_she_is_offered_once_and_reached_by_the_newest_word(world: World) -> None:
    first = case(world)
    second = again(first)
    filed = Filed(first.dossier, None)  # type: ignore[arg-type]
    told(world, filed, first.manager, first.client)
    told(world, filed, first.manager, second.client)
    decided(world, first.manager, first.client, second.client)
    viewer = world.viewer(first.manager)
    with acting(first.manager):
        [offered] = clients_of(viewer, first.dossier.id)
        newest = contacts_of(viewer, first.dossier.id)
    assert offered.id == first.client.id
    assert newest[offered.one_id].person_id == second.client.id
    told(world, filed, first.manager, offered)
    with acting(first.manager):
        running = Clock.objects.filter(dossier=first.dossier, ended_at=None, about=second.client.id)
        assert not running.exists()


def test_the_client_is_kept_from_him_under_each_of_their_records(world: World) -> None:
    """agenda: who may not meet may not meet under another spelling either."""
    story = booked.case(world)
    his = added(story.filed, story.manager, PersonRole.HOUSEHOLD, "Orang Serumah").person
    hers = added(story.filed, story.manager, PersonRole.CLIENT, "Nama Kecil").person
    decided(world, story.manager, story.reported, his)
    decided(world, story.manager, story.client, hers)
    story.book(story.client)
    with pytest.raises(Apart):
        story.book(his, staff=[story.companion.id])
    story.seen_at()
    with pytest.raises(Apart):
        story.book(hers, starts_at=story.at(8, 9), staff=[story.companion.id])


def test_she_is_reminded_whichever_record_was_booked(world: World) -> None:
    story = booked.case(world)
    hers = added(story.filed, story.manager, PersonRole.HOUSEHOLD, "Nama Kecil").person
    decided(world, story.manager, story.client, hers)
    says(story)
    made = story.book(hers)
    assert asked(story, story.at(6, 9)) == [f"/agenda/ingatkan/{made.id}/"]


def test_the_way_home_is_one_under_both_records(world: World) -> None:
    from ruangaman.closure.actions import prepare_return, record_return
    from ruangaman.closure.states import Destination
    from tests.closure.stories import a_case

    story: Story = a_case(world)
    story.agree(Service.RETURN)
    other = added(story.filed, story.manager, PersonRole.CLIENT, "Ratna W.", age=15, sex=Sex.FEMALE).person
    decided(world, story.manager, story.client, other)
    other = Person.objects.using("owner").get(id=other.id)
    story.do(prepare_return, client=story.client, destination=Destination.OWN_FAMILY, preparation="Rekaan.")
    row = story.do(record_return, client=other, returned_on=story.day(0))
    assert row.client_id == story.client.id
    assert world.rows("SELECT count(*) FROM closure_return WHERE returned_on IS NOT NULL") == [(1,)]
