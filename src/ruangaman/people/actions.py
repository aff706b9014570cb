"""Writes of people: sealing an identity, and opening one, which the ledger records."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import make_key
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, open_key, wrapped_keys
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.tokens import tokens
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import NameToken, Person
from ruangaman.people.policies import initials
from ruangaman.people.queries import people_of, token_key
from ruangaman.people.states import PersonRole

LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's identity in clear, for one page."""

    role: str
    name: str


def seal_person(
    *, dossier: Dossier, role: PersonRole, name: str, at: datetime, key: Key | None = None
) -> Person:
    """This will keep somebody's name sealed, with the blind tokens that find it again."""
    key = key or make_key(dossier=dossier, section=Section.IDENTITY)
    person = Person(
        id=new_id(), dossier=dossier, unit_id=dossier.unit_id, stage=dossier.stage, role=role, key_id=key.id
    )
    seal(person, "name", name, key)
    seal(person, "initials", initials(name), key)
    person.save(force_insert=True)
    NameToken.objects.bulk_create(
        NameToken(
            dossier_id=dossier.id,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            person=person,
            token=token,
            opened_at=at,
        )
        for token in sorted(tokens(name, token_key(dossier.unit_id)))
    )
    return person


@transaction.atomic
def open_identity(*, viewer: Viewer, dossier: Dossier, at: datetime) -> list[Opened]:
    """This will open the names of a dossier for one look, and record who looked.

    :raises Refused: where there is nothing this viewer may open, or it has been erased.
    """
    people = people_of(viewer, dossier.id)
    wrapped = wrapped_keys([dossier.id], Section.IDENTITY).first()
    if not people or wrapped is None:
        raise Refused(_("Tidak ada identitas yang bisa Anda buka di berkas ini."))
    try:
        key = open_key(wrapped)
        opened = [Opened(str(PersonRole(p.role).label), unseal(p, "name", key) or "") for p in people]
    except Unreadable:
        raise Refused(
            _("Identitas di berkas ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    record(
        Verb.OPENED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[p.id for p in people],
        fields=[Section.IDENTITY.value, "name"],
    )
    return opened
