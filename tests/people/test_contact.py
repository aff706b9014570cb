"""How a client can be reached without danger: told by her, sealed, stale after 30 days, opened with a trace."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.access.models import User
from ruangaman.access.queries import every_key, open_key
from ruangaman.access.states import Role, Section, Stage
from ruangaman.clocks.actions import happened
from ruangaman.clocks.states import Event
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.fields import unseal
from ruangaman.kernel.ids import new_id
from ruangaman.people import actions, policies
from ruangaman.people.models import Contact, Person
from ruangaman.people.policies import Way
from ruangaman.people.queries import contacts_of
from ruangaman.people.states import ContactMeans, PersonRole
from tests.people.people import added, case, child, put_on_team
from tests.worlds import Filed, World, acting

MESSAGE = Way(ContactMeans.MESSAGE, address="0812-0000-1111", code_word="pisang goreng")
FORM = {
    "means": "message",
    "address": "0812-0000-1111",
    "code_word": "pisang goreng",
    "weekdays": ["0", "2"],
    "from_time": "09:00",
    "until_time": "11:30",
}


def told(world: World, filed: Filed, by: User, person: Person, way: Way = MESSAGE, **more: Any) -> Contact:
    viewer = world.viewer(by)
    with acting(by):
        return actions.set_contact(
            viewer=viewer,
            dossier=filed.dossier,
            person=person,
            way=way,
            at=more.pop("at", clock.now()),
            **more,
        )


def in_clear(filed: Filed, by: User, contact: Contact) -> tuple[str | None, str | None]:
    with acting(by):
        key = open_key(every_key(filed.dossier.id)[Section.CONTACT])
        return unseal(contact, "address", key), unseal(contact, "code_word", key)


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (Way(ContactMeans.CALL, address="0812", never_call=True), "tidak pernah boleh ditelepon"),
        (Way(ContactMeans.MESSAGE), "Tulis nomor"),
        (Way(ContactMeans.THROUGH, address="  "), "lewat siapa"),
        (Way(ContactMeans.NOT, address="0812"), "nomor tidak disimpan"),
        (Way(ContactMeans.NOT, reminders_safe=True), "pengingat tidak bisa"),
        (Way(ContactMeans.MESSAGE, address="1", weekdays=0), "satu hari"),
        (Way(ContactMeans.MESSAGE, address="1", weekdays=128), "satu hari"),
        (Way(ContactMeans.MESSAGE, address="1", from_time=time(9)), "kedua jamnya"),
        (Way(ContactMeans.MESSAGE, address="1", from_time=time(9), until_time=time(9)), "sesudah jam awal"),
    ],
)
def test_a_way_that_contradicts_itself_is_refused(way: Way, says: str) -> None:
    with pytest.raises(Refused, match=says):
        policies.check_way(way)


def test_care_7_nothing_is_safe_unless_she_said_so() -> None:
    policies.check_way(Way(ContactMeans.NOT))
    assert not MESSAGE.reminders_safe
    assert not MESSAGE.paper_safe


def test_care_7_a_contact_goes_stale_after_thirty_days() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert not policies.is_stale(now - timedelta(days=29, hours=23), now)
    assert policies.is_stale(now - timedelta(days=30), now)


ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
HOURS = st.tuples(st.times(), st.times()).map(sorted).filter(lambda two: two[0] < two[1])


@given(
    starts_at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    weekdays=st.integers(1, policies.EVERY_DAY),
    hours=st.none() | HOURS,
    zone=st.sampled_from(ZONES),
)
def test_care_7_a_reminder_falls_in_her_hours_on_one_of_her_days_before_the_day_itself(
    starts_at: datetime, weekdays: int, hours: list[time] | None, zone: str
) -> None:
    begins, ends = hours or (None, None)
    found = policies.remind_between(
        starts_at, weekdays=weekdays, from_time=begins, until_time=ends, zone=zone
    )
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    # Slowly and obviously: each day before it, back to front.
    before: list[date] = [day - timedelta(days=ago) for ago in (1, 2, 3)]
    safe = [one for one in before if one.weekday() in policies.days_of(weekdays)]
    if not safe:
        assert found is None
        return
    assert found is not None
    since, until = (moment.astimezone(ZoneInfo(zone)) for moment in found)
    assert since.date() == until.date() == max(safe)
    assert (since.time(), until.time()) == ((begins, ends) if hours else policies.DAYTIME)
    assert since < until < starts_at


@given(st.sets(st.integers(0, 6)))
def test_weekdays_survive_being_one_number(days: set[int]) -> None:
    assert policies.days_of(policies.bits_of(days)) == sorted(days)


def test_number_and_code_word_are_sealed_and_the_newest_word_counts(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    newest = told(world, filed, manager, her, Way(ContactMeans.THROUGH, address="Bu Guru Rekaan"))
    with acting(manager):
        assert [one.id for one in contacts_of(world.viewer(manager), filed.dossier.id).values()] == [
            newest.id
        ]
    assert in_clear(filed, manager, newest) == ("Bu Guru Rekaan", None)
    (dump,) = world.rows("SELECT string_agg(c::text, ' ') FROM people_contact c")
    assert "0812-0000" not in dump[0]
    assert "pisang" not in dump[0]


def test_what_still_holds_is_confirmed_with_one_button_and_stands_as_a_new_row(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    old = told(world, filed, manager, her, at=clock.now() - timedelta(days=40))
    page = world.client(manager)
    assert "lebih dari 30 hari" in page.get(f"/berkas/{filed.reference}/").content.decode()
    answer = page.post(f"/orang/{filed.reference}/kontak/pastikan/", {"person": her.id})
    assert answer.status_code == 302
    with acting(manager):
        newest = contacts_of(world.viewer(manager), filed.dossier.id)[her.id]
    assert newest.id != old.id
    assert in_clear(filed, manager, newest) == ("0812-0000-1111", "pisang goreng")
    assert "lebih dari 30 hari" not in page.get(f"/berkas/{filed.reference}/").content.decode()


def test_confirming_starts_the_thirty_days_anew(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    told(world, filed, manager, her)
    rows = world.rows(
        "SELECT ended_at IS NULL, due_at > now() + interval '29 days' FROM clocks_clock "
        "WHERE dossier_id = %s AND code = 'contact-30' ORDER BY started_at, ended_at NULLS LAST",
        [filed.dossier.id],
    )
    assert rows == [(False, True), (True, True)]


def test_the_page_keeps_what_was_sealed_before_without_showing_it(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    page, url = world.client(manager), f"/orang/{filed.reference}/kontak/"
    assert "0812-0000" not in page.get(url).content.decode()
    answer = page.post(url, {**FORM, "address": "", "code_word": "", "contact_id": new_id()})
    assert answer.status_code == 302
    with acting(manager):
        newest = contacts_of(world.viewer(manager), filed.dossier.id)[her.id]
    assert (newest.weekdays, newest.from_time, newest.until_time) == (0b101, time(9), time(11, 30))
    assert in_clear(filed, manager, newest) == ("0812-0000-1111", "pisang goreng")
    # Another way has another number: the old one is not taken over.
    answer = page.post(url, {**FORM, "means": "call", "address": "", "contact_id": new_id()})
    assert answer.status_code == 400
    assert "Tulis nomor" in answer.content.decode()
    page.post(url, {**FORM, "code_word": "", "no_code_word": "on", "contact_id": new_id()})
    with acting(manager):
        newest = contacts_of(world.viewer(manager), filed.dossier.id)[her.id]
    assert in_clear(filed, manager, newest) == ("0812-0000-1111", None)


def test_a_double_click_writes_once(world: World) -> None:
    filed, manager = case(world)
    child(filed, manager)
    page, url = world.client(manager), f"/orang/{filed.reference}/kontak/"
    form = {**FORM, "contact_id": new_id()}
    assert [page.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert world.rows("SELECT count(*) FROM people_contact") == [(1,)]


def test_opening_shows_it_once_and_leaves_a_trace(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her, Way(ContactMeans.MESSAGE, never_call=True, address="0812-0000-1111"))
    page = world.client(manager)
    shown = page.get(f"/berkas/{filed.reference}/").content.decode()
    assert "Jangan pernah menelepon" in shown
    assert "0812-0000" not in shown
    opened = page.post(f"/orang/{filed.reference}/kontak/buka/").content.decode()
    assert "0812-0000-1111" in opened
    assert world.rows(
        "SELECT objects_named, fields_named FROM ledger_entry WHERE verb = 'opened' AND 'number' = ANY (fields_named)"
    ) == [([her.id], ["contact", "number"])]


def test_only_a_client_has_a_safe_contact(world: World) -> None:
    filed, manager = case(world)
    man = added(filed, manager, PersonRole.REPORTED, "Bapak Rekaan").person
    with pytest.raises(Refused, match="untuk klien"):
        told(world, filed, manager, man)
    page = world.client(manager)
    answer = page.post(
        f"/orang/{filed.reference}/kontak/", {**FORM, "person": man.id, "contact_id": new_id()}
    )
    assert answer.status_code == 400
    assert "Catat dulu siapa kliennya" in answer.content.decode()


def test_who_has_no_right_to_the_contact_gets_nothing(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    guide, lawyer = world.person(Role.SPIRITUAL_GUIDE), world.person(Role.LAWYER)
    put_on_team(world, filed, guide, Role.SPIRITUAL_GUIDE)
    put_on_team(world, filed, lawyer, Role.LAWYER)
    for path in ("kontak/", "kontak/buka/", "kontak/pastikan/"):
        page = world.client(guide)
        send = page.get if path == "kontak/" else page.post
        assert send(f"/orang/{filed.reference}/{path}").status_code == 404
    with acting(guide):
        assert world.rows("SELECT count(*) FROM people_contact", using="default") == [(0,)]
    # Who may read it may open it, and not say that it still holds.
    page = world.client(lawyer)
    assert page.post(f"/orang/{filed.reference}/kontak/buka/").status_code == 200
    assert page.post(f"/orang/{filed.reference}/kontak/pastikan/", {"person": her.id}).status_code == 404
    with acting(lawyer), pytest.raises(DatabaseError):
        Contact.objects.filter(person=her).update(never_call=False)


def test_a_contact_is_added_to_and_never_changed(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    with acting(manager), pytest.raises(DatabaseError):
        Contact.objects.filter(person=her).update(never_call=False)


def test_after_the_case_is_closed_nothing_is_written(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    world.move(filed, Stage.CLOSED)
    page = world.client(manager)
    assert page.get(f"/orang/{filed.reference}/kontak/").status_code == 404
    assert page.post(f"/orang/{filed.reference}/kontak/pastikan/", {"person": her.id}).status_code == 404


def test_care_7_after_a_return_or_a_shelter_it_is_asked_anew(world: World) -> None:
    filed, manager = case(world)
    her = child(filed, manager)
    told(world, filed, manager, her)
    page, moved = world.client(manager), "Ia berpindah tempat"
    for event in (Event.RETURNED, Event.SHELTER_ENTERED, Event.SHELTER_LEFT):
        assert moved not in page.get(f"/berkas/{filed.reference}/").content.decode()
        with acting(manager):
            happened(event=event, dossier=filed.dossier, at=clock.now(), by=manager.id)
        assert moved in page.get(f"/berkas/{filed.reference}/").content.decode()
        page.post(f"/orang/{filed.reference}/kontak/pastikan/", {"person": her.id})


def test_of_two_clients_each_has_an_own_contact(world: World) -> None:
    filed, manager = case(world)
    one, other = child(filed, manager), child(filed, manager, 12)
    page, url = world.client(manager), f"/orang/{filed.reference}/kontak/"
    told(world, filed, manager, one)
    form = {**FORM, "person": other.id, "address": "", "contact_id": new_id()}
    # The first one's number is not the other's.
    assert page.post(url, form).status_code == 400
    assert page.post(url, {**form, "address": "0813-2222"}).status_code == 302
    with acting(manager):
        known = contacts_of(world.viewer(manager), filed.dossier.id)
    assert in_clear(filed, manager, known[one.id])[0] == "0812-0000-1111"
    assert in_clear(filed, manager, known[other.id])[0] == "0813-2222"
