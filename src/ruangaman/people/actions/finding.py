"""What finds somebody again: blind tokens; a look-up with its trace; and matches that only one officer learns of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ruangaman.access.models import Dossier, Organisation
from ruangaman.access.queries import Viewer, every_key, staff_of
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.kernel import limits
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.tokens import about, asked_about, of_number, tokens, whole
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.notices.actions import tell
from ruangaman.notices.states import Kind
from ruangaman.people import policies
from ruangaman.people.firing import PROBE_WAITS
from ruangaman.people.models import Match, NameToken, Part, Person, Probe
from ruangaman.people.policies.likenesses import LOOKS, Wanted, agreeing, check_can_look_up
from ruangaman.people.queries.finding import VILLAGE_CODE, find, opened, token_key
from ruangaman.people.states import PartStatus, PersonRole

# More look-ups than this in an hour are not stopped: somebody may be in danger. A supervisor is told at once.
MOST_LOOK_UPS, IN_SECONDS = 20, 3600
MOST_SHOWN = 10


# --- tokens -----------------------------------------------------------------------------------------------------------


def keep_tokens(
    *, dossier: Dossier, person: Person, name: str, born_on: date | None, nik: str, at: datetime
) -> None:
    """This will keep the tokens by which somebody is found; what was kept before stays, and finds them as well."""
    key = token_key(dossier.unit_id)
    years, numbers = [born_on.year] if born_on else [], [nik] if nik else []
    kept = tokens(name, key) | about(name, key, birth_years=years, numbers=numbers)
    _keep(dossier, person, {*kept, *(of_number(number, key) for number in numbers)}, at)
    _match_if_reported(dossier, person, Wanted(name, born_on.year if born_on else None, nik=nik))


def keep_area_tokens(
    *, dossier: Dossier, person: Person, name: str, area_codes: Sequence[str], at: datetime
) -> None:
    """This will keep the tokens of a name together with where somebody lives.

    ``area_codes``: from the kabupaten or kota down to the finest that is known; the first and the last count.
    """
    ends = list(dict.fromkeys([*area_codes[:1], *area_codes[-1:]]))
    _keep(dossier, person, about(name, token_key(dossier.unit_id), areas=ends), at)
    if ends:
        _match_if_reported(dossier, person, Wanted(name, area=ends[-1]))


def _keep(dossier: Dossier, person: Person, wanted: Iterable[bytes], at: datetime) -> None:
    there = {
        bytes(token) for token in NameToken.objects.filter(person=person).values_list("token", flat=True)
    }
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
        for token in sorted(set(wanted) - there)
    )


# --- looking for somebody ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look-up shows of a client of a file that the viewer reaches: no name."""

    person_id: UUID
    dossier: Dossier
    initials: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The answer to a look-up. ``elsewhere``: units that know somebody alike; ``often``: that a supervisor was told."""

    probe_id: UUID
    found: list[Seen]
    more: bool
    elsewhere: list[Organisation]
    often: bool


@transaction.atomic
def look_up(*, viewer: Viewer, unit_id: UUID, wanted: Wanted, at: datetime) -> LookedUp:
    """This will look for a client by two identifiers, leave a trace, and tell no more than it must.

    Own files: those in which both identifiers agree. Other units: only which ones to call. A reported person is never
    shown; nor is anything of a file that the viewer can't open.

    :raises Refused: for fewer than two kinds of identifier, or a unit in which the viewer has no such role.
        Source: care.md 18.
    """
    check_can_look_up(wanted)
    if not LOOKS & viewer.roles_in(unit_id):
        raise Refused(_("Pencarian orang hanya untuk petugas unit layanan. Pilih unit tempat Anda bertugas."))
    found, more = find(
        viewer, wanted.name, born_year=wanted.born_year, area=wanted.area, nik=wanted.nik, most=100
    )
    shown = _clients([(one.person_id, one.name, one.why) for one in found if agreeing(one.why) >= 2])
    units = list(
        Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True)
        .exclude(id=unit_id)
        .order_by("name")
    )
    probe, elsewhere = _ask_elsewhere(unit_id, wanted, units)
    record(
        Verb.LOOKED_UP, at=at, by=viewer.id, unit=unit_id,
        objects=[probe, *(one.person_id for one in shown)], fields=wanted.kinds(),
    )  # fmt: skip
    often = _too_often(viewer, unit_id, at)
    return LookedUp(probe, shown, more, [unit for unit in units if unit.id in elsewhere], often)


@transaction.atomic
def note_question(*, unit_id: UUID, wanted: Wanted) -> UUID:
    """This will leave the trace of a look-up in the own files, which asks no other unit; the entry is the caller's.

    :raises Refused: for fewer than two kinds of identifier. Source: care.md 18.
    """
    check_can_look_up(wanted)
    return _ask_elsewhere(unit_id, wanted, [])[0]


def _clients(found: list[tuple[UUID, str, tuple[str, ...]]]) -> list[Seen]:
    """Of those found, the clients, in the order in which they were found; one query."""
    ids = [person for person, _name, _why in found]
    live = Part.objects.filter(person_id__in=ids, role=PersonRole.CLIENT, status=PartStatus.ACTIVE)
    dossiers = {part.person_id: part.dossier for part in live.select_related("dossier")} if ids else {}
    return [
        Seen(person, dossiers[person], policies.initials(name), why)
        for person, name, why in found
        if person in dossiers
    ][:MOST_SHOWN]


def _ask_elsewhere(unit_id: UUID, wanted: Wanted, units: list[Organisation]) -> tuple[UUID, set[UUID]]:
    """The trace that the database leaves, and the units that know a client by the name and another fact together."""
    asking = [(unit.id, token) for unit in units for token in _sharp(wanted, token_key(unit.id))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT probe, elsewhere FROM door.look_up(%s, to_jsonb(%s::text[]), %s::uuid[], %s::bytea[])",
            [unit_id, wanted.kinds(), [unit for unit, _t in asking], [token for _u, token in asking]],
        )
        probe, elsewhere = cursor.fetchone()
    return probe, set(elsewhere)


def _sharp(wanted: Wanted, key: bytes) -> list[bytes]:
    """Tokens of the whole name and its pairs with another fact: nothing that a name alone would meet.

    Birth years one apart are asked too. Of areas only a kelurahan: in a whole kota too many share a name.
    """
    years = range(wanted.born_year - 1, wanted.born_year + 2) if wanted.born_year is not None else ()
    areas = [wanted.area] if len(wanted.area) == VILLAGE_CODE else []
    numbers = [wanted.nik] if wanted.nik else []
    return asked_about(wanted.name, key, birth_years=years, areas=areas, numbers=numbers)[0]


def _too_often(viewer: Viewer, unit_id: UUID, at: datetime) -> bool:
    if limits.allow("look_up", str(viewer.id), most=MOST_LOOK_UPS, seconds=IN_SECONDS):
        return False
    watchers = staff_of(unit_id, [Role.SUPERVISOR, Role.DATA_OFFICER, Role.HEAD], at)
    people = {user.id for user, _role in watchers} - {viewer.id}
    tell(people=people, kind=Kind.PROBE, cause=f"look_ups:{viewer.id}:{at:%Y%m%d%H}", at=at)
    return True


@transaction.atomic
def settle_probes(*, by: UUID, dossier: Dossier, at: datetime, probe_id: UUID | None = None) -> int:
    """This will say that a report came of somebody's look-ups of the last day, or of one of them; gives how many.

    Only the own ones, and only with a file in one's reach; the database sees to it.
    """
    waiting = Probe.objects.filter(asked_by_id=by, settled_at=None, asked_at__gt=at - PROBE_WAITS)
    if probe_id is not None:
        waiting = Probe.objects.filter(asked_by_id=by, settled_at=None, id=probe_id)
    probes = list(waiting.values_list("id", flat=True))
    if probes:
        Probe.objects.filter(id__in=probes).update(dossier_id=dossier.id, settled_at=at)
        record(Verb.PROBE_SETTLED, at=at, by=by, unit=dossier.unit_id, dossier=dossier.id, objects=probes)
    return len(probes)


# --- hidden matches ---------------------------------------------------------------------------------------------------


@transaction.atomic
def note_matches(*, by: UUID, dossier: Dossier, person: Person, at: datetime) -> None:
    """This will have the database note whether a reported person was reported before, for one officer of each unit.

    Whoever writes it down is told nothing, and the same statements run whether there is a match or not.
    Source: care.md 18; security.md, "Hidden matches".
    """
    row = every_key(dossier.id).get(person.section)
    name = opened(person, "name", row) if row else None
    if row and name:
        born = opened(person, "born_on", row)
        year = date.fromisoformat(born).year if born else None
        _note(person, Wanted(name, year, nik=opened(person, "nik", row) or ""))


def _match_if_reported(dossier: Dossier, person: Person, wanted: Wanted) -> None:
    live = Part.objects.filter(person=person, role=PersonRole.REPORTED, status=PartStatus.ACTIVE)
    if live.exists():
        _note(person, wanted)


def _note(person: Person, wanted: Wanted) -> None:
    """With another fact besides the name: in all units. By a name alone: in the own unit, and only a rare one."""
    asking: list[tuple[UUID, bytes, bool]] = []
    units = Organisation.objects.filter(kind=OrganisationKind.UNIT, is_active=True).values_list(
        "id", flat=True
    )
    for unit in units:
        key = token_key(unit)
        alone = whole(wanted.name, key)
        if alone:
            asking += [(unit, token, False) for token in _sharp(wanted, key)]
        if wanted.nik:
            asking.append((unit, of_number(wanted.nik, key), False))
        if unit == person.unit_id:
            asking += [(unit, token, True) for token in alone]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.note_matches(%s, %s::uuid[], %s::bytea[], %s::boolean[])",
            [person.id, *([one[column] for one in asking] for column in range(3))],
        )


@transaction.atomic
def handle_match(*, viewer: Viewer, match: Match, at: datetime) -> None:
    """This will say that the one officer has dealt with a match.

    :raises Refused: where it was done already.
    """
    if not Match.objects.filter(id=match.id, handled_at=None).update(handled_at=at):
        raise Refused(_("Kecocokan ini sudah ditandai sebagai ditangani."))
    record(
        Verb.MATCH_HANDLED,
        at=at,
        by=viewer.id,
        unit=match.unit_id,
        dossier=match.dossier_id,
        objects=[match.id],
    )
