"""Asking the scanner (clamd) about a file while its pieces pass. Where there is none, the file is marked unscanned."""

import socket
from types import TracebackType

from django.conf import settings

from ruangaman.papers.states import Scan

SECONDS = 20


class Scanner:
    """One question to clamd (``INSTREAM``): pieces go in, and a verdict comes out. Whatever fails is ``UNSCANNED``."""

    def __init__(self) -> None:
        self.line: socket.socket | None = None

    def __enter__(self) -> "Scanner":
        if settings.SCANNER:
            try:
                self.line = _connect(settings.SCANNER)
                self.line.sendall(b"zINSTREAM\0")
            except (OSError, ValueError):
                self._hang_up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def feed(self, chunk: bytes) -> None:
        """This will let the scanner see the next bytes."""
        if self.line and chunk:
            try:
                self.line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            except OSError:
                self._hang_up()

    def verdict(self) -> Scan:
        """This will ask what the scanner made of all it saw."""
        if not self.line:
            return Scan.UNSCANNED
        said = b""
        try:
            self.line.sendall(b"\0\0\0\0")
            while not said.endswith(b"\0"):
                more = self.line.recv(4096)
                if not more:
                    break
                said += more
        except OSError:
            return Scan.UNSCANNED
        if said.rstrip(b"\0").endswith(b"FOUND"):
            return Scan.INFECTED
        # "INSTREAM size limit exceeded. ERROR" says nothing about the file.
        return Scan.CLEAN if said.rstrip(b"\0").endswith(b"OK") else Scan.UNSCANNED

    def _hang_up(self) -> None:
        if self.line:
            self.line.close()
        self.line = None


def _connect(address: str) -> socket.socket:
    """``/run/clamav/clamd.ctl``, or ``host:port``."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
