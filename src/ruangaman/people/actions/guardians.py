"""Who stands for a child."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer, every_key, open_key, reach_of, staff_of
from ruangaman.access.states import Role, Section
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people import policies
from ruangaman.people.actions.sealing import (
    _band,
    _check_identity,
    _move,
    _names_to_compare,
    give_part,
    seal_person,
)
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.policies import Identity, KeptOut
from ruangaman.people.queries import born_on, parts_of
from ruangaman.people.states import AgeBand, PartStatus, PersonRole, Refusal, Sameness

STANDS = (PartStatus.ACTIVE, PartStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is found about a candidate: why they are barred, or whether a supervisor has to decide."""

    refusal: Refusal | None
    supervised: bool


@transaction.atomic
def name_guardian(
    *,
    viewer: Viewer,
    dossier: Dossier,
    client: Person,
    person: Person | None,
    identity: Identity | None,
    relation: str,
    depends: bool = False,
    at: datetime,
    person_id: UUID | None = None,
) -> Part:
    """This will decide about a guardian for a child: accepted, refused where it is the reported person, or waiting.

    ``person`` is somebody already in the dossier, or ``identity`` somebody new (``person_id``: from the form, so that
    one that was sent twice records once). A refusal is written down with its reason, for staff; it is no error. Who may
    depend on the reported person (``depends``, or by who they are to the child), must not know by the child's own
    word, or was refused here before waits for a supervisor, who decides at once where it is a supervisor who writes.
    A guardian before is ended only by one who is accepted. Source: care.md 10, 11, 12.

    :raises Refused: for an adult client, a relation that can't be a guardian, somebody without a name to compare, or
        impossible data.
    """
    there = Part.objects.filter(dossier=dossier, person_id=person_id).first() if person_id else None
    if there is not None:
        return there
    own_band = person.age_band if person else _band(identity, dossier)
    _check_stands_for(dossier, client, relation, own_band, at)
    if Section.PARTIES not in reach_of(viewer, dossier, at)[0]:
        raise Refused(
            _("Tanpa melihat siapa terlapor, Anda tidak bisa memutuskan wali. Minta manajer kasus.")
        )
    if identity is not None:
        _check_identity(identity, at)
    parts = parts_of(viewer, dossier.id)
    _check_not_waiting(parts, client, person)
    judged = _judge(dossier, parts, person, identity, relation, depends)
    refusal = judged.refusal
    waiting = not refusal and judged.supervised and not _supervises(viewer, dossier)
    accepted = not refusal and not waiting
    if person is None:
        assert identity is not None
        role = PersonRole.GUARDIAN if accepted else PersonRole.HOUSEHOLD  # for its section alone
        person = seal_person(dossier=dossier, role=role, identity=identity, at=at, person_id=person_id)
    elif not refusal:
        _move(viewer, dossier, person, Section.IDENTITY if accepted else Section.PARTIES, at)
    if accepted:
        _end_before(dossier, client, at)
    try:
        with transaction.atomic():
            part = give_part(
                dossier=dossier,
                person=person,
                role=PersonRole.GUARDIAN,
                of=client,
                relation=relation,
                refusal=refusal,
                waiting=waiting,
                by=viewer.id,
                at=at,
            )
    except IntegrityError:
        raise Refused(_("Baru saja orang lain menyimpan wali untuk anak ini. Buka lagi berkasnya.")) from None
    verb = Verb.GUARDIAN_REFUSED if refusal else Verb.GUARDIAN_ACCEPTED
    _record(Verb.GUARDIAN_PROPOSED if waiting else verb, dossier, part, viewer.id, at)
    if waiting:
        _tell_supervisors(dossier, part, at)
    return part


@transaction.atomic
def decide_guardian(*, viewer: Viewer, part: Part, accept: bool, at: datetime) -> Part:
    """This will decide, as a supervisor, about a guardian who waits; who turns out to be the reported one is refused.

    :raises Refused: where nothing waits, by anybody but a supervisor, or where the client has come of age.
    """
    found = Part.objects.select_for_update(of=("self",)).filter(id=part.id)
    part = found.select_related("person", "of", "dossier").first() or part
    dossier = part.dossier
    policies.check_can_decide(status=part.status, roles=viewer.roles_in(dossier.unit_id))
    assert part.of is not None
    refusal: Refusal | None = Refusal.JUDGED
    if accept:
        _check_stands_for(dossier, part.of, part.relation, part.person.age_band, at)
        parts = parts_of(viewer, dossier.id)
        refusal = _judge(dossier, parts, part.person, None, part.relation, False).refusal
    if refusal is None:
        _end_before(dossier, part.of, at, but=part)
        _move(viewer, dossier, part.person, Section.IDENTITY, at)
        part.status, part.section, part.since = PartStatus.ACTIVE, Section.IDENTITY, at
    else:
        part.status, part.refusal, part.until = PartStatus.REFUSED, refusal, at
    part.decided_by_id = viewer.id
    part.save(update_fields=["status", "refusal", "section", "since", "until", "decided_by"])
    _record(Verb.GUARDIAN_REFUSED if refusal else Verb.GUARDIAN_ACCEPTED, dossier, part, viewer.id, at)
    return part


def _check_stands_for(dossier: Dossier, client: Person, relation: str, own_band: str, at: datetime) -> None:
    born = None
    if key := every_key(dossier.id).get(client.section):
        try:
            born = born_on(client, open_key(key))
        except Unreadable:
            born = None  # then the band at the report decides, which is stored beside it
    alone = policies.answers_alone(client.age_band, born, timezone.localdate(at))
    policies.check_can_be_guardian(
        relation=relation,
        band=client.age_band,
        own_band=own_band,
        alone=alone and policies.is_child(client.age_band),
    )


def _check_not_waiting(parts: Sequence[Part], client: Person, person: Person | None) -> None:
    for part in parts:
        same = person is not None and part.person.one_id == person.one_id
        if same and part.status == PartStatus.WAITING and part.of_id == client.id:
            raise Refused(_("Calon wali ini sudah menunggu putusan penyelia."))


def _judge(
    dossier: Dossier,
    parts: Sequence[Part],
    person: Person | None,
    identity: Identity | None,
    relation: str,
    depends: bool,
) -> Judged:
    """Compare a candidate with everybody in the dossier whom the choice must not reach."""
    wrapped = every_key(dossier.id)
    live = [part for part in parts if part.status == PartStatus.ACTIVE]
    reported = [part for part in live if part.role == PersonRole.REPORTED]
    kept_out = [part for part in live if part.role == PersonRole.KEPT_OUT]
    own = [part for part in parts if person and part.person.one_id == person.one_id]
    around = [part.person for part in (*reported, *kept_out)]
    names = _names_to_compare([*around, *([person] if person else [])], wrapped)
    name = names[person.id] if person else identity.name if identity else ""
    if not name.strip():
        raise Refused(_("Catat dulu nama orang ini: tanpa nama tidak bisa dipastikan ia bukan terlapor."))
    apart = _told_apart(dossier, person)
    roles = [part.role for part in own if part.status == PartStatus.ACTIVE]
    refusal = policies.guardian_refusal(
        roles=roles,
        name=name,
        reported_names=[names[p.person_id] for p in reported if p.person.one_id not in apart],
    )
    meant = [KeptOut(names[p.person_id], p.relation) for p in kept_out if p.person.one_id not in apart]
    supervised = (
        depends
        or policies.depends_on(relation, [part.relation for part in (*reported, *kept_out)])
        or policies.is_kept_out(roles=roles, name=name, relation=relation, kept_out=meant)
        or any(p.role == PersonRole.GUARDIAN and p.status == PartStatus.REFUSED for p in own)
    )
    return Judged(refusal, supervised)


def _told_apart(dossier: Dossier, person: Person | None) -> set[UUID]:
    """Of whom it was decided that they are somebody else than this person, however alike the names."""
    if person is None:
        return set()
    decided = Likeness.objects.filter(dossier=dossier, decision=Sameness.DIFFERENT, undone_at=None)
    pairs = decided.values_list("person__one_id", "other__one_id")
    return {b if a == person.one_id else a for a, b in pairs if person.one_id in (a, b)}


def _supervises(viewer: Viewer, dossier: Dossier) -> bool:
    return Role.SUPERVISOR in viewer.roles_in(dossier.unit_id)


def _end_before(dossier: Dossier, client: Person, at: datetime, *, but: Part | None = None) -> None:
    """A child has one guardian: who stands, or waits, makes room for who is accepted."""
    before = Part.objects.filter(
        dossier=dossier, of__one_id=client.one_id, role=PersonRole.GUARDIAN, status__in=STANDS
    )
    if but is not None:
        before = before.exclude(id=but.id)
    before.update(status=PartStatus.ENDED, until=at)


def _record(verb: Verb, dossier: Dossier, part: Part, by: UUID, at: datetime) -> None:
    record(verb, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id, objects=[part.person_id, part.id])


def _tell_supervisors(dossier: Dossier, part: Part, at: datetime) -> None:
    people = [person.id for person, _role in staff_of(dossier.unit_id, [Role.SUPERVISOR], at)]
    cause = f"guardian:{part.id}:{at.isoformat()}"
    tell(people=people, kind=Kind.SUPERVISED, cause=cause, at=at, dossier=dossier.id)


@transaction.atomic
def bar_guardians(*, dossier: Dossier, reported: Iterable[Person], by: UUID, at: datetime) -> None:
    """This will end at once, for every child, who stands or waits as guardian and is found to be the one reported.

    ``reported``: who is, or is about to be, the reported person. What a barred guardian agreed to ends in the same
    moment (the database sees to it). Source: care.md 10, "Suspected later".
    """
    suspects = list(reported)
    stand = Part.objects.filter(dossier=dossier, role=PersonRole.GUARDIAN, status__in=STANDS)
    parts = list(stand.select_related("person").order_by("since", "id"))
    if not parts or not suspects:
        return
    names = _names_to_compare([*suspects, *(part.person for part in parts)], every_key(dossier.id))
    ones = {suspect.one_id for suspect in suspects}
    for part in parts:
        apart = _told_apart(dossier, part.person)
        refusal = policies.guardian_refusal(
            roles=[PersonRole.REPORTED] if part.person.one_id in ones else [],
            name=names[part.person_id],
            reported_names=[names[suspect.id] for suspect in suspects if suspect.one_id not in apart],
        )
        if refusal:
            part.status, part.refusal, part.section, part.until = (
                PartStatus.REFUSED, refusal, Section.PARTIES, at,
            )  # fmt: skip
            part.save(update_fields=["status", "refusal", "section", "until"])
            _record(Verb.GUARDIAN_REFUSED, dossier, part, by, at)


@transaction.atomic
def suspend_guardians(*, dossier: Dossier, kept_out: Person, relation: str, by: UUID, at: datetime) -> None:
    """This will let wait for a supervisor who stands as guardian of a child that says they must not know.

    Source: care.md 11, 12.
    """
    stand = Part.objects.filter(dossier=dossier, role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE)
    parts = list(stand.select_related("person").order_by("since", "id"))
    if not parts:
        return
    names = _names_to_compare([kept_out, *(part.person for part in parts)], every_key(dossier.id))
    meant = [KeptOut(names[kept_out.id], relation)]
    for part in parts:
        if part.person.one_id != kept_out.one_id and not policies.is_kept_out(
            roles=(), name=names[part.person_id], relation=part.relation, kept_out=meant
        ):
            continue
        part.status, part.section = PartStatus.WAITING, Section.PARTIES
        part.save(update_fields=["status", "section"])
        _record(Verb.GUARDIAN_PROPOSED, dossier, part, by, at)
        _tell_supervisors(dossier, part, at)


@transaction.atomic
def end_guardians_by_age(*, dossier: Dossier, person: Person, by: UUID, at: datetime) -> None:
    """This will end a guardian of somebody who was no child at the report, and one who is a child.

    Called where an age was corrected. Source: care.md 11, 13.
    """
    stand = Part.objects.filter(dossier=dossier, role=PersonRole.GUARDIAN, status__in=STANDS)
    if person.age_band == AgeBand.UNKNOWN:
        return
    own = {"person": person} if policies.is_child(person.age_band) else {"of": person}
    for part in stand.filter(**own):
        part.status, part.until = PartStatus.ENDED, at
        part.save(update_fields=["status", "until"])
        _record(Verb.PART_ENDED, dossier, part, by, at)
