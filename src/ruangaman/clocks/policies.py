"""Rules of deadlines: when a clock runs out, when somebody is told, what may be done with it. Source: flow.md, "Clocks
the law starts"; care.md 8 and 9.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.clocks.models import Definition
from ruangaman.clocks.states import Answer, DayOff, Event, Measure, Moment, Ruling
from ruangaman.kernel.errors import Refused
from ruangaman.notices.states import Kind

SATURDAY = 5
DAY = timedelta(days=1)
# A day is over when the next begins. The last moment of the day itself is shown to people, and read rightly by them.
INSTANT = timedelta(microseconds=1)
# Of these the latest that has passed is told: a reminder before a deadline that is over helps nobody.
IN_ORDER = (Moment.BEFORE, Moment.DUE, Moment.AFTER)

# From when until when a clock stood still.
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which a unit does not work beside weekends, and days on which it works after all."""

    days_off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """This will say whether a day is a working day: Monday to Friday and not off, or a replacement for one."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.days_off)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision about a duty rests on. Source: care.md 9."""

    on_complaint: Answer
    child: Answer
    disability: Answer
    she_agrees: Answer
    danger: Answer


def due(
    measure: str,
    amount: int,
    since: datetime,
    zone: str,
    calendar: Calendar,
    pauses: Iterable[Stretch] = (),
    given: datetime | None = None,
) -> datetime:
    """This will give the moment at which a clock that began at ``since`` runs out.

    Hours run on the clock, without the time of pauses. Days end with the last instant of the last counted local day;
    the day on which it began is not counted, nor a day on which the clock stood still at any moment.

    :raises ValueError: where the deadline is to be given and was not.
    """
    if measure == Measure.GIVEN:
        if given is None:
            raise ValueError("A deadline that is given was not given.")
        return given
    local = ZoneInfo(zone)
    begun = since.astimezone(local).date()
    if measure == Measure.HALF_YEAR_END:
        # Source: Pergub Jabar 63/2014 Pasal 5 ayat (5): by the end of June and of December.
        return _end_of(date(begun.year, 6, 30) if begun.month <= 6 else date(begun.year, 12, 31), local)
    stood = _merged(pauses)
    if measure == Measure.HOURS:
        return _after_hours(since, timedelta(hours=amount), stood)
    still = _still_days(stood, local)
    day, left, next_stretch = begun, amount, 0
    while left:
        day += DAY
        while next_stretch < len(still) and still[next_stretch][1] < day:
            next_stretch += 1
        if next_stretch < len(still) and still[next_stretch][0] <= day:
            day = still[next_stretch][1]  # none of its days counts, so years are passed over in one step
        else:
            left -= measure == Measure.DAYS or calendar.works_on(day)
    return _end_of(day, local)


def day_of(day: date, zone: ZoneInfo) -> datetime:
    """This will give the first moment of a local day."""
    return datetime.combine(day, time.min, zone)


def _merged(pauses: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, without those of no length, those that touch made one."""
    merged: list[Stretch] = []
    for begun, over in sorted(one for one in pauses if one[0] < one[1]):
        if merged and begun <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], over))
        else:
            merged.append((begun, over))
    return merged


def _after_hours(since: datetime, length: timedelta, stood: list[Stretch]) -> datetime:
    end = since + length
    for begun, over in stood:
        stopped = max(begun, since)
        if stopped < min(over, end):
            end += over - stopped
    return end


def _still_days(stood: list[Stretch], local: ZoneInfo) -> list[tuple[date, date]]:
    """The first and the last local day of each stretch; one that ends at midnight does not touch the day after."""
    return [
        (begun.astimezone(local).date(), (over - INSTANT).astimezone(local).date()) for begun, over in stood
    ]


def _end_of(day: date, local: ZoneInfo) -> datetime:
    return datetime.combine(day, time.max, local).astimezone(ZoneInfo("UTC"))


def half_year(at: datetime, zone: str) -> str:
    """This will give the code of the half-year that a moment lies in, by local time: ``2026-1``."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def firings(definition: Definition, *, started_at: datetime, due_at: datetime) -> dict[Moment, datetime]:
    """This will give when somebody is told, by moment; a reminder that would come before the start is none."""
    found = {Moment.DUE: due_at}
    if definition.before_hours is not None:
        before = due_at - timedelta(hours=definition.before_hours)
        if before > started_at:
            found[Moment.BEFORE] = before
    if definition.after_hours is not None:
        found[Moment.AFTER] = due_at + timedelta(hours=definition.after_hours)
    if definition.escalate_hours is not None:
        found[Moment.ESCALATED] = due_at + timedelta(hours=definition.escalate_hours)
    return found


def next_firing(planned: dict[Moment, datetime], fired: Iterable[str]) -> datetime | None:
    """This will give when somebody is told next, or None where all was told."""
    done = set(fired)
    return min((when for moment, when in planned.items() if moment not in done), default=None)


def passed(planned: dict[Moment, datetime], fired: Iterable[str], at: datetime) -> list[Moment]:
    """This will give the moments that have passed and were not marked yet, in the order of their time."""
    done = set(fired)
    return sorted(
        (moment for moment, when in planned.items() if when <= at and moment not in done),
        key=lambda moment: (planned[moment], list(Moment).index(moment)),
    )


def worth_telling(moments: Sequence[Moment]) -> list[Moment]:
    """This will give those of the passed moments that are told: the latest of before, due and after, and escalation."""
    latest = [moment for moment in IN_ORDER if moment in moments][-1:]
    return [*latest, *(moment for moment in moments if moment == Moment.ESCALATED)]


def notice_kind(definition: Definition, moment: Moment) -> Kind:
    """This will give what a notice of a deadline is called; what is urgent is told at any hour of the night."""
    if definition.urgent:
        return {Event.WENT_OUT: Kind.NOT_BACK, Event.DANGER_TOLD: Kind.DANGER}.get(
            Event(definition.starts_on), Kind.CLOCK_URGENT
        )
    if moment == Moment.ESCALATED:
        return Kind.ESCALATED
    if definition.starts_on == Event.APPOINTMENT_MADE and moment != Moment.AFTER:
        return Kind.APPOINTMENT
    return {
        Moment.BEFORE: Kind.CLOCK_SOON,
        Moment.DUE: Kind.CLOCK_DUE,
        Moment.AFTER: Kind.CLOCK_LATE,
    }[moment]


def check_can_pause(definition: Definition, *, is_running: bool, is_paused: bool) -> None:
    """This will refuse to let a clock stand still that the law does not let stand still.

    :raises Refused: with the reason.
    """
    check_is_running(is_running=is_running)
    if is_paused:
        raise Refused(_("Tenggat ini sudah berhenti sementara. Muat ulang halamannya."))
    if not definition.may_pause:
        raise Refused(_("Tenggat ini tidak bisa dihentikan sementara: aturannya tidak mengenal jeda."))


def check_can_resume(*, is_running: bool, is_paused: bool) -> None:
    """This will refuse to let a clock go on that does not stand still.

    :raises Refused: with the reason.
    """
    check_is_running(is_running=is_running)
    if not is_paused:
        raise Refused(_("Tenggat ini sudah berjalan lagi. Muat ulang halamannya."))


def check_can_end(definition: Definition, *, is_running: bool, note: str) -> None:
    """This will refuse to end a clock by hand without a reason, or in place of a decision that must be recorded.

    :raises Refused: with what to do instead. Source: care.md 9.
    """
    check_is_running(is_running=is_running)
    if definition.needs_decision:
        raise Refused(_("Tenggat ini berakhir dengan keputusan yang dicatat. Pilih “Catat keputusan”."))
    if not note.strip():
        raise Refused(_("Tulis mengapa tenggat ini tidak berlaku lagi."))


def check_is_running(*, is_running: bool) -> None:
    """This will refuse to change a clock that has ended.

    :raises Refused: saying so.
    """
    if not is_running:
        raise Refused(_("Tenggat ini sudah berakhir. Muat ulang halamannya."))


def check_can_rule(
    definition: Definition, facts: Facts, *, is_running: bool, ruling: str, reason: str
) -> None:
    """This will refuse a decision about a duty that goes against her word, or rests on nothing.

    For an offence on complaint her no is the outcome, and before that is known nobody may go against it.

    :raises Refused: with what to settle first. Source: care.md 9; UU 12/2022 Pasal 41.
    """
    check_is_running(is_running=is_running)
    if not definition.needs_decision:
        raise Refused(_("Tenggat ini tidak meminta keputusan."))
    if not reason.strip():
        raise Refused(_("Tulis alasan keputusan ini."))
    if facts.she_agrees == Answer.NO and facts.on_complaint == Answer.YES and ruling != Ruling.RESPECT:
        raise Refused(
            _("Ini delik aduan dan ia tidak setuju: keputusannya yang berlaku. Pilih “Tidak dilaporkan”.")
        )
    if ruling == Ruling.REPORT and facts.she_agrees != Answer.YES:
        raise Refused(
            _(
                "Anda memilih “dengan persetujuannya”, tetapi persetujuannya belum ada. Tanyakan kepadanya dulu."
            )
        )
    if ruling == Ruling.REPORT_AGAINST and facts.she_agrees == Answer.YES:
        raise Refused(_("Ia setuju. Pilih “Dilaporkan, dengan persetujuannya”."))
    if ruling == Ruling.REPORT_AGAINST and facts.on_complaint != Answer.NO:
        raise Refused(
            _("Pastikan dulu apakah ini delik aduan: untuk delik aduan, keputusannya yang berlaku.")
        )
    if ruling == Ruling.RESPECT and facts.she_agrees != Answer.NO:
        raise Refused(
            _("Anda memilih tidak melaporkan, tetapi ia belum menolak. Tanyakan keinginannya dulu.")
        )


# Who writes the law of a region: for the own organisation. The database asks for the same roles.
DRAFTERS = frozenset({Role.LAWYER, Role.HEAD})
# Who looks after the duties of a unit itself.
WATCHERS = frozenset({Role.HEAD, Role.SUPERVISOR, Role.DATA_OFFICER, Role.LAWYER})


def check_can_define(
    *,
    roles: frozenset[str],
    known: bool,
    measure: str,
    old_measure: str,
    amount: int,
    article: str,
    from_on: date,
    today: date,
) -> None:
    """This will refuse a new version of a deadline that nobody could rely on.

    :raises Refused: with what is missing.
    """
    if not DRAFTERS & roles:
        raise Refused(_("Hanya pendamping hukum atau kepala lembaga yang menulis aturan tenggat."))
    if not known:
        raise Refused(_("Tenggat ini tidak dikenal."))
    if from_on < today:
        raise Refused(_("Aturan berlaku mulai hari ini atau sesudahnya: yang sudah lewat tidak diubah."))
    if not article.strip():
        raise Refused(_("Tulis pasal atau dasar hukumnya."))
    given = {Measure.GIVEN, Measure.HALF_YEAR_END}
    if measure != old_measure and {measure, old_measure} & given:
        raise Refused(_("Cara menghitung tenggat ini tidak bisa diganti: saatnya ditetapkan per berkas."))
    if measure not in given and amount < 1:
        raise Refused(_("Lamanya paling sedikit 1."))


def check_can_set_day(*, roles: frozenset[str], kind: str, name: str, source: str) -> None:
    """This will refuse a day of the calendar that is not an organisation's to set, or says nothing of its ground.

    :raises Refused: with what is missing.
    """
    if not DRAFTERS & roles:
        raise Refused(_("Hanya pendamping hukum atau kepala lembaga yang mengubah kalender kerja."))
    if kind not in (DayOff.REGIONAL, DayOff.WORKED):
        raise Refused(_("Di sini hanya libur daerah atau hari kerja pengganti yang bisa dicatat."))
    if not name.strip() or not source.strip():
        raise Refused(_("Tulis nama harinya dan dasar aturannya."))


def check_can_begin_of_unit(*, roles: frozenset[str], found_at: datetime, at: datetime) -> None:
    """This will refuse to start a deadline of a unit by who does not look after it, or from a moment still to come.

    :raises Refused: with the reason.
    """
    if not WATCHERS & roles:
        raise Refused(
            _("Tenggat unit dicatat oleh kepala unit, penyelia, pengawas data, atau pendamping hukum.")
        )
    if found_at > at:
        raise Refused(_("Saat diketahui tidak bisa di masa depan."))
