"""The real web server on 127.0.0.1, and plain HTTP clients for it."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.ground import Ground
from ruangaman.config.cluster import free_port

START_SECONDS = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Site:
    """A running server: its port, and the process that stands above its workers."""

    port: int
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """This will give the process ids of the workers."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):  # it ended meanwhile
                continue
            command = status.parent.joinpath("cmdline")
            if parent == self.process.pid and b"resource_tracker" not in command.read_bytes():
                found.append(int(status.parent.name))
        return found


@contextmanager
def site(where: Ground, size: int) -> Iterator[Site]:
    """This will serve the database of that size as an installation serves it: two workers behind `config.front`."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")} | {
        "RUANGAMAN_VAR": str(where.var),
        "RUANGAMAN_DEMO": "1",
        "RUANGAMAN_PROCESS": "app",
        "RUANGAMAN_DATABASE_URL": where.app_url(size),
        "RUANGAMAN_PORT": str(port),
        "RUANGAMAN_SITE_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen([sys.executable, "-m", "ruangaman.config.cli", "serve"], env=env)
    try:
        wait_for(port, process)
        yield Site(port, process)
    finally:
        process.terminate()
        process.wait(15)


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = START_SECONDS) -> float:
    """This will wait for the first 200 on ``/`` and give how long that took (seconds)."""
    began = time.perf_counter()
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            if time.perf_counter() - began > seconds:
                raise
        finally:
            connection.close()
        time.sleep(0.05)


@dataclass
class Browser:
    """A client with cookies, on one connection, that follows redirects as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    address: str = "127.0.0.1"  # it asks from; any of 127.0.0.0/8 is this machine and a caller of its own
    asked: int = 0  # requests so far, those of redirects among them

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(self.address, 0)
        )

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> bytes:
        """This will send one request, follow where it leads, and give the page.

        :raises RuntimeError: where the answer is not 200 in the end.
        """
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}) if fields is not None else None
        self.asked += 1
        self.connection.request(method, path, body, self.headers(FORM if body else {}))
        response = self.connection.getresponse()
        page = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        if response.status in (302, 303):
            return self.ask("GET", response.getheader("Location") or "/")
        if response.status != 200:
            raise RuntimeError(f"{method} {path} answered {response.status}")
        if found := TOKEN.search(page):
            self.token = found[1].decode()
        return page

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        """This will give the headers of a request, cookies and origin among them."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)
        return {"Cookie": cookies, "Origin": f"http://127.0.0.1:{self.port}", **more}
