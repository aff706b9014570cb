"""Files: sealing and storing one of 200 MiB beside OpenSSL, and the memory of the web workers under uploads.

    python -m benchmarks.files

First one process alone: pieces of 256 KiB sealed in memory, then sealed and stored in a folder (each piece is on the
disk before the next), then opened; `openssl speed` for the same cipher and size in the same run. Then the real server:
eight browsers send a file of 50 MiB each at the same time, piece by piece, and each is examined and kept.
"""

import random
import struct
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import ground
from benchmarks.measure import Figures
from benchmarks.memory import resident
from benchmarks.sealing import openssl
from benchmarks.serving import FORM, Browser, Site, site

MEBIBYTE = 1_048_576
LARGE, AT_ONCE, EACH = 200 * MEBIBYTE, 8, 50 * MEBIBYTE
GROWTH = 64  # MB that a worker may be above its idle size: bodies of eight pieces, and what threads keep


def film(size: int) -> bytes:
    """This will make the boxes of an MP4 around bytes of chance."""
    head = struct.pack(">I4s8s", 16, b"ftyp", b"isom\0\0\2\0") + struct.pack(">I4s", 8, b"moov")
    rest = size - len(head)
    return head + struct.pack(">I4s", rest, b"mdat") + random.Random(1).randbytes(rest - 8)


def sealing(figures: Figures) -> None:
    """This will measure one process: sealing, storing, opening."""
    from ruangaman.kernel.fields import new_key, seal_under
    from ruangaman.kernel.ids import new_id
    from ruangaman.papers import storing

    key, paper, count = new_key(), new_id(), LARGE // storing.PIECE
    piece = random.Random(1).randbytes(storing.PIECE)
    began = time.perf_counter()
    for number in range(count):
        seal_under(key.secret, piece, f"paper|{number}")
    sealed = LARGE / (time.perf_counter() - began)
    bare = openssl(storing.PIECE)
    began = time.perf_counter()
    for number in range(count):
        storing.write_piece(paper, number, piece, key)
    stored = LARGE / (time.perf_counter() - began)
    began = time.perf_counter()
    assert sum(map(len, storing.pieces(paper, count, key))) == LARGE
    opened = LARGE / (time.perf_counter() - began)
    storing.forget(paper)
    figures.tell("openssl speed aes-256-gcm, 256 KiB", bare / 1e6, "MB/s")
    figures.tell("sealing 200 MiB in pieces, in memory", sealed / 1e6, "MB/s")
    figures.tell("sealing, share of openssl's rate", sealed / bare)
    figures.tell("sealing and storing 200 MiB, each piece on the disk", stored / 1e6, "MB/s")
    figures.tell("opening 200 MiB from the storage", opened / 1e6, "MB/s")


def upload(port: int, cookies: dict[str, str], reference: str, content: bytes) -> None:
    """This will send one file as the script of the page does.

    :raises RuntimeError: where something is not taken in.
    """
    from ruangaman.papers.storing import PIECE

    browser = Browser(port, dict(cookies))
    browser.ask("GET", f"/dokumen/{reference}/lampirkan/")
    about = {"kind": "recording", "origin": "unit", "file_name": "rekaman.mp4", "size": str(len(content))}
    begun = _send(browser, f"/unggah/mulai/{reference}/", urlencode(about).encode(), FORM)
    for number, start in enumerate(range(0, len(content), PIECE)):
        path = begun["piece_url"].replace("/0/", f"/{number}/")
        _send(browser, path, content[start : start + PIECE], {"Content-Type": "application/octet-stream"})
    _send(browser, begun["finish_url"], b"", {})


def _send(browser: Browser, path: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    import json

    browser.connection.request("POST", path, body, browser.headers({**headers, "X-CSRFToken": browser.token}))
    response = browser.connection.getresponse()
    said = response.read()
    if response.status not in (200, 201):
        raise RuntimeError(f"{path} answered {response.status}")
    told: dict[str, str] = json.loads(said)
    return told


class Highest(threading.Thread):
    """The greatest memory that a worker has had while this watched (MB)."""

    def __init__(self, served: Site) -> None:
        super().__init__(daemon=True)
        self.served, self.most, self.over = served, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            self.most = max(self.most, resident(self.served))


def uploading(figures: Figures, served: Site, cookies: dict[str, str], reference: str) -> None:
    """This will measure the workers' memory idle and under eight uploads."""
    content = film(EACH)
    upload(served.port, cookies, reference, film(MEBIBYTE))
    for _ in range(20):
        Browser(served.port).ask("GET", "/")
    idle = resident(served)
    watch = Highest(served)
    watch.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(upload, served.port, cookies, reference, content) for _ in range(AT_ONCE)]
        for job in jobs:
            job.result()
    taken = time.perf_counter() - began
    watch.over.set()
    watch.join()
    figures.tell("memory of a web worker, idle", idle, "MB")
    figures.tell(f"the most of it during {AT_ONCE} uploads of 50 MiB at once", watch.most, "MB")
    figures.tell("growth", watch.most - idle, "MB", at_most=GROWTH)
    figures.tell("all of them together, received, sealed, examined", AT_ONCE * EACH / taken / 1e6, "MB/s")


def main() -> int:
    words = arguments(__doc__, (10_000, 10_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan, figures)
        from benchmarks.acting import Desk
        from ruangaman.access.models import Dossier
        from ruangaman.access.states import Role, Stage

        sealing(figures)
        desk = Desk(where, plan, plan.person(Role.INTAKE_OFFICER))
        wanted = Dossier.objects.filter(stage=Stage.INTAKE, erased_at=None).order_by("-opened_at")
        reference = desk.doing(lambda: wanted.values_list("reference", flat=True)[0])()
        cookies = {name: morsel.value for name, morsel in desk.browser.cookies.items()}
        with site(where, plan.size) as served:
            uploading(figures, served, cookies, str(reference))
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
