"""Counting attempts without knowing who made them."""

import hashlib
import hmac
import json
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.http import HttpRequest

from ruangaman.kernel import keyring

ENDS = "statement_timestamp() + make_interval(secs => %s)"
IPV6_PREFIX = 64  # what one household or phone is given: whoever changes within it is the same caller


def pseudonym(name: str) -> str:
    """This will give a keyed name that can be counted and not be turned back into what it stands for."""
    return hmac.new(keyring.current().derived("limits"), name.encode(), hashlib.sha256).hexdigest()[:32]


class KeyedDatabaseCache(BaseCache):
    """A shared cache whose keys never show: addresses and names in them are hashed under a key first.

    Values are JSON. Django's own database cache pickles them, and a pickled value runs code when it is read: SQL that
    slips in could write one, and would own the web process and its keyring.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def make_key(self, key: Any, version: int | None = None) -> str:
        return pseudonym(f"{version or 1}|{key}")

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        rows = self._run(
            "SELECT value FROM kernel_cache WHERE cache_key = %s AND expires > statement_timestamp()",
            [self.make_key(key, version)],
        )
        return json.loads(rows[0][0]) if rows else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(
            f"INSERT INTO kernel_cache (cache_key, value, expires) VALUES (%s, %s, {ENDS}) "
            "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires",
            [self.make_key(key, version), json.dumps(value), self._seconds(timeout)],
        )

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(
            self._run(
                f"INSERT INTO kernel_cache (cache_key, value, expires) VALUES (%s, %s, {ENDS}) "
                "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires "
                "WHERE kernel_cache.expires <= statement_timestamp() RETURNING 1",
                [self.make_key(key, version), json.dumps(value), self._seconds(timeout)],
            )
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(
            self._run(
                f"UPDATE kernel_cache SET expires = {ENDS} WHERE cache_key = %s "
                "AND expires > statement_timestamp() RETURNING 1",
                [self._seconds(timeout), self.make_key(key, version)],
            )
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(
            self._run(
                "DELETE FROM kernel_cache WHERE cache_key = %s RETURNING 1", [self.make_key(key, version)]
            )
        )

    def clear(self) -> None:
        self._run("DELETE FROM kernel_cache RETURNING 1", [])

    def _seconds(self, timeout: Any) -> float:
        # Nothing is kept longer than policy/data.yaml says, so "for ever" is not to be had here.
        return float(timeout if isinstance(timeout, int | float) else self.default_timeout or 0)

    @staticmethod
    def _run(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []


def caller(request: HttpRequest) -> str:
    """This will give the pseudonym of the network address a request came from; the address itself is not kept."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        if isinstance(ip_address(address), IPv6Address):
            address = str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
    except ValueError:  # a socket has no address: one caller as well
        address = ""
    return pseudonym(f"address|{address}")


COUNT = """
INSERT INTO kernel_cache AS c (cache_key, value, expires)
VALUES (%s, '1', statement_timestamp() + make_interval(secs => %s))
ON CONFLICT (cache_key) DO UPDATE SET
    value = CASE WHEN c.expires <= statement_timestamp() THEN '1' ELSE (c.value::integer + 1)::text END,
    expires = CASE WHEN c.expires <= statement_timestamp() THEN excluded.expires ELSE c.expires END
RETURNING value::integer
"""


def allow(what: str, who: str, *, most: int, seconds: int) -> bool:
    """This will count one attempt, and say whether there were at most ``most`` in ``seconds`` since the first.

    It never waits. One statement counts, so that attempts at the same moment are all counted; and the time runs from
    the first attempt, so that trying again does not make it longer.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [pseudonym(f"limit|{what}|{who}"), seconds])
        return bool(cursor.fetchone()[0] <= most)
