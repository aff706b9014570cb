"""Opening the names of a dossier, which the ledger records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import unseal
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Part
from ruangaman.people.policies import age_on
from ruangaman.people.queries import Earlier, born_on, earlier_of, parts_of
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's identity in clear, for one page, with what they were taken to be before."""

    role: str
    name: str
    born_on: date | None = None
    nik: str = ""
    age: int | None = None
    born_estimated: bool = False
    earlier: Sequence[Earlier] = ()


@transaction.atomic
def open_identity(*, viewer: Viewer, dossier: Dossier, at: datetime) -> list[Opened]:
    """This will open the names of a dossier for one look, a record each, and record who looked.

    :raises Refused: where there is nothing this viewer may open, or it has been erased.
    """
    parts = parts_of(viewer, dossier.id)
    wrapped = every_key(dossier.id)
    shown = [part for part in parts if part.status != PartStatus.ENDED and part.person.section in wrapped]
    if not shown:
        raise Refused(_("Tidak ada identitas yang bisa Anda buka di berkas ini."))
    people = sorted({part.person_id for part in shown})
    try:
        earlier = earlier_of(viewer, dossier.id, people, wrapped)
        opened = [
            _opened(
                [part for part in shown if part.person_id == person], wrapped, earlier.get(person, []), at
            )
            for person in dict.fromkeys(part.person_id for part in shown)
        ]
    except Unreadable:
        raise Refused(
            _("Identitas di berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    sections = sorted({part.person.section for part in shown})
    record(
        Verb.OPENED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=people,
        fields=[*sections, "name"],
    )
    return opened


def _opened(
    parts: Sequence[Part], wrapped: Mapping[str, DataKey], earlier: Sequence[Earlier], at: datetime
) -> Opened:
    person = parts[0].person
    key = open_key(wrapped[person.section])
    born = born_on(person, key)
    return Opened(
        " · ".join(_called(part) for part in parts),
        unseal(person, "name", key) or "",
        born,
        unseal(person, "nik", key) or "",
        age_on(born, timezone.localdate(at)) if born else None,
        person.born_estimated,
        earlier,
    )


def _called(part: Part) -> str:
    called = str(PersonRole(part.role).label)
    if part.relation != Relation.UNKNOWN:
        called = f"{called} ({Relation(part.relation).label})"
    if part.status == PartStatus.REFUSED:
        called = f"{called}: {_('ditolak')}, {Refusal(part.refusal).label}"
    if part.status == PartStatus.WAITING:
        called = f"{called}: {_('menunggu putusan penyelia')}"
    return called
