"""Recording people in a dossier, and ending what they are there."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.actions import key_for
from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people import policies
from ruangaman.people.actions.finding import note_matches, settle_probes
from ruangaman.people.actions.guardians import STANDS, bar_guardians, suspend_guardians
from ruangaman.people.actions.sealing import (
    _check_identity,
    _known,
    _move,
    _rewrite,
    _roles_of,
    give_part,
    seal_person,
)
from ruangaman.people.models import Part, Person
from ruangaman.people.policies import Identity
from ruangaman.people.states import PartStatus, PersonRole, Relation, Sex


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
    reported is barred at once; one who must not know by the child's own word waits for a supervisor.

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
    return _give_and_record(dossier, person, role, relation, by, at)


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
        _move(viewer, dossier, person, Section.IDENTITY, at)
    return _give_and_record(dossier, person, role, relation, viewer.id, at)


def _give_and_record(
    dossier: Dossier, person: Person, role: PersonRole, relation: str, by: UUID, at: datetime
) -> Part:
    if role == PersonRole.REPORTED:
        bar_guardians(dossier=dossier, reported=[person], by=by, at=at)
    part = give_part(dossier=dossier, person=person, role=role, relation=relation, by=by, at=at)
    if role == PersonRole.KEPT_OUT:
        suspend_guardians(dossier=dossier, kept_out=person, relation=relation, by=by, at=at)
    if role == PersonRole.REPORTED:
        note_matches(by=by, dossier=dossier, person=person, at=at)
    if role == PersonRole.CLIENT:
        settle_probes(by=by, dossier=dossier, at=at)
    record(
        Verb.PERSON_ADDED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id,
        objects=[person.id, part.id], fields=[role.value],
    )  # fmt: skip
    return part


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
    _move(viewer, dossier, person, Section.IDENTITY, at)
    before = _known(person, key_for(dossier=dossier, section=Section.IDENTITY))
    known = replace(
        identity,
        name=identity.name or before.name,
        nik=identity.nik or before.nik,
        sex=before.sex if identity.sex == Sex.UNKNOWN else identity.sex,
        born_on=identity.born_on or before.born_on,
        born_estimated=identity.born_estimated if identity.born_on else before.born_estimated,
    )
    _rewrite(dossier, person, known, viewer.id, at)
    return _give_and_record(dossier, person, PersonRole.CLIENT, Relation.UNKNOWN, viewer.id, at)


@transaction.atomic
def end_part(*, viewer: Viewer, dossier: Dossier, part: Part, at: datetime) -> Part:
    """This will end what somebody is in a dossier; nobody is asked why, and what was written stays.

    :raises Refused: where it has ended, for the reporter, and for the only client.
    """
    clients = Part.objects.filter(dossier=dossier, role=PersonRole.CLIENT, status=PartStatus.ACTIVE)
    # The order keeps two who end the last two clients at once from ending both.
    ids = [str(one.id) for one in clients.select_for_update(of=("self",)).order_by("id")]
    others = clients.filter(id__in=ids).exclude(id=part.id).count()
    policies.check_can_end_part(role=part.role, status=part.status, other_clients=others)
    live = Part.objects.filter(id=part.id, dossier=dossier, status__in=STANDS)
    if not live.update(status=PartStatus.ENDED, until=at):
        raise Refused(_("Peran ini sudah berakhir."))
    if part.role == PersonRole.CLIENT:
        guardians = Part.objects.filter(dossier=dossier, of_id=part.person_id, status__in=STANDS)
        guardians.update(status=PartStatus.ENDED, until=at)
    part.status, part.until = PartStatus.ENDED, at
    record(
        Verb.PART_ENDED, at=at, by=viewer.id, unit=dossier.unit_id, dossier=dossier.id,
        objects=[part.person_id, part.id], fields=[part.role],
    )  # fmt: skip
    return part
