"""Counting attempts without knowing who made them."""

import hashlib
import hmac
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.http import HttpRequest

from ruangaman.kernel import keyring


def pseudonym(name: str) -> str:
    """This will give a keyed name that can be counted and not be turned back into what it stands for."""
    return hmac.new(keyring.current().derived("limits"), name.encode(), hashlib.sha256).hexdigest()[:32]


class KeyedDatabaseCache(DatabaseCache):
    """A shared cache whose keys never show: addresses and names in them are hashed under a key first."""

    def make_key(self, key: Any, version: int | None = None) -> str:
        return pseudonym(f"{version or 1}|{key}")

    def validate_key(self, key: str) -> None:
        """Every key is a hash of ours, so it always fits."""


def caller(request: HttpRequest) -> str:
    """This will give the pseudonym of the network address a request came from; the address itself is not kept."""
    return pseudonym(f"address|{request.META.get('REMOTE_ADDR', '')}")


def allow(what: str, who: str, *, most: int, seconds: int) -> bool:
    """This will count one attempt, and say whether there were at most ``most`` in about ``seconds``; it never waits."""
    key = f"limit|{what}|{who}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # it expired between the two lines
        cache.set(key, 1, seconds)
        return True
