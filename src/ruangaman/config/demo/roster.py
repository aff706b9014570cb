"""Two weeks of the duty roster around now, a hand-over that waits to be read, one call taken and one waiting."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from ruangaman.config.demo.arrival import LOCAL, Staff
from ruangaman.intake.actions import roster as actions
from ruangaman.intake.models import Report
from ruangaman.intake.policies.roster import turns
from ruangaman.intake.sending import ring
from ruangaman.intake.states import Triage
from ruangaman.intake.states.roster import ShiftKind
from ruangaman.kernel import clock, tickets
from ruangaman.kernel.ids import new_id

DAYS = 14
DAY, NIGHT = (time(7), time(19)), (time(19), time(7))
CALLED, TAKEN = timedelta(minutes=25), timedelta(minutes=20)  # ago


def keep_roster(staff: Staff) -> None:
    """This will set the roster and what it called for. The officer sits by day, the supervisor is on call by night;
    nobody has the last night, so that a gap shows.
    """
    unit = staff.organisations["unit"].id
    first = (staff.at - timedelta(days=1)).astimezone(LOCAL).date()
    _set(staff, unit, "petugas", DAY, ShiftKind.DESK, first, first + timedelta(days=DAYS))
    _set(staff, unit, "penyelia", NIGHT, ShiftKind.ON_CALL, first, first + timedelta(days=DAYS - 1))
    _hand_over(staff, unit)
    waiting = Report.objects.filter(unit_id=unit, first_answered_at=None, triage=Triage.RECEIVED)
    found = list(waiting.order_by("-received_at", "id").values_list("dossier_id", flat=True)[:2])
    for place, dossier in enumerate(found):
        _call(staff, dossier, is_taken=place == 0)


def _set(
    staff: Staff, unit: UUID, name: str, hours: tuple[time, time], kind: ShiftKind, first: date, last: date
) -> None:
    with staff.acting("kepala") as head:
        actions.set_shifts(
            viewer=head,
            unit_id=unit,
            turns=turns(
                people=[staff[name].id], first=first, last=last, weekdays=range(7), hours=[hours], zone=LOCAL
            ),
            kind=kind,
            rank=1,
            at=staff.at,
        )


def _hand_over(staff: Staff, unit: UUID) -> None:
    with staff.acting("penyelia") as supervisor:
        actions.hand_over(
            viewer=supervisor,
            unit_id=unit,
            hand_over_id=new_id(),
            to=staff["petugas"].id,
            text="Malam tenang. Dua laporan menunggu jawaban; nomornya di daftar yang masih terbuka.",
            at=staff.at - timedelta(hours=1),
        )


def _call(staff: Staff, dossier: UUID, *, is_taken: bool) -> None:
    at: datetime = staff.at - CALLED if is_taken else staff.at
    with tickets.carry(tickets.sign(purpose="job_announcement", scope=dossier, at=clock.now())):
        called = ring(dossier=dossier, at=at)
    names = {user.id: name for name, user in staff.users.items()}
    if is_taken and called.ring and called.person:
        with staff.acting(names[called.person]) as viewer:
            actions.take_ring(viewer=viewer, ring_id=called.ring, at=staff.at - TAKEN)
