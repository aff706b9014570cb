"""Writes of people: sealing an identity, the parts people have, and who may be a child's guardian."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import DataKey, Dossier
from ruangaman.access.queries import Viewer, every_key, open_key, reach_of
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.fields import Key, seal, unseal
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.tokens import tokens
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people import policies
from ruangaman.people.actions.contact import OPEN_FACTS as OPEN_FACTS
from ruangaman.people.actions.contact import confirm_contact as confirm_contact
from ruangaman.people.actions.contact import open_contact as open_contact
from ruangaman.people.actions.contact import set_contact as set_contact
from ruangaman.people.actions.opening import open_identity as open_identity
from ruangaman.people.models import NameToken, Part, Person
from ruangaman.people.policies import Identity as Identity  # for who calls the writes
from ruangaman.people.queries import parts_of, token_key
from ruangaman.people.states import SECTION_OF, PartStatus, PersonRole, Refusal, Relation, Sex
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
    of: Person | None = None,
) -> Part:
    """This will write down what somebody is in a dossier; a refused guardian is told in the section parties only.

    ``of``: the child of a guardian.
    """
    return Part.objects.create(
        dossier=dossier,
        unit_id=dossier.unit_id,
        stage=dossier.stage,
        section=Section.PARTIES if refusal else SECTION_OF[role],
        person=person,
        of=of,
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
    person_id: UUID | None = None,
) -> Part:
    """This will record somebody new in a dossier, in one part. A guardian is decided about (`name_guardian`).

    ``person_id``: from the form, so that one that was sent twice records once. A guardian who turns out to be the one
    reported is barred at once.

    :raises Refused: for an impossible birth date (against ``happened_on`` too) or national number.
    """
    policies.check_can_have_part(role=role, roles=())
    _check_identity(identity, at, happened_on)
    try:
        with transaction.atomic():
            person = seal_person(dossier=dossier, role=role, identity=identity, at=at, person_id=person_id)
    except IntegrityError:
        there = Part.objects.filter(dossier=dossier, person_id=person_id).first() if person_id else None
        if there is None:
            raise
        return there
    return _give_and_record(dossier, person, role, relation, by, at, name=identity.name)


@transaction.atomic
def add_part(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    role: PersonRole,
    relation: str = Relation.UNKNOWN,
    at: datetime,
) -> Part:
    """This will give somebody who is in the dossier another part there (a reporter who is the one reported).

    :raises Refused: where they have it already, or the parts can't go together.
    """
    policies.check_can_have_part(role=role, roles=_roles_of(dossier, person))
    if role == PersonRole.CLIENT:
        _move_to_identity(viewer, dossier, person, at)
    names = _names_to_compare([person], every_key(dossier.id))
    return _give_and_record(dossier, person, role, relation, viewer.id, at, name=names.get(person.id, ""))


def _give_and_record(
    dossier: Dossier, person: Person, role: PersonRole, relation: str, by: UUID, at: datetime, *, name: str
) -> Part:
    if role == PersonRole.REPORTED:
        _bar_guardian(dossier, person, name, by, at)
    part = give_part(dossier=dossier, person=person, role=role, relation=relation, by=by, at=at)
    record(
        Verb.PERSON_ADDED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, part.id], fields=[role.value],
    )  # fmt: skip
    return part


def _check_identity(identity: Identity, at: datetime, happened_on: date | None = None) -> None:
    """What nobody's identity can be is refused; a form asks the same, field by field."""
    policies.check_born_on(identity.born_on, today=timezone.localdate(at), happened_on=happened_on)
    if identity.nik:
        born = None if identity.born_estimated else identity.born_on
        policies.check_nik(identity.nik, born_on=born, sex=identity.sex, regions=province_codes())


def _roles_of(dossier: Dossier, person: Person) -> list[str]:
    live = Part.objects.filter(dossier=dossier, person=person, status=PartStatus.ACTIVE)
    return list(live.values_list("role", flat=True))


# --- guardians ----------------------------------------------------------------------------------------------------


@transaction.atomic
def name_guardian(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    person: Person | None,
    identity: Identity | None,
    relation: str,
    supervised: bool = False,
    at: datetime,
) -> Part:
    """This will decide about a guardian for a child: accepted, or refused where it is the reported person.

    ``person`` is somebody already in the dossier, or ``identity`` somebody new. A refusal is written down with its
    reason, for staff; it is no error. A guardian before is ended. ``supervised``: decided together with the supervisor.

    :raises Refused: for an adult client, a relation that can't be a guardian, one who may depend on the reported person
        where nobody decided about it, somebody without a name to compare, or impossible data.
    """
    own_band = person.age_band if person else _band(identity, dossier)
    policies.check_can_be_guardian(relation=relation, band=client.age_band, own_band=own_band)
    if Section.PARTIES not in reach_of(viewer, dossier, at)[0]:
        raise Refused(
            _("Tanpa melihat siapa terlapor, Anda tidak bisa memutuskan wali. Minta manajer kasus.")
        )
    live = [part for part in parts_of(viewer, dossier.id) if part.status == PartStatus.ACTIVE]
    reported = [part for part in live if part.role == PersonRole.REPORTED]
    wrapped = every_key(dossier.id)
    if identity is not None:
        _check_identity(identity, at)
    name = identity.name if identity else _names_to_compare([person], wrapped).get(person.id, "")  # type: ignore[list-item,union-attr]
    if not name.strip():
        raise Refused(_("Catat dulu nama orang ini: tanpa nama tidak bisa dipastikan ia bukan terlapor."))
    refusal = policies.guardian_refusal(
        roles=[part.role for part in live if person and part.person_id == person.id],
        name=name,
        reported_names=_names_to_compare([part.person for part in reported], wrapped).values(),
    )
    if not refusal:
        depends = policies.depends_on_reported(relation, [part.relation for part in reported])
        policies.check_dependence(depends=depends, supervised=supervised)
    if person is None:
        assert identity is not None
        role = PersonRole.HOUSEHOLD if refusal else PersonRole.GUARDIAN
        person = seal_person(dossier=dossier, role=role, identity=identity, at=at)
    elif not refusal:
        _move_to_identity(viewer, dossier, person, at)
    if not refusal:
        Part.objects.filter(
            dossier=dossier, of=client, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE
        ).update(status=PartStatus.ENDED, until=at)
    part = give_part(
        dossier=dossier,
        person=person,
        role=PersonRole.GUARDIAN,
        of=client,
        relation=relation,
        refusal=refusal,
        by=viewer.id,
        at=at,
    )
    verb = Verb.GUARDIAN_REFUSED if refusal else Verb.GUARDIAN_ACCEPTED
    record(verb, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id, objects=[person.id, part.id])
    return part


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


def _bar_guardian(dossier: Dossier, person: Person, name: str, by: UUID, at: datetime) -> None:
    """A guardian who is found to be the one reported stands no longer. Source: care.md 10, "Suspected later"."""
    live = Part.objects.filter(dossier=dossier, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE)
    part = live.select_related("person").first()
    if part is None:
        return
    refusal: Refusal | None = Refusal.REPORTED
    if part.person_id != person.id:
        names = _names_to_compare([part.person], every_key(dossier.id))
        refusal = policies.guardian_refusal(roles=(), name=names[part.person_id], reported_names=[name])
    if refusal is None:
        return
    part.status, part.refusal, part.section, part.until = PartStatus.REFUSED, refusal, Section.PARTIES, at
    part.save(update_fields=["status", "refusal", "section", "until"])
    record(
        Verb.GUARDIAN_REFUSED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id,
        objects=[part.person_id, part.id],
    )  # fmt: skip


# --- who turns out to be the client -----------------------------------------------------------------------------------


def _move_to_identity(viewer: Viewer, dossier: Dossier, person: Person, at: datetime) -> None:
    """Seal somebody anew in the section identity, where a client or guardian is known; the person stays one."""
    if person.section == Section.IDENTITY:
        return
    if person.section not in reach_of(viewer, dossier, at)[1]:
        raise Refused(
            _("Data pelapor hanya bisa dipindahkan petugas pengaduan, manajer kasus, atau penyelia.")
        )
    old = open_key(every_key(dossier.id)[person.section])
    new = key_for(dossier=dossier, section=Section.IDENTITY)
    for field in SEALED:
        seal(person, field, unseal(person, field, old), new)
    person.section, person.key_id = Section.IDENTITY, new.id
    person.save(update_fields=[*SEALED, "section", "key"])
    NameToken.objects.filter(person=person).update(section=Section.IDENTITY)


@transaction.atomic
def make_client(
    *,
    viewer: Viewer,
    dossier: Dossier,
    person: Person,
    identity: Identity,
    happened_on: date | None = None,
    at: datetime,
) -> Part:
    """This will make somebody already in the dossier, a reporter telling of herself, its client.

    What ``identity`` leaves out stays as it was known.

    :raises Refused: for an impossible birth date or national number, or where she is the client already.
    """
    policies.check_can_have_part(role=PersonRole.CLIENT, roles=_roles_of(dossier, person))
    _check_identity(identity, at, happened_on)
    _move_to_identity(viewer, dossier, person, at)
    key = key_for(dossier=dossier, section=Section.IDENTITY)
    name = unseal(person, "name", key) or ""
    born = unseal(person, "born_on", key)
    known = replace(
        identity,
        name=identity.name or name,
        nik=identity.nik or unseal(person, "nik", key) or "",
        sex=person.sex if identity.sex == Sex.UNKNOWN else identity.sex,
        born_on=identity.born_on or (date.fromisoformat(born) if born else None),
        born_estimated=identity.born_estimated if identity.born_on else person.born_estimated,
    )
    _seal_identity(person, known, key)
    person.sex, person.born_estimated = known.sex, known.born_estimated
    person.age_band = _band(known, dossier)
    person.save(update_fields=[*SEALED, "sex", "born_estimated", "age_band"])
    if known.name != name:
        # The tokens of an earlier nickname stay: they find her as well.
        _keep_tokens(dossier, person, known.name, at)
    return _give_and_record(
        dossier, person, PersonRole.CLIENT, Relation.UNKNOWN, viewer.id, at, name=known.name
    )
