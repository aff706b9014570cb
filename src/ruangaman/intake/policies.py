"""Rules of a report."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states import PublicStatus
from ruangaman.kernel.errors import Refused

DRAFT_LIFE = timedelta(
    minutes=30
)  # Source: security.md 13; issue "Intake": resumable for 30 minutes, then gone
# Until the clocks room computes it with holidays: regional service standards answer within 3 working days.
ANSWER_WITHIN_WORKING_DAYS = 3  # Source: flow.md, "Clocks the law starts" (complaint answered)
LONGEST_STORY = 20_000
LONGEST_MESSAGE = 5_000
SATURDAY = 5


def answer_by(received_at: datetime) -> datetime:
    """This will give the moment by which a report is to be answered: three working days on, weekends left out.

    Source: regional service standards, flow.md "Clocks the law starts".
    """
    due, left = received_at, ANSWER_WITHIN_WORKING_DAYS
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < SATURDAY
    return due


def check_can_write(status: str) -> None:
    """This will refuse a reporter's message to a report that is done.

    :raises Refused: saying how to reach the unit all the same. Source: policy/matrix.yaml, reporter.
    """
    if status == PublicStatus.DONE:
        raise Refused(
            _("Laporan ini sudah selesai. Untuk kejadian baru, buat laporan baru; dalam bahaya telepon 112.")
        )
