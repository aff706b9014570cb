"""A start that can't succeed says why in a sentence, and changes nothing."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ruangaman.config import cluster, doctor, postgres

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("RUANGAMAN_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "ruangaman.config.cli", *words],
        env=env | environment,
        capture_output=True,
        text=True,
    )


def test_a_taken_port_is_named_with_one_that_is_free(taken: int) -> None:
    with pytest.raises(
        doctor.Refusal, match=rf"Port {taken} .* taken .* RUANGAMAN_PORT=\d+ make run"
    ) as refused:
        doctor.check_port("127.0.0.1", taken, patience=0)
    other = int(str(refused.value).split("RUANGAMAN_PORT=")[1].split()[0])
    assert "free" in doctor.check_port("127.0.0.1", other)


def test_the_command_refuses_a_taken_port_without_a_traceback(taken: int, tmp_path: Path) -> None:
    done = run("run", RUANGAMAN_PORT=str(taken), RUANGAMAN_VAR=str(tmp_path / "var"))
    assert done.returncode == 1
    assert f"Port {taken}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var" / "postgres").exists()


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with pytest.raises(doctor.Refusal, match="all but full"):
        doctor.check_var(tmp_path, needed=10**18)


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount a small disk")
def test_a_disk_without_room_for_a_probe_is_said(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        with (tmp_path / "filler").open("wb", buffering=0) as filler:
            while shutil.disk_usage(tmp_path).free:
                filler.write(b"\0" * 4096)
        with pytest.raises(doctor.Refusal, match="is full"):
            doctor.check_var(tmp_path, needed=0)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(doctor.Refusal, match="can't be written to"):
        doctor.check_var(tmp_path / "file" / "var")


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_folder_of_someone_else_is_refused_and_its_owner_named(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(doctor.Refusal, match="belongs to nobody, and you are root"):
        doctor.check_var(tmp_path)


def test_an_ordinary_users_folder_is_closed_to_others(tmp_path: Path) -> None:
    doctor.check_var(tmp_path / "var")
    assert (tmp_path / "var").stat().st_mode & 0o066 == 0


def test_data_without_its_keyring_stops_the_start(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with postgres.start_throwaway(tmp_path) as server:
        assert "first start makes it" in doctor.check_keyring(keys, server.owner_url, {})
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("CREATE TABLE django_migrations AS SELECT 1 AS id")
        with pytest.raises(doctor.Refusal, match="keyring is missing"):
            doctor.check_keyring(keys, server.owner_url, {})
        assert not keys.exists()
        assert "RUANGAMAN_KEYRING" in doctor.check_keyring(
            keys, server.owner_url, {"RUANGAMAN_KEYRING": "{}"}
        )


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(doctor.Refusal, match=r"127\.0\.0\.1:1 does not answer") as refused:
        doctor.check_database("postgresql://owner:very-secret@127.0.0.1:1/aman")
    assert "very-secret" not in str(refused.value)


def test_a_process_that_stays_refuses_the_owners_address() -> None:
    for command in ("serve", "worker", "sealer"):
        done = run(
            command,
            RUANGAMAN_OWNER_URL="postgresql://owner@127.0.0.1:1/aman",
            RUANGAMAN_DATABASE_URL="postgresql://ruangaman_app@127.0.0.1:1/aman",
        )
        assert done.returncode == 1
        assert "must not know it" in done.stderr


def test_the_check_names_what_is_wrong_and_fails(taken: int, tmp_path: Path) -> None:
    var = tmp_path / "var"
    try:
        done = run("check", RUANGAMAN_PORT=str(taken), RUANGAMAN_VAR=str(var))
    finally:
        shutil.rmtree(cluster.outside(var.resolve()), ignore_errors=True)
    assert done.returncode == 1
    assert f"WRONG  Port {taken}" in done.stdout
    assert "PostgreSQL 18" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        *[
            [name]
            for name in ("run", "serve", "worker", "sealer", "setup", "migrate", "demo", "check", "version")
        ],
        *[[name] for name in ("backup", "restore", "manage", "db", "ledger", "keys")],
        *[["db", name] for name in ("prepare", "shell")],
        *[["ledger", name] for name in ("verify", "checkpoint")],
        *[["keys", name] for name in ("status", "rotate", "new")],
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(words: list[str]) -> None:
    from click.testing import CliRunner

    from ruangaman.config.cli import main

    told = CliRunner().invoke(main, [*words, "--help"])
    assert told.exit_code == 0
    assert len(told.output.split()) > 12


def test_the_sql_for_the_roles_can_be_had_without_a_database() -> None:
    done = run(
        "db", "prepare", "--sql", RUANGAMAN_DATABASE_URL="postgresql://ruangaman_app:one@db.example/aman"
    )
    assert done.returncode == 0, done.stderr
    for role in ("ruangaman_app", "ruangaman_worker", "ruangaman_sealer", "ruangaman_counter"):
        assert f'CREATE ROLE "{role}"' in done.stdout


def test_a_missing_address_is_named(tmp_path: Path) -> None:
    done = run("db", "prepare", "--sql")
    assert done.returncode == 1
    assert "RUANGAMAN_DATABASE_URL is not set" in done.stderr
