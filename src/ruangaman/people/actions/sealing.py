"""Keeping an identity sealed, and writing down what somebody is: the steps that the other writes are made of."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key, reach_of
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.people import policies
from ruangaman.people.actions.finding import keep_tokens
from ruangaman.people.models import EarlierIdentity, NameToken, Part, Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import SECTION_OF, PartStatus, PersonRole, Refusal, Relation
from ruangaman.places.queries import province_codes

SEALED = ("name", "initials", "born_on", "nik")


def seal_person(
    *,
    dossier: Dossier,
    role: PersonRole,
    identity: Identity,
    at: datetime,
    key: Key | None = None,
    person_id: UUID | None = None,
) -> Person:
    """This will keep somebody's identity sealed in the section of their role, with the blind tokens that find it."""
    section = SECTION_OF[role]
    key = key or key_for(dossier=dossier, section=section)
    person_id = person_id or new_id()
    person = Person(
        id=person_id,
        one_id=person_id,
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        key_id=key.id,
        born_estimated=identity.born_estimated,
        sex=identity.sex,
        age_band=_band(identity, dossier),
    )
    _seal_identity(person, identity, key)
    person.save(force_insert=True)
    _find_by(dossier, person, identity, at)
    return person


def _seal_identity(person: Person, identity: Identity, key: Key) -> None:
    seal(person, "name", identity.name, key)
    seal(person, "initials", policies.initials(identity.name), key)
    seal(person, "born_on", identity.born_on.isoformat() if identity.born_on else None, key)
    seal(person, "nik", identity.nik or None, key)


def _find_by(dossier: Dossier, person: Person, identity: Identity, at: datetime) -> None:
    keep_tokens(
        dossier=dossier,
        person=person,
        name=identity.name,
        born_on=identity.born_on,
        nik=identity.nik,
        at=at,
    )


def _known(person: Person, key: Key) -> Identity:
    """What is kept of somebody now, in clear."""
    born = unseal(person, "born_on", key)
    return Identity(
        name=unseal(person, "name", key) or "",
        born_on=date.fromisoformat(born) if born else None,
        born_estimated=person.born_estimated,
        sex=person.sex,
        nik=unseal(person, "nik", key) or "",
    )


def _rewrite(dossier: Dossier, person: Person, identity: Identity, by: UUID, at: datetime) -> list[str]:
    """Seal somebody's identity anew where it differs; what was kept before is kept as well, and still finds them.

    Gives which facts changed.
    """
    key = key_for(dossier=dossier, section=person.section)
    known = _known(person, key)
    identity = replace(identity, born_estimated=identity.born_estimated and identity.born_on is not None)
    changed = [name for name in Identity.__slots__ if getattr(known, name) != getattr(identity, name)]
    if not changed:
        return []
    earlier = EarlierIdentity(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=person.section,
        person=person,
        key_id=key.id,
        replaced_by_id=by,
        replaced_at=at,
    )
    seal(earlier, "told", _as_text(known), key)
    earlier.save(force_insert=True)
    _seal_identity(person, identity, key)
    person.sex, person.born_estimated = identity.sex, identity.born_estimated
    person.age_band = _band(identity, dossier)
    person.save(update_fields=[*SEALED, "sex", "born_estimated", "age_band"])
    _find_by(dossier, person, identity, at)
    return changed


def _as_text(identity: Identity) -> str:
    told = {name: getattr(identity, name) for name in Identity.__slots__}
    return json.dumps({**told, "born_on": identity.born_on.isoformat() if identity.born_on else None})


@transaction.atomic
def give_part(
    *,
    dossier: Dossier,
    person: Person,
    role: PersonRole,
    at: datetime,
    by: UUID | None = None,
    relation: str = Relation.UNKNOWN,
    refusal: Refusal | None = None,
    waiting: bool = False,
    of: Person | None = None,
) -> Part:
    """This will write down what somebody is in a dossier.

    A guardian who is refused, or waits for a supervisor, is told in the section parties only. ``of``: the child of a
    guardian.
    """
    status = PartStatus.REFUSED if refusal else PartStatus.WAITING if waiting else PartStatus.ACTIVE
    return Part.objects.create(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=SECTION_OF[role] if status == PartStatus.ACTIVE else Section.PARTIES,
        person=person,
        of=of,
        role=role,
        relation=relation,
        status=status,
        refusal=refusal or "",
        decided_by_id=by,
        since=at,
    )


def _check_identity(identity: Identity, at: datetime, happened_on: date | None = None) -> None:
    """What nobody's identity can be is refused; a form asks the same, field by field."""
    policies.check_born_on(identity.born_on, today=timezone.localdate(at), happened_on=happened_on)
    if identity.nik:
        born = None if identity.born_estimated else identity.born_on
        policies.check_nik(identity.nik, born_on=born, sex=identity.sex, regions=province_codes())


def _roles_of(dossier: Dossier, person: Person) -> list[str]:
    """What somebody is in the dossier, by whichever of their records."""
    live = Part.objects.filter(dossier=dossier, person__one_id=person.one_id, status=PartStatus.ACTIVE)
    return list(live.values_list("role", flat=True))


def _band(identity: Identity | None, dossier: Dossier) -> str:
    return policies.age_band(identity.born_on if identity else None, timezone.localdate(dossier.opened_at))


def _names_to_compare(people: Iterable[Person], wrapped: Mapping[str, DataKey]) -> dict[UUID, str]:
    """The names of everybody given, in clear. One that does not open must not let a reported person through."""
    found = {}
    for person in people:
        key = wrapped.get(person.section)
        try:
            name = unseal(person, "name", open_key(key)) if key else None
        except Unreadable:
            key = None
        if key is None:
            raise Refused(
                _(
                    "Satu nama di berkas ini tidak terbaca, jadi tidak bisa dibandingkan. Hubungi pengawas data."
                )
            )
        found[person.id] = name or ""
    return found


def _move(viewer: Viewer, dossier: Dossier, person: Person, to: Section, at: datetime) -> None:
    """Seal somebody anew in another section, where a client, a guardian or a candidate is known; they stay one."""
    if person.section == to or person.section == Section.IDENTITY:
        return
    if person.section not in reach_of(viewer, dossier, at)[1]:
        raise Refused(
            _("Data pelapor hanya bisa dipindahkan petugas pengaduan, manajer kasus, atau penyelia.")
        )
    old = open_key(every_key(dossier.id)[person.section])
    new = key_for(dossier=dossier, section=to)
    for field in SEALED:
        seal(person, field, unseal(person, field, old), new)
    person.section, person.key_id = to, new.id
    person.save(update_fields=[*SEALED, "section", "key"])
    NameToken.objects.filter(person=person).update(section=to)
