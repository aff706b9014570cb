"""Sessions whose key is kept as a hash and whose data is sealed under that key: a dump signs nobody in."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from ruangaman.access.models import Session
from ruangaman.kernel import clock, keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import open_under, seal_under

USER_KEY = "_auth_user_id"
DEVICE_KEY = "device"


def hashed(session_key: str) -> bytes:
    """This will give the name a session goes by in the database (32 bytes)."""
    return hashlib.sha256(b"session|" + session_key.encode()).digest()


def sealing_key(session_key: str) -> bytes:
    """This will give the key of one session's data: from the cookie and the keyring, so neither alone opens it."""
    pepper = keyring.current().derived("sessions")
    return hashlib.sha256(pepper + session_key.encode()).digest()


class SessionStore(SessionBase):
    """Django's session interface on ``access_session``."""

    def load(self) -> dict[str, Any]:
        key = self.session_key
        row = (
            Session.objects.filter(key_hash=hashed(key), expires_at__gt=clock.now()).first() if key else None
        )
        if row is None or key is None:
            self._session_key = None
            return {}
        try:
            text = open_under(sealing_key(key), bytes(row.data or b""), "session")
        except Unreadable:
            self._session_key = None
            return {}
        return dict(signing.JSONSerializer().loads(text))

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hashed(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs lack it
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # likewise
        sealed = seal_under(sealing_key(self.session_key), signing.JSONSerializer().dumps(data), "session")
        now, person = clock.now(), data.get(USER_KEY) or None
        values = {
            "data": sealed,
            "user_id": person,
            "device": str(data.get(DEVICE_KEY, ""))[:60],
            # Signing in first makes the session and then writes who it is, so the first save with a person counts.
            "signed_in_at": (now if must_create else Coalesce("signed_in_at", Value(now)))
            if person
            else None,
            "seen_on": now.date(),
            "expires_at": now + timedelta(seconds=self.get_expiry_age()),
        }
        name = hashed(self.session_key)
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(key_hash=name, **values)
            except IntegrityError:
                raise CreateError from None
            return None
        if not Session.objects.filter(key_hash=name).update(**values):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=clock.now()).delete()


def token(text: bytes) -> str:
    """This will write a session's hash so that it can stand in a form."""
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
