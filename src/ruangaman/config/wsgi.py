"""From a request as granian tells it to WSGI's environment (PEP 3333)."""

import sys
from io import BytesIO
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network
FORWARDED = (
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-real-ip",
    "forwarded",
)


def environ_of(scope: Any, body: bytes, trusted: tuple[Network, ...] = ()) -> dict[str, Any]:
    """This will give WSGI's environment (PEP 3333). ``scope`` is granian's; its path is already decoded.

    A header with an underscore is dropped: it could pass for one with a hyphen. The headers by which a proxy
    tells who asked are believed from ``trusted`` networks only, and dropped otherwise.
    """
    peer, by_proxy = _peer(scope, trusted)
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "surrogateescape").decode("latin-1"),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": peer,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name or name in ("content-length", "transfer-encoding", "proxy"):
            continue
        if name in FORWARDED and not (by_proxy and name == "x-forwarded-proto"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if by_proxy and environ.get("HTTP_X_FORWARDED_PROTO") == "https":
        environ["wsgi.url_scheme"] = "https"
    return environ


def _peer(scope: Any, trusted: tuple[Network, ...]) -> tuple[str, bool]:
    peer = scope.client.rpartition(":")[0].strip("[]")
    if not _within(peer, trusted):
        return peer, False
    names = [name.strip() for name in ",".join(all_of(scope.headers, "x-forwarded-for")).split(",")]
    for name in reversed([name for name in names if name]):
        if not _is_address(name):
            break
        peer = name
        if not _within(name, trusted):
            break
    return peer, True


def all_of(headers: Any, name: str) -> list[str]:
    """This will give every value of the header ``name`` (lower case), in the order sent."""
    return [value for key, value in headers.items() if key == name]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)
