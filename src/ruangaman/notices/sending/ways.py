"""The two ways out. Both say that something waits: no kind, no reference, no name, nothing that a lock screen tells."""

import asyncio
import hashlib
import hmac
import json
import logging
import smtplib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

import httpx
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import open_under, seal_under
from ruangaman.notices.policies import check_webhook
from ruangaman.notices.states import Outcome

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10.0
# These refuse one recipient or one message; any other trouble is the server's.
ONE_RECIPIENT = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where one person's mail goes."""

    address: str
    language: str

    @property
    def server(self) -> str:
        return "mail"


@dataclass(frozen=True, slots=True)
class Hook:
    """Where one person's messages go: their organisation's own messenger."""

    organisation: UUID
    url: str
    to: str
    language: str
    sealed: bytes = field(repr=False)

    @property
    def server(self) -> str:
        return str(self.organisation)


def text(language: str) -> str:
    """This will give the whole text of a notice outside the application."""
    with translation.override(language):
        return _("Ada yang menunggu. Masuk ke sistem untuk melihatnya.")


def send(way: Mailbox | Hook, *, name: UUID, at: datetime) -> Outcome:
    """This will try once. ``name`` is the same for every copy of one message; a receiver knows copies by it."""
    return mail(way, name) if isinstance(way, Mailbox) else asyncio.run(post(way, name, at))


def mail(way: Mailbox, name: UUID) -> Outcome:
    """This will hand one mail to the mail server."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        settings.SITE_TITLE,
        text(way.language),
        None,
        [way.address],
        headers={"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=TIMEOUT_SECONDS),
    )
    try:
        message.send()
    except (*ONE_RECIPIENT, ValueError) as error:  # ValueError: an address that can't be written on a mail
        return _failed("mail", error, Outcome.REFUSED)
    except OSError as error:  # the network, and all else that smtplib raises
        return _failed("mail", error, Outcome.DOWN)
    return Outcome.SENT


async def post(way: Hook, name: UUID, at: datetime) -> Outcome:
    """This will hand one message to an organisation's messenger and read nothing of its answer but the status.

    Body: JSON ``{"id", "to", "text"}``. ``X-Signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">``.
    No redirect is followed: it would carry the signed message to an address that nobody set.
    """
    body = json.dumps({"id": str(name), "to": way.to, "text": text(way.language)}).encode()
    try:
        check_webhook(way.url, demo=settings.DEMO)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(name),
            "X-Signature": sign(open_secret(way.organisation, way.sealed), body, int(at.timestamp())),
        }
        # Each read has a time limit in httpx; one that drips a byte at a time needs a limit for the whole.
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client,
            client.stream("POST", way.url, content=body, headers=headers) as answer,
        ):
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, Refused, Unreadable) as error:
        return _failed("messenger", error, Outcome.DOWN)  # TimeoutError is an OSError
    if 200 <= status < 300:
        return Outcome.SENT
    logger.warning("a notice could not be sent: messenger, status %d", status)
    return Outcome.REFUSED if 400 <= status < 500 else Outcome.DOWN


def sign(secret: bytes, body: bytes, seconds: int) -> str:
    """This will give the header that proves who sent ``body``, and when: an old message can't be played again."""
    mac = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={mac}"


def seal_secret(organisation: UUID, secret: bytes) -> bytes:
    """This will seal the secret that an organisation's messages are signed with."""
    return seal_under(keyring.current().derived("messenger"), secret, f"messenger|{organisation}")


def open_secret(organisation: UUID, sealed: bytes) -> bytes:
    """This will open it again.

    :raises Unreadable: where it was altered or is another organisation's.
    """
    return open_under(keyring.current().derived("messenger"), sealed, f"messenger|{organisation}")


def _failed(channel: str, error: Exception, outcome: Outcome) -> Outcome:
    # The kind of the error only: what it says may quote an address.
    logger.warning("a notice could not be sent: %s, %s", channel, type(error).__name__)
    return outcome
