"""Writes of people: sealing an identity, the parts people have, and opening a name, which the ledger records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, every_key, open_key
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.tokens import tokens
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people import policies
from ruangaman.people.models import NameToken, Part, Person
from ruangaman.people.queries import names_of, parts_of, token_key
from ruangaman.people.states import SECTION_OF, PartStatus, PersonRole, Refusal, Relation, Sex

LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of somebody, in clear, on the way to being sealed. Everything but the name may be unknown."""

    name: str
    born_on: date | None = None
    born_estimated: bool = False
    sex: str = Sex.UNKNOWN
    nik: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's identity in clear, for one page."""

    role: str
    name: str
    born_on: date | None = None
    nik: str = ""


def seal_person(
    *, dossier: Dossier, role: PersonRole, identity: Identity, at: datetime, key: Key | None = None
) -> Person:
    """This will keep somebody's identity sealed in the section of their role, with the blind tokens that find it."""
    section = SECTION_OF[role]
    key = key or key_for(dossier=dossier, section=section)
    person = Person(
        id=new_id(),
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=section,
        key_id=key.id,
        born_estimated=identity.born_estimated,
        sex=identity.sex,
        age_band=policies.age_band(identity.born_on, dossier.opened_at.date()),
    )
    _seal_identity(person, identity, key)
    person.save(force_insert=True)
    _keep_tokens(dossier, person, identity.name, at)
    return person


def _seal_identity(person: Person, identity: Identity, key: Key) -> None:
    seal(person, "name", identity.name, key)
    seal(person, "initials", policies.initials(identity.name), key)
    seal(person, "born_on", identity.born_on.isoformat() if identity.born_on else None, key)
    seal(person, "nik", identity.nik or None, key)


def _keep_tokens(dossier: Dossier, person: Person, name: str, at: datetime) -> None:
    NameToken.objects.bulk_create(
        NameToken(
            dossier_id=dossier.id,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            section=person.section,
            person=person,
            token=token,
            opened_at=at,
        )
        for token in sorted(tokens(name, token_key(dossier.unit_id)))
    )


def give_part(
    *,
    dossier: Dossier,
    person: Person,
    role: PersonRole,
    at: datetime,
    by: UUID | None = None,
    relation: str = Relation.UNKNOWN,
    refusal: Refusal | None = None,
) -> Part:
    """This will write down what somebody is in a dossier; a refused guardian is told in the section parties only."""
    return Part.objects.create(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=Section.PARTIES if refusal else SECTION_OF[role],
        person=person,
        role=role,
        relation=relation,
        status=PartStatus.REFUSED if refusal else PartStatus.ACTIVE,
        refusal=refusal or "",
        decided_by_id=by,
        since=at,
    )


@transaction.atomic
def add_person(
    *,
    dossier: Dossier,
    role: PersonRole,
    identity: Identity,
    relation: str = Relation.UNKNOWN,
    happened_on: date | None = None,
    by: UUID,
    at: datetime,
) -> Part:
    """This will record somebody in a dossier, in one part, other than a guardian, who is decided about (`name_guardian`).

    :raises Refused: for an impossible birth date (against ``happened_on`` too) or national number.
    """
    _check(identity, at, happened_on)
    person = seal_person(dossier=dossier, role=role, identity=identity, at=at)
    part = give_part(dossier=dossier, person=person, role=role, relation=relation, by=by, at=at)
    record(
        Verb.PERSON_ADDED,
        at=at,
        by=by,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[person.id, part.id],
        fields=[role.value],
    )
    return part


def _check(identity: Identity, at: datetime, happened_on: date | None) -> None:
    from ruangaman.places.queries import province_codes

    policies.check_born_on(identity.born_on, today=at.date(), happened_on=happened_on)
    if identity.nik:
        born = None if identity.born_estimated else identity.born_on
        policies.check_nik(identity.nik, born_on=born, sex=identity.sex, regions=province_codes())


@transaction.atomic
def name_guardian(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    person: Person | None,
    identity: Identity | None,
    relation: str,
    at: datetime,
) -> Part:
    """This will decide about a guardian for a child: accepted, or refused where it is the reported person.

    ``person`` is somebody already in the dossier, or ``identity`` somebody new. A refusal is written down with its
    reason, for staff; it is no error. A guardian before is ended.

    :raises Refused: for an adult client, a relation that can't be a guardian, or impossible data.
    """
    policies.check_can_be_guardian(relation=relation, band=client.age_band)
    parts = parts_of(viewer, dossier.id)
    live = [part for part in parts if part.status == PartStatus.ACTIVE]
    reported = [part for part in live if part.role == PersonRole.REPORTED]
    wrapped = every_key(dossier.id)
    if person is not None:
        name = names_of([p for p in parts if p.person_id == person.id], wrapped).get(person.id, "")
    else:
        assert identity is not None
        _check(identity, at, None)
        name = identity.name
    refusal = policies.guardian_refusal(
        roles=[part.role for part in live if person and part.person_id == person.id],
        name=name,
        reported_names=names_of(reported, wrapped).values(),
    )
    if person is None:
        assert identity is not None
        role = PersonRole.HOUSEHOLD if refusal else PersonRole.GUARDIAN
        person = seal_person(dossier=dossier, role=role, identity=identity, at=at)
    elif not refusal:
        move_to_identity(dossier=dossier, person=person)
    if not refusal:
        Part.objects.filter(dossier=dossier, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE).update(
            status=PartStatus.ENDED, until=at
        )
    part = give_part(
        dossier=dossier,
        person=person,
        role=PersonRole.GUARDIAN,
        relation=relation,
        refusal=refusal,
        by=viewer.id,
        at=at,
    )
    record(
        Verb.GUARDIAN_REFUSED if refusal else Verb.GUARDIAN_ACCEPTED,
        at=at,
        by=viewer.id,
        unit=dossier.unit_id,
        dossier=dossier.id,
        objects=[person.id, part.id],
    )
    return part


def move_to_identity(*, dossier: Dossier, person: Person) -> None:
    """This will seal somebody anew in the section identity, where a client or guardian is known; the person stays one."""
    if person.section == Section.IDENTITY:
        return
    old = open_key(every_key(dossier.id)[person.section])
    new = key_for(dossier=dossier, section=Section.IDENTITY)
    for field in ("name", "initials", "born_on", "nik"):
        seal(person, field, unseal(person, field, old), new)
    person.section, person.key_id = Section.IDENTITY, new.id
    person.save(update_fields=["name", "initials", "born_on", "nik", "section", "key"])
    NameToken.objects.filter(person=person).update(section=Section.IDENTITY)


@transaction.atomic
def make_client(
    *, viewer: Viewer, dossier: Dossier, person: Person, identity: Identity, at: datetime
) -> Part:
    """This will make somebody already in the dossier (a reporter who tells of herself) its client, with what is known now.

    :raises Refused: for an impossible birth date or national number.
    """
    _check(identity, at, None)
    move_to_identity(dossier=dossier, person=person)
    key = key_for(dossier=dossier, section=Section.IDENTITY)
    _seal_identity(person, identity, key)
    person.sex, person.born_estimated = identity.sex, identity.born_estimated
    person.age_band = policies.age_band(identity.born_on, dossier.opened_at.date())
    person.save()
    # The tokens of an earlier nickname stay: they find her as well.
    _keep_tokens(dossier, person, identity.name, at)
    part = give_part(dossier=dossier, person=person, role=PersonRole.CLIENT, by=viewer.id, at=at)
    record(
        Verb.PERSON_ADDED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, part.id], fields=[PersonRole.CLIENT.value],
    )  # fmt: skip
    return part


@transaction.atomic
def open_identity(*, viewer: Viewer, dossier: Dossier, at: datetime) -> list[Opened]:
    """This will open the names of a dossier for one look, and record who looked.

    :raises Refused: where there is nothing this viewer may open, or it has been erased.
    """
    parts = parts_of(viewer, dossier.id)
    wrapped = every_key(dossier.id)
    shown = [part for part in parts if part.person.section in wrapped]
    if not shown:
        raise Refused(_("Tidak ada identitas yang bisa Anda buka di berkas ini."))
    try:
        opened = [_opened(part, wrapped) for part in shown]
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


def _opened(part: Part, wrapped: Any) -> Opened:
    key = open_key(wrapped[part.person.section])
    born = unseal(part.person, "born_on", key)
    called = str(PersonRole(part.role).label)
    if part.relation != Relation.UNKNOWN:
        called = f"{called} ({Relation(part.relation).label})"
    if part.status == PartStatus.REFUSED:
        called = f"{called}: {_('ditolak')}, {Refusal(part.refusal).label}"
    return Opened(
        called,
        unseal(part.person, "name", key) or "",
        date.fromisoformat(born) if born else None,
        unseal(part.person, "nik", key) or "",
    )
