"""Ways in as data: who sets them up, who sees them, and the keys of applications."""

import re
from datetime import datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ruangaman.access.states import OrganisationKind, Role
from ruangaman.intake.actions import ways as actions
from ruangaman.intake.models import AppKey, Way
from ruangaman.intake.queries import ways as queries
from ruangaman.intake.states import Channel
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.states import FacilityKind
from tests.intake.applications import application, way
from tests.worlds import World, acting

LEADERS = (Role.HEAD, Role.SUPERVISOR)
OTHERS = (Role.INTAKE_OFFICER, Role.COMPANION, Role.DATA_OFFICER, Role.ADMINISTRATOR, Role.PARTNER_OFFICER)


def post(world: World, role: str, path: str = "/saluran/", **more: Any) -> Any:
    fields = {
        "name": "Pos Pengaduan Contoh", "channel": Channel.POST, "owner": str(world.unit.id),
        "takes_anonymous": "on", "is_active": "on", **more,
    }  # fmt: skip
    return world.client(world.person(role)).post(path, fields)


def facility(world: World, *, always: bool = False, kind: str = FacilityKind.POST) -> Facility:
    made = Facility.objects.using("owner").create(
        organisation=world.unit, kind=kind, name="Pos Uji", place_id="31.73", always_open=always
    )
    for day in range(5):
        OpeningHours.objects.using("owner").create(facility=made, weekday=day, opens=time(8), closes=time(15))
    return made


@pytest.mark.parametrize("role", LEADERS)
def test_who_leads_the_unit_adds_a_way(world: World, role: str) -> None:
    assert post(world, role).status_code == 302
    made = Way.objects.using("owner").get()
    assert (made.unit_id, made.channel, made.takes_anonymous) == (world.unit.id, Channel.POST, True)
    assert made.changed_by_id == world.person(role).id
    assert world.rows("SELECT fields_named FROM ledger_entry WHERE verb = 'way_changed'") == [
        (["post", "active"],)
    ]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(world: World, role: str) -> None:
    assert post(world, role).status_code == 404
    found = way(world)
    assert post(world, role, f"/saluran/{found.id}/").status_code == 404
    assert world.client(world.person(role)).get(f"/saluran/{found.id}/kunci/").status_code == 404
    viewer = world.viewer(world.person(role))
    with acting(world.person(role)), pytest.raises(Refused):
        actions.set_way(
            viewer=viewer, unit=world.unit.id, at=clock.now(),
            arranged=actions.Arranged(channel=Channel.POST, name="x", owner=world.unit),
        )  # fmt: skip


@pytest.mark.parametrize("role", OTHERS)
def test_raw_sql_writes_no_way_and_reads_no_key_for_them(world: World, role: str) -> None:
    app = application(world)
    person = world.person(role)
    with acting(person):
        assert not AppKey.objects.exists()
        assert Way.objects.update(is_active=False) == 0
    for values in (
        [new_id(), world.unit.id, world.unit.id, person.id],
        [new_id(), world.unit.id, world.unit.id, world.person(Role.HEAD).id],
    ):
        with pytest.raises(DatabaseError), acting(person), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO intake_way (id, unit_id, owner_id, channel, name, usual_reporter, needs_ticket,"
                " takes_anonymous, is_active, changed_by_id, changed_at)"
                " VALUES (%s, %s, %s, 'post', 'x', '', false, true, true, %s, now())",
                values,
            )
    assert app.key.id


def test_a_leader_of_another_unit_sees_and_changes_none_of_it(world: World) -> None:
    found = way(world, name="Aplikasi Warga")
    theirs = world.client(world.person(Role.HEAD, world.other))
    for path in (f"/saluran/{found.id}/", f"/saluran/{found.id}/kunci/"):
        assert theirs.get(path).status_code == 404
    assert "Aplikasi Warga" not in theirs.get("/saluran/").content.decode()
    with acting(world.person(Role.HEAD, world.other)):
        assert Way.objects.update(is_active=False) == 0


def test_a_way_is_changed_and_taken_out_of_use(world: World) -> None:
    found = way(world, channel=Channel.POST, name="Pos lama")
    page = post(world, Role.SUPERVISOR, f"/saluran/{found.id}/", name="Pos baru", is_active="")
    assert page.status_code == 302
    kept = Way.objects.using("owner").get()
    assert (kept.id, kept.name, kept.is_active) == (found.id, "Pos baru", False)


def test_a_form_that_was_sent_twice_adds_one(world: World) -> None:
    again = str(new_id())
    assert [post(world, Role.HEAD, way_id=again).status_code for _turn in range(2)] == [302, 302]
    assert Way.objects.using("owner").count() == 1


def test_a_name_that_is_there_is_refused_with_everything_typed_kept(world: World) -> None:
    way(world, name="Pos Pengaduan Contoh")
    page = post(world, Role.HEAD)
    assert page.status_code == 400
    assert "sudah ada di unit ini" in page.content.decode()
    assert 'value="Pos Pengaduan Contoh"' in page.content.decode()


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.REGION, Channel.SPLIT])
def test_ways_that_the_system_makes_are_not_set_up(world: World, channel: str) -> None:
    assert post(world, Role.HEAD, channel=channel).status_code == 400


def test_a_ticket_number_needs_a_system_that_hands_over(world: World) -> None:
    page = post(world, Role.HEAD, needs_ticket="on")
    assert page.status_code == 400
    assert "Nomor tiket hanya ada" in page.content.decode()
    assert post(world, Role.HEAD, channel=Channel.PHONE_112, needs_ticket="on").status_code == 302


def test_a_shelter_is_never_a_way_in(world: World) -> None:
    """Source: care.md 19."""
    shelter = facility(world, kind=FacilityKind.SHELTER)
    page = world.client(world.person(Role.HEAD)).get("/saluran/").content.decode()
    assert str(shelter.id) not in page
    assert post(world, Role.HEAD, facility=str(shelter.id)).status_code == 400


def test_the_posts_of_a_unit_may_run_a_way_and_another_regions_may_not(world: World) -> None:
    post_of_ours = world.organisation(OrganisationKind.POST, "Pos Uji", "31.73", parent=world.unit)
    assert post(world, Role.HEAD, owner=str(post_of_ours.id)).status_code == 302
    assert post(world, Role.HEAD, name="lain", owner=str(world.other.id)).status_code == 400


@pytest.mark.parametrize(
    ("at", "now"),
    [
        ("2026-11-23T08:00+07:00", True),  # a Monday
        ("2026-11-23T07:59+07:00", False),
        ("2026-11-23T15:00+07:00", False),
        ("2026-11-22T10:00+07:00", False),  # a Sunday
        ("2026-01-01T10:00+07:00", False),  # a Thursday, and New Year
        ("2026-08-17T10:00+07:00", False),  # a Monday, and Independence Day
        ("2026-11-23T03:00+00:00", True),
    ],
)
def test_a_post_is_open_in_its_hours_and_not_on_a_national_holiday(world: World, at: str, now: bool) -> None:
    """Source: seed 000 (posts Monday to Friday 08.00 to 15.00)."""
    found = way(world, channel=Channel.POST, name="Pos", facility=facility(world))
    person = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(person)
    with acting(person):
        opening = queries.openings(viewer, queries.ways_of(viewer), datetime.fromisoformat(at))[found.id]
    assert opening.now is now
    assert opening.hours == "Senin–Jumat 08.00–15.00 WIB"


def test_a_line_that_is_always_open_is_open_on_a_holiday(world: World) -> None:
    found = way(world, channel=Channel.PHONE_112, name="112", facility=facility(world, always=True))
    person = world.person(Role.INTAKE_OFFICER)
    viewer = world.viewer(person)
    with acting(person):
        ways = queries.ways_of(viewer)
        opening = queries.openings(viewer, ways, datetime.fromisoformat("2026-01-01T03:00+07:00"))[found.id]
    assert opening.now and opening.always


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_kept_as_a_keyed_hash(world: World) -> None:
    found = way(world)
    client = world.client(world.person(Role.HEAD))
    path = f"/saluran/{found.id}/kunci/"
    page = client.post(path, {"name": "Jakarta Aman"}).content.decode()
    secret = re.search(r"ra_[a-z2-7]{32}", page)
    assert secret
    assert secret[0] not in client.get(path).content.decode()
    row = world.rows("SELECT secret_hash, name, made_by_id FROM intake_appkey")[0]
    assert bytes(row[0]) == queries.secret_hash(secret[0])
    assert row[1:] == ("Jakarta Aman", world.person(Role.HEAD).id)
    assert secret[0] not in str(world.rows("SELECT t::text FROM intake_appkey t"))


def test_a_key_that_was_asked_for_twice_is_made_once(world: World) -> None:
    client = world.client(world.person(Role.HEAD))
    path, again = f"/saluran/{way(world).id}/kunci/", str(new_id())
    first, second = (client.post(path, {"name": "x", "key_id": again}) for _turn in range(2))
    assert (first.status_code, second.status_code) == (200, 400)
    assert "tidak bisa ditampilkan lagi" in second.content.decode()
    assert not re.search(r"ra_[a-z2-7]{32}", second.content.decode())
    assert world.rows("SELECT count(*) FROM intake_appkey") == [(1,)]


def test_no_key_is_made_where_people_come_themselves(world: World) -> None:
    found = way(world, channel=Channel.POST, name="Pos")
    page = world.client(world.person(Role.HEAD)).post(f"/saluran/{found.id}/kunci/", {"name": "x"})
    assert page.status_code == 400
    assert "dipakai orang, bukan aplikasi" in page.content.decode()


def test_a_key_is_revoked_by_any_leader_of_the_unit_and_stays_so(world: World) -> None:
    app = application(world)
    supervisor = world.person(Role.SUPERVISOR)
    assert world.client(supervisor).post(f"/saluran/kunci/{app.key.id}/cabut/").status_code == 302
    row = world.rows("SELECT revoked_by_id, revoked_at IS NOT NULL FROM intake_appkey")
    assert row == [(supervisor.id, True)]
    world.client(world.person(Role.HEAD)).post(f"/saluran/kunci/{app.key.id}/cabut/")
    assert world.rows("SELECT revoked_by_id FROM intake_appkey") == [(supervisor.id,)]
    with acting(world.person(Role.HEAD)):
        assert AppKey.objects.update(revoked_at=None, revoked_by=None) == 0


def test_nobody_revokes_in_somebody_elses_name_or_changes_a_secret(world: World) -> None:
    application(world)
    head, supervisor = world.person(Role.HEAD), world.person(Role.SUPERVISOR)
    with pytest.raises(DatabaseError), acting(head):
        AppKey.objects.update(revoked_at=clock.now(), revoked_by_id=supervisor.id)
    with pytest.raises(DatabaseError), acting(head):
        AppKey.objects.update(secret_hash=b"0" * 32)
    with pytest.raises(DatabaseError), acting(head):
        AppKey.objects.create(
            way=Way.objects.get(),
            name="x",
            secret_hash=b"1" * 32,
            made_by_id=supervisor.id,
            made_at=clock.now(),
        )


def test_a_number_of_a_way_is_delivered_once_says_the_database(world: World) -> None:
    app = application(world)
    app.send({"number": "JA-1", "story": "Cerita.", "danger_now": False})
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        world.rows(
            "INSERT INTO intake_delivery (id, dossier_id, unit_id, stage, way_id, key_id, number_hash, delivered_at) "
            "SELECT gen_random_uuid(), dossier_id, unit_id, stage, way_id, key_id, number_hash, now() "
            "FROM intake_delivery"
        )
