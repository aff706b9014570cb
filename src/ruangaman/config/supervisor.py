"""One command, several processes: starts them, starts again what dies, and ends them all in order.

Order of ending: web (no new request; those begun are answered), task worker, ledger sealer, PostgreSQL.
Should this process be killed without a chance to end them, the kernel tells each of them (see
`processes.die_with_parent`).
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType

from ruangaman.config import doctor, postgres
from ruangaman.config.cluster import PostgresTrouble
from ruangaman.config.environment import (
    OWNER_URL,
    Environment,
    address_of,
    for_owner,
    for_process,
    keys_of,
    var_of,
    with_server,
)
from ruangaman.config.processes import die_with_parent

PULSE_SECONDS = 0.1
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY_SECONDS = 60.0  # what ran this long begins again with the short wait
TRIES_BEFORE_READY = 3  # a part that can't start at all is a fault of the installation: waiting mends nothing
LOG_LIMIT_BYTES = 5_000_000
COMMAND = (sys.executable, "-m", "ruangaman.config.cli")
# Together with PostgreSQL's at most 10 seconds; each ends at once where nothing is under way.
PATIENCE = {"web": 3.5, "worker": 1.5, "sealer": 1.0}
POSTGRES_PATIENCE = 2.5


@dataclass
class Part:
    """One process under supervision."""

    name: str
    command: tuple[str, ...]
    environment: Environment = field(repr=False)
    log: Path
    patience: float = 2.0
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    began: float = 0.0
    again_at: float = 0.0
    log_from: int = 0

    def start(self) -> None:
        """This will start the process in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.log_from = log.tell()
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM, os.getpid()),
            )  # fmt: skip
        self.began = time.monotonic()

    def ended(self) -> int | None:
        """This will give the exit code of a process that has ended, None while it runs or waits to."""
        return self.process.poll() if self.process else None

    def put_off(self) -> float:
        """This will decide when an ended process starts again; each failure in a row doubles the wait (seconds)."""
        steady = time.monotonic() - self.began > STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        wait: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.failures - 1))
        self._end_group()  # what it left behind would stand in the way of the next
        self.process, self.again_at = None, time.monotonic() + wait
        return wait

    def stop(self, hurry: Callable[[], bool]) -> None:
        """This will ask the process to end, and after its patience end it and all its children."""
        if not self.process:
            return
        until = time.monotonic() + self.patience
        if self.process.poll() is None:
            self.process.terminate()
        while self.process.poll() is None and time.monotonic() < until and not hurry():
            time.sleep(0.02)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):  # the whole group is gone, as it should be
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """This will give the end of what the process wrote since its last start."""
        with self.log.open("rb") as log:
            log.seek(self.log_from)
            return "\n".join(log.read().decode(errors="replace").strip().splitlines()[-15:])


class Supervisor:
    """Keeps the parts and the database running until it is told to stop."""

    def __init__(
        self,
        parts: list[Part],
        server: postgres.Server | None = None,
        ready: Callable[[], bool] = lambda: True,
        on_ready: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda line: print(line, flush=True),
    ) -> None:
        self.parts, self.server, self.ready, self.on_ready, self.say = parts, server, ready, on_ready, say
        self.told = Event()
        self.signals = 0
        self.is_ready = False
        self.server_again_at = 0.0

    def run(self) -> int:
        """This will supervise until SIGINT, SIGTERM or SIGHUP; returns the exit code (1 where a part can't start)."""
        before = {
            sent: signal.signal(sent, self._hear) for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        code = 0
        try:
            for part in self.parts:
                part.start()
            while not self.told.is_set():
                if not self._look():
                    code = 1
                    break
                self.told.wait(PULSE_SECONDS)
        finally:
            self._stop()
            for sent, handler in before.items():
                signal.signal(sent, handler)
        return code

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1
        self.told.set()

    def _look(self) -> bool:
        self._look_after_server()
        for part in self.parts:
            code = part.ended()
            if code is not None:
                wait = part.put_off()
                if not self.is_ready and part.failures >= TRIES_BEFORE_READY:
                    self.say(f"{part.name} can't start. Its log ({part.log}) says:\n{part.last_words()}")
                    return False
                self.say(
                    f"{part.name} ended ({_what(code)}); starting it again in {wait:g} s. See {part.log}"
                )
            elif part.process is None and time.monotonic() >= part.again_at:
                part.start()
        if not self.is_ready and self.ready():
            self.is_ready = True
            self.on_ready()
        return True

    def _look_after_server(self) -> None:
        if not self.server or self.server.process.poll() is None or time.monotonic() < self.server_again_at:
            return
        self.say(f"PostgreSQL ended ({_what(self.server.process.returncode)}); starting it again.")
        try:
            self.server.revive()
        except PostgresTrouble as trouble:
            self.say(str(trouble))
            self.server_again_at = time.monotonic() + LONGEST_WAIT

    def _stop(self) -> None:
        self.say("Stopping …")
        asked = self.signals
        for part in self.parts:
            part.stop(hurry=lambda: self.signals > asked)
        if self.server:
            self.server.stop(POSTGRES_PATIENCE)
        self.say("Stopped.")


def run(env: Environment) -> int:
    """This will start everything from ``env`` and supervise it; returns the exit code.

    :raises doctor.Refusal: where something is wrong with port, disk, folder, database or keyring.
    :raises PostgresTrouble: where the embedded database can't start.
    """
    var, (host, port) = var_of(env), address_of(env)
    if env.get("RUANGAMAN_DEMO") == "1":
        env = {"RUANGAMAN_SITE_URL": _site(host, port), **env}
    doctor.check_var(var)
    doctor.check_port(host, port)
    for folder in ("log", "mail"):  # a mail may hold a link that sets a password
        (var / folder).mkdir(mode=0o700, exist_ok=True)
    server = None
    if not env.get(OWNER_URL):
        _say(f"PostgreSQL starts under {var} …")
        server = postgres.start(var)
        env = with_server(env, server)
    handed_over = False
    try:
        hints = _set_up(env)
        if hints is None:
            return 1
        parts = [
            Part("web", (*COMMAND, "serve"), for_process(env, "app"), var / "log/web.log", PATIENCE["web"]),
            Part(
                "worker",
                (*COMMAND, "worker"),
                for_process(env, "worker"),
                var / "log/worker.log",
                PATIENCE["worker"],
            ),
            Part(
                "sealer",
                (*COMMAND, "sealer"),
                for_process(env, "sealer"),
                var / "log/sealer.log",
                PATIENCE["sealer"],
            ),
        ]
        _say("Web server, task worker and ledger sealer start …")
        handed_over = True
        return Supervisor(
            parts, server, ready=lambda: _answers(host, port), on_ready=lambda: _greet(host, port, hints)
        ).run()
    except KeyboardInterrupt:
        return 130
    finally:
        if server and not handed_over:
            server.stop(POSTGRES_PATIENCE)


def _set_up(env: Environment) -> str | None:
    """This will run ``ruangaman setup`` to its end and give what it has to say at the end; None where it failed."""
    doctor.check_database(env[OWNER_URL])
    doctor.check_keyring(keys_of(env), env[OWNER_URL], env)
    _say("The database is brought up to date …")
    done = subprocess.run((*COMMAND, "setup"), env=for_owner(env), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        _say("That failed; what stands above says why. Nothing was started.")
        return None
    return done.stdout


def _answers(host: str, port: int) -> bool:
    there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  asked, not bound
    connection = http.client.HTTPConnection(there, port, timeout=2)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(host: str, port: int, hints: str) -> None:
    _say(f"\nRuang Aman: {_site(host, port)}\n")
    if hints.strip():
        _say(hints.rstrip() + "\n")
    _say("Ctrl-C stops everything; the data stay.")


def _site(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _what(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _say(line: str) -> None:
    print(line, flush=True)
