"""Taking over what another system hands over under a number of its own: each number once, however often it is sent."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for, make_key
from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.models import Delivery, Way
from ruangaman.intake.queries.ways import (
    App,
    Delivered,
    content_hash,
    delivered,
    number_hash,
    receipt_key,
)
from ruangaman.intake.states import Channel
from ruangaman.kernel.codes import Code, new_code, read_code
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, open_under, seal, seal_under
from ruangaman.kernel.ids import new_id
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb

RECEIPT_LIFE = timedelta(hours=24)  # Source: issue "Intake": who lost the answer asks again within a day


@dataclass(frozen=True, slots=True)
class Handed:
    """What the application is answered: the reporter's code, while it can still be given, and whether it is new."""

    code: Code | None
    is_new: bool


class OtherContent(Refused):
    """That number stands for another report already."""


@transaction.atomic
def deliver(
    *, app: App, secret: str, number: str, told: dict[str, Any], in_flood: bool, at: datetime
) -> Handed:
    """This will make one report of what an application sent under its number, and give the same answer to a retry.

    ``told``: what intake.policies.delivering has read.

    :raises OtherContent: where that number was used for another content.
    """
    content = content_hash(app.way, json.dumps(told, sort_keys=True, ensure_ascii=False, default=str))
    # A retry that runs beside the first waits for it, and then finds what it made.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(encode(%s, 'hex'), 0))",
            [number_hash(app.way, number)],
        )
    there = delivered(secret, app.way, number)
    if there:
        return _again(there, content, secret)
    dossier_id, code = new_id(), new_code()
    kept = {"reporter_kind": app.usual_reporter, **told}
    with filing(dossier_id, at):
        dossier = receive(
            dossier_id=dossier_id,
            told=Told(**kept),
            channel=Channel(app.channel),
            at=at,
            code=code,
            unit=Organisation.objects.get(id=app.unit),
            way=app.way,
            in_flood=in_flood,
            app=True,
        )
        delivery = _delivery(
            dossier, app.way, number, make_key(dossier=dossier, section=Section.ADMINISTRATION), at
        )
        delivery.content_hash = content
        delivery.receipt = seal_under(receipt_key(secret), str(code).encode(), _place(delivery.id))
        delivery.receipt_until = at + RECEIPT_LIFE
        delivery.save(force_insert=True)
    return Handed(code, is_new=True)


@transaction.atomic
def note_ticket(*, viewer: Viewer, dossier: Dossier, way: Way, number: str, at: datetime) -> Delivery:
    """This will note under which number another system handed over what an officer took down.

    :raises Refused: where that number has a file already, so that nobody tells the story twice.
    """
    delivery = _delivery(
        dossier, way.id, number, key_for(dossier=dossier, section=Section.ADMINISTRATION), at
    )
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            _("Nomor tiket ini sudah punya berkas. Cari di halaman tiket, dan lanjutkan di berkas itu.")
        ) from None
    record(
        Verb.TICKET_FOUND,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[delivery.id],
        fields=["noted"],
    )
    return delivery


@transaction.atomic
def note_search(*, viewer: Viewer, found: Delivery | None, at: datetime) -> None:
    """This will record that somebody looked for a ticket, whether it was there or not."""
    unit = found.unit_id if found else next((seat.organisation_id for seat in viewer.seats), None)
    record(
        Verb.TICKET_FOUND,
        at=at,
        by=viewer.id,
        unit=unit,
        dossier=found.dossier_id if found else None,
        objects=[found.id] if found else [],
        fields=["found" if found else "missed"],
    )


def _delivery(dossier: Dossier, way: UUID, number: str, key: Key, at: datetime) -> Delivery:
    delivery = Delivery(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        way_id=way,
        key_id=key.id,
        number_hash=number_hash(way, number),
        delivered_at=at,
    )
    seal(delivery, "number", number, key)
    return delivery


def _again(there: Delivered, content: bytes, secret: str) -> Handed:
    if there.content != content:
        raise OtherContent(
            _("Nomor ini sudah dipakai untuk laporan dengan isi lain. Kirim laporan baru dengan nomor baru.")
        )
    return Handed(_kept_code(there, secret), is_new=False)


def _kept_code(there: Delivered, secret: str) -> Code | None:
    """The code while it is kept, for the very key that sent it: another key of the same way does not open it."""
    if there.receipt is None:
        return None
    try:
        return read_code(open_under(receipt_key(secret), there.receipt, _place(there.id)).decode())
    except Unreadable:
        return None


def _place(delivery: UUID) -> str:
    return f"receipt|{delivery}"
