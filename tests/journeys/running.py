"""The whole product, started as `make run` starts it: web server, task worker, ledger sealer, its own PostgreSQL.

One for each test process, begun when the first journey asks for it and ended with the process.
"""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ruangaman.config import cluster
from ruangaman.config.processes import die_with_parent

PASSWORD = "aman-hanya-untuk-demo"  # printed at each start of a demonstration
START_SECONDS, STOP_SECONDS = 300, 20
SOURCE = Path(__file__).resolve().parents[2] / "src"


@dataclass
class Site:
    """A running installation with the demonstration in it."""

    url: str
    var: Path
    said: Path
    process: "subprocess.Popen[bytes]"

    @property
    def other_host(self) -> str:
        """The same site under the name that browsers allow passkeys on."""
        return self.url.replace("127.0.0.1", "localhost")

    @property
    def cluster(self) -> cluster.Cluster:
        return cluster.find(self.var)

    def rows(self, sql: Any, values: Any = ()) -> list[tuple[Any, ...]]:
        """What the database's own administrator reads or arranges, past every rule of the product."""
        with psycopg.connect(self.cluster.admin_url, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def forget_limits(self) -> None:
        """Every journey comes from one address; no limit of an earlier one may stand in its way."""
        self.rows("DELETE FROM kernel_cache")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        finally:
            if self.process.poll() is None:
                self.process.kill()
            shutil.rmtree(self.var.parent, ignore_errors=True)


@functools.cache
def shared(config: pytest.Config) -> Site:
    """The site that all tests of this process share."""
    site = start()
    config.add_cleanup(site.stop)
    return site


def start() -> Site:
    """Start an installation from nothing, and wait until it says that it is there."""
    folder = Path(tempfile.mkdtemp(prefix="ruangaman-journey-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where the tests run as root
    port, said = cluster.free_port(), folder / "said.txt"
    env = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    env |= {
        "RUANGAMAN_VAR": str(folder / "var"),
        "RUANGAMAN_DEMO": "1",
        "RUANGAMAN_PORT": str(port),
        "RUANGAMAN_SITE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(SOURCE),
        "TMPDIR": str(folder / "tmp"),
    }
    (folder / "tmp").mkdir()
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "ruangaman.config.cli", "run"],
            env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM, os.getpid()),
        )  # fmt: skip
    site = Site(f"http://127.0.0.1:{port}", folder / "var", said, process)
    until = time.monotonic() + START_SECONDS
    while "Ctrl-C" not in said.read_text():
        if process.poll() is not None or time.monotonic() > until:
            words = said.read_text()
            site.stop()
            raise RuntimeError(f"The site did not start. It said:\n{words}")
        time.sleep(0.1)
    return site
