"""Opening the names of a dossier, which the ledger records."""

from collections.abc import Mapping
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
from ruangaman.people.queries import born_on, parts_of
from ruangaman.people.states import PartStatus, PersonRole, Refusal, Relation


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's identity in clear, for one page."""

    role: str
    name: str
    born_on: date | None = None
    nik: str = ""
    age: int | None = None
    born_estimated: bool = False


@transaction.atomic
def open_identity(*, viewer: Viewer, dossier: Dossier, at: datetime) -> list[Opened]:
    """This will open the names of a dossier for one look, and record who looked.

    :raises Refused: where there is nothing this viewer may open, or it has been erased.
    """
    parts = parts_of(viewer, dossier.id)
    wrapped = every_key(dossier.id)
    shown = [part for part in parts if part.status != PartStatus.ENDED and part.person.section in wrapped]
    if not shown:
        raise Refused(_("Tidak ada identitas yang bisa Anda buka di berkas ini."))
    try:
        opened = [_opened(part, wrapped, at) for part in shown]
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
        objects=sorted({part.person_id for part in shown}),
        fields=[*sections, "name"],
    )
    return opened


def _opened(part: Part, wrapped: Mapping[str, DataKey], at: datetime) -> Opened:
    person = part.person
    key = open_key(wrapped[person.section])
    born = born_on(person, key)
    called = str(PersonRole(part.role).label)
    if part.relation != Relation.UNKNOWN:
        called = f"{called} ({Relation(part.relation).label})"
    if part.status == PartStatus.REFUSED:
        called = f"{called}: {_('ditolak')}, {Refusal(part.refusal).label}"
    return Opened(
        called,
        unseal(person, "name", key) or "",
        born,
        unseal(person, "nik", key) or "",
        age_on(born, timezone.localdate(at)) if born else None,
        person.born_estimated,
    )
