"""A small world for tests: organisations, people, reports, all made up."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connections, transaction
from django.test import Client

from ruangaman.access.matrix import cells
from ruangaman.access.models import Dossier, Membership, Organisation, User
from ruangaman.access.queries import Viewer, viewer_of
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.intake import actions
from ruangaman.intake.states import Channel, Proof
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.codes import Code, new_code
from ruangaman.kernel.ids import new_id

PASSWORD = "kata-sandi-uji-panjang"


@dataclass(frozen=True)
class Filed:
    """A report that was filed, and the code its reporter holds."""

    dossier: Dossier
    code: Code

    @property
    def reference(self) -> str:
        return self.dossier.reference


class World:
    """Organisations and people, made by the owner; reports, made through the product's own doors."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.rng = random.Random(7)
        self.unit = self.organisation(OrganisationKind.UNIT, "Unit Uji", "31")
        self.other = self.organisation(OrganisationKind.UNIT, "Unit Lain", "32.76")
        self.hospital = self.organisation(OrganisationKind.PARTNER, "RS Uji", "31")
        self._made: dict[tuple[str, str], User] = {}

    def organisation(
        self, kind: str, name: str, place: str, parent: Organisation | None = None
    ) -> Organisation:
        return Organisation.objects.using("owner").create(kind=kind, name=name, place_id=place, parent=parent)

    def person(self, role: str, organisation: Organisation | None = None, tag: str = "") -> User:
        """Somebody with that role, the same one each time."""
        where = organisation or (self.hospital if role == Role.PARTNER_OFFICER else self.unit)
        key = (role + tag, where.name)
        if key not in self._made:
            user = User(
                email=f"{role}{tag}@{where.name.replace(' ', '').lower()}.example",
                name=f"{role} {where.name}",
            )
            user.password = _hashed_password()
            user.save(force_insert=True, using="owner")
            self.seat(user, where, role)
            self._made[key] = user
        return self._made[key]

    def seat(self, user: User, organisation: Organisation, role: str) -> Membership:
        since = self.now - timedelta(days=30)
        return Membership.objects.using("owner").create(
            user_id=user.id, organisation_id=organisation.id, role=role, since=since
        )

    def viewer(self, user: User) -> Viewer:
        with acting(user):
            return viewer_of(user, clock.now())

    def client(self, user: User | None = None) -> Client:
        """A browser, signed in where somebody is given."""
        client = Client()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def file(self, *, at: datetime | None = None, place: str = "31.73.01", **answers: Any) -> Filed:
        """A report, filed as the public form files it."""
        code, dossier_id, at = new_code(), new_id(), at or clock.now()
        told = {"story": "Cerita rekaan untuk uji.", "place": place, **answers}
        with (
            tickets.carry(tickets.sign(purpose="filing", scope=dossier_id, at=clock.now())),
            transaction.atomic(),
        ):
            dossier = actions.receive(
                dossier_id=dossier_id,
                told=actions.told_in(told),
                code=code,
                channel=Channel.WEB,
                proof=Proof.WORKED,
                at=at,
            )
        return Filed(dossier, code)

    def move(self, filed: Filed, stage: str) -> None:
        """Set the stage as the owner, so that a test need not walk there."""
        Dossier.objects.using("owner").filter(id=filed.dossier.id).update(stage=stage)
        filed.dossier.stage = stage

    def grant(
        self, filed: Filed, principal: UUID, section: str, *, writes: bool = False, days: int = 1
    ) -> None:
        """A live grant, written by the owner."""
        self.rows(
            "INSERT INTO access_grant "
            "(id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_at, until) "
            "SELECT gen_random_uuid(), id, unit_id, stage, %s, %s, %s, 'team', now(), "
            "now() + make_interval(days => %s) "
            "FROM access_dossier WHERE id = %s",
            [section, principal, writes, days, filed.dossier.id],
        )

    def rows(self, sql: str, values: Any = (), using: str = "owner") -> list[tuple[Any, ...]]:
        """Raw SQL, as the owner unless said otherwise."""
        with connections[using].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []


@lru_cache(maxsize=1)
def _hashed_password() -> str:
    """One hash for everybody: it is slow on purpose."""
    return make_password(PASSWORD)


@contextmanager
def acting(
    user: User | UUID | None = None,
    *,
    purpose: str = "staff",
    scope: UUID | None = None,
    using: str = "default",
) -> Iterator[None]:
    """The application at work for somebody, in one transaction."""
    person = user.id if isinstance(user, User) else user
    ticket = (
        tickets.sign(purpose=purpose, person=person, scope=scope, at=clock.now()) if (person or scope) else ""
    )
    with tickets.carry(ticket, using=using), transaction.atomic(using=using):
        yield


def granted_sections(role: str, stage: str) -> list[str]:
    """The sections that may be granted to a role at a stage."""
    return [c.section for c in cells() if (c.role, c.reach, c.stage) == (role, "grant", stage)]
