"""Reads of access: who the viewer is, and which keys they may open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import Case, Exists, Func, OuterRef, Q, QuerySet, TextField, When
from django.db.models.functions import JSONArray

from ruangaman.access.matrix import allows
from ruangaman.access.models import (
    DataKey,
    Dossier,
    ErasureRequest,
    Grant,
    Membership,
    PowerProposal,
    Session,
    User,
)
from ruangaman.access.policies import ERASURE_ROLES
from ruangaman.access.states import Decision, GrantSource, Section, Stage
from ruangaman.kernel.fields import Key, unwrap


@dataclass(frozen=True, slots=True)
class Seat:
    """One role in one organisation."""

    organisation_id: UUID
    organisation_name: str
    organisation_kind: str
    role: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: the first argument of every read. The database decides; this only spares useless questions."""

    id: UUID
    name: str
    seats: tuple[Seat, ...]

    @property
    def organisation_name(self) -> str:
        return self.seats[0].organisation_name if self.seats else ""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(seat.role for seat in self.seats)

    def roles_in(self, organisation_id: UUID) -> frozenset[str]:
        """This will give the roles held in one organisation."""
        return frozenset(seat.role for seat in self.seats if seat.organisation_id == organisation_id)

    def units(self, section: str, mode: str = "r") -> dict[UUID, tuple[str, ...]]:
        """This will give the units whose dossiers this viewer reaches by rank, each with the stages in reach."""
        found: dict[UUID, tuple[str, ...]] = {}
        for seat in self.seats:
            stages = tuple(s for s in Stage.values if allows(seat.role, "unit", s, section, mode))
            if stages:
                found[seat.organisation_id] = tuple(sorted({*found.get(seat.organisation_id, ()), *stages}))
        return found

    def reaches(self, section: str, mode: str = "r") -> bool:
        """This will say whether the viewer could reach that section of any dossier, by rank or by a grant."""
        return any(
            allows(role, reach, stage, section, mode)
            for role in self.roles
            for reach in ("unit", "grant")
            for stage in Stage.values
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """A dossier, what the viewer may read and write of it, and which sections hold something."""

    dossier: Dossier
    reads: frozenset[str]
    writes: frozenset[str]
    held: frozenset[str]


def viewer_of(user: User, at: datetime) -> Viewer:
    """This will give the viewer with the seats they hold at ``at``; one query."""
    rows = (
        Membership.objects.filter(
            Q(until=None) | Q(until__gt=at), user=user, since__lte=at, organisation__is_active=True
        )
        .select_related("organisation")
        .order_by("since", "id")
    )
    seats = tuple(Seat(m.organisation_id, m.organisation.name, m.organisation.kind, m.role) for m in rows)
    return Viewer(user.id, user.name, seats)


def home_of(person: UUID, at: datetime) -> UUID | None:
    """This will give the organisation whose data officer reads of a person's sign-ins: that of the first live seat.

    Under a ticket of that person, of any purpose; one query.
    """
    live = Membership.objects.filter(Q(until=None) | Q(until__gt=at), user_id=person, since__lte=at)
    return live.order_by("since", "id").values_list("organisation_id", flat=True).first()


def dossier_by_reference(viewer: Viewer, reference: str) -> Dossier | None:
    """This will give the dossier if the viewer may see that it exists."""
    return Dossier.objects.filter(reference=reference).first()


def hidden_dossier(reference: str) -> tuple[UUID, UUID] | None:
    """This will give (dossier, unit) of any reference, for the ledger entry of a refused attempt and nothing else."""
    # In a transaction, because that is what carries the ticket that the function asks for.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT dossier, unit FROM door.refused(%s)", [reference])
        row = cursor.fetchone()
    return (row[0], row[1]) if row and row[0] else None


def keys_of(dossier_ids: Iterable[UUID], section: str) -> dict[UUID, Key]:
    """This will open the keys of one section for several dossiers; one query. Erased and hidden ones are absent."""
    return {row.dossier_id: open_key(row) for row in wrapped_keys(dossier_ids, section)}


def wrapped_keys(dossier_ids: Iterable[UUID], section: str) -> QuerySet[DataKey]:
    """This will give the keys of one section as they are kept, for lists where one that was altered spoils no other."""
    return DataKey.objects.filter(dossier_id__in=list(dossier_ids), section=section, wrapped__isnull=False)


def every_key(dossier_id: UUID) -> dict[str, DataKey]:
    """This will give the keys of a dossier that are in reach, still wrapped, by section; one query."""
    return {row.section: row for row in DataKey.objects.filter(dossier_id=dossier_id, wrapped__isnull=False)}


def open_key(row: DataKey) -> Key:
    """This will open a wrapped key.

    :raises Unreadable: where it was altered, or its key-encryption key was retired.
    """
    return unwrap(row.id, row.kek_number, bytes(row.wrapped or b""))


def key_of(dossier_id: UUID, section: str) -> Key | None:
    """This will open the key of one section, or give None where it is out of reach or was destroyed."""
    return keys_of([dossier_id], section).get(dossier_id)


def reach_of(viewer: Viewer, dossier: Dossier, at: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """This will give the sections of a dossier that the viewer may (read, write): by rank or a live grant; one query.

    It spares useless questions and buttons; the database decides.
    """
    grants = _live_grants(viewer, at).filter(dossier=dossier).values_list("section", "writes")
    return _reached(viewer, dossier, list(grants))


def dossier_whole(viewer: Viewer, reference: str, at: datetime, *rows: str, **marks: Exists) -> Whole | None:
    """This will give a dossier with what its page is put together from, if the viewer may see that it exists.

    ``rows`` names what a dossier has once at most (``report__place``); what is out of reach is absent. ``marks``:
    attributes that say whether there is any of something. One query.
    """
    grants = _live_grants(viewer, at).filter(dossier_id=OuterRef("id"))
    found = (
        Dossier.objects.filter(reference=reference)
        .select_related(*rows)
        .annotate(
            **marks,
            live=ArraySubquery(grants.values(told=JSONArray("section", "writes"))),
            held=Func(
                "id",
                template="ARRAY(SELECT section FROM door.sections_held(%(expressions)s))",
                output_field=ArrayField(TextField()),
            ),
        )
        .first()
    )
    if found is None:
        return None
    reads, writes = _reached(viewer, found, [(section, bool(writes)) for section, writes in found.live])
    return Whole(found, reads, writes, frozenset(found.held))


def _live_grants(viewer: Viewer, at: datetime) -> QuerySet[Grant]:
    principals = {viewer.id, *(seat.organisation_id for seat in viewer.seats)}
    return Grant.objects.filter(principal_id__in=principals, until__gt=at, withdrawn_at=None)


def _reached(
    viewer: Viewer, dossier: Dossier, grants: list[tuple[str, bool]]
) -> tuple[frozenset[str], frozenset[str]]:
    ranks = [seat.role for seat in viewer.seats if seat.organisation_id == dossier.unit_id]
    held = {"r": {section for section, _w in grants}, "w": {section for section, writes in grants if writes}}

    def reached(mode: str) -> frozenset[str]:
        return frozenset(
            section
            for section in Section.values
            if any(allows(role, "unit", dossier.stage, section, mode) for role in ranks)
            or (
                section in held[mode]
                and any(allows(role, "grant", dossier.stage, section, mode) for role in viewer.roles)
            )
        )

    return reached("r"), reached("w")


def devices(viewer: Viewer) -> list[Session]:
    """This will give the browsers this person is signed in with, newest first."""
    return list(Session.objects.filter(user_id=viewer.id).defer("data").order_by("-signed_in_at"))


def open_proposals(viewer: Viewer) -> list[PowerProposal]:
    """This will give the proposals that wait for a second person, as far as the viewer may see them."""
    return list(
        PowerProposal.objects.filter(decision=Decision.OPEN)
        .select_related("user", "organisation", "proposed_by")
        .order_by("proposed_at")
    )


def administered(viewer: Viewer) -> list[UUID]:
    """This will give the organisations whose people and powers the viewer looks after, those below them included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(door.administered())")
        return [row[0] for row in cursor.fetchall()]


def accounts(viewer: Viewer) -> list[User]:
    """This will give the accounts with a role in an organisation the viewer looks after, and those that never had one:
    a new account is given its first role from this list; three queries and one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(door.newcomers())")
        newcomers = [row[0] for row in cursor.fetchall()]
    return list(
        User.objects.filter(Q(memberships__organisation_id__in=administered(viewer)) | Q(id__in=newcomers))
        .distinct()
        .prefetch_related("memberships__organisation")
        .order_by("name", "id")[:500]
    )


def with_second_factor() -> set[UUID]:
    """This will give the ids of people with a one-time code or a passkey; one query."""
    from allauth.mfa.models import Authenticator

    wanted = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(Authenticator.objects.filter(type__in=wanted).values_list("user_id", flat=True))


def erasure_requests(viewer: Viewer, most: int = 100) -> list[ErasureRequest]:
    """This will give the newest requests for erasure that the viewer may see, those that wait first; one query."""
    waiting = Case(When(decision=Decision.OPEN, then=0), default=1)
    found = ErasureRequest.objects.select_related("dossier", "asked_by", "decided_by")
    return list(found.order_by(waiting, "-asked_at", "-id")[:most])


def count_erased(viewer: Viewer) -> int:
    """This will count the erased dossiers in the units the viewer may ask about; figures go on counting them."""
    units = [seat.organisation_id for seat in viewer.seats if seat.role in ERASURE_ROLES]
    return Dossier.objects.filter(unit_id__in=units, erased_at__isnull=False).count()


def erasures_due() -> list[UUID]:
    """This will give the dossiers whose erasure was approved and not carried out, for the task that sees to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_erasures_due()")
        return [row[0] for row in cursor.fetchall()]


def staff_of(unit_id: UUID, roles: Iterable[str], at: datetime) -> list[tuple[User, str]]:
    """This will give the people who hold one of ``roles`` in a unit at ``at``, with the role, by name; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, role FROM door.colleagues(%s, %s)", [unit_id, list(roles)])
        seats = cursor.fetchall()
    people = User.objects.in_bulk([person for person, _role in seats])
    found = [(people[person], role) for person, role in seats if person in people]
    return sorted(found, key=lambda one: (one[0].name, one[1]))


def team_of(viewer: Viewer, dossier_id: UUID, at: datetime) -> list[tuple[User, str]]:
    """This will give who holds a live team grant of a dossier, with their roles there; as far as the viewer may see."""
    ids = (
        Grant.objects.filter(
            dossier_id=dossier_id,
            source=GrantSource.TEAM,
            section=Section.FILE,
            until__gt=at,
            withdrawn_at=None,
        )
        .order_by("given_at")
        .values_list("principal_id", flat=True)
    )
    people = User.objects.in_bulk(list(ids))
    return [(people[one], "") for one in ids if one in people]
