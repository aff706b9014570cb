"""Where django-allauth meets our rules: nobody signs up alone, secrets are sealed, sign-ins stand in the ledger."""

import base64
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ruangaman.access.context import pages_of
from ruangaman.access.models import User
from ruangaman.access.queries import home_of, viewer_of
from ruangaman.access.sessions import DEVICE_KEY
from ruangaman.access.states import SIGNING_IN
from ruangaman.kernel import clock, keyring, limits, tickets
from ruangaman.kernel.fields import open_under, seal_under
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb

BROWSERS = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


def device_name(agent: str) -> str:
    """This will name a browser so that its owner recognises it (``Chrome · Android``), and no closer than that."""
    browser = next((b for b in BROWSERS if b in agent), "")
    system = next((s for s in SYSTEMS if s in agent), "")
    return " · ".join(part for part in (NAMES.get(browser, browser), system) if part)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; sign-ins and failures are recorded; addresses are never kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Rate limits count a keyed pseudonym of the address (security.md 7)."""
        return limits.caller(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        now = clock.now()
        request.session[DEVICE_KEY] = device_name(request.headers.get("User-Agent", ""))
        with tickets.carry(tickets.sign(purpose="staff", person=user.pk, at=now)), transaction.atomic():
            record(Verb.SIGNED_IN, at=now, by=user.pk, unit=home_of(user.pk, now))
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page of the menu that this person has: an administrator has no list of reports."""
        now, user = clock.now(), cast(User, request.user)
        with tickets.carry(tickets.sign(purpose="staff", person=user.pk, at=now)), transaction.atomic():
            return pages_of(viewer_of(user, now))[0][1]

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            _record_own(Verb.SIGNED_OUT, request.user)
        super().logout(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Changed by its owner, or set by a link: both come through here.

        The database lets an account be changed by its owner only: whoever holds the link or the old password.
        """
        now = clock.now()
        ticket = tickets.sign(purpose=SIGNING_IN, person=user.pk, at=now)
        with tickets.carry(ticket), transaction.atomic():
            super().set_password(user, password)
            record(Verb.PASSWORD_CHANGED, at=now, by=user.pk, unit=home_of(user.pk, now))

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *args: Any, **kwargs: Any
    ) -> None:
        """The library comes here after each change of a second factor. The mails themselves are switched off."""
        if template_prefix.startswith("mfa/"):
            _record_own(Verb.FACTOR_CHANGED, user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _record_failure(User.objects.filter(email__iexact=str(credentials.get("email", ""))).first())
        super().authentication_failed(request, **credentials)


def _record_own(verb: Verb, user: AbstractBaseUser) -> None:
    now = clock.now()
    # A ticket of its own: who sets a password by a link has not signed in, and an entry needs its actor's ticket.
    with tickets.carry(tickets.sign(purpose="staff", person=user.pk, at=now)), transaction.atomic():
        record(verb, at=now, by=user.pk, unit=home_of(user.pk, now))


def _record_failure(account: User | None) -> None:
    """In nobody's name, because nobody has shown who they are; about the account, where there is one."""
    now, unit = clock.now(), None
    if account:
        with tickets.carry(tickets.sign(purpose=SIGNING_IN, person=account.pk, at=now)), transaction.atomic():
            unit = home_of(account.pk, now)
    with tickets.carry(""), transaction.atomic():
        objects = [account.pk] if account else []
        record(Verb.SIGN_IN_FAILED, at=now, kind=ActorKind.SYSTEM, unit=unit, objects=objects)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The library's own hooks give their input back unchanged; these seal it. Failures are recorded."""

    def validation_error(self, code: str, *args: Any) -> Any:
        """A wrong code or passkey at the door is a failed sign-in; a slip while setting one up is none."""
        match = self.request.resolver_match
        if code == "incorrect_code" and match and match.url_name != "mfa_activate_totp":
            _record_failure(self._account())
        return super().validation_error(code, *args)

    def _account(self) -> User | None:
        if self.request.user.is_authenticated:
            return cast(User, self.request.user)
        begun = self.request.session.get(LOGIN_SESSION_KEY) or {}
        person = begun.get("user_pk") and url_str_to_user_pk(begun["user_pk"])
        return User.objects.filter(id=person).first() if person else None

    def encrypt(self, text: str) -> str:
        sealed = seal_under(keyring.current().derived("second factor"), text.encode(), "authenticator")
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return open_under(keyring.current().derived("second factor"), sealed, "authenticator").decode()
