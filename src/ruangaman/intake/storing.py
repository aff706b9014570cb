"""What is over: files of drafts, their pieces first, so that none is left without its row; receipts of applications;
what one shift told the next.
"""

from datetime import datetime, timedelta

from django.db import connection

from ruangaman.intake.models import DraftFile
from ruangaman.kernel import dictionary
from ruangaman.papers import storing


def forget_files() -> int:
    """This will delete the files of drafts that have expired, pieces first; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT file FROM door.job_draft_files()")
        over = [row[0] for row in cursor.fetchall()]
    for file in over:
        storing.forget(file)
    DraftFile.objects.filter(id__in=over).delete()
    return len(over)


def forget_hand_overs(at: datetime) -> int:
    """This will delete what shifts told the next once its time is over, read or not; gives how many.

    Source: policy/data.yaml, retention ``hand_over``.
    """
    before = at - timedelta(minutes=dictionary.codes()["retention"]["hand_over"]["minutes"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_forget_hand_overs(%s)", [before])
        return int(cursor.fetchone()[0])


def forget_receipts() -> int:
    """This will delete the codes of reports that applications handed over more than a day ago; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.job_forget_receipts()")
        return int(cursor.fetchone()[0])
