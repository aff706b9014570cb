"""What intake asks of people: a decision, an attempt to reach her. One query each, over what is open.

That a reporter is answered is a deadline, and the clocks ask for it.
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.intake import policies, queries
from ruangaman.intake.models import Report
from ruangaman.intake.policies.calling_back import CONTACT_SOURCE, SOON, said
from ruangaman.intake.policies.roster import ROSTER_READERS, ROSTER_SOURCE, ROSTER_WRITERS
from ruangaman.intake.policies.talks import WIPE_SOURCE
from ruangaman.intake.queries import roster as on_roster
from ruangaman.intake.queries.calling_back import waiting
from ruangaman.intake.queries.talks import unwiped
from ruangaman.intake.states import OutreachPlace

# By when another region's unit says whether it takes a report, and a queue was looked through. Source: policy/clocks.
TO_ANSWER = timedelta(days=3)


def decisions(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask where each report goes."""
    return [
        Duty(
            Kind.TRIAGE,
            _due(report),
            _("Putuskan triase"),
            report.dossier.reference,
            policies.FOLLOW_UP_SOURCE,
            reverse("intake:triage", args=[report.dossier.reference]),
        )
        for report in queries.untriaged(viewer, most)
    ]


def transfers(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask whether what another region's unit hands over is taken."""
    return [
        Duty(
            Kind.TRANSFER,
            one.sent_at if one.danger_now else one.sent_at + TO_ANSWER,
            _("Jawab rujukan dari %s") % one.unit.name,
            "",
            policies.FOLLOW_UP_SOURCE,
            reverse("intake:answer_transfer", args=[one.id]),
        )
        for one in queries.to_answer(viewer, most)
    ]


def flood(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask to look through the queue of a flood: once, however many wait in it."""
    waiting = queries.oldest_in_flood(viewer, most)
    if not waiting:
        return []
    count = f"{most - 1}+" if len(waiting) >= most else str(len(waiting))
    return [
        Duty(
            Kind.TRIAGE,
            min(one.received_at if one.danger_now else one.received_at + TO_ANSWER for one in waiting),
            _("Periksa antrean: %s laporan menunggu") % count,
            "",
            policies.FOLLOW_UP_SOURCE,
            reverse("intake:flood"),
        )
    ]


def plans(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask for a plan where she must be reached and no attempt stands: none yet, or the last failed."""
    return [
        Duty(
            Kind.OUTREACH,
            _due(report),
            _("Rencanakan penjangkauan"),
            report.dossier.reference,
            policies.OUTREACH_SOURCE,
            reverse("intake:plan_outreach", args=[report.dossier.reference]),
        )
        for report in queries.awaiting_outreach(viewer, most)
    ]


def outreach(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will remind of attempts that are planned, and ask for the result once they have begun."""
    return [
        Duty(
            Kind.OUTREACH,
            one.starts_at,
            _("Penjangkauan: %s") % OutreachPlace(one.place_kind).label,
            one.dossier.reference,
            policies.OUTREACH_SOURCE,
            reverse("intake:end_outreach", args=[one.id])
            if one.companion_id == viewer.id and one.starts_at <= at
            else page_of(one.dossier),
        )
        for one in queries.open_outreach(viewer, most)
    ]


def phones(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will remind who logged a message until nothing of it is left on the telephone."""
    return [
        Duty(
            Kind.SAFETY,
            written_at,
            _("Hapus pesan dari ponsel"),
            reference,
            WIPE_SOURCE,
            reverse("intake:unwiped"),
        )
        for _talk, reference, written_at in unwiped(viewer, most)
    ]


def call_backs(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask to call reporters back whose safe hours run now or begin within the hour."""
    return [
        Duty(
            Kind.CALL,
            max(window[0], one.call.not_before),
            _("Hubungi kembali, aman sampai %s") % said(one.safe, window[1]),
            one.call.dossier.reference,
            CONTACT_SOURCE,
            reverse("intake:call_back", args=[one.call.id]),
        )
        for one in waiting(viewer, at, most)
        if one.safe and (window := one.window(at)) and window[0] <= at + SOON
    ]


def roster(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who is on duty to take a report and to read a hand-over; who sets the roster, to close its gaps."""
    if not viewer.roles & ROSTER_READERS:
        return []
    leads = {seat.organisation_id for seat in viewer.seats if seat.role in ROSTER_WRITERS}
    rows = on_roster.waiting(viewer, leads, at, most)
    asked = [
        Duty(
            Kind.ROSTER,
            row.until,
            _("Terima laporan: Anda dipanggil") if row.what == "ring" else _("Baca serah terima piket"),
            row.reference,
            ROSTER_SOURCE,
            reverse(f"intake:{'take_ring' if row.what == 'ring' else 'handed_over'}", args=[row.row]),
        )
        for row in rows
        if row.what != "shift"
    ]
    return asked + [
        Duty(
            Kind.ROSTER,
            missing[0].starts_at,
            _("Isi jam tanpa piket dalam tujuh hari ke depan"),
            "",
            ROSTER_SOURCE,
            f"{reverse('intake:roster')}?unit={unit}&minggu={timezone.localdate(missing[0].starts_at)}",
        )
        for unit, missing in on_roster.uncovered(rows, at).items()
    ]


def _due(report: Report) -> datetime:
    """Where danger was told nothing waits; else the time in which a report is answered is the time to act on it too,
    because an answer alone is no handling. Source: flow.md 2.
    """
    answer_by: datetime | None = getattr(report, "answer_by", None)  # read along by intake.queries
    return report.received_at if report.danger_now else answer_by or report.received_at
