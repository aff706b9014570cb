"""What intake asks of people: a decision, an attempt to reach her, an answer. Over what is open, and in few queries.

That a reporter is answered is a deadline, and the clocks ask for it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.intake import policies, queries
from ruangaman.intake.models import Report
from ruangaman.intake.policies.calling_back import CONTACT_SOURCE, SOON, said
from ruangaman.intake.policies.roster import ROSTER_SOURCE, ROSTER_WRITERS, Stretch
from ruangaman.intake.policies.talks import WIPE_SOURCE
from ruangaman.intake.queries.asked import Asked, asked_of
from ruangaman.intake.queries.calling_back import waiting
from ruangaman.intake.queries.reports import Asks
from ruangaman.intake.queries.roster import uncovered
from ruangaman.intake.states import OutreachPlace

# By when another region's unit says whether it takes a report, and a queue was looked through. Source: policy/clocks.
TO_ANSWER = timedelta(days=3)


# What a report asks, on which ground, and where it is done.
TOLD = {
    Asks.DECISION: (Kind.TRIAGE, _("Putuskan triase"), policies.FOLLOW_UP_SOURCE, "intake:triage"),
    Asks.PLAN: (
        Kind.OUTREACH, _("Rencanakan penjangkauan"), policies.OUTREACH_SOURCE, "intake:plan_outreach",
    ),
}  # fmt: skip


def reports(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask where each report goes, for a plan where she must be reached and no attempt stands (none yet, or
    the last failed), and once to look through the queue of a flood; one query for all three.
    """
    found = [(Asks(getattr(one, "asks", "")), one) for one in queries.asking(viewer, most)]
    queue = [one for what, one in found if what == Asks.QUEUE]
    return [
        *(_about(one, *TOLD[what]) for what, one in found if what != Asks.QUEUE),
        *([_queue(queue, most)] if queue else []),
    ]


def _about(report: Report, kind: Kind, text: Any, basis: Any, page: str) -> Duty:
    reference = report.dossier.reference
    return Duty(kind, _due(report), text, reference, basis, reverse(page, args=[reference]))


def _queue(waiting: list[Report], most: int) -> Duty:
    count = f"{most - 1}+" if len(waiting) >= most else str(len(waiting))
    return Duty(
        Kind.TRIAGE,
        min(one.received_at if one.danger_now else one.received_at + TO_ANSWER for one in waiting),
        _("Periksa antrean: %s laporan menunggu") % count,
        "",
        policies.FOLLOW_UP_SOURCE,
        reverse("intake:flood"),
    )


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


def asked(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask who is on duty to take a report and to read a hand-over, who sets the roster to close its gaps, who
    logged a message to delete it on the telephone, and whoever takes reports to answer another region's unit; one query
    for all of them.
    """
    leads = {seat.organisation_id for seat in viewer.seats if seat.role in ROSTER_WRITERS}
    rows = asked_of(viewer, leads, at, most)
    shifts = [(row.row, Stretch(row.since, row.until or row.since)) for row in rows if row.what == "shift"]
    return [
        *(_asked(row) for row in rows if row.what != "shift"),
        *(_gaps(unit, missing[0]) for unit, missing in uncovered(shifts, at).items()),
    ]


def _asked(row: Asked) -> Duty:
    kind, text, basis, url = {
        "ring": (Kind.ROSTER, _("Terima laporan: Anda dipanggil"), ROSTER_SOURCE, "take_ring"),
        "hand_over": (Kind.ROSTER, _("Baca serah terima piket"), ROSTER_SOURCE, "handed_over"),
        "phone": (Kind.SAFETY, _("Hapus pesan dari ponsel"), WIPE_SOURCE, ""),
        "transfer": (
            Kind.TRANSFER, _("Jawab rujukan dari %s") % row.unit, policies.FOLLOW_UP_SOURCE, "answer_transfer",
        ),
    }[row.what]  # fmt: skip
    return Duty(
        kind,
        row.until or row.since + TO_ANSWER,
        text,
        row.reference,
        basis,
        reverse(f"intake:{url}", args=[row.row]) if url else reverse("intake:unwiped"),
    )


def _gaps(unit: UUID, first: Stretch) -> Duty:
    return Duty(
        Kind.ROSTER,
        first.starts_at,
        _("Isi jam tanpa piket dalam tujuh hari ke depan"),
        "",
        ROSTER_SOURCE,
        f"{reverse('intake:roster')}?unit={unit}&minggu={timezone.localdate(first.starts_at)}",
    )


def _due(report: Report) -> datetime:
    """Where danger was told nothing waits; else the time in which a report is answered is the time to act on it too,
    because an answer alone is no handling. Source: flow.md 2.
    """
    answer_by: datetime | None = getattr(report, "answer_by", None)  # read along by intake.queries
    return report.received_at if report.danger_now else answer_by or report.received_at
