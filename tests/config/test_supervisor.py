"""The supervisor over small real processes, which it starts, watches and ends."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ruangaman.config import cluster
from ruangaman.config.environment import for_process
from ruangaman.config.processes import is_alive

HERE = Path(__file__).parent

# Each writes its number into <name>.pid; what it is told by SIGTERM it writes into <name>.ended.
STEADY = """
import os, pathlib, signal, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def end(*_):
    (folder / (name + ".ended")).write_text(str(time.monotonic_ns()))
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
(folder / (name + ".pid")).write_text(str(os.getpid()))
while True: time.sleep(0.05)
"""
STUBBORN = STEADY.replace("signal.SIGTERM, end", "signal.SIGTERM, signal.SIG_IGN")
# It has a child of its own, as the web server has its workers.
PARENT = STEADY.replace(
    "import os,", 'import subprocess; child = subprocess.Popen(["sleep", "300"])\nimport os,'
).replace("str(os.getpid())", 'str(os.getpid()) + " " + str(child.pid)')
BROKEN = "print('the settings are wrong'); raise SystemExit(3)"


class Watched:
    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self.folder, self.process = folder, process
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as told:
            for line in told:
                self.lines.append(line.rstrip())

    def hears(self, words: str, times: int = 1, seconds: float = 15) -> str:
        until = time.monotonic() + seconds
        while True:
            found = [line for line in self.lines if words in line]
            if len(found) >= times:
                return found[-1]
            assert time.monotonic() < until, f"never said {words!r}: {self.lines}"
            time.sleep(0.02)

    def pids(self, name: str, other_than: tuple[int, ...] = ()) -> tuple[int, ...]:
        until = time.monotonic() + 10
        while True:
            path = self.folder / f"{name}.pid"
            found = tuple(int(pid) for pid in path.read_text().split()) if path.exists() else ()
            if found and found != other_than:
                return found
            assert time.monotonic() < until, f"{name} did not start"
            time.sleep(0.02)

    def ends(self, seconds: float = 12) -> int:
        code = self.process.wait(seconds)
        self.reader.join()
        return code


@contextmanager
def supervised(folder: Path, **plan: object) -> Iterator[Watched]:
    (folder / "plan.json").write_text(json.dumps(plan))
    process = subprocess.Popen(
        [sys.executable, str(HERE / "supervised.py"), str(folder)], stdout=subprocess.PIPE, text=True
    )
    watched = Watched(folder, process)
    try:
        yield watched
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(12)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        watched.reader.join()


def gone(*pids: int, seconds: float = 8) -> bool:
    until = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_what_dies_is_started_again_and_it_says_so(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": STEADY}) as watched:
        watched.hears("ready")
        first = watched.pids("web")
        os.kill(first[0], signal.SIGKILL)
        assert "signal SIGKILL" in watched.hears("web ended")
        second = watched.pids("web", other_than=first)
        assert is_alive(second[0])


def test_each_failure_in_a_row_doubles_the_wait(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": BROKEN}) as watched:
        watched.hears("web ended", times=3)
    waits = [line.split("again in ")[1].split()[0] for line in watched.lines if "web ended" in line]
    assert waits[:3] == ["0.5", "1", "2"]


def test_a_part_that_cannot_start_ends_everything_with_its_last_words(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"worker": STEADY, "web": BROKEN}, never_ready=True) as watched:
        assert watched.ends() == 1
    assert any("web can't start" in line for line in watched.lines)
    assert "the settings are wrong" in watched.lines
    assert gone(*watched.pids("worker"))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_ends_in_order_when_told_to(tmp_path: Path, sent: signal.Signals) -> None:
    with supervised(tmp_path, parts={"web": STEADY, "worker": STEADY, "sealer": STEADY}) as watched:
        pids = [pid for name in ("web", "worker", "sealer") for pid in watched.pids(name)]
        watched.hears("ready")
        watched.process.send_signal(sent)
        assert watched.ends() == 0
        assert gone(*pids, seconds=0.5)
    ended = [int((tmp_path / f"{name}.ended").read_text()) for name in ("web", "worker", "sealer")]
    assert ended == sorted(ended)


def test_a_stubborn_process_is_given_its_time_and_no_more(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": STUBBORN, "sealer": STEADY}, patience=1.0) as watched:
        pids = watched.pids("web") + watched.pids("sealer")
        watched.hears("ready")
        began = time.monotonic()
        watched.process.terminate()
        assert watched.ends() == 0
        assert 0.9 < time.monotonic() - began < 4
        assert gone(*pids, seconds=0.5)


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": STUBBORN}, patience=9.0) as watched:
        watched.pids("web")
        watched.hears("ready")
        began = time.monotonic()
        watched.process.send_signal(signal.SIGINT)
        watched.hears("Stopping")
        time.sleep(0.2)
        watched.process.send_signal(signal.SIGINT)
        watched.ends()
        assert time.monotonic() - began < 4


def test_children_of_a_part_end_with_it(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": PARENT}) as watched:
        pids = watched.pids("web")
        watched.hears("ready")
        watched.process.terminate()
        watched.ends()
        assert len(pids) == 2
        assert gone(*pids, seconds=0.5)


def test_children_of_a_part_that_died_are_not_left_in_the_way_of_the_next(tmp_path: Path) -> None:
    with supervised(tmp_path, parts={"web": PARENT}) as watched:
        watched.hears("ready")
        web, child = watched.pids("web")
        os.kill(web, signal.SIGKILL)
        watched.hears("web ended")
        assert gone(child)


def test_nobody_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    try:
        with supervised(tmp_path, parts={"web": STEADY, "worker": STEADY}, postgres=True) as watched:
            server = int(watched.hears("server ").split()[1])
            pids = (server, *watched.pids("web"), *watched.pids("worker"))
            watched.process.kill()
            watched.process.wait()
            assert gone(*pids)
    finally:
        forget(tmp_path)


def test_a_database_that_dies_is_started_again_at_its_address(tmp_path: Path) -> None:
    try:
        with supervised(tmp_path, parts={"web": STEADY}, postgres=True) as watched:
            _word, pid, url = watched.hears("server ").split()
            watched.hears("ready")
            os.kill(int(pid), signal.SIGKILL)
            watched.hears("PostgreSQL ended (signal SIGKILL); starting it again.")
            until = time.monotonic() + 10
            while True:
                try:
                    psycopg.connect(url, connect_timeout=2).close()
                    break
                except psycopg.OperationalError:
                    assert time.monotonic() < until
                    time.sleep(0.1)
            watched.process.terminate()
            assert watched.ends() == 0
    finally:
        forget(tmp_path)


def forget(folder: Path) -> None:
    import shutil

    shutil.rmtree(cluster.outside((folder / "var").resolve()), ignore_errors=True)


def test_a_process_that_stays_is_told_its_own_address_alone() -> None:
    env = {
        "PATH": "/bin",
        "RUANGAMAN_OWNER_URL": "postgresql://owner:secret@db/aman",
        "RUANGAMAN_DATABASE_URL": "postgresql://ruangaman_app:one@db/aman",
        "RUANGAMAN_WORKER_URL": "postgresql://ruangaman_worker:two@db/aman",
        "RUANGAMAN_SEALER_URL": "postgresql://ruangaman_sealer:three@db/aman",
        "RUANGAMAN_COUNTER_URL": "postgresql://ruangaman_counter:four@db/aman",
    }
    # The web counts as well, with the rights of the counter (ADR-0010).
    passwords = {"app": ("one", "four"), "worker": ("two",), "sealer": ("three",)}
    for process, (password, *also) in passwords.items():
        given = for_process(env, process)
        assert given["RUANGAMAN_PROCESS"] == process
        assert f"ruangaman_{process}:{password}@" in given["RUANGAMAN_DATABASE_URL"]
        told = " ".join(given.values())
        for other in {"secret", "one", "two", "three", "four"} - {password, *also}:
            assert f":{other}@" not in told
