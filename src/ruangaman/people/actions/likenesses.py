"""Deciding that two records are of one person, or are not, and undoing it; both records stay as they are.

Source: care.md 18 ("nothing merges itself"); issue "People and consent, whole".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key, reach_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.policies import sameness
from ruangaman.people.queries import born_on
from ruangaman.people.queries.likenesses import Told, hanging_on, parts_by_person
from ruangaman.people.states import Sameness


@dataclass(frozen=True, slots=True)
class Record(Told):
    """One record in clear, with what somebody is in its file and what hangs on it, for one page."""

    parts: list[Part]
    hanging: list[tuple[Any, int]]


@transaction.atomic
def open_both(*, viewer: Viewer, person: Person, other: Person, at: datetime) -> tuple[Record, Record]:
    """This will open two records side by side for one look, and record who looked, in the file of each.

    :raises Refused: for a pair that nobody decides about, or where one does not open.
    """
    sameness.check_pair(same_record=person.id == other.id, same_unit=person.unit_id == other.unit_id)
    wrapped = {dossier: every_key(dossier) for dossier in {person.dossier_id, other.dossier_id}}
    pair = (person, other)
    parts, hanging = parts_by_person(viewer, pair), hanging_on(viewer, [one.id for one in pair])
    try:
        left, right = (_opened(one, wrapped[one.dossier_id], parts[one.id], hanging[one.id]) for one in pair)
    except Unreadable:
        raise Refused(
            _("Identitas di berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    for dossier in wrapped:
        here = [one for one in pair if one.dossier_id == dossier]
        record(
            Verb.OPENED,
            at=at,
            by=viewer.id,
            unit=person.unit_id,
            dossier=dossier,
            objects=sorted(one.id for one in here),
            fields=[*sorted({one.section for one in here}), "name"],
        )
    return left, right


def _opened(
    person: Person, wrapped: Mapping[str, DataKey], parts: list[Part], hanging: list[tuple[Any, int]]
) -> Record:
    if person.section not in wrapped:
        raise Refused(_("Identitas salah satu catatan ini tidak bisa Anda buka."))
    key = open_key(wrapped[person.section])
    return Record(
        person,
        unseal(person, "name", key) or "",
        born_on(person, key),
        unseal(person, "nik", key) or "",
        parts,
        hanging,
    )


@transaction.atomic
def decide_same(
    *,
    viewer: Viewer,
    person: Person,
    other: Person,
    decision: Sameness,
    why: Iterable[str] = (),
    at: datetime,
) -> Likeness:
    """This will keep that two records are of one person, or are not; inside a file all that asks who is who follows.

    Both records stay, with all that hangs on them. ``why``: the reasons of the proposal, in codes. It is kept in the
    file that may be written, where the other one is closed.

    :raises Refused: for who may not decide, a pair that is decided, two units, or the client and the one reported.
    """
    sameness.check_pair(same_record=person.id == other.id, same_unit=person.unit_id == other.unit_id)
    inside = person.dossier_id == other.dossier_id
    home, away = person, other
    if not _writes(viewer, home.dossier, at):
        home, away = away, home
    supervises = Role.SUPERVISOR in viewer.roles_in(person.unit_id)
    sameness.check_may_decide(inside=inside, writes=_writes(viewer, home.dossier, at), supervises=supervises)
    if inside and decision == Sameness.SAME:
        parts = parts_by_person(viewer, (person, other))
        sides = ({(part.role, part.status) for part in parts[one.id]} for one in (person, other))
        sameness.check_one_side(*sides)
    likeness = Likeness(
        dossier=home.dossier,
        unit_id=home.unit_id,
        stage=home.dossier.stage,
        person=home,
        other=away,
        other_dossier_id=away.dossier_id,
        decision=decision,
        why=list(why),
        decided_by_id=viewer.id,
        decided_at=at,
    )
    try:
        with transaction.atomic():
            likeness.save(force_insert=True)
    except IntegrityError as broken:
        raise _refusal(broken) from None
    for one in (person, other):
        one.refresh_from_db(fields=["one_id"])
    _record(Verb.SAME_DECIDED, likeness, viewer, at)
    return likeness


def _writes(viewer: Viewer, dossier: Dossier, at: datetime) -> bool:
    return Section.IDENTITY in reach_of(viewer, dossier, at)[1]


def _refusal(broken: IntegrityError) -> Refused:
    """What the database said no to, in words: a decision that stands, or parts that another record of theirs has."""
    if "people_one_live_likeness" in str(broken):
        return Refused(
            _("Tentang dua catatan ini sudah ada keputusan. Batalkan dulu keputusan itu kalau keliru.")
        )
    if "one guardian" in str(broken):
        return Refused(
            _(
                "Dua catatan ini tidak bisa disatukan: seorang anak akan punya dua wali, atau menjadi walinya sendiri. "
                "Akhiri dulu peran wali yang tidak berlaku lagi."
            )
        )
    if "reported person" in str(broken):
        return Refused(sameness.NOT_ONE)
    return Refused(_("Dua catatan ini sudah berubah. Muat ulang halaman, lalu periksa lagi."))


@transaction.atomic
def undo_same(*, viewer: Viewer, likeness: Likeness, at: datetime) -> Likeness:
    """This will take a decision about two records back by a mark; it stays to be read, and both records stay.

    :raises Refused: for who may not decide, or where it was undone before.
    """
    inside = likeness.dossier_id == likeness.other_dossier_id
    sameness.check_may_decide(
        inside=inside,
        writes=_writes(viewer, likeness.dossier, at),
        supervises=Role.SUPERVISOR in viewer.roles_in(likeness.unit_id),
    )
    row = Likeness.objects.select_for_update().filter(id=likeness.id, undone_at=None).first()
    if row is None:
        raise Refused(_("Keputusan ini sudah dibatalkan. Muat ulang halaman berkas."))
    row.undone_by_id, row.undone_at = viewer.id, at
    row.save(update_fields=["undone_by", "undone_at"])
    _record(Verb.SAME_UNDONE, row, viewer, at)
    return row


def _record(verb: Verb, likeness: Likeness, viewer: Viewer, at: datetime) -> None:
    """In the ledger of each file that is touched, because who reads one of them must find it."""
    for dossier in sorted({likeness.dossier_id, likeness.other_dossier_id}):
        record(
            verb,
            at=at,
            by=viewer.id,
            unit=likeness.unit_id,
            dossier=dossier,
            objects=[likeness.person_id, likeness.other_id, likeness.id],
            fields=[likeness.decision],
        )
