"""How long `make run` takes from nothing, how long the second time, and how heavy the first public page is.

    python -m benchmarks.start

A fresh clone of this repository in a folder of its own, with the package cache of this machine as it is; measured
until the first 200 on `/`. The page's weight is the bodies of the HTML and of all it loads, as sent (compressed).
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from benchmarks.measure import Figures, processor_seconds
from benchmarks.serving import wait_for
from ruangaman.config.cluster import free_port, outside

HERE = Path(__file__).resolve().parent.parent
FIRST, SECOND, HEAVIEST = 240, 8, 60
PATIENCE = 900.0
IN_CSS = re.compile(r"url\(['\"]?([^'\")]+)")


class Loaded(HTMLParser):
    """Gathers what a browser loads with a page: styles, scripts, icons, pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        kinds = (has.get("rel") or "").split()
        wanted = has.get("src") if tag in ("script", "img", "source", "iframe") else None
        if tag == "link" and {"stylesheet", "icon", "preload", "manifest", "modulepreload"} & set(kinds):
            wanted = has.get("href")
        if wanted:
            self.links.append(wanted)


def weigh(port: int) -> dict[str, int]:
    """This will give each address that the first page loads, and its bytes as sent."""
    found: dict[str, int] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        sent, kind = fetch(port, path, "gzip, br")
        found[path] = len(sent)
        plain = (
            fetch(port, path, "identity")[0].decode(errors="replace")
            if "html" in kind or "css" in kind
            else ""
        )
        parser = Loaded()
        if "html" in kind:
            parser.feed(plain)
        links = parser.links if "html" in kind else IN_CSS.findall(plain)
        # A font of a style sheet is counted too, though a browser loads only those it needs.
        waiting += [urlsplit(urljoin(path, link)).path for link in links if not link.startswith("data:")]
    return found


def fetch(port: int, path: str, encoding: str) -> tuple[bytes, str]:
    """This will get one address: (the body as sent, its type)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return body, response.getheader("Content-Type") or ""


@contextmanager
def running(folder: Path, port: int) -> Iterator[float]:
    """This will run `make run` there and give the seconds to the first 200 on `/`; Ctrl-C ends it."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "USER", "XDG_CACHE_HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR")
    named = ("PIP_", "UV_", "HTTP", "http", "SSL", "NO_PROXY", "no_proxy")
    env = {k: v for k, v in os.environ.items() if k in kept or k.startswith(named)} | {
        "RUANGAMAN_PORT": str(port)
    }
    with (folder / "run.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=env,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield wait_for(port, process, PATIENCE)
        except BaseException:
            print((folder / "run.log").read_text(errors="replace")[-3000:], file=sys.stderr)
            raise
        finally:
            if process.poll() is None:  # its group is its own: what a terminal's Ctrl-C would reach
                os.killpg(process.pid, signal.SIGINT)
            process.wait(60)


def main() -> int:
    figures = Figures()
    folder = Path(tempfile.mkdtemp(prefix="ruangaman-start-"))
    folder.chmod(0o755)  # the database's own user has to enter it
    clone, port = folder / "clone", free_port()
    try:
        subprocess.run(["git", "clone", "--quiet", str(HERE), str(clone)], check=True)
        with running(clone, port) as seconds:
            figures.tell("make run from nothing, warm package cache", seconds, "s", at_most=FIRST)
            weights = weigh(port)
        time.sleep(1)
        used = processor_seconds()
        with running(clone, port) as seconds:
            figures.tell("make run, second start", seconds, "s", at_most=SECOND)
        used = processor_seconds() - used
        figures.tell("make run, second start and its end, processor time of all its processes", used, "s")
        figures.tell("first public page, HTML alone", weights["/"] / 1024, "KB")
        figures.tell("first public page, requests", len(weights))
        figures.tell(
            "first public page with all it loads", sum(weights.values()) / 1024, "KB", at_most=HEAVIEST
        )
    finally:
        shutil.rmtree(outside(clone / "var"), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
