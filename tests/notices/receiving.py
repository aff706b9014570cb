"""Servers on this machine that take mails and messages, remember them, and misbehave as they are told."""

import asyncio
import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ruangaman.kernel import clock


class Post:
    """A mail server that keeps what it took, and may be slow to say so."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.slow_seconds = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  named by the library
        self.taken.append(message_from_bytes(envelope.content))
        await asyncio.sleep(self.slow_seconds)
        return "250 OK"


@contextlib.contextmanager
def mail_server(folder: Path) -> Iterator[tuple[Post, int, Path]]:
    """A mail server that speaks TLS on a free port of this machine, and the certificate by which it is known."""
    post, port = Post(), free_port()
    certificate = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "server.key")
    controller = Controller(post, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        yield post, port, certificate
    finally:
        controller.stop()


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that lasts a day and that nobody else knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Surel Uji")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


class Hook(BaseHTTPRequestHandler):
    """A messenger that takes a message, or does what ``server.manner`` says."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # named by the standard library
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.taken.append((dict(self.headers), body))
        time.sleep(server.slow_seconds)
        manner = server.manner
        if manner == "redirect":
            self.send_response(307)
            self.send_header("Location", server.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif manner == "drip":
            with contextlib.suppress(OSError):
                while True:  # a header line that never ends, a byte at a time
                    self.wfile.write(b"H")
                    time.sleep(0.05)
        elif manner == "flood":
            self.send_response(200)
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65536)
        elif manner == "nonsense":
            self.wfile.write(b"\x00\xff\r\n\r\nnot http at all\r\n\r\n")
            self.close_connection = True
        elif manner == "hang up":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            self.send_response(int(manner))
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Nothing is printed."""


@contextlib.contextmanager
def messenger_server(manner: str = "204") -> Iterator[Any]:
    """A messenger on a free port of this machine."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads, server.manner, server.taken, server.elsewhere = True, manner, [], ""
    server.slow_seconds = 0.0
    server.url = f"http://127.0.0.1:{server.server_port}/masuk"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def messages(server: Any) -> list[dict[str, str]]:
    """What the messenger was told, each as its JSON."""
    return [json.loads(body) for _headers, body in server.taken]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
