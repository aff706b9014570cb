"""The place to which one leaves: a page of weather, served here under the name of a search engine."""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.notices.receiving import make_certificate

HOST = "www.google.com"
PAGE = "<!doctype html><html lang='id'><title>Cuaca</title><h1>Cuaca hari ini</h1></html>"


class Weather(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # named by the standard library
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Says nothing: the journeys look at what the browser shows."""


@contextmanager
def served() -> Iterator[list[str]]:
    """While it is there: the words that tell a browser where to find it, and that no other name leads anywhere."""
    with tempfile.TemporaryDirectory(prefix="ruangaman-elsewhere-") as folder:
        certificate = make_certificate(Path(folder))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, Path(folder) / "server.key")
        server = ThreadingHTTPServer(("127.0.0.1", 0), Weather)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        rules = f"MAP {HOST} 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
        try:
            yield [f"--host-resolver-rules={rules}", "--ignore-certificate-errors"]
        finally:
            server.shutdown()
            server.server_close()
