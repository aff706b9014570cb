"""Forged, altered, stolen and outlived tickets; and everything else that could walk round the door."""

import hashlib
import hmac
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction
from psycopg import errors

from ruangaman.access.states import Role
from ruangaman.kernel import clock, keyring, roles, tickets
from tests.access.filled import fill, protected, spine, tried
from tests.worlds import World, acting

RUNTIME = ("default", "worker", "sealer", "counter")


@pytest.fixture(scope="module")
def house(lasting_world: World) -> World:
    fill(lasting_world)
    return lasting_world


def seen_with(ticket: str) -> int:
    """How many dossiers an injected statement sees that shows ``ticket``, in the middle of the web's own work."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT ''::text UNION SELECT set_config('app.ticket', %s, true)", [ticket])
        cursor.execute("SELECT count(*) FROM access_dossier")
        return int(cursor.fetchone()[0])


def good(house: World) -> str:
    return tickets.sign(purpose="staff", person=house.person(Role.HEAD).id, at=clock.now())


def signed_with(key: bytes, number: str, house: World) -> str:
    expires = int(clock.now().timestamp()) + 300
    body = f"{number}|{house.person(Role.HEAD).id}|staff||{expires}"
    return f"{body}|{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def test_a_true_ticket_opens_what_it_should_so_that_the_attacks_below_mean_something(house: World) -> None:
    assert seen_with(good(house)) == 1


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "head",
        "staff",
        "|",
        "|||||",
        "a|b|c|d|e|f",
        "1|2",
        "'; DROP TABLE access_dossier; --",
        "\u202e",
        "x" * 100_000,
    ],
)
def test_a_made_up_text_opens_nothing(house: World, shown: str) -> None:
    assert seen_with(shown) == 0


@pytest.mark.parametrize("other_settings", ["app.user", "app.person", "app.units", "app.role", "role.name"])
def test_a_plain_setting_opens_nothing(house: World, other_settings: str) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [other_settings, str(house.person(Role.HEAD).id)])
        cursor.execute("SELECT count(*) FROM access_dossier")
        assert cursor.fetchone()[0] == 0


def test_a_ticket_without_its_mac_opens_nothing(house: World) -> None:
    body = good(house).rpartition("|")[0]
    for end in ("", "|", "|" + "0" * 64, "|" + hashlib.sha256(body.encode()).hexdigest()):
        assert seen_with(body + end) == 0


@pytest.mark.parametrize("place", range(6))
def test_a_ticket_with_any_part_altered_opens_nothing(house: World, place: int) -> None:
    parts = good(house).split("|")
    others = [
        "00000000",
        str(house.person(Role.SUPERVISOR).id),
        "job_erasure",
        str(uuid4()),
        str(int(parts[4]) + 86_400),
        parts[5][::-1],
    ]
    parts[place] = others[place]
    assert seen_with("|".join(parts)) == 0


def test_a_ticket_with_parts_added_or_moved_opens_nothing(house: World) -> None:
    number, person, purpose, scope, expires, mac = good(house).split("|")
    for parts in (
        [number, person, purpose, scope, expires, mac, ""],
        ["", number, person, purpose, scope, expires, mac],
        [number, person + "|" + purpose, scope, expires, "", mac],
        [number, person, purpose, expires, mac],
    ):
        assert seen_with("|".join(parts)) == 0


def test_a_ticket_signed_with_another_key_opens_nothing(house: World) -> None:
    number = tickets.key_number(tickets.signing_key())
    other = bytes(range(32))
    assert seen_with(signed_with(other, number, house)) == 0
    assert seen_with(signed_with(other, tickets.key_number(other), house)) == 0
    assert seen_with(signed_with(b"", number, house)) == 0
    assert seen_with(signed_with(tickets.signing_key(), number, house)) == 1


def test_a_ticket_opens_nothing_once_its_time_is_over(house: World) -> None:
    old = clock.now() - timedelta(seconds=tickets.LIFE_SECONDS + 1)
    head = house.person(Role.HEAD).id
    assert seen_with(tickets.sign(purpose="staff", person=head, at=old)) == 0
    assert seen_with(tickets.sign(purpose="staff", person=head, at=old + timedelta(seconds=30))) == 1


def test_an_open_transaction_does_not_keep_a_ticket_alive(house: World) -> None:
    nearly = clock.now() - timedelta(seconds=tickets.LIFE_SECONDS - 2)
    ticket = tickets.sign(purpose="staff", person=house.person(Role.HEAD).id, at=nearly)
    with tickets.carry(ticket), transaction.atomic():
        assert house.rows("SELECT count(*) FROM access_dossier", using="default") == [(1,)]
        house.rows("SELECT pg_sleep(3)", using="default")
        assert house.rows("SELECT count(*) FROM access_dossier", using="default") == [(0,)]


def test_a_ticket_of_a_person_who_does_not_exist_opens_nothing(house: World) -> None:
    assert seen_with(tickets.sign(purpose="staff", person=uuid4(), at=clock.now())) == 0
    assert seen_with(tickets.sign(purpose="staff", at=clock.now())) == 0


def test_a_ticket_is_gone_with_its_transaction(house: World) -> None:
    with acting(house.person(Role.HEAD)):
        assert house.rows("SELECT count(*) FROM access_dossier", using="default") == [(1,)]
    assert house.rows("SELECT count(*) FROM access_dossier", using="default") == [(0,)]
    assert house.rows("SELECT current_setting('app.ticket', true)", using="default")[0][0] in (None, "")


def test_a_ticket_within_a_ticket_gives_way_to_the_outer_one(house: World) -> None:
    count = "SELECT count(*) FROM access_dossier"
    with acting(house.person(Role.HEAD)):
        with tickets.carry(
            tickets.sign(purpose="staff", person=house.person(Role.ANALYST).id, at=clock.now())
        ):
            assert house.rows(count, using="default") == [(0,)]
        assert house.rows(count, using="default") == [(1,)]
        with tickets.carry(""):
            assert house.rows(count, using="default") == [(0,)]


def test_another_sessions_ticket_stands_in_no_view_that_the_web_can_read(house: World) -> None:
    with acting(house.person(Role.HEAD)):
        held = tickets.carried()
        house.rows("SELECT count(*) FROM access_dossier", using="default")
        found: list[str] = []

        def look() -> None:
            with connections["default"].cursor() as cursor:
                for view in (
                    "pg_stat_activity",
                    "pg_settings",
                    "pg_cursors",
                    "pg_prepared_statements",
                    "pg_locks",
                ):
                    cursor.execute(f"SELECT to_jsonb(v)::text FROM {view} v")
                    found.extend(row[0] for row in cursor.fetchall())
            connections["default"].close()

        thief = threading.Thread(target=look)
        thief.start()
        thief.join()
    body, _sign, mac = held.rpartition("|")
    assert any("access_dossier" in text for text in found), "the other session was not looked at"
    assert not [text for text in found if mac in text or body in text]


def test_a_ticket_is_sent_apart_from_its_statement(house: World) -> None:
    with acting(house.person(Role.HEAD)):
        pid = house.rows("SELECT pg_backend_pid()", using="default")[0][0]
        connections["default"].send_ticket(tickets.carried())
        with psycopg.connect(**address("default")) as colleague:
            shown = colleague.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
    assert shown == ("SELECT set_config($1, $2, true)",)


@pytest.mark.parametrize("using", RUNTIME)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM door.ticket_key",
        "SELECT inner_pad FROM door.ticket_key",
        "COPY door.ticket_key TO STDOUT",
        "INSERT INTO door.ticket_key VALUES ('x', repeat('x', 64)::bytea, repeat('x', 64)::bytea)",
        "UPDATE door.ticket_key SET number = number",
        "DELETE FROM door.ticket_key",
        "SELECT * FROM door.ledger_epoch",
        "INSERT INTO door.ledger_epoch (number, reason) VALUES (9, 'mine')",
        "SELECT * FROM door.ticket()",
        "CREATE TABLE door.mine (a int)",
        "CREATE FUNCTION door.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
        "CREATE OR REPLACE FUNCTION door.person() RETURNS uuid LANGUAGE sql AS $$ SELECT gen_random_uuid() $$",
        "CREATE TABLE public.access_membership2 (a int)",
        "CREATE VIEW public.all_dossiers AS SELECT * FROM access_dossier",
        "CREATE TEMPORARY TABLE access_membership (a int)",
        "CREATE TEMPORARY VIEW access_membership AS SELECT 1",
        "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
        "SET ROLE owner",
        "SET SESSION AUTHORIZATION owner",
        "ALTER TABLE access_dossier DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE access_dossier OWNER TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "DROP POLICY app_read ON access_dossier",
        "CREATE POLICY mine ON access_dossier USING (true)",
        "DROP FUNCTION door.person()",
        "SET session_replication_role = replica",
        "COPY access_dossier TO PROGRAM 'cat'",
        "COPY access_dossier TO '/tmp/ruangaman-copied'",
        "COPY access_organisation FROM PROGRAM 'id'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_statistic",
        "TRUNCATE access_dossier CASCADE",
        "INSERT INTO access_membership (role, since) VALUES ('head', now())",
        "UPDATE access_membership SET until = NULL",
        "DELETE FROM access_membership",
    ],
)  # fmt: skip
def test_no_run_time_role_can_make_itself_greater(house: World, using: str, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        attempt(using, statement)


def address(using: str) -> dict[str, Any]:
    """How to reach the database as that role, without Django between."""
    settings = connections[using].get_connection_params()
    return {k: settings[k] for k in ("dbname", "user", "password", "host", "port") if settings.get(k)}


def attempt(using: str, statement: str) -> None:
    """Run a statement for itself, over a connection of its own as that role."""
    with psycopg.connect(**address(using)) as connection:
        role = house_owner(connection)
        text = statement.replace("SET ROLE owner", f'SET ROLE "{role}"')
        connection.execute(text.replace("AUTHORIZATION owner", f'AUTHORIZATION "{role}"'))


def house_owner(connection: Any) -> str:
    found = connection.execute(
        "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'access_dossier'"
    )
    return str(found.fetchone()[0]).strip('"')


def test_row_security_can_be_switched_to_an_error_but_not_off(house: World) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            cursor.execute("SELECT count(*) FROM access_dossier")


def test_copying_out_gives_only_what_the_policy_gives(house: World) -> None:
    copying = "COPY (SELECT * FROM intake_story) TO STDOUT"
    with psycopg.connect(**address("default")) as thief, thief.cursor().copy(copying) as copied:
        assert b"".join(bytes(part) for part in copied) == b""


def test_a_function_of_the_owner_that_the_web_may_call_always_has_a_fixed_search_path(house: World) -> None:
    rows = house.rows(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace IN "
        "('door'::regnamespace, 'public'::regnamespace)"
    )
    assert rows
    for name, config in rows:
        path = next((c for c in config or [] if c.startswith("search_path=")), "")
        assert path, f"{name} has no search_path"
        assert path == "search_path=pg_catalog" or path.endswith("pg_temp"), f"{name}: {path}"


def test_no_view_of_the_owner_shows_rows_past_the_policies(house: World) -> None:
    rows = house.rows(
        "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN "
        "('door'::regnamespace, 'public'::regnamespace) "
        "AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)"
    )
    assert rows == []


def test_run_time_roles_belong_to_no_other_role_and_own_nothing(house: World) -> None:
    for role in roles.RUNTIME_ROLES:
        owned = house.rows("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [role])
        member = house.rows("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [role])
        made = house.rows("SELECT count(*) FROM pg_proc WHERE proowner = %s::regrole", [role])
        assert [owned, member, made] == [[(0,)], [(0,)], [(0,)]]


@pytest.mark.parametrize("using", RUNTIME)
def test_only_the_functions_of_the_door_that_a_role_needs_can_be_called(house: World, using: str) -> None:
    allowed = {
        name
        for (name,) in house.rows(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'door'::regnamespace "
            "AND prorettype <> 'trigger'::regtype AND has_function_privilege(current_user, oid, 'EXECUTE')",
            using=using,
        )
    }
    common = {"person", "scope"}
    web = {
        "reach", "reach_all", "granted", "granted_all", "principals", "teams", "walled", "administered",
        "newcomers", "apply_power", "refused", "sections_held", "seats", "locate", "epoch", "undestroyed",
        "colleagues", "is_partner", "agreed", "own_plan", "tell_reporter", "begin_clocks", "end_clocks",
        "hand_clocks", "own_seats", "genuine", "taken", "conflicts", "feed", "is_feed", "zone_of",
        "look_up", "note_matches", "shown_people", "paper_shown", "letter_shown", "is_counsel", "guards_of",
        "held_opened", "held_papers", "held_services",
        "locate_draft", "locate_client", "second_secret", "client_hides", "new_code", "app_key", "delivered",
        "keep_out", "numbers_opened", "one_caller", "parcel_contact_safe",
        "own_unwiped", "wiped", "answer_transfer", "client_appointments", "client_legal", "client_rights", "loads",
        "register_hides", "spoken_with", "take_ring",
        "units_without_reader", "take_over", "keep_out_there", "let_in_by_merge",
        "last_doubt", "reporter_way", "client_still_doubts", "reporter_doubts",
    }  # fmt: skip
    tasks = {
        "job_reach", "job_reach_all", "job_erasures_due", "undestroyed", "epoch", "job_may_tell", "job_reachers",
        "job_homes", "job_clocks_due", "job_clocks_of_days", "job_seated", "job_unfinished", "job_erased_papers",
        "job_probes_due", "job_matches_untold", "job_close_lapsed", "job_recalls_untold", "job_recall_told",
        "job_draft_files",
        "job_forget_receipts", "job_overdue_rings", "job_ring", "job_takers", "job_forget_hand_overs",
        "job_unread", "job_seniors", "job_unread_report", "job_hand_on", "job_administrators",
        "job_uncompared", "job_hold_names", "job_later_names", "job_compared",
    }  # fmt: skip
    at_most = {"default": common | web, "worker": common | tasks, "sealer": {"epoch"}, "counter": common}
    assert allowed <= at_most[using]


def test_a_reference_tells_an_unsigned_session_nothing(house: World) -> None:
    reference = house.rows("SELECT reference FROM access_dossier")[0][0]
    ask = "SELECT dossier FROM door.refused(%s)"
    assert tried(ask, [reference]) in (None, [(None,)])
    with acting(purpose="reporter", scope=uuid4()):
        assert tried(ask, [reference]) in (None, [(None,)])


def test_the_sealer_reads_no_dossier(house: World) -> None:
    for table in protected():
        assert tried(f"SELECT {spine(table)} FROM {table}", using="sealer") is None


def test_the_counter_holds_no_key_and_reads_no_sealed_column(house: World) -> None:
    assert tried("SELECT id FROM access_datakey", using="counter") is None
    assert tried("SELECT token FROM people_nametoken", using="counter") is None
    columns = house.rows(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid = 'bytea'::regtype "
        "AND a.attnum > 0 AND NOT a.attisdropped "
        "AND has_column_privilege('ruangaman_counter', c.oid, a.attnum, 'SELECT')"
    )
    assert columns == []


def test_the_counter_reads_the_columns_of_facts_and_changes_nothing(house: World) -> None:
    assert tried("SELECT unit_id, stage, opened_at FROM access_dossier", using="counter")
    assert tried("SELECT channel, danger_now, received_at FROM intake_report", using="counter")
    for sealed in ("reference FROM access_dossier", "name FROM people_person", "text FROM intake_story"):
        assert tried(f"SELECT {sealed}", using="counter") is None
    for table in protected():
        assert tried(f"UPDATE {table} SET stage = stage", using="counter") is None
        assert tried(f"DELETE FROM {table}", using="counter") is None


def test_the_keys_of_search_and_of_tickets_are_not_the_same() -> None:
    ring = keyring.current()
    purposes = [
        "tickets",
        "sessions",
        "ledger/mac",
        "ledger/signature",
        "codes/locator",
        "codes/pepper",
        "limits",
    ]
    assert len({ring.derived(purpose) for purpose in purposes}) == len(purposes)
