"""Writes about ways in: what a unit sets up, and the keys of partner applications."""

import base64
import os
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Organisation
from ruangaman.access.queries import Viewer
from ruangaman.intake.models import AppKey, Way
from ruangaman.intake.policies import ways as policies
from ruangaman.intake.queries.ways import secret_hash
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.network.models import Facility

SECRET_BYTES = 20  # 160 bits, 32 characters of base 32
PREFIX = "ra_"  # by which scanners of source code and people know what was left lying about


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A way in as its unit arranges it."""

    channel: str
    name: str
    owner: Organisation
    facility: Facility | None = None
    usual_reporter: str = ""
    needs_ticket: bool = False
    takes_anonymous: bool = True
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A key that was just made, with the secret that is shown this once."""

    key: AppKey
    secret: str = field(repr=False)


@transaction.atomic
def set_way(
    *, viewer: Viewer, unit: UUID, arranged: Arranged, at: datetime, way_id: UUID | None = None
) -> Way:
    """This will add a way in, or change the one with that id. What came in by it before keeps its own channel.

    :raises Refused: for who does not lead the unit, a rule that does not fit the channel, or a name that is there.
    """
    policies.check_can_keep_ways(viewer.roles_in(unit))
    policies.check_can_set_way(channel=arranged.channel, needs_ticket=arranged.needs_ticket)
    way = Way.objects.filter(id=way_id, unit_id=unit).first() if way_id else None
    fresh = way is None
    way = way or Way(id=way_id or new_id(), unit_id=unit)
    way.channel, way.name, way.owner, way.facility = (
        arranged.channel, arranged.name, arranged.owner, arranged.facility,
    )  # fmt: skip
    way.usual_reporter = arranged.usual_reporter
    way.needs_ticket, way.takes_anonymous = arranged.needs_ticket, arranged.takes_anonymous
    way.is_active = arranged.is_active
    way.changed_by_id, way.changed_at = viewer.id, at
    try:
        with transaction.atomic():
            way.save(force_insert=fresh)
    except IntegrityError:
        raise Refused(_("Nama saluran ini sudah ada di unit ini. Pakai nama yang lain.")) from None
    record(
        Verb.WAY_CHANGED,
        at=at,
        by=viewer.id,
        unit=unit,
        objects=[way.id],
        fields=[str(arranged.channel), "active" if arranged.is_active else "inactive"],
    )
    return way


@transaction.atomic
def make_app_key(*, viewer: Viewer, way: Way, name: str, at: datetime, key_id: UUID | None = None) -> Made:
    """This will make the key of a partner's application. Its secret is given once and kept nowhere.

    ``key_id`` travels with the form: sent twice, it makes one key, whose secret can't be shown again.

    :raises Refused: for who does not lead the unit, or where no application hands over.
    """
    policies.check_can_keep_ways(viewer.roles_in(way.unit_id))
    policies.check_can_make_key(channel=way.channel, active=way.is_active)
    secret = PREFIX + base64.b32encode(os.urandom(SECRET_BYTES)).decode().lower()
    key = AppKey(
        id=key_id or new_id(),
        way=way,
        name=name,
        secret_hash=secret_hash(secret),
        made_by_id=viewer.id,
        made_at=at,
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            _(
                "Kunci ini sudah dibuat dan rahasianya tidak bisa ditampilkan lagi. "
                "Bila rahasianya belum tersimpan, cabut kunci itu lalu buat yang baru."
            )
        ) from None
    record(Verb.APP_KEY_MADE, at=at, by=viewer.id, unit=way.unit_id, objects=[way.id, key.id])
    return Made(key, secret)


@transaction.atomic
def revoke_app_key(*, viewer: Viewer, key: AppKey, at: datetime) -> None:
    """This will end a key at once. A key that was revoked never comes back.

    :raises Refused: for who does not lead the unit.
    """
    policies.check_can_keep_ways(viewer.roles_in(key.way.unit_id))
    ended = AppKey.objects.filter(id=key.id, revoked_at=None).update(revoked_by_id=viewer.id, revoked_at=at)
    if ended:
        record(Verb.APP_KEY_REVOKED, at=at, by=viewer.id, unit=key.way.unit_id, objects=[key.way_id, key.id])
