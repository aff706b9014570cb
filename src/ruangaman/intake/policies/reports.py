"""Rules of a report and of its thread."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ruangaman.intake.states import (
    PublicStatus,
    ReporterKind,
)
from ruangaman.kernel.errors import Refused

DRAFT_LIFE = timedelta(
    minutes=30
)  # Source: security.md 13; issue "Intake": resumable for 30 minutes, then gone


LONGEST_STORY = 20_000


LONGEST_MESSAGE = 5_000


LONGEST_NOTE = 4_000


def check_has_story(story: str) -> None:
    """This will refuse a report that tells nothing.

    :raises Refused: asking for a few words.
    """
    if not story.strip():
        raise Refused(_("Tulis dulu apa yang terjadi."))


def check_can_write(status: str) -> None:
    """This will refuse a reporter's message to a report that is done.

    :raises Refused: saying how to reach the unit all the same. Source: policy/matrix.yaml, reporter.
    """
    if status == PublicStatus.DONE:
        raise Refused(
            _("Laporan ini sudah selesai. Untuk kejadian baru, buat laporan baru; dalam bahaya telepon 112.")
        )


def is_from_victim(reporter_kind: str) -> bool:
    """This will say whether the victim herself reported; somebody who did not say who they are counts as not her."""
    return reporter_kind == ReporterKind.VICTIM
