"""The front door: a slow phone keeps a coroutine waiting, never a thread.

Granian hands each request to `Front` as a coroutine (RSGI). It reads the whole body there, in memory, within
limits of size and time; only then one of a few threads runs Django's WSGI handler. So a hundred phones at 4
kB/s cost some memory and no thread. Why not a second process: docs/adr/0004-slow-phones.md.

A body never touches the disk, and no address, path or value is logged here.
"""

import asyncio
import json
import logging
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_network
from typing import Any

from ruangaman.config.processes import die_with_parent
from ruangaman.config.wsgi import Network, all_of, environ_of

WORKERS = 2
THREADS = 8
UPLOADS = "/unggah/"
WHOLE = "/unggah/utuh/"  # a file with its form, from a browser without script
MACHINES = "/api/"  # as in kernel.http, which this process need not load
# What is thrown away of a refused body so that the browser, still sending, comes to read the refusal.
DISCARD_BYTES = 32 * 1_048_576
BODILESS = (204, 304)
HTML = "text/html; charset=utf-8"
WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
logger = logging.getLogger("ruangaman.front")

# Indonesian and English: no page of Django's stands behind these, so the reader's choice is not known here.
SENTENCES = {
    400: (
        "Permintaan ini tidak terbaca. Kembali ke halaman sebelumnya dan coba sekali lagi.",
        "This request can’t be read. Go back to the page before and try once more.",
    ),
    408: (
        "Sambungan terlalu lambat, jadi kirimanmu belum kami terima. Kembali ke halaman sebelumnya dan coba lagi "
        "di tempat yang sinyalnya lebih baik. Dalam bahaya, telepon 112.",
        "The connection is too slow, so we haven’t received what you sent. Go back to the page before and try again "
        "where the signal is better. In danger, call 112.",
    ),
    411: (
        "Peramban ini tidak menyebut panjang kirimannya. Coba dengan peramban lain.",
        "This browser doesn’t say how much it is sending. Try another browser.",
    ),
    413: (
        "Kiriman ini terlalu besar, jadi belum kami terima. Kembali ke halaman sebelumnya, lalu pendekkan teksnya "
        "atau kirim berkasnya satu per satu.",
        "This is too much at once, so we haven’t received it. Go back to the page before, then shorten the text or "
        "send the files one by one.",
    ),
    503: (
        "Saat ini kiriman sedang sangat banyak. Kembali ke halaman sebelumnya dan coba lagi satu menit lagi. "
        "Dalam bahaya, telepon 112.",
        "A great many people are sending right now. Go back to the page before and try again in a minute. "
        "In danger, call 112.",
    ),
}
# To a partner's application, which shows nobody a page.
TOLD_TO_MACHINES = {
    400: "Permintaan ini tidak terbaca.",
    408: "Sambungan terlalu lambat, jadi belum diterima. Kirim lagi dengan nomor yang sama.",
    411: "Sebutkan panjang kirimannya dalam Content-Length. Kiriman berpotong-potong (chunked) tidak diterima.",
    413: "Terlalu besar, jadi belum diterima.",
    503: "Saat ini kiriman sedang sangat banyak. Kirim lagi satu menit lagi dengan nomor yang sama.",
}


@dataclass(frozen=True)
class Limits:
    """How much a body may be and how slowly it may come. Bytes and seconds."""

    body: int = 1_048_576
    piece: int = 262_144 + 8_192  # a piece of an upload, and the form around it
    whole: int = 8 * 1_048_576 + 65_536  # a small file, and the form around it
    held: int = 64 * 1_048_576  # bodies half received, all together, in one worker
    grace: float = 20.0
    bytes_a_second: float = 1000.0
    total: float = 120.0

    def for_path(self, path: str) -> int:
        """This will give the greatest body that ``path`` takes."""
        if path.startswith(WHOLE):
            return self.whole
        return self.piece if path.startswith(UPLOADS) else self.body

    def seconds_for(self, received: int) -> float:
        """This will give the age at which a body is too slow, if no more than ``received`` has come by then."""
        return min(self.total, max(self.grace, received / self.bytes_a_second))


class Refused(Exception):
    """This request is answered without Django."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ClientLeft(Exception):
    """The connection ended before the body was whole: what came is thrown away."""


@dataclass(eq=False)
class Body:
    """A body half received."""

    parts: list[bytes] = field(default_factory=list)
    received: int = 0
    put_out: bool = False


class Front:
    """An RSGI application that reads the body patiently and runs a WSGI application in threads."""

    def __init__(
        self,
        application: WsgiApplication,
        limits: Limits | None = None,
        trusted: Iterable[Network] = (),
        threads: int = THREADS,
    ) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.trusted = tuple(trusted)
        self.waiting: set[Body] = set()
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        parent = multiprocessing.parent_process()
        if parent and parent.pid:
            die_with_parent(signal.SIGTERM, parent.pid)()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.pool.shutdown(wait=True)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        try:
            body = await self.read(scope, protocol)
        except Refused as refused:
            refuse(protocol, refused.status, to_machine=scope.path.startswith(MACHINES))
            return
        except ClientLeft:
            protocol.response_empty(400, [])
            return
        environ = environ_of(scope, body, self.trusted)
        loop = asyncio.get_running_loop()
        # An empty context for each request: no ticket or language of the thread's last request is left in it.
        # The work is finished even where the client has gone: what it asked for may be half written.
        await loop.run_in_executor(self.pool, Context().run, run, self.application, environ, protocol)

    async def read(self, scope: Any, protocol: Any) -> bytes:
        """This will give the whole body.

        :raises Refused: where it is too large, too slow, of unknown length, or memory is short.
        :raises ClientLeft: where the connection ended before.
        """
        announced = announced_bytes(scope.headers)
        if not announced:
            return b""
        chunks = protocol.__aiter__()
        if announced > self.limits.for_path(scope.path):
            await self._discard(chunks)
            raise Refused(413)
        body = Body()
        self.waiting.add(body)
        try:
            await self._fill(body, announced, chunks)
            if body.put_out:
                raise Refused(503)
            return b"".join(body.parts)
        finally:
            self.waiting.discard(body)

    async def _fill(self, body: Body, announced: int, chunks: Any) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        while body.received < announced and not body.put_out:
            chunk = await _next(chunks, began + self.limits.seconds_for(body.received) - clock())
            if body.put_out:
                return
            body.parts.append(chunk)
            body.received += len(chunk)
            self._make_room()
        if body.received > announced:
            raise Refused(400)

    def _make_room(self) -> None:
        """This will put out the largest of the unfinished bodies until the rest fit: forms are small and survive."""
        while sum(body.received for body in self.waiting) > self.limits.held:
            largest = max(self.waiting, key=lambda body: body.received)
            largest.put_out = True
            largest.parts.clear()
            self.waiting.discard(largest)

    async def _discard(self, chunks: Any) -> None:
        clock = asyncio.get_running_loop().time
        began, received = clock(), 0
        try:
            while received < DISCARD_BYTES:
                received += len(await _next(chunks, began + self.limits.seconds_for(received) - clock()))
        except (ClientLeft, Refused):
            return


class Answer:
    """What the WSGI application says. Gathered by one thread of the pool and sent in one go.

    A streamed answer too: granian takes pieces as fast as they come and keeps them until the phone has them,
    so that sending piece by piece saves no memory, and one that breaks off would look whole to the browser.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        """This will take status and headers (WSGI's ``start_response``)."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower(), value) for name, value in headers if name.lower() != "connection"]
        return self.written.append

    def send(self, protocol: Any, head: bool) -> None:
        """This will send what was gathered."""
        if head or self.status in BODILESS:
            protocol.response_empty(self.status, self.headers)
        else:
            protocol.response_bytes(self.status, self.headers, b"".join(self.written))


def run(application: WsgiApplication, environ: dict[str, Any], protocol: Any) -> None:
    """This will run the application and send what it answers; an error becomes an empty page of status 500."""
    answer = Answer()
    head = environ["REQUEST_METHOD"] == "HEAD"
    try:
        result = application(environ, answer.start)
        try:
            if not head:
                answer.written.extend(result)
        finally:
            close = getattr(result, "close", None)
            if close:
                close()
        answer.send(protocol, head)
    except Exception as error:
        _tell(error)
        protocol.response_empty(500, [("cache-control", "no-store")])


def announced_bytes(headers: Any) -> int:
    """This will give the length that a request says its body has.

    :raises Refused: where it says none but sends one (what was cut off could not be told from what is whole), or
        says nonsense.
    """
    if all_of(headers, "transfer-encoding"):
        raise Refused(411)
    lengths = set(all_of(headers, "content-length"))
    if not lengths:
        return 0
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()):
        raise Refused(400)
    return int(length)


def refuse(protocol: Any, status: int, *, to_machine: bool = False) -> None:
    """This will answer with one plain sentence; to a program as a problem in JSON (RFC 9457)."""
    kind, text = ("application/problem+json", problem(status)) if to_machine else (HTML, page(status))
    headers = [
        ("content-type", kind),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("connection", "close"),
    ]
    if status == 503:
        headers.append(("retry-after", "60"))
    protocol.response_bytes(status, headers, text.encode())


def page(status: int) -> str:
    """This will write the page of a refusal. The title stays neutral: someone may look over her shoulder."""
    indonesian, english = SENTENCES[status]
    return (
        '<!doctype html><html lang="id"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>Belum terkirim</title><p>{indonesian}</p><p lang="en">{english}</p></html>'
    )


def problem(status: int) -> str:
    """This will write a refusal for a program."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return json.dumps({**told, "detail": TOLD_TO_MACHINES[status]})


async def _next(chunks: Any, seconds: float) -> bytes:
    if seconds <= 0:
        raise Refused(408)
    try:
        chunk: bytes = await asyncio.wait_for(chunks.__anext__(), seconds)
    except TimeoutError:
        raise Refused(408) from None
    except StopAsyncIteration:
        raise ClientLeft from None
    return chunk


def _tell(error: Exception) -> None:
    # Where, and of what kind: the message of an exception may quote what someone wrote.
    where = "; ".join(f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-3:])
    logger.error("%s at %s", type(error).__name__, where)


def make() -> Front:
    """This will make the door to Django, once in each worker process."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    limits = Limits(body=getattr(settings, "MAX_BODY", Limits.body))
    proxies = os.environ.get("RUANGAMAN_TRUSTED_PROXY", "").replace(",", " ").split()
    return Front(application, limits, [ip_network(proxy) for proxy in proxies])


def serve(host: str, port: int, target: str = "ruangaman.config.front:make", workers: int = WORKERS) -> None:
    """This will serve until SIGTERM or SIGINT: then no new request is taken, and those begun are answered."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        websockets=False,
        factory=True,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=4,
        http1_settings=HTTP1Settings(header_read_timeout=20_000, max_buffer_size=65_536),
    ).serve()
