"""Reads of the duty roster: who is on duty, who was called, and what is handed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ruangaman.access.models import User
from ruangaman.access.queries import Viewer, staff_of
from ruangaman.access.states import Section
from ruangaman.intake.models import DutyRule, HandOver, Report, Ring, Shift
from ruangaman.intake.policies import roster as policies
from ruangaman.intake.policies.roster import Stretch, Turn
from ruangaman.intake.queries.reports import within
from ruangaman.intake.states import UNDECIDED, Triage
from ruangaman.intake.states.roster import Ringing
from ruangaman.kernel import keyring
from ruangaman.kernel.fields import open_under

MOST_NAMED, MOST_COUNTED = 20, 200
GAPS_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Open:
    """What a unit leaves open at a hand-over: how many, and the references of the oldest."""

    name: str
    count: int
    references: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.references)


def shifts(viewer: Viewer, unit_id: UUID, since: datetime, until: datetime) -> list[Shift]:
    """This will give the shifts of a unit that lie, even in part, between two moments; one query."""
    longest = (
        since - policies.LONGEST_TURN
    )  # so that the index begins near, and not with the first shift ever
    found = Shift.objects.filter(
        unit_id=unit_id, cancelled_at=None, starts_at__gte=longest, starts_at__lt=until, ends_at__gt=since
    )
    return list(found.select_related("person").order_by("starts_at", "-kind", "rank", "id"))


def shift_of(viewer: Viewer, shift_id: UUID) -> Shift | None:
    """This will give one shift that the viewer may see."""
    return Shift.objects.filter(id=shift_id).select_related("person").first()


def turns_there(viewer: Viewer, people: Iterable[UUID], since: datetime, until: datetime) -> list[Turn]:
    """This will give when people are on duty already between two moments; one query."""
    longest = since - policies.LONGEST_TURN
    found = Shift.objects.filter(
        person_id__in=list(people),
        cancelled_at=None,
        starts_at__gte=longest,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    return [
        Turn(person, Stretch(starts, ends))
        for person, starts, ends in found.values_list("person_id", "starts_at", "ends_at")
    ]


def may_be_on_duty(viewer: Viewer, unit_id: UUID, at: datetime) -> list[User]:
    """This will give who may be on duty in a unit, by name; two queries."""
    found = {
        person.id: person
        for person, _role in staff_of(unit_id, [r.value for r in policies.ON_DUTY_ROLES], at)
    }
    return list(found.values())


def may_take_over(viewer: Viewer, unit_id: UUID, at: datetime) -> list[User]:
    """This will give the colleagues to whom a hand-over may go, by name; two queries."""
    roles = sorted(role.value for role in policies.ROSTER_READERS)
    found = {person.id: person for person, _role in staff_of(unit_id, roles, at)}
    return [person for person in found.values() if person.id != viewer.id]


def next_on_duty(viewer: Viewer, unit_id: UUID, at: datetime) -> UUID | None:
    """This will give who begins the next shift, if it is somebody else; one query."""
    found = Shift.objects.filter(unit_id=unit_id, cancelled_at=None, starts_at__gt=at - timedelta(hours=1))
    later = found.exclude(person_id=viewer.id).order_by("starts_at", "-kind", "rank")
    return later.values_list("person_id", flat=True).first()


def minutes_of(viewer: Viewer, unit_id: UUID) -> tuple[int, int]:
    """This will give in how many minutes a call is taken in a unit: (where danger was told, else)."""
    found = DutyRule.objects.filter(unit_id=unit_id).values_list("danger_minutes", "minutes").first()
    return found or (policies.DANGER_MINUTES, policies.MINUTES)


def uncovered(shifts: Iterable[tuple[UUID, Stretch]], at: datetime) -> dict[UUID, list[Stretch]]:
    """This will give, for each unit of these shifts, the hours ahead that nobody covers; no query.

    A unit that keeps none is not asked to: there everybody is told of a report.
    """
    kept: dict[UUID, list[Stretch]] = {}
    for unit, hours in shifts:
        kept.setdefault(unit, []).append(hours)
    found = {unit: policies.gaps(covered, at, at + GAPS_AHEAD) for unit, covered in kept.items()}
    return {unit: missing for unit, missing in found.items() if missing}


def rings_of(viewer: Viewer, dossier_id: UUID) -> list[Ring]:
    """This will give who was called about a report, the first one first; one query."""
    return list(Ring.objects.filter(dossier_id=dossier_id).select_related("person").order_by("turn"))


def own_ring(viewer: Viewer, ring_id: UUID) -> Ring | None:
    """This will give a call that was made to the viewer, with its dossier."""
    return Ring.objects.filter(id=ring_id, person_id=viewer.id).select_related("dossier").first()


def left_open(viewer: Viewer, unit_id: UUID, at: datetime) -> list[Open]:
    """This will give what is open in a unit as far as the viewer reaches it: references and counts; four queries."""
    units = {unit: stages for unit, stages in viewer.units(Section.ADMINISTRATION).items() if unit == unit_id}
    if not units:
        return []
    mine = Report.objects.filter(within(units), dossier__erased_at=None)
    rung = Ring.objects.filter(unit_id=unit_id, state=Ringing.WAITS, dossier__erased_at=None)
    return [
        _open("unanswered", mine.filter(first_answered_at=None, triage__in=UNDECIDED), "received_at"),
        _open("untriaged", mine.filter(triage__in=UNDECIDED).exclude(first_answered_at=None), "received_at"),
        _open("ringing", rung, "answer_by"),
        _open("outreach", mine.filter(triage=Triage.OUTREACH, awaits_outreach=True), "triaged_at"),
    ]


def _open(name: str, found: QuerySet[Any], order: str) -> Open:
    rows = list(found.order_by(order).values_list("dossier__reference", flat=True)[: MOST_COUNTED + 1])
    return Open(name, len(rows), tuple(rows[:MOST_NAMED]))


def hand_overs(viewer: Viewer, unit_id: UUID, at: datetime) -> list[HandOver]:
    """This will give the hand-overs of the last thirty days, the newest first; one query."""
    found = HandOver.objects.filter(unit_id=unit_id, given_at__gt=at - policies.HAND_OVERS_SHOWN)
    return list(found.select_related("given_by", "to").defer("text").order_by("-given_at")[:200])


def hand_over(viewer: Viewer, wanted: UUID) -> HandOver | None:
    """This will give one hand-over that the viewer may see."""
    return HandOver.objects.filter(id=wanted).select_related("given_by", "to", "unit").first()


def words_of(row: HandOver) -> str:
    """This will open the words of a hand-over with its unit's own key.

    :raises Unreadable: where they were altered or moved.
    """
    return open_under(hand_over_key(row.unit_id), bytes(row.text or b""), place_of(row.id)).decode()


def hand_over_key(unit_id: UUID) -> bytes:
    """This will give the key under which a unit's hand-overs lie."""
    return keyring.current().derived(f"handover/{unit_id}")


def place_of(row_id: UUID) -> str:
    """This will say to which row the words of a hand-over are bound."""
    return f"intake_handover|{row_id}|text"
