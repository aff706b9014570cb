"""Without a ticket no run-time role reads a row of any table, but of those listed with a reason."""

from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.db import connections, transaction

from ruangaman.access.states import PowerKind, Role
from ruangaman.intake import actions as intake
from ruangaman.kernel import clock, roles
from ruangaman.ledger import sealing
from tests.access.filled import fill, tried
from tests.access.test_powers import propose
from tests.agenda.booked import case, feed_secret
from tests.papers.lettering import with_letterhead
from tests.worlds import World

ALIASES = {"app": "default", "worker": "worker", "sealer": "sealer", "counter": "counter"}
# Rows that hold nothing of a person: which database this is, and what it has been through.
CATALOGUE = (
    "SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1"
)
SECURED = (
    "SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relrowsecurity ORDER BY 1"
)


@pytest.fixture(scope="module")
def house(lasting_world: World) -> World:
    """A row in every table that row-level security guards."""
    world = lasting_world
    filed = fill(world)
    visit = intake.new_visit()
    intake.keep_draft(visit=visit, answers={"story": "x"}, at=clock.now())
    world.grant(filed, world.person(Role.COMPANION).id, "identity")
    propose(world, world.person(Role.ADMINISTRATOR), world.person(Role.COMPANION), kind=PowerKind.GIVE)
    world.client(world.person(Role.HEAD))
    sealing.seal_once(at=clock.now(), using="sealer")
    sealing.keep_check(at=clock.now(), using="sealer")
    place = [filed.dossier.id, world.unit.id]
    world.rows(
        "INSERT INTO access_erasurerequest (id, dossier_id, unit_id, stage, basis, asked_by_id, asked_at, decision) "
        "VALUES (gen_random_uuid(), %s, %s, 'intake', 'request', %s, now(), 'open')",
        [*place, world.person(Role.DATA_OFFICER).id],
    )
    world.rows(
        "INSERT INTO clocks_unitclock (id, definition_id, code, started_at, due_at, fired, unit_id, period, ending, "
        "end_note) "
        "SELECT gen_random_uuid(), id, code, now(), now(), '{}', %s, '2026-2', '', '' FROM clocks_definition "
        "WHERE code = 'semester'",
        [world.unit.id],
    )
    world.rows(
        "INSERT INTO access_destruction (id, dossier_id, unit_id, key_ids, destroyed_at, basis) "
        "VALUES (gen_random_uuid(), %s, %s, '[]', now(), 'request')",
        place,
    )
    world.rows(
        "INSERT INTO network_facility (id, organisation_id, kind, name, address, phone, note, always_open, rank) "
        "VALUES (gen_random_uuid(), %s, 'shelter', 'Rumah', '', '', '', true, 1)",
        [world.unit.id],
    )
    world.rows(
        "INSERT INTO network_openinghours (id, facility_id, weekday, opens, closes) "
        "SELECT gen_random_uuid(), id, 0, '08:00', '16:00' FROM network_facility"
    )
    person = world.person(Role.HEAD).id
    for table, columns, values in (
        ("notice", "id, person_id, kind, cause, made_at", "gen_random_uuid(), %s, 'danger', 'x', now()"),
        ("preference", "person_id, by_mail, by_messenger, messenger_name", "%s, true, false, ''"),
        ("messenger", "set_by_id, organisation_id, url, is_on, set_at",
         f"%s, '{world.unit.id}', 'https://x.example', true, now()"),
        ("delivery", "person_id, notice_id, id, channel, due_at, tries",
         "%s, (SELECT id FROM notices_notice LIMIT 1), gen_random_uuid(), 'mail', now(), 0"),
    ):  # fmt: skip
        world.rows(f"INSERT INTO notices_{table} ({columns}) VALUES ({values})", [person])
    world.rows(
        "INSERT INTO people_probe (id, unit_id, asked_by_id, asked_at, identifiers, elsewhere) "
        'VALUES (gen_random_uuid(), %s, %s, now(), \'["name", "nik"]\', 0)',
        [world.unit.id, person],
    )
    world.rows(
        "INSERT INTO people_match (id, dossier_id, unit_id, other_unit_id, officer_id, person_id, other_person_id, "
        "found_at) VALUES (gen_random_uuid(), %s, %s, %s, %s, gen_random_uuid(), gen_random_uuid(), now())",
        [*place, world.unit.id, person],
    )
    _of_intake(world, visit.id, person)
    case(world)  # a building and a room
    feed_secret(world)
    with_letterhead(world)
    world.rows(
        "INSERT INTO papers_series (id, unit_id, year, last) VALUES (gen_random_uuid(), %s, 2026, 1)",
        [world.unit.id],
    )
    return world


def _of_intake(world: World, draft: UUID, person: UUID) -> None:
    """A file of a draft, what is taken down on the telephone, and what the unit keeps of its ways and shifts."""
    unit = world.unit.id
    for table, columns, values in (
        ("intake_draftfile", "id, draft_id, added_at", f"gen_random_uuid(), '{draft}', now()"),
        ("intake_calldraft", "id, officer_id, unit_id, begun_at, saved_at, expires_at",
         f"gen_random_uuid(), '{person}', '{unit}', now(), now(), now() + interval '1 hour'"),
        ("intake_appkey", "id, way_id, name, secret_hash, made_at",
         "gen_random_uuid(), (SELECT id FROM intake_way LIMIT 1), 'x', sha256('x'), now()"),
        ("intake_dutyrule", "unit_id, danger_minutes, minutes, changed_at", f"'{unit}', 5, 30, now()"),
        ("intake_shift", "id, unit_id, person_id, kind, rank, starts_at, ends_at, made_by_id, made_at",
         f"gen_random_uuid(), '{unit}', '{person}', 'desk', 1, now(), now() + interval '8 hours', '{person}', now()"),
        ("intake_latername", "id, dossier_id, person_id, former, since",
         f"gen_random_uuid(), (SELECT id FROM access_dossier LIMIT 1), '{person}', 'x', now()"),
        ("intake_handover", "id, unit_id, given_by_id, to_id, given_at",
         f"gen_random_uuid(), '{unit}', '{person}', '{person}', now()"),
        ("network_aptitude", "id, organisation_id, user_id, skill",
         f"gen_random_uuid(), '{unit}', '{person}', 'children'"),
    ):  # fmt: skip
        world.rows(f"INSERT INTO {table} ({columns}) VALUES ({values})")


def listed() -> dict[str, Any]:
    return dict(yaml.safe_load(files("ruangaman.policy").joinpath("open_tables.yaml").read_text()))


def readable(table: str, using: str) -> bool:
    """Whether the role, without a ticket, gets a row, over any column it may read."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')",
            [table],
        ) if not table.startswith("door.") else cursor.execute("SELECT '1' WHERE false")
        columns = [row[0] for row in cursor.fetchall()]
    wanted = ", ".join(columns) or "*"
    return bool(tried(f"SELECT {wanted} FROM {table} LIMIT 1", using=using))


@pytest.mark.parametrize("role", ALIASES)
def test_no_table_gives_a_row_without_a_ticket_but_those_listed(house: World, role: str) -> None:
    tables = [row[0] for row in house.rows(CATALOGUE)]
    assert len(tables) > 30
    open_ones = {table for table in tables if readable(table, ALIASES[role])}
    allowed = {f"public.{table}" for table, entry in listed().items() if role in entry["roles"]}
    assert open_ones <= allowed


@pytest.mark.parametrize("role", ALIASES)
def test_a_table_without_row_level_security_can_not_be_read_unless_it_is_listed(
    house: World, role: str
) -> None:
    """Also those that are empty here."""
    name = {short: full for full, short in zip(roles.RUNTIME_ROLES, ALIASES, strict=True)}[role]
    rows = house.rows(
        "SELECT c.relname FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relrowsecurity "
        "AND relnamespace = 'public'::regnamespace AND has_any_column_privilege(%s, c.oid, 'SELECT')",
        [name],
    )
    assert {row[0] for row in rows} <= {table for table, entry in listed().items() if role in entry["roles"]}


def test_every_guarded_table_has_a_row_here_so_that_silence_means_something(house: World) -> None:
    empty = [t for (t,) in house.rows(SECURED) if not house.rows(f"SELECT 1 FROM {t} LIMIT 1")]
    assert empty == []


def test_a_forged_ticket_changes_nothing_of_that(house: World) -> None:
    forged = f"00000000|{house.person(Role.HEAD).id}|staff||9999999999|{'0' * 64}"
    for role, using in ALIASES.items():
        allowed = {f"public.{table}" for table, entry in listed().items() if role in entry["roles"]}
        with transaction.atomic(using=using):
            house.rows("SELECT set_config('app.ticket', %s, true)", [forged], using=using)
            for (table,) in house.rows(CATALOGUE):
                assert table in allowed or not readable(table, using), (role, table)


def test_every_open_table_says_why(house: World) -> None:
    for table, entry in listed().items():
        assert len(entry["reason"].split()) > 3, table
        assert set(entry["roles"]) <= set(ALIASES), table
